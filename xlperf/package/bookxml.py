"""Changes to workbook.xml and to what belongs to the package as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xlperf.package.address import column_letters, quoted_title
from xlperf.package.archive import Damaged
from xlperf.package.look import Layout
from xlperf.package.parts import STRICT_MAIN, STRICT_RELS, TRANSITIONAL_MAIN, TRANSITIONAL_RELS, Parts
from xlperf.package.patch import NOT_XML
from xlperf.package.reader import Structure
from xlperf.package.xmltext import (
    append_child,
    element,
    escape,
    insert_child,
    is_true,
    parse_tree,
    splice,
    with_attribute,
)
from xlperf.text import expression

_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_BAD_TITLE = expression(r"[\[\]:*?/\\]|^'|'$")
ORDER = (
    "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups "
    "externalReferences definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr "
    "smartTagTypes webPublishing fileRecoveryPr webPublishObjects extLst"
)


def blank_sheet(layout: Layout, strict: bool) -> bytes:
    """A sheet without cells; what it prints is said in `append_sheet`.

    Printed one page wide, on A4, with lines between the cells, which have no borders.
    """
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(layout.widths, 1)
    )
    below = f"A{layout.head + 1}"
    pane = f'<pane ySplit="{layout.head}" topLeftCell="{below}" activePane="bottomLeft" state="frozen"/>'
    selection = f'<selection pane="bottomLeft" activeCell="{below}" sqref="{below}"/>'
    view = f'<sheetViews><sheetView workbookViewId="0">{pane}{selection}</sheetView></sheetViews>'
    filtered = f'<autoFilter ref="{_filtered(layout)}"/>' if layout.filtered else ""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    fit = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
    margins = '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.2" footer="0.2"/>'
    page = f'<printOptions gridLines="1"/>{margins}<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
    content = f"{fit}{view}<cols>{columns}</cols><sheetData/>{filtered}{page}"
    main = STRICT_MAIN if strict else TRANSITIONAL_MAIN
    return f'{head}<worksheet xmlns="{main}">{content}</worksheet>'.encode()


def _filtered(layout: Layout, sign: str = "") -> str:
    last = f"{column_letters(len(layout.widths))}{sign}{layout.filtered}"
    return f"{sign}A{sign}{layout.head}:{sign}{last}"


def title_refusal(title: str, sheets: Iterable[str]) -> str | None:
    """Why a sheet beside these cannot be called so."""
    if not 1 <= len(title) <= 31 or _BAD_TITLE.search(title) or NOT_XML.search(title):
        return f"“{title}”不能作工作表的名字。"
    if title.lower() in (known.lower() for known in sheets):
        return f"已有名为“{title}”的工作表。"
    return None


def append_sheet(parts: Parts, structure: Structure, title: str, content: bytes, layout: Layout | None = None) -> str:
    """Put a sheet behind the others, with the names that say what of it is printed; answers the name of its part."""
    parse_tree(content)
    number = 1
    while parts.actual(part := f"xl/worksheets/sheet{number}.xml"):
        number += 1
    parts.write(part, content)
    parts.add_content_type(part, f"{_SPREADSHEET}.worksheet+xml")
    base = STRICT_RELS if structure.strict else TRANSITIONAL_RELS
    _list_sheet(parts, structure.part, title, parts.add_rel(structure.part, "worksheet", part, base), base)
    if layout is not None:
        _name_areas(parts, structure.part, _areas_of(layout, f"{quoted_title(title)}!"), len(structure.sheets))
    return part


def _areas_of(layout: Layout, sheet: str) -> Mapping[str, str]:
    """By the names that programs have for them, the areas of a sheet that mean something to them."""
    named = {}
    if layout.filtered:
        named["_xlnm._FilterDatabase"] = f"{sheet}{_filtered(layout, '$')}"
    if layout.printed:
        named["_xlnm.Print_Area"] = f"{sheet}$A:${column_letters(layout.printed)}"
    return named | {"_xlnm.Print_Titles": f"{sheet}${layout.head}:${layout.head}"}


def _name_areas(parts: Parts, book: str, named: Mapping[str, str], position: int) -> None:
    """Names of the sheet at this position alone."""
    root, data = parts.tree(book), parts.read(book)
    new = ""
    for name, area in named.items():
        attrs = {"name": name, "localSheetId": str(position)} | ({"hidden": "1"} if name.endswith("Database") else {})
        new += element(root.prefix + "definedName", attrs, escape(area))
    group = root.first("definedNames")
    if group is None:
        whole = element(f"{root.prefix}definedNames", {}, new).encode()
        parts.write(book, insert_child(data, root, whole, ORDER, "definedNames"))
    elif group.close == group.end:  # `removal` knows by the blank that there was an empty list
        whole = data[group.start : group.end - 2] + f" >{new}</{root.prefix}definedNames>".encode()
        parts.write(book, splice(data, [(group.start, group.end, whole)]))
    else:
        parts.write(book, append_child(data, group, new.encode()))


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
