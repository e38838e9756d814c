"""The elements of a Word document.

They are told apart by their local names: the strict format and the usual one differ in their namespaces only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any


def on(element: Any) -> bool:
    """An element, and not an instruction or entity in between."""
    return isinstance(element.tag, str)


def elements(parent: Any) -> Iterator[Any]:
    return (child for child in parent if on(child))


def local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def attribute(element: Any, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def value_of(element: Any) -> str:
    return attribute(element, "val")


def is_on(mark: Any) -> bool:
    return value_of(mark) not in ("0", "false", "off")


def named(parent: Any, name: str, through: Collection[str]) -> Iterator[Any]:
    """Children of that name, also those inside content controls and the like."""
    for child in elements(parent):
        kind = local(child)
        if kind == name:
            yield child
        elif kind == "sdt" or kind in through:
            yield from named(child, name, through)


def properties(element: Any, group: str, kind: str = "") -> list[Any]:
    """What w:rPr, w:pPr and their like (`group`) say of an element."""
    marks = [mark for child in elements(element) if local(child) == group for mark in elements(child)]
    return [mark for mark in marks if local(mark) == kind] if kind else marks


def chosen(alternate: Any) -> Any:
    """Of mc:AlternateContent the first that holds anything; the others say the same for older programs."""
    return next((choice for choice in elements(alternate) if len(choice)), alternate)
