"""What nobody understood is told of wherever a result is: in 审核结果, on the command line, in JSON."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.command import Run
from tests.intake.laid_out import NINGXIA, as_workbook
from tests.workbook.test_by_labels import parts
from xlperf.package import Ref, Workbook
from xlperf.workbook.audited import UNREAD, unread_text
from xlperf.workbook.result_rows import RESULTS, RESULTS_SHEET

ODD = NINGXIA.replace("未完成原因", "某某栏")
CLEAN = """
    单位名称 | 某县教育局 | < | < | < | <
    项目名称 | 校舍维修 | < | < | < | <
    资金 | < | 年初预算数 | 调整预算数A | 全年执行数B | 执行率（B/A）
    年度资金总额 | < | 64.8 | 64.8 | 64.8 | 100%
    一级指标 | 三级指标 | 分值 | 指标值（A） | 全年实际值（B） | 得分
    产出指标 | 维修面积 | 30 | ≥100㎡ | 101㎡ | 30
    产出指标 | 验收合格率 | 15 | ≥95% | 97% | 15
    产出指标 | 完工时间 | 15 | 9月底前 | 8月 | 15
    效益指标 | 使用年限 | 20 | ≥10年 | 11年 | 20
    效益指标 | 受益学生 | 20 | ≥300人 | 310人 | 20
"""


def listed(path: Path) -> list[dict[str, str]]:
    """The rows of 审核结果 by their headings."""
    rows = list(openpyxl.load_workbook(path)[RESULTS_SHEET].values)
    return [{str(title): str(text or "") for title, text in zip(rows[0], row, strict=True)} for row in rows[1:]]


def marked(drawn: str, folder: Path, run: Run) -> tuple[Path, Path]:
    source, copy = as_workbook(drawn, folder / "表.xlsx"), folder / "审.xlsx"
    run("check", source, "-o", copy)
    return source, copy


def test_below_the_findings_with_its_place(tmp_path: Path, run: Run) -> None:
    _, copy = marked(ODD, tmp_path, run)
    rows = listed(copy)
    assert rows[0]["问题与说明"] == "另有 1 处没有读懂、没有核对，列在下面"
    heading = next(number for number, row in enumerate(rows) if row["问题与说明"] == "没有读懂、没有核对的内容")
    assert all(row["代码"] for row in rows[1:heading])
    (last,) = rows[heading + 1 :]
    assert (last["位置"], last["状态"], last["代码"]) == ("Sheet!G5", "没有核对", "")
    assert last["问题与说明"] == "某某栏　部分材料更换（没有认出“某某栏”这一列）"
    sheet = openpyxl.load_workbook(copy)[RESULTS_SHEET]
    links = {cell.coordinate: cell.hyperlink.location for row in sheet for cell in row if cell.hyperlink}
    assert links[f"B{len(rows) + 1}"] == "Sheet!G5"
    assert len(links) == len([row for row in rows if row["位置"]])


def test_no_clean_bill_for_what_was_not_compared(tmp_path: Path, run: Run) -> None:
    odd = (
        CLEAN.replace("效益指标 | 使用年限", "效益指标 | 使用年限").rstrip()
        + "\n    某某栏 | 另有一事 | < | < | < | <\n"
    )
    for drawn, ending in ((CLEAN, ""), (odd, "；另有 1 处没有读懂、没有核对，列在下面")):
        _, copy = marked(drawn, tmp_path, run)
        (first, *rest) = listed(copy)
        assert first["问题与说明"].startswith("未发现问题")
        assert first["问题与说明"].endswith(ending)
        assert (UNREAD in first["问题与说明"]) is bool(ending) is bool(rest)
        copy.unlink()


def test_a_clean_form_with_blank_cells_says_what_was_not_run(tmp_path: Path, run: Run) -> None:
    source, copy = marked(CLEAN.replace("64.8 | 64.8 | 64.8 | 100%", "64.8 | 64.8 | | 100%"), tmp_path, run)
    rules = {each["code"] for each in json.loads(run("check", source, "--format", "json").out)["not_run"]}
    assert listed(copy)[0]["问题与说明"] == f"未发现问题；必填未填 0 格，{len(rules)} 条规则因空白未能核对"


def test_counted_in_every_summary(tmp_path: Path, run: Run) -> None:
    source, _ = marked(ODD, tmp_path, run)
    assert run("check", source).out.splitlines()[-2].endswith("。1 处没有读懂、没有核对。")
    assert json.loads(run("check", source, "--format", "json").out)["counts"]["unread"] == 1
    variants = run("check", source, "--all-variants").out.splitlines()
    assert variants[-2].endswith("1 处没有读懂、没有核对，用 xlperf check 逐处查看。")
    found = json.loads(run("check", source, "--all-variants", "--format", "json").out)
    assert [each["place"] for each in found["unread"]] == ["表.xlsx 工作表“Sheet” G5"]
    assert {each["counts"]["unread"] for each in found["variants"]} == {1}
    assert "；1 处没有读懂、没有核对。" in run("check", source, tmp_path / "无.xlsx").out


def test_twice_the_same_and_cleared_to_the_byte(tmp_path: Path, run: Run) -> None:
    source, once = marked(ODD, tmp_path, run)
    twice, clean = tmp_path / "再.xlsx", tmp_path / "清.xlsx"
    run("check", once, "-o", twice)
    assert twice.read_bytes() == once.read_bytes()
    run("clear", twice, "-o", clean)
    before, after = parts(source), parts(clean)
    assert after["xl/worksheets/sheet1.xml"] == before["xl/worksheets/sheet1.xml"]
    assert {name for name in before if before[name] != after.get(name)} <= {"xl/styles.xml"}
    assert set(after) == set(before)


def test_what_the_user_wrote_beside_it_stays(tmp_path: Path, run: Run) -> None:
    _, once = marked(ODD, tmp_path, run)
    rows = listed(once)
    book = Workbook.open(once)
    book.write(RESULTS_SHEET, Ref(len(rows) + 1, RESULTS.column("审核说明（请在此填写）")), "本县自加的一栏")
    book.save(once)
    run("check", once, "-o", tmp_path / "再.xlsx")
    again = listed(tmp_path / "再.xlsx")
    assert [row["审核说明（请在此填写）"] for row in again] == [""] * (len(rows) - 1) + ["本县自加的一栏"]
    assert [row["状态"] for row in again] == [row["状态"] for row in rows]


def test_what_is_hidden_was_not_compared_either(tmp_path: Path, run: Run) -> None:
    path = as_workbook(CLEAN, tmp_path / "表.xlsx")
    book = openpyxl.load_workbook(path)
    book.active["H5"], book.active["H6"] = "备注", "藏着的话"
    book.active.column_dimensions["H"].hidden = True
    book.save(path)
    told = json.loads(run("check", path, "--format", "json").out)
    assert [(each["place"], each["text"]) for each in told["unread"]] == [
        ("表.xlsx 工作表“Sheet” H 列", "备注　藏着的话")
    ]
    run("check", path, "-o", tmp_path / "审.xlsx")
    assert listed(tmp_path / "审.xlsx")[-1]["位置"] == "工作表“Sheet” H 列"


@pytest.mark.parametrize(("count", "text"), [(0, ""), (3, "3 处没有读懂、没有核对")])
def test_the_count(count: int, text: str) -> None:
    assert unread_text(count) == text


def test_a_marked_workbook_is_a_sound_package(tmp_path: Path, run: Run) -> None:
    _, copy = marked(ODD, tmp_path, run)
    with zipfile.ZipFile(copy) as archive:
        assert archive.testzip() is None
