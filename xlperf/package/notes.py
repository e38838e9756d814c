"""Notes: a comments part, the VML that draws it, and everything that ties them to a sheet.

Other people's comments and shapes are never rebuilt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from xlperf.package.address import Ref, parse_ref, ref_text
from xlperf.package.archive import Damaged
from xlperf.package.extras import SHEET_ORDER
from xlperf.package.parts import (
    STRICT_MAIN,
    STRICT_RELS,
    TRANSITIONAL_MAIN,
    TRANSITIONAL_RELS,
    Parts,
)
from xlperf.package.patch import sheet_xml
from xlperf.package.reader import read_notes
from xlperf.package.vml import add_shapes, has_shapes, new_drawing, remove_shapes
from xlperf.package.xmltext import (
    append_child,
    decode_text,
    element,
    encode_text,
    insert_child,
    parse_tree,
    splice,
)

_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_COMMENTS_TYPE = f"{_SPREADSHEET}.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_OURS = "xlperf"  # in the names of the parts that we made and may remove again
_FONT = {"sz": "9", "rFont": "宋体", "charset": "134"}


class Writer(NamedTuple):
    """Whose notes are meant: those under a name, and those that begin in a way nobody else's do."""

    name: str
    known_by: re.Pattern[str] | None = None

    def wrote(self, author: str, text: str) -> bool:
        return author == self.name or (self.known_by is not None and self.known_by.match(text) is not None)


def all_notes(parts: Parts, sheet: str) -> dict[Ref, tuple[str, str]]:
    part = parts.related(sheet, "comments")
    return read_notes(parts.read(part)) if parts.actual(part) else {}


def foreign_refs(parts: Parts, sheet: str, writer: Writer) -> set[Ref]:
    """Cells on which somebody else has commented, in the old way or in a thread."""
    refs = {ref for ref, (name, text) in all_notes(parts, sheet).items() if not writer.wrote(name, text)}
    for rel in parts.rels(sheet):
        if rel.kind == "threadedComment" and parts.actual(rel.target):
            for node in parts.tree(rel.target).all("threadedComment"):
                refs.add(parse_ref(node.attrs["ref"]))
    return refs


def set_notes(parts: Parts, sheet: str, writer: Writer, notes: Mapping[Ref, str], strict: bool) -> None:
    """Replace the writer's notes; parts that only we needed come and go with them."""
    theirs = foreign_refs(parts, sheet, writer)
    mine = {ref for ref, (name, text) in all_notes(parts, sheet).items() if writer.wrote(name, text)} - theirs
    wanted = {ref: notes[ref] for ref in sorted(notes) if ref not in theirs}
    part = parts.related(sheet, "comments")
    if part:
        parts.write(part, _without(parts.read(part), writer.name, mine))
    vml = _vml_part(parts, sheet)
    if vml is not None and mine:
        remove_shapes(parts, vml, mine)
    if wanted:
        part = part or _new_comments(parts, sheet, strict)
        parts.write(part, _with_notes(parts.read(part), writer.name, wanted))
        vml = vml or _new_vml(parts, sheet, strict)
        add_shapes(parts, vml, wanted)
    else:
        _remove_ours(parts, sheet, part, vml)


def _vml_part(parts: Parts, sheet: str) -> str | None:
    drawing = sheet_xml(parts, sheet).root.first("legacyDrawing")
    if drawing is None:
        return None
    target = next((rel.target for rel in parts.rels(sheet) if rel.id == drawing.related and not rel.external), None)
    if target is None or parts.actual(target) is None:
        raise Damaged("批注的图形部件缺失")
    return target


def _free_name(parts: Parts, folder: str, sheet: str, extension: str) -> str:
    base = f"{folder}/{_OURS}-{sheet.rpartition('/')[2].rpartition('.')[0]}"
    name = f"{base}.{extension}"
    number = 1
    while parts.actual(name):
        number += 1
        name = f"{base}-{number}.{extension}"
    return name


def _new_comments(parts: Parts, sheet: str, strict: bool) -> str:
    name = _free_name(parts, "xl/comments", sheet, "xml")
    main = STRICT_MAIN if strict else TRANSITIONAL_MAIN
    empty = f'<comments xmlns="{main}"><authors></authors><commentList></commentList></comments>'
    parts.write(name, b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + empty.encode())
    parts.add_content_type(name, _COMMENTS_TYPE)
    parts.add_rel(sheet, "comments", name, STRICT_RELS if strict else TRANSITIONAL_RELS)
    return name


def _new_vml(parts: Parts, sheet: str, strict: bool) -> str:
    name = _free_name(parts, "xl/drawings", sheet, "vml")
    new_drawing(parts, name)
    # An Override, not the usual Default for .vml: it names our part, so it can go again without asking who
    # else relies on it.
    parts.add_content_type(name, _VML_TYPE)
    # Old drawings have no strict form: Excel relates them as in the usual format, also in a strict file.
    rel_id = parts.add_rel(sheet, "vmlDrawing", name, TRANSITIONAL_RELS)
    xml = sheet_xml(parts, sheet)
    attrs = {"xmlns:r": STRICT_RELS if strict else TRANSITIONAL_RELS, "r:id": rel_id}
    new = element(xml.prefix + "legacyDrawing", attrs).encode()
    parts.write(sheet, insert_child(xml.data, xml.root, new, SHEET_ORDER, "legacyDrawing"))
    return name


def _remove_ours(parts: Parts, sheet: str, part: str | None, vml: str | None) -> None:
    if part and _is_ours(part) and not read_notes(parts.read(part)):
        parts.detach(sheet, part)
    if vml and _is_ours(vml) and not has_shapes(parts.read(vml)):
        data = parts.read(sheet)
        drawing = sheet_xml(parts, sheet).root.first("legacyDrawing")
        if drawing is not None:
            parts.write(sheet, splice(data, [(drawing.start, drawing.end, b"")]))
        parts.detach(sheet, vml)


def _is_ours(part: str) -> bool:
    return part.rpartition("/")[2].startswith(f"{_OURS}-")


def _without(data: bytes, author: str, refs: set[Ref]) -> bytes:
    """Without the notes of these cells and all of the author's."""
    root = parse_tree(data)
    authors = list((root.first("authors") or root).all("author"))
    comments = list((root.first("commentList") or root).all("comment"))
    mine = {str(index) for index, node in enumerate(authors) if decode_text(node.text) == author}
    gone = [
        node for node in comments if node.attrs.get("authorId", "0") in mine or parse_ref(node.attrs["ref"]) in refs
    ]
    # Authors are numbered: only the last can go without renumbering those of other people's comments.
    if authors and str(len(authors) - 1) in mine:
        gone.append(authors[-1])
    return splice(data, [(node.start, node.end, b"") for node in gone])


def _with_notes(data: bytes, author: str, notes: Mapping[Ref, str]) -> bytes:
    root = parse_tree(data)
    prefix = root.prefix
    authors, comments = root.first("authors"), root.first("commentList")
    if authors is None or comments is None:
        raise Damaged("批注部件缺少作者或批注列表")
    names = [decode_text(node.text) for node in authors.all("author")]
    index = names.index(author) if author in names else len(names)
    font = "".join(element(prefix + name, {"val": value}) for name, value in _FONT.items())
    new = ""
    for ref, text in notes.items():
        letters = element(prefix + "t", {"xml:space": "preserve"}, encode_text(text))
        run = element(prefix + "r", {}, element(prefix + "rPr", {}, font) + letters)
        attrs = {"ref": ref_text(ref), "authorId": str(index), "shapeId": "0"}
        new += element(prefix + "comment", attrs, element(prefix + "text", {}, run))
    # From the back: what lies before keeps its offsets.
    data = append_child(data, comments, new.encode())
    if author not in names:
        data = append_child(data, authors, element(prefix + "author", {}, encode_text(author)).encode())
    return data
