"""Changes to workbook.xml and to what belongs to the package as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from xlperf.package.archive import Damaged
from xlperf.package.parts import TRANSITIONAL_MAIN, Parts
from xlperf.package.xmltext import append_child, element, insert_child, is_true, splice, with_attribute

_ORDER = (
    "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups "
    "externalReferences definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr "
    "smartTagTypes webPublishing fileRecoveryPr webPublishObjects extLst"
)


def blank_sheet(widths: Sequence[int]) -> bytes:
    """A sheet without cells, its columns as wide as these numbers of characters; printed one page wide, on A4."""
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(widths, 1)
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    fit = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
    page = '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
    content = f"{fit}<cols>{columns}</cols><sheetData/>{page}"
    return f'{head}<worksheet xmlns="{TRANSITIONAL_MAIN}">{content}</worksheet>'.encode()


def list_sheet(parts: Parts, book: str, title: str, rel_id: str, relations: str) -> None:
    """Name a sheet behind the others; `relations` is the namespace of r:id."""
    root = parts.tree(book)
    group = root.first("sheets")
    if group is None:
        raise Damaged("缺少工作表清单")
    number = max(int(node.attrs.get("sheetId", 0)) for node in group.children) + 1
    attrs = {"name": title, "sheetId": str(number), "xmlns:r": relations, "r:id": rel_id}
    new = element(root.prefix + "sheet", attrs).encode()
    parts.write(book, append_child(parts.read(book), group, new))


def unlist_sheet(parts: Parts, book: str, title: str, left: int) -> None:
    """Take a sheet out of the list; a view that showed one beyond those `left` shows the first."""
    root, data = parts.tree(book), parts.read(book)
    gone = next(node for node in (root.first("sheets") or root).all("sheet") if node.attrs["name"] == title)
    splices = [(gone.start, gone.end, b"")]
    for view in (root.first("bookViews") or root).all("workbookView"):
        if int(view.attrs.get("activeTab", 0)) >= left:
            tag = with_attribute(data[view.start : view.open_end], "activeTab", "0")
            splices.append((view.start, view.open_end, tag))
    parts.write(book, splice(data, splices))


def request_recalculation(parts: Parts, book: str, *, formulas_changed: bool) -> None:
    """Have the next program compute; the order of calculation is told anew where formulas came or went."""
    chain = next((rel.target for rel in parts.rels(book) if rel.kind == "calcChain"), None)
    if formulas_changed and chain is not None:
        parts.detach(book, chain)
    root, data = parts.tree(book), parts.read(book)
    node = root.first("calcPr")
    if node is None:
        new = element(root.prefix + "calcPr", {"fullCalcOnLoad": "1"}).encode()
        parts.write(book, insert_child(data, root, new, _ORDER, "calcPr"))
    elif not is_true(node.attrs.get("fullCalcOnLoad")):
        tag = with_attribute(data[node.start : node.open_end], "fullCalcOnLoad", "1")
        parts.write(book, splice(data, [(node.start, node.open_end, tag)]))


def linked_files(parts: Parts, book: str) -> tuple[str, ...]:
    """What other workbooks this one has links to, as it names them."""
    links = [rel for rel in parts.rels(book) if rel.kind == "externalLink" and not rel.external]
    return tuple(dict.fromkeys(rel.target for link in links for rel in parts.rels(link.target) if rel.external))


def remove_signature(parts: Parts) -> None:
    gone = [name for name in parts.names() if name.lower().startswith("_xmlsignatures/")]
    parts.drop_rels("", set(gone))
    parts.drop_content_types(gone)
    for name in gone:
        parts.remove(name)
