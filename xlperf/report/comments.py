"""Word comments of ours in a document, and their way out. No text is changed; what is not marked stays byte for byte.

Where a comment begins and ends says `anchors`.
"""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from xlperf.errors import DocumentError
from xlperf.intake.readers.nodes import local
from xlperf.intake.readers.runs import Found
from xlperf.intake.readers.word import Piece, fonts_of, walk
from xlperf.package.archive import Archive
from xlperf.package.budget import Of
from xlperf.package.opening import damage
from xlperf.package.parts import STRICT_RELS, TRANSITIONAL_RELS, Parts, main_part
from xlperf.package.patch import NOT_XML
from xlperf.package.xmltext import Node, append_child, count_elements, element, escape, parse_tree, splice
from xlperf.report.against import Contradiction
from xlperf.report.anchors import Edit, edits_of, with_edits, without_marks
from xlperf.report.extents import OUR_END, Source, our_end, source_of
from xlperf.report.lines import Anchor
from xlperf.text import expression

AUTHOR = "绩效自评审核"
OURS = (AUTHOR, "xlperf")  # the second as earlier versions signed
_INITIALS = "xp"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_SETTINGS, _COMMENTS = "settings", "comments"
# What newer programs say of comments in parts of their own: by paragraph, by a number that stands for it, by author.
_BY_PARAGRAPH, _BY_NUMBER, _PEOPLE = ("commentsExtended", "commentsIds"), "commentsExtensible", "people"
_PARENT = expression(rb"""\s[^\s="'/]*paraIdParent\s*=\s*(?:"[^"]*"|'[^']*')""")

Wanted = Callable[[Sequence[Piece]], Mapping[Anchor, str]]
"""The blocks of a document -> what is to be said at which place."""


def mark_report(blob: bytes, found: Sequence[Contradiction], name: str) -> bytes:
    """The .docx with one comment at each contradicted figure; raises `DocumentError` where it must not be changed."""
    told: dict[Anchor, list[str]] = {}
    for each in found:
        if each.anchor is not None:
            told.setdefault(each.anchor, []).append(each.message)
    texts = {anchor: "\n".join(dict.fromkeys(messages)) for anchor, messages in told.items()}
    with open_document(blob, name, "没有加批注", "不用 --mark") as (parts, main):
        if texts:
            add_comments(parts, main, lambda _: texts, name)
        return parts.to_bytes()


@contextlib.contextmanager
def open_document(blob: bytes, name: str, undone: str, otherwise: str) -> Iterator[tuple[Parts, str]]:
    """The parts of a .docx that may be changed, and its main one; raises `DocumentError` for any other.

    `undone` says what was not done, `otherwise` what can be done without that.
    """
    if not blob.startswith(b"PK"):
        raise _no_document(name)
    try:
        parts = Parts(Archive(blob, name))
        main = parts.actual(main_part(parts)) or "word/document.xml"
        if not main.startswith("word/"):
            raise _no_document(name)
        _refuse(parts, main, name, undone, otherwise)
        yield parts, main
    except (ValueError, LookupError, ExpatError, ParseError, StopIteration, zlib.error) as error:
        # A part that reading can do without, such as the relationships, may be damaged.
        advice = "请用 Word 或 WPS 打开检查，修复并另存后再试。"
        raise DocumentError(f"{name}：{damage(error)}，{undone}。{advice}") from error


def _no_document(name: str) -> DocumentError:
    return DocumentError(f"{name}：不是 Word 文档，不能加批注。请用 Word 或 WPS 另存为“Word 文档（.docx）”后再试。")


def _refuse(parts: Parts, main: str, name: str, undone: str, otherwise: str) -> None:
    """Copies that would be worth less than the document itself, and what runs."""
    names = [each.lower() for each in parts.names()]
    if any(each.startswith("_xmlsignatures/") for each in names):
        raise DocumentError(
            f"{name}：文档有数字签名，改动会使签名失效，{undone}。请先取得未签名的文档，或{otherwise}。"
        )
    if any(each.endswith("vbaproject.bin") for each in names):
        raise DocumentError(
            f"{name}：文档带有宏（.docm），{undone}。请用 Word 或 WPS 另存为“Word 文档（.docx）”后再试。"
        )
    settings = parts.related(main, _SETTINGS)
    if not parts.actual(settings):
        return
    for node in parts.tree(settings).all("documentProtection"):
        attrs = _by_name(node)
        if attrs.get("enforcement") in ("1", "true", "on") and attrs.get("edit") in ("readOnly", "forms"):
            raise DocumentError(
                f"{name}：文档设有编辑限制，不允许改动批注，{undone}。"
                "请在 Word 的“审阅－限制编辑”中停止保护，保存后再试。"
            )


def _source(parts: Parts, main: str) -> Source:
    data = parts.read(main)
    parts.archive.budget.limit(Of.NODES, count_elements(data))
    return source_of(data)


# Into the document


def add_comments(parts: Parts, main: str, wanted: Wanted, name: str) -> None:
    """Put a comment at each place that is wanted, numbered on from those of others."""
    source = _source(parts, main)
    body = next(child for child in source.root if local(child) == "body")
    namespace = source.root.tag.rpartition("}")[0][1:]
    fonts = fonts_of(parts, main)
    pieces = tuple(walk(body, Found(fonts), name))
    told = wanted(pieces)
    if not told:
        return
    part = _comments_part(parts, main, namespace)
    first = 1 + max((int(_by_name(node).get("id", "0")) for node in parts.tree(part).all("comment")), default=-1)
    edits: list[Edit] = []
    comments = []
    for number, anchor in enumerate(sorted(told, key=_place), first):
        edits += edits_of(pieces[anchor.block], anchor, number, source, fonts)
        comments.append(_comment(number, told[anchor], namespace))
    parts.write(main, with_edits(source.data, edits))
    parts.write(part, _appended(parts.read(part), parts.tree(part), "".join(comments).encode()))


def _place(anchor: Anchor) -> tuple[int, int, int, int]:
    return anchor.block, anchor.cell or 0, anchor.start, anchor.end


def _comments_part(parts: Parts, main: str, namespace: str) -> str:
    """The part with the comments of the document, those of others included; made if there is none."""
    part = parts.related(main, _COMMENTS)
    if part and parts.actual(part):
        return part
    folder = main.rpartition("/")[0]
    numbers = ["", *map(str, range(1, 1000))]
    part = next(each for number in numbers if not parts.actual(each := f"{folder}/comments{number}.xml"))
    parts.add_rel(main, _COMMENTS, part, STRICT_RELS if "purl.oclc.org" in namespace else TRANSITIONAL_RELS)
    parts.add_content_type(part, _COMMENTS_TYPE)
    parts.write(part, _new_part(namespace))
    return part


def _new_part(namespace: str) -> bytes:
    """A part that we made is known by the blank in its tag, and taken away with the last comment in it."""
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{declaration}<w:comments xmlns:w="{namespace}" ></w:comments>'.encode()


def _appended(data: bytes, root: Node, content: bytes) -> bytes:
    if root.end == root.open_end:  # <w:comments/>
        ending = b">" + content + our_end(data[root.start : root.end])
        return splice(data, [(root.open_end - 2, root.open_end, ending)])
    return append_child(data, root, content)


def _today() -> str:
    """The day, as comments carry it; not the minute, so that marking once more gives the same file."""
    return f"{date.today().isoformat()}T00:00:00Z"


def _comment(number: int, text: str, namespace: str) -> str:
    lines = NOT_XML.sub("", text).split("\n")
    paragraphs = "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in lines)
    attributes = {"xmlns:w": namespace, "w:id": str(number), "w:author": AUTHOR, "w:date": _today()}
    attributes["w:initials"] = _INITIALS
    return element("w:comment", attributes, paragraphs)


# Out of the document


def take_away_comments(parts: Parts, main: str, is_ours: Callable[[str, str], bool]) -> int:
    """Take away the comments of which author and text are ours, and all that speaks of them; answers how many.

    An answer to one of them stays, as a comment of its own.
    """
    part = parts.related(main, _COMMENTS)
    if not part or not parts.actual(part):
        return 0
    nodes = list(parts.tree(part).all("comment"))
    own = [node for node in nodes if is_ours(_by_name(node).get("author", ""), _said(node))]
    if not own:
        return 0
    gone = {node.start for node in own}
    authors = {_by_name(node).get("author", "") for node in nodes if node.start not in gone}
    paragraphs = {_by_name(each).get("paraId", "") for node in own for each in node.all("p")} - {""}
    parts.write(main, without_marks(_source(parts, main), {_by_name(node).get("id", "") for node in own}))
    data = splice(parts.read(part), [(node.start, node.end, b"") for node in own])
    if data == _new_part(parts.tree(part).attrs.get("xmlns:w", "")):
        parts.detach(main, part)
    else:
        parts.write(part, _closed(data))
    _forget(parts, main, paragraphs, authors)
    return len(own)


def _said(comment: Node) -> str:
    return "".join(_texts(comment))


def _texts(node: Node) -> Iterator[str]:
    for child in node.children:
        if child.name == "t":
            yield child.text
        yield from _texts(child)


def _closed(data: bytes) -> bytes:
    """`<w:comments/>` again, where we had opened it."""
    root = parse_tree(data)
    is_open = root.open_end == root.close < root.end and data[root.close : root.end].endswith(OUR_END)
    return splice(data, [(root.open_end - 1, root.end, b"/>")]) if is_open else data


def _forget(parts: Parts, main: str, paragraphs: Collection[str], authors: Collection[str]) -> None:
    """What Word keeps about our comments in other parts."""
    numbers: set[str] = set()
    for kind in _BY_PARAGRAPH:
        numbers |= {
            attrs["durableId"]
            for _, attrs in _entries(parts, main, kind)
            if attrs.get("paraId") in paragraphs and "durableId" in attrs
        }

    def is_gone(attrs: Mapping[str, str]) -> bool:
        return (
            attrs.get("paraId") in paragraphs
            or attrs.get("durableId") in numbers
            or (attrs.get("author") in OURS and attrs.get("author") not in authors)
        )

    for kind in (*_BY_PARAGRAPH, _BY_NUMBER, _PEOPLE):
        part = parts.related(main, kind)
        edits = []
        for node, attrs in _entries(parts, main, kind):
            if is_gone(attrs):
                edits.append((node.start, node.end, b""))
            elif attrs.get("paraIdParent") in paragraphs:
                tag = parts.read(part)[node.start : node.open_end]
                edits.append((node.start, node.open_end, _PARENT.sub(b"", tag)))
        if edits:
            parts.write(part, splice(parts.read(part), edits))


def _entries(parts: Parts, main: str, kind: str) -> list[tuple[Node, Mapping[str, str]]]:
    part = parts.related(main, kind)
    return [(node, _by_name(node)) for node in parts.tree(part).children] if part and parts.actual(part) else []


def _by_name(node: Node) -> dict[str, str]:
    """The attributes of an element without the prefixes of their names."""
    return {key.rpartition(":")[2]: value for key, value in node.attrs.items()}
