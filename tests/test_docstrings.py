"""What the docstring of a public function tells: its parameters, units or shapes, errors, where figures come from."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import pytest

import xlperf
from tests.places import DATA
from xlperf.form.sources import sources
from xlperf.udf.registry import FUNCTIONS, Function
from xlperf.udf.values import ErrorValue

EXPORTED = {name: getattr(xlperf, name) for name in xlperf.__all__}
LIBRARY = {name: each for name, each in EXPORTED.items() if not isinstance(each, type)}
COMPUTES = ("audit", "check", "compute", "fill")  # the others hand on what is stated
UNITS = re.compile(r"万元|fractions?\b|points|as stated|by its ID")
BOOK = DATA / "old" / "marked.xlsx"
RAISED: dict[str, tuple[tuple[Callable[[], object], str], ...]] = {
    "audit": ((lambda: xlperf.audit(xlperf.open_form(BOOK).record, "nonsense"), "UnknownNameError"),),
    "check": ((lambda: xlperf.check(xlperf.open_form(BOOK), "nonsense"), "UnknownNameError"),),
    "compute": ((lambda: xlperf.compute(xlperf.open_form(BOOK).record, "nonsense"), "UnknownNameError"),),
    "fill": ((lambda: xlperf.fill(xlperf.open_form(BOOK), variant="nonsense"), "UnknownNameError"),),
    "load_template": ((lambda: xlperf.load_template("nonsense"), "UnknownNameError"),),
    "new_workbook": (
        (lambda: xlperf.new_workbook({"fields": {"nonsense": "1"}}), "ValuesError"),
        (lambda: xlperf.new_workbook({"template": "nonsense"}), "UnknownNameError"),
    ),
    "open_form": ((lambda: xlperf.open_form(b"PK", "nonsense"), "WorkbookError"),),
    "record_from_values": (
        (
            lambda: xlperf.record_from_values({"year": "nonsense"}, xlperf.load_template("department_overall")),
            "ValuesError",
        ),
    ),
}
NOT_TRIED = {"TemplateError", "ImportError"}  # tests/form and tests/cli have the first, the second needs no pandas


def doc(function: Callable[..., Any]) -> str:
    return " ".join((inspect.getdoc(function) or "").split())


def untold(function: Callable[..., Any]) -> list[str]:
    return [name for name in inspect.signature(function).parameters if f"`{name}`" not in doc(function)]


@pytest.mark.parametrize("name", EXPORTED)
def test_everything_exported_says_what_it_is(name: str) -> None:
    """A dataclass without a docstring gets its signature as one."""
    assert doc(EXPORTED[name])
    assert not doc(EXPORTED[name]).startswith(f"{name}(")


@pytest.mark.parametrize("name", LIBRARY)
def test_a_function_tells_parameters_units_and_errors(name: str) -> None:
    function = inspect.unwrap(LIBRARY[name])
    assert untold(function) == []
    assert UNITS.search(doc(function))
    assert re.search(r"Raises (`|nothing)", doc(function))


def test_what_the_readme_has_people_type_into_vba_tells_the_same() -> None:
    from xlperf.udf.runpython import run  # only here, because it asks for xlwings

    assert untold(run) == []
    assert "Raises nothing" in doc(run)


@pytest.mark.parametrize("name", COMPUTES)
def test_what_computes_tells_its_source(name: str) -> None:
    assert "Source: " in doc(LIBRARY[name])


@pytest.mark.parametrize("name", RAISED)
def test_what_is_said_to_be_raised_is_raised(name: str) -> None:
    for call, error in RAISED[name]:
        with pytest.raises(Exception, match="nonsense") as raised:
            call()
        assert type(raised.value).__name__ == error
    said = set(re.findall(r"`(\w+Error)`", doc(LIBRARY[name])))
    assert said - NOT_TRIED == {error for _, error in RAISED[name]}


@pytest.mark.parametrize("entry", FUNCTIONS, ids=lambda entry: entry.name)
def test_a_function_of_a_sheet_tells_arguments_error_values_and_source(entry: Function) -> None:
    text = doc(entry.function)
    assert untold(entry.function) == []
    passed_on = {cell for case in entry.bad_input for cell in _cells(case.arguments) if isinstance(cell, ErrorValue)}
    own = {case.value for case in entry.bad_input if isinstance(case.value, ErrorValue)} - passed_on
    assert own
    assert [error.value for error in own if f"`{error.value}`" not in text] == []
    (source,) = re.findall(r"Source: (`?)([\w-]+)", text)
    assert not source[0] or source[1] in sources()


def _cells(value: object) -> list[object]:
    return [cell for each in value for cell in _cells(each)] if isinstance(value, list | tuple) else [value]
