"""No command, option, rule code, key or programmer's word in anything an accountant is shown; and colours all see."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from tests.colors import BLIND, ciede2000, contrast, difference
from tests.intake.laid_out import NINGXIA, as_word, as_workbook
from tests.outputs import VALUES, written
from tests.shown import complaints, out_of_place
from tests.workbooks import new_bytes
from xlperf.audit.run import audit
from xlperf.checks.catalog import CHECKS
from xlperf.checks.rule import Severity
from xlperf.errors import XlperfError
from xlperf.form.forms import form_ids, load_template
from xlperf.form.record import Record
from xlperf.form.written import templates_folder
from xlperf.hosts.commands import COMMANDS, HINT, help_text
from xlperf.hosts.excel import live
from xlperf.hosts.excel.snapshot import snapshot_of
from xlperf.hosts.taking_in import comparing
from xlperf.package import Workbook
from xlperf.package.look import LINK
from xlperf.udf.registry import FUNCTIONS
from xlperf.workbook.binding import bind, read_record
from xlperf.workbook.drafts import COLOR
from xlperf.workbook.handed_in import OUR_LISTS
from xlperf.workbook.result_rows import COLORS
from xlperf.workbook.shades import DERIVED, HEADING, INPUT

Said = Iterator[tuple[str, str]]
LAST_COLUMN = {
    "审核结果": "代码",
    "核对清单": "规则",
    "报告对照": "代码",
    "勾稽关系": "规则",
}  # where a code of a rule may stand, far to the right


def in_workbook(path: Path) -> Said:
    """Every text, note, hint and name of sheet; the column of codes aside."""
    book = openpyxl.load_workbook(path)
    for sheet in book:
        coded = 0
        for row in sheet.iter_rows():
            for cell in row:
                where = f"{path.name} {sheet.title}!{cell.coordinate}"
                if cell.value == LAST_COLUMN.get(sheet.title, ""):
                    coded = cell.column
                if isinstance(cell.value, str) and cell.data_type != "f" and cell.column != coded:
                    yield where, cell.value
                if cell.comment is not None:
                    yield f"{where} note", cell.comment.text
        for each in sheet.data_validations.dataValidation:
            yield f"{path.name} {sheet.title} hint", f"{each.promptTitle or ''} {each.prompt or ''}"
        assert not out_of_place(sheet.title)


def in_document(path: Path) -> Said:
    document = docx.Document(str(path))
    for number, paragraph in enumerate(document.paragraphs):
        yield f"{path.name} {number}", paragraph.text
    for comment in document.comments:
        yield f"{path.name} comment", f"{comment.author} {comment.text}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One of everything that is written for her, with findings in it."""
    folder = tmp_path_factory.mktemp("shown")
    ours, theirs, paper = folder / "自评.xlsx", folder / "别处.xlsx", folder / "别处.docx"
    ours.write_bytes(new_bytes(VALUES))
    as_workbook(NINGXIA.replace("10年 | 8年 | 24 |", "10年 | 8年 | 22 |"), theirs)
    as_word(NINGXIA, paper)
    written("check", ours, "-o", folder / "审核.xlsx", "--ledger", "--letter", folder / "意见.docx")
    written("check", theirs, "-o", folder / "别处审核.xlsx")
    written("check", paper, "-o", folder / "别处审核.docx")
    written("report", ours, "-o", folder / "报告.docx")
    document = docx.Document(str(folder / "报告.docx"))
    for run in (run for paragraph in document.paragraphs for run in paragraph.runs):
        run.text = run.text.replace("251.06", "252.06")
    document.save(str(folder / "改过.docx"))
    written("check", ours, "--against", folder / "改过.docx", "--mark", folder / "批注.docx")
    book: Any = Workbook.open(ours)  # as Calc and Excel have it open
    binding = bind(book)
    comparing(folder / "改过.docx")(live.LiveForm(book, binding, read_record(book, binding), ""), None)
    book.save(folder / "对照.xlsx")
    written("import", folder / "报告.docx", "-o", folder / "导入.xlsx")
    written("roll", ours, "-o", folder / "下年.xlsx")
    return folder


def test_nothing_that_is_written_has_such_words(folder: Path) -> None:
    books = [*sorted(folder.glob("*.xlsx")), *(templates_folder() / f"{name}.xlsx" for name in form_ids())]
    told = [said for path in books if path.exists() for said in in_workbook(path)]
    told += [said for path in sorted(folder.glob("*.docx")) for said in in_document(path)]
    sheets = {where.partition(" ")[2].partition("!")[0] for where, _ in told}
    assert sheets >= {"填表说明", *(listing.sheet for listing in OUR_LISTS)}
    assert {where.partition(".docx ")[2] for where, _ in told} >= {"comment"}
    assert any(where.endswith("note") for where, _ in told)
    assert any(where.endswith("hint") for where, _ in told)
    assert complaints(iter(told)) == []


def test_no_sentence_of_an_audit_has_such_words(beita: Record, hunan: Record) -> None:
    """The cases of the rules see to all others: `checks/test_rule_cases.py`."""
    found = [finding for record in (beita, hunan) for finding in audit(record).findings]
    assert len(found) > 40
    assert complaints((each.at, f"{each.message} {each.reason}") for each in found) == []


def of_rules() -> Said:
    for name in form_ids():
        template = load_template(name)
        for rule in CHECKS:
            yield f"{rule.code} {name}", f"{rule.titled(template)} {rule.docs(template)['改法']}"


def test_no_advice_has_such_words() -> None:
    assert complaints(of_rules()) == []


def in_dialogs() -> Said:
    for each in COMMANDS:
        yield each.name, f"{each.title} {each.help} {each.question} {each.asks_file}"
    yield "hint", HINT
    yield "help", help_text()
    yield "help in Lite", help_text(is_lite=True)
    ours = Workbook.open(new_bytes(VALUES), "自评.xlsx")
    for work in (live.filling, live.checking, live.clearing, live.clearing_all, live.freezing):
        yield work.__name__, live.worked(work, snapshot_of(ours), None, "")[0]
    theirs = Workbook.open((templates_folder() / "goals.xlsx").read_bytes(), "别处.xlsx")
    theirs._parts.write("xl/workbook.xml", theirs._parts.read("xl/workbook.xml").replace(b'name="xp_', b'name="x_'))
    theirs.settle()
    with pytest.raises(XlperfError) as refused:
        live.worked(live.checking, snapshot_of(theirs), None, "")
    yield "refusal", live.told(refused.value)
    yield "failure", live.told(ValueError("x"))
    for function in FUNCTIONS:
        yield function.name, function.help
        for argument in function.arguments:
            yield function.name, f"{argument.label} {argument.help}"


def test_no_dialog_has_such_words() -> None:
    assert complaints(in_dialogs()) == []


@pytest.mark.parametrize(
    "text",
    [
        "用 xlperf check 审核",
        "加 --variant 选择",
        "用 -o 另存",
        "错误 XLP304",
        "xp_year",
        "Python 错误",
        "execution_score",
        "indicators[0].score",
    ],
)
def test_such_words_are_seen(text: str) -> None:
    assert out_of_place(text)


@pytest.mark.parametrize("text", ["由 xlperf 生成", "2023-2024", "90%-95%", "A-B", "PERF_SCORE", "≥98% -- 见附件"])
def test_others_are_not(text: str) -> None:
    assert out_of_place(text) == []


def test_our_names_are_not_in_the_name_box(folder: Path) -> None:
    for name in ("自评.xlsx", "审核.xlsx", "下年.xlsx"):
        names = openpyxl.load_workbook(folder / name).defined_names
        assert {bool(each.hidden) for key, each in names.items() if key.startswith("xp_")} == {True}


# Colours


def test_the_measure_of_differences() -> None:
    """Pairs 1, 7 and 17 of the data that Sharma, Wu and Dalal published."""
    for one, other, expected in (
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ):
        assert ciede2000(one, other) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("blindness", sorted(BLIND))
def test_grades_are_told_apart_by_everybody(blindness: str) -> None:
    apart = {
        (one, other): difference(COLORS[one], COLORS[other], blindness) for one, other in combinations(Severity, 2)
    }
    assert {pair: round(found) for pair, found in apart.items()} == FIGURES[blindness]
    assert min(apart.values()) >= 20


FIGURES: dict[str, dict[Any, int]] = {
    "deuteranopia": {
        (Severity.ERROR, Severity.WARNING): 22,
        (Severity.ERROR, Severity.INFO): 33,
        (Severity.WARNING, Severity.INFO): 39,
    },
    "protanopia": {
        (Severity.ERROR, Severity.WARNING): 31,
        (Severity.ERROR, Severity.INFO): 31,
        (Severity.WARNING, Severity.INFO): 37,
    },
}


def test_text_stands_out_on_every_ground() -> None:
    found = {
        ground: round(contrast("000000", ground), 1) for ground in (*COLORS.values(), COLOR, INPUT, DERIVED, HEADING)
    }
    assert min(found.values()) >= 4.5
    assert found == {
        **{"E57373": 7.0, "FFEB84": 17.5, "BDD7EE": 14.1},
        **{COLOR: 16.1, INPUT: 19.8, DERIVED: 16.7, HEADING: 18.8},
    }
    assert contrast(LINK, "FFFFFF") >= 4.5
