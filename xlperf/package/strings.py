"""Shared strings that no cell shows any more: what a cell said before it was rewritten is still in the file."""

from __future__ import annotations

import re
from collections.abc import Iterable

from xlperf.package.parts import Parts
from xlperf.package.runs import read_texts
from xlperf.package.xmltext import ATTRIBUTES, content_of, splice, without_comments

_P = rb"(?:[^\s<>/!?:]+:)?"
_SHARED = re.compile(rb"<" + _P + rb"c(?=\s)(?=[^<>]*?\st\s*=\s*[\"']s[\"'])" + ATTRIBUTES + rb"(/?)>")
_INDEX = re.compile(
    rb"\s*(?:<" + _P + rb"f(?:/>|\s[^<>]*>|>)(?:[^<]*</" + _P + rb"f\s*>)?\s*)?<" + _P + rb"v[^<>]*>\s*([0-9]+)\s*<"
)
_STRING = re.compile(rb"<(" + _P + rb")si(?=[\s/>])" + ATTRIBUTES + rb"(?:/>|>" + content_of(rb"\1si") + rb")")


def empty_unused_strings(parts: Parts, strings: str, sheets: Iterable[str]) -> int | None:
    """Empty every shared string that no cell of these sheets shows; the others keep their numbers.

    Answers how many said something, or None, with nothing changed, where a cell is written so that its string is not
    certain.
    """
    used: set[int] = set()
    for sheet in sheets:
        data = without_comments(parts.read(sheet))
        for cell in _SHARED.finditer(data):
            index = None if cell[1] else _INDEX.match(data, cell.end())
            if index is None:
                return None
            used.add(int(index[1]))
    data = parts.read(strings)
    found = list(_STRING.finditer(without_comments(data)))
    texts = read_texts(data).texts
    if len(found) != len(texts):
        return None
    gone = [each for number, each in enumerate(found) if number not in used and each[2]]
    emptied = sum(bool(text) for number, text in enumerate(texts) if number not in used)
    parts.write(strings, splice(data, [(*each.span(2), b"<" + each[1] + b"t/>") for each in gone]))
    return emptied
