"""Validators run on one of every kind of file that the program writes: nothing that Excel or Word would repair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hosts.libreoffice import Office
from tests.outputs import Output, as_strict, new_books, next_year, outputs_of, reports_of, saved_by_openpyxl
from tests.package.validators import AUDIT, Said, accepted, audited, new_faults, plain


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("outputs")


@pytest.fixture(scope="module")
def books(folder: Path) -> dict[str, Output]:
    return new_books(folder)


def faults(made: dict[str, Output]) -> dict[str, list[str]]:
    found = {
        kind: new_faults(each.source.read_bytes() if each.source else None, each.blob, each.path.suffix)
        for kind, each in made.items()
    }
    return {kind: told for kind, told in found.items() if told}


def test_new_workbooks(books: dict[str, Output]) -> None:
    assert len(books) == 7
    assert faults(books) == {}


def test_every_command_on_a_workbook_of_ours(books: dict[str, Output], folder: Path) -> None:
    made = outputs_of(books["new values.xlsx"].path, folder)
    assert len({each.blob for each in made.values()}) == 8  # marking again changes nothing
    assert faults(made) == {}


def test_marks_and_formulas_beside_buttons(books: dict[str, Output], folder: Path) -> None:
    assert faults(outputs_of(books["new values.xlsm"].path, folder, freeze=False)) == {}


@pytest.mark.parametrize("make", [saved_by_openpyxl, as_strict])
def test_every_command_on_a_workbook_that_another_program_saved(
    books: dict[str, Output], folder: Path, make: Callable[[Path, Path], Path]
) -> None:
    source = make(books["demo 北塔区网信办2023_已填.xlsx"].path, folder / f"{make.__name__}.xlsx")
    made = outputs_of(source, folder, source, freeze=make is not saved_by_openpyxl)
    assert faults(made) == {}


@pytest.mark.libreoffice
def test_every_command_on_a_workbook_that_libreoffice_saved(
    office: Office, books: dict[str, Output], folder: Path
) -> None:
    (source,) = office.convert([books["demo 北塔区网信办2023_已填.xlsx"].path], "xlsx", folder / "LibreOffice")
    assert faults(outputs_of(source, folder, source)) == {}


def test_next_year(books: dict[str, Output], folder: Path) -> None:
    assert faults(next_year(books["new values.xlsx"].path, folder)) == {}


def test_reports(books: dict[str, Output], folder: Path) -> None:
    made = reports_of(books["new values.xlsx"].path, folder)
    assert len({each.blob for each in made.values()}) == 5
    assert faults(made) == {}


# The list of what is accepted


def test_each_entry_is_for_something_that_is_still_said(books: dict[str, Output], folder: Path) -> None:
    said: Counter[Said] = audited(books["new blank.xlsx"].blob)
    unused = [
        entry.says for entry in accepted() if entry.validator == AUDIT and not any(entry.covers(each) for each in said)
    ]
    assert unused == []
    assert all(entry.reason.strip() and entry.writer for entry in accepted())


@pytest.mark.parametrize(
    "said",
    [
        plain(AUDIT, "/xl/styles.xml", "Unexpected element 'fonts' found"),
        plain(AUDIT, "/xl/worksheets/sheet1.xml", "Unexpected element 'sz' found"),
        plain(AUDIT, "/xl/comments1.xml", "Unexpected element 'color' found"),
        plain(AUDIT, "/word/styles.xml", "Style 'Title' references missing style 'TitleChar' via link"),
        plain("xsd", "xl/worksheets/sheet1.xml", "Element 'c': The attribute 'x' is not allowed."),
    ],
)
def test_it_covers_nothing_else(said: Said) -> None:
    assert not any(entry.covers(said) for entry in accepted())
