"""What a workbook sheds before it is handed over: names, shades, hints, buttons, macros, properties."""

from __future__ import annotations

from collections.abc import Collection

from xlperf.package.address import column_letters, quoted_title
from xlperf.package.bookxml import ORDER, calculation_chain
from xlperf.package.formulas import naming
from xlperf.package.parts import CONTENT_TYPES, Parts, main_part
from xlperf.package.reader import read_structure
from xlperf.package.removal import remove_sheet
from xlperf.package.strings import empty_unused_strings
from xlperf.package.styles import styles_part
from xlperf.package.xmltext import Node, append_child, attr, element, escape, insert_child, splice, with_attribute

_MACRO_ENABLED = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_PLAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_AREA = "_xlnm.Print_Area"
_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties '
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/">{}</cp:coreProperties>'
)
_DROPPED = ("extended-properties", "custom-properties", "thumbnail", "vbaProject", "attachedToolbars")


def remove_sheets(parts: Parts, titles: Collection[str]) -> None:
    """Take these sheets out, wherever they stand; at least one other must be there."""
    for title in titles:
        remove_sheet(parts, read_structure(parts), title)
    book = main_part(parts)
    listed = list((parts.tree(book).first("sheets") or parts.tree(book)).all("sheet"))
    shown = next((at for at, node in enumerate(listed) if node.attrs.get("state", "visible") == "visible"), 0)
    views = [view for group in parts.tree(book).all("bookViews") for view in group.all("workbookView")]
    data = parts.read(book)
    tags = [(view.start, view.open_end, data[view.start : view.open_end]) for view in views]
    parts.write(
        book, splice(data, [(start, end, with_attribute(tag, "activeTab", str(shown))) for start, end, tag in tags])
    )


def drop_names(parts: Parts, prefix: str) -> None:
    """Take out the names that begin so, and those that lead to no cell any more."""
    book = main_part(parts)
    root, data = parts.tree(book), parts.read(book)
    names = root.first("definedNames")
    if names is None:
        return
    sheets = [naming(title) for title in read_structure(parts).sheets]

    def is_lost(node: Node) -> bool:
        leads_to_cells = "!" in node.text and "[" not in node.text
        return "#REF!" in node.text or (leads_to_cells and not any(each.search(node.text) for each in sheets))

    gone = [node for node in names.children if node.attrs.get("name", "").startswith(prefix) or is_lost(node)]
    whole = [names] if len(gone) == len(names.children) else gone
    parts.write(book, splice(data, [(node.start, node.end, b"") for node in whole]))


def set_print_area(parts: Parts, title: str, columns: int, rows: int) -> None:
    """Have so many columns and rows of a sheet printed, where nobody has said what is."""
    book = main_part(parts)
    position = str(list(read_structure(parts).sheets).index(title))
    root, data = parts.tree(book), parts.read(book)
    names = root.first("definedNames")
    taken = [node for node in names.children if node.attrs.get("localSheetId") == position] if names else []
    if any(node.attrs.get("name") == _AREA for node in taken):
        return
    area = escape(f"{quoted_title(title)}!$A$1:${column_letters(columns)}${rows}")
    new = element(root.prefix + "definedName", {"name": _AREA, "localSheetId": position}, area)
    if names is None:
        whole = element(root.prefix + "definedNames", {}, new).encode()
        parts.write(book, insert_child(data, root, whole, ORDER, "definedNames"))
    else:
        parts.write(book, append_child(data, names, new.encode()))


def drop_shades(parts: Parts, colors: Collection[str]) -> None:
    """Take these colours from the ground of all cells; formats keep their numbers."""
    part = styles_part(parts, main_part(parts), strict=read_structure(parts).strict)
    root, data = parts.tree(part), parts.read(part)
    edits = []
    for fill in (root.first("fills") or root).all("fill"):
        for pattern in fill.all("patternFill"):
            ground = (color.attrs.get("rgb", "")[-6:].upper() for color in pattern.all("fgColor"))
            if any(color in colors for color in ground):
                new = element(root.prefix + "patternFill", {"patternType": "none"}).encode()
                edits.append((pattern.start, pattern.end, new))
    parts.write(part, splice(data, edits))


def drop_hints(parts: Parts, sheet: str) -> None:
    """Take out what is only shown when a cell is selected; a validation that refuses something stays."""
    root, data = parts.tree(sheet), parts.read(sheet)
    group = root.first("dataValidations")
    if group is None:
        return
    kept = [node for node in group.children if node.attrs.get("type", "none") != "none"]
    if not kept:
        parts.write(sheet, splice(data, [(group.start, group.end, b"")]))
        return
    tag = with_attribute(data[group.start : group.open_end], "count", str(len(kept)))
    gone = [(node.start, node.end, b"") for node in group.children if node not in kept]
    parts.write(sheet, splice(data, [(group.start, group.open_end, tag), *gone]))


def drop_buttons(parts: Parts, sheet: str, signs: Collection[str]) -> None:
    """Take out the shapes of a sheet's drawing that have one of these texts in them: a macro's name, a hint."""
    drawing = parts.related(sheet, "drawing")
    if not parts.actual(drawing):
        return
    root, data = parts.tree(drawing), parts.read(drawing)
    wanted = [sign.encode() for sign in (*signs, *map(attr, signs))]
    gone = [node for node in root.children if any(sign in data[node.start : node.end] for sign in wanted)]
    if len(gone) < len(root.children):
        parts.write(drawing, splice(data, [(node.start, node.end, b"") for node in gone]))
        return
    ids = {rel.id for rel in parts.rels(sheet) if rel.target == drawing}
    parts.drop(drawing)
    links = [node for node in parts.tree(sheet).all("drawing") if node.related in ids]
    parts.write(sheet, splice(parts.read(sheet), [(node.start, node.end, b"") for node in links]))


def drop_macros(parts: Parts) -> None:
    """Make an .xlsx of an .xlsm."""
    book = main_part(parts)
    if project := parts.related(book, "vbaProject"):
        parts.drop(project)
    parts.write(CONTENT_TYPES, parts.read(CONTENT_TYPES).replace(_MACRO_ENABLED, _PLAIN))


def set_properties(parts: Parts, title: str, author: str) -> None:
    """Leave of the properties the title and the author."""
    for rel in parts.rels(""):
        if rel.kind in _DROPPED and parts.actual(rel.target):
            parts.drop(rel.target)
    core = next((rel.target for rel in parts.rels("") if rel.kind == "core-properties"), "")
    if parts.actual(core):
        told = "".join(
            element(f"dc:{name}", {}, escape(text)) for name, text in (("title", title), ("creator", author))
        )
        parts.write(core, _CORE.format(told).encode())


def author_of(parts: Parts) -> str:
    """The author that the properties name; "" where they name none."""
    core = next((rel.target for rel in parts.rels("") if rel.kind == "core-properties"), "")
    if not parts.actual(core):
        return ""
    node = parts.tree(core).first("creator")
    return node.text.strip() if node is not None else ""


def drop_leftovers(parts: Parts) -> None:
    """Take out texts that no cell shows any more, and what is said of calculating formulas, of which none is left.

    Programs would otherwise calculate when they open the file, and ask whether to save what they changed.
    """
    book = main_part(parts)
    settings = [(node.start, node.end, b"") for node in parts.tree(book).all("calcPr")]
    parts.write(book, splice(parts.read(book), settings))
    if chain := calculation_chain(parts, book):
        parts.detach(book, chain)
    strings = parts.related(book, "sharedStrings")
    if parts.actual(strings):
        sheets = [rel.target for rel in parts.rels(book) if rel.kind == "worksheet" and not rel.external]
        empty_unused_strings(parts, strings, [each for each in sheets if parts.actual(each)])
