"""What must be true of a sheet before its rows are changed, and of every changed part before it is saved.

Parts are patched as text. A parser says whether a text is XML, but not whether our expressions find in it the cells
that other programs find: a cell in a cell, a row in a row, a second prefix for the same names are well formed too.
Such a sheet can be read; patched it would lose something, so its rows are never patched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import lt
from typing import NamedTuple
from xml.parsers.expat import ExpatError

from xlperf.package.archive import Damaged
from xlperf.package.sheet import SheetXml
from xlperf.package.xmltext import ATTRIBUTES, check_xml, parse_attributes, without_comments

_XML = (".xml", ".rels", ".vml")
# Excel writes an open <br> into the text of form controls and reads it again; no parser of XML does.
_OPEN_BREAK = re.compile(rb"<(br(?:\s[^<>]*)?)(?<!/)>")
# Text and tags of other elements, whatever their prefix is.
_OTHER = rb"[^<]*+(?:<(?!/?(?:[^\s<>/:]++:)?(?:row|c|sheetData)[\s/>])[^<]*+)*"
_AT_ONCE = 2_000  # rows that one search takes: what it might have to give back is kept in memory
_NUMBER = re.compile(rb"""\sr\s*=\s*["']\s*([0-9]+)""")
# Of a row every attribute is plain, so that no expression can be misled by what stands in another.
_PLAIN = rb"""[^<>"'&/]*+(?:(?:"[^"'<>&]*+"|'[^"'<>&]*+')[^<>"'&/]*+)*"""


def check_part(name: str, data: bytes) -> None:
    """Raise `Damaged` unless a changed part is XML whose every prefix is declared; a picture is none."""
    if not (name.lower().endswith(_XML) or data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")):
        return
    try:
        check_xml(_OPEN_BREAK.sub(rb"<\1/>", data) if name.lower().endswith(".vml") else data, namespaces=True)
    except ExpatError as error:
        raise Damaged(f"其中的 {name} 改动后不是完整的 XML（{error}），没有保存") from error


class _Patterns(NamedTuple):
    rows: re.Pattern[bytes]  # whole rows that stand one behind the other, some thousand of them
    row_tag: re.Pattern[bytes]  # with its number, if that is written as every program writes it


@lru_cache(maxsize=4)
def _patterns(prefix: str) -> _Patterns:
    p = re.escape(prefix.encode())
    cell = rb"<" + p + rb"c(?=[\s/>])" + ATTRIBUTES + rb"(?:/>|>" + _OTHER + rb"</" + p + rb"c\s*+>)[^<]*+"
    extension = rb"(?:<" + p + rb"extLst[\s/>]" + _OTHER + rb")?"
    content = rb"[^<]*+(?:" + cell + rb")*" + extension
    row = rb"<" + p + rb"row(?=[\s/>])" + _PLAIN + rb"(?:/>|>" + content + rb"</" + p + rb"row\s*+>)[^<]*+"
    return _Patterns(
        re.compile(rb"(?:" + row + rb"){1,%d}" % _AT_ONCE),
        re.compile(rb"<" + p + rb'row(?: r="([1-9][0-9]*)")?(?=[\s/>])[^<>]*>'),
    )


def check_rows(sheet: SheetXml) -> Sequence[int]:
    """Raise `Damaged` unless the rows of a sheet are rows of cells and nothing else, each of them there once.

    Answers their numbers, if all are written as every program writes them and ascend; otherwise none.
    """
    node, shadow = sheet.rows, without_comments(sheet.data)
    if shadow.count(b"sheetData") > 2 and len(re.findall(rb"<(?:[^\s<>/:]+:)?sheetData[\s/>]", shadow)) > 1:
        raise Damaged("单元格区域（sheetData）有两处，改动会弄丢内容，没有保存")
    _check_namespace(sheet, shadow)
    stop = _end_of_rows(sheet.prefix, shadow, node.open_end, node.close)
    if stop != node.close:
        where = _row_at(sheet.prefix, shadow, node.open_end, stop)
        raise Damaged(f"{where}里单元格或行的写法不合规范（互相嵌套，或用了别的前缀），改动会弄丢内容，没有保存")
    usual = _patterns(sheet.prefix).row_tag.findall(shadow, node.open_end, node.close)
    numbers = list(map(int, usual)) if all(usual) else []
    if numbers and all(map(lt, numbers, numbers[1:])):
        return numbers
    seen: set[int] = set()
    for number, _ in numbered_rows(sheet.prefix, shadow, node.open_end, node.close):
        if number in seen:
            raise Damaged(f"第 {number} 行出现了两次，改动会弄丢内容，没有保存")
        seen.add(number)
    return ()


def _end_of_rows(prefix: str, shadow: bytes, start: int, end: int) -> int:
    """Where something stands that is no whole row."""
    first = shadow.find(b"<", start, end)
    stop = end if first < 0 else first
    while stop < end and (match := _patterns(prefix).rows.match(shadow, stop, end)):
        stop = match.end()
    return stop


def _check_namespace(sheet: SheetXml, shadow: bytes) -> None:
    """The names of rows and cells mean the same from the first to the last."""
    node = sheet.rows
    if b"xmlns" not in shadow[node.start : node.close]:
        return
    name = f"xmlns:{sheet.prefix[:-1]}" if sheet.prefix else "xmlns"
    for tag in re.finditer(rb"<[^\s<>/!?]+(?=[^<>]*\sxmlns)" + ATTRIBUTES, shadow[node.start : node.close]):
        declared = parse_attributes(tag[0]).get(name)
        if declared is not None and declared != sheet.root.attrs.get(name):
            raise Damaged("单元格区域里改换了命名空间，改动会弄丢内容，没有保存")


def _row_at(prefix: str, shadow: bytes, start: int, stop: int) -> str:
    numbers = [number for number, _ in numbered_rows(prefix, shadow, start, shadow.find(b">", stop) + 1)]
    return f"第 {numbers[-1]} 行" if numbers else "单元格区域"


def numbered_rows(prefix: str, shadow: bytes, start: int, stop: int) -> Iterator[tuple[int, re.Match[bytes]]]:
    """Number and start tag of every row; one that does not say its number follows its predecessor."""
    number = 0
    for match in _patterns(prefix).row_tag.finditer(shadow, start, stop):
        usual = match[1]
        if usual:
            number = int(usual)
        else:
            stated = _NUMBER.search(match[0])
            number = int(stated[1]) if stated else number + 1
        yield number, match
