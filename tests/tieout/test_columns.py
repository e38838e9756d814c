"""Formulas over a whole column of a table: Excel before 365 and Calc take one cell of it, unless told otherwise."""

from __future__ import annotations

import re

import pytest

from tests.control_rows import relations
from xlperf.form.forms import form_ids, load_template

COLUMN = "A1:A2"  # where the form stands nowhere


def outside(formula: str) -> str:
    """The formula without what functions that take whole columns are given."""
    start = formula.find("SUMPRODUCT(")
    if start < 0:
        return re.sub(r"(?:SUM|COUNT)\([A-Z0-9:,]*\)", "0", formula)
    end, depth = formula.index("(", start) + 1, 1
    while depth:
        depth += {"(": 1, ")": -1}.get(formula[end], 0)
        end += 1
    return outside(f"{formula[:start]}0{formula[end:]}")


@pytest.mark.parametrize("form", form_ids())
def test_only_functions_that_take_columns_read_them(form: str) -> None:
    formulas = [formula for each in relations(load_template(form)) for formula in each.formulas]
    assert [formula for formula in formulas if COLUMN in outside(formula)] == []


@pytest.mark.parametrize(
    ("formula", "left"),
    [
        ("SUM(B1,A1:A2)+1", "0+1"),
        ('SUMPRODUCT(ISTEXT(A1:A2)*ISNA(MATCH(A1:A2,{"","-"},0)))>0', "0>0"),
        ("OR(ISTEXT(A1:A2)*1)>0", "OR(ISTEXT(A1:A2)*1)>0"),
    ],
)
def test_what_stands_outside(formula: str, left: str) -> None:
    assert outside(formula) == left
