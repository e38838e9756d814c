"""A real spreadsheet program opens what we wrote. Without LibreOffice these tests fail: nothing else proves it."""

from __future__ import annotations

import csv
import io
import zipfile
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment

from tests.hosts.libreoffice import Office
from xlperf.package import Ref, Workbook

pytestmark = pytest.mark.libreoffice
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
CALC_EXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
XLINK = "{http://www.w3.org/1999/xlink}"


def convert(source: Path, kind: str, office: Office) -> bytes:
    return office.convert([source], kind, source.parent)[0].read_bytes()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A form with a chart and a comment of its own, then filled and marked by us."""
    made = openpyxl.Workbook()
    page = made.active
    page.title = "自评表"
    for row in range(1, 6):
        page.cell(row, 1, f"指标{row}")
        page.cell(row, 2, row)
    page["C1"] = "=SUM(B1:B5)"
    page["A1"].comment = Comment("原有批注", "王")
    page.merge_cells("E1:F2")
    chart = BarChart()
    chart.add_data(Reference(page, min_col=2, min_row=1, max_row=5))
    page.add_chart(chart, "H2")
    made.create_sheet("审核结果")
    buffer = io.BytesIO()
    made.save(buffer)
    workbook = Workbook.open(buffer.getvalue())
    workbook.write("自评表", Ref(2, 2), Decimal("0.2224"), number_format="0.00%")
    workbook.write("自评表", Ref(1, 3), Decimal("13.2224"), formula="SUM(B1:B5)")
    workbook.write("自评表", Ref(2, 3), "优", formula='IF(C1>1,"优","差")')
    workbook.write("自评表", Ref(9, 1), "=HYPERLINK(1)")
    workbook.set_highlights("自评表", "check", {"FFC7CE": [Ref(2, 2), Ref(3, 2)]})
    assert workbook.set_notes("自评表", "审核", {Ref(2, 2): "执行率不等\n应为 22.3%", Ref(1, 1): "不"}) == {Ref(1, 1)}
    workbook.set_rows("审核结果", 2, [["1", "差错", Decimal("1.5")], ["2", "@提示"]])
    workbook.set_links("审核结果", {Ref(2, 1): "'自评表'!B2"})
    target = tmp_path_factory.mktemp("written") / "filled.xlsx"
    workbook.save(target)
    return target


def test_values_arrive(written: Path, office: Office) -> None:
    rows = list(csv.reader(io.StringIO(convert(written, "csv:Text - txt - csv (StarCalc):44,34,76", office).decode())))
    assert rows[1][:3] == ["指标2", "22.24%", "优"]
    assert rows[0][2].startswith("13.22")
    assert rows[8][0] == "=HYPERLINK(1)"


def test_it_prints(written: Path, office: Office) -> None:
    assert convert(written, "pdf", office).startswith(b"%PDF")


def test_marks_are_there(written: Path, office: Office) -> None:
    with zipfile.ZipFile(io.BytesIO(convert(written, "ods", office))) as archive:
        root = ElementTree.fromstring(archive.read("content.xml"))
        pictures = [name for name in archive.namelist() if name.startswith("Object 1/content")]
    notes = {"".join(note.itertext()) for note in root.iter(OFFICE + "annotation")}
    assert any("原有批注" in note for note in notes)
    assert any("应为 22.3%" in note for note in notes)
    assert len(notes) == 2
    formats = [node.get(CALC_EXT + "value") for node in root.iter(CALC_EXT + "condition")]
    assert formats == ['formula-is(N("check")=0)']
    assert [node.get(XLINK + "href") for node in root.iter(TEXT + "a")] == ["#'自评表'.B2"]
    assert pictures, "the chart is gone"
    titles = [node.get(TABLE + "name") for node in root.iter(TABLE + "table")]
    assert titles[:2] == ["自评表", "审核结果"]


def test_cleared_marks_are_gone(written: Path, office: Office, tmp_path: Path) -> None:
    workbook = Workbook.open(written)
    workbook.set_highlights("自评表", "check", {})
    workbook.set_notes("自评表", "审核", {})
    workbook.set_rows("审核结果", 2, [])
    workbook.set_links("审核结果", {})
    workbook.save(tmp_path / "cleared.xlsx")
    with zipfile.ZipFile(io.BytesIO(convert(tmp_path / "cleared.xlsx", "ods", office))) as archive:
        content = archive.read("content.xml").decode()
    assert "原有批注" in content
    for gone in ("应为 22.3%", "N(&quot;check", "@提示", "#'自评表'.B2"):
        assert gone not in content
