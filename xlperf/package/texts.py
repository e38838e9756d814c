"""Every text of an XML part, between tags and in attributes, rewritten in place; all other bytes stay.

Runs of one paragraph are one text: what is cut out may begin in one run and end in the next. VML need not be
well-formed, so tags are followed as far as they match and nothing is asked of the rest.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from xlperf.package.xmltext import (
    ATTRIBUTES,
    attr,
    decode_text,
    encode_text,
    escape,
    parse_attributes,
    plain_text,
    splice,
    without_comments,
)

_TOKEN = re.compile(rb"<(/?)([^\s<>/!?]++)(" + ATTRIBUTES + rb")(/?)>|<[^<]?|[^<]+")
_ATTRIBUTE = re.compile(rb"""([^\s=/"'<>]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')|[^\s=/"'<>]++""")
_MARKS = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"))
_DEEPEST = 256  # how far up the open elements an end tag looks for its own
_WORDLESS = ("c", "row", "col")  # elements of a sheet, by the thousand, whose attributes hold no words


class Where(NamedTuple):
    """An element (its name without prefix) and one of its attributes, or "" for the text in it."""

    element: str
    attribute: str
    own: bytes  # the attributes of the element, as written
    outer: bytes  # those of the element around it

    @property
    def attrs(self) -> dict[str, str]:
        return parse_attributes(self.own)

    @property
    def outer_attrs(self) -> dict[str, str]:
        return parse_attributes(self.outer)


Cuts = Sequence[tuple[int, int, str]]  # from, to, what stands there afterwards; in order and apart
Find = Callable[[Where, str], Cuts]


class _Piece(NamedTuple):
    start: int
    end: int
    raw: bool  # CDATA, a comment or a broken tag: no references in it

    def text(self, data: bytes) -> str:
        content = data[self.start : self.end]
        return content.decode() if self.raw else plain_text(content)


def rewrite_texts(data: bytes, find: Find, paragraphs: Collection[str], boxes: Collection[str] = ()) -> bytes:
    """The part with every text cut as `find` says; the same bytes if it says nothing.

    The `t` elements within one of `paragraphs` are one text, and so is all that stands within one of `boxes`. Phonetic
    guides of a text that changes go with what they were the reading of. Raises `UnicodeDecodeError` if the part is not
    in UTF-8.
    """
    walk = _Walk(data, find, paragraphs, boxes)
    walk.run()
    return splice(data, walk.edits) if walk.edits else data


class _Walk:
    def __init__(self, data: bytes, find: Find, paragraphs: Collection[str], boxes: Collection[str]) -> None:
        self.data, self.find, self.paragraphs, self.boxes = data, find, paragraphs, boxes
        self.edits: list[tuple[int, int, bytes]] = []
        self.open: list[tuple[str, bytes, int]] = []  # name, attributes, where it begins
        self.group: tuple[int, str, bytes, bytes] | None = None  # depth, element and its attributes
        self.runs: list[_Piece] = []
        self.guides: list[tuple[int, int]] = []  # phonetic guides in it
        self.guide: int | None = None  # how deep the one that is open lies

    def run(self) -> None:
        at, data = 0, self.data
        while at < len(data):
            if data[at : at + 2] in (b"<!", b"<?") and (
                marked := next((pair for pair in _MARKS if data.startswith(pair[0], at)), None)
            ):
                at = self.marked(at, *marked)
                continue
            token = _TOKEN.match(data, at)
            assert token
            if token[2] is None:
                self.words(_Piece(*token.span(), raw=token[0].startswith(b"<")))
            elif token[1]:
                self.close(_local(token[2]), token.end())
            else:
                self.start(token)
            at = token.end()
        self.end_group()

    def marked(self, at: int, opening: bytes, closing: bytes) -> int:
        """A comment, CDATA or an instruction; what is not closed reaches to the end."""
        stop = self.data.find(closing, at + len(opening))
        stop = len(self.data) if stop < 0 else stop
        piece = _Piece(at + len(opening), stop, raw=True)
        if opening == b"<![CDATA[":
            self.words(piece)
        else:
            self.alone(piece, Where("", "", b"", b""))
        return stop + len(closing)

    def start(self, token: re.Match[bytes]) -> None:
        name, attributes = _local(token[2]), token[3]
        outer = self.open[-1][1] if self.open else b""
        if attributes and name not in _WORDLESS:
            self.attributes(name, attributes, outer, token.start(3))
        if token[4]:
            return
        self.open.append((name, attributes, token.start()))
        if self.group is None and (name in self.paragraphs or name in self.boxes):
            self.group = len(self.open), name, attributes, outer
        elif self.group and name == "rPh" and self.guide is None:
            self.guide = len(self.open)

    def close(self, name: str, end: int) -> None:
        for depth in range(len(self.open), max(0, len(self.open) - _DEEPEST), -1):
            if self.open[depth - 1][0] == name:
                if self.guide is not None and depth <= self.guide:
                    self.guides.append((self.open[self.guide - 1][2], end))
                    self.guide = None
                del self.open[depth - 1 :]
                if self.group and depth <= self.group[0]:
                    self.end_group()
                return

    def words(self, piece: _Piece) -> None:
        element, own, _ = self.open[-1] if self.open else ("", b"", 0)
        outer = self.open[-2][1] if len(self.open) > 1 else b""
        if self.group is None:
            self.alone(piece, Where(element, "", own, outer))
        elif self.guide is not None:
            return
        elif element == "t" or self.group[1] in self.boxes:
            self.runs.append(piece)
        else:
            self.alone(piece, Where(element, "", own, outer))

    def alone(self, piece: _Piece, where: Where) -> None:
        if self.data[piece.start : piece.end].strip():
            self.cut([piece], where)

    def end_group(self) -> None:
        if self.group and self.runs:
            _, element, own, outer = self.group
            if self.cut(self.runs, Where(element, "", own, outer)):
                self.edits += [(*each, b"") for each in self.guides]
        self.group, self.runs, self.guides, self.guide = None, [], [], None

    def cut(self, pieces: Sequence[_Piece], where: Where) -> bool:
        """Cut the text that these pieces are together; did anything change?"""
        texts = [piece.text(self.data) for piece in pieces]
        plain = [decode_text(text) for text in texts]
        cuts = self.find(where, "".join(plain))
        if not cuts:
            return False
        for piece, text, before, new in zip(pieces, texts, plain, _distributed(plain, cuts), strict=True):
            if new != before:
                encoded = new if piece.raw else encode_text(new) if text != before else escape(new)
                self.edits.append((piece.start, piece.end, encoded.encode()))
        return True

    def attributes(self, name: str, attributes: bytes, outer: bytes, start: int) -> None:
        for match in _ATTRIBUTE.finditer(attributes):
            group = 2 if match[2] is not None else 3
            if not match[1] or not match[group] or match[1].startswith(b"xmlns"):
                continue
            text = plain_text(match[group])
            plain = decode_text(text)
            cuts = self.find(Where(name, _local(match[1]), attributes, outer), plain)
            if cuts:
                new = attr(_distributed([plain], cuts)[0]).replace("'", "&apos;")
                self.edits.append((start + match.start(group), start + match.end(group), new.encode()))


def _local(tag: bytes) -> str:
    return tag.rpartition(b":")[2].decode()


def _distributed(texts: Sequence[str], cuts: Iterable[tuple[int, int, str]]) -> list[str]:
    """The texts after cutting what they are together; what is put in goes where the cut begins."""
    starts = list(accumulate(map(len, texts), initial=0))
    result = list(texts)
    for start, end, new in reversed(list(cuts)):
        number = bisect_right(starts, start) - 1
        while number < len(texts) and starts[number] < end:
            head, tail = max(start - starts[number], 0), min(end - starts[number], len(texts[number]))
            result[number] = result[number][:head] + new + result[number][tail:]
            number, new = number + 1, ""
    return result


def without_references(data: bytes, element: str, ids: Collection[str]) -> bytes:
    """The part with no `id` attribute of these values left on elements of this name."""
    edits = []
    for token in _TOKEN.finditer(without_comments(data)):
        if token[2] is not None and token[3] and _local(token[2]) == element:
            for match in _ATTRIBUTE.finditer(token[3]):
                value = match[2] if match[2] is not None else match[3]
                if match[1] and _local(match[1]) == "id" and value.decode() in ids:
                    edits.append((token.start(3) + match.start(), token.start(3) + match.end(), b""))
    return splice(data, edits) if edits else data
