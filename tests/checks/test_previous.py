"""`check --previous`: a last-year figure that was changed is found, one that was not never is."""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.audit.test_properties import true_forms
from tests.command import called
from tests.places import GOLDEN
from tests.workbooks import edited
from xlperf.audit.run import Report, audit
from xlperf.checks.previous import last_years_figure_differs
from xlperf.derive.seen import Seen
from xlperf.form.forms import load_template
from xlperf.form.record import Record, record_from_values, show
from xlperf.package import Workbook
from xlperf.workbook.actions import fill, new_workbook, open_form, roll
from xlperf.workbook.roll import roll_values

TEMPLATE = load_template("department_overall")
CARRIED = TEMPLATE.next_year.cells.carried


def compared(values: dict[str, Any], last: Record) -> Report:
    """This year's record, its formulas calculated, against last year's workbook."""
    record = record_from_values(values, TEMPLATE)
    record = dataclasses.replace(record, stated=Seen(record).cells)
    previous = dataclasses.replace(last, stated=Seen(last).cells)
    return audit(dataclasses.replace(record, previous=previous), None, (last_years_figure_differs,))


@st.composite
def two_years(draw: st.DrawFn) -> tuple[Record, dict[str, Any]]:
    """A consistent form of 2023 with its special funds, and the one of 2024 rolled from it and filled in."""
    amounts = st.decimals(min_value=0, max_value=500, places=2).map(str)
    funds = [{"name": f"专项{n}", "actual": draw(amounts)} for n in range(draw(st.integers(0, 3)))]
    fields = draw(true_forms()) | {"carryover_closing": draw(amounts)}
    last = record_from_values({"year": 2023, "fields": fields, "project_special": funds}, TEMPLATE)
    values = roll_values(last).values
    this_year = {
        key: text for key, text in draw(true_forms()).items() if not key.endswith(("_prior", "_change", "_rate"))
    }
    values["fields"] |= this_year
    for row in values["project_special"]:
        row["actual"] = draw(amounts)
    return last, values


@given(two_years())
@settings(max_examples=100, deadline=None)
def test_unchanged_figures_are_never_found(years: tuple[Record, dict[str, Any]]) -> None:
    last, values = years
    assert [(found.key, found.message) for found in compared(values, last).findings] == []


@given(two_years(), st.data())
@settings(max_examples=100, deadline=None)
def test_a_changed_figure_is_found(years: tuple[Record, dict[str, Any]], data: st.DataObject) -> None:
    last, values = years
    fields: dict[str, str] = values["fields"]
    carried = sorted(key for key in CARRIED if key in fields and fields[key] != "——")
    key = data.draw(st.sampled_from(carried))
    step = data.draw(st.decimals(min_value=Decimal("0.02"), max_value=100, places=2))
    fields[key] = show(Decimal(fields[key]) + data.draw(st.sampled_from([1, -1])) * step, TEMPLATE.field(key))
    findings = {found.key: found for found in compared(values, last).findings}
    assert key in findings
    assert findings[key].expected == format(last[CARRIED[key]].value, "f")
    # Nothing but it, and the totals that are calculated from it.
    assert all(TEMPLATE.field(each).derived for each in set(findings) - {key})


@given(two_years(), st.data())
@settings(max_examples=50, deadline=None)
def test_a_changed_special_fund_is_found(years: tuple[Record, dict[str, Any]], data: st.DataObject) -> None:
    last, values = years
    rows = values["project_special"]
    if not rows:
        return
    data.draw(st.randoms(use_true_random=False)).shuffle(rows)
    index = data.draw(st.integers(0, len(rows) - 1))
    rows[index]["prior_actual"] = str(Decimal(rows[index]["prior_actual"]) + 1)
    findings = compared(values, last).findings
    assert f"project_special[{index}].prior_actual" in {found.key for found in findings}


# --- the command ------------------------------------------------------------------------------------------------------

LAST = {
    "year": 2023,
    "unit_name": "某局",
    "fields": {
        "reception_budget": "6.00",
        "reception_actual": "4.99",
        "operating_actual": "92.01",
        "carryover_closing": "12.00",
        "basic_current": "213.62",
    },
    "project_special": [{"name": "应急中心", "actual": "37.44"}],
}


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """2023.xlsx, and 2024.xlsx as it was rolled from it; 2024改.xlsx with a figure that was copied wrongly."""
    (tmp_path / "2023.xlsx").write_bytes(edited(LAST, {}))
    form, _ = roll(open_form(tmp_path / "2023.xlsx"))
    form.book.save(tmp_path / "2024.xlsx")
    form = open_form(tmp_path / "2024.xlsx")
    place = form.binding.place("operating_prior_actual")
    form.book.write(place.sheet, place.ref, Decimal("29.01"))
    form.book.save(tmp_path / "2024改.xlsx")
    return tmp_path


def codes(out: str) -> list[tuple[str, str]]:
    return [(each["code"], each["key"]) for each in json.loads(out)["findings"] if each["code"].startswith("XLP42")]


def test_the_command_finds_the_changed_figure(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checked = ("check", books / "2024改.xlsx", "--format", "json")
    result = called(capsys, *checked, "--previous", books / "2023.xlsx")
    assert (result.code, codes(result.out)) == (1, [("XLP420", "operating_prior_actual")])
    (found,) = (each for each in json.loads(result.out)["findings"] if each["code"] == "XLP420")
    assert found["related"] == [{"at": "'[2023.xlsx]基础数据表'!G20", "key": "operating_actual", "value": "92.01"}]
    assert found["fix"] == {"at": found["at"], "value": "92.01", "safe": False}
    assert codes(called(capsys, *checked).out) == []


def test_the_command_finds_nothing_in_a_rolled_workbook(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = open_form(books / "2024.xlsx")
    fill(form)
    form.book.save(books / "filled.xlsx")
    for name in ("2024.xlsx", "filled.xlsx"):
        result = called(capsys, "check", books / name, "--format", "json", "--previous", books / "2023.xlsx")
        assert codes(result.out) == []
        assert not any(each["code"].startswith("XLP42") for each in json.loads(result.out)["not_run"])


def test_a_workbook_of_an_earlier_revision_of_the_form(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It has no place for 上年三公经费预算数, but next year's has, and both can be compared."""
    old = GOLDEN / "first_revision.xlsx"
    assert called(capsys, "roll", old, "-o", books / "next.xlsx").code == 0
    assert open_form(books / "next.xlsx").record["sangong_prior_budget"].shown == "0.30"
    result = called(capsys, "check", books / "next.xlsx", "--format", "json", "--previous", old)
    assert codes(result.out) == []


def test_last_years_own_formulas_need_not_have_been_calculated(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """三公经费 of a workbook that no program has opened yet: its formula shows nothing, and still is 4.99."""
    new_workbook(LAST).save(books / "raw.xlsx")
    form = open_form(books / "2024.xlsx")
    place = form.binding.place("sangong_prior_budget")
    form.book.write(place.sheet, place.ref, Decimal("4.99"))
    form.book.save(books / "wrong.xlsx")
    result = called(capsys, "check", books / "wrong.xlsx", "--format", "json", "--previous", books / "raw.xlsx")
    assert codes(result.out) == [("XLP420", "sangong_prior_budget")]


@pytest.mark.parametrize("options", [("--in-place",), ("-o", "marked.xlsx")])
def test_it_is_marked_like_any_other(
    options: tuple[str, ...], books: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(books)
    before = (books / "2023.xlsx").read_bytes()
    assert called(capsys, "check", "2024改.xlsx", "--previous", "2023.xlsx", *options).code == 1
    book = Workbook.open(books / ("2024改.xlsx" if options == ("--in-place",) else "marked.xlsx"))
    listed = [cell.text for cell in book.cells("审核结果").values()]
    assert "XLP420" in listed
    assert any("[2023.xlsx]" in text and "92.01" in text for text in listed)
    assert (books / "2023.xlsx").read_bytes() == before


def test_under_all_variants(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checked = ("check", books / "2024改.xlsx", "--all-variants", "--format", "json")
    with_it, without = (
        [each["counts"]["error"] for each in json.loads(called(capsys, *checked, *more).out)["variants"]]
        for more in (("--previous", books / "2023.xlsx"), ())
    )
    assert [error - other for error, other in zip(with_it, without, strict=True)] == [1] * len(without)


def test_another_year_is_found_and_nothing_is_compared(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checked = ("check", books / "2024改.xlsx", "--format", "json", "--previous")
    assert codes(called(capsys, *checked, books / "2024.xlsx").out) == [("XLP421", "year")]


@pytest.mark.parametrize(("name", "words"), [("no.xlsx", "no.xlsx"), ("text.xlsx", "text.xlsx")])
def test_a_file_that_cannot_be_read(name: str, words: str, books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (books / "text.xlsx").write_text("no workbook", "utf-8")
    result = called(capsys, "check", books / "2024.xlsx", "--previous", books / name)
    assert (result.code, result.out) == (2, "")
    assert words in result.err
