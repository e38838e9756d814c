"""The elements of a Word document, as the standard library reads them: no compiled library is needed for one.

They are told apart by their local names: the strict format and the usual one differ in their namespaces only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from xml.etree.ElementTree import Element, XMLParser, fromstring

from xlperf.package.archive import Damaged
from xlperf.package.xmltext import check_xml

_MAX_DEPTH = 256


def root_of(data: bytes) -> Element:
    """The tree of a part in UTF-8, without its comments and instructions.

    Raises `ValueError`, `ExpatError` or `ParseError` for what is no sound XML, and for what no office program writes:
    a DOCTYPE, so that no entity expands, and elements deeper in one another than a walk may follow.
    """
    check_xml(data)
    root = fromstring(data, XMLParser(encoding="utf-8"))
    level, depth = [root], 0
    while level := [child for each in level for child in each]:
        depth += 1
        if depth > _MAX_DEPTH:
            raise Damaged("XML 元素嵌套太深")
    return root


def local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def value_of(element: Element) -> str:
    return attribute(element, "val")


def is_on(mark: Element) -> bool:
    return value_of(mark) not in ("0", "false", "off")


def named(parent: Element, name: str, through: Collection[str]) -> Iterator[Element]:
    """Children of that name, also those inside content controls and the like."""
    for child in parent:
        kind = local(child)
        if kind == name:
            yield child
        elif kind == "sdt" or kind in through:
            yield from named(child, name, through)


def properties(element: Element, group: str, kind: str = "") -> list[Element]:
    """What w:rPr, w:pPr and their like (`group`) say of an element."""
    marks = [mark for child in element if local(child) == group for mark in child]
    return [mark for mark in marks if local(mark) == kind] if kind else marks


def chosen(alternate: Element) -> Element:
    """Of mc:AlternateContent the first that holds anything; the others say the same for older programs."""
    return next((choice for choice in alternate if len(choice)), alternate)
