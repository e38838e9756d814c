"""A figure of the form with a mark behind it, or corrected by striking out: read as it shows, and told to be text."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workbooks import new_bytes, patched
from xlperf.audit.run import audit
from xlperf.package import CellKind
from xlperf.workbook.actions import open_form

KEY = "operating_budget"
STRUCK, RAISED = "<rPr><strike/></rPr>", '<rPr><vertAlign val="superscript"/></rPr>'
RICH = {
    f"<r><t>9.5</t></r><r>{RAISED}<t>1</t></r>": "9.5",
    f"<r>{STRUCK}<t>35</t></r><r><t>9.5</t></r>": "9.5",
    f"<r>{STRUCK}<t>9.5</t></r>": "",
}


@pytest.mark.parametrize("rich", RICH)
def test_a_rich_figure_in_the_form(rich: str, beita_values: dict[str, Any]) -> None:
    blob = new_bytes(beita_values)
    form = open_form(blob, "表.xlsx")
    place = form.binding.place(KEY)
    cell = form.book.cells(place.sheet)[place.ref]
    assert cell.kind is CellKind.NUMBER
    at = place.address.rpartition("!")[2]
    part = f"xl/worksheets/sheet{form.book.sheets.index(place.sheet) + 1}.xml"
    old = f'<c r="{at}" s="{cell.style}"><v>{cell.text}</v></c>'.encode()
    new = f'<c r="{at}" s="{cell.style}" t="inlineStr"><is>{rich}</is></c>'.encode()

    def change(xml: bytes) -> bytes:
        assert old in xml
        return xml.replace(old, new)

    record = open_form(patched(blob, {part: change}), "表.xlsx").record
    assert record[KEY].text == RICH[rich]
    codes = {finding.code for finding in audit(record).findings if finding.key == KEY}
    assert ("XLP704" if RICH[rich] else "XLP103") in codes
