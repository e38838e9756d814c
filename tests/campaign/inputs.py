"""What is damaged: real forms and documents of every kind that is read, and the damage by kind of file."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl

from tests.campaign.cells import in_cells
from tests.campaign.damage import BYTES, CONTAINER, in_part
from tests.campaign.elements import in_elements, in_words
from tests.campaign.texts import odd_text
from tests.hosts.libreoffice import Office
from tests.intake.forms import TEXT, old_sheet_form, sheet_form, word_form
from tests.intake.test_word import DOWN, GOES_ON, SPAN2, made, p, r, tbl, tc
from tests.package.books import entries, pack
from tests.package.kitchen_sink import kitchen_sink
from tests.places import GOLDEN
from xlperf.form.forms import example_of
from xlperf.report.word import build_report
from xlperf.udf.buttons import with_buttons
from xlperf.udf.formulas import perf_formulas
from xlperf.workbook.actions import check, fill, freeze, mark, new_workbook, open_form, roll

Damage = Callable[[bytes, random.Random], bytes]
FOREIGN = ("kitchen_sink.xlsx", "sheet_form.xlsx")  # no forms of ours: their damage is seen by the package alone
_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'


def prepare(folder: Path, office: Office | None = None) -> None:
    """Write them all into `folder`, the same bytes each time; the .xls only where LibreOffice is given to make it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, blob in _workbooks():
        (folder / name).write_bytes(_fixed(blob))
    for path in (word_form(folder / "word_form.docx"), sheet_form(folder / "sheet_form.xlsx")):
        path.write_bytes(_fixed(path.read_bytes()))
    (folder / "odd.docx").write_bytes(_fixed(_odd_document()))
    (folder / "beita.txt").write_bytes(TEXT.read_bytes())
    (folder / "gbk.txt").write_bytes(TEXT.read_text("utf-8").encode("gb18030"))
    report = build_report(open_form((folder / "filled.xlsx").read_bytes()).record)
    (folder / "report.docx").write_bytes(_fixed(report))
    resaved = openpyxl.load_workbook(folder / "filled.xlsx")
    resaved.save(folder / "resaved.xlsx")
    (folder / "resaved.xlsx").write_bytes(_fixed((folder / "resaved.xlsx").read_bytes()))
    if office:
        (folder / "made").mkdir()
        (folder / "old.xls").write_bytes(old_sheet_form(office, folder / "made").read_bytes())


def a_document(folder: Path, chance: random.Random) -> Path:
    suffix = chance.choice((".docx", ".docx", ".docx", ".xlsx", ".xlsx", ".txt", ".xls"))
    return chance.choice(sorted(path for path in folder.iterdir() if path.suffix == suffix) or [folder / "beita.txt"])


def a_workbook(folder: Path, chance: random.Random) -> Path:
    """A form three times as often as what is none."""
    found = sorted(path for path in folder.iterdir() if path.suffix in (".xlsx", ".xlsm"))
    return chance.choice([path for path in found for _ in range(1 if path.name in FOREIGN else 3)])


def damaged(source: Path, chance: random.Random) -> bytes:
    """One damaged copy; which damage depends on `chance` alone."""
    blob = chance.choice(_damages(source.suffix, chance))(source.read_bytes(), chance)
    if chance.random() < 0.25:
        with suppress(Exception):  # the first may have broken too much for another
            blob = chance.choice(_damages(source.suffix, chance))(blob, chance)
    return blob


def _damages(suffix: str, chance: random.Random) -> Sequence[Damage]:
    """How often which kind of damage: what programs refuse at once is of little use."""
    if suffix == ".xls":
        return BYTES
    if suffix == ".txt":
        return (*BYTES, in_lines, in_lines, in_lines, in_lines, in_lines, in_lines, in_lines)
    inside: Sequence[Damage] = (in_words, in_elements) if suffix == ".docx" else (in_cells, in_cells)
    return chance.choices((BYTES, CONTAINER, (in_part,), (in_elements,), inside), (2, 3, 3, 6, 6))[0]


def in_lines(blob: bytes, chance: random.Random) -> bytes:
    """Lines of a text that go, come again, are cut, are drawn out or hold something else."""
    coding = "utf-8" if blob[:3].decode("utf-8", "replace")[0] != "\ufffd" else "gb18030"
    lines = blob.decode(coding, "replace").split("\n")
    for _ in range(chance.choice((1, 3, 10))):
        at = chance.randrange(len(lines))
        match chance.randrange(6):
            case 0:
                lines[at : at + chance.choice((1, 3))] = []
            case 1:
                lines[at:at] = [lines[at]] * chance.choice((1, 20, 1000))
            case 2:
                lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]
            case 3:
                cells = lines[at].split("\t")
                cells[chance.randrange(len(cells))] = odd_text(chance)
                lines[at] = "\t".join(cells)
            case 4:
                lines[at] = lines[at].replace("\t", chance.choice((" ", "\t\t", "|", "")))
            case _:
                lines.insert(at, odd_text(chance) * chance.choice((1, 1, 30)))
        lines = lines or [""]
    new = chance.choice((coding, coding, coding, "utf-16", "utf-8-sig"))
    return chance.choice(("\n", "\n", "\r\n", "\r")).join(lines).encode(new, "replace")


def _workbooks() -> Iterator[tuple[str, bytes]]:
    values: dict[str, Any] = example_of("department_overall")
    demo = new_workbook(values).to_bytes()
    yield "demo.xlsx", demo
    yield "blank.xlsx", new_workbook({"year": 2023}).to_bytes()
    yield "hunan.xlsx", new_workbook(json.loads((GOLDEN / "hunan_2018.json").read_text("utf-8"))).to_bytes()
    form = open_form(demo)
    mark(form, *check(form))
    yield "marked.xlsx", form.book.to_bytes()
    form = open_form(demo)
    fill(form)
    filled = form.book.to_bytes()
    yield "filled.xlsx", filled
    yield "rolled.xlsx", roll(open_form(filled))[0].book.to_bytes()
    form = open_form(demo)
    fill(form, perf_formulas)
    yield "functions.xlsm", with_buttons(form.book.to_bytes(), form.record.template)
    form = open_form(filled)
    freeze(form)
    yield "frozen.xlsx", form.book.to_bytes()
    yield "earlier.xlsx", (GOLDEN / "first_revision.xlsx").read_bytes()
    yield "kitchen_sink.xlsx", kitchen_sink()


def _odd_document() -> bytes:
    """A Word document with what else Word can do: fields, changes, controls, boxes, nested and merged tables."""
    field = _FIELD.format("begin") + r("PAGE") + _FIELD.format("separate") + r("1") + _FIELD.format("end")
    box = f"<w:pict><v:shape><v:textbox><w:txbxContent>{p('填表人：王')}</w:txbxContent></v:textbox></v:shape></w:pict>"
    head = tc("三级指标") + tc("年度指标值", SPAN2) + tc("实际完成值") + tc("分值") + tc("得分")
    row = tc("完成率", DOWN) + tc("≥98", SPAN2) + tc(p("<w:ins>" + r("98") + "</w:ins>")) + tc("10") + tc("10")
    more = tc("", GOES_ON) + tc("≤5", SPAN2) + tc(p("<w:del><w:r><w:delText>5</w:delText></w:r></w:del>", r("4"))) * 3
    return made(
        p("2023年度部门整体支出绩效自评报告"),
        p("一、部门、单位基本情况"),
        p(field, r("编制50人，实有45人。"), f"<w:r>{box}</w:r>"),
        f"<w:sdt><w:sdtPr/><w:sdtContent>{p('二、部门整体支出管理及使用情况')}</w:sdtContent></w:sdt>",
        tbl(head, row, more, tc(tbl(tc("内") + tc("表")) + p("后"), SPAN2) + tc("甲") * 4),
    )


def _fixed(blob: bytes) -> bytes:
    """The package with the moments of its making taken out."""
    content: dict[str, str | bytes] = dict(entries(blob))
    core = content.get("docProps/core.xml", b"")
    if core:
        content["docProps/core.xml"] = _MOMENT.sub(b"2023-01-02T03:04:05Z", core if isinstance(core, bytes) else b"")
    return pack(content)
