"""`check SELF --goals … --monitoring …` and `new --goals`: one project from what it promised to what came of it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.command import Run
from tests.places import DATA
from xlperf.package import Workbook
from xlperf.workbook.actions import new_workbook

SELF, GOALS, MONITORING = (
    json.loads((DATA / f"{name}.json").read_text("utf-8")) for name in ("project_spending", "goals", "monitoring")
)
Values = dict[str, Any]


def changed(values: Values, **cells: object) -> Values:
    """Other values in some cells: `fields` by key, `indicators__2__target` in a row, `year` itself."""
    result = copy.deepcopy(values)
    for key, value in cells.items():
        table, _, rest = key.partition("__")
        row, _, column = rest.partition("__")
        if rest:
            result[table][int(row)][column] = value
        elif key in ("year", "unit_name"):
            result[key] = value
        else:
            result["fields"][key] = value
    return result


@pytest.fixture
def books(tmp_path: Path) -> dict[str, Path]:
    made = {"自评": SELF, "目标": GOALS, "监控": MONITORING}
    return {name: saved(values, tmp_path / f"{name}.xlsx") for name, values in made.items()}


def saved(values: Values, path: Path) -> Path:
    new_workbook(values).save(path)
    return path


def found(run: Run, *arguments: object) -> dict[str, list[tuple[str, str]]]:
    """Code and key of what each file has, by its name; what is only a hint is left out."""
    files = json.loads(run("check", *arguments, "--format", "json").out)["files"]
    return {
        Path(each["file"]).name: [(f["code"], f["key"]) for f in each["findings"] if f["severity"] != "info"]
        for each in files
    }


def test_forms_that_fit_are_not_found_fault_with(books: dict[str, Path], run: Run) -> None:
    told = run("check", books["自评"], "--goals", books["目标"], "--monitoring", books["监控"])
    assert told.code == 0
    own, goals, watched = (f"《项目支出绩效{title}》" for title in ("自评", "目标申报", "运行监控"))
    name, kept = "“公共图书馆免费开放”", "核对：同名的指标 9 个，少 0 个，多 0 个；0 项不一致。"
    assert told.out.splitlines()[-5:-1] == [
        f"{own}{name}与{goals}（目标.xlsx）{kept}",
        f"{own}{name}与{watched}（监控.xlsx）核对年初预算、执行数和完成情况：0 项不一致。",
        f"{watched}{name}与{goals}（目标.xlsx）{kept}",
        "共 3 份文件：错误 0，核实 0，提示 0。",
    ]


def test_each_form_is_held_against_the_earlier_ones(books: dict[str, Path], tmp_path: Path, run: Run) -> None:
    """The targets of 编目合格率 went down with the monitoring, 讲座 was dropped, an opening budget mistyped."""
    own = changed(SELF, indicators__3__target="≥90%", opening_budget="66.00", funding__0__opening_budget="58.00")
    del own["indicators"][1]
    watched = changed(MONITORING, indicators__3__target="≥90%")
    paths = saved(own, tmp_path / "改.xlsx"), saved(watched, tmp_path / "夏.xlsx")
    told = found(run, paths[0], "--goals", books["目标"], "--monitoring", paths[1])
    thread = {name: [each for each in findings if each[0] >= "XLP42"] for name, findings in told.items()}
    assert thread["夏.xlsx"] == [("XLP428", "indicators[3].target")]
    assert [each for each in thread["改.xlsx"] if "XLP428" <= each[0] <= "XLP437"] == [
        ("XLP428", "indicators[2].target"),
        ("XLP432", "opening_budget"),
        ("XLP429", "indicators[4].level3"),
    ]
    assert thread["目标.xlsx"] == []


def test_without_goals_the_monitoring_is_what_was_approved(books: dict[str, Path], tmp_path: Path, run: Run) -> None:
    own = saved(changed(SELF, indicators__8__target="≥95%", indicators__8__actual="96%"), tmp_path / "改.xlsx")
    assert found(run, own, "--monitoring", books["监控"])["改.xlsx"] == [("XLP428", "indicators[8].target")]
    assert json.loads(run("check", own, "--format", "json").out)["findings"] == []


def test_only_what_is_checked_is_marked(books: dict[str, Path], tmp_path: Path, run: Run) -> None:
    own = saved(changed(SELF, indicators__0__target="≥3000册"), tmp_path / "改.xlsx")
    before = books["目标"].read_bytes()
    told = run("check", own, "--goals", books["目标"], "-o", tmp_path / "审核.xlsx")
    assert told.code == 1
    assert books["目标"].read_bytes() == before
    marked = openpyxl.load_workbook(tmp_path / "审核.xlsx")["项目自评表"]
    notes = [cell.comment.text for row in marked for cell in row if cell.comment]
    assert any("《项目支出绩效目标申报》是 ≥4000册" in note and "降低了" in note for note in notes)
    cleared = run("clear", tmp_path / "审核.xlsx", "-o", tmp_path / "清.xlsx")
    assert cleared.code == 0
    assert Workbook.open(tmp_path / "清.xlsx").cells("项目自评表") == Workbook.open(own).cells("项目自评表")


@pytest.mark.parametrize(
    ("what", "goals", "told"),
    [
        ("另一个项目", changed(GOALS, project_name="乡镇道路维修"), "“乡镇道路维修”没有对应的自评表，没有核对"),
        ("别的年度", changed(GOALS, year=2023), "没有对应的自评表，没有核对"),
        ("没有写名称", changed(GOALS, project_name=""), "（目标.xlsx）没有对应的自评表，没有核对"),
    ],
)
def test_what_was_never_compared_is_no_all_clear(what: str, goals: Values, told: str, tmp_path: Path, run: Run) -> None:
    own, other = saved(SELF, tmp_path / "自评.xlsx"), saved(goals, tmp_path / "目标.xlsx")
    checked = run("check", own, "--goals", other)
    assert (checked.code, told in checked.out) == (2, True), what
    assert "“公共图书馆免费开放”没有对应的项目支出绩效目标（申报）表，没有核对" in checked.out
    assert "什么也没有核对" in checked.err


def test_two_goal_forms_of_one_project_are_held_against_none(books: dict[str, Path], tmp_path: Path, run: Run) -> None:
    other = saved(GOALS, tmp_path / "目标二.xlsx")
    checked = run("check", books["自评"], "--goals", books["目标"], other)
    assert checked.code == 2
    assert checked.out.count("没有对应的自评表，没有核对") == 2


def test_a_name_that_only_resembles(books: dict[str, Path], tmp_path: Path, run: Run) -> None:
    own = saved(changed(SELF, project_name="公共图书馆免费开放项目经费"), tmp_path / "改.xlsx")
    assert found(run, own, "--goals", books["目标"])["改.xlsx"] == [("XLP431", "project_name")]


def test_many_projects_each_with_its_own(tmp_path: Path, run: Run) -> None:
    """Of a department's projects each is held against its goals; the department's form has none."""
    names = ("公共图书馆免费开放", "乡镇道路维修")
    goals = [saved(changed(GOALS, project_name=each), tmp_path / f"目标{n}.xlsx") for n, each in enumerate(names)]
    own = [saved(changed(SELF, project_name=each), tmp_path / f"自评{n}.xlsx") for n, each in enumerate(names)]
    saved(changed(SELF, project_name=names[1], indicators__0__target="≥3000册"), own[1])
    department = saved({"year": 2024, "unit_name": "北山区图书馆"}, tmp_path / "部门.xlsx")
    told = found(run, department, "--projects", *own, "--goals", *goals)
    assert ("XLP428", "indicators[0].target") not in told["自评0.xlsx"]
    assert ("XLP428", "indicators[0].target") in told["自评1.xlsx"]


def test_only_goals_are_goals(books: dict[str, Path], run: Run) -> None:
    checked = run("check", books["自评"], "--goals", books["监控"])
    assert checked.code == 2
    assert "这是项目支出绩效运行监控工作簿，里面没有项目支出绩效目标（申报）表" in checked.err
    assert "没有互相核对" in checked.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("自评", "目标", "--goals", "目标"), "只能有一份，写在最前面"),
        (("自评", "--all-variants", "--goals", "目标"), "--all-variants 不能与"),
    ],
)
def test_what_cannot_be_asked_together(arguments: tuple[str, ...], told: str, books: dict[str, Path], run: Run) -> None:
    checked = run("check", *(books.get(each, each) for each in arguments))
    assert (checked.code, told in checked.err) == (2, True)


def test_a_self_evaluation_begins_with_the_goals(books: dict[str, Path], tmp_path: Path, run: Run) -> None:
    made = run("new", tmp_path / "新.xlsx", "--template", "project_spending", "--goals", books["目标"])
    assert made.code == 0, made.err
    values = json.loads(run("values", tmp_path / "新.xlsx").out)
    assert (values["year"], values["unit_name"]) == (2024, "北山区图书馆")
    assert values["fields"]["project_name"] == "公共图书馆免费开放"
    assert values["fields"]["execution_weight"] == "10"
    assert "opening_budget" not in values["fields"], "what is approved is not what was asked for"
    own, goals = values["indicators"], GOALS["indicators"]
    assert [(row["level3"], row["target"]) for row in own] == [(row["level3"], row["target"]) for row in goals]
    assert [row["level1"] for row in own] == [row["level1"] for row in SELF["indicators"]]
    told = found(run, tmp_path / "新.xlsx", "--goals", books["目标"])["新.xlsx"]
    assert {code for code, _ in told} <= {"XLP101", "XLP106"}


def test_so_does_the_monitoring(books: dict[str, Path], tmp_path: Path, run: Run) -> None:
    made = run("new", tmp_path / "新.xlsx", "--template", "monitoring", "--goals", books["目标"])
    assert made.code == 0, made.err
    values = json.loads(run("values", tmp_path / "新.xlsx").out)
    assert [row["target"] for row in values["indicators"]] == [row["target"] for row in GOALS["indicators"]]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--template", "project_spending", "--goals", "监控"), "里面没有项目支出绩效目标（申报）表"),
        (("--template", "project_spending", "--goals", "目标", "--values", "目标"), "只能用一个"),
    ],
)
def test_what_nothing_begins_with(
    arguments: tuple[str, ...], told: str, books: dict[str, Path], tmp_path: Path, run: Run
) -> None:
    made = run("new", tmp_path / "新.xlsx", *(books.get(each, each) for each in arguments))
    assert (made.code, told in made.err) == (2, True)
    assert not (tmp_path / "新.xlsx").exists()


def test_a_report_is_no_goal_form(books: dict[str, Path], tmp_path: Path, run: Run) -> None:
    """It is read as a report that states nothing of goals: nothing was compared, and that is no all-clear."""
    lines = (
        "2024年度部门整体支出绩效自评报告",
        "一、部门、单位基本情况",
        "我馆编制 8 人。",
        "二、一般公共预算支出情况",
    )
    text = "\n".join((*lines, "全年支出 60 万元。"))
    (tmp_path / "报告.txt").write_text(text, "utf-8")
    assert run("check", books["自评"], "--goals", tmp_path / "报告.txt").code == 2


def test_goals_of_another_place_with_points(tmp_path: Path, run: Run) -> None:
    """Their headings tell them; what was made lighter afterwards is found."""
    book = openpyxl.Workbook()
    for row in (
        ["2024年项目支出绩效目标申报表"],
        ["项目名称", "公共图书馆免费开放", "", "主管部门", "北山区文化旅游广电体育局"],
        ["起止时间", "2024年1月1日至2024年12月31日"],
        ["立项依据", "《公共图书馆法》"],
        ["年度目标", "通过购置图书、举办活动，提高居民的阅读率"],
        ["一级指标", "二级指标", "三级指标", "指标值", "分值"],
        *([row[c] for c in ("level1", "level2", "level3", "target", "weight")] for row in SELF["indicators"]),
    ):
        book.active.append(row)
    book.save(tmp_path / "外地.xlsx")
    own = saved(changed(SELF, indicators__0__weight="5", indicators__2__weight="10"), tmp_path / "改.xlsx")
    told = found(run, own, "--goals", tmp_path / "外地.xlsx")["改.xlsx"]
    assert [key for code, key in told if code == "XLP430"] == ["indicators[0].weight", "indicators[2].weight"]
    assert not [code for code, _ in told if code in ("XLP428", "XLP429")]
