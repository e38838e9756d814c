"""`python -m tests.foreign`: see the docstring of the package."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from decimal import Decimal
from pathlib import Path

import tests.foreign
from tests.foreign.holding import Held, hold
from tests.foreign.writers import drawn, write_all, writer_of
from tests.hosts.libreoffice import Office
from xlperf.package import CellKind, Workbook, ref_text


def main() -> int:
    options = _options()
    with nullcontext(options.keep) if options.keep else tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        return _run(folder, options.count, options.seed)


def _run(folder: Path, count: int, seed: int) -> int:
    office = Office(Path(tempfile.mkdtemp(dir=folder)))
    books = [drawn(number, seed) for number in range(count)]
    paths = write_all(books, folder, office)
    start = time.monotonic()
    held: list[Held] = []
    whole: Counter[str] = Counter()
    for book, path in zip(books, paths, strict=True):
        one = hold(path)
        held.append(one)
        whole[writer_of(book)] += not one.faults
        for fault in one.faults:
            print(f"{path.name} ({writer_of(book)}, {' '.join(sorted(book.extras))}): {fault}", flush=True)
    print(f"{time.monotonic() - start:.1f} s, seed {seed}: {sum(whole.values())} of {count} hold; {dict(whole)}")
    print(f"{sum(each.findings for each in held)} findings marked, {sum(each.filled for each in held)} cells filled")
    opened = reopened(paths, held, folder, office)
    print(f"LibreOffice opens {2 * count - len(opened)} of {2 * count} and calculates the same")
    for told in opened:
        print(f"  {told}")
    return 1 if opened or sum(whole.values()) < count else 0


def reopened(paths: list[Path], held: list[Held], folder: Path, office: Office) -> list[str]:
    """Which of the marked and filled copies show another value after LibreOffice calculated them anew."""
    ours = []
    for path, one in zip(paths, held, strict=True):
        for suffix, blob in (("审核", one.marked_copy), ("已填", one.filled_copy)):
            ours.append(folder / f"{path.stem}_{suffix}.xlsx")
            ours[-1].write_bytes(blob)
    theirs = office.convert(ours, "xlsx:Calc MS Excel 2007 XML", folder / "reopened")
    return [told for pair in zip(ours, theirs, strict=True) if (told := _difference(*pair))]


def _difference(one: Path, other: Path) -> str:
    before, after = Workbook.open(one), Workbook.open(other)
    for sheet in before.sheets:
        found = after.cells(sheet)
        for ref, cell in before.cells(sheet).items():
            if cell.formula is None or cell.kind is not CellKind.NUMBER:
                continue
            there = found.get(ref)
            number = Decimal(there.text) if there is not None and there.kind is CellKind.NUMBER else None
            if number is None or abs(number - Decimal(cell.text)) > Decimal("1e-9"):
                return f"{one.name} {sheet}!{ref_text(ref)}: {cell} became {there}"
    return ""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.foreign",
        description=tests.foreign.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=14)
    parser.add_argument("--keep", type=Path, help="leave the workbooks in this folder")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
