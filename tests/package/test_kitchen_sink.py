"""A workbook with everything in it: what nobody asked to change keeps its very bytes."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path

import pytest

from tests.package.books import changed, entries, raw_entries, sheet
from tests.package.corpus import Outcome, try_files
from tests.package.fidelity import AUTHOR, NOTE, TAG, differences, part_of, run_job
from tests.package.kitchen_sink import DATA, FORM, HIDDEN, THREAD, kitchen_sink, strict_kitchen_sink
from tests.package.readers import Calc
from xlperf.package import Ref, Workbook

pytestmark = pytest.mark.libreoffice
SHEETS = (FORM, DATA, THREAD, HIDDEN)


@pytest.fixture(scope="module")
def by_calc(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The same workbook as LibreOffice saves it."""
    folder = tmp_path_factory.mktemp("calc")
    (folder / "sink.xlsm").write_bytes(kitchen_sink())
    return Calc(folder).save(folder / "sink.xlsm", "xlsx").read_bytes()


@pytest.fixture(scope="module", params=["kitchen sink", "strict", "LibreOffice"])
def blob(request: pytest.FixtureRequest, by_calc: bytes) -> bytes:
    return {"kitchen sink": kitchen_sink(), "strict": strict_kitchen_sink(), "LibreOffice": by_calc}[request.param]


def test_everything_is_in_it() -> None:
    names = " ".join(entries(kitchen_sink()))
    text = b" ".join(entries(kitchen_sink()).values()).decode("utf-8", "replace")
    for part in (
        "charts/chart1 chartsheets/ media/image vbaProject.bin comments1 threadedComments/ persons/ tables/ slicers/ "
        "slicerCaches/ pivotCache/ pivotTables/ customXml/item1 customXml/itemProps1 printerSettings/ externalLinks/ "
        "webextensions/webextension1 webextensions/taskpanes customUI/ ctrlProps/ featurePropertyBag/"
    ).split():
        assert part in names, part
    for element in (
        'prst="rightArrow" txBox="1" <x14:dataValidation <x14:dataBar <x14:iconSet <x14:sparkline> <x14:slicer '
        'ObjectType="Button" ObjectType="Checkbox" <rPh <br> <r><rPr> t="array" veryHidden <sheetProtection '
        "<protectedRange <legacyDrawingHF <tablePart <ignoredErrors <colorScale 3Arrows <externalReference <controls>"
    ).split():
        assert element in text, element


@pytest.mark.parametrize("title", SHEETS)
def test_only_what_was_intended_changes(blob: bytes, title: str) -> None:
    before = hashlib.sha256(blob).digest()
    job = run_job(blob, title)
    assert differences(blob, job, part_of(blob, title)) == []
    assert job.noted
    assert Workbook.open(job.blob).notes(title)[job.number] == (AUTHOR, NOTE)
    assert hashlib.sha256(blob).digest() == before


def test_few_entries_are_touched() -> None:
    blob = kitchen_sink()
    assert changed(blob, run_job(blob, FORM).blob) == {
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
    }


def test_every_other_program_opens_it(blob: bytes, tmp_path: Path) -> None:
    jobs = [run_job(blob, title) for title in SHEETS]
    files = [(Outcome(f"{job.sheet}.xlsm", job=job), blob) for job in jobs]
    assert try_files(files, tmp_path, 2) == []


def test_a_new_sheet_leaves_the_others_alone(blob: bytes) -> None:
    book = Workbook.open(blob)
    book.add_sheet("审核结果", sheet().encode())
    book.set_rows("审核结果", 1, [["编号", "差错"], [Decimal(1), "=不是公式"]])
    book.set_links("审核结果", {Ref(2, 1): f"'{FORM}'!B3"})
    after = book.to_bytes()
    new = set(raw_entries(after)) - set(raw_entries(blob))
    assert len(new) == 1
    assert changed(blob, after) - new == {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
    for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        old, now = entries(blob)[name], entries(after)[name]
        at = next(at for at, (a, b) in enumerate(zip(old, now, strict=False)) if a != b)
        assert now.endswith(old[at:]), f"{name}: more than an addition"


@pytest.mark.parametrize("title", SHEETS)
def test_clearing_gives_the_workbook_back(blob: bytes, title: str) -> None:
    book = Workbook.open(blob)
    book.set_highlights(title, TAG, {"FFC7CE": [Ref(3, 2)]})
    book.set_notes(title, AUTHOR, {Ref(4, 2): NOTE})
    book.set_links(title, {Ref(5, 2): "A1"})
    marked = book.to_bytes()
    book = Workbook.open(marked)
    book.set_highlights(title, TAG, {})
    book.set_notes(title, AUTHOR, {})
    book.set_links(title, {})
    before, after = entries(blob), entries(book.to_bytes())
    assert before.keys() == after.keys()
    different = {name for name in before if before[name] != after[name]}
    assert different <= {"xl/styles.xml"}  # an unused format stays behind
