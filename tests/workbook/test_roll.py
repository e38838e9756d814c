"""Next year's workbook: what comes along, what is typed anew, and that no year was left behind."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.command import called
from tests.hosts.libreoffice import Office
from tests.workbooks import edited, new_bytes
from xlperf.audit.run import audit
from xlperf.errors import ValuesError
from xlperf.form.record import Record, record_from_values, values_of
from xlperf.form.template import Template
from xlperf.package import Ref, Workbook, ref_text
from xlperf.workbook.actions import check, fill, mark, new_workbook, open_form, roll
from xlperf.workbook.drafts import DRAFTS_SHEET, clear_drafts, waiting_drafts
from xlperf.workbook.roll import Rolled, roll_values

# All that a unit may have written of its year, in every way of writing it.
VALUES: dict[str, Any] = {
    "year": 2023,
    "unit_name": "某局",
    "fields": {
        "base_unit_name": "某局",
        "staff_quota": "12",
        "staff_actual": "11",
        "filled_on": "2024年3月1日",
        "preparer": "张三",
        "phone": "0739-2023123",
        "thrift_measures": "执行《厉行节约办法》（某发〔2023〕10号）。",
        "goal_expected": "２０２３年度完成安全检查，2023-12-31前验收。",
        "goal_actual": "2023年全部完成。",
        "building_year": "2023",
        "building_area_approved": "1000",
        "building_area_actual": "1000",
        "opening_budget": "2023",
        "annual_budget": "2100",
        "annual_spent": "2050",
        "source_general_budget": "2100",
        "execution_weight": "10",
        "carryover_opening": "5",
        "carryover_closing": "55",
        "report_score": "97",
        "report_grade": "优",
        "section_1_1": "二〇二三年设三个股室。",
        "section_2_1": "1.2023年收入2050.00万元，比2022年增加2023万元，服务2023人次。",
        "section_6": "无。",
        "vehicle_operation_actual": "3.00",
        "reception_budget": "2.00",
        "reception_actual": "1.50",
        "vehicle_budget": "4.00",
        "project_actual": "40.00",
        "operating_actual": "9.01.",
        "procurement_actual": "12.00",
        "basic_adjustment_budget": "70.00",
        "basic_adjustment_actual": "75.00",
        "overseas_actual": "——",
        "basic_current": "213.62",
        "basic_opening": "200.00",
        "basic_reason": "2023年调资",
    },
    "indicators": [
        {
            "level1": "产出指标（50分）",
            "level2": "时效指标",
            "level3": "2023年任务完成时间",
            "target": "2023年12月前",
            "actual": "2023年11月",
            "weight": "50",
            "score": "49",
            "deviation_note": "2023年较紧",
        },
        {
            "level1": "效益指标",
            "level2": "社会效益指标",
            "level3": "满意人数",
            "target": "≥2023人",
            "weight": "40.5",
        },
    ],
    "project_special": [
        {"name": "2023年安全专项", "prior_actual": "30", "budget": "42", "actual": "37.44"},
        {"name": "信息化", "budget": "8"},
    ],
}


@pytest.fixture(scope="module")
def rolled(template: Template) -> Rolled:
    return roll_values(record_from_values(VALUES, template))


# --- what becomes of each cell ----------------------------------------------------------------------------------------


def test_a_name_that_is_the_same_is_carried_by_the_formula(rolled: Rolled) -> None:
    """Typed once next year too; one that differs is a name of its own."""
    assert "base_unit_name" not in rolled.values["fields"]
    form = open_form(new_workbook(rolled.values).to_bytes())
    assert form.record["base_unit_name"].text == form.record["report_unit_name"].text == "某局"


def test_every_cell_of_the_next_year(rolled: Rolled) -> None:
    """Budgets, results, points, dates and reasons of this year are not there: they are typed anew."""
    assert rolled.values == {
        "template": "department_overall",
        "year": 2024,
        "unit_name": "某局",
        "fields": {
            "execution_weight": "10",
            "staff_quota": "12",
            "thrift_measures": "执行《厉行节约办法》（某发〔2023〕10号）。",
            "goal_expected": "２０２４年度完成安全检查，2024-12-31前验收。",
            "preparer": "张三",
            "phone": "0739-2023123",
            "section_1_1": "二〇二四年设三个股室。",
            "section_2_1": "1.2024年收入〔…〕万元，比2023年增加〔…〕万元，服务〔…〕人次。",
            "section_6": "无。",
            "carryover_opening": "55.00",
            "sangong_prior_budget": "6.00",  # 4.00 + 2.00, though the total was blank
            "vehicle_operation_prior_actual": "3.00",
            "reception_prior_actual": "1.50",
            "overseas_prior_actual": "——",
            "project_prior_actual": "40.00",  # its line alone would give 37.44
            "basic_prior": "213.62",
            "procurement_prior_actual": "——",  # printed in the form
            "basic_adjustment_prior_actual": "——",
        },
        "indicators": [
            {
                "level1": "产出指标（50分）",
                "level2": "时效指标",
                "level3": "2024年任务完成时间",
                "target": "2024年12月前",
                "weight": "50",
            },
            {
                "level1": "效益指标",
                "level2": "社会效益指标",
                "level3": "满意人数",
                "target": "≥2023人",
                "weight": "40.5",
            },
        ],
        "project_special": [{"name": "2024年安全专项", "prior_actual": "37.44"}, {"name": "信息化"}],
    }


def test_what_the_user_is_told(rolled: Rolled) -> None:
    assert rolled.left == {"thrift_measures": ("约办法》（某发〔2023〕10号）。",)}
    assert [(cell.key, cell.text) for cell in rolled.unread] == [("operating_actual", "9.01.")]


def test_the_drafts(rolled: Rolled) -> None:
    words = {"staff_quota", "thrift_measures", "goal_expected", "preparer", "phone"}
    words |= {"section_1_1", "section_2_1", "section_6"}
    rows = {f"indicators[{row}].{column}" for row in (0, 1) for column in ("level3", "target", "weight")}
    assert set(rolled.drafts) == words | rows


def test_totals_are_left_to_the_formulas_where_these_give_them(template: Template) -> None:
    values = {"year": 2023, "fields": {"reception_actual": "1.50", "sangong_actual": "1.5"}}
    fields = roll_values(record_from_values(values, template)).values["fields"]
    assert "sangong_prior_actual" not in fields


def test_without_a_year_nothing_is_rolled(template: Template) -> None:
    with pytest.raises(ValuesError, match="评价年度"):
        roll_values(record_from_values({"unit_name": "某局"}, template))


def test_two_years_on(rolled: Rolled, template: Template) -> None:
    again = roll_values(record_from_values(rolled.values, template))
    assert again.values["year"] == 2025
    assert again.values["fields"]["section_1_1"] == "二〇二五年设三个股室。"
    assert again.values["indicators"][0]["target"] == "2025年12月前"
    assert [row["name"] for row in again.values["project_special"]] == ["2025年安全专项", "信息化"]
    assert set(again.values["fields"]) & {"carryover_opening", "basic_prior", "project_prior_actual"} == set()


# --- the workbook -----------------------------------------------------------------------------------------------------

OLD_YEAR = re.compile(r"(?<![0-9])2023(?=\s*[年度\-./〕）)\]])|２０２３|二[〇○零]二三")


def naming(book: Workbook, pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    for sheet in book.sheets:
        for ref, cell in book.cells(sheet).items():
            if pattern.search(cell.text) or pattern.search(cell.formula or ""):
                yield f"{sheet}!{ref_text(ref)}", cell.text


LAST_YEAR = {"收支情况!B3": "上年数\n（2023年）", "基础数据表!C6": "2023年决算数"}


@pytest.fixture
def next_year(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The workbook of 2024, made by the command from one of 2023 in which everything is filled."""
    values = json.loads(json.dumps(VALUES))
    values["fields"]["thrift_measures"] = "厉行节约。"
    values["fields"]["section_2_1"] = "1.2023年收入2050.00万元，增加2023万元，服务2023人次。"
    (tmp_path / "2023.xlsx").write_bytes(edited(values, {}))
    before = (tmp_path / "2023.xlsx").read_bytes()
    result = called(capsys, "roll", tmp_path / "2023.xlsx", "-o", tmp_path / "2024.xlsx")
    assert (result.code, result.out) == (0, f"{tmp_path / '2024.xlsx'}\n")
    assert "沿用了 14 格" in result.err
    assert (tmp_path / "2023.xlsx").read_bytes() == before
    return tmp_path / "2024.xlsx"


def test_no_cell_names_the_old_year_but_as_last_year(next_year: Path) -> None:
    assert dict(naming(Workbook.open(next_year), OLD_YEAR)) == LAST_YEAR


def test_nor_does_anything_else_in_the_file(next_year: Path) -> None:
    """Input messages, headers, names, properties."""
    with zipfile.ZipFile(next_year) as archive:
        for name in archive.namelist():
            found = OLD_YEAR.findall(archive.read(name).decode("utf-8", "replace"))
            assert len(found) == (1 if name.endswith(("sheet3.xml", "sheet4.xml")) else 0), name


def test_nor_after_a_recalculation_in_calc(next_year: Path, tmp_path: Path, office: Office) -> None:
    (converted,) = office.convert([next_year], "xlsx", tmp_path / "calc")
    book = Workbook.open(converted)
    assert dict(naming(book, OLD_YEAR)) == LAST_YEAR
    assert book.cells("收支情况")[Ref(1, 1)].text == "2024年部门收入支出情况表"
    statuses = [cell.text for ref, cell in book.cells(DRAFTS_SHEET).items() if ref.col == 5 and ref.row > 3]
    assert statuses == ["待核对"] * 14


def test_of_two_rolls_neither_earlier_year_is_left(next_year: Path, tmp_path: Path, office: Office) -> None:
    new, _ = roll(open_form(next_year))
    new.book.save(tmp_path / "2025.xlsx")
    (converted,) = office.convert([tmp_path / "2025.xlsx"], "xlsx", tmp_path / "calc")
    for path in (tmp_path / "2025.xlsx", converted):
        book = Workbook.open(path)
        assert dict(naming(book, OLD_YEAR)) == {}
        assert dict(naming(book, re.compile("2024"))) == {
            at: text.replace("2023", "2024") for at, text in LAST_YEAR.items()
        }


def test_the_beita_workbook_rolls(beita: Record, beita_values: Mapping[str, Any]) -> None:
    new, rolled = roll(open_form(new_bytes(beita_values)))
    assert rolled.left == {}
    assert values_of(open_form(new.book.to_bytes()).record)["fields"]["project_prior_actual"] == "37.44"
    assert dict(naming(Workbook.open(new.book.to_bytes()), OLD_YEAR)) == LAST_YEAR
    found = {finding.code for finding in audit(open_form(new.book.to_bytes()).record).findings}
    assert {"XLP408", "XLP510", "XLP314"} & found == set()


# --- the marks of drafts ----------------------------------------------------------------------------------------------


def waiting(book: Workbook) -> set[str]:
    return {place.address for place in waiting_drafts(book)}


def reviewed(blob: bytes) -> list[tuple[str, int]]:
    """XLP113 by sheet, with the number of cells."""
    report, _ = check(open_form(blob))
    return [(found.at.partition("!")[0], len(found.related) + 1) for found in report.findings if found.code == "XLP113"]


def test_each_draft_is_listed_linked_and_coloured(next_year: Path) -> None:
    form = open_form(next_year)
    listed = form.book.cells(DRAFTS_SHEET)
    assert listed[Ref(4, 2)].text == "基础数据表!C5"
    assert len(waiting(form.book)) == 14
    with zipfile.ZipFile(next_year) as archive:
        sheet = archive.read("xl/worksheets/sheet5.xml").decode()
    rules = re.findall(r'sqref="([A-Z0-9]+)"><cfRule[^>]*><formula>AND\(N\("xlperf 草稿"\)=0,INDIRECT', sheet)
    target = form.binding.place("indicators[0].target").ref
    assert ref_text(target) in rules
    assert len(rules) == 9  # 目标, 填表人, 电话 and two rows of three cells


def test_a_changed_and_a_confirmed_cell_lose_the_mark(next_year: Path) -> None:
    form = open_form(next_year)
    assert reviewed(next_year.read_bytes()) == [("基础数据表", 2), ("自评表", 9), ("自评报告", 3)]
    place = form.binding.place("section_1_1")
    form.book.write(place.sheet, place.ref, "二〇二四年设四个股室。")
    form.book.write(DRAFTS_SHEET, Ref(4, 6), "是")
    after = form.book.to_bytes()
    assert reviewed(after) == [("基础数据表", 1), ("自评表", 9), ("自评报告", 2)]
    assert len(waiting(Workbook.open(after))) == 12


def test_calc_says_the_same_after_the_change(next_year: Path, tmp_path: Path, office: Office) -> None:
    form = open_form(next_year)
    place = form.binding.place("section_1_1")
    form.book.write(place.sheet, place.ref, "二〇二四年设四个股室。")
    form.book.write(DRAFTS_SHEET, Ref(4, 6), "是")
    form.book.save(tmp_path / "changed.xlsx")
    (converted,) = office.convert([tmp_path / "changed.xlsx"], "xlsx", tmp_path / "calc")
    book = Workbook.open(converted)
    texts = [cell.text for ref, cell in sorted(book.cells(DRAFTS_SHEET).items()) if ref.col == 5 and ref.row > 3]
    assert sorted(texts) == sorted(["已核对", "已修改", *["待核对"] * 12])
    assert waiting(book) == waiting(Workbook.open(form.book.to_bytes()))


def test_marks_survive_an_audit_and_filling_and_go_when_told(
    next_year: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = next_year.read_bytes()
    form = open_form(plain)
    fill(form)
    mark(form, *check(form))
    marked = form.book.to_bytes()
    assert waiting(Workbook.open(marked)) == waiting(Workbook.open(plain))
    (tmp_path / "marked.xlsx").write_bytes(marked)
    assert called(capsys, "clear", tmp_path / "marked.xlsx", "-o", tmp_path / "cleared.xlsx").code == 0
    assert waiting(Workbook.open(tmp_path / "cleared.xlsx")) == waiting(Workbook.open(plain))
    assert called(capsys, "clear", tmp_path / "cleared.xlsx", "--in-place", "--drafts").code == 0
    book = Workbook.open(tmp_path / "cleared.xlsx")
    assert DRAFTS_SHEET not in book.sheets
    assert reviewed((tmp_path / "cleared.xlsx").read_bytes()) == []
    with zipfile.ZipFile(tmp_path / "cleared.xlsx") as archive:
        assert not any("草稿" in archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def test_clearing_gives_the_sheets_back_byte_for_byte(rolled: Rolled) -> None:
    plain = new_bytes(rolled.values)
    new, _ = roll(open_form(edited(VALUES, {"fill": False})))
    marked = Workbook.open(new.book.to_bytes())
    clear_drafts(marked)
    before, after = (zipfile.ZipFile(io.BytesIO(blob)) for blob in (plain, marked.to_bytes()))
    sheets = [name for name in before.namelist() if name.startswith("xl/worksheets/")]
    assert sheets == [name for name in after.namelist() if name.startswith("xl/worksheets/")]
    assert [name for name in sheets if before.read(name) != after.read(name)] == []


def test_clearing_drafts_of_an_ordinary_workbook_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "2023.xlsx").write_bytes(edited(VALUES, {}))
    assert called(capsys, "clear", tmp_path / "2023.xlsx", "-o", tmp_path / "out.xlsx", "--drafts").code == 0
    before, after = (Workbook.open(tmp_path / name) for name in ("2023.xlsx", "out.xlsx"))
    assert {sheet: dict(before.cells(sheet)) for sheet in before.sheets} == {
        sheet: dict(after.cells(sheet)) for sheet in after.sheets
    }


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "words"), [("2023.xlsx", "文件已存在"), ("2024.docx", ".xlsx"), ("no/where.xlsx", "where.xlsx")]
)
def test_refusals(target: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "2023.xlsx").write_bytes(edited(VALUES, {}))
    result = called(capsys, "roll", tmp_path / "2023.xlsx", "-o", tmp_path / target)
    assert (result.code, result.out) == (2, "")
    assert words in result.err
    assert "Traceback" not in result.err


def test_the_command_lists_what_it_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "2023.xlsx").write_bytes(edited(VALUES, {}))
    result = called(capsys, "roll", tmp_path / "2023.xlsx", "-o", tmp_path / "2024.xlsx")
    assert "基础数据表!C29  厉行节约保障措施：" in result.err
    assert "〔2023〕10号" in result.err
    assert "公用经费（决算数）：9.01." in result.err


def test_a_total_that_the_formula_would_not_give_is_carried(template: Template) -> None:
    """公务用车 was typed as 0.21 over parts of 0.22; 三公经费 0.24 counts the parts, but the sheet would add 0.21."""
    parts = {"vehicle_purchase_actual": "0.01", "vehicle_operation_actual": "0.21", "reception_actual": "0.02"}
    fields = parts | {"vehicle_actual": "0.21", "sangong_actual": "0.24"}
    rolled = roll_values(record_from_values({"year": 2023, "fields": fields}, template)).values["fields"]
    assert {key: rolled[key] for key in ("vehicle_prior_actual", "sangong_prior_actual")} == {
        "vehicle_prior_actual": "0.21",
        "sangong_prior_actual": "0.24",
    }
    sound = roll_values(record_from_values({"year": 2023, "fields": parts}, template)).values["fields"]
    assert not {"vehicle_prior_actual", "sangong_prior_actual"} & sound.keys(), "left to the formulas"


def test_a_table_that_holds_nothing_but_the_reserved_row(template: Template) -> None:
    """Found by the campaign: its …… came along as a draft of a row that next year's workbook does not have."""
    values = VALUES | {"indicators": [{"level1": "产出指标（50分）", "level2": "成本指标", "level3": "……"}]}
    rolled = roll_values(record_from_values(values, template))
    assert rolled.values["indicators"] == []
    assert not [key for key in rolled.drafts if key.startswith("indicators")]
    kept = [*values["indicators"], {"level1": "产出指标（50分）", "level2": "成本指标", "level3": "采购"}]
    rolled = roll_values(record_from_values(VALUES | {"indicators": kept}, template))
    assert [row["level3"] for row in rolled.values["indicators"]] == ["采购"]
    assert [key for key in rolled.drafts if key.endswith("level3")] == ["indicators[0].level3"]
