"""The last line of `check`, its `--ledger`, and the exit code of a report of which nothing was compared."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, cast

import docx
import openpyxl
import pytest

from tests.cli.books import parts, sheets
from tests.command import Run
from tests.control_rows import SHEET, disagreements, rows_of
from tests.intake.forms import TEXT
from tests.workbooks import new_bytes
from xlperf.audit.run import counts_line
from xlperf.checks.rule import Severity
from xlperf.hosts.excel.live import LiveBook, LiveForm, checking
from xlperf.tieout import HEADINGS
from xlperf.tieout.pieces import ASKS, BLANK, FAILS, FITS, UNDECIDABLE
from xlperf.workbook.actions import check, open_form
from xlperf.workbook.checklist import CHECKLIST
from xlperf.workbook.result_rows import RESULTS, RESULTS_SHEET

ELSEWHERE = (  # a report with its chapters, whose figures are nobody's
    *("2023年度部门整体支出绩效自评报告", "一、部门、单位基本情况", "（二）人员编制情况", "见附件。"),
    *(
        "二、部门整体支出管理及使用情况",
        "（一）预算执行、使用、管理总体情况",
        "全县生产总值325.6亿元，增长7.5%。",
        "三、综合评价结论",
        "四、存在的问题",
        "部分工作开展得较晚。",
    ),
)
SAID = (
    *("2023年度部门整体支出绩效自评报告", "一、部门、单位基本情况", "（二）人员编制情况"),
    "核定编制18名，退休6人。",
    *("二、一般公共预算支出情况", "三、综合评价结论", "四、存在的问题", "无。"),
)


def report(folder: Path, lines: tuple[str, ...]) -> Path:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    path = folder / "报告.docx"
    document.save(str(path))
    return path


def last(out: str) -> str:
    return out.splitlines()[-1]


def ledger(out: str) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(out)["ledger"])


@pytest.mark.parametrize("beside", [(), ("--against",), ("files",), ("--all-variants",)])
def test_the_last_line_says_how_many_figures_were_compared(
    run: Run, book: Path, tmp_path: Path, beside: tuple[str, ...]
) -> None:
    arguments: dict[tuple[str, ...], tuple[object, ...]] = {
        ("--against",): ("--against", report(tmp_path, SAID)),
        ("files",): (report(tmp_path, SAID),),
    }
    given = arguments.get(beside, beside)
    told = last(run("check", book, *given).out)
    assert told.startswith("比较了 ")
    if beside != ("--all-variants",):
        found = ledger(run("check", book, *given, "--format", "json").out)
        assert told == f"比较了 {found['compared']} 个数，{found['not_compared']} 个没有比较。"
        csv = run("check", book, *(given if beside != ("--against",) else ()), "--format", "csv")
        assert last(csv.err).startswith("比较了 ")


@pytest.mark.parametrize("way", ["--against", ""])
@pytest.mark.parametrize("kind", ["text", "json"])
def test_a_report_of_which_nothing_was_compared_is_no_clean_bill(
    run: Run, book: Path, tmp_path: Path, way: str, kind: str
) -> None:
    found = run("check", book, *filter(None, [way]), report(tmp_path, ELSEWHERE), "--format", kind)
    assert found.code == 2
    assert "报告里的 2 个数，一个也没有与表比较" in found.out + found.err
    assert "报告与工作簿不符 0 处" not in found.out


def test_no_copy_without_a_comment_of_what_was_not_compared(run: Run, book: Path, tmp_path: Path) -> None:
    found = run("check", book, "--against", report(tmp_path, ELSEWHERE), "--mark", tmp_path / "批注.docx")
    assert found.code == 2
    assert not (tmp_path / "批注.docx").exists()


def test_what_is_compared_and_what_is_not_stands_beside_what_is_found(run: Run, book: Path, tmp_path: Path) -> None:
    found = run("check", book, "--against", report(tmp_path, SAID))
    assert found.code == 1
    assert "报告里比较了 1 个数，1 个没有比较。" in found.out


def test_one_path_whichever_way_the_report_is_given(run: Run, book: Path, tmp_path: Path) -> None:
    path = report(tmp_path, SAID)
    against = json.loads(run("check", book, "--against", path, "--format", "json").out)
    beside = json.loads(run("check", book, path, "--format", "json").out)
    same = ("severity", "code", "at", "key", "message", "stated", "expected")
    assert against["against"]
    assert [[each["place"], *(each[name] for name in same if name != "at")] for each in against["against"]] == [
        [each["at"], *(each[name] for name in same if name != "at")] for each in beside["between"]
    ]
    assert [each["at"] for each in against["against"]] == [each["other"] for each in beside["between"]]
    assert against["ledger"] == beside["ledger"]


def test_the_list_has_every_rule_and_every_sentence(run: Run, book: Path, tmp_path: Path) -> None:
    path = report(tmp_path, SAID)
    told = run("check", book, "--against", path, "--ledger").out
    found = ledger(run("check", book, "--against", path, "--format", "json").out)
    assert all(f"    {each['code']} {each['title']}：" in told for each in found["rules"])
    assert "报告.docx 第4段  比较了 2 个数中的 1 个  核定编制18名，退休6人" in told
    assert {"place", "quote", "state", "figures", "compared", "read", "reason"} == set(found["sentences"][0])


def test_the_sheet_is_written_on_request_and_goes_again(run: Run, book: Path, tmp_path: Path) -> None:
    listed, plain, cleared = tmp_path / "单.xlsx", tmp_path / "审.xlsx", tmp_path / "清.xlsx"
    run("check", book, "--ledger", "-o", listed)
    run("check", book, "-o", plain)
    run("clear", listed, "-o", cleared)
    assert sheets(cleared) == sheets(book)
    rows = list(openpyxl.load_workbook(listed)[CHECKLIST.sheet].values)
    found = ledger(run("check", book, "--format", "json").out)
    assert rows[0] == tuple(CHECKLIST.titles)
    assert len(rows) == 2 + len(found["rules"]) + len(found["sentences"])
    assert rows[-1][2] == last(run("check", book).out)
    assert CHECKLIST.sheet not in openpyxl.load_workbook(plain).sheetnames
    run("check", listed, "--in-place")  # what an earlier audit compared is no longer said
    assert sheets(listed) == sheets(plain)


def test_twice_gives_the_same_file(run: Run, book: Path, tmp_path: Path) -> None:
    listed = tmp_path / "单.xlsx"
    run("check", book, "--ledger", "-o", listed)
    before = parts(listed)
    run("check", listed, "--ledger", "--in-place")
    assert parts(listed) == before


def test_somebody_elses_sheet_of_that_name_is_left_alone(run: Run, book: Path, tmp_path: Path) -> None:
    other = openpyxl.load_workbook(book)
    other.create_sheet(CHECKLIST.sheet)["A1"] = "自己的清单"
    other.save(book)
    found = run("check", book, "--ledger", "-o", tmp_path / "单.xlsx")
    assert found.code == 2
    assert CHECKLIST.sheet in found.err
    run("check", book, "--in-place")
    assert openpyxl.load_workbook(book)[CHECKLIST.sheet]["A1"].value == "自己的清单"


@pytest.mark.parametrize("fields", [{}, {"personnel_change": "30.14"}, {"total_score": "96", "basic_opening": ""}])
def test_all_counts_agree(run: Run, tmp_path: Path, beita_values: dict[str, Any], fields: dict[str, str]) -> None:
    """Of the last lines, JSON, 审核结果, the line of 勾稽关系 and the dialog of Excel and Calc."""
    path = tmp_path / "自评.xlsx"
    path.write_bytes(new_bytes({**beita_values, "fields": beita_values["fields"] | fields}))
    told = run("check", path).out.splitlines()
    found = json.loads(run("check", path, "--format", "json").out)
    run("check", path, "-o", tmp_path / "审.xlsx")
    form = open_form(path)
    audit, _ = check(form)
    dialog = checking(LiveForm(cast(LiveBook, form.book), form.binding, form.record, ""), None).splitlines()

    assert told[-2] == counts_line(audit)
    assert told[-3] == dialog[0].removeprefix("审核完成：")
    assert dialog[2].startswith(told[-1])
    blanks = dialog[2].removeprefix(told[-1]).partition("。")[0]  # then what to write where nothing is
    assert told[-2].endswith(f"；{blanks}。")
    standing = Counter(each["standing"] for each in found["items"])
    said = (standing["to_correct"], standing["to_explain"], standing["explained"])
    assert told[-3] == "待改 {} · 待说明 {} · 已说明 {}".format(*said)
    assert {each.value: found["counts"][each.value] for each in Severity} == {
        each.value: audit.count(each) for each in Severity
    }
    book = openpyxl.load_workbook(tmp_path / "审.xlsx", data_only=True)
    rows = [row[RESULTS.column("代码") - 1] for row in book[RESULTS_SHEET].values]
    codes = [code for row in rows for code in str(row).splitlines() if code.startswith("XLP")]
    assert sorted(codes) == sorted(each.code for each in audit.findings)
    assert sum(each["found"] for each in found["ledger"]["rules"]) == len(codes)
    assert sum(each["state"] == "not_applicable" for each in found["ledger"]["rules"]) == len(found["not_applicable"])

    lines = list(book[SHEET].values)
    results = [line[len(HEADINGS) - 1] for line in lines]
    number = {word: results.count(word) for word in (FAILS, ASKS, FITS, BLANK, UNDECIDABLE)}
    counts = "".join(f"　{word} {number[word]}" for word in (FAILS, ASKS, FITS))
    left = f"　未能核对 {number[BLANK] + number[UNDECIDABLE]} 行"
    why = f"（因{BLANK} {number[BLANK]}，{UNDECIDABLE} {number[UNDECIDABLE]}）"
    assert f"本表核对结果（行）：{counts}{left}{why}" in {line[0] for line in lines}
    assert list(disagreements(audit, rows_of(lines))) == []


def test_a_report_in_one_document_with_its_tables_is_held_against_them(run: Run) -> None:
    """Every figure of its text is counted, with those of the tables."""
    found = json.loads(run("check", TEXT, "--format", "json").out)
    sentences = found["ledger"]["sentences"]
    assert sum(each["figures"] for each in sentences) == 30
    assert {each["place"] for each in sentences} >= {"第20段", "第22段", "第36段"}


ALONE = (
    "（一）机构设置情况",
    "中心设9个内设机构，分别为：综合科、项目科、服务一科、服务二科、服务三科、信息科、联络科、财务科。",
)


@pytest.mark.parametrize("way", ["--against", ""])
def test_what_the_text_alone_has_wrong_is_told_once(run: Run, book: Path, tmp_path: Path, way: str) -> None:
    """Whichever way the report is given: nine offices, eight of them named."""
    path = report(tmp_path, (SAID[0], *ALONE, *SAID[1:]))
    told = run("check", book, *filter(None, [way]), path).out
    assert told.count("XLP525") == 1
    assert "9" in told.partition("XLP525")[2].splitlines()[1]
    found = json.loads(run("check", book, *filter(None, [way]), path, "--format", "json").out)
    if way:
        (each,) = [each for each in found["against"] if each["code"] == "XLP525"]
        assert (each["at"], each["expected"]) == ("", "")
        assert each["place"].startswith("第")


def test_a_report_with_its_tables_is_told_of_once(run: Run) -> None:
    told = run("check", TEXT).out
    assert told.count("XLP503") == told.count("XLP504") == 1
    assert "对照 正文" not in told


def test_an_import_says_how_many_figures_of_the_text_were_read(run: Run, tmp_path: Path) -> None:
    told = run("import", report(tmp_path, SAID), "-o", tmp_path / "新.xlsx")
    assert told.err.splitlines()[-2] == "正文读出了 1 个数，1 个没有读出，已列出。"  # then what to do next
