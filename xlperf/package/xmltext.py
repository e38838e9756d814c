"""XML as text: a light tree that remembers byte offsets, so that a change is a splice and not a rewrite."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NoReturn
from xml.parsers import expat

from xlperf.package.archive import Damaged

MAX_NODES = 500_000
MAX_DEPTH = 200
MAX_NODE_TEXT = 200_000
MAX_TEXT = 32_767

_TAG = re.compile(rb"""<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""")
_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_NOT_TAGS = re.compile(rb"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>", re.DOTALL)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MUST_ESCAPE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


class Node:
    """An element; `start`..`end` is all of it, `open_end`..`close` its content."""

    __slots__ = ("attrs", "children", "close", "end", "name", "open_end", "start", "tag", "text")

    def __init__(self, tag: str, attrs: dict[str, str], start: int, open_end: int) -> None:
        self.tag = tag
        self.name = tag.rpartition(":")[2]
        self.attrs = attrs
        self.start = start
        self.open_end = open_end
        self.close = self.end = open_end
        self.children: list[Node] = []
        self.text = ""

    @property
    def prefix(self) -> str:
        return self.tag[: len(self.tag) - len(self.name)]

    def all(self, name: str) -> Iterator[Node]:
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> Node | None:
        return next(self.all(name), None)

    def walk(self) -> Iterator[Node]:
        for child in self.children:
            yield child
            yield from child.walk()


def make_parser() -> expat.XMLParserType:
    """An expat parser that refuses a DOCTYPE: no entity is ever declared, so none can expand or fetch."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_: object) -> NoReturn:
    raise Damaged("内含 DOCTYPE 声明，正常的工作簿没有，出于安全不予打开")


def to_utf8(data: bytes) -> bytes:
    """The same document in UTF-8; nearly always the very same bytes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codec = "utf-16"
    elif data[:4] in (b"<\0?\0", b"\0<\0?"):
        codec = "utf-16-le" if data[0] else "utf-16-be"
    else:
        declared = _DECLARED.match(data)
        codec = declared[1].decode().lower() if declared else "utf-8"
        if codec in ("utf-8", "utf8", "us-ascii", "ascii"):
            return data
    try:
        text = data.decode(codec).lstrip("\ufeff")
    except (LookupError, UnicodeError) as error:
        raise Damaged(f"文字编码 {codec} 无法识别") from error
    head = re.sub(r"""(<\?xml[^>]*?encoding\s*=\s*["'])[^"']*""", r"\1UTF-8", text[:200], count=1)
    return (head + text[200:]).encode()


def without_comments(data: bytes) -> bytes:
    """The same length, with blanks for comments, instructions and CDATA: every `<` left is a tag."""
    if data.find(b"<!") < 0 and data.find(b"<?", 2) < 0:
        return data
    return _NOT_TAGS.sub(lambda match: b" " * len(match[0]), data)


def tag_end(data: bytes, start: int) -> int:
    """Just behind the tag that begins at `start`."""
    match = _TAG.match(data, start)
    if not match:
        raise Damaged("XML 标记不完整")
    return match.end()


def parse_tree(data: bytes, gap: tuple[int, int] | None = None) -> Node:
    """The element tree with offsets into `data`; `gap` is content (of one element) that is left unread."""
    left, right = gap or (len(data), len(data))
    shown = data[:left] + data[right:] if gap else data
    skipped = right - left
    document = Node("", {}, 0, 0)
    stack = [document]
    parser = make_parser()
    budget = MAX_NODES

    def start(tag: str, attrs: dict[str, str]) -> None:
        nonlocal budget
        budget -= 1
        if not budget or len(stack) > MAX_DEPTH:
            raise Damaged("XML 元素过多或嵌套过深")
        at = parser.CurrentByteIndex
        behind = tag_end(shown, at)
        node = Node(tag, attrs, at if at < left else at + skipped, behind if behind <= left else behind + skipped)
        stack[-1].children.append(node)
        stack.append(node)

    def end(_: str) -> None:
        node = stack.pop()
        if data[node.open_end - 2 : node.open_end] != b"/>":
            at = parser.CurrentByteIndex
            node.close = at if at < left else at + skipped
            node.end = tag_end(data, node.close)

    def text(value: str) -> None:
        node = stack[-1]
        if not node.children:  # the blanks between children are of no interest
            node.text += value
            if len(node.text) > MAX_NODE_TEXT:
                raise Damaged("XML 文字过长")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.Parse(shown, True)
    return document.children[0]


def splice(data: bytes, edits: Iterable[tuple[int, int, bytes]]) -> bytes:
    """Replace byte ranges; insertions at the same place keep their order."""
    pieces: list[bytes | memoryview] = []
    view = memoryview(data)
    at = 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        if start < at:
            raise ValueError("edits overlap")
        pieces += (view[at:start], new)
        at = end
    return b"".join([*pieces, view[at:]])


def insert_child(data: bytes, root: Node, new: bytes, order: str, name: str) -> bytes:
    """Put `new` where the schema, a list of names, wants a child `name`: behind the last that may precede."""
    if root.close == root.end:
        return open_up(data, root, new)
    ranks = {known: rank for rank, known in enumerate(order.split())}
    at = root.open_end
    for child in root.children:
        if ranks.get(_standing_for(child), len(ranks)) <= ranks[name]:
            at = child.end
    return splice(data, [(at, at, new)])


def _standing_for(child: Node) -> str:
    """mc:AlternateContent stands where the element it wraps would."""
    if child.name != "AlternateContent" or not child.children or not child.children[0].children:
        return child.name
    return child.children[0].children[0].name


def append_child(data: bytes, parent: Node, new: bytes) -> bytes:
    if parent.close == parent.end:
        return open_up(data, parent, new)
    return splice(data, [(parent.close, parent.close, new)])


def open_up(data: bytes, node: Node, content: bytes) -> bytes:
    """`<x/>` becomes `<x>content</x>`."""
    closing = f"></{node.tag}>".encode()
    return splice(data, [(node.open_end - 2, node.end, closing[:1] + content + closing[1:])])


def with_attribute(tag: bytes, name: str, value: str) -> bytes:
    """A start tag with one attribute set, the others as they were."""
    new = f' {name}="{attr(value)}"'.encode()
    pattern = re.compile(rb"\s" + name.encode() + rb"""\s*=\s*(?:"[^"]*"|'[^']*')""")
    if pattern.search(tag):
        return pattern.sub(lambda _: new, tag, count=1)
    at = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:at].rstrip() + new + tag[at:]


def element(tag: str, attrs: Mapping[str, str], content: str = "") -> str:
    opening = tag + "".join(f' {name}="{attr(value)}"' for name, value in attrs.items())
    return f"<{opening}>{content}</{tag}>" if content else f"<{opening}/>"


def escape(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attr(value: str) -> str:
    value = escape(value).replace('"', "&quot;")
    return value.replace("\t", "&#9;").replace("\n", "&#10;").replace("\r", "&#13;")


def encode_text(value: str) -> str:
    """Cell text as XML: characters that XML cannot hold become _xHHHH_, and so does what looks like that."""
    return escape(_MUST_ESCAPE.sub(lambda match: f"_x{ord(match[0]):04X}_", value))


def decode_text(value: str) -> str:
    if "_x" not in value:
        return value
    decoded = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)
    # Two escapes may have been the halves of one character; a lone half must not reach an encoder.
    return decoded.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def is_true(value: str | None) -> bool:
    return value in ("1", "true", "on")
