"""What the page asks for, answered here by the command line that answers it there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.page.alike import parts, typed
from xlperf.cli import main
from xlperf.package import CellKind, Workbook
from xlperf.page import desk
from xlperf.page.answers import only_results
from xlperf.workbook.actions import new_workbook
from xlperf.workbook.result_rows import RESULTS

NAME = "自评.xlsx"


@pytest.fixture
def folder(tmp_path: Path, beita_values: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(desk, "FOLDER", tmp_path)
    monkeypatch.chdir(tmp_path)  # and back: `ask` goes there
    new_workbook(beita_values).save(tmp_path / NAME)
    return tmp_path


def ask(**question: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(desk.ask(main, json.dumps(question)))
    return answer


def test_check_is_that_of_the_command_line(folder: Path) -> None:
    before = (folder / NAME).read_bytes()
    answer = ask(do="check", files=[NAME])
    assert (answer["code"], answer["said"]) == typed(folder, "check", NAME, "--format", "json")
    assert answer["made"] == ["made/自评_审核.xlsx"]
    typed(folder, "check", NAME, "-o", "marked.xlsx")
    assert parts(folder / answer["made"][0]) == parts(folder / "marked.xlsx")
    assert (folder / NAME).read_bytes() == before
    rule = answer["rules"]["XLP202"]
    assert rule["title"] == "比率与分子分母不符"
    assert rule["why"] and rule["remedy"] and rule["english"]
    assert all(finding["code"] in answer["rules"] for finding in json.loads(answer["said"])["findings"])


def test_several_files_are_marked_in_copies(folder: Path) -> None:
    (folder / "又.xlsx").write_bytes((folder / NAME).read_bytes())
    answer = ask(do="check", files=[NAME, "又.xlsx"])
    assert (answer["code"], answer["said"]) == typed(folder, "check", NAME, "又.xlsx", "--format", "json")
    assert answer["made"] == [f"made/{NAME}", "made/又.xlsx"]
    assert "审核结果" in Workbook.open(folder / "made" / "又.xlsx").sheets


def test_every_question_has_an_answer(folder: Path) -> None:
    """The rehearsal by which the build finds what of the library is needed."""
    asked = list(desk.rehearsal(NAME, [NAME]))
    answers = [ask(**each) for each in asked]
    assert [each["code"] for each in answers if each["code"] == 2] == []
    assert {each["do"] for each in asked} == set(desk._ANSWERS)
    assert not [each for each in answers if "下一步" in each.get("told", "")], "there is nothing to type in a page"


def test_explanations_stand_where_a_person_writes_them(folder: Path) -> None:
    answer = ask(do="check", files=[NAME])
    items = json.loads(answer["said"])["items"]
    place = next(number for number, item in enumerate(items) if item["standing"] == "to_explain")
    written = ask(do="explain", file=answer["made"][0], name=NAME, texts={str(place): "=上年有一次性补助"})["made"][0]
    code, said = typed(folder, "check", written, "--format", "json")
    item = json.loads(said)["items"][place]
    assert (code, item["standing"], item["explanation"]) == (1, "explained", "=上年有一次性补助")
    cells = Workbook.open(folder / written).cells("审核结果").values()
    assert not [cell for cell in cells if cell.text.startswith("=上年") and cell.kind is not CellKind.TEXT]
    again = ask(do="check", files=[written])["made"][0]
    gone = ask(do="explain", file=again, name=NAME, texts={str(place): ""})["made"][0]
    assert json.loads(typed(folder, "check", gone, "--format", "json")[1])["items"][place]["standing"] == "to_explain"


def test_what_has_no_list_of_findings_is_a_sentence(folder: Path) -> None:
    Workbook.open(folder / NAME)
    answer = ask(do="explain", file="没有.xlsx", name=NAME, texts={"0": "原因"})
    assert answer["code"] == 2
    assert "没有.xlsx" in answer["told"]


def test_findings_alone(folder: Path) -> None:
    made = ask(do="check", files=[NAME])["made"][0]
    book = Workbook.open(only_results(folder / made))
    whole = Workbook.open(folder / made)
    assert book.sheets == ("审核结果",)
    texts = [cell.text for _, cell in sorted(book.cells("审核结果").items())]
    assert texts[: len(RESULTS.titles)] == RESULTS.titles
    assert "比率与分子分母不符" in texts
    assert len(texts) <= len(whole.cells("审核结果"))


def test_refusals_are_sentences(folder: Path) -> None:
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04")
    answer = ask(do="check", files=["坏.xlsx"])
    assert (answer["code"], answer["said"], answer["made"]) == (2, "", [])
    assert answer["told"].startswith("无法完成：坏.xlsx")
    assert ask(do="draw", file="坏.xlsx")["code"] == 2
