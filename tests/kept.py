"""What a change that should change nothing has changed: every form of a folder is checked, marked and filled.

    python -m tests.kept FOLDER BEFORE.json --make 2000     (in the tree before the change)
    python -m tests.kept FOLDER AFTER.json --against BEFORE.json

A line for each form is kept: the findings as JSON, and the marked and the filled copy byte for byte, as digests. With
--against what differs is listed, and the exit code is 1. Makes what it is not given: `--make` forms of all layouts.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.review.made import make
from xlperf import cli

KINDS = {".xlsx": ("findings", "marked", "filled"), ".xlsm": ("findings", "marked", "filled")}
OF_TEXT = {".docx": ("findings",), ".txt": ("findings",), ".xls": ("findings",)}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.kept", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("results", type=Path)
    parser.add_argument("--make", type=int, default=0, metavar="N")
    parser.add_argument("--against", type=Path, metavar="RESULTS")
    options = parser.parse_args()
    if options.make:
        make(options.folder, options.make)
    paths = sorted(path for path in options.folder.rglob("*") if path.suffix in {**KINDS, **OF_TEXT})
    with ProcessPoolExecutor() as pool:
        digests = dict(pool.map(partial(digests_of, options.folder), paths, chunksize=8))
    options.results.write_text(json.dumps(digests, indent=1, ensure_ascii=False), encoding="utf-8")
    print(f"{len(digests)} forms")
    differing = (
        list(unlike(json.loads(options.against.read_text(encoding="utf-8")), digests)) if options.against else []
    )
    print(*differing, sep="\n")
    return 1 if differing else 0


def digests_of(folder: Path, path: Path) -> tuple[str, dict[str, str]]:
    """What the program makes of one form, by what it is asked for."""
    kinds = {**KINDS, **OF_TEXT}[path.suffix]
    with tempfile.TemporaryDirectory() as own:
        made = {kind: Path(own) / f"{kind}{path.suffix}" for kind in kinds[1:]}
        told = _told("check", path, "--format", "json", *(("-o", made["marked"]) if "marked" in made else ()))
        if "filled" in made:
            _told("fill", path, "-o", made["filled"])
        digests = {kind: _digest(copy.read_bytes()) if copy.exists() else "" for kind, copy in made.items()}
    return str(path.relative_to(folder)), {"findings": _digest(told.encode()), **digests}


def _told(*arguments: object) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()), contextlib.suppress(SystemExit):
        cli.main([str(each) for each in arguments])
    return out.getvalue()


def _digest(blob: bytes) -> str:
    return hashlib.sha256(blob).hexdigest()[:16]


def unlike(before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, {}), after.get(name, {})
        if changed := [kind for kind in (new or old) if old.get(kind) != new.get(kind)]:
            yield f"{name}: {'、'.join(changed)}"


if __name__ == "__main__":
    sys.exit(main())
