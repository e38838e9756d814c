"""Into which of our forms the documents go: by what they hold, or as one is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command import Run
from tests.intake.drawn import document, table
from tests.intake.laid_out import NINGXIA, YUNNAN, as_workbook
from tests.intake.test_import import TEXT
from tests.labels.goal_forms import GOALS
from tests.labels.test_others import MONITORING
from xlperf.errors import DocumentError
from xlperf.form.forms import load_template
from xlperf.intake.chosen import choose, gathered
from xlperf.workbook.actions import open_form

DEPARTMENT = YUNNAN.replace("项目支出绩效自评表", "部门整体支出绩效自评表").replace(
    "项目名称 | < | 困难学生生活补助", "部门名称 | < | 某县教育局"
)


@pytest.mark.parametrize(("drawn", "form"), [(YUNNAN, "project_spending"), (DEPARTMENT, "department_overall")])
def test_the_form_is_that_of_the_documents(drawn: str, form: str, tmp_path: Path, run: Run) -> None:
    done = run("import", as_workbook(drawn, tmp_path / "表.xlsx"), "-o", "新.xlsx")
    assert done.code == 0
    record = open_form(tmp_path / "新.xlsx").record
    assert record.template.id == form
    assert (record["annual_budget"].shown, record["indicators[1].score"].shown) == ("38.766462", "27")
    assert f"（模板 {form}）。要用另一种模板，加 --template。" in done.err.splitlines()[-2]


def test_one_is_told_which(tmp_path: Path, run: Run) -> None:
    source = as_workbook(YUNNAN, tmp_path / "表.xlsx")
    done = run("import", source, "-o", "新.xlsx", "--template", "department_overall", "--format", "json")
    found = json.loads(done.out)
    assert found["template"] == open_form(tmp_path / "新.xlsx").record.template.id == "department_overall"
    assert "认出的是《项目支出绩效自评表》，填入“部门整体支出绩效自评”工作簿" in done.err
    assert any("困难学生生活补助" in each["text"] for each in found["left"])


def test_what_only_other_places_have_cells_for_is_listed() -> None:
    drawn = f"{YUNNAN.rstrip()}\n评价结论 | < | 较好 | < | < | < | < | < | < | <"
    intake = gathered(choose([document(table(drawn))]))
    assert "conclusion" not in intake.values["fields"]
    assert [(each.text, each.reason) for each in intake.left] == [("评价结论：较好", "新工作簿里没有这一格")]


def test_with_a_report_the_forms_of_projects_are_left_out(tmp_path: Path, run: Run) -> None:
    done = run("import", TEXT, as_workbook(YUNNAN, tmp_path / "项目.xlsx"), "-o", "新.xlsx")
    assert open_form(tmp_path / "新.xlsx").record["annual_spent"].shown == "251.06"
    assert "项目.xlsx　项目支出绩效自评表（这是项目支出绩效自评表，没有填入部门整体支出绩效自评的工作簿" in done.err


def test_a_workbook_is_of_one_project() -> None:
    two = [document(table(YUNNAN), name="甲.xlsx"), document(table(NINGXIA), name="乙.xlsx")]
    with pytest.raises(DocumentError, match=r"甲\.xlsx、乙\.xlsx：是 2 个项目的自评表"):
        choose(two)
    assert choose(two, load_template("project_spending")).template.id == "project_spending"


def test_a_goal_form_of_another_place_into_ours(tmp_path: Path, run: Run) -> None:
    """What only other layouts have is listed, the amounts are in the unit of the workbook."""
    source = as_workbook(GOALS["shanghai"].text, tmp_path / "表.xlsx")
    moved = run("import", source, "-o", "新.xlsx", "--template", "goals")
    assert moved.code == 0, moved.err
    assert "年度资金申请总额：100（新工作簿里没有这一格）" in moved.err
    fields = json.loads(run("values", "新.xlsx").out)["fields"]
    assert (fields["funds"], fields["goal_long_term"]) == ("100.00", "整理全部")
    assert run("import", source, "-o", "上海.xlsx", "--template", "goals_shanghai").code == 0
    fields = json.loads(run("values", "上海.xlsx").out)["fields"]
    assert (fields["funds"], fields["annual_application_carryover"]) == ("1000000.00", "50000.00")


def test_a_form_that_is_not_there(tmp_path: Path, run: Run) -> None:
    done = run("import", as_workbook(YUNNAN, tmp_path / "表.xlsx"), "-o", "新.xlsx", "--template", "没有")
    assert done.code == 2
    assert (
        "没有名为“没有”的模板；可用：department_overall、project_spending、goals、goals_shenzhen、goals_shanghai、monitoring"
        in done.err
    )


def test_forms_of_the_season_that_are_no_self_evaluation_are_left_out() -> None:
    other, form = document(table(MONITORING), name="监控.xlsx"), document(table(YUNNAN), name="项目.xlsx")
    chosen = choose([other, form])
    assert (chosen.template.id, [each.name for each in chosen.documents]) == ("project_spending", ["项目.xlsx"])
    assert [(each.place, each.text) for each in chosen.left] == [("监控.xlsx", "绩效运行监控表")]
    with pytest.raises(DocumentError, match=r"监控\.xlsx：这是绩效运行监控表，不是绩效自评表，没有导入"):
        choose([other])
    both = document(table(MONITORING, "工作表“监控”"), table(YUNNAN, "工作表“自评”"), name="全部.xlsx")
    assert [each.name for each in choose([both]).documents] == ["全部.xlsx"]
