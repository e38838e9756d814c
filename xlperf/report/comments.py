"""Word comments at the contradicted figures of a report. No text is changed; what is not marked stays byte for byte.

Where a comment begins and ends says `anchors`.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any
from xml.parsers.expat import ExpatError

from xlperf.errors import DocumentError
from xlperf.intake.readers.nodes import attribute, elements, local
from xlperf.intake.readers.runs import Found
from xlperf.intake.readers.word import fonts_of, walk
from xlperf.package.archive import Archive
from xlperf.package.opening import damage
from xlperf.package.parts import STRICT_RELS, TRANSITIONAL_RELS, Parts, main_part
from xlperf.package.patch import NOT_XML
from xlperf.report.against import Anchor, Contradiction
from xlperf.report.anchors import anchor_comment, qualified

AUTHOR = "xlperf"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_SETTINGS, _COMMENTS = "settings", "comments"


def mark_report(blob: bytes, found: Sequence[Contradiction], name: str) -> bytes:
    """The .docx with one comment at each contradicted figure; raises `DocumentError` where it must not be changed."""
    from lxml import etree

    if not blob.startswith(b"PK"):
        raise _no_document(name)
    try:
        return _marked(blob, found, name)
    except (ValueError, LookupError, ExpatError, etree.XMLSyntaxError, StopIteration, zlib.error) as error:
        # A part that reading can do without, such as the relationships, may be damaged.
        advice = "请用 Word 或 WPS 打开检查，修复并另存后再试。"
        raise DocumentError(f"{name}：{damage(error)}，没有加批注。{advice}") from error


def _marked(blob: bytes, found: Sequence[Contradiction], name: str) -> bytes:
    from lxml import etree

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
        anchor_comment(pieces[anchor.block], anchor, number, namespace, fonts)
    parts.write(main, _serialized(root))
    parts.write(part, _serialized(comments))
    return parts.to_bytes()


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
    settings = parts.related(main, _SETTINGS)
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

    part = parts.related(main, _COMMENTS)
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
        return etree.SubElement(parent, f"{{{namespace}}}{name}", qualified(attributes or {}, namespace))

    attributes = {"id": str(number), "author": AUTHOR, "initials": "xp"}
    comment = etree.Element(f"{{{namespace}}}comment", qualified(attributes, namespace), nsmap={"w": namespace})
    for line in NOT_XML.sub("", message).split("\n"):
        made(made(made(comment, "p"), "r"), "t").text = line
    return comment


def _serialized(root: Any) -> bytes:
    from lxml import etree

    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written
