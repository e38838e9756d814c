"""XML as text: a light tree that remembers byte offsets, so that a change is a splice and not a rewrite."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, NoReturn
from xml.parsers import expat

from xlperf.package.archive import Damaged
from xlperf.text import expression

MAX_NODES = 500_000
MAX_DEPTH = 200
MAX_TEXT = 32_767

# Attributes up to the end of the tag: quotes may hold a `>` or `/`, and nothing else of a sound tag may. Nothing that
# was taken is given back and no `<` is passed, so that broken tags, too, are walked through once.
# No group is repeated possessively, here or elsewhere: Python 3.11.0 to 3.11.4, which Debian's LibreOffice runs on,
# then stops too early. Where what repeats cannot be read in two ways, giving back costs no more than reading did.
ATTRIBUTES = rb"""[^<>"'/]*+(?:(?:"[^"<]*+"|'[^'<]*+')[^<>"'/]*+)*"""
_TAG = expression(rb"<(/?)([^\s<>/!?]++)(" + ATTRIBUTES + rb")(/?)>")
_ATTRIBUTE = expression(rb"""([^\s=/"']++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')|[^\s=/"']++""")
_LINE_ENDS = expression(rb"\r\n|[\r\n\t]")
_REFERENCE = expression("&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot|apos));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_DECLARED = expression(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
# What is not closed reaches to the end.
_NOT_TAGS = expression(rb"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
_ESCAPED = expression(r"_x([0-9A-Fa-f]{4})_")
_MUST_ESCAPE = expression("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def content_of(name: bytes) -> bytes:
    """A pattern for what stands in an element, a group, and its end tag; of elements in one another the inner one."""
    return rb"([^<]*+(?:<(?!/?" + name + rb"[\s/>])[^<]*+)*)</" + name + rb"\s*+>"


class Document(NamedTuple):
    """The bytes, the same without comments, and the content of one element that is left unread."""

    data: bytes
    shadow: bytes
    gap: tuple[int, int]


class Node:
    """An element; `start`..`end` is all of it, `open_end`..`close` its content, which is looked into when asked."""

    __slots__ = (
        "_attributes", "_attrs", "_children", "_depth", "_document", "close", "end", "name", "open_end", "start", "tag",
    )  # fmt: skip

    def __init__(self, document: Document, match: re.Match[bytes], depth: int) -> None:
        _, tag, self._attributes, empty = match.groups()
        self.tag = tag.decode()
        self.name = self.tag.rpartition(":")[2]
        self.start, self.open_end = match.span()
        self._document = document
        self._depth = depth
        self._attrs: dict[str, str] | None = None
        self._children: list[Node] | None = None
        if empty:
            self.close = self.end = self.open_end
        else:
            self.close = self._closing(b"<" + tag, b"</" + tag)
            self.end = tag_end(document.shadow, self.close)

    def _closing(self, opening: bytes, closing: bytes) -> int:
        """Where the end tag begins; elements of the same name may lie between."""
        shadow, gap = self._document.shadow, self._document.gap
        if self.open_end == gap[0]:
            return gap[1]
        if not self._depth:
            return shadow.rindex(closing)
        at = inner = self.open_end
        depth = 1
        while True:
            at = shadow.index(closing, at) + len(closing)
            if shadow[at] not in b" \t\r\n>":
                continue
            depth -= 1
            while (inner := shadow.find(opening, inner, at)) >= 0:
                inner += len(opening)
                if shadow[inner] in b" \t\r\n/>" and shadow[tag_end(shadow, inner - len(opening)) - 2] != ord("/"):
                    depth += 1
            if not depth:
                return at - len(closing)
            inner = at

    @property
    def children(self) -> list[Node]:
        if self._children is None:
            found: list[Node] = []
            self._children = found
            _, shadow, gap = self._document
            at = self.open_end if self.open_end != gap[0] else self.close
            while match := _TAG.search(shadow, at, self.close):
                if len(found) >= MAX_NODES or self._depth >= MAX_DEPTH:
                    raise Damaged("XML 元素过多或嵌套过深")
                found.append(Node(self._document, match, self._depth + 1))
                at = found[-1].end
        return self._children

    @property
    def attrs(self) -> dict[str, str]:
        if self._attrs is None:
            self._attrs = parse_attributes(self._attributes)
        return self._attrs

    @property
    def related(self) -> str:
        """The id of its relationship to the part that it stands for, `r:id` under whatever prefix; "" without one."""
        return next((value for key, value in self.attrs.items() if key.rpartition(":")[2] == "id"), "")

    @property
    def text(self) -> str:
        """Up to the first child: the blanks between children are of no interest."""
        stop = self._document.shadow.find(b"<", self.open_end, self.close)
        return plain_text(self._document.data[self.open_end : self.close if stop < 0 else stop])

    @property
    def prefix(self) -> str:
        return self.tag[: len(self.tag) - len(self.name)]

    def all(self, name: str) -> Iterator[Node]:
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> Node | None:
        return next(self.all(name), None)


def check_xml(data: bytes, *, namespaces: bool = False) -> None:
    """Have expat say whether this is XML at all; whoever scans it for tags afterwards may rely on that.

    With `namespaces` every prefix must be declared, as it is in a whole part. A DOCTYPE is refused: no entity is ever
    declared, so none can expand or fetch.
    """
    parser = expat.ParserCreate("utf-8", namespace_separator=" " if namespaces else None)
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(data, True)


def _refuse_doctype(*_: object) -> NoReturn:
    raise Damaged("内含 DOCTYPE 声明，正常的办公文件没有，出于安全不予打开")


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


def count_elements(data: bytes) -> int:
    """How many elements a part has at most; comments and the like are counted too."""
    return data.count(b"<") - data.count(b"</")


def without_comments(data: bytes) -> bytes:
    """The same length, with blanks for comments, instructions and CDATA: every `<` left is a tag."""
    if not _has_comments(data):
        return data
    return _NOT_TAGS.sub(lambda match: b" " * len(match[0]), data)


def simplified(data: bytes) -> bytes:
    """For reading only: no comments, no instructions, no CDATA, and the tags without the prefix of the root."""
    if _has_comments(data):
        data = _NOT_TAGS.sub(_as_text, data)
    root = _TAG.search(data)
    prefix = root[2].rpartition(b":")[0] if root else b""
    return re.sub(b"<(/?)" + re.escape(prefix) + b":", rb"<\1", data) if prefix else data


def _has_comments(data: bytes) -> bool:
    # One rare letter is found twenty times as fast as two of which one is everywhere.
    return (b"!" in data and b"<!" in data) or (data.find(b"?", 5) >= 0 and data.find(b"<?", 2) >= 0)


def _as_text(match: re.Match[bytes]) -> bytes:
    if not match[0].startswith(b"<!["):
        return b""
    return match[0][9:-3].replace(b"&", b"&amp;").replace(b"<", b"&lt;")


def parse_attributes(data: bytes) -> dict[str, str]:
    if b"\n" in data or b"\t" in data or b"\r" in data:
        data = _LINE_ENDS.sub(b" ", data)
    read = plain_text if b"&" in data else bytes.decode
    return {name.decode(): read(one or two) for name, one, two in _ATTRIBUTE.findall(data) if name}


def plain_text(data: bytes) -> str:
    """What character data of sound XML says."""
    if b"<" in data:
        data = _NOT_TAGS.sub(_as_text, data)
    text = data.decode()
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _REFERENCE.sub(_dereference, text) if "&" in text else text


def _dereference(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        return _NAMED[name]
    return chr(int(hexadecimal, 16) if hexadecimal else int(decimal))


def tag_end(data: bytes, start: int) -> int:
    """Just behind the tag that begins at `start`."""
    match = _TAG.match(data, start)
    if not match:
        raise Damaged("XML 标记不完整")
    return match.end()


def parse_tree(data: bytes, gap: tuple[int, int] | None = None, *, checked: bool = False) -> Node:
    """The root element, with offsets into `data`; `gap` is content (of one element) that is left unread."""
    if not checked:
        check_xml(data[: gap[0]] + data[gap[1] :] if gap else data)
    document = Document(data, without_comments(data), gap or (-1, -1))
    root = _TAG.search(document.shadow)
    if root is None:
        raise Damaged("XML 标记不完整")
    return Node(document, root, 0)


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
    if value.isalnum():  # most are: numbers, indices, Chinese words
        return value
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attr(value: str) -> str:
    if value.isalnum():
        return value
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
