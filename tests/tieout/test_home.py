"""首页: of an empty form, of one that is being filled in, of any form. In Calc: see tests/hosts/differential.py."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.hosts.differential import FORMS
from tests.places import DATA, GOLDEN
from tests.random_forms import random_forms, workbook_of
from xlperf.audit.run import required_left
from xlperf.form.forms import form_ids, load_template
from xlperf.package import Ref, Workbook
from xlperf.tieout.home import PROGRESS, WIDTHS, required_keys
from xlperf.workbook.actions import check, fill, freeze, new_workbook, open_form
from xlperf.workbook.blank import build_workbook
from xlperf.workbook.results import home_sheets, show_tie_out

HOME = "首页"
TINY = (DATA / "tiny.toml").read_text("utf-8")
DEPARTMENT = load_template("department_overall")


def lines(book: Workbook) -> list[list[str]]:
    """What the sheet shows, row by row, blank cells too."""
    cells = Workbook.open(book.to_bytes()).cells(HOME)
    return [[cells[at].text if (at := Ref(row, col)) in cells else "" for col in range(1, 13)] for row in range(1, 40)]


def cards(shown: list[list[str]]) -> dict[str, str]:
    return {head: value for head, value in zip(shown[1], shown[2], strict=True) if head}


def progress(shown: list[list[str]]) -> dict[str, tuple[str, ...]]:
    """By sheet: required, filled, blank."""
    head = next(row for row, line in enumerate(shown) if line[0] == PROGRESS)
    rows = {line[0]: tuple(line[2:5]) for line in shown[head + 1 : head + 8] if line[0]}
    assert "合计" in rows
    return rows


def step(shown: list[list[str]]) -> str:
    assert shown[3][0] == "下一步"
    return shown[3][1]


def test_what_is_required_of_each_sheet() -> None:
    keys = required_keys(DEPARTMENT)
    assert list(keys) == ["填表说明", "基础数据表", "自评表"]  # nothing on 收支情况 and 自评报告 is
    assert keys["填表说明"] == ["year"]
    assert {"annual_spent", "goal_actual", "indicators[].score"} < set(keys["自评表"])
    assert not any(DEPARTMENT.field(key.replace("[]", "[0]")).derived for each in keys.values() for key in each)


@pytest.mark.parametrize("form", [*form_ids(), "tiny"])
def test_of_an_empty_form(form: str, tmp_path: Path) -> None:
    """Nothing but what is printed is filled, nothing disagrees, and the year is asked for first."""
    if form == "tiny":  # a form of somebody's own that wants one
        sheet = f'[[sheets]]\ntitle = "{HOME}"\nhelper = true\nhome = true\nrows = [["#{{year}}年　首页"]]\n\n'
        form = str(tmp_path / "with_home.toml")
        Path(form).write_text(
            TINY.replace("[[sheets]]", f"{sheet}[[sheets]]", 1).replace('"tiny"', '"with_home"'), "utf-8"
        )
    template = load_template(form)
    shown = lines(Workbook.open(build_workbook(template)))
    wanted, filled, blank = map(int, progress(shown)["合计"])
    single = [key for keys in required_keys(template).values() for key in keys if "[]." not in key]
    printed = [key for key in single if template.field(key).default]
    assert filled >= len(printed) and wanted == filled + blank and blank >= len(single) - len(printed)
    told = cards(shown)
    assert (told["✗ 须改正（行）"], told["核实（行）"], told["必填未填（格）"]) == ("0", "0", str(blank))
    assert step(shown).startswith("填写评价年度")
    assert shown[0][0].startswith("____年")


def test_it_follows_what_is_filled_in() -> None:
    values: dict[str, Any] = {"year": 2025, "fields": {}}
    assert step(lines(new_workbook(values))) == "填写“基础数据表”：必填的还有 2 格没有填。"
    values["fields"] |= {"staff_quota": "10", "staff_actual": "0"}  # 0 is filled in
    shown = lines(new_workbook(values))
    assert progress(shown)["基础数据表"] == ("2", "2", "0")
    assert step(shown).startswith("填写“自评表”：必填的还有 11 格")
    row = {"level1": "产出指标（50分）", "level2": "数量指标", "level3": "检查次数", "target": "≥1"}
    shown = lines(new_workbook({**values, "indicators": [row, row]}))
    assert progress(shown)["自评表"] == ("17", "4", "13")  # of two rows of five cells six are blank, and seven others


def home_and_audit(book: Workbook) -> tuple[int, int]:
    """必填未填 as 首页 says it, and as the audit does."""
    form = open_form(book.to_bytes())
    report, _ = check(form)
    show_tie_out(form.book, form.record.template)
    return int(progress(lines(form.book))["合计"][2]), required_left(report)


@pytest.mark.parametrize("form", form_ids())
def test_the_audit_counts_the_same_cells(form: str) -> None:
    """Of the blank form, of ones half filled in, and of filled ones with their faults."""
    template = load_template(form)
    home, audited = home_and_audit(Workbook.open(build_workbook(template)))
    assert home == audited > 0
    for values in random_forms(template, 4, "required") if form in FORMS else ():
        home, audited = home_and_audit(Workbook.open(workbook_of(values, template)))
        assert home == audited, values


def test_only_the_audit_knows_a_prompt(beita_values: dict[str, Any]) -> None:
    """README says so."""
    book = new_workbook(beita_values)
    assert home_and_audit(book) == (0, 0)
    book.write("自评表", goal_of(book), "（请填写年度总体目标，200字以内）")
    assert home_and_audit(book) == (0, 1)


def goal_of(book: Workbook) -> Ref:
    return next(Ref(area.top, area.left) for name, _, area in book.names if name == "xp_goal_expected")


def test_what_does_not_agree_comes_first(beita_values: dict[str, Any]) -> None:
    shown = lines(new_workbook(beita_values))
    told = cards(shown)
    assert (told["✗ 须改正（行）"], told["核实（行）"], told["未能核对（行）"], told["必填未填（格）"]) == (
        "2",
        "2",
        "42",
        "0",
    )
    assert (told["评价年度"], told["总分"], told["自评等级"]) == ("2023", "98", "优")
    assert told["预算单位名称"] == "中共邵阳市北塔区委网络安全和信息化委员会办公室"
    assert step(shown) == "改正“勾稽关系”里的 ✗ 2 行，见下面“先办这些”。"
    head = next(row for row, line in enumerate(shown) if line[0] == PROGRESS)
    listed = [(line[5], line[6]) for line in shown[head + 1 : head + 7]]
    assert [result for result, _ in listed] == ["✗", "✗", "核实", "核实", "", ""]
    assert listed[1][1].startswith("收支情况·支出合计（年初预算数）＝自评表·年初预算数")


def test_the_year_before_and_the_levels_stand_under_the_charts(beita_values: dict[str, Any]) -> None:
    shown = {
        tuple(filter(None, line[start : start + 4]))
        for line in lines(new_workbook(beita_values))
        for start in (0, 4, 8)
    }
    assert {("全年", "251.06", "1"), ("产出指标", "50", "50"), ("效益指标", "30", "28")} < shown
    assert ("支出合计", "251.06") in shown  # last year's was not stated: blank is not nil


def test_it_fits_a_screen_and_says_no_code() -> None:
    """1366 pixels, of which rows' numbers and the bar at the side take some; seven a character and five between."""
    assert sum(7 * width + 5 for width in WIDTHS) < 1300
    said = [text for line in lines(Workbook.open(build_workbook(DEPARTMENT))) for text in line]
    assert not [text for text in said if re.search(r"xlperf|XLP|xp_|[a-z]{3,}", text)]


def test_workbooks_without_it_go_on_working(beita_values: dict[str, Any]) -> None:
    form = open_form(GOLDEN / "first_revision.xlsx")
    assert home_sheets(form.book, DEPARTMENT) == []
    fill(form)
    freeze(form)
    assert HOME not in Workbook.open(form.book.to_bytes()).sheets
    form = open_form(new_workbook(beita_values).to_bytes())
    fill(form)
    freeze(form)
    assert not any(cell.formula for cell in Workbook.open(form.book.to_bytes()).cells(HOME).values())


def test_a_sheet_of_somebody_else_is_left_alone(beita_values: dict[str, Any]) -> None:
    form = open_form(new_workbook(beita_values).to_bytes())
    for ref in [ref for ref, cell in form.book.cells(HOME).items() if cell.text == PROGRESS]:
        form.book.write(HOME, ref, "我的表")
    form = open_form(form.book.to_bytes())
    assert home_sheets(form.book, DEPARTMENT) == []
