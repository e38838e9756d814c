"""Changes to workbook.xml and to what belongs to the package as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xlperf.package.archive import Damaged
from xlperf.package.parts import STRICT_MAIN, STRICT_RELS, TRANSITIONAL_MAIN, TRANSITIONAL_RELS, Parts
from xlperf.package.patch import NOT_XML
from xlperf.package.reader import Structure
from xlperf.package.xmltext import append_child, element, insert_child, is_true, parse_tree, splice, with_attribute
from xlperf.text import expression

_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_BAD_TITLE = expression(r"[\[\]:*?/\\]|^'|'$")
ORDER = (
    "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups "
    "externalReferences definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr "
    "smartTagTypes webPublishing fileRecoveryPr webPublishObjects extLst"
)


def blank_sheet(widths: Sequence[int], strict: bool) -> bytes:
    """A sheet without cells, its columns as wide as these numbers of characters.

    Printed one page wide, on A4, with lines between the cells, which have no borders.
    """
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(widths, 1)
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    fit = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
    margins = '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.2" footer="0.2"/>'
    page = f'<printOptions gridLines="1"/>{margins}<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
    content = f"{fit}<cols>{columns}</cols><sheetData/>{page}"
    main = STRICT_MAIN if strict else TRANSITIONAL_MAIN
    return f'{head}<worksheet xmlns="{main}">{content}</worksheet>'.encode()


def title_refusal(title: str, sheets: Iterable[str]) -> str | None:
    """Why a sheet beside these cannot be called so."""
    if not 1 <= len(title) <= 31 or _BAD_TITLE.search(title) or NOT_XML.search(title):
        return f"“{title}”不能作工作表的名字。"
    if title.lower() in (known.lower() for known in sheets):
        return f"已有名为“{title}”的工作表。"
    return None


def append_sheet(parts: Parts, structure: Structure, title: str, content: bytes) -> str:
    """Put a sheet behind the others; answers the name of its part."""
    parse_tree(content)
    number = 1
    while parts.actual(part := f"xl/worksheets/sheet{number}.xml"):
        number += 1
    parts.write(part, content)
    parts.add_content_type(part, f"{_SPREADSHEET}.worksheet+xml")
    base = STRICT_RELS if structure.strict else TRANSITIONAL_RELS
    _list_sheet(parts, structure.part, title, parts.add_rel(structure.part, "worksheet", part, base), base)
    return part


def _list_sheet(parts: Parts, book: str, title: str, rel_id: str, relations: str) -> None:
    """Name a sheet behind the others; `relations` is the namespace of r:id."""
    root = parts.tree(book)
    group = root.first("sheets")
    if group is None:
        raise Damaged("缺少工作表清单")
    number = max(int(node.attrs.get("sheetId", 0)) for node in group.children) + 1
    attrs = {"name": title, "sheetId": str(number), "xmlns:r": relations, "r:id": rel_id}
    new = element(root.prefix + "sheet", attrs).encode()
    parts.write(book, append_child(parts.read(book), group, new))


def request_recalculation(parts: Parts, book: str) -> None:
    root, data = parts.tree(book), parts.read(book)
    node = root.first("calcPr")
    if node is None:
        new = element(root.prefix + "calcPr", {"fullCalcOnLoad": "1"}).encode()
        parts.write(book, insert_child(data, root, new, ORDER, "calcPr"))
    elif not is_true(node.attrs.get("fullCalcOnLoad")):
        tag = with_attribute(data[node.start : node.open_end], "fullCalcOnLoad", "1")
        parts.write(book, splice(data, [(node.start, node.open_end, tag)]))


def linked_files(parts: Parts, book: str) -> tuple[str, ...]:
    """What other workbooks this one has links to, as it names them."""
    links = [rel for rel in parts.rels(book) if rel.kind == "externalLink" and not rel.external]
    return tuple(dict.fromkeys(rel.target for link in links for rel in parts.rels(link.target) if rel.external))


def calculation_chain(parts: Parts, book: str) -> str | None:
    """The part that lists the formulas in the order in which they were last computed; programs do without."""
    targets = (rel.target for rel in parts.rels(book) if rel.kind == "calcChain")
    return next((target for target in targets if parts.actual(target)), None)


def remove_signature(parts: Parts) -> None:
    gone = [name for name in parts.names() if name.lower().startswith("_xmlsignatures/")]
    parts.drop_rels("", set(gone))
    parts.drop_content_types(gone)
    for name in gone:
        parts.remove(name)
