"""What a written explanation settles: its own finding, wherever that moves, and only the figures it is about."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.command import Run
from tests.workbooks import new_bytes, place_of
from xlperf.checks.rule import Severity
from xlperf.cli.printed import report_lines
from xlperf.package import Ref, Workbook
from xlperf.workbook.actions import check, mark, open_form
from xlperf.workbook.audited import Audited
from xlperf.workbook.explained import CHANGED, GONE, Explained, explain
from xlperf.workbook.result_rows import COLUMNS, RESULTS_SHEET

TITLES = [column.title for column in COLUMNS]
CODE, ITEM, SHOWN, TEXT, STATUS = (
    TITLES.index(title) for title in ("代码", "项目", "填报数", "审核说明（请在此填写）", "状态")
)
HEAD = 3  # the row of the headings in the template's sheet
NOTE = "年中追加，见某财预〔2023〕5号"
Values = dict[str, Any]


@pytest.fixture
def values(beita_values: Values) -> Values:
    return copy.deepcopy(beita_values)


def marked(blob: bytes) -> bytes:
    form = open_form(blob)
    mark(form, *check(form))
    return form.book.to_bytes()


def first(values: Values) -> bytes:
    return marked(new_bytes(values))


def rows(blob: bytes) -> dict[int, list[str]]:
    cells = Workbook.open(blob).cells(RESULTS_SHEET)
    numbers = sorted({ref.row for ref in cells if ref.row > HEAD})
    return {
        row: [cells[Ref(row, col)].text if Ref(row, col) in cells else "" for col in range(1, len(COLUMNS) + 1)]
        for row in numbers
    }


def row_of(blob: bytes, code: str, item: str, nth: int = 0) -> int:
    """The line of the item to which the finding belongs."""
    return [number for number, row in rows(blob).items() if (code, item) in _findings(row)][nth]


def _findings(row: list[str]) -> list[tuple[str, str]]:
    return list(zip(row[CODE].splitlines(), row[ITEM].splitlines(), strict=True))


def said(blob: bytes, code: str, item: str, text: str = NOTE, nth: int = 0) -> bytes:
    """The user writes beside a finding."""
    book = Workbook.open(blob)
    book.write(RESULTS_SHEET, Ref(row_of(blob, code, item, nth), TEXT + 1), text)
    return book.to_bytes()


def typed(blob: bytes, figures: dict[str, Decimal | str | None]) -> bytes:
    """The user types into the form."""
    form = open_form(blob)
    for key, value in figures.items():
        form.book.write(*place_of(form, key), value)
    return form.book.to_bytes()


def standing(blob: bytes, code: str, key: str) -> tuple[str | None, bool]:
    """What is written beside a finding, and whether it settles it."""
    form = open_form(blob)
    report, explanations = check(form)
    explained = explain(report, explanations)
    (number,) = (n for n, each in enumerate(report.findings) if (each.code, each.key) == (code, key))
    answer = explained.answers.get(number)
    return answer.text if answer else None, explained.settles(number, report.findings[number])


SPENT = ("XLP601", "公用经费（决算数）", "operating_actual")  # 92.01 of a budget of 9.50
AGREES = ("XLP405", "公用经费（决算数）", "operating_actual")  # 92.01 here, 104.29 in the other table
REASON = ("XLP604", "人员经费（变动原因）", "personnel_reason")  # a blank cell; the sentence names 109.33 and 36.14


# --- the figures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", [SPENT, AGREES, REASON])
def test_settles_while_nothing_changes(values: Values, which: tuple[str, str, str]) -> None:
    code, item, key = which
    blob = said(first(values), code, item)
    assert standing(blob, code, key) == (NOTE, True)
    again = marked(blob)
    assert standing(again, code, key) == (NOTE, True)
    assert rows(again)[row_of(again, code, item)][STATUS] == "已说明"
    assert marked(again) == again


@pytest.mark.parametrize(
    ("which", "figures"),
    [
        (SPENT, {"operating_actual": Decimal("920.1")}),
        (SPENT, {"operating_budget": Decimal("0.95")}),  # 92.01 is now 97 times the budget, not ten times
        (AGREES, {"public_current": Decimal("1042.9")}),
        (REASON, {"personnel_current": Decimal("119.33")}),
        (REASON, {"personnel_change": Decimal("63.14")}),
    ],
)
def test_another_figure_is_not_settled(
    values: Values, which: tuple[str, str, str], figures: dict[str, Decimal | str | None]
) -> None:
    """What the sentence is about has changed, here or in the cell that it compares with: the note stays and is open."""
    code, item, key = which
    changed = typed(said(first(values), code, item), figures)
    assert standing(changed, code, key) == (NOTE, False)
    again = marked(changed)
    row = rows(again)[row_of(again, code, item)]
    assert (row[TEXT], row[STATUS]) == (NOTE, CHANGED)
    assert standing(again, code, key) == (NOTE, False), "the figure now printed beside it is not the one it is about"
    assert marked(again) == again


def test_the_figure_comes_back(values: Values) -> None:
    code, item, key = SPENT
    other = marked(typed(said(first(values), code, item), {"operating_actual": Decimal("920.1")}))
    back = typed(other, {"operating_actual": Decimal("92.01")})
    assert standing(back, code, key) == (NOTE, True)
    assert rows(marked(back))[row_of(marked(back), code, item)][STATUS] == "已说明"


@pytest.mark.parametrize("text", ["核对过，是今年的新口径", NOTE + "，另有追加", NOTE[:-1]])
def test_written_anew_it_settles(values: Values, text: str) -> None:
    code, item, key = SPENT
    other = marked(typed(said(first(values), code, item), {"operating_actual": Decimal("920.1")}))
    anew = said(other, code, item, text)
    assert standing(anew, code, key) == (text, True)
    again = marked(anew)
    assert rows(again)[row_of(again, code, item)][STATUS] == "已说明"
    third = typed(again, {"operating_actual": Decimal("9201")})
    assert standing(third, code, key) == (text, False)


@pytest.mark.parametrize("length", [1, 1_999, 2_000, 2_001, 30_000])
def test_long_notes_and_line_breaks(values: Values, length: int) -> None:
    code, item, key = SPENT
    text = ("一、说明\n 二、" * length)[:length] + "完"
    changed = typed(said(first(values), code, item, text), {"operating_actual": Decimal("920.1")})
    again = marked(marked(changed))
    assert standing(again, code, key) == (text, False)
    assert standing(said(again, code, item, text + "。"), code, key) == (text + "。", True)


@pytest.mark.parametrize("number", ["92.010", "92.01000001", "92.0149"])
def test_more_decimals_are_no_other_figure(values: Values, number: str) -> None:
    """A formula that gives more digits than were typed: the form is in two decimals."""
    code, item, key = SPENT
    blob = said(first(values), code, item)
    assert standing(typed(blob, {"operating_actual": Decimal(number)}), code, key)[1]
    assert not standing(typed(blob, {"operating_actual": Decimal("92.02")}), code, key)[1]


def test_a_text_that_was_changed(values: Values) -> None:
    code, item, key = "XLP605", "收入合计（变动原因）", "income_total_reason"
    blob = said(first(values), code, item)
    assert standing(typed(blob, {key: "本年度 预算收入增加"}), code, key) == (NOTE, True)
    assert standing(typed(blob, {key: "收入减少"}), code, key) == (NOTE, False)


def test_a_passage_of_a_long_text(values: Values) -> None:
    """The list shows the beginning of a section only: what is compared are the figures that the sentence quotes."""
    code, item, key = "XLP503", "一、（四）绩效目标设定情况", "section_1_4"
    text = values["fields"][key]
    blob = said(first(values), code, item)
    assert standing(typed(blob, {key: text + "今年没有新的目标。"}), code, key) == (NOTE, True)
    assert standing(typed(blob, {"opening_budget": Decimal("129.9")}), code, key) == (NOTE, False)


# --- where it is said -------------------------------------------------------------------------------------------------


def test_what_check_says(values: Values, run: Run, tmp_path: Path) -> None:
    code, _, key = SPENT
    blob = first(values)
    for row in rows(blob).values():  # everything but the errors is explained
        if row[STATUS] == "待说明":
            blob = said(blob, *_findings(row)[0])
    form = open_form(blob)
    report, explanations = check(form)
    warnings = [
        finding
        for item in report.items()
        for finding in item.findings
        if item.severity is finding.severity is Severity.WARNING
    ]
    assert sum("（已说明）" in line for line in report_lines(report, explanations)) == len(warnings)

    (tmp_path / "said.xlsx").write_bytes(blob)
    (tmp_path / "changed.xlsx").write_bytes(typed(blob, {key: Decimal("920.1")}))
    told = run("check", "changed.xlsx")
    assert f"XLP601  {form.binding.place(key).address}（{CHANGED}）" in told.out
    for name, explanation in (("said.xlsx", NOTE), ("changed.xlsx", None)):
        found = json.loads(run("check", name, "--format", "json").out)["findings"]
        (finding,) = (each for each in found if (each["code"], each["key"]) == (code, key))
        assert finding["explanation"] == explanation


def test_exit_code(tmp_path: Path) -> None:
    """A warning that alone decides: explained it passes, with another figure in its place it does not."""
    code, item, _ = SPENT
    form = {"fields": {"operating_budget": "9.50", "operating_actual": "92.01"}}
    blob = said(first(form), code, item)
    (tmp_path / "said.xlsx").write_bytes(blob)
    (tmp_path / "changed.xlsx").write_bytes(typed(blob, {"operating_actual": Decimal("920.1")}))
    for name, passes in (("said.xlsx", True), ("changed.xlsx", False)):
        report, explanations = check(open_form(tmp_path / name))
        alone = replace(report, findings=tuple(each for each in report.findings if each.code == code), groups=())
        alone = replace(alone, findings=tuple(each._replace(group=None) for each in alone.findings))
        assert len(alone.findings) == 1
        assert Audited(alone, explanations).reaches(Severity.WARNING) is not passes


# --- whose it is ------------------------------------------------------------------------------------------------------


def _indicators(names: list[str], results: list[str]) -> Values:
    """Rows that reach twice their target or more without a reason: XLP312 at each result."""
    return {
        "year": 2023,
        "fields": {"execution_weight": "10"},
        "indicators": [
            {"level1": "产出指标", "level2": "数量指标", "level3": name, "target": "≥10次", "actual": result,
             "weight": "10", "score": "10"}
            for name, result in zip(names, results, strict=True)
        ],
    }  # fmt: skip


def keys_settled(blob: bytes, code: str) -> set[str]:
    report, explanations = check(open_form(blob))
    explained: Explained = explain(report, explanations)
    return {
        each.key for number, each in enumerate(report.findings) if each.code == code and explained.settles(number, each)
    }


def list_into(old: bytes, new: bytes, order: Callable[[list[list[str]]], None] | None = None) -> bytes:
    """The rows of 审核结果 of one workbook in another, as if the form had been changed below them."""
    table = list(rows(old).values())
    if order:
        order(table)
    book = Workbook.open(new)
    book.set_rows(RESULTS_SHEET, HEAD + 1, table)
    return book.to_bytes()


NAMED = ["检查次数", "培训次数", "宣传次数"]
RESULTS = ["20次", "25次", "30次"]


@pytest.mark.parametrize("names", [NAMED, ["检查次数"] * 3, [""] * 3], ids=["named", "of one name", "nameless"])
@pytest.mark.parametrize("results", [RESULTS, ["20次"] * 3], ids=["three figures", "one figure"])
@pytest.mark.parametrize("inserted", [0, 2])
def test_rows_inserted_above(names: list[str], results: list[str], inserted: int) -> None:
    """The second of three is explained; rows without a finding come in above, all keys and addresses move."""
    old = first(_indicators(names, results))
    code = "XLP312"
    items = [row[ITEM] for row in rows(old).values() if row[CODE] == code]
    assert len(items) == 3, items
    nth = 1 if items[0] == items[1] else 0
    old = said(old, code, items[1], nth=nth)
    met = [f"新指标{n}" for n in range(inserted)]
    new = new_bytes(_indicators([*met, *names], [*["10次"] * inserted, *results]))
    assert keys_settled(list_into(old, new), code) == {f"indicators[{inserted + 1}].actual"}


@pytest.mark.parametrize("seed", range(4))
def test_list_sorted_by_the_user(seed: int) -> None:
    def shuffle(table: list[list[str]]) -> None:
        random.Random(seed).shuffle(table)

    for names in (NAMED, ["检查次数"] * 3):
        old = first(_indicators(names, ["20次"] * 3))
        item = [row[ITEM] for row in rows(old).values() if row[CODE] == "XLP312"][2]
        old = said(old, "XLP312", item, nth=0 if names is NAMED else 2)
        assert keys_settled(list_into(old, old, shuffle), "XLP312") == {"indicators[2].actual"}


def test_form_sorted_by_the_user() -> None:
    """Rows of the form change places: of one name, the figures tell them apart."""
    for names in (NAMED, ["检查次数"] * 3):
        old = first(_indicators(names, RESULTS))
        item = next(row[ITEM] for row in rows(old).values() if row[CODE] == "XLP312")
        old = said(old, "XLP312", item)
        new = new_bytes(_indicators(names[::-1], RESULTS[::-1]))
        assert keys_settled(list_into(old, new), "XLP312") == {"indicators[2].actual"}


def test_one_of_two_of_a_name_is_settled_not_both() -> None:
    old = first(_indicators(["检查次数"] * 2, ["20次"] * 2))
    old = said(old, "XLP312", "检查次数·实际完成值", nth=1)
    assert keys_settled(old, "XLP312") == {"indicators[1].actual"}
    gone = new_bytes(_indicators(["检查次数"] * 3, ["20次"] * 3))
    assert keys_settled(list_into(old, gone), "XLP312") <= {"indicators[1].actual"}


def test_a_finding_that_goes_and_comes_back(values: Values) -> None:
    code, item, key = SPENT
    blob = said(first(values), code, item)
    gone = marked(typed(blob, {"operating_budget": Decimal("92.01")}))
    row = rows(gone)[row_of(gone, code, item)]
    assert (row[TEXT], row[STATUS]) == (NOTE, GONE)
    back = marked(typed(gone, {"operating_budget": Decimal("9.5")}))
    assert standing(back, code, key) == (NOTE, True)
    other = marked(typed(gone, {"operating_budget": Decimal("8")}))
    assert standing(other, code, key) == (NOTE, False)


# --- lists of earlier versions ----------------------------------------------------------------------------------------


def test_lists_of_earlier_versions(values: Values) -> None:
    """They have the figure and the sentence beside the explanation too, and that is what it is compared with."""
    code, item, key = SPENT
    blob = said(first(values), code, item)
    number = row_of(blob, code, item)
    row = rows(blob)[number]
    assert (row[SHOWN].splitlines()[0], row[STATUS]) == ("92.01", "待说明")
    for status in ("待说明", "已说明"):  # written and not yet checked again, or checked by an earlier version
        book = Workbook.open(blob)
        book.write(RESULTS_SHEET, Ref(number, STATUS + 1), status)
        assert standing(book.to_bytes(), code, key) == (NOTE, True)
        assert standing(typed(book.to_bytes(), {key: Decimal("920.1")}), code, key) == (NOTE, False)


def test_figures_that_excel_turned_into_numbers(values: Values) -> None:
    """“转换为数字” over the column of figures: 94.77% is then kept as 0.9477."""
    code, item, key = SPENT
    blob = said(first(values), code, item)
    book = Workbook.open(blob)
    book.write(RESULTS_SHEET, Ref(row_of(blob, code, item), SHOWN + 1), Decimal("92.01"))
    assert standing(book.to_bytes(), code, key) == (NOTE, True)


# --- several findings that are one item -------------------------------------------------------------------------------

OVERSPENT = {  # 公用经费 and the parts of it that make it too large
    "operating_actual": "公用经费（决算数）",
    "operating_office_actual": "办公费（决算数）",
    "operating_utilities_travel_actual": "水费、电费、差旅费（决算数）",
}
CODE_OF_ALL = "XLP601"


def all_standing(blob: bytes) -> dict[str, bool]:
    return {key: standing(blob, CODE_OF_ALL, key)[1] for key in OVERSPENT}


def test_one_explanation_settles_all_of_an_item(values: Values) -> None:
    for item in OVERSPENT.values():  # they stand in one line, whichever of them it is looked up by
        blob = said(first(values), CODE_OF_ALL, item)
        assert all(all_standing(blob).values())
        again = marked(blob)
        assert rows(again)[row_of(again, CODE_OF_ALL, item)][STATUS] == "已说明"
        assert marked(again) == again


def test_one_figure_of_an_item_changes(values: Values) -> None:
    """What is written stands for the figures that are as they were; the item is open again."""
    blob = said(first(values), CODE_OF_ALL, OVERSPENT["operating_actual"])
    changed = marked(typed(blob, {"operating_office_actual": Decimal("53.6")}))
    assert all_standing(changed) == {key: key != "operating_office_actual" for key in OVERSPENT}
    row = rows(changed)[row_of(changed, CODE_OF_ALL, OVERSPENT["operating_actual"])]
    assert (row[TEXT], row[STATUS]) == (NOTE, CHANGED)
    assert marked(changed) == changed
    anew = marked(said(changed, CODE_OF_ALL, OVERSPENT["operating_actual"], NOTE + "，另有追加"))
    assert all(all_standing(anew).values())


def test_another_finding_comes_into_an_item(values: Values) -> None:
    """An explanation speaks of what was there when it was written, and of nothing that came later."""
    office = "operating_office_budget"
    before = first({**values, "fields": values["fields"] | {office: "6"}})
    blob = said(before, CODE_OF_ALL, OVERSPENT["operating_actual"])
    come = marked(typed(blob, {office: Decimal(2)}))
    assert all_standing(come) == {key: key != "operating_office_actual" for key in OVERSPENT}
    row = rows(come)[row_of(come, CODE_OF_ALL, OVERSPENT["operating_actual"])]
    assert (row[TEXT], row[STATUS]) == (NOTE, "待说明")
    assert "（2）原说明没有说到，原说明〔" in row[TITLES.index("建议")]
    assert marked(come) == come
    assert all(all_standing(marked(said(come, CODE_OF_ALL, OVERSPENT["operating_actual"], "都是追加"))).values())


def test_an_item_falls_apart(values: Values) -> None:
    """Without the whole, the parts are explained each by itself, and what was written is kept beside each."""
    blob = said(first(values), CODE_OF_ALL, OVERSPENT["operating_actual"])
    apart = marked(typed(blob, {"operating_budget": Decimal(500)}))
    parts = [key for key in OVERSPENT if key != "operating_actual"]
    places = {row_of(apart, CODE_OF_ALL, OVERSPENT[key]) for key in parts}
    assert len(places) == len(parts)
    assert [standing(apart, CODE_OF_ALL, key) for key in parts] == [(NOTE, True)] * len(parts)
    assert marked(apart) == apart
    again = marked(typed(apart, {"operating_budget": Decimal("9.5")}))
    assert all(all_standing(again).values()), "it is as it was"
    assert rows(again)[row_of(again, CODE_OF_ALL, OVERSPENT["operating_actual"])][TEXT] == NOTE


@pytest.mark.parametrize(
    "texts", [("甲事由", "乙事由"), ("甲事由", "甲事由"), ("甲事由", "无"), ("甲事由\n续", "乙事由")]
)
def test_several_explanations_become_one(values: Values, texts: tuple[str, str]) -> None:
    """As where an earlier version had a line a finding: nothing is lost, nothing stands twice."""
    old = first({**values, "fields": values["fields"] | {"operating_budget": "500"}})
    parts = [OVERSPENT[key] for key in ("operating_office_actual", "operating_utilities_travel_actual")]
    for item, text in zip(parts, texts, strict=True):
        old = said(old, CODE_OF_ALL, item, text)
    one = marked(typed(old, {"operating_budget": Decimal("9.5")}))
    row = rows(one)[row_of(one, CODE_OF_ALL, OVERSPENT["operating_actual"])]
    reasons = [text for text in dict.fromkeys(texts) if text != "无"]
    assert row[TEXT] == "\n".join(reasons)
    assert row[STATUS] == "待说明", "why the whole is too large has not been said"
    assert marked(one) == one
    assert not standing(one, CODE_OF_ALL, "operating_actual")[1]


def test_numbered_explanations_are_no_lines_of_ours(values: Values) -> None:
    text = "（1）年中追加\n（2）原说明没有说到\n原来填的是“1”，问题是“2”"
    blob = said(first(values), CODE_OF_ALL, OVERSPENT["operating_actual"], text)
    again = marked(blob)
    assert all(all_standing(again).values())
    changed = marked(typed(again, {"operating_office_actual": Decimal("53.6")}))
    assert all_standing(changed) == {key: key != "operating_office_actual" for key in OVERSPENT}
    assert marked(changed) == changed
