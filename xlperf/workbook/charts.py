"""The charts of 首页, as native charts over its own figures. Part of the drawing in `workbook.blank`."""

from __future__ import annotations

from typing import Any

from openpyxl.chart import BarChart, Reference, Series
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties

from xlperf.tieout.home import CHART_COLUMNS, PLOT_ROWS, Chart, Home

_COLORS = ("A6A6A6", "2E75B6")  # apart in black and white too
_BETWEEN = 60  # per cent of a column's width


def draw_charts(sheet: Any, home: Home, first: int) -> None:
    """Side by side, each over its own columns; `first` is the row below the title of the sheet."""
    for place, chart in enumerate(home.charts):
        left = CHART_COLUMNS * place
        drawn = _drawn(sheet, chart, first + home.data, left + 1)
        drawn.anchor = TwoCellAnchor(
            "oneCell",
            _from=AnchorMarker(left, 0, first + home.plot - 1, 0),
            to=AnchorMarker(left + CHART_COLUMNS, 0, first + home.plot - 1 + PLOT_ROWS, 0),
        )
        sheet.add_chart(drawn)


def _drawn(sheet: Any, chart: Chart, head: int, left: int) -> BarChart:
    drawn = BarChart()
    drawn.type, drawn.title, drawn.style, drawn.gapWidth = "col", chart.title, None, _BETWEEN
    last = head + len(chart.rows)
    for number in range(chart.first, len(chart.heads)):
        col = left + 2 + number
        series = Series(Reference(sheet, col, head + 1, col, last), title=chart.heads[number])
        series.graphicalProperties = GraphicalProperties(solidFill=_COLORS[number])
        series.invertIfNegative = False
        drawn.series.append(series)
    drawn.set_categories(Reference(sheet, left, head + 1, left, last))
    drawn.x_axis.delete = drawn.y_axis.delete = False  # programs differ in what nothing said means
    drawn.y_axis.number_format = "0%" if chart.formats[chart.first] == "0.00%" else "#,##0"
    drawn.y_axis.scaling.min = 0
    drawn.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="D9D9D9"))
    drawn.x_axis.txPr = drawn.y_axis.txPr = _small()
    drawn.title.tx.rich.p[0].pPr = ParagraphProperties(defRPr=CharacterProperties(sz=1100, b=True))
    drawn.title.overlay = False
    if chart.first:
        drawn.legend = None
        drawn.dataLabels = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False)
        drawn.dataLabels.numFmt = "0%"
        drawn.dataLabels.txPr = _small()
    else:
        drawn.legend.position, drawn.legend.overlay = "b", False
        drawn.legend.txPr = _small()
    return drawn


def _small() -> RichText:
    about = ParagraphProperties(defRPr=CharacterProperties(sz=1100))
    return RichText(p=[Paragraph(pPr=about, endParaRPr=CharacterProperties(sz=1100))])
