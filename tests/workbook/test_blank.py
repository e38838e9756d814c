"""The template's .xlsx: reproducible, in agreement with the TOML, live in a real spreadsheet program."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.cell import MergedCell
from openpyxl.workbook.defined_name import DefinedName

from tests.hosts.libreoffice import Office
from xlperf.derive.engine import steps_of
from xlperf.derive.native import native_formula
from xlperf.errors import TemplateError
from xlperf.form.forms import load_template
from xlperf.form.record import Record, record_from_values
from xlperf.form.template import Template
from xlperf.form.written import templates_folder
from xlperf.package.address import Ref
from xlperf.package.workbook import Workbook
from xlperf.workbook.binding import bind
from xlperf.workbook.blank import build_workbook
from xlperf.workbook.linted import lint_template
from xlperf.workbook.result_rows import COLUMNS

SHEETS = ["首页", "填表说明", "收支情况", "基础数据表", "自评表", "自评报告", "勾稽关系", "审核结果"]


@pytest.fixture(scope="module")
def blank(template: Template) -> bytes:
    return build_workbook(template)


def opened(blob: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(blob))


def place(book: Any, name: str) -> Any:
    """The cell, or the rows of cells, that a defined name covers."""
    ((title, area),) = book.defined_names[name].destinations
    return book[title][area.replace("$", "")]


def texts(row: Any) -> list[str]:
    return ["".join(str(cell.value or "").split()) for cell in row]


def small_record(template: Template) -> Record:
    row = {"level1": "产出指标（50分）", "level2": "数量指标", "level3": "检查次数", "target": "≥1"}
    return record_from_values(
        {
            "year": 2031,
            "indicators": [
                row,
                row | {"level3": "=1+1"},
                row | {"level2": "质量指标", "level3": "合格率"},
                {"level1": "效益指标", "level2": "质量指标", "level3": "覆盖面"},
            ],
            "project_special": [{"name": "专项一"}, {"name": "专项二"}, {"name": "专项三"}],
        },
        template,
    )


def test_same_bytes_every_time(template: Template, blank: bytes) -> None:
    assert build_workbook(template) == blank


def test_same_bytes_in_another_process_and_without_lxml(blank: bytes) -> None:
    code = (
        "import hashlib; from xlperf.workbook.blank import build_workbook;"
        "from xlperf.form.forms import load_template;"
        "print(hashlib.sha256(build_workbook(load_template('department_overall'))).hexdigest())"
    )
    settings = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "OPENPYXL_LXML": "False"}
    done = subprocess.run([sys.executable, "-c", code], env=settings, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == hashlib.sha256(blank).hexdigest()


def test_the_committed_workbook_is_the_one_that_is_built(template: Template, blank: bytes) -> None:
    committed = (templates_folder() / f"{template.id}.xlsx").read_bytes()
    assert committed == blank, "重新生成：xlperf template build"


def test_toml_and_workbook_agree(template: Template, blank: bytes) -> None:
    assert lint_template(template, blank) == []


def test_sheets_in_order(blank: bytes) -> None:
    assert opened(blank).sheetnames == SHEETS


def test_every_field_has_one_cell_of_its_own(template: Template, blank: bytes) -> None:
    book = opened(blank)
    fields = {f"xp_{key}" for key in template.fields}
    areas = {f"xp_{key}" for key in template.tables} | {"xp_template", "xp_findings"}
    assert set(book.defined_names) == fields | areas
    targets = [book.defined_names[name].attr_text for name in fields | {"xp_template"}]
    assert len(set(targets)) == len(targets)
    assert all(re.fullmatch(r"'[^']+'!\$[A-Z]+\$\d+", target) for target in targets)


def test_presets_and_template_id(template: Template, blank: bytes) -> None:
    book = opened(blank)
    values = {key: place(book, f"xp_{key}").value for key in ("year", "template", "execution_weight")}
    assert values == {"year": None, "template": template.id, "execution_weight": 10}
    assert place(book, "xp_procurement_prior_actual").value == "——"
    assert place(opened(build_workbook(template, year=2030)), "xp_year").value == 2030


def test_no_year_is_printed_that_nobody_gave(blank: bytes) -> None:
    """A blank form says ____年 in its headings, and no year anywhere."""
    texts = [
        cell.value
        for sheet in openpyxl.load_workbook(io.BytesIO(blank), data_only=True)
        for row in sheet.iter_rows()
        for cell in row
    ]
    said = [text for text in texts if isinstance(text, str)]
    assert "____年部门收入支出情况表" in said
    assert [text for text in said if re.search("20[0-9]{2} ?年", text)] == []
    assert [value for value in texts if isinstance(value, int) and 1990 < value < 2100] == []


def test_header_of_results(blank: bytes) -> None:
    (row,) = place(opened(blank), "xp_findings")
    assert [cell.value for cell in row] == [column.title for column in COLUMNS]


def test_rows_of_a_record_and_one_placeholder(template: Template) -> None:
    book = opened(build_workbook(template, record=small_record(template)))
    assert place(book, "xp_year").value == 2031
    header, *body = place(book, "xp_indicators")
    assert texts(header) == [
        "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施",
    ]  # fmt: skip
    assert [[cell.value for cell in row] for row in body] == [
        ["产出指标（50分）", "数量指标", *[None] * 6],
        [None] * 8,
        [None, "质量指标", *[None] * 6],
        ["效益指标", "质量指标", *[None] * 6],
        [None, None, "……", *[None] * 5],
    ]
    merged = {str(area) for area in book["自评表"].merged_cells.ranges}
    top = body[0][0].row
    assert {f"B{top}:B{top + 2}", f"C{top}:C{top + 1}", f"B{top + 3}:B{top + 4}"} <= merged
    _, *special = place(book, "xp_project_special")
    assert [row[0].value for row in special] == [None, None, None, "……"]
    assert place(book, "xp_execution_weight").value is None  # presets are for the blank form only


def test_rows_of_the_official_form(blank: bytes) -> None:
    book = opened(blank)
    _, *body = place(book, "xp_indicators")
    levels = [row[1].value for row in body if row[1].value]
    assert levels == [
        "数量指标", "质量指标", "时效指标", "成本指标", "经济效益指标", "社会效益指标", "生态效益指标",
        "可持续影响指标", "服务对象满意度指标",
    ]  # fmt: skip
    assert body[-1][2].value == "……"
    header, *special = place(book, "xp_project_special")
    assert texts(header)[0] == "3、市级专项资金（一个专项一行）"
    assert [row[0].value for row in special] == [None, "……"]


def test_derived_cells_are_blank_locked_plain_formulas(template: Template, blank: bytes) -> None:
    book, read = opened(blank), Workbook.open(blank)
    for key, spec in template.fields.items():
        cell = place(book, f"xp_{key}")
        assert cell.protection.locked is spec.derived, key
        assert (cell.data_type == "f") is (spec.derived or key in template.offered), key
        if spec.derived:
            assert not re.search(r"LET\(|XLOOKUP|FILTER|LAMBDA|AGGREGATE|\$|#REF", cell.value), cell.value
            assert read.cells(cell.parent.title)[Ref(cell.row, cell.column)].text == "", key


def test_inputs_refuse_nothing_and_say_their_unit(template: Template, blank: bytes) -> None:
    book = opened(blank)
    told: dict[tuple[str, str], str] = {}
    for sheet in book:
        for help_text in sheet.data_validations.dataValidation:
            assert help_text.type is None and not help_text.showErrorMessage
            assert len(help_text.promptTitle) <= 32 and len(help_text.prompt) <= 255
            told |= {(sheet.title, at): help_text.prompt for area in help_text.sqref for at in at_of(area)}
    for key, spec in template.fields.items():
        cell = place(book, f"xp_{key}")
        if spec.unit and not spec.derived and not spec.default and spec.type != "year":
            assert f"单位：{spec.unit}" in told[cell.parent.title, cell.coordinate], key


def at_of(area: Any) -> list[str]:
    return [f"{openpyxl.utils.get_column_letter(col)}{row}" for row, col in area.cells]


def test_protection_has_no_password_and_lets_rows_grow(blank: bytes) -> None:
    for sheet in opened(blank):
        rules = sheet.protection
        assert rules.sheet is (sheet.title != "审核结果")
        assert rules.password is None
        assert not (rules.insertRows or rules.deleteRows) or not rules.sheet


@pytest.mark.parametrize("table", ["indicators", "project_special"])
def test_table_rows_hold_no_locked_cell(blank: bytes, table: str) -> None:
    _, *body = place(opened(blank), f"xp_{table}")
    sheet = body[0][0].parent
    last = max(cell.column for row in body for cell in row)
    cells = [cell for row in body for cell in sheet[row[0].row][:last] if not isinstance(cell, MergedCell)]
    assert cells and not any(cell.protection.locked for cell in cells)


def _remove_name(book: Any) -> None:
    del book.defined_names["xp_overseas_actual"]


def _double_name(book: Any) -> None:
    target = book.defined_names["xp_vehicle_actual"].attr_text
    book.defined_names["xp_overseas_actual"] = DefinedName("xp_overseas_actual", attr_text=target)


def _foreign_name(book: Any) -> None:
    book.defined_names["xp_lunch"] = DefinedName("xp_lunch", attr_text="'自评表'!$A$1")


def _broken_name(book: Any) -> None:
    book.defined_names["xp_phone"] = DefinedName("xp_phone", attr_text="'自评表'!#REF!")


def _wide_name(book: Any) -> None:
    book.defined_names["xp_phone"] = DefinedName("xp_phone", attr_text="'自评表'!$A$1:$B$2")


def _other_heading(book: Any) -> None:
    place(book, "xp_indicators")[0][3].value = "目标"


def _lost_column(book: Any) -> None:
    target = book.defined_names["xp_indicators"]
    target.attr_text = target.attr_text.replace("$I", "$H")


def _no_formula(book: Any) -> None:
    place(book, "xp_total_score").value = 98


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_remove_name, "缺少名称 xp_overseas_actual"),
        (_double_name, "xp_overseas_actual 指向同一个单元格 基础数据表!"),
        (_foreign_name, "名称 xp_lunch 在模板中没有对应的项目"),
        (_broken_name, "名称 xp_phone 没有指向一块单元格"),
        (_wide_name, "名称 xp_phone（联系电话）应指向一个单元格"),
        (_other_heading, "的表头“目标”与栏目“年度指标值”不一致"),
        (_lost_column, "表“绩效指标”应有 8 栏，自评表 的表头有 7 栏"),
        (_no_formula, "（总分）应由公式计算，但单元格里没有公式"),
    ],
)
def test_lint_finds(template: Template, blank: bytes, damage: Callable[[Any], None], said: str) -> None:
    book = opened(blank)
    damage(book)
    saved = io.BytesIO()
    book.save(saved)
    problems = lint_template(template, saved.getvalue())
    assert len(problems) == 1, problems
    assert said in problems[0]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["<", "a"]], "没有可并入的格"),
        ([["a", "b"], ["^", "c"], ["d", "^"], ["<", "^"]], "没有可并入的格"),
        ([["a", "<"], ["^", "b"]], "合并后不是矩形"),
        ([["a", "b", "c"]], "多于 2 格"),
        ([["$nothing", "a"]], "“$nothing”不是模板的项目"),
        ([["$phone", "$phone"]], "项目 phone 出现了两次"),
    ],
)
def test_a_wrong_grid_is_refused(template: Template, rows: list[list[str]], said: str) -> None:
    sheet = {"title": "表", "tab": "000000", "widths": [10, 10], "rows": rows}
    with pytest.raises(TemplateError, match=re.escape(said)):
        build_workbook(dataclasses.replace(template, sheets=(sheet,)))


def test_captions_follow_the_year_and_the_names(
    template: Template, blank: bytes, office: Office, tmp_path: Path
) -> None:
    named = opened(blank)
    book = Workbook.open(blank)
    new: dict[str, int | str] = {"year": 2030, "building_year": 2029, "preparer": "张三"}
    for key, value in new.items():
        cell = place(named, f"xp_{key}")
        book.write(cell.parent.title, Ref(cell.row, cell.column), value)
    dated = build_workbook(template, year=2023)
    assert "2022年决算数" in shown(dated, "基础数据表")  # cached, for readers that cannot compute
    assert "____年决算数" in shown(blank, "基础数据表")
    (tmp_path / "in.xlsx").write_bytes(book.to_bytes())
    (recalculated,) = office.convert([tmp_path / "in.xlsx"], "xlsx", tmp_path / "out")
    now = shown(recalculated.read_bytes(), "基础数据表")
    assert {"2029年决算数", "2030年预算数", "2030年实际在职人数"} <= now
    assert {"楼堂馆所控制情况\n（2029年完工项目）", "填表人：张三", "联系电话：____"} <= now


@pytest.mark.parametrize(
    ("typed", "caption"),
    [
        (Decimal(46042), "填报日期：2026年1月20日"),  # what a program makes of a date that is typed
        (Decimal("46042.5"), "填报日期：2026年1月20日"),
        ("2026年1月20日", "填报日期：2026年1月20日"),
        ("1月20日", "填报日期：1月20日"),
        ("——", "填报日期：——"),
        ("", "填报日期：____"),
    ],
)
def test_caption_shows_a_date_as_a_date(
    blank: bytes, office: Office, tmp_path: Path, typed: Decimal | str, caption: str
) -> None:
    book = Workbook.open(blank)
    place = bind(book).fields["filled_on"]
    book.write(place.sheet, place.ref, typed)
    (tmp_path / "in.xlsx").write_bytes(book.to_bytes())
    (recalculated,) = office.convert([tmp_path / "in.xlsx"], "xlsx", tmp_path / "out")
    assert caption in shown(recalculated.read_bytes(), "基础数据表")


def test_a_date_that_is_typed_is_shown_in_full(blank: bytes) -> None:
    cell = place(opened(blank), "xp_filled_on")
    assert cell.number_format == "yyyy年m月d日"


def shown(blob: bytes, title: str) -> set[str]:
    book = openpyxl.load_workbook(io.BytesIO(blob), data_only=True)
    return {str(cell.value) for row in book[title].iter_rows() for cell in row if cell.value is not None}


def test_fill_writes_the_formulas_that_the_template_holds(template: Template, beita: Record) -> None:
    """Otherwise the first `fill` would look like a change of the form."""
    form = Workbook.open(build_workbook(template, record=beita))
    binding = bind(form)
    for step in steps_of(beita):
        if step.field.derived:
            at = binding.fields[step.key]
            formula = native_formula(step, beita, *binding.references(at.sheet))
            assert form.cells(at.sheet)[at.ref].formula == formula


def test_a_form_that_is_only_read_where_it_stands_makes_no_workbook() -> None:
    with pytest.raises(
        TemplateError, match=r"只用来审核现成的表，不能用它新建工作簿；新建请用 --template department_overall 或"
    ):
        build_workbook(load_template("project_elsewhere"))
