"""Word comments at the contradicted figures of a report. No text is changed; what is not marked stays byte for byte.

Runs are split where a figure begins and ends inside one, both halves with the formatting of the whole.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from xlperf.errors import DocumentError
from xlperf.intake.document import tidy
from xlperf.intake.readers.fonts import Font, Fonts
from xlperf.intake.readers.nodes import attribute, elements, local
from xlperf.intake.readers.runs import Found
from xlperf.intake.readers.word import Piece, fonts_of, walk
from xlperf.package.archive import Archive, Damaged
from xlperf.package.parts import STRICT_RELS, TRANSITIONAL_RELS, Parts, main_part
from xlperf.package.patch import NOT_XML
from xlperf.package.richtext import Run, fates_of
from xlperf.report.against import Anchor, Contradiction

AUTHOR = "xlperf"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_OUTSIDE = frozenset(("del", "moveFrom", "p", "txbxContent", "Fallback"))  # not shown here, or elsewhere
_SETTINGS, _COMMENTS = "settings", "comments"


class _Char(NamedTuple):
    """A character that is seen: its w:t and its place in it."""

    element: Any
    at: int
    sign: str


def mark_report(blob: bytes, found: Sequence[Contradiction], name: str) -> bytes:
    """The .docx with one comment at each contradicted figure; raises `DocumentError` where it must not be changed."""
    from lxml import etree

    if not blob.startswith(b"PK"):
        raise _no_document(name)
    parts = Parts(Archive(blob))
    main = parts.actual(main_part(parts)) or "word/document.xml"
    if not main.startswith("word/"):
        raise _no_document(name)
    _refuse(parts, main, name)
    root = etree.fromstring(parts.read(main), etree.XMLParser(resolve_entities=False, no_network=True))
    body = next(child for child in elements(root) if local(child) == "body")
    namespace = root.tag.rpartition("}")[0][1:]
    told: dict[Anchor, list[str]] = {}
    for each in found:
        if each.anchor is not None:
            told.setdefault(each.anchor, []).append(each.message)
    if not told:
        return blob
    fonts = fonts_of(parts, main)
    pieces = tuple(walk(body, Found(fonts), name))
    comments, part = _comments(parts, main, namespace)
    first = 1 + max((int(attribute(each, "id") or 0) for each in elements(comments)), default=-1)
    numbered = list(enumerate(sorted(told, key=_place), first))
    for number, anchor in numbered:
        comments.append(_comment(number, "\n".join(dict.fromkeys(told[anchor])), namespace))
    for number, anchor in reversed(numbered):  # so that a split run does not move what is still to be found
        _anchor_comment(pieces[anchor.block], anchor, number, namespace, fonts)
    parts.write(main, _serialized(root))
    parts.write(part, _serialized(comments))
    try:
        return parts.to_bytes()
    except Damaged as error:
        raise DocumentError(f"{name}：{error}。请用 Word 或 WPS 打开检查，修复并另存后再试。") from error


def _no_document(name: str) -> DocumentError:
    return DocumentError(f"{name}：不是 Word 文档，不能加批注。请用 Word 或 WPS 另存为“Word 文档（.docx）”后再试。")


def _place(anchor: Anchor) -> tuple[int, int, int, int]:
    return anchor.block, anchor.cell or 0, anchor.start, anchor.end


def _refuse(parts: Parts, main: str, name: str) -> None:
    """Copies that would be worth less than the document itself."""
    if any(each.lower().startswith("_xmlsignatures/") for each in parts.names()):
        raise DocumentError(
            f"{name}：文档有数字签名，加批注会使签名失效，没有标注。请先取得未签名的文档，或不用 --mark。"
        )
    settings = next((rel.target for rel in parts.rels(main) if rel.kind == _SETTINGS), "")
    if not parts.actual(settings):
        return
    for node in parts.tree(settings).all("documentProtection"):
        attrs = {key.rpartition(":")[2]: value for key, value in node.attrs.items()}
        if attrs.get("enforcement") in ("1", "true", "on") and attrs.get("edit") in ("readOnly", "forms"):
            raise DocumentError(
                f"{name}：文档设有编辑限制，不允许加批注，没有标注。"
                "请在 Word 的“审阅－限制编辑”中停止保护，保存后再试。"
            )


def _comments(parts: Parts, main: str, namespace: str) -> tuple[Any, str]:
    """The comments of the document, those of others included, and the part they are in; made if there is none."""
    from lxml import etree

    part = next((rel.target for rel in parts.rels(main) if rel.kind == _COMMENTS and not rel.external), "")
    if part and parts.actual(part):
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        return etree.fromstring(parts.read(part), parser), part
    folder = main.rpartition("/")[0]
    numbers = ["", *map(str, range(1, 1000))]
    part = next(each for number in numbers if not parts.actual(each := f"{folder}/comments{number}.xml"))
    parts.add_rel(main, _COMMENTS, part, STRICT_RELS if "purl.oclc.org" in namespace else TRANSITIONAL_RELS)
    parts.add_content_type(part, _COMMENTS_TYPE)
    return etree.Element(f"{{{namespace}}}comments", nsmap={"w": namespace}), part


def _comment(number: int, message: str, namespace: str) -> Any:
    from lxml import etree

    def made(parent: Any, name: str, attributes: Mapping[str, str] | None = None) -> Any:
        return etree.SubElement(parent, f"{{{namespace}}}{name}", _qualified(attributes or {}, namespace))

    attributes = {"id": str(number), "author": AUTHOR, "initials": "xp"}
    comment = etree.Element(f"{{{namespace}}}comment", _qualified(attributes, namespace), nsmap={"w": namespace})
    for line in NOT_XML.sub("", message).split("\n"):
        made(made(made(comment, "p"), "r"), "t").text = line
    return comment


def _qualified(attributes: Mapping[str, str], namespace: str) -> dict[str, str]:
    return {f"{{{namespace}}}{name}": value for name, value in attributes.items()}


def _serialized(root: Any) -> bytes:
    from lxml import etree

    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


# Where a comment begins and ends


def _anchor_comment(piece: Piece, anchor: Anchor, number: int, namespace: str, fonts: Fonts) -> None:
    """Put a comment round the characters of an anchor; round the whole paragraph where they cannot be told apart."""
    paragraphs = piece.elements[anchor.cell or 0]
    shown = piece.block.text if anchor.cell is None else piece.block.cells[anchor.cell].text  # type: ignore[union-attr]
    chars = [char for char in _said(paragraphs, fonts) if tidy(char.sign)]
    before = len("".join(shown[: anchor.start].split()))
    length = len("".join(shown[anchor.start : anchor.end].split()))
    same = "".join(char.sign for char in chars) == "".join(shown.split())
    if not same or not length:
        before, length = 0, len(chars)
    wanted = chars[before : before + length]
    if not wanted:
        _around(paragraphs[0], number, namespace)
        return
    last = _split_after(wanted[-1].element, wanted[-1].at + 1)
    first = _split_before(wanted[0].element, wanted[0].at)
    start, end, reference = _marks(number, namespace)
    first.addprevious(start)
    last.addnext(end)
    end.addnext(reference)


def _around(paragraph: Any, number: int, namespace: str) -> None:
    """A comment at a paragraph of which no character can be marked: a picture, a symbol."""
    start, end, reference = _marks(number, namespace)
    at = 1 if len(paragraph) and local(paragraph[0]) == "pPr" else 0
    paragraph.insert(at, start)
    paragraph.extend((end, reference))


def _marks(number: int, namespace: str) -> tuple[Any, Any, Any]:
    from lxml import etree

    identity = _qualified({"id": str(number)}, namespace)
    start, end = (
        etree.Element(f"{{{namespace}}}{name}", identity, nsmap={"w": namespace})
        for name in ("commentRangeStart", "commentRangeEnd")
    )
    reference = etree.Element(f"{{{namespace}}}r", nsmap={"w": namespace})
    etree.SubElement(reference, f"{{{namespace}}}commentReference", identity)
    return start, end, reference


def _said(paragraphs: Sequence[Any], fonts: Fonts) -> Iterator[_Char]:
    """The characters of these paragraphs' own w:t that count as text, in order."""
    texts: list[tuple[Any, Run]] = []
    for paragraph in paragraphs:
        texts += _texts(paragraph, fonts, fonts.of_paragraph(paragraph))
        texts.append((None, Run("\n")))
    for (element, run), fates in zip(texts, fates_of([run for _, run in texts]), strict=True):
        for at, (sign, fate) in enumerate(zip(run.text, fates, strict=True)):
            if element is not None and not fate:
                yield _Char(element, at, sign)


def _texts(parent: Any, fonts: Fonts, font: Font) -> Iterator[tuple[Any, Run]]:
    """The w:t of a paragraph, in order, without what is deleted or hidden."""
    for child in elements(parent):
        kind = local(child)
        own = fonts.of_run(child, font) if kind == "r" else font
        if kind == "t":
            yield child, Run(child.text or "", font.struck, font.raised)
        elif kind not in _OUTSIDE and not (kind == "r" and own.hidden):
            yield from _texts(child, fonts, own)


def _split_before(text: Any, index: int) -> Any:
    """The run that begins with this character; what stood before it in its run becomes a run of its own."""
    run = text.getparent()
    content = [child for child in run if local(child) != "rPr"]
    if index == 0 and content[0] is text:
        return run
    before = _emptied(run)
    run.addprevious(before)
    for child in content[: content.index(text)]:
        before.append(child)
    if index:
        part = copy.deepcopy(text)
        _set_text(part, text.text[:index])
        _set_text(text, text.text[index:])
        before.append(part)
    return run


def _split_after(text: Any, index: int) -> Any:
    """The run that ends before this character of the w:t; what stands behind becomes a run of its own."""
    run = text.getparent()
    content = [child for child in run if local(child) != "rPr"]
    rest = content[content.index(text) + 1 :]
    if index == len(text.text) and not rest:
        return run
    after = _emptied(run)
    run.addnext(after)
    if index < len(text.text):
        part = copy.deepcopy(text)
        _set_text(part, text.text[index:])
        _set_text(text, text.text[:index])
        after.append(part)
    for child in rest:
        after.append(child)
    return run


def _emptied(run: Any) -> Any:
    """A run with the formatting of this one and nothing in it."""
    twin = copy.deepcopy(run)
    for child in list(twin):
        if local(child) != "rPr":
            twin.remove(child)
    twin.tail = None
    return twin


def _set_text(element: Any, text: str) -> None:
    element.text = text
    element.set(_SPACE, "preserve")
