"""The page in a real Chromium, opened as a file: it finds what the command line finds, and makes the same bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.page.alike import copies_differ, findings_differ, first_difference, parts, typed
from tests.page.browser import Browser
from tests.places import DATA, GOLDEN, ROOT
from tests.random_forms import faulty_forms, random_forms
from xlperf.form.forms import load_template
from xlperf.workbook.actions import new_workbook

pytestmark = [pytest.mark.node, pytest.mark.slow]


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory, beita_values: dict[str, Any]) -> list[Path]:
    folder = tmp_path_factory.mktemp("golden")
    values = {"北塔区.xlsx": beita_values, "湖南.xlsx": json.loads((GOLDEN / "hunan_2018.json").read_text("utf-8"))}
    for name, each in values.items():
        new_workbook(each).save(folder / name)
    (folder / "初版.xlsx").write_bytes((GOLDEN / "first_revision.xlsx").read_bytes())
    return [folder / name for name in (*values, "初版.xlsx")]


def test_golden_cases(browser: Browser, golden: list[Path], tmp_path: Path) -> None:
    for path in golden:
        assert findings_differ(browser, path) == ""
        assert list(copies_differ(browser, path, tmp_path)) == []


def test_random_and_faulted_forms(browser: Browser, tmp_path: Path) -> None:
    template = load_template("department_overall")
    drawn = [*random_forms(template, 8, "page"), *faulty_forms(8, "page")]
    for number, values in enumerate(drawn):
        new_workbook(values).save(tmp_path / f"{number}.xlsx")
    for name in ("goals", "monitoring", "project_spending", "goals_shanghai"):
        new_workbook(json.loads((DATA / f"{name}.json").read_text("utf-8"))).save(tmp_path / f"{name}.xlsx")
    differing = [findings_differ(browser, path) for path in sorted(tmp_path.glob("*.xlsx"))]
    assert differing == [""] * 20


def test_a_report_in_text_beside_its_workbook(browser: Browser, golden: list[Path]) -> None:
    """Several files of one unit are dropped together, and held against each other."""
    text = golden[0].parent / "报告.txt"
    text.write_bytes((ROOT / "tests" / "intake" / "cases" / "beita_2023.txt").read_bytes())
    _, said = typed(text.parent, "check", golden[0].name, text.name, "--format", "json")
    browser.home()
    browser.ask("drop", paths=[str(golden[0]), str(text)])
    assert first_difference(json.loads(said), json.loads(browser.said)) == ""
    assert browser.run("document.querySelectorAll('#files button').length") == 2


def test_a_project_is_held_against_its_goals_and_its_monitoring(browser: Browser, tmp_path: Path) -> None:
    """Files dropped together are told apart; what is written beside one of them is kept; each has its letter."""
    names = ["goals", "monitoring", "project_spending"]
    for name in names:
        values = json.loads((DATA / f"{name}.json").read_text("utf-8"))
        values["fields"] |= {"total_score": "97.9"} if name == "project_spending" else {}
        new_workbook(values).save(tmp_path / f"{name}.xlsx")
    given = ["check", "project_spending.xlsx", "--goals", "goals.xlsx", "--monitoring", "monitoring.xlsx"]
    _, said = typed(tmp_path, *given, "--format", "json")
    browser.upload(*(tmp_path / f"{name}.xlsx" for name in names))
    assert first_difference(json.loads(said), json.loads(browser.said)) == ""
    shown = browser.run("[...document.querySelectorAll('#files button')].map((each) => each.textContent)")
    assert shown == ["goals.xlsx目标表", "monitoring.xlsx监控表", "project_spending.xlsx自评表"]
    assert browser.run("document.querySelector('#files [aria-current]').textContent") == shown[-1]
    typed(tmp_path, *given, "--letter", "letter.docx")
    assert browser.download("审核意见（.docx）").read_bytes() == (tmp_path / "letter.docx").read_bytes()
    browser.click(".item[data-place='0']")
    browser.run("document.getElementById('explanation').value = '有批复'")
    browser.click("#detail .wide button.main")
    assert browser.run("window.xlperf.state.items[0].explanation") == "有批复"
    browser.click("#files button:nth-child(1)")
    browser.ask("settle")
    assert browser.run("document.getElementById('detail').hidden"), "what is shown is the file, not the finding before"
    assert len(json.loads(browser.said)["files"]) == 3


def test_a_word_document_is_drawn_and_gets_comments(browser: Browser, golden: list[Path], tmp_path: Path) -> None:
    typed(golden[0].parent, "report", golden[0].name, "-o", str(tmp_path / "报告.docx"))
    assert findings_differ(browser, tmp_path / "报告.docx") == ""
    typed(tmp_path, "check", "报告.docx", "-o", "批注.docx")
    commented = parts(browser.download("审核后的表"))
    assert commented == parts(tmp_path / "批注.docx")
    assert "word/comments.xml" in commented
    assert browser.run("document.querySelectorAll('.blocks table').length") >= 3
    browser.run("document.querySelector('.item').click()")
    browser.ask("settle")
    assert browser.run("document.querySelector('td.now').dataset.at") == browser.run(
        "window.xlperf.state.items[0].at[0]"
    )


def test_last_year_beside_it(browser: Browser, golden: list[Path], tmp_path: Path) -> None:
    typed(golden[0].parent, "roll", golden[0].name, "-o", str(tmp_path / "本年.xlsx"))
    browser.home()
    browser.ask("upload", paths=[str(golden[0])], field="previous-file")
    browser.upload(tmp_path / "本年.xlsx")
    found = json.loads(browser.said)["findings"]
    _, said = typed(tmp_path, "check", "本年.xlsx", "--previous", str(golden[0]), "--format", "json")
    assert [(each["code"], each["at"]) for each in found] == [
        (each["code"], each["at"]) for each in json.loads(said)["findings"]
    ]
    browser.run("document.getElementById('previous-none').click()")
    browser.upload(golden[0])
    assert browser.run("window.xlperf.state.previous") is None


def test_an_explanation_is_kept_and_settles(browser: Browser, golden: list[Path], tmp_path: Path) -> None:
    browser.upload(golden[0])
    place = browser.run("window.xlperf.state.items.find((each) => each.standing === 'to_explain').place")
    browser.click(f".item[data-place='{place}']")
    browser.run("document.getElementById('explanation').value = '上年有一次性补助，本年没有。'")
    browser.click("#detail .wide button.main")
    assert browser.run(f"window.xlperf.state.items[{place}].standing") == "explained"
    marked = browser.download("审核后的表")
    code, said = typed(marked.parent, "check", marked.name, "--format", "json")
    report = json.loads(said)
    assert code == 1
    assert report["items"][place]["explanation"] == "上年有一次性补助，本年没有。"
    assert report["items"][place]["standing"] == "explained"
    assert browser.download("去掉标记的表").stat().st_size > 10_000


def test_a_click_goes_to_the_cell_and_lights_what_it_rests_on(browser: Browser, golden: list[Path]) -> None:
    browser.upload(golden[0])
    number = browser.run("window.xlperf.state.items.find((each) => each.first.code === 'XLP202').place")
    browser.click(f".item[data-place='{number}']")
    assert browser.run("document.querySelector('td.now').dataset.at") == "收支情况!F13"
    assert browser.run("[...document.querySelectorAll('td.operand')].map((each) => each.dataset.at)") == [
        "收支情况!D13",
        "收支情况!E13",
    ]
    figures = browser.run("[...document.querySelectorAll('#detail .figure b')].map((each) => each.textContent)")
    assert figures == ["22.24%", "49.38%"]
    shown = browser.run("document.getElementById('detail').textContent")
    assert all(word in shown for word in ("为什么", "怎么办", "依据", "分母用错"))


def test_what_is_chosen_last_is_drawn_whole(browser: Browser, golden: list[Path]) -> None:
    """Lists and sheets are drawn a little at a time: what is chosen meanwhile takes the place of what was begun."""
    browser.upload(golden[0])
    items = "[...document.querySelectorAll('.item[data-place]')].map((each) => Number(each.dataset.place))"
    before = browser.run(items)
    assert before == browser.run("window.xlperf.state.items.map((each) => each.place)")
    browser.run("for (const at of [2, 1, 0]) document.querySelectorAll('#groupings button')[at].click()")
    browser.run("for (const tab of [6, 1, 2]) document.querySelectorAll('#tabs button')[tab].click()")
    browser.ask("settle")
    assert browser.run(items) == before
    assert browser.run("document.querySelectorAll('table.drawn').length") == 1
    assert browser.run("document.querySelector('table.drawn').getAttribute('aria-label')") == "收支情况"
    shown = "[...document.querySelectorAll('table.drawn tbody th')].map((each) => each.textContent)"
    rows = browser.run("window.xlperf.state.drawings['北塔区.xlsx'].sheets[2].rows")
    assert browser.run(shown) == [str(row) for row in range(1, rows + 1)]


def test_english_and_back(browser: Browser, golden: list[Path]) -> None:
    browser.upload(golden[0])
    browser.click("#language")
    assert browser.run("document.querySelector('#summary .error').textContent").endswith("Errors")
    assert browser.run("document.documentElement.lang") == "en"
    browser.click("#language")
    assert browser.run("document.querySelector('#summary .error').textContent").endswith("错误")


def test_sample_blank_form_and_next_year(browser: Browser) -> None:
    browser.home()
    browser.click("#sample")
    assert browser.run("window.xlperf.state.files[0].name") == "北塔区网信办2023.xlsx"
    assert len(json.loads(browser.said)["findings"]) > 40
    browser.home()
    browser.run("document.getElementById('year').value = '2025'")
    before = set(browser.downloads.iterdir())
    browser.click("#new")
    assert browser.arrived(before).name == "自评.xlsx"
    assert browser.run("document.getElementById('notice').hidden")
    browser.run("document.getElementById('year').value = '25'")
    browser.click("#new")
    assert "四位数字" in browser.notice


def test_nothing_is_told_to_the_console(browser: Browser) -> None:
    assert browser.ask("told") == []
