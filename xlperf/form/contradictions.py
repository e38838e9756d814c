"""What cannot stand together in a form's TOML, although every word in it is known: cells, sums, figures, the layout.

Each check takes the data of a form, sound in its shape, and its names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from xlperf.amounts import parse_number
from xlperf.errors import At
from xlperf.form.grid import LIVE, PLACEHOLDER, TEMPLATE_KEY, cell_key
from xlperf.form.shapes import Names, unknown
from xlperf.form.template import NOT_APPLICABLE, PLACEHOLDERS, TYPES

Mistake = tuple[At, str]
WHOLE = {"sums": "total", "included": "whole"}
_LONGEST_TITLE = 31  # of a sheet, in Excel
_NOT_IN_TITLE = r"[]:*?/\\"


def _of_cells(data: Mapping[str, Any], names: Names) -> Iterator[Mistake]:
    for key, kind in (("year", "year"), ("unit_name", "text")):
        if data["fields"].get(key, {}).get("type", kind if key in data["fields"] else "") != kind:
            yield ("fields",), f'每种表都要有 {key} = {{ label = "…", type = "{kind}" }}'
    times = Counter(names.cells)
    for name, (rows, columns) in names.series.items():
        for row, column in ((row, column) for row in rows for column in columns):
            if times[f"{row}_{column}"] > 1:
                yield ("series", name, "rows", row), f"项目 {row}_{column} 定义了两次"
    kinds = kinds_of(data)
    for at, key, default in _defaults(data):
        kind, _ = kinds[key]
        is_figure = parse_number(default) is not None or default in data.get("not_applicable", NOT_APPLICABLE)
        if default and kind != "text" and not is_figure:
            yield at, f"“{default}”不是数：这一格的 type 是 {kind}，default 应是数字（如 10）或 ——，没有就删去"


def _of_labels(data: Mapping[str, Any], names: Names) -> Iterator[Mistake]:
    """What a cell is called is no heading that shows a year."""
    labels: list[tuple[At, str]] = [(("fields", key, "label"), spec["label"]) for key, spec in data["fields"].items()]
    for name, spec in data.get("series", {}).items():
        labels += [
            (("series", name, part, key), text) for part in ("rows", "columns") for key, text in spec[part].items()
        ]
    for table, spec in data.get("tables", {}).items():
        columns = spec["columns"].items()
        labels += [(("tables", table, "columns", name, "label"), column["label"]) for name, column in columns]
    for at, text in labels:
        if shown := LIVE.search(text):
            yield at, f"label 里的 {shown[0]} 不会换成年份或名称：请写叫法（如 前年决算数），{shown[0]} 写在表头里"


def _defaults(data: Mapping[str, Any]) -> Iterator[tuple[At, str, str]]:
    """What cells hold at first: where that is said, of which cell, what."""
    yield from ((("fields", key, "default"), key, spec.get("default", "")) for key, spec in data["fields"].items())
    for name, spec in data.get("series", {}).items():
        yield from ((("series", name, "defaults", key), key, each) for key, each in spec.get("defaults", {}).items())
    for table, spec in data.get("tables", {}).items():
        for name, column in spec["columns"].items():
            yield ("tables", table, "columns", name, "default"), f"{table}[].{name}", column.get("default", "")


def kinds_of(data: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Type and unit of every cell, and of columns as parts of sums: items[].amount."""
    specs = dict(data["fields"])
    for spec in data.get("series", {}).values():
        for row in spec["rows"]:
            for column in spec["columns"]:
                specs[f"{row}_{column}"] = {"type": spec.get("column_types", {}).get(column, spec["type"])}
    for table, spec in data.get("tables", {}).items():
        specs |= {f"{table}[].{name}": column for name, column in spec["columns"].items()}
    return {key: (spec["type"], spec.get("unit", TYPES[spec["type"]].unit)) for key, spec in specs.items()}


# Sums


def sums_in(data: Mapping[str, Any]) -> Iterator[tuple[str, int, Mapping[str, Any], list[str]]]:
    """Every entry of [[sums]] and [[included]]: section, place, what it says, and its totals."""
    for section, whole in WHOLE.items():
        for place, spec in enumerate(data.get(section, ())):
            yield section, place, spec, [spec[whole]] if isinstance(spec[whole], str) else spec[whole]


def columns_of_tables(names: Names) -> set[str]:
    """Columns as parts of sums."""
    return {f"{table}[].{column}" for table, columns in names.tables.items() for column in columns}


def lacks_same(spec: Mapping[str, Any], names: Names) -> bool:
    """Is a sum over the rows of one level, and a table of its has no such column?"""
    tables = {part.partition("[].")[0] for part in spec["parts"]}
    return "same" in spec and not all(spec["same"] in names.tables.get(table, ()) for table in tables)


def _of_sums(data: Mapping[str, Any], names: Names) -> Iterator[Mistake]:
    for section, place, spec, totals in sums_in(data):
        patterns: list[tuple[At, str, set[str]]] = [((WHOLE[section],), each, set(names.cells)) for each in totals]
        known = {*names.cells, *columns_of_tables(names)}
        patterns += [(("parts", n), each, known) for n, each in enumerate(spec["parts"])]
        for step, pattern, cells in patterns:
            lacking = next((key for key in _over(spec, pattern) if key not in cells), None)
            if lacking is not None:
                yield (section, place, *step), unknown(lacking, cells, "项目")
        if lacks_same(spec, names):
            yield (section, place, "same"), f"各部分所在的明细表没有栏目 {spec['same']}"


def _over(spec: Mapping[str, Any], pattern: str) -> list[str]:
    """The keys that a pattern of a sum means."""
    return [pattern.replace("*", column) for column in (*spec["over"], *spec.get("strict_over", ()))]


def _of_units(data: Mapping[str, Any], names: Names) -> Iterator[Mistake]:
    """What is added up is of one kind."""
    kinds = kinds_of(data)
    for section, place, spec, totals in sums_in(data):
        for whole in totals:
            for n, part in enumerate(spec["parts"]):
                for total, own in zip(_over(spec, whole), _over(spec, part), strict=True):
                    if total in kinds and own in kinds and kinds[total] != kinds[own]:
                        reason = f"{total} 是{_said(kinds[total])}，{own} 是{_said(kinds[own])}，不能相加"
                        yield (section, place, "parts", n), f"{reason}：请把 type、unit 改成一样，或去掉这一项"


def _said(kind: tuple[str, str]) -> str:
    return f" {kind[0]}（{kind[1]}）" if kind[1] else f" {kind[0]}"


def _of_circles(data: Mapping[str, Any], names: Names) -> Iterator[Mistake]:
    """No total is a part of itself, by whatever way."""
    parts: dict[str, set[str]] = {}
    said: dict[str, int] = {}
    for section, place, spec, totals in sums_in(data):
        for whole in totals if section == "sums" and "same" not in spec else ():
            for part in spec["parts"]:
                for total, own in zip(_over(spec, whole), _over(spec, part), strict=True):
                    parts.setdefault(total, set()).add(own)
                    said.setdefault(total, place)
    for total in parts:
        below = _below(total, parts)
        if total in below:
            circle = "、".join(sorted(key for key in below & parts.keys() if total in _below(key, parts)))
            yield ("sums", said[total], "total"), f"循环相加：{circle} 的合计里又有它自己，永远算不出来；请改 parts"


def _below(total: str, parts: Mapping[str, set[str]]) -> set[str]:
    """What a total is made of, and what that is made of."""
    found, new = set[str](), {total}
    while new:
        new = {own for key in new for own in parts.get(key, ())} - found
        found |= new
    return found


# Figures


def of_figures(data: Mapping[str, Any], names: Names) -> Iterator[Mistake]:
    """Dated figures that are no figures."""
    for name, spec in data.get("figures", {}).items():
        at = ("figures", name)
        if name in names.cells:
            yield at, f"{name} 既是项目又是法定数值的名字"
        if ("cell" in spec) == ("value" in spec):
            yield at, "应有 value 或 cell，只能有一个"
        elif "cell" in spec and "choices" not in spec:
            yield at, "指一个格子，须在 choices 中列出可用的格子"
        for key in spec.get("choices", ()) if "cell" in spec else ():
            if key not in names.cells:
                yield (*at, "choices", key), unknown(key, names.cells, "项目")


# The layout


def _of_titles(data: Mapping[str, Any], names: Names) -> Iterator[Mistake]:
    """A sheet can be called so in Excel, and no other one is."""
    before: dict[str, str] = {}
    for number, spec in enumerate(data.get("sheets", ())):
        title, at = spec["title"], ("sheets", number, "title")
        if len(title) > _LONGEST_TITLE:
            yield at, f"工作表的名称有 {len(title)} 个字，Excel 最多 {_LONGEST_TITLE} 个：请改短"
        elif not title.strip():
            yield at, "工作表的名称是空的"
        wrong = [sign for sign in dict.fromkeys(title) if sign in _NOT_IN_TITLE]
        if wrong or title != title.strip("'"):
            yield at, f"工作表的名称里有 Excel 不许用的 {' '.join(wrong) or chr(39)}：请改掉"
        if before.setdefault(title.lower(), title) != title:  # one that is called the same takes the other's place
            yield at, f"与工作表 {before[title.lower()]} 只差大小写，Excel 不许：请改名"


def _of_layout(data: Mapping[str, Any], names: Names) -> Iterator[Mistake]:
    """Every cell and every column has one place, if the form says where its cells stand."""
    placed: set[str] = set()
    rows_of_tables: dict[str, At] = {}
    for number, spec in enumerate(data.get("sheets", ())):
        at = ("sheets", number)
        if "widths" not in spec and not (spec.get("results") or spec.get("home")):
            yield at, "缺少 widths：各列的宽度，如 widths = [18, 12, 12]"
        for place, row in enumerate(spec["rows"]):
            here = (*at, "rows", place)
            keys = [key for text in row if isinstance(text, str) and (key := cell_key(text))]
            for key in keys:
                if key in placed:
                    yield here, f"项目 {key} 出现了两次：一个项目只有一格"
                placed.add(key)
            tables = dict.fromkeys(key.partition(".")[0] for key in keys if "." in key)
            if len(tables) > 1:
                yield here, f"一行里有两张明细表（{'、'.join(tables)}）的栏目：请各写一行"
            for table in tables:
                if rows_of_tables.setdefault(table, here) != here:
                    yield here, f"明细表 {table} 的栏目分在两行：请写在同一行"
        for table, rows in spec.get("blank_rows", {}).items():
            yield from _of_blank_rows(data, (*at, "blank_rows", table), rows)
    for key in (TEMPLATE_KEY, *names.places) if data.get("sheets") else ():
        if key not in placed:
            yield ("sheets",), f"各张工作表里都没有 ${key}：请在 rows 里给它一格{_or_without(key)}"


def _or_without(key: str) -> str:
    """The other way out, of what a form need not have."""
    return "（模板编号，可放在表的最下面）" if key == TEMPLATE_KEY else "，或去掉它的定义"


def _of_blank_rows(data: Mapping[str, Any], at: At, rows: list[list[str]]) -> Iterator[Mistake]:
    table = data["tables"][at[-1]]
    wanted = len(table.get("fill_down", ())) + 1
    for place, row in enumerate(rows):
        if len(row) != wanted:
            yield (*at, place), f"应有 {wanted} 个：fill_down 的各栏，然后是行名"
    if (
        rows
        and not table.get("fixed")
        and not any(row and row[-1] in data.get("placeholder_rows", PLACEHOLDERS) for row in rows)
    ):
        yield (
            at,
            (
                f"没有“{PLACEHOLDER}”的行：填表的人在它上面插入新行，请在最后加一行，行名写 {PLACEHOLDER}；"
                "表样印好各行、不增加行的，在这张明细表里写 fixed = true"
            ),
        )


CHECKS = (_of_cells, _of_labels, _of_sums, _of_units, _of_circles, of_figures, _of_titles, _of_layout)
