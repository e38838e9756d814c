"""Taking a sheet away: what is its own goes with it, and what others say of it decides whether it may go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from xlperf.package.address import Ref
from xlperf.package.bookxml import calculation_chain
from xlperf.package.edits import SheetEdits
from xlperf.package.formulas import naming
from xlperf.package.parts import Parts, owner_of, rels_name
from xlperf.package.reader import Cell, Structure
from xlperf.package.xmltext import Node, plain_text, splice, with_attribute

# Texts that are shown and never computed: what stands there refers to nothing.
_SHOWN = re.compile(rb"<(?:[\w.-]+:)?t(?=[\s>])[^<>]*>[^<]*")
_NO_REFERENCES = (
    "[content_types].xml",
    "docprops/",
    "xl/sharedstrings.xml",
    "xl/styles.xml",
    "xl/theme/",
    "xl/comments",
)


def remove_sheet(parts: Parts, structure: Structure, title: str) -> None:
    """Take a sheet out of the package; names of the sheets behind it go by their new places."""
    owned = _owned(parts, structure.sheets[title].part)
    local, position, sheet_id = _in_workbook(parts, structure.part, title)
    _unlist(parts, structure.part, position, local)
    chain = calculation_chain(parts, structure.part)
    if chain and re.search(rb'\si="' + sheet_id.encode() + b'"', parts.read(chain)):
        parts.detach(structure.part, chain)
    parts.drop_rels(structure.part, {structure.sheets[title].part})
    parts.drop_content_types(owned)
    for part in owned:
        for name in (part, rels_name(part)):
            if parts.actual(name):
                parts.remove(name)


def _owned(parts: Parts, sheet: str) -> set[str]:
    """The sheet's part and those that only it, or parts of its own, have to do with."""
    owners: dict[str, set[str]] = {}
    for name in parts.names():
        if name.lower().endswith(".rels"):
            owner = owner_of(name)
            for rel in parts.rels(owner):
                if not rel.external:
                    owners.setdefault(rel.target, set()).add(owner)
    owned = {sheet}
    while True:
        more = {part for part, by in owners.items() if by <= owned and parts.actual(part)} - owned
        if not more:
            return owned
        owned |= more


def _in_workbook(parts: Parts, book: str, title: str) -> tuple[list[Node], int, str]:
    """The names of the sheet alone, its position among the tabs, its number."""
    root = parts.tree(book)
    listed = list((root.first("sheets") or root).all("sheet"))
    position = next(at for at, node in enumerate(listed) if node.attrs.get("name") == title)
    names = (root.first("definedNames") or root).all("definedName")
    local = [node for node in names if node.attrs.get("localSheetId") == str(position)]
    return local, position, listed[position].attrs.get("sheetId", "")


def is_referred_to(parts: Parts, structure: Structure, title: str) -> bool:
    """Whether a formula, a name, a link, a chart or a control of the rest leads to the sheet."""
    owned = _owned(parts, structure.sheets[title].part)
    local, _, _ = _in_workbook(parts, structure.part, title)
    reference = naming(title)
    for name in parts.names():
        low = name.lower()
        if name in owned or not low.endswith((".xml", ".vml")) or low.startswith(_NO_REFERENCES):
            continue
        data = parts.read(name)
        if name == structure.part:
            data = splice(data, [(node.start, node.end, b"") for node in local])
        if (b"!" in data or b"sheet=" in data) and reference.search(plain_text(_SHOWN.sub(b"", data))):
            return True
    return False


def stands_apart(parts: Parts, structure: Structure, title: str, edits: SheetEdits, cells: Mapping[Ref, Cell]) -> bool:
    """Is it a list of ours, all written anew, without a formula, and does nothing elsewhere lead to it?

    Then nothing is to be calculated anew because of what is written. `cells`: what stood there.
    """
    is_replaced = edits.is_new or (edits.rows is not None and edits.rows[0] == 1)
    formulas = [*(write.formula for write in edits.writes.values()), *(cell.formula for cell in cells.values())]
    return is_replaced and not any(formulas) and not is_referred_to(parts, structure, title)


def _unlist(parts: Parts, book: str, position: int, local: list[Node]) -> None:
    """Take the sheet and its own names out of the workbook; a view that began there or showed it shows the first.

    Sheets are numbered by their tabs in names of their own and in views: those behind it are one less.
    """
    root, data = parts.tree(book), parts.read(book)
    listed = list((root.first("sheets") or root).all("sheet"))
    gone = [listed[position], *local]
    names = root.first("definedNames")
    emptied = []
    if names is not None and local and len(local) == len(names.children):
        gone = [listed[position]]
        tag = data[names.start : names.open_end]
        emptied = [(names.start, names.end, tag.removesuffix(b" >") + b"/>" if tag.endswith(b" >") else b"")]
    changed = [*emptied, *_views(data, root, listed, position), *_numbered(data, names, local, position)]
    parts.write(book, splice(data, [*((node.start, node.end, b"") for node in gone), *changed]))


def _views(data: bytes, root: Node, listed: list[Node], position: int) -> Iterator[tuple[int, int, bytes]]:
    for view in (root.first("bookViews") or root).all("workbookView"):
        tag = data[view.start : view.open_end]
        for name in ("activeTab", "firstSheet"):
            at = int(view.attrs.get(name, 0))
            if at >= position:
                tag = with_attribute(tag, name, "0" if at == position else str(at - 1))
        yield view.start, view.open_end, tag
    for view in (root.first("customWorkbookViews") or root).all("customWorkbookView"):
        if view.attrs.get("activeSheetId") == listed[position].attrs.get("sheetId"):
            tag = with_attribute(data[view.start : view.open_end], "activeSheetId", listed[0].attrs.get("sheetId", "1"))
            yield view.start, view.open_end, tag


def _numbered(data: bytes, names: Node | None, local: list[Node], position: int) -> Iterator[tuple[int, int, bytes]]:
    """The names of the sheets behind it."""
    if names is None or len(local) == len(names.children):
        return
    for node in names.children:
        at = int(node.attrs.get("localSheetId", -1))
        if at > position:
            tag = with_attribute(data[node.start : node.open_end], "localSheetId", str(at - 1))
            yield node.start, node.open_end, tag
