"""Forms with faults, and all that the marks of an audit show in a file: for comparing one host with another."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl.cell.cell import MergedCell

from tests.hosts.loading import load
from xlperf.workbook import actions
from xlperf.workbook.result_rows import RESULTS_SHEET

FAULTS: dict[str, dict[str, Any]] = {
    "as published": {},
    "filled": {"fill": True},
    "typed over": {"fill": True, "write": {"execution_score": "9.5", "total_score": "97", "basic_current": "'12.5"}},
    "another formula": {"fill": True, "formulas": {"total_score": "{indicators[0].score}+1"}},
    "error values": {"fill": True, "errors": {"execution_rate": "#DIV/0!", "sangong_actual": "#REF!"}},
    "hidden": {"fill": True, "hide": ["row sangong_actual", "column income_total_prior", "sheet 自评表"]},
    "frozen": {"fill": True, "freeze": True},
    "label of another": {
        "fill": True,
        "write": {"project_prior_actual<2": "3、公务接待", "project_prior_actual": "3.00", "project_budget": "2.50"},
    },
    "narrow table": {"fill": True, "narrow": {"project_special": 2}},
}


class Marked(NamedTuple):
    """All that a marked workbook shows, however it is stored."""

    cells: dict[tuple[str, str], object]
    notes: dict[tuple[str, str], str]
    highlights: dict[tuple[str, str], str]
    links: dict[tuple[str, str], str]
    styles: dict[tuple[str, str], object]
    protection: dict[str, object]


def shown(source: Path | bytes) -> Marked:
    book = load(io.BytesIO(source) if isinstance(source, bytes) else source)
    found = Marked({}, {}, {}, {}, {}, {})
    for sheet in book:
        rules = sheet.protection
        found.protection[sheet.title] = {name: getattr(rules, name) for name in ("sheet", "formatCells", "objects")}
        for line in sheet.iter_rows():
            for cell in line:
                at = sheet.title, cell.coordinate
                if isinstance(cell, MergedCell):
                    continue
                if link := re.fullmatch(r'=HYPERLINK\("#(.*)","(.*)"\)', str(cell.value)):
                    found.links[at], found.cells[at] = link[1], link[2]
                elif cell.value not in (None, ""):
                    found.cells[at] = cell.value
                if cell.hyperlink is not None and cell.hyperlink.location:
                    found.links[at] = cell.hyperlink.location
                if cell.comment is not None:
                    found.notes[at] = cell.comment.text
                if sheet.title != RESULTS_SHEET:
                    found.styles[at] = (cell.number_format, cell.fill.fgColor.rgb, cell.font.color, cell.font.name)
        for area in sheet.conditional_formatting:
            for rule in area.rules:
                if rule.formula == ['N("xlperf")=0']:
                    for each in area.cells.ranges:
                        for row, col in each.cells:
                            found.highlights[sheet.title, sheet.cell(row, col).coordinate] = rule.dxf.fill.bgColor.rgb
    return found


def by_file(blob: bytes, *, name: str = "自评.xlsx") -> bytes:
    form = actions.open_form(blob, name)
    actions.mark(form, *actions.check(form))
    return form.book.to_bytes()
