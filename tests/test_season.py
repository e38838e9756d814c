"""The forms of a project, from its goals to its self-evaluation: data alone, and through every command."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.command import Run
from tests.places import DATA, PACKAGE
from xlperf.audit.run import audit
from xlperf.form.forms import load_template
from xlperf.form.record import record_from_values
from xlperf.package import Workbook
from xlperf.tieout import HEADINGS
from xlperf.workbook.actions import new_workbook, open_form
from xlperf.workbook.given import as_given

GOALS = dict.fromkeys(("goals", "goals_shenzhen", "goals_shanghai"), "项目绩效目标申报表")
NO_EVALUATIONS = {**GOALS, "monitoring": "绩效运行监控表"}  # and the sheet that is handed in
FORMS = {**NO_EVALUATIONS, "project_spending": "项目自评表"}
VALUES: dict[str, dict[str, Any]] = {each: json.loads((DATA / f"{each}.json").read_text("utf-8")) for each in FORMS}
each_form = pytest.mark.parametrize("form", FORMS)
signed = pytest.mark.parametrize("form", ("goals", "monitoring", "project_spending"))
derived = pytest.mark.parametrize("form", ("goals", "goals_shanghai", "monitoring", "project_spending"))


def changed(form: str, **cells: str | None) -> dict[str, Any]:
    """The values of a sound form with others in some cells; `table__0__column` is one of a row, None a blank."""
    values = copy.deepcopy(VALUES[form])
    for key, value in cells.items():
        table, _, rest = key.partition("__")
        place: dict[str, Any] = values["fields"]
        if rest:
            row, _, key = rest.partition("__")
            place = values[table][int(row)]
        place.pop(key, None)
        if value is not None:
            place[key] = value
    return values


def found(form: str, **cells: str | None) -> list[tuple[str, str]]:
    report = audit(record_from_values(changed(form, **cells), load_template(form)))
    return [(each.code, each.key) for each in report.findings]


@pytest.fixture
def book(form: str, tmp_path: Path) -> Path:
    path = tmp_path / f"{form}.xlsx"
    new_workbook(VALUES[form]).save(path)
    return path


def test_no_module_knows_them() -> None:
    """But for the keys of what a self-evaluation is held against: see checks/thread.py and checks/goals.py."""
    own = {*NO_EVALUATIONS.values(), "goals_sh", "goal_long_term", "funds_superior", "recurrence", "cause_money"}
    code = "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    assert [word for word in sorted(own) if word in code] == []


@each_form
def test_from_new_to_values(form: str, run: Run, tmp_path: Path) -> None:
    book, filled, marked, clear, frozen = (tmp_path / f"{name}.xlsx" for name in ("新", "填", "审", "清", "固"))
    made = run("new", book, "--template", form, "--values", DATA / f"{form}.json")
    assert made.code == 0, made.err
    assert json.loads(run("values", book).out) == VALUES[form]
    assert run("fill", book, "-o", filled).code == 0
    checked = run("check", filled, "--format", "json")
    assert (checked.code, json.loads(checked.out)["findings"]) == (0, []), "a sound form has none"
    assert run("check", filled, "-o", marked).code == 0
    assert run("clear", marked, "-o", clear).code == 0
    sheets = [Workbook.open(path) for path in (filled, clear)]
    assert sheets[0].cells(FORMS[form]) == sheets[1].cells(FORMS[form])
    assert run("freeze", filled, "-o", frozen).code == 0
    cells = [cell for row in openpyxl.load_workbook(frozen)[FORMS[form]] for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert json.loads(run("values", frozen).out) == VALUES[form]


@pytest.mark.parametrize("how", ["formula", "value", "udf"])
@derived
def test_blank_cells_are_filled(form: str, how: str, run: Run, tmp_path: Path) -> None:
    keys = [key for key, field in load_template(form).fields.items() if field.derived]
    assert keys
    blank = tmp_path / "空.xlsx"
    new_workbook(changed(form, **dict.fromkeys(keys))).save(blank)
    assert run("fill", blank, "-o", tmp_path / "填.xlsx", "--as", how).code == 0
    assert json.loads(run("values", tmp_path / "填.xlsx").out) == VALUES[form]


@each_form
def test_an_empty_one_asks_for_what_must_be_there(form: str, run: Run, tmp_path: Path) -> None:
    assert run("new", tmp_path / "空.xlsx", "--template", form, "--year", "2024").code == 0
    checked = json.loads(run("check", tmp_path / "空.xlsx", "--format", "json").out)
    assert {each["code"] for each in checked["findings"]} <= {"XLP101", "XLP106"}
    keys = {each["key"] for each in checked["findings"] if each["code"] == "XLP101" and "[" not in each["key"]}
    required = {key for key, field in load_template(form).fields.items() if field.required and not field.default}
    assert keys == required - {"year"}


@each_form
def test_next_year(form: str, run: Run, book: Path, tmp_path: Path) -> None:
    rolled = run("roll", book, "-o", tmp_path / "2025.xlsx")
    assert rolled.code == 0, rolled.err
    record = open_form(tmp_path / "2025.xlsx").record
    assert (record["year"].shown, record["project_name"].text) == ("2025", "公共图书馆免费开放")
    assert record["indicators[0].level3"].text == "购置图书"
    assert record["indicators[0].target"].text == "≥4000册"
    money = [key for key, field in record.template.fields.items() if field.type == "money"]
    assert all(record[key].is_blank for key in money)


@signed
def test_published_without_personal_data(form: str, run: Run, book: Path, tmp_path: Path) -> None:
    assert run("freeze", book, "-o", tmp_path / "公开.xlsx", "--redact").code == 0
    record = open_form(tmp_path / "公开.xlsx").record
    (person,), (phone,) = record.template.cells_of("preparer"), record.template.cells_of("phone")
    assert "某某" not in record[person].text
    assert "5550000" not in record[phone].text


@pytest.mark.parametrize("form", NO_EVALUATIONS)
def test_without_its_names_it_is_told_what_it_is(form: str, run: Run, book: Path, tmp_path: Path) -> None:
    """By name it is ours; handed in as anybody's form for a self-evaluation it is none."""
    nameless = openpyxl.load_workbook(book)
    for name in list(nameless.defined_names):
        del nameless.defined_names[name]
    nameless.save(tmp_path / "别人的.xlsx")
    checked = run("check", tmp_path / "别人的.xlsx")
    assert checked.code == 2
    title = "项目支出绩效目标（申报）表" if form in GOALS else "绩效运行监控表"
    assert f"这是{title}，不是绩效自评表" in checked.err


@pytest.mark.parametrize("form", NO_EVALUATIONS)
def test_it_is_read_by_its_headings(form: str, run: Run, book: Path, tmp_path: Path) -> None:
    """Of two tables with the same headings their names at the side tell which is of the year."""
    moved = run("import", book, "--template", form, "-o", tmp_path / "新.xlsx")
    assert moved.code == 0, moved.err
    assert json.loads(run("values", tmp_path / "新.xlsx").out) == VALUES[form]


@pytest.mark.parametrize(
    ("cells", "findings"),
    [
        ({"funds": "61.00"}, [("XLP201", "funds")]),
        ({"funds_appropriation": "50.00", "funds": "58.00"}, [("XLP201", "funds_appropriation")]),
        ({"funds_other": None}, []),  # a blank part beside filled ones is nil
        ({"project_nature": None}, [("XLP101", "project_nature")]),
        ({"schedule__1__ends_on": None}, [("XLP101", "schedule[1].ends_on")]),
        ({"indicators__0__target": None}, [("XLP101", "indicators[0].target")]),
        ({"long_term_indicators__0__target": None}, [("XLP101", "long_term_indicators[0].target")]),
        ({"long_term_indicators__0__note": "随便"}, []),
        (
            {"indicators__1__level3": "购置图书", "indicators__1__target": "≥4000册"},
            [("XLP316", "indicators[1].level3")],
        ),
        ({"funds_own": "8.00."}, [("XLP104", "funds_own")]),
    ],
)
def test_what_is_wrong_in_goals(cells: dict[str, str | None], findings: list[tuple[str, str]]) -> None:
    assert found("goals", **cells) == findings


@pytest.mark.parametrize(
    ("cells", "findings"),
    [
        ({"indicators__4__explanation": None}, [("XLP101", "indicators[4].explanation")]),
        (
            {f"indicators__4__{name}": None for name in ("level3", "target", "explanation")},
            [("XLP101", "indicators[4].level3")],
        ),
        ({"indicators__5__level3": "不适用"}, [("XLP115", "indicators[5].level3")]),
        ({"annual_application": "190.00"}, [("XLP617", "annual_application")]),
        ({"goal_long_term": "不适用"}, []),
        ({"term_years": "三年"}, [("XLP104", "term_years")]),
    ],
)
def test_what_is_wrong_in_goals_of_shenzhen(cells: dict[str, str | None], findings: list[tuple[str, str]]) -> None:
    assert found("goals_shenzhen", **cells) == findings


@pytest.mark.parametrize(
    ("cells", "findings"),
    [
        ({"funds": "1900000.00"}, [("XLP201", "funds")]),
        ({"annual_application_other": "90000.00"}, [("XLP201", "annual_application")]),
        ({"recurrence": "一次性"}, [("XLP218", "annual_application")]),
        ({"recurrence": "经常性"}, []),
        ({"recurrence": None}, [("XLP101", "recurrence")]),
        (
            {"annual_application": "1900000.00", "annual_application_appropriation": "1780000.00"},
            [("XLP617", "annual_application")],
        ),
    ],
)
def test_what_is_wrong_in_goals_of_shanghai(cells: dict[str, str | None], findings: list[tuple[str, str]]) -> None:
    assert found("goals_shanghai", **cells) == findings


@pytest.mark.parametrize(
    ("cells", "findings"),
    [
        ({"execution_rate": "56.00%"}, [("XLP202", "execution_rate")]),
        ({"funding__0__execution_rate": "57.11%"}, [("XLP216", "funding[0].execution_rate")]),
        ({"funding__1__forecast_spent": "7.00"}, [("XLP201", "forecast_spent")]),
        ({"funding__1__midyear_change": "1.00"}, [("XLP201", "midyear_change")]),
        ({"forecast_spent": "31.20", "funding__0__forecast_spent": "23.20"}, [("XLP617", "annual_spent")]),
        ({"indicators__1__deviation_note": None}, [("XLP115", "indicators[1].deviation_note")]),
        ({"month": None}, [("XLP101", "month")]),
        ({"indicators__0__likelihood": None}, [("XLP101", "indicators[0].likelihood")]),
        ({"indicators__8__actual": "93人"}, [("XLP328", "indicators[8].actual")]),
        ({"indicators__1__actual": "27场"}, []),  # the reason that is written says why
        ({"indicators__2__actual": "400天"}, [("XLP312", "indicators[2].actual")]),
    ],
)
def test_what_is_wrong_in_monitoring(cells: dict[str, str | None], findings: list[tuple[str, str]]) -> None:
    assert found("monitoring", **cells) == findings


@pytest.mark.parametrize(
    ("recurrence", "funds", "result"),
    [
        ("一次性", "1800000.00", "✗"),
        ("☑一次性 □阶段性", "600000.00", "✓"),
        ("阶段性", "1800000.00", "不适用"),
        ("□一次性 ☑阶段性", "1800000.00", "不适用"),
        (None, "1800000.00", "未填"),
    ],
)
def test_the_tie_out_compares_the_totals_of_what_is_done_once(
    recurrence: str | None, funds: str, result: str, tmp_path: Path
) -> None:
    book = tmp_path / "目标.xlsx"
    new_workbook(changed("goals_shanghai", recurrence=recurrence, funds=funds)).save(book)
    rows = openpyxl.load_workbook(book, data_only=True)["勾稽关系"].iter_rows(values_only=True)
    assert [row[len(HEADINGS) - 1] for row in rows if row[1] == "XLP218"] == [result]


def test_given_to_another_form_amounts_are_in_its_unit() -> None:
    given = as_given(record_from_values(VALUES["goals_shanghai"], load_template("goals_shanghai")))
    funds = given["funds"]
    assert (funds.shown, funds.field.unit, given["annual_application_carryover"].shown) == ("180.00", "万元", "4.00")
    cents = changed("goals_shanghai", funds_other="240000.05")
    assert as_given(record_from_values(cents, load_template("goals_shanghai")))["funds_other"].shown == "24.000005"


def test_little_spent_by_the_summer_is_no_finding() -> None:
    spent = {"annual_spent": "6.20", "execution_rate": "10.00%"}
    rows = {"funding__0__annual_spent": "5.40", "funding__0__execution_rate": "10.00%"}
    rows |= {"funding__1__annual_spent": "0.80", "funding__1__execution_rate": "10.00%"}
    assert found("monitoring", **spent, **rows) == []


def test_beside_the_self_evaluation_of_the_same_project_the_summer_is_no_contradiction(
    run: Run, tmp_path: Path
) -> None:
    """The same cells say in August what there was in July, and at the end of the year what the year came to."""
    values = VALUES["monitoring"]
    names = ("level1", "level2", "level3", "target")
    rows = [
        {**{name: row[name] for name in names}, "actual": row["forecast"], "weight": "10", "score": "10"}
        for row in values["indicators"]
    ]
    kept = ("project_name", "department", "implementing_unit", "opening_budget", "annual_budget", "goal_expected")
    fields = {key: values["fields"][key] for key in kept} | {"annual_spent": "61.20", "execution_rate": "98.71%"}
    evaluated = {key: values[key] for key in ("year", "unit_name")} | {"fields": fields, "indicators": rows}
    books = [tmp_path / f"{name}.xlsx" for name in ("目标", "监控", "自评")]
    made = (VALUES["goals"], values, evaluated | {"template": "project_spending"})
    for book, given in zip(books, made, strict=True):
        new_workbook(given).save(book)
    checked = json.loads(run("check", *books, "--format", "json").out)
    assert checked["between"] == []
    assert len(checked["not_compared"]) == len(books)
