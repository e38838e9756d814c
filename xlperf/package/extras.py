"""What is laid over the cells of a sheet: tagged conditional formats and our hyperlinks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from xlperf.package.address import Area, Ref, area_text, areas_of, ref_text
from xlperf.package.look import Rule
from xlperf.package.sheet import SheetXml
from xlperf.package.xmltext import (
    ATTRIBUTES,
    Node,
    append_child,
    element,
    escape,
    insert_child,
    parse_attributes,
    splice,
    without_comments,
)

SHEET_ORDER = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges "
    "scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr "
    "conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter "
    "rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing "
    "legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts extLst"
)
_RULE = re.compile(rb"<(?:[^\s<>/!?:]+:)?cfRule(?=[\s/>])(" + ATTRIBUTES + rb")/?>")
LINK_TAG = "xlperf"


def set_highlights(
    sheet: SheetXml, tag: str, fills: Sequence[tuple[int, Sequence[Ref]]], conditions: Mapping[Ref, str]
) -> SheetXml:
    """Replace the conditional formats with this tag by (differential format, cells) pairs.

    The tag is the rule's formula, `N("tag")=0`: always true, and it survives a save in every program. Of a cell
    with a condition it is `AND(N("tag")=0,condition)`.
    """
    marker = f'N("{tag.replace(chr(34), chr(34) * 2)}")=0'
    sheet = sheet.now(_without_rules(sheet, marker))
    prefix = sheet.prefix
    priority = max(_priorities(sheet), default=0)
    new = ""
    for format_id, areas, condition in _grouped(fills, conditions):
        priority += 1
        formula = marker if condition is None else f"AND({marker},{condition})"
        attrs = {"type": "expression", "dxfId": str(format_id), "priority": str(priority)}
        rule = element(prefix + "cfRule", attrs, f"<{prefix}formula>{escape(formula)}</{prefix}formula>")
        where = {"sqref": " ".join(area_text(area) for area in areas)}
        new += element(prefix + "conditionalFormatting", where, rule)
    if not new:
        return sheet
    return sheet.now(insert_child(sheet.data, sheet.root, new.encode(), SHEET_ORDER, "conditionalFormatting"))


def add_rules(sheet: SheetXml, rules: Sequence[tuple[int, Rule]]) -> SheetXml:
    """Conditional formats of a sheet that is ours, each with its differential format, the first before the others."""
    new = ""
    for priority, (format_id, rule) in enumerate(rules, max(_priorities(sheet), default=0) + 1):
        attrs = {"type": "expression", "dxfId": str(format_id), "priority": str(priority)}
        formula = f"<{sheet.prefix}formula>{escape(rule.formula)}</{sheet.prefix}formula>"
        where = {"sqref": area_text(rule.area)}
        new += element(f"{sheet.prefix}conditionalFormatting", where, element(f"{sheet.prefix}cfRule", attrs, formula))
    return sheet.now(insert_child(sheet.data, sheet.root, new.encode(), SHEET_ORDER, "conditionalFormatting"))


def _priorities(sheet: SheetXml) -> Iterator[int]:
    """Of every rule, those in extension lists included."""
    behind = sheet.sheet_data.end if sheet.sheet_data else 0
    for match in _RULE.finditer(without_comments(sheet.data[behind:])):
        priority = parse_attributes(match[1]).get("priority", "")
        if priority.isdigit():
            yield int(priority)


def _without_rules(sheet: SheetXml, marker: str) -> bytes:
    gone = []
    for group in sheet.root.all("conditionalFormatting"):
        rules = list(group.all("cfRule"))
        ours = [rule for rule in rules if _is_marked([node.text for node in rule.all("formula")], marker)]
        # A program that saved the file may have put our rule together with others on the same cells.
        gone += [group] if ours and len(ours) == len(rules) else ours
    return splice(sheet.data, [(node.start, node.end, b"") for node in gone]) if gone else sheet.data


def _grouped(
    fills: Sequence[tuple[int, Sequence[Ref]]], conditions: Mapping[Ref, str]
) -> Iterator[tuple[int, Sequence[Area], str | None]]:
    for format_id, refs in fills:
        if always := [ref for ref in refs if ref not in conditions]:
            yield format_id, areas_of(always), None
        yield from ((format_id, areas_of([ref]), conditions[ref]) for ref in refs if ref in conditions)


def _is_marked(formulas: Sequence[str], marker: str) -> bool:
    return len(formulas) == 1 and (formulas[0] == marker or formulas[0].startswith(f"AND({marker},"))


def _is_ours(link: Node) -> bool:
    return link.attrs.get("tooltip") == LINK_TAG and "location" in link.attrs


def set_links(sheet: SheetXml, links: Mapping[Ref, str]) -> SheetXml:
    """Replace the internal hyperlinks that carry our tooltip; a cell with another link keeps that one."""
    data = sheet.data
    group = sheet.root.first("hyperlinks")
    present = list(group.all("hyperlink")) if group else []
    ours = [node for node in present if _is_ours(node)]
    taken = {node.attrs.get("ref") for node in present if not _is_ours(node)}
    new = "".join(
        element(sheet.prefix + "hyperlink", {"ref": ref_text(ref), "location": links[ref], "tooltip": LINK_TAG})
        for ref in sorted(links)
        if ref_text(ref) not in taken
    ).encode()
    if group is None:
        tag = sheet.prefix + "hyperlinks"
        whole = f"<{tag}>".encode() + new + f"</{tag}>".encode()
        return sheet.now(insert_child(data, sheet.root, whole, SHEET_ORDER, "hyperlinks")) if new else sheet
    if not new and ours and len(ours) == len(present):
        return sheet.now(splice(data, [(group.start, group.end, b"")]))
    if group.close == group.end:
        return sheet.now(append_child(data, group, new)) if new else sheet
    gone = [(node.start, node.end, b"") for node in ours]
    return sheet.now(splice(data, [*gone, (group.close, group.close, new)]))
