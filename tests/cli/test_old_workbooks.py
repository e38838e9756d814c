"""Workbooks made by the version of 2026-11-26 go through every command; see tests/data/old/README.md."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import click
import docx
import pytest

from tests.command import Run
from tests.package.books import entries
from tests.places import DATA
from xlperf.cli.commands import cli
from xlperf.package import Workbook
from xlperf.workbook.actions import check, open_form
from xlperf.workbook.drafts import DRAFTS_SHEET, TAG, waiting_drafts
from xlperf.workbook.explained import GONE, OF_A_GROUP, Explanation
from xlperf.workbook.marks import explanations_in

OLD = DATA / "old"
MARKED, EXPLAINED, DRAFTED = (OLD / f"{name}.xlsx" for name in ("marked", "explained", "drafted"))
ALL = pytest.mark.parametrize("old", [MARKED, EXPLAINED, DRAFTED], ids=lambda old: old.stem)
WROTE = {  # what was typed, and where that stood when it was marked again
    ("XLP202", "收支情况!F13"): ("已联系财政所核实，待更正。", "待改正"),
    ("XLP315", "自评表!F19"): ("以验收单日期为准，均在合同期内。", "已说明"),
    ("XLP405", "基础数据表!G20"): ("差额为其他资本性支出，不计入一般商品和服务支出。", "已说明"),
    ("XLP601", "基础数据表!G21"): ("年中追加办公设备维修经费。", "已说明"),
    ("XLP601", "基础数据表!G22"): ("无", "已说明"),  # which the version of then took for a reason
    ("XLP604", "收支情况!G13"): ("调资并补缴上年度社保。", GONE),
    (OF_A_GROUP, "收支情况!D11"): ("录入时数字颠倒，下周更正。", "待改正"),
}
CORRECTLY = "录入时数字颠倒，下周更正。"
NOW = {  # one line an item: what spoke of one finding is kept, and what it does not speak of is still asked for
    **{where: told for where, told in WROTE.items() if where not in {(OF_A_GROUP, "收支情况!D11")}},
    **dict.fromkeys((("XLP201", "收支情况!D11"), ("XLP202", "收支情况!F11")), (CORRECTLY, "待改正")),
    ("XLP412", "自评表!F6"): (CORRECTLY, "待改正"),
    ("XLP405", "基础数据表!G20"): (WROTE["XLP405", "基础数据表!G20"][0], "待说明"),  # 上年的差额没有说到
    ("XLP601", "基础数据表!G21"): (WROTE["XLP601", "基础数据表!G21"][0], "待说明"),  # 公用经费为什么超支没有说到
}
del NOW["XLP601", "基础数据表!G22"]  # 无
CORRECTED = {("XLP202", "收支情况!F13"): ("已联系财政所核实，待更正。", GONE)}
WAITING = {  # findings of the drafted workbook by code
    **{"XLP101": 14, "XLP102": 1, "XLP106": 1, "XLP109": 1, "XLP113": 3, "XLP322": 5, "XLP406": 1, "XLP409": 2},
    **{"XLP502": 2, "XLP504": 1, "XLP610": 1},
}
# SHA-256 of the sheets of marked.xlsx before it was marked, but for 勾稽关系, whose results any command may write.
UNMARKED = "6f40a7b8177716cfddeb7ce1a2eb7a121f25c0ee9a8dd6baa63f0c42d15d7114"
OUT, REPORT = "出.xlsx", "报告.docx"
WORDS = {"OUT": OUT, "REPORT": REPORT, "MARKED": MARKED}
COMMANDS = (  # BOOK is a copy of the old workbook; the exit code is the same for the three
    ("check BOOK", 1),
    ("check BOOK -o OUT", 1),
    ("check BOOK --in-place", 1),
    ("check BOOK --format json", 1),
    ("check BOOK --format csv", 1),
    ("check BOOK --all-variants", 1),
    ("check BOOK --previous MARKED", 1),
    ("fill BOOK -o OUT", 0),
    ("fill BOOK --in-place", 0),
    ("fill BOOK -o OUT --as value", 0),
    ("fill BOOK -o OUT --as udf --numbers", 0),
    ("clear BOOK -o OUT", 0),
    ("clear BOOK --in-place --drafts", 0),
    ("freeze BOOK -o OUT", 0),
    ("freeze BOOK --in-place --redact", 0),
    ("values BOOK", 0),
    ("report BOOK -o REPORT", 0),
    ("report BOOK -o REPORT --redact", 0),
    ("roll BOOK -o OUT", 0),
    ("import BOOK -o OUT", 0),
)


@pytest.fixture
def book(old: Path, tmp_path: Path) -> Path:
    path = tmp_path / "自评.xlsx"
    path.write_bytes(old.read_bytes())
    return path


def found(path: Path) -> list[tuple[str, str]]:
    return [(each.code, each.at) for each in check(open_form(path))[0].findings]


def listed(path: Path) -> list[Explanation]:
    return list(explanations_in(Workbook.open(path)))


def written(path: Path) -> dict[tuple[str, str], tuple[str, str]]:
    return {(row.code, row.place): (row.text, row.status) for row in listed(path) if row.text}


def inputs(path: Path) -> dict[str, str]:
    """What people typed: fill and freeze write the other cells."""
    stated = open_form(path).record.stated
    return {key: cell.shown for key, cell in stated.items() if cell.shown and not cell.field.derived}


def sheets(path: Path) -> dict[str, bytes]:
    parts = entries(path.read_bytes())
    return {name: parts[name] for name in sorted(parts) if name.startswith("xl/worksheets/")}


def test_what_takes_a_workbook_is_tried() -> None:
    takers = {
        name
        for name, command in cli.commands.items()
        for each in command.params
        if isinstance(each, click.Argument) and each.metavar in {"BOOK", "BOOK...", "SOURCE..."}
    }
    assert {line.split()[0] for line, _ in COMMANDS} == takers


@ALL
@pytest.mark.parametrize(("line", "code"), COMMANDS, ids=[line for line, _ in COMMANDS])
def test_every_command(line: str, code: int, book: Path, run: Run, tmp_path: Path) -> None:
    before = inputs(book)
    result = run(*(WORDS.get(word, word) for word in line.replace("BOOK", str(book)).split()))
    assert result.code == code, result.err
    if "REPORT" in line:
        assert docx.Document(str(tmp_path / REPORT)).tables
        return
    after = inputs(tmp_path / OUT if "OUT" in line else book)
    if line.startswith("roll"):
        assert after["year"] == str(int(before["year"]) + 1)
    elif "--redact" in line:
        assert {key for key in before if after[key] != before[key]} <= {"preparer", "phone"}
    else:
        assert before.items() <= after.items()  # import of a draft reads more of it: figures that its text names


@pytest.mark.parametrize("old", [MARKED, EXPLAINED], ids=lambda old: old.stem)
def test_the_findings_are_those_of_then(old: Path) -> None:
    """But for what only later rules say: how the satisfaction of 95 was found out, XLP336."""
    assert [each for each in found(old) if each[0] != "XLP336"] == [
        (row.code, row.place) for row in listed(old) if row.code != OF_A_GROUP and row.status != GONE
    ]


def test_a_draft_still_waits() -> None:
    assert Counter(code for code, _ in found(DRAFTED)) == WAITING
    assert len(list(waiting_drafts(Workbook.open(DRAFTED)))) == 45


@pytest.mark.parametrize("line", ["check BOOK", "fill BOOK", "freeze BOOK"])
def test_explanations_survive(line: str, run: Run, tmp_path: Path) -> None:
    book = tmp_path / "自评.xlsx"
    book.write_bytes(EXPLAINED.read_bytes())
    assert written(book) == WROTE
    run(*line.replace("BOOK", str(book)).split(), "--in-place")
    run("check", book, "--in-place")
    filled = {where: told for where, told in NOW.items() if where != ("XLP202", "收支情况!F11")} | CORRECTED
    assert written(book) == (filled if line.startswith("fill") else NOW)


@pytest.mark.parametrize("old", [MARKED, EXPLAINED], ids=lambda old: old.stem)
def test_clear_leaves_nothing(book: Path, old: Path, run: Run) -> None:
    run("clear", book, "--in-place", "--explanations")
    assert listed(book) == []
    assert not [name for name in entries(book.read_bytes()) if "xlperf" in name]
    cleared = sheets(book)
    del cleared["xl/worksheets/sheet6.xml"]
    if old == EXPLAINED:  # but for the reason that was typed into 收支情况
        run("clear", MARKED, "-o", "marked.xlsx")
        cleared["xl/worksheets/sheet2.xml"] = sheets(Path("marked.xlsx"))["xl/worksheets/sheet2.xml"]
    assert hashlib.sha256(b"".join(cleared.values())).hexdigest() == UNMARKED


@pytest.mark.parametrize("old", [DRAFTED])
def test_clear_leaves_nothing_of_drafts(book: Path, run: Run) -> None:
    assert DRAFTS_SHEET in Workbook.open(book).sheets
    run("clear", book, "--in-place", "--drafts")
    assert DRAFTS_SHEET not in Workbook.open(book).sheets
    assert not [name for name, part in entries(book.read_bytes()).items() if DRAFTS_SHEET.encode() in part]
    assert not [name for name, xml in sheets(book).items() if b"<conditionalFormatting" in xml and TAG.encode() in xml]
