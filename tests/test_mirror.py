"""The tests stand as the code stands: every module has tests of its own, or it is said here which tests reach it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.places import PACKAGE, TESTS, own_tests
from xlperf.checks.catalog import CHECKS

ROOMS = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*") if path.is_dir() and "__" not in path.name}
NO_ROOM = {  # folders of tests that answer to no room of the package
    "bench": "how fast it is",
    "bench/faults": "how much of what was planted is found",
    "campaign": "damaged inputs by the thousand",
    "foreign": "forms as other programs write them",
    "layouts": "forms as places might lay them out",
    "hosts/pyodide": "what runs under Node",
}
# Modules that the tests of their room neither bear the name of nor import, by the tests that reach them through others.
REACHED = {
    "audit/test_golden.py": ("audit/findings.py",),
    "audit/test_items.py": ("checks/matters.py",),
    "audit/test_localize.py": ("audit/identities.py", "audit/indicator_row.py"),
    "audit/test_variants.py": ("cli/variants.py", "form/dated.py"),
    "checks/test_rule_cases.py": ("audit/running.py", "checks/indicator_pairs.py"),
    "checks/test_catalog.py": ("derive/__init__.py", "derive/derivation.py", "form/sources.py"),
    "cli/test_commands.py": (
        *("cli/books.py", "cli/failures.py", "cli/options.py", "cli/printed.py", "cli/reference.py"),
        "workbook/numbers.py",
    ),
    "workbook/test_following.py": ("workbook/charts.py",),
    "cli/test_accounted.py": ("workbook/checklist.py",),
    "cli/test_handing_in.py": (
        *("package/handed_over.py", "package/rows.py"),
        "workbook/shades.py",
    ),
    "cli/test_thread.py": ("workbook/started.py",),
    "cli/test_checked.py": ("report/files.py",),
    "cli/test_saving.py": ("workbook/targets.py",),
    "cli/test_linted.py": ("derive/lacking.py", "form/contradictions.py"),
    "derive/test_engine.py": ("derive/rates.py",),
    "form/test_mistakes.py": ("prose/shapes.py", "prose/words.py"),
    "hosts/test_calc_addin.py": (
        *("udf/calc_component.py", "udf/calc_differences.py", "udf/calc_extension.py", "udf/calc_handler.py"),
        *("udf/calc_types.py", "udf/calc_xcu.py"),
    ),
    "hosts/test_calc_menu.py": (
        *("hosts/calc/added.py", "hosts/calc/document.py", "hosts/calc/highlights.py", "hosts/handing_in.py"),
        "udf/calc_menu.py",
    ),
    "hosts/test_calc_commands.py": (
        *("hosts/beside.py", "hosts/calc/files.py", "hosts/taking_in.py"),
        "workbook/comparison.py",
    ),
    "hosts/test_classic_udfs.py": ("udf/excel.py",),
    "hosts/test_live.py": ("hosts/excel/files.py", "hosts/excel/platforms.py", "hosts/excel/walking.py"),
    "hosts/test_walk_in_calc.py": ("hosts/calc/floating.py", "hosts/calc/walking.py"),
    "intake/test_opening.py": ("intake/readers/office.py", "package/libreoffice.py"),
    "intake/test_outline.py": ("intake/parts.py", "intake/titles.py", "labels/chapters.py"),
    "intake/test_whole.py": ("intake/accounted.py",),
    "intake/test_figures.py": ("prose/tidy.py",),
    "intake/test_forms.py": ("intake/readers/oldsheets.py",),
    "intake/test_sheets.py": ("workbook/sheets.py", "workbook/unseen.py"),
    "intake/test_word.py": ("intake/readers/fonts.py", "intake/readers/runs.py"),
    "labels/test_tables.py": (
        *("labels/indicators.py", "labels/levels.py", "labels/lines.py", "labels/parts.py"),
        *("labels/fields.py", "labels/rows.py", "labels/scan.py", "labels/stated.py"),
    ),
    "labels/test_layouts.py": ("cli/layouts.py",),
    "labels/test_other_places.py": ("labels/columns.py", "labels/money.py"),
    "package/test_calculation.py": ("package/formula.py", "package/functions.py"),
    "package/test_marking.py": ("package/extras.py", "package/notes.py"),
    "package/test_numbers.py": ("package/number_formats.py",),
    "package/test_reading.py": ("package/opening.py", "package/reader.py", "package/workbook.py"),
    "package/test_rich_text.py": ("package/runs.py",),
    "package/test_saving.py": ("package/access.py",),
    "package/test_writing.py": (
        *("package/edits.py", "package/sheet.py"),
        *("package/styles.py", "package/xmltext.py"),
    ),
    "page/test_build.py": ("cli/page.py", "page/compiling.py"),
    "prose/test_statements.py": (
        "prose/asides.py",
        "prose/clauses.py",
        "prose/each.py",
    ),
    "report/test_against.py": ("cli/report.py", "report/lines.py"),
    "report/test_commented.py": ("report/anchors.py",),
    "report/test_on_form.py": ("report/extents.py", "cli/in_word.py"),
    "report/test_redact.py": (
        *("report/identifiers.py", "report/masking.py", "report/names.py"),
        *("report/numbers.py", "report/plain.py", "report/titled.py"),
    ),
    "review/test_running.py": ("review/loaded.py",),
    "review/test_whole.py": ("review/overview.py", "review/said.py"),
    "tieout/test_sheet.py": ("tieout/__init__.py", "tieout/agreements.py", "tieout/points.py", "tieout/tables.py"),
    "udf/test_addin.py": ("cli/addin.py",),
    "udf/test_buttons.py": ("package/buttons.py",),
    "udf/test_functions.py": ("udf/registry.py",),
    "workbook/test_astray.py": ("cli/left.py", "workbook/printed_labels.py"),
    "workbook/test_blank.py": ("form/grid.py",),
    "workbook/test_by_labels.py": ("workbook/filling.py",),
    "workbook/test_inspection.py": (
        *("form/integrity.py", "workbook/hidden.py", "workbook/inspected.py", "workbook/stray.py"),
    ),
    "intake/test_import.py": ("cli/documents.py", "workbook/import_record.py"),
    "workbook/test_roll.py": ("cli/roll.py", "form/next_year.py"),
    "workbook/test_visible_cells.py": ("package/dates.py", "workbook/merged.py"),
}
LISTED = [(module, test) for test, modules in REACHED.items() for module in modules]
OF_RULES = {f"{rule.function.__module__.replace('.', '/')}.py" for rule in CHECKS}  # tests/cases has theirs


def modules() -> list[str]:
    """Those that hold more than a docstring; `python -m` starts the others."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        held = [node for node in ast.parse(path.read_text("utf-8")).body if not isinstance(node, ast.Expr)]
        if held and path.stem != "__main__" and path.relative_to(PACKAGE.parent).as_posix() not in OF_RULES:
            found.append(path.relative_to(PACKAGE).as_posix())
    return found


def test_every_module_has_tests_of_its_own_or_is_listed() -> None:
    without = [module for module in modules() if not own_tests(module)]
    assert without == sorted(module for module, _ in LISTED)


@pytest.mark.parametrize("test", REACHED)
def test_what_reaches_it_is_there(test: str) -> None:
    assert (TESTS / test).is_file()


def test_folders_of_tests_are_rooms() -> None:
    folders = {path.parent.relative_to(TESTS).as_posix() for path in TESTS.rglob("*.py")} - {"."}
    assert sorted(folders - ROOMS) == sorted(NO_ROOM)


def test_a_room_has_tests() -> None:
    assert [room for room in sorted(ROOMS) if "/" not in room and not list((TESTS / room).glob("test_*.py"))] == []


@pytest.mark.parametrize(
    ("module", "own"),
    [
        ("text.py", ["test_text.py"]),
        ("audit/slips.py", ["audit/test_slips.py"]),
        ("intake/readers/word.py", ["intake/test_word.py"]),  # the outer room's
        ("report/masking.py", []),
    ],
)
def test_which_are_its_own(module: str, own: list[str]) -> None:
    assert [Path(path).relative_to(TESTS).as_posix() for path in own_tests(module)] == own
