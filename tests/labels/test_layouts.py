"""Layouts: each published one is told by its headings, read whole, and followed by what layouts.toml says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import Run
from tests.intake.drawn import document, table
from tests.intake.laid_out import as_workbook
from tests.labels.published import PUBLISHED
from xlperf.audit.run import audit
from xlperf.checks.rule import Severity
from xlperf.errors import TemplateError, UnknownNameError
from xlperf.labels.layouts import ANY, layouts
from xlperf.labels.recognised import Recognised, recognise, record_of

# What is listed besides: columns that say nothing which could be compared, and lines of a subtotal.
LISTED = {
    "D3": ["100"],
    "D4": ["①中央、省级财政资金", "②市级财政资金", "③县级财政资金"],
    "D5": ["分值", "分值"],
    "C5": ["得分计算方法", "得分计算方法"],
    "C8": ["其中：村道"],
}


def read(name: str, layout: str = "") -> Recognised:
    return recognise(document(table(PUBLISHED[name].drawn)), layout)


def errors(form: Recognised) -> dict[str, str]:
    """The last error of each code."""
    found = audit(record_of(form, "甲.docx")).findings
    return {each.code: each.message for each in found if each.severity is Severity.ERROR}


@pytest.mark.parametrize("name", PUBLISHED)
def test_it_is_told_by_its_headings_read_whole_and_has_no_error(name: str) -> None:
    form = read(name)
    assert form.template.layout == PUBLISHED[name].layout
    assert [each.text.partition("　")[0] for each in form.left] == LISTED.get(name, [])
    assert errors(form) == {}


def test_each_layout_is_shown() -> None:
    assert {each.layout for each in PUBLISHED.values()} == {each.id for each in layouts()}


@pytest.mark.parametrize(
    ("name", "before", "after", "code"),
    [
        ("D2", "其他资金 | 0", "其他资金 | 7", "XLP201"),
        ("D3", "| 7.6 |", "| 7.9 |", "XLP306"),
        ("D4", "合计 | 100 | 10 | 5 | 115", "合计 | 100 | 10 | 9 | 115", "XLP201"),
        ("D4", "80% | 23 | 20%\n        年初", "80% | 32 | 20%\n        年初", "XLP202"),
        ("D5", "20/21=95.24%", "20/21=59.24%", "XLP331"),
        ("D6", "合计 | | | | 100 | | | 98", "合计 | | | | 100 | | | 99", "XLP305"),
        ("C3", "评价结论 | 完成较好", "评价结论 | （200字以内）", "XLP101"),
        ("C4", "1 | 20\n", "1 | 19\n", "XLP306"),
        ("C4", "≥6台 | 6台", "≥6台 | 3台", "XLP332"),
        ("D3", "112 | 100 | 60 | 60", "112 | 90 | 60 | 60", "XLP333"),
        ("D4", "合计 | 100 | 10 | 5 | 115", "合计 | 100 | 10 | 5 | 112", "XLP201"),
        ("D4", "财政资金小计 | 100 | 10 | 5", "财政资金小计 | 100 | 10 | 7", "XLP217"),
        ("D2", "18 | — | 90%", "18 | — | 95%", "XLP216"),
        ("C10", "10 | 20 | 30 | 40 | 100", "10 | 20 | 35 | 40 | 100", "XLP201"),
        ("C5", "90% | 9 |", "80% | 9 |", "XLP202"),
        ("C8", "2公里 | 50", "2公里 | 60", "XLP304"),
        ("C10", "| 99 |", "| 98 |", "XLP305"),
    ],
)
def test_a_mistake_in_it_is_found(name: str, before: str, after: str, code: str) -> None:
    drawn = PUBLISHED[name].drawn.replace(before, after)
    found = errors(recognise(document(table(drawn))))
    assert code in found


@pytest.mark.parametrize(
    ("name", "variant", "cites"),
    [
        ("C2", "yunnan-linear", "weights-yunnan"),
        ("C3", "sichuan-linear", "sichuan-0013zp"),
        ("C4", "hubei", "hubei-form"),
        ("C5", "as-stated-on-opening", "execution-on-opening"),
        ("D2", "as-stated", "layout-anhui-department"),
    ],
)
def test_what_follows_from_it(name: str, variant: str, cites: str) -> None:
    template = read(name).template
    assert (template.default_variant, template.source.id) == (variant, cites)


def test_what_must_be_filled_is_said_by_the_layout() -> None:
    assert read("C3").template.fields["conclusion"].required
    assert not read("C3", ANY).template.fields["conclusion"].required


def test_without_a_layout_the_headings_are_read_by_their_words() -> None:
    form = read("C4", ANY)
    assert (form.template.layout, form.template.default_variant) == ("", "as-stated")
    assert form.entries["total_score"].value == "100"


def test_a_layout_that_is_chosen_decides_the_form() -> None:
    assert read("C1", "anhui-department").template.id == "department_elsewhere"


def test_one_that_is_not_there_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="没有名为“hubie”的式样；用 xlperf layouts"):
        read("C1", "hubie")


def test_a_mistake_in_the_file_is_told_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "layouts.toml").write_text(
        '[[layouts]]\nid = "x"\ntitle = "甲"\nplace = "乙"\nform = "project_elsewhere"\ncites = "arithmetic"\n'
        'signs = ["得分"]\nvariant = "hubie"\nrequired = ["conclusoin"]\n',
        "utf-8",
    )
    monkeypatch.setattr("xlperf.labels.layouts.templates_folder", lambda: tmp_path)
    layouts.cache_clear()
    with pytest.raises(TemplateError, match=r"layouts.toml 第 8 行[^\n]*没有口径 hubie[\s\S]*第 9 行[^\n]*conclusoin"):
        layouts()
    monkeypatch.undo()
    layouts.cache_clear()


def test_the_commands(run: Run, tmp_path: Path) -> None:
    book = as_workbook(PUBLISHED["C4"].drawn, tmp_path / "甲.xlsx")
    told = run("check", str(book))
    assert told.err.startswith("按《湖北项目支出绩效自评表》式样读取；换一种：--layout")
    assert '"layout": "hubei-project"' in run("check", str(book), "--format", "json").out
    assert run("check", str(book), "--layout", "any").err.startswith("没有对上已知的式样")
    assert run("check", str(book), "--layout", "hubie").code == 2
    assert "hubei-project  湖北项目支出绩效自评表（湖北）  口径 hubei" in run("layouts").out
    assert "project_elsewhere  项目支出绩效自评表（各地式样）  只在原处审核，不能新建" in run("forms").out


def test_a_workbook_of_ours_has_no_layout_to_choose(run: Run, tmp_path: Path) -> None:
    run("new", str(tmp_path / "甲.xlsx"))
    told = run("check", str(tmp_path / "甲.xlsx"), "--layout", "hubei-project")
    assert (told.code, "不用指定式样" in told.err) == (2, True)


def test_a_rule_about_the_form_itself_cites_the_form_that_is_there() -> None:
    """Not the form of Hunan that our own workbook is made after."""
    drawn = PUBLISHED["C3"].drawn.replace("评价结论 | 完成较好", "评价结论 | （200字以内）")
    found = audit(record_of(recognise(document(table(drawn))), "甲.docx")).findings
    assert {each.cites for each in found if each.code == "XLP101"} == {("sichuan-0013zp",)}


def test_a_reason_beside_the_money_is_read_and_asks_for_no_other() -> None:
    """Sichuan: below 90% a reason is due, and there is a column for it."""
    total, part = "238.93 | 251.89 | 251.89 | 100.00% | 10 | 10 |", "238.93 | 251.89 | 251.89 | 100.00% | / | / |"
    low = PUBLISHED["C3"].drawn.replace(part, "238.93 | 251.89 | 201.51 | 80.00% | / | / |")
    for note, codes in (("", {"XLP607", "XLP608"}), ("无", {"XLP607", "XLP608"}), ("工程未验收，余款未付", set())):
        form = recognise(document(table(low.replace(total, f"238.93 | 251.89 | 201.51 | 80.00% | 10 | 8 | {note}"))))
        found = {each.code for each in audit(record_of(form, "甲.docx")).findings}
        assert found & {"XLP607", "XLP608"} == codes
