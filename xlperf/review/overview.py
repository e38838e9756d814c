"""总览: what a reviewer sees first, with charts that Excel and LibreOffice draw themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from xlperf.review.store import Store

_TITLE = "绩效自评审核汇总"
_NOTE = (
    "先看“单位清单”，按“状态”筛选“待改正”；“问题清单”每行一个问题，点“位置”打开那份表的那一格。"
    "“单位之间”是几个单位放在一起才看得出的，“未能读取”里的文件都没有审核。"
)
_SCORES = (
    *(("60 以下", 60.0), ("60—70", 70.0), ("70—80", 80.0), ("80—85", 85.0), ("85—90", 90.0), ("90—95", 95.0)),
    *(("95—98", 98.0), ("98—100", 100.0), ("100", 100.000001)),
)
_RATES = (
    *(("50% 以下", 0.5), ("50—70%", 0.7), ("70—80%", 0.8), ("80—90%", 0.9), ("90—95%", 0.95), ("95—100%", 1.0)),
    *(("100%", 1.000001), ("超过 100%", 1e9)),
)
_GRAVEST = ("有错误", "有核实，没有错误", "只有提示", "没有问题")
_MOST_BARS = 12
_DATA = 20  # the column in which the figures behind the charts begin
_BLUE, _RED, _GREEN, _AMBER = "#4472C4", "#C55A11", "#70AD47", "#FFC000"


class Overview(NamedTuple):
    """`since`: units by what became of them since the review before; `rules`: titles with the number of units."""

    totals: Sequence[tuple[str, int]]
    since: Mapping[str, int]
    store: Store
    rules: Sequence[tuple[str, int]]


class Chart(NamedTuple):
    title: str
    kind: str
    colour: str
    rows: Sequence[tuple[str, int]]


def write_overview(book: Any, sheet: Any, formats: Mapping[str, Any], told: Overview) -> None:
    """Write the sheet; `told.store` has the units selected."""
    charts = charts_of(told)
    left = [*told.totals, *((f"比上次：{state}", count) for state, count in told.since.items())]
    _lay_out(sheet)
    blocks = _blocks(charts)
    rows = max(len(left) + 4, max(start + len(chart.rows) for start, chart in blocks) + 1)
    sheet.set_row(0, 30)
    sheet.set_row(1, 48)
    for row in range(rows + 1):
        if row == 0:
            sheet.write_string(0, 0, _TITLE, formats["title"])
        if row == 1:
            sheet.merge_range(1, 0, 1, 1, "", formats["note"])
            sheet.write_string(1, 0, _NOTE, formats["note"])
        if 3 <= row < 3 + len(left):
            name, count = left[row - 3]
            sheet.write_string(row, 0, name, formats["text"])
            sheet.write_number(row, 1, count, formats["number"])
        for start, chart in blocks:
            if row == start:
                sheet.write_string(row, _DATA, chart.title, formats["bold"])
            elif start < row <= start + len(chart.rows):
                name, count = chart.rows[row - start - 1]
                sheet.write_string(row, _DATA, name, formats["text"])
                sheet.write_number(row, _DATA + 1, count, formats["number"])
    for place, (start, chart) in enumerate(blocks):
        _draw(book, sheet, chart, start, place)


def _lay_out(sheet: Any) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 2, 3)
    sheet.set_column(_DATA, _DATA, 34)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, 62, _DATA - 1)


def _blocks(charts: Sequence[Chart]) -> list[tuple[int, Chart]]:
    found = []
    row = 2
    for chart in charts:
        found.append((row, chart))
        row += len(chart.rows) + 2
    return found


def charts_of(told: Overview) -> list[Chart]:
    """The figures that are drawn."""
    store = told.store
    now = "FROM unit WHERE id IN (SELECT id FROM temp.now)"
    gravest = f"""SELECT sum(errors > 0), sum(errors = 0 AND warnings > 0),
        sum(errors = 0 AND warnings = 0 AND infos > 0), sum(errors = 0 AND warnings = 0 AND infos = 0) {now}"""
    counts = store.one(gravest) or ()
    returned = f"""SELECT CASE unit WHEN '' THEN '（没有写单位名称）' ELSE unit END, to_correct + to_explain {now}
        AND to_correct + to_explain > 0 ORDER BY 2 DESC, to_correct DESC, folder, unit, year, files
        LIMIT {_MOST_BARS}"""
    rules = sorted(told.rules, key=lambda each: -each[1])[:_MOST_BARS]
    return [
        Chart(
            "单位：按最重的问题", "doughnut", _BLUE, [(name, n or 0) for name, n in zip(_GRAVEST, counts, strict=False)]
        ),
        Chart("问题：涉及单位最多的规则（单位数）", "bar", _RED, rules),
        Chart("自评总分的分布（单位数）", "column", _BLUE, _spread(store, "score", _SCORES)),
        Chart("预算执行率的分布（单位数）", "column", _GREEN, _spread(store, "rate", _RATES)),
        Chart("要退回的事最多的单位（待改正和待说明的件数）", "bar", _AMBER, list(store.rows(returned))),
    ]


def _spread(store: Store, column: str, edges: Sequence[tuple[str, float]]) -> list[tuple[str, int]]:
    """Of the units that state the figure, how many are below each edge and in no part before."""
    counts = dict.fromkeys((name for name, _ in edges), 0)
    cases = " ".join(f"WHEN CAST({column} AS REAL) < {edge} THEN '{name}'" for name, edge in edges)
    query = f"""SELECT CASE {cases} END, count(*) FROM unit WHERE id IN (SELECT id FROM temp.now) AND {column} <> ''
        GROUP BY 1"""
    for name, count in store.rows(query):
        if name in counts:
            counts[name] = count
    return list(counts.items())


def _draw(book: Any, sheet: Any, chart: Chart, start: int, place: int) -> None:
    if not any(count for _, count in chart.rows):
        return
    drawn = book.add_chart({"type": chart.kind})
    last = start + len(chart.rows)
    series: dict[str, Any] = {
        "name": chart.title,
        "categories": ["总览", start + 1, _DATA, last, _DATA],
        "values": ["总览", start + 1, _DATA + 1, last, _DATA + 1],
        "fill": {"color": chart.colour},
        "data_labels": {"value": True},
        "gap": 60,
    }
    if chart.kind == "doughnut":
        series["points"] = [{"fill": {"color": each}} for each in (_RED, _AMBER, _BLUE, _GREEN)]
        del series["fill"], series["gap"]
        drawn.set_legend({"position": "right"})
    else:
        drawn.set_legend({"none": True})
        is_bar = chart.kind == "bar"  # whose categories stand one below another
        categories = {"major_gridlines": {"visible": False}, "interval_unit": 1, "reverse": is_bar}
        values = {"major_gridlines": {"visible": not is_bar}, "visible": not is_bar}
        drawn.set_y_axis(categories if is_bar else values)
        drawn.set_x_axis(values if is_bar else categories)
    drawn.add_series(series)
    drawn.set_title({"name": chart.title, "name_font": {"size": 12}})
    row, column, width = _PLACES[place]
    drawn.set_size({"width": width, "height": 380})
    sheet.insert_chart(row, column, drawn, {"object_position": 3})


_PLACES = ((2, 3, 480), (22, 3, 980), (2, 11, 480), (42, 11, 480), (42, 3, 480))  # row, column, pixels
