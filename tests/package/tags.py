"""XML as tags with byte offsets: a second, slower way to look at a part, which shares no code with the writer."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(
    rb"""<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<![^>]*>|<(/?)([^\s/>]+)((?:[^>"']|"[^"]*"|'[^']*')*?)(/?)>""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(rb"""([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


@dataclass(slots=True)
class Tag:
    name: str
    start: int
    opened: int
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Tag] = field(default_factory=list)
    closed: int = 0
    end: int = 0

    def all(self, name: str) -> list[Tag]:
        return [tag for tag in self.walk() if tag.name == name]

    def walk(self) -> Iterator[Tag]:
        for child in self.children:
            yield child
            yield from child.walk()


def tags_of(data: bytes) -> Tag:
    """The document as a tag without a name."""
    root = Tag("", 0, 0, closed=len(data), end=len(data))
    stack = [root]
    for match in _TOKEN.finditer(data):
        if match[2] is None:
            continue
        if match[1]:
            stack[-1].closed, stack[-1].end = match.start(), match.end()
            stack.pop()
            continue
        name = match[2].decode().rpartition(":")[2]
        attrs = {key.decode(): (one or two).decode() for key, one, two in _ATTRIBUTE.findall(match[3])}
        tag = Tag(name, match.start(), match.end(), attrs)
        stack[-1].children.append(tag)
        if match[4]:
            tag.closed = tag.end = match.end()
        else:
            stack.append(tag)
    return root


def cut(data: bytes, gone: Callable[[Tag], bool]) -> bytes:
    """The document without the tags that match, whole."""
    spans = [(tag.start, tag.end) for tag in tags_of(data).walk() if gone(tag)]
    return _without(data, spans)


def _without(data: bytes, spans: Collection[tuple[int, int]]) -> bytes:
    pieces, at = [], 0
    for start, end in sorted(spans):
        if end > at:
            pieces.append(data[at : max(start, at)])
            at = end
    return b"".join([*pieces, data[at:]])


def unfold(data: bytes, names: Collection[str]) -> bytes:
    """`<x/>` as `<x></x>` for these names: opening up an empty element changes nothing."""
    pattern = rb"<((?:[\w.-]+:)?(?:" + "|".join(names).encode() + rb"))((?:\s(?:[^>\"']|\"[^\"]*\"|'[^']*')*?)?)\s*/>"
    return re.sub(pattern, rb"<\1\2></\1>", data)


def without_attribute(data: bytes, names: Collection[str], attribute: str) -> bytes:
    """The document with one attribute of some elements, and blanks before their `>`, left out."""
    spans = []
    pattern = re.compile(rb"\s+" + attribute.encode() + rb"""\s*=\s*(?:"[^"]*"|'[^']*')""")
    for tag in tags_of(data).walk():
        if tag.name in names:
            spans += [match.span() for match in pattern.finditer(data, tag.start, tag.opened)]
            spans += [match.span(1) for match in re.compile(rb"(\s*)/?>").finditer(data, tag.start, tag.opened)]
    return _without(data, spans)
