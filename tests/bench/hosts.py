"""The functions and the audit inside Calc, the functions inside Pyodide: what they cost there. 审核 has a target."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.hosts import wasm
from tests.hosts.calc import Calc
from tests.hosts.libreoffice import Office
from tests.hosts.walk import walked
from xlperf.form.forms import example_of
from xlperf.udf.calc_menu import ENTRIES
from xlperf.workbook import actions

CALLS = 1000
AUDIT_SECONDS = STEP_SECONDS = 2
_UNITS = {"ms": "ms", "mib": "MiB"}


def calc(folder: Path, wanted: str) -> None:
    """A column of single calls against one call that fills the column."""
    name = f"calc: PERF_EXECUTION_RATE, {CALLS:,} cells"
    if wanted not in name:
        return
    jobs = []
    for way in (False, True):
        source = folder / f"calc{way:d}.xlsx"
        source.write_bytes(_column(spilled=way))
        jobs.append(("recalculate", {"source": source.as_uri(), "rounds": 50}))
    (folder / "office").mkdir()
    single, spilled = Office(folder / "office").session(jobs)
    ratio = f"{single / spilled:.1f}x"
    print(f"{name:40}{single:6.1f} ms in single calls, {spilled:.1f} ms spilled, {ratio}", flush=True)


def audit(folder: Path, wanted: str) -> int:
    """审核 of the demo in a window of Calc, the first time and again; beside it the same on a file."""
    name = "calc: audit"
    if wanted not in name:
        return 0
    demo = actions.new_workbook(demo_values()).to_bytes()
    (folder / "audit").mkdir()
    calc = Calc(folder / "audit")
    calc.open(demo, hidden=False)
    check = next(each.url for each in ENTRIES if each.name == "check")
    for number in range(4):
        calc.step("give", check, called=str(number))
    calc.run()
    first, *others = (calc.answer(str(number))[2] for number in range(4))
    start = time.perf_counter()
    form = actions.open_form(demo)
    actions.mark(form, *actions.check(form))
    beside = time.perf_counter() - start
    missed = min(others) > AUDIT_SECONDS
    word = "  MISSED" if missed else ""
    print(
        f"{name:40}{min(others):6.2f} s of {AUDIT_SECONDS}, first {first:.2f}, on a file {beside:.2f}{word}", flush=True
    )
    return int(missed)


def walk(folder: Path, wanted: str) -> int:
    """The accountant's walk in a window, by keys: how long a person waits for each step."""
    name = "calc: walk"
    if wanted not in name:
        return 0
    (folder / "walk").mkdir()
    found = walked(folder / "walk", folder / "walk" / "pictures").seconds()
    for step, seconds in found.items():
        word = "  MISSED" if seconds > STEP_SECONDS else ""
        print(f"{f'{name}, {step}':40}{seconds:6.2f} s of {STEP_SECONDS}{word}", flush=True)
    return sum(seconds > STEP_SECONDS for seconds in found.values())


def demo_values() -> dict[str, Any]:
    values: dict[str, Any] = example_of("department_overall")
    return values


def _column(*, spilled: bool) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    for row in range(CALLS):
        sheet.write_row(row, 0, [row + 0.25, 2 * CALLS])
        if not spilled:
            sheet.write_formula(row, 2, f"=PERF_EXECUTION_RATE(A{row + 1},B{row + 1})")
    if spilled:
        sheet.write_array_formula(0, 2, CALLS - 1, 2, f"=PERF_EXECUTION_RATE(A1:A{CALLS},B1:B{CALLS})")
    book.close()
    return buffer.getvalue()


def pyodide(folder: Path, wanted: str) -> None:
    """Load time, import, functions, check, memory; in CPython beside it what there is to compare."""
    if wanted not in "pyodide":
        return
    found = {name: result["figures"] for name, result in wasm.run_both(folder, demo_values()).items()}
    for key, figure in found["pyodide"].items():
        what, _, unit = key.rpartition("_")
        beside = f", here {found['cpython'][key]:.1f}" if key in found["cpython"] else ""
        label = f"pyodide: {what.replace('_', ' ')}"
        print(f"{label:40}{figure:8.1f} {_UNITS[unit]}{beside}", flush=True)
