"""A form that is no self-evaluation is read where its kind is asked for, whoever laid it out."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.intake.drawn import document, table
from tests.labels.goal_forms import GOALS, MONITORING, Drawn
from tests.labels.published import PUBLISHED
from xlperf.errors import TemplateError, UnknownNameError
from xlperf.form.record import Record
from xlperf.form.template import INDICATORS, LONG_TERM
from xlperf.intake.standing import forms_in
from xlperf.labels.several import recognise_all
from xlperf.workbook.actions import new_workbook
from xlperf.workbook.several import open_forms

FORMS = {**{name: ("goals", drawn) for name, drawn in GOALS.items()}, "monitoring": ("monitoring", MONITORING)}


def rows_of(record: Record, role: str) -> tuple[tuple[str, str], ...]:
    return tuple((record[f"{row}level3"].text, record[f"{row}target"].text) for row in record.rows_of(role))


def cells_of(record: Record) -> dict[str, str]:
    told = {key: record[key] for key in record.template.fields}
    return {key: cell.text if cell.field.is_text else cell.shown for key, cell in told.items() if not cell.is_blank}


@pytest.mark.parametrize("name", FORMS)
def test_it_is_read_whole(name: str) -> None:
    kind, drawn = FORMS[name]
    (form,) = forms_in(document(table(drawn.text)), wanted=kind)
    assert cells_of(form.record) == drawn.cells
    assert rows_of(form.record, INDICATORS) == drawn.year
    assert rows_of(form.record, LONG_TERM) == drawn.term
    assert form.left == ()


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("2024年1月至2024年12月", "2024年1月", "2024年12月"),
        ("2024年1-12月", "2024年1月", "2024年12月"),
        ("2024.01—2026.12", "2024.01", "2026.12"),
        ("2024-01-01至2024-12-31", "2024-01-01", "2024-12-31"),
        ("2024-2026", "2024", "2026"),
        ("2024-01-01", "2024-01-01", ""),
        ("2024-01", "2024-01", ""),
        ("长期", "长期", ""),
    ],
)
def test_a_period_in_one_cell(text: str, begin: str, end: str) -> None:
    drawn = GOALS["older"].text.replace("2024年1月1日至12月31日", text)
    (form,) = forms_in(document(table(drawn)), wanted="goals")
    found = cells_of(form.record)
    assert (found["starts_on"], found.get("ends_on", "")) == (begin, end)


@pytest.mark.parametrize(
    ("drawn", "wanted", "message"),
    [
        (MONITORING.text, "goals", "这是绩效运行监控表，不是项目支出绩效目标（申报）表"),
        (GOALS["shenzhen"].text, "monitoring", "这是项目支出绩效目标（申报）表，不是绩效运行监控表"),
        (PUBLISHED["C1"].drawn, "goals", "没有认出项目支出绩效目标（申报）表"),
        (PUBLISHED["C1"].drawn, "monitoring", "没有认出绩效运行监控表"),
        ("姓名 | 电话\n甲 | 1", "goals", "没有认出项目支出绩效目标（申报）表"),
    ],
)
def test_another_form_is_told(drawn: str, wanted: str, message: str) -> None:
    with pytest.raises(TemplateError, match=message):
        forms_in(document(table(drawn)), wanted=wanted)


def test_a_kind_that_is_not_read() -> None:
    with pytest.raises(UnknownNameError, match="没有名为“decoration”的一类表；可用：monitoring、goals"):
        forms_in(document(), wanted="decoration")


def test_a_short_form_of_which_no_heading_is_a_sign() -> None:
    (form,) = forms_in(
        document(table("项目名称 | 甲 | <\n一级指标 | 三级指标 | 目标值\n产出指标 | 归档数 | ≥100件")), wanted="goals"
    )
    assert rows_of(form.record, INDICATORS) == (("归档数", "≥100件"),)


@pytest.mark.parametrize("heading", ["指标值（包含数字及文字描述）", "目标值", "绩效标准", "预期指标值", "指标目标值"])
@pytest.mark.parametrize("name", ["三级指标", "指标内容", "指标名称"])
def test_headings_of_targets(name: str, heading: str) -> None:
    drawn = GOALS["older"].text.replace("指标内容 | 指标值", f"{name} | {heading}")
    (form,) = forms_in(document(table(drawn)), wanted="goals")
    assert rows_of(form.record, INDICATORS) == GOALS["older"].year
    assert rows_of(form.record, LONG_TERM) == GOALS["older"].term
    assert form.left == ()


def test_of_several_forms_in_a_workbook_those_of_the_kind() -> None:
    sheets = {"目标": GOALS["older"].text, "监控": MONITORING.text, "自评": PUBLISHED["C1"].drawn}
    second = GOALS["shanghai"].text.replace("档案整理 |", "档案数字化 |")
    sheets["目标二"] = second
    blocks = [table(text, f"工作表“{name}”") for name, text in sheets.items()]
    found = recognise_all(document(*blocks, name="甲.xlsx"), wanted="goals")
    assert [form.entries["project_name"].value for form in found] == ["档案整理", "档案数字化"]
    (watched,) = recognise_all(document(*blocks, name="甲.xlsx"), wanted="monitoring")
    assert watched.template.id == "monitoring"


@pytest.fixture
def sheet_of(tmp_path: Path):  # type: ignore[no-untyped-def]
    def written(drawn: Drawn, book: openpyxl.Workbook | None = None) -> Path:
        book = book or openpyxl.Workbook()
        sheet = book.create_sheet("他处的表")
        for cell in table(drawn.text).cells:
            sheet.cell(cell.row + 1, cell.col + 1, cell.text or None)
            if cell.rows > 1 or cell.cols > 1:
                sheet.merge_cells(None, cell.row + 1, cell.col + 1, cell.row + cell.rows, cell.col + cell.cols)
        book.save(tmp_path / "他处.xlsx")
        return tmp_path / "他处.xlsx"

    return written


@pytest.mark.parametrize("name", ["older", "side by side", "monitoring"])
def test_in_a_workbook(name: str, sheet_of) -> None:  # type: ignore[no-untyped-def]
    kind, drawn = FORMS[name]
    (form,) = open_forms(sheet_of(drawn), wanted=kind)
    assert cells_of(form.record) == drawn.cells
    assert rows_of(form.record, INDICATORS) == drawn.year
    assert form.record["indicators[0].target"].at.startswith("他处的表!")


def test_a_workbook_of_ours(sheet_of, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """By its names where it is of the kind; else what is on sheets of somebody's own."""
    new_workbook({"template": "goals", "year": 2024}).save(tmp_path / "目标.xlsx")
    (form,) = open_forms(tmp_path / "目标.xlsx", wanted="goals")
    assert form.record.template.id == "goals"
    with pytest.raises(TemplateError, match=r"目标.xlsx：这是项目支出绩效目标申报工作簿，里面没有绩效运行监控表"):
        open_forms(tmp_path / "目标.xlsx", wanted="monitoring")
    both = sheet_of(MONITORING, openpyxl.load_workbook(tmp_path / "目标.xlsx"))
    (form,) = open_forms(both, wanted="monitoring")
    assert form.record["project_name"].text == "档案整理"
