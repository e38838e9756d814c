"""What is laid over the cells of a sheet: tagged conditional formats and our hyperlinks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlperf.package.address import Area, Ref, area_text, ref_text
from xlperf.package.patch import SheetXml, outline
from xlperf.package.xmltext import Node, append_child, element, escape, insert_child, splice

SHEET_ORDER = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges "
    "scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr "
    "conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter "
    "rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing "
    "legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts extLst"
)
LINK_TAG = "xlperf"


def set_highlights(data: bytes, tag: str, fills: Sequence[tuple[int, Sequence[Area]]]) -> bytes:
    """Replace the conditional formats with this tag by (differential format, areas) pairs.

    The tag is the rule's formula, `N("tag")=0`: always true, and it survives a save in every program.
    """
    formula = f'N("{tag.replace(chr(34), chr(34) * 2)}")=0'
    data = _without_rules(outline(data), formula)
    sheet = outline(data)
    prefix = sheet.prefix
    priority = max((int(node.attrs["priority"]) for node in sheet.root.walk() if _has_priority(node)), default=0)
    new = ""
    for format_id, areas in fills:
        priority += 1
        attrs = {"type": "expression", "dxfId": str(format_id), "priority": str(priority)}
        rule = element(prefix + "cfRule", attrs, f"<{prefix}formula>{escape(formula)}</{prefix}formula>")
        where = {"sqref": " ".join(area_text(area) for area in areas)}
        new += element(prefix + "conditionalFormatting", where, rule)
    if not new:
        return data
    return insert_child(data, sheet.root, new.encode(), SHEET_ORDER, "conditionalFormatting")


def _has_priority(node: Node) -> bool:
    return node.name == "cfRule" and node.attrs.get("priority", "").isdigit()


def _without_rules(sheet: SheetXml, formula: str) -> bytes:
    gone = []
    for group in sheet.root.all("conditionalFormatting"):
        rules = list(group.all("cfRule"))
        ours = [rule for rule in rules if [node.text for node in rule.all("formula")] == [formula]]
        # A program that saved the file may have put our rule together with others on the same cells.
        gone += [group] if ours and len(ours) == len(rules) else ours
    return splice(sheet.data, [(node.start, node.end, b"") for node in gone])


def set_links(data: bytes, links: Mapping[Ref, str]) -> bytes:
    """Replace the internal hyperlinks that carry our tooltip; a cell with another link keeps that one."""
    sheet = outline(data)
    group = sheet.root.first("hyperlinks")
    present = list(group.all("hyperlink")) if group else []
    ours = [node for node in present if node.attrs.get("tooltip") == LINK_TAG and "location" in node.attrs]
    taken = {node.attrs.get("ref") for node in present if node not in ours}
    new = "".join(
        element(sheet.prefix + "hyperlink", {"ref": ref_text(ref), "location": links[ref], "tooltip": LINK_TAG})
        for ref in sorted(links)
        if ref_text(ref) not in taken
    ).encode()
    if group is None:
        tag = sheet.prefix + "hyperlinks"
        whole = f"<{tag}>".encode() + new + f"</{tag}>".encode()
        return insert_child(data, sheet.root, whole, SHEET_ORDER, "hyperlinks") if new else data
    if not new and ours and len(ours) == len(present):
        return splice(data, [(group.start, group.end, b"")])
    data = splice(data, [(node.start, node.end, b"") for node in ours])
    group = outline(data).root.first("hyperlinks")
    return append_child(data, group, new) if group and new else data
