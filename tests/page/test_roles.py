"""Which of several files is held against which, told by what stands in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.page.alike import parts, typed
from tests.places import DATA, ROOT
from xlperf.cli import main
from xlperf.page import desk
from xlperf.page.telling import roles_of
from xlperf.workbook.actions import new_workbook

REPORT = ROOT / "tests" / "intake" / "cases" / "beita_2023.txt"


def forms(folder: Path) -> dict[str, Path]:
    """The forms of one project, which name one unit."""
    found = {}
    for name in ("goals", "monitoring", "project_spending"):
        found[name] = folder / f"{name}.xlsx"
        values = json.loads((DATA / f"{name}.json").read_text("utf-8"))
        values["fields"] |= {"total_score": "97.9"} if name == "project_spending" else {}  # 98.9
        new_workbook(values).save(found[name])
    return found


def test_a_project_is_held_against_its_goals_and_its_monitoring(tmp_path: Path) -> None:
    roles = roles_of(list(forms(tmp_path).values()))
    assert roles == {"goals.xlsx": "goals", "monitoring.xlsx": "monitoring", "project_spending.xlsx": "book"}


def test_where_nothing_is_to_be_told_the_files_stay_as_they_are(tmp_path: Path, beita_values: dict[str, Any]) -> None:
    """A workbook beside its report, two forms of the unit, and a file that cannot be read."""
    for name in ("一.xlsx", "二.xlsx"):
        new_workbook(beita_values).save(tmp_path / name)
    (tmp_path / "坏.xlsx").write_bytes(b"PK")
    assert roles_of([tmp_path / "一.xlsx", REPORT]) == {}
    given = forms(tmp_path)
    assert roles_of([given["goals"], given["project_spending"], tmp_path / "坏.xlsx"]) == {}
    assert roles_of([given["goals"]]) in ({}, {"goals.xlsx": "goals"})
    assert roles_of([tmp_path / "一.xlsx", tmp_path / "二.xlsx", given["goals"]]) == {}


def test_a_unit_beside_its_projects_and_its_report(tmp_path: Path, beita_values: dict[str, Any]) -> None:
    new_workbook(beita_values).save(tmp_path / "部门.xlsx")
    values = json.loads((DATA / "project_spending.json").read_text("utf-8"))
    unit = beita_values.get("unit_name") or beita_values["fields"]["unit_name"]
    fields = values["fields"] | {"department": unit, "implementing_unit": unit}
    new_workbook(values | {"fields": fields, "year": beita_values["year"]}).save(tmp_path / "项目.xlsx")
    (tmp_path / "报告.txt").write_bytes(REPORT.read_bytes())
    roles = roles_of([tmp_path / name for name in ("项目.xlsx", "报告.txt", "部门.xlsx")])
    assert roles == {"部门.xlsx": "book", "项目.xlsx": "projects", "报告.txt": "against"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(desk, "FOLDER", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ask(question: Mapping[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(desk.ask(main, json.dumps(question)))
    return answer


def test_the_command_is_that_which_a_person_would_type(folder: Path) -> None:
    files = sorted(path.name for path in forms(folder).values())
    answer = ask({"do": "check", "files": files})
    options = ["--goals", "goals.xlsx", "--monitoring", "monitoring.xlsx"]
    given = ["check", "project_spending.xlsx", *options, "--format", "json"]
    assert (answer["code"], answer["said"]) == typed(folder, *given)
    typed(folder, *given, "-o", "marked.xlsx")
    typed(folder, *given, "--letter", "letter.docx")  # beside marks it would have a list of evidence written, too
    assert answer["marked"] == {"project_spending.xlsx": "made/project_spending_审核.xlsx"}
    assert parts(folder / answer["marked"]["project_spending.xlsx"]) == parts(folder / "marked.xlsx")
    letter = ask({"do": "letter", "file": "project_spending.xlsx", "files": files, "roles": answer["roles"]})
    assert (folder / letter["made"][0]).read_bytes() == (folder / "letter.docx").read_bytes()
    typed(folder, "check", "goals.xlsx", "--letter", "alone.docx")
    alone = ask({"do": "letter", "file": "goals.xlsx", "files": files, "roles": answer["roles"]})
    assert (folder / alone["made"][0]).read_bytes() == (folder / "alone.docx").read_bytes()


def test_an_explanation_is_put_in_where_several_are_open(folder: Path) -> None:
    files = sorted(path.name for path in forms(folder).values())
    answer = ask({"do": "check", "files": files})
    book = "project_spending.xlsx"
    assert json.loads(answer["said"])["files"][0]["items"]
    written = ask({"do": "explain", "file": answer["marked"][book], "name": book, "texts": {"0": "有批复"}})
    now = [written["made"][0] if name == book else name for name in files]
    again = ask({"do": "check", "files": now, "roles": answer["roles"]})
    assert json.loads(again["said"])["files"][0]["items"][0]["explanation"] == "有批复"
    assert again["marked"][book] == answer["marked"][book]
