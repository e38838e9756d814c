"""`python -m tests.hosts.differential`: random forms in LibreOffice Calc, more of them than the tests have time for.

The Python value of a derived cell is what its native formula and its PERF_ function show, 勾稽关系 says what the rules
say, and 首页 counts what is blank and what does not agree. Exit 1 where they differ.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.control_rows import SHEET, disagreements, rows_of
from tests.hosts.libreoffice import Office
from tests.random_forms import Values, random_forms, workbook_of
from xlperf.amounts import to_decimal
from xlperf.audit.run import audit
from xlperf.derive.engine import compute, steps_of
from xlperf.form.forms import load_template
from xlperf.form.record import Record
from xlperf.form.template import INDICATORS, Template
from xlperf.package import CellKind, Ref, Workbook, ref_text
from xlperf.package.calculation import Calculation
from xlperf.tieout.home import PROGRESS, required_keys
from xlperf.tieout.pieces import ASKS, BLANK, FAILS, UNDECIDABLE
from xlperf.udf.formulas import perf_formulas
from xlperf.workbook.actions import FillAs, Form, Formulas, fill, open_form
from xlperf.workbook.results import counters, offered_cells

HOME = "首页"
STALE = Decimal(-987654321)
FORMS = ("department_overall", "project_spending", "goals", "goals_shanghai", "monitoring")
Lines = dict[str, list[list[Any]]]  # what Calc shows on each sheet
ROUNDS_LAST = re.compile(r"""(?<=,)([0-9])(\)\)|\),""\))$""")


def compared(records: Mapping[Template, Sequence[Values]], folder: Path) -> tuple[list[str], Counter[str]]:
    """What differs, with the values of the form; and what was seen: results on 勾稽关系, cells computed, functions."""
    drawn = [(values, three_ways(values, template)) for template, each in records.items() for values in each]
    forms = [form for _, ways in drawn for form in ways]
    shown = Office(folder).session([stale(form, folder / f"{number}.xlsx") for number, form in enumerate(forms)])
    wrong: list[str] = []
    seen: Counter[str] = Counter()
    for number, (values, (stated, native, functions)) in enumerate(drawn):
        as_stated, natively, by_functions = shown[3 * number : 3 * number + 3]
        found = [f"native formula: {each}" for each in differences(stated.record, native, natively)]
        found += [f"PERF_ function: {each}" for each in differences(stated.record, functions, by_functions)]
        for form, lines in ((stated, as_stated), (native, natively)):
            rows = rows_of(lines[SHEET], form.record.template)
            found += disagreements(audit(form.record), rows)
            found += unlike(form, lines)
            found += at_home(form, lines, Counter(row.result for row in rows))
            seen.update(row.result for row in rows)
        wrong += (f"{each}\n{json.dumps(values, ensure_ascii=False)}" for each in found)
        seen["computed"] += len(compute(stated.record))
        seen["functions"] += functions_in(functions)
    return wrong, seen


def filled(blob: bytes, how: FillAs | Formulas) -> Form:
    form = open_form(blob)
    fill(form, how)
    return open_form(form.book.to_bytes())


def three_ways(values: Values, template: Template) -> tuple[Form, Form, Form]:
    """As handed in, filled with native formulas, and with functions."""
    blob = workbook_of(values, template)
    return open_form(blob), filled(blob, FillAs.FORMULA), filled(blob, perf_formulas)


def stale(form: Form, target: Path) -> tuple[str, dict[str, Any]]:
    """Save it with a wrong result beside each formula, which Calc would show if it did not compute; how to read it."""
    book = Workbook.open(form.book.to_bytes())
    for title in book.sheets:
        for ref, cell in book.cells(title).items():
            if cell.formula:
                book.write(title, ref, STALE, formula=cell.formula)
    book.save(target)
    return "read", {"source": target.as_uri(), "sheets": book.sheets}


def differences(record: Record, form: Form, lines: Lines) -> Iterator[str]:
    """Derived cells that show another value than Python computes, or than was stated where it computes none."""
    values = compute(record)
    for step in steps_of(record):
        place, stated = form.binding.place(step.key), record[step.key]
        cell = lines[place.sheet][place.ref.row - 1][place.ref.col - 1]
        shown = to_decimal(cell) if isinstance(cell, float) else cell
        expected = values.get(step.key, stated.text if stated.number is None else stated.number)
        if shown != expected:
            yield f"{step.key} at {place.address}: Python {expected!r}, Calc {shown!r}"


def unlike(form: Form, lines: Lines) -> Iterator[str]:
    """Formulas of 勾稽关系 whose result in the file is another than Calc computes, beyond what binary numbers cost."""
    for sheet, ref in following(form):
        cell = form.book.cells(sheet)[ref]
        computed = lines[sheet][ref.row - 1][ref.col - 1]
        kept = float(cell.text) if cell.kind is CellKind.NUMBER else cell.text
        if cell.kind is CellKind.BLANK or computed != (pytest.approx(kept) if isinstance(kept, float) else kept):
            if isinstance(kept, float) and computed in halves(form, ref, cell.formula or "", sheet):
                continue
            yield f"{sheet}!{ref_text(ref)} keeps {cell.kind} {kept!r}, Calc computes {computed!r}: {cell.formula}"


def following(form: Form) -> list[tuple[str, Ref]]:
    """The cells whose formulas are no derived cells: of 勾稽关系 and 首页, the counters, and what inputs offer."""
    whole = [(title, ref) for title in (SHEET, HOME) for ref, cell in form.book.cells(title).items() if cell.formula]
    offered = [(sheet, ref) for _, sheet, ref in offered_cells(form.book, form.record.template)]
    return [*whole, *counters(form.book, [SHEET]), *offered]


def at_home(form: Form, lines: Lines, results: Counter[str]) -> Iterator[str]:
    """What 首页 says, against what is blank in the record and what the rows of 勾稽关系 say."""
    home, record = lines[HOME], form.record
    places = {
        cell: (row, col) for row, line in enumerate(home) for col, cell in enumerate(line) if cell not in ("", None)
    }
    head, _ = places[PROGRESS]
    expected = {title: blanks(record, keys) for title, keys in required_keys(record.template).items()}
    expected["合计"] = sum(expected.values())
    listed = {line[0]: line for line in home[head + 1 : head + 1 + len(expected)]}
    for title, number in expected.items():
        if listed[title][4] != number or listed[title][2] != listed[title][3] + number:
            yield f"{HOME} {title}: {listed[title][2:5]}, blank in the record: {number}"
    cards = dict(zip(home[1], home[2], strict=True))
    open_rows = results[BLANK] + results[UNDECIDABLE]
    said = {
        "必填未填（格）": expected["合计"],
        "✗ 须改正（行）": results[FAILS],
        "核实（行）": results[ASKS],
        "未能核对（行）": open_rows,
    }
    for title, number in said.items():
        if cards[title] != number:
            yield f"{HOME} {title}: {cards[title]}, should be {number}"
    for title, ref in counters(form.book, [SHEET]):
        if lines[title][ref.row - 1][ref.col - 1] != results[FAILS]:
            yield f"the counter of {title} is wrong"


def blanks(record: Record, keys: Sequence[str]) -> int:
    """How many of these cells are blank, of tables in all rows; a form without any indicator lacks one."""
    found = 0
    for key in keys:
        table, is_column, column = key.partition("[].")
        if not is_column:
            found += record[key].is_blank
            continue
        rows = [record[f"{table}[{index}].{column}"] for index in record.rows(table)]
        found += sum(cell.is_blank for cell in rows) if rows else table == record.template.roles.get(INDICATORS)
    return found


def halves(form: Form, ref: Ref, formula: str, sheet: str = SHEET) -> list[object]:
    """What a formula that rounds last may show if its exact value lies halfway: binary numbers may miss the half.

    Nothing where it does not; found out by rounding to more places.
    """
    rounded = ROUNDS_LAST.search(formula)
    if rounded is None:
        return []
    book, places = Workbook.open(form.book.to_bytes()), int(rounded[1])
    book.write(sheet, ref, Decimal(0), formula=f"{formula[: rounded.start(1)]}{places + 6}{rounded[2]}")
    exact = next((value for at, _, value in Calculation(book, sheet).changes() if at == ref), None)
    if not isinstance(exact, Decimal) or abs(exact.scaleb(places)) % 1 != Decimal("0.5"):
        return []
    half = Decimal("0.5").scaleb(-places)
    return [pytest.approx(float(exact + half)), pytest.approx(float(exact - half))]


def functions_in(form: Form) -> int:
    cells = (cell for title in form.book.sheets for cell in form.book.cells(title).values())
    return sum("PERF_" in (cell.formula or "") for cell in cells)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hosts.differential", description=__doc__)
    parser.add_argument("--form", action="append", choices=FORMS, help="of which form (default: of each)")
    parser.add_argument("--count", type=int, default=100, help="records of each form (default %(default)s)")
    parser.add_argument("--seed", default="20230630", help="(default %(default)s)")
    options = parser.parse_args()
    start, failed = time.monotonic(), 0
    for form in options.form or FORMS:
        template = load_template(form)
        with TemporaryDirectory() as folder:
            wrong, seen = compared({template: random_forms(template, options.count, options.seed)}, Path(folder))
        failed += len(wrong)
        print(*wrong[:10], sep="\n")
        counts = "，".join(f"{name} {count}" for name, count in sorted(seen.items()))
        print(f"{form}: {options.count} records, {len(wrong)} differences; {counts}; {time.monotonic() - start:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
