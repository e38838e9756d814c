"""What code calls tables, series, cells and sheets by, whatever their keys are in a form."""

from __future__ import annotations

import pytest

from tests.places import DATA, ROOT
from xlperf.form.forms import load_template
from xlperf.form.template import BASE, CELL_ROLES, FINANCE, INDICATORS, LEVELS, PROJECTS, Template


@pytest.fixture(scope="module")
def tiny() -> Template:
    return load_template(str(DATA / "tiny.toml"))


def test_a_form_with_all_roles(template: Template) -> None:
    """But for what a form is of, where there are several: a unit has one of these; and for mere promises."""
    roles = set(CELL_ROLES) - {"subject", "promised"}
    assert set(template.cells) == roles
    assert all(map(template.has, (INDICATORS, PROJECTS, BASE, FINANCE, LEVELS, *(f"@{role}" for role in roles))))
    assert template.series_of(LEVELS)[1] == ("weight", "score")
    assert template.cells_of("goals", "plans") == ("section_1_4", "section_5")


def test_a_form_with_none(tiny: Template) -> None:
    assert not any(map(tiny.has, (INDICATORS, PROJECTS, BASE, "@goals", "@nonsense")))
    assert tiny.series_of(BASE) == ((), ())
    assert tiny.cells_of("goals", "names") == ()
    assert tiny.said("{base}与{evaluation}不符") == "小表与小表不符", "it has one name for all its sheets"


@pytest.mark.parametrize("role", CELL_ROLES)
def test_no_role_is_idle(role: str) -> None:
    asked = [path for path in ROOT.glob("xlperf/**/*.py") if path.name != "template.py"]
    assert any(f'"{role}"' in path.read_text("utf-8") for path in asked)


def test_the_lines_beside_a_table(template: Template, tiny: Template) -> None:
    lines = ("project_business_actual", "project_operation_actual", "project_other_actual")
    assert template.beside(PROJECTS, "actual") == lines
    assert template.beside(PROJECTS, "name") == tiny.beside(PROJECTS, "actual") == ()
    assert template.beside(INDICATORS, "score") == ("execution_score",), "not the totals of single levels"
