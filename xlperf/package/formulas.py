"""What a formula refers to; and moving it: what a member of a shared formula says, given what its master says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from xlperf.package.address import MAX_COLUMN, MAX_ROW, Area, column_letters, column_number, parse_area
from xlperf.text import expression

# Strings, quoted sheet names and structured references are skipped whole; so is every longer word (a name, a
# function like LOG10, a sheet like S1!), which leaves only true references to be moved.
_TOKEN = r"""
    "[^"]*+"? | '[^']*+'? | \[[^\[\]]*+(?:\[[^\[\]]*+\][^\[\]]*+)*\]
    | (?<![\w.$])(?:
        (?P<cell>\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6})
      | (?P<cols>\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3})
      | (?P<rows>\$?[1-9][0-9]{0,6}:\$?[1-9][0-9]{0,6})
      )(?![\w.(!\[])
    | [^\W\d][\w.\\?]* | [0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?
    """
_PART = expression(r"(\$?)([A-Za-z]{1,3}|[0-9]+)")
_PLAIN_RANGE = expression(r"(?:'((?:[^']|'')+)'|([^'!\[\]:\s]+))!(\$?[A-Za-z]+\$?\d+(?::\$?[A-Za-z]+\$?\d+)?)")


def plain_range(text: str) -> tuple[str, Area] | None:
    """The sheet and the area of a formula that is nothing but one: 表1!$A$1:$B$2."""
    match = _PLAIN_RANGE.fullmatch(text)
    return ((match[1] or match[2]).replace("''", "'"), parse_area(match[3])) if match else None


def naming(title: str) -> re.Pattern[str]:
    """What finds a reference to a sheet in a formula, a link or a text that becomes one: 'title'!A1, 甲:title!A1."""
    spelled = "|".join(re.escape(each) for each in dict.fromkeys((title, title.replace("'", "''"))))
    return re.compile(rf"(?<![\w.\]])(?:{spelled})(?:'?!|:[^<>\"!]*!)|\ssheet=\"(?:{spelled})\"", re.IGNORECASE)


def move(formula: str, rows: int, cols: int) -> str:
    """The formula as it reads that many rows down and columns to the right."""

    def shift(match: re.Match[str]) -> str:
        fixed, text = match.groups()
        if fixed:
            return match[0]
        if text.isdigit():
            return str((int(text) + rows - 1) % MAX_ROW + 1)
        return column_letters((column_number(text) + cols - 1) % MAX_COLUMN + 1)

    def token(match: re.Match[str]) -> str:
        if match.lastgroup is None:
            return match[0]
        try:
            return _PART.sub(shift, match[0])
        except ValueError:  # ZZZ1 is a name, not a cell
            return match[0]

    return re.compile(_TOKEN, re.VERBOSE).sub(token, formula)


# Every alternative takes what it began, so that no text is walked through twice.
_REFERENCE = expression(
    r"""
    "[^"]*+"?
    | '(?P<quoted>[^']*+(?:''[^']*+)*)'(?P<mark>!)?
    | (?P<sheet>(?:\[[^\[\]]*+\])?[^\W\d][\w.]*+|\[[^\[\]]*+\])!
    | (?P<area>\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}(?::\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6})?)(?![\w.(!\[])
    | (?P<cols>\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3})(?![\w.(!])
    | (?P<rows>\$?[1-9][0-9]{0,6}:\$?[1-9][0-9]{0,6})(?![\w.])
    | (?P<name>[^\W\d][\w.\\]*+)(?![(!])
    | [\w.\\]++ | .
    """,
    re.VERBOSE | re.DOTALL,
)


class Reference(NamedTuple):
    """Cells, or a name, that a formula reads; `sheet` is "" for the formula's own, and has `[` for another file's."""

    sheet: str
    area: Area | None
    name: str


def references(formula: str) -> Iterator[Reference]:
    """Everything a formula reads, in the order it is written."""
    sheet = ""
    for match in _REFERENCE.finditer(formula):
        kind = match.lastgroup
        if kind == "sheet" or match["mark"]:
            sheet = match["sheet"] or match["quoted"].replace("''", "'")
            continue
        if kind in ("area", "cols", "rows", "name"):
            area = None if kind == "name" else _area(kind, match[0])
            yield Reference(sheet, area, match[0] if area is None else "")
        sheet = ""


def lengthened(formula: str, home: str, sheet: str, table: Area, *, cells: bool = False) -> str:
    """A formula on the sheet `home` whose areas that end with a table on `sheet` go on for one row more.

    `table`: with its header. Areas count that lie within its columns and begin at the header or the row below it; of a
    table with one row, single `cells` too, if wanted: Calc writes A5:A5 as A5.
    """
    said = ""
    parts: list[str] = []
    for match in _REFERENCE.finditer(formula):
        kind, text = match.lastgroup, match[0]
        if kind == "sheet" or match["mark"]:
            said = match["sheet"] or match["quoted"].replace("''", "'")
        else:
            if kind == "area" and (cells or ":" in text) and (said or home).lower() == sheet.lower():
                area = _area(kind, text)
                if area is not None and _ends_with(area, table):
                    longer = re.sub(r"[0-9]+$", str(table.bottom + 1), text)
                    text = longer if ":" in text else f"{text}:{longer}"
            said = ""
        parts.append(text)
    return "".join(parts)


def _ends_with(area: Area, table: Area) -> bool:
    is_within = table.left <= area.left and area.right <= table.right
    return is_within and area.bottom == table.bottom and area.top in (table.top, table.top + 1)


def _area(kind: str, text: str) -> Area | None:
    first, _, last = text.replace("$", "").partition(":")
    try:
        if kind == "area":
            return parse_area(text)
        if kind == "rows":
            top, bottom = sorted((int(first), int(last)))
            return Area(top, 1, min(bottom, MAX_ROW), MAX_COLUMN)
        left, right = sorted((column_number(first), column_number(last)))
        return Area(1, left, MAX_ROW, right)
    except ValueError:  # ZZZ1 is a name, not a cell
        return None
