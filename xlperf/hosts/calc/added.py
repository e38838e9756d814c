"""A sheet that is added to an open document: as wide, as printed and as coloured as in files."""

from __future__ import annotations

from typing import Any

from xlperf.hosts.calc.highlights import add_rules, range_at
from xlperf.package import Area
from xlperf.package.address import MAX_ROW
from xlperf.package.look import LAST, SIZE, Layout

_TOP = 1  # com.sun.star.table.CellVertJustify2
_PAGE_STYLE = "审核清单"


def add_sheet(model: Any, title: str, layout: Layout) -> Any:
    """A new sheet behind the others; its columns as wide as so many of Excel's characters of 7 pixels."""
    model.Sheets.insertNewByName(title, model.Sheets.Count)
    sheet = model.Sheets.getByName(title)
    for index, width in enumerate(layout.widths):
        sheet.Columns.getByIndex(index).Width = round((width * 7 + 5) * 2540 / 96)
    columns = range_at(sheet, Area(1, 1, LAST, len(layout.widths)))
    columns.CharHeight, columns.VertJustify = SIZE, _TOP
    add_rules(model, sheet, layout.rules)
    sheet.setTitleRows(range_at(sheet, Area(layout.head, 1, layout.head, 1)).RangeAddress)
    sheet.setPrintTitleRows(True)
    if layout.printed:
        sheet.setPrintAreas((range_at(sheet, Area(1, 1, MAX_ROW, layout.printed)).RangeAddress,))
    _set_page(model, sheet)
    return sheet


def _set_page(model: Any, sheet: Any) -> None:
    """A4 across, one page wide, with lines between the cells, as in files."""
    styles = model.StyleFamilies.getByName("PageStyles")
    if not styles.hasByName(_PAGE_STYLE):
        styles.insertByName(_PAGE_STYLE, model.createInstance("com.sun.star.style.PageStyle"))
        style = styles.getByName(_PAGE_STYLE)
        style.IsLandscape, style.Width, style.Height = True, 29700, 21000
        style.ScaleToPagesX, style.ScaleToPagesY, style.HeaderIsOn, style.FooterIsOn = 1, 0, False, False
        style.LeftMargin = style.RightMargin = style.TopMargin = style.BottomMargin = 1000
        style.PrintGrid = True
    sheet.PageStyle = _PAGE_STYLE
