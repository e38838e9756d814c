"""The command `check`: what it prints, marks and answers with, and its exit codes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.books import again, parts, sheets, with_names
from tests.command import Run
from tests.places import contents
from xlperf.package import Ref, Workbook
from xlperf.workbook.actions import open_form
from xlperf.workbook.marks import AUTHOR


def test_check_writes_nothing_without_a_target(run: Run, book: Path, tmp_path: Path) -> None:
    before = contents(tmp_path)
    result = run("check", book)
    assert result.code == 1
    assert contents(tmp_path) == before


def test_check_twice_gives_the_same_file(run: Run, book: Path, tmp_path: Path) -> None:
    run("check", book, "-o", "once.xlsx")
    run("check", "once.xlsx", "-o", "twice.xlsx")
    assert (tmp_path / "twice.xlsx").read_bytes() == (tmp_path / "once.xlsx").read_bytes()


def test_results_sheet_is_added_where_it_was_deleted_and_removed_again(run: Run, book: Path, tmp_path: Path) -> None:
    lost = re.compile(rb'(name="xp_findings"[^>]*>)[^<]*')  # what Excel makes of the name of a deleted cell
    without = with_names(book, lambda xml: lost.sub(rb"\1#REF!", xml))
    deleted = Workbook.open(without)
    deleted.remove_sheet("审核结果")
    deleted.save(without)
    run("check", without, "-o", "marked.xlsx")
    marked = Workbook.open(tmp_path / "marked.xlsx")
    assert marked.sheets[-1] == "审核结果"
    assert "XLP202" in [cell.text for cell in marked.cells("审核结果").values()]
    run("check", "marked.xlsx", "-o", "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == (tmp_path / "marked.xlsx").read_bytes()
    run("clear", "marked.xlsx", "-o", "cleared.xlsx")
    assert sheets(tmp_path / "cleared.xlsx") == sheets(without)
    assert parts(tmp_path / "cleared.xlsx").keys() == parts(without).keys()


def test_marks(run: Run, book: Path, tmp_path: Path) -> None:
    run("check", book, "-o", "marked.xlsx")
    form = open_form(tmp_path / "marked.xlsx")
    place = form.binding.place("personnel_growth_rate")
    author, text = form.book.notes(place.sheet)[place.ref]
    assert author == AUTHOR
    assert "49.38%" in text and "XLP" not in text
    rows = [cell.text for cell in form.book.cells("审核结果").values()]
    assert place.address in rows
    assert "待改正" in rows
    assert f'location="{place.address}"'.encode() in sheets(tmp_path / "marked.xlsx")["xl/worksheets/sheet8.xml"]


def test_explanation_survives_and_settles(run: Run, book: Path, tmp_path: Path) -> None:
    def rows(name: str) -> dict[tuple[str, str], dict[str, str]]:
        form = open_form(tmp_path / name)
        _, sheet, head = next(each for each in form.book.names if each[0] == "xp_findings")
        cells = form.book.cells(sheet)
        titles = {col: cells[Ref(head.top, col)].text for col in range(head.left, head.right + 1)}
        return {
            (row["代码"], row["项目"]): row | {"row": str(number)}
            for number in sorted({ref.row for ref in cells if ref.row > head.bottom})
            if (row := {t: cells[Ref(number, c)].text if Ref(number, c) in cells else "" for c, t in titles.items()})
        }

    run("check", book, "-o", "one.xlsx")
    wanted = ("XLP601", "政府采购金额（决算数）")
    assert rows("one.xlsx")[wanted]["状态"] == "待说明"
    marked = Workbook.open(tmp_path / "one.xlsx")
    _, sheet, head = next(each for each in marked.names if each[0] == "xp_findings")
    column = next(
        ref.col for ref, cell in marked.cells(sheet).items() if ref.row == head.top and "审核说明" in cell.text
    )
    marked.write(sheet, Ref(int(rows("one.xlsx")[wanted]["row"]), column), "年中追加，见某财预〔2023〕5号")
    marked.save(tmp_path / "said.xlsx")
    result = run("check", "said.xlsx", "-o", "two.xlsx", "--format", "json")
    row = rows("two.xlsx")[wanted]
    assert row["审核说明（请在此填写）"] == "年中追加，见某财预〔2023〕5号"
    assert row["状态"] == "已说明"
    settled = [f for f in json.loads(result.out)["findings"] if f["explanation"]]
    assert [(f["code"], f["key"]) for f in settled] == [("XLP601", "procurement_actual")]


def test_settled_warnings_no_longer_fail(run: Run, tmp_path: Path) -> None:
    values = {"template": "department_overall", "fields": {"operating_budget": "9.50", "operating_actual": "92.01"}}
    form = open_form(again(run, values))
    codes = json.loads(run("check", "again.xlsx", "--format", "json").out)
    assert form.record["operating_actual"].number is not None
    assert "XLP601" in {f["code"] for f in codes["findings"]}


def test_a_result_in_words_is_listed_as_not_checked(run: Run) -> None:
    """Beside a number that was wanted, 已完成 is no finding, and it is not passed over in silence."""
    row = {"level3": "培训人数", "target": "≥100人", "actual": "已完成", "weight": "10", "score": "10"}
    again(run, {"template": "department_overall", "indicators": [row]})
    report = json.loads(run("check", "again.xlsx", "--format", "json").out)
    assert [f["code"] for f in report["findings"] if f["key"].endswith((".score", ".actual"))] == []
    (entry,) = (each for each in report["not_run"] if each["reason"])
    assert entry["code"] == "XLP310"
    assert "已完成" in entry["reason"]
    assert all(place.startswith("自评表!") for place in entry["blank"])
    assert run("check", "again.xlsx").out.splitlines()[-2].endswith("，1 条规则因完成值是文字未能核对。")


def test_json_contract(run: Run, book: Path) -> None:
    report = json.loads(run("check", book, "--format", "json").out)
    assert set(report) == {
        *(
            "schema",
            "file",
            "template",
            "layout",
            "variant",
            "findings",
            "groups",
            "items",
            "not_run",
            "not_applicable",
            "unread",
        ),
        "counts",
        "ledger",
    }
    assert (report["schema"], report["template"], report["variant"]) == (1, "department_overall", "hunan-linear")
    assert set(report["counts"]) == {"error", "warning", "info", "not_run", "unread"}
    assert report["counts"]["not_run"] == len(report["not_run"])
    finding = next(f for f in report["findings"] if f["code"] == "XLP202")
    assert set(finding) == {
        *("code", "slug", "severity", "at", "key", "message", "stated", "expected", "related", "cause", "group"),
        *("causes", "fix", "cites", "explanation"),
    }
    group = report["groups"][finding["group"] - 1]
    assert (group["group"], group["tied"]) == (finding["group"], 1)
    suspect = group["suspects"][0]
    assert suspect["cells"] == [{"at": finding["at"], "key": "personnel_growth_rate", "value": "49.38%"}]
    assert suspect["cause"] == finding["cause"] == finding["causes"][0]
    assert finding["cause"]["kind"] == "wrong_base"
    assert (finding["stated"], finding["expected"], finding["severity"]) == ("0.2224", "0.4938", "error")
    assert finding["at"].startswith("收支情况!")
    assert {*finding["related"][0]} == {"at", "key", "value"}
    assert finding["fix"] == {"at": finding["at"], "value": "49.38%", "safe": True}
    budget = next(f for f in report["findings"] if f["code"] == "XLP402")
    assert budget["fix"]["safe"] is False, "fill does not write this value: the total's own lines are blank"


@pytest.mark.parametrize(
    ("fields", "fail_on", "code"),
    [
        ({}, "error", 1),  # required cells are blank
        ({"building_year": "2022"}, "info", 1),
    ],
)
def test_exit_codes(run: Run, fields: dict[str, str], fail_on: str, code: int) -> None:
    again(run, {"template": "department_overall", "fields": fields})
    assert run("check", "again.xlsx", "--fail-on", fail_on).code == code


def test_clean_workbook_exits_0(run: Run) -> None:
    rows = [
        ("产出指标", "数量指标", "培训场次", "≥12场", "13场", "20"),
        ("产出指标", "质量指标", "培训合格率", "≥95%", "96%", "10"),
        ("产出指标", "时效指标", "培训完成时间", "2023年12月前", "2023年11月", "10"),
        ("产出指标", "成本指标", "每场培训费用", "≤8000元", "7600元", "10"),
        ("效益指标", "社会效益指标", "持证上岗率", "≥90%", "93%", "30"),
        ("满意度指标", "服务对象满意度指标", "学员满意度", "≥95%", "96%", "10"),
    ]
    columns = ("level1", "level2", "level3", "target", "actual", "weight")
    indicators = [dict(zip((*columns, "score"), (*row, row[-1]), strict=True)) for row in rows]
    fields = {
        **{"staff_quota": "8", "staff_actual": "8", "opening_budget": "100", "annual_budget": "100"},
        **{"annual_spent": "99.50", "execution_weight": "10", "goal_expected": "目标", "goal_actual": "完成"},
        **{"preparer": "某", "filled_on": "2024年3月1日"},
    }
    again(run, {"year": 2023, "unit_name": "某局", "fields": fields, "indicators": indicators})
    result = run("check", "again.xlsx", "--fail-on", "warning")
    assert result.code == 0, result.out
