"""A province's form as somebody wrote it from the guide: series, two sheets, targets in three columns, every command.

`own_department.toml` has what the guide's examples have not: a rate of every row, a table below the total, its own
level weights, what next year begins with.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from tests.command import Run
from tests.places import DATA
from xlperf.form.forms import load_template

FORM = DATA / "own_department.toml"
FIGURES: dict[str, str] = {
    "D5": "3100", "F5": "3150", "G5": "3030", "D6": "2000", "F6": "2050", "G6": "2030", "D7": "1100", "F7": "1100",
    "G7": "1000", "I6": "0.9902", "I7": "0.9091",
}  # fmt: skip
TEXTS = {
    "B9": "新建基层文化站12个，免费开放服务覆盖全省，群众满意度达到95%以上。",
    "F9": "新建基层文化站12个，免费开放服务覆盖率88%，群众满意度97%。",
    "B24": "经办人甲", "F24": "2026年1月20日", "J24": "0871-1234567", "B23": "无",
}  # fmt: skip
LATE = "两个偏远县场馆年底才开放，覆盖率低2个百分点；2026年3月底前补齐流动服务点。"
ROWS: dict[int, tuple[Any, ...]] = {
    12: ("新建基层文化站", "≥", 12, "个", 12, 15, 15, None),
    14: ("工程验收合格率", "＝", 100, "%", 100, 10, 10, None),
    15: ("补助资金下达天数", "≤", 30, "天", 28, 5, 5, None),
    16: ("每站建设成本", "≤", 25, "万元", 24.6, 10, 10, None),
    17: ("免费开放服务覆盖率", "≥", 90, "%", 88, 30, 29.33, LATE),
    19: ("群众满意度", "≥", 95, "%", 97, 20, 20, None),
}
BASE: dict[str, Any] = {
    "B4": 120, "C4": 116, "B7": 5, "C7": 3, "D7": 4, "E7": 2.5, "B9": 0, "C9": 0, "D9": 0, "E9": 0, "B10": 18,
    "C10": 17.2, "D10": 16, "E10": 15.6, "B11": 6, "C11": 5.5, "D11": 5, "E11": 4.2, "A14": "基层文化站建设",
    "B14": 600, "C14": 650, "D14": 700, "E14": 700, "A15": "公共文化场馆免费开放", "B15": 350, "C15": 380,
    "D15": 400, "E15": 300,
}  # fmt: skip


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A blank workbook with the form's TOML beside it."""
    from xlperf.workbook.actions import new_workbook

    folder = tmp_path_factory.mktemp("own")
    shutil.copy(FORM, folder)
    load_template(str(FORM))
    new_workbook({"template": "own_department", "year": 2025, "unit_name": "云岭省文化厅"}).save(folder / "空表.xlsx")
    return folder / "空表.xlsx"


def typed(blank: Path, name: str, **changed: Any) -> Path:
    """The blank with sound figures typed into it, and the cells that are `changed`, as D5=3010."""
    book = openpyxl.load_workbook(blank)
    sheet, base = book["自评表"], book["基础数据表"]
    for at, value in FIGURES.items():
        sheet[at] = float(value)
    for at, text in TEXTS.items():
        sheet[at] = text
    for row, values in ROWS.items():
        for column, value in zip("CDEFGHIJ", values, strict=True):
            sheet[f"{column}{row}"] = value
    for at, value in BASE.items():
        base[at] = value
    for at, value in changed.items():
        sheet[at] = value
    book.save(blank.with_name(name))
    return blank.with_name(name)


@pytest.fixture(scope="module")
def sound(blank: Path) -> Path:
    return typed(blank, "正确.xlsx")


def findings(run: Run, book: Path, *options: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("check", book, "--format", "json", *options).out)["findings"]
    return found


def test_a_sound_workbook_has_no_error_and_nothing_to_explain(run: Run, sound: Path) -> None:
    assert [each["code"] for each in findings(run, sound) if each["severity"] != "info"] == []


@pytest.mark.parametrize(
    ("changed", "code", "at"),
    [
        ({"D5": 3010}, "XLP201", "自评表!D5"),
        ({"I5": 0.98}, "XLP202", "自评表!I5"),
        ({"I6": 0.80}, "XLP202", "自评表!I6"),
        ({"I14": 11}, "XLP304", "自评表!I14"),
        ({"I21": 97}, "XLP305", "自评表!I21"),
        ({"H12": 14, "I12": 14, "H17": 31, "I17": 30.31}, "XLP302", "自评表!H"),
        ({"G15": 33}, "XLP310", "自评表!I15"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_is_found(changed: dict[str, Any], code: str, at: str, run: Run, blank: Path) -> None:
    found = findings(run, typed(blank, "错.xlsx", **changed))
    assert any(each["code"] == code and at in each["at"] for each in found), [
        (each["code"], each["at"]) for each in found
    ]


def test_what_is_typed_comes_back(run: Run, sound: Path) -> None:
    """Exported, imported by the workbook's own names, rolled on: sign, target and unit stay in their columns."""
    exported = json.loads(run("values", sound).out)
    imported = run("import", sound, "-o", sound.with_name("导入.xlsx"))
    assert imported.code == 0, imported.err
    again = json.loads(run("values", sound.with_name("导入.xlsx")).out)
    assert again == exported
    assert [again["indicators"][2][name] for name in ("sign", "target", "unit", "actual")] == ["≤", "30", "天", "28"]
    assert run("roll", sound, "-o", sound.with_name("2026.xlsx")).code == 0
    rolled = json.loads(run("values", sound.with_name("2026.xlsx")).out)
    assert [rolled["indicators"][2][name] for name in ("sign", "target", "unit")] == ["≤", "30", "天"]
    assert [row["prior_actual"] for row in rolled["project_special"]] == ["700.00", "300.00"]


def test_filled_marked_cleared_and_handed_in(run: Run, sound: Path) -> None:
    folder = sound.parent
    filled = run("fill", sound, "-o", folder / "已填.xlsx")
    assert filled.code == 0, filled.err
    sheet = openpyxl.load_workbook(folder / "已填.xlsx", data_only=True)["自评表"]
    assert [sheet[at].value for at in ("I5", "J5", "H21", "I21", "H22")] == [0.9619, 9.62, 100, 98.95, "优"]
    assert run("check", folder / "已填.xlsx", "-o", folder / "审核.xlsx").code == 0
    assert run("clear", folder / "审核.xlsx", "-o", folder / "清除.xlsx").code == 0
    assert run("freeze", folder / "清除.xlsx", "-o", folder / "固定.xlsx").code == 0
    assert run("freeze", folder / "清除.xlsx", "--final", "-o", folder / "上报.xlsx").code == 0
    handed = openpyxl.load_workbook(folder / "上报.xlsx")["自评表"]
    assert handed["A2"].value == "（2025年度）"
    assert 98.95 in {cell.value for cell in handed["I"]}


def test_a_text_that_grew_is_whole_in_what_is_handed_in(run: Run, blank: Path) -> None:
    """The row of the goals is 70 points high in the form, that of an indicator one line."""
    folder = blank.parent
    grown = typed(
        blank, "长.xlsx", B9="新建基层文化站，免费开放服务覆盖全省，群众满意。" * 12, J12="分两批建成，验收合格。" * 6
    )
    assert run("freeze", grown, "--final", "-o", folder / "长_上报.xlsx").code == 0
    before, after = (openpyxl.load_workbook(path)["自评表"] for path in (grown, folder / "长_上报.xlsx"))
    assert after.row_dimensions[9].height > before.row_dimensions[9].height
    assert after.row_dimensions[12].height > 5 * 14
    assert after.row_dimensions[5].height == before.row_dimensions[5].height


def test_a_form_without_a_report_says_what_to_write_where(run: Run, sound: Path) -> None:
    told = run("report", sound, "-o", sound.with_name("报告.docx"))
    assert told.code == 2
    assert 'own_department.toml 的开头写 report = "own_department.report.toml"' in told.err
    assert "workbook_templates/README.md 的“自评报告”" in told.err


def test_the_number_of_the_template_is_no_part_of_the_report(run: Run, tmp_path: Path) -> None:
    text = FORM.read_text("utf-8").replace('id = "own_department"', 'id = "own_reported"\nreport = "own.report.toml"')
    (tmp_path / "own_reported.toml").write_text(text, "utf-8")
    document = 'body = "基础数据表"\nfigures = "自评表"\nfigures_after = "goal_actual"\nattachments = ["自评表"]\n'
    (tmp_path / "own.report.toml").write_text(f"[document]\n{document}", "utf-8")
    assert run("new", tmp_path / "表.xlsx", "--template", tmp_path / "own_reported.toml", "--year", 2025).code == 0
    assert run("report", tmp_path / "表.xlsx", "-o", tmp_path / "报告.docx").code == 0
    opened = docx.Document(str(tmp_path / "报告.docx"))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    lines = [*(paragraph.text for paragraph in opened.paragraphs), *cells]
    assert any("联系电话" in line for line in lines)
    assert not [line for line in lines if "模板编号" in line or "own_reported" in line]


def test_a_form_of_the_place_that_is_not_ours_keeps_its_columns_too(run: Run, sound: Path, tmp_path: Path) -> None:
    """Without our names it is read by its headings; the form has columns for sign and unit, so they go there."""
    text = FORM.read_text("utf-8").replace('id = "own_department"', 'id = "own_read"\nlabels = "own.labels.toml"')
    (tmp_path / "own_read.toml").write_text(text, "utf-8")
    (tmp_path / "own.labels.toml").write_text('uses = ["labels.toml"]\n', "utf-8")
    book = openpyxl.load_workbook(sound)
    for name in list(book.defined_names):
        del book.defined_names[name]
    book.save(tmp_path / "外来.xlsx")
    options = ("-o", tmp_path / "读入.xlsx", "--template", tmp_path / "own_read.toml")
    told = run("import", tmp_path / "外来.xlsx", *options)
    assert told.code == 0, told.err
    row = json.loads(run("values", tmp_path / "读入.xlsx").out)["indicators"][2]
    assert [row[name] for name in ("sign", "target", "unit", "actual")] == ["≤", "30", "天", "28"]


def test_a_form_without_labels_says_what_import_takes(run: Run, sound: Path, tmp_path: Path) -> None:
    (tmp_path / "别的.txt").write_text("某年某月某日\n", "utf-8")
    told = run("import", tmp_path / "别的.txt", "-o", tmp_path / "新.xlsx", "--template", sound.with_name(FORM.name))
    assert told.code == 2
    assert "没有写 labels，只认得出由它新建的工作簿" in told.err


@pytest.mark.parametrize("how", ["formula", "udf", "value"])
def test_points_are_offered_by_the_sign_in_its_column(how: str, run: Run, blank: Path) -> None:
    """28 of ≤ 30 days: all points; 33: nine tenths. No PERF_ function is given the sign."""
    for actual, points in ((28, 5), (33, 4.5)):
        book = typed(blank, "空分.xlsx", I15=None, G15=actual)
        assert run("fill", book, "-o", blank.with_name("算分.xlsx"), "--as", how).code == 0
        written, shown = (
            openpyxl.load_workbook(blank.with_name("算分.xlsx"), data_only=each)["自评表"]["I15"].value
            for each in (False, True)
        )
        assert shown == points
        assert "PERF_" not in str(written)
        blank.with_name("算分.xlsx").unlink()
