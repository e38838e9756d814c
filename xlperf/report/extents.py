"""Where each element of a part stands in its bytes, so that marks are put in by a splice and taken out by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element
from xml.parsers import expat

from xlperf.intake.readers.nodes import root_of
from xlperf.package.archive import Damaged
from xlperf.package.xmltext import tag_end, without_comments

# A blank in an end tag says that we wrote it: of an element that was `<x/>`, or of one that was cut in two.
OUR_END = b" >"


class Extent(NamedTuple):
    """`start`..`end` is all of an element, `open_end`..`close` its content; of `<x/>` the last three are one."""

    start: int
    open_end: int
    close: int
    end: int

    @property
    def is_empty_tag(self) -> bool:
        return self.open_end == self.end


class Source(NamedTuple):
    """A part in UTF-8, as bytes and as a tree, how one is found in the other, and what each element stands in."""

    data: bytes
    root: Element
    extents: Mapping[Element, Extent]
    parents: Mapping[Element, Element]

    @property
    def prefix(self) -> str:
        """Of the root's name; "" where there is none."""
        return self.start_tag(self.root)[1:].split(None, 1)[0].rpartition(b":")[0].decode()

    def around(self, element: Element) -> Iterator[Element]:
        """What this stands in, from the inside outwards."""
        while (parent := self.parents.get(element)) is not None:
            yield parent
            element = parent

    def raw(self, element: Element) -> bytes:
        extent = self.extents[element]
        return self.data[extent.start : extent.end]

    def start_tag(self, element: Element) -> bytes:
        extent = self.extents[element]
        return self.data[extent.start : extent.open_end]

    def has_our_end(self, element: Element) -> bool:
        extent = self.extents[element]
        return not extent.is_empty_tag and self.data[extent.close : extent.end].endswith(OUR_END)


def source_of(data: bytes) -> Source:
    """Raises what `root_of` does for what is no sound XML."""
    root = root_of(data)
    places = _extents(data)
    found = list(root.iter())
    if len(found) != len(places):
        raise Damaged("XML 标记不完整")
    parents = {child: parent for parent in found for child in parent}
    return Source(data, root, dict(zip(found, places, strict=True)), parents)


def _extents(data: bytes) -> list[Extent]:
    """Of every element, in the order in which they begin."""
    shadow = without_comments(data)
    starts: list[int] = []
    ends: dict[int, int] = {}  # number of an element -> where its end tag begins, of <x/> where it ends
    begun: list[int] = []
    parser = expat.ParserCreate("utf-8")

    def begin(_name: str, _attributes: object) -> None:
        begun.append(len(starts))
        starts.append(parser.CurrentByteIndex)

    def end(_name: str) -> None:
        ends[begun.pop()] = parser.CurrentByteIndex

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.Parse(data, True)
    return [_extent(start, ends[number], shadow) for number, start in enumerate(starts)]


def _extent(start: int, close: int, shadow: bytes) -> Extent:
    open_end = tag_end(shadow, start)
    if shadow[open_end - 2] == ord("/"):
        return Extent(start, open_end, open_end, open_end)
    return Extent(start, open_end, close, shadow.index(b">", close) + 1)


def our_end(start_tag: bytes) -> bytes:
    """The end tag that belongs to a start tag, in a way that only we write it."""
    name = start_tag[1:].split(None, 1)[0].rstrip(b"/>")
    return b"</" + name + OUR_END


def removed(data: bytes, ranges: Iterable[tuple[int, int]]) -> tuple[bytes, frozenset[int]]:
    """The bytes without these ranges, which may lie in one another; and where in the result something is gone."""
    pieces: list[bytes] = []
    sites: set[int] = set()
    at = length = 0
    for start, end in sorted(ranges):
        if start > at:
            pieces.append(data[at:start])
            length += start - at
        at = max(at, end)
        sites.add(length)
    return b"".join([*pieces, data[at:]]), frozenset(sites)
