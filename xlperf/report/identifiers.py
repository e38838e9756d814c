"""Names of sheets, cells and tables that tell a person: formulas refer to them, so they are renamed all at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from xlperf.package.parts import Parts
from xlperf.package.texts import Where
from xlperf.report.names import Names
from xlperf.report.redact import applied, cuts

# Where a reference may stand: elements, and attributes of any element.
_FORMULAS = (
    "f",
    "formula",
    "formula1",
    "formula2",
    "definedName",
    "calculatedColumnFormula",
    "totalsRowFormula",
    "lpstr",
)
_REFERENCES = (
    "location",
    "textlink",
    "macro",
    "sheet",
    "ref",
    "sqref",
    "fmlaRange",
    "fmlaLink",
    "linkedCell",
    "listFillRange",
)
_IDENTIFIERS = {
    ("sheet", "name"), ("definedName", "name"), ("table", "name"), ("table", "displayName"), ("sheetName", "val"),
    ("worksheetSource", "name"), ("pivotTableDefinition", "name"),
}  # fmt: skip
_UNSAFE = re.compile(r"[^\w.]")
_LONGEST = 31


def renamed_identifiers(parts: Parts, workbook: str, names: Names) -> dict[str, str]:
    """Old name to new, for those of sheets, cells and tables that hold personal data; a new one needs no quotes."""
    own = list(_own(parts, workbook))
    taken = {each.lower() for each in own}
    renamed: dict[str, str] = {}
    for old in dict.fromkeys(own):
        found = cuts(old, names)
        if not found:
            continue
        letters = [each._replace(new="某" if each.new == "××" else "略") for each in found]
        base = _UNSAFE.sub("_", applied(old, letters))[: _LONGEST - 3]
        number, new = 1, base
        while new.lower() in taken:
            number, new = number + 1, f"{base}{number + 1}"
        taken.add(new.lower())
        renamed[old] = new
    return renamed


def _own(parts: Parts, workbook: str) -> Iterable[str]:
    root = parts.tree(workbook)
    for group, kind in (("sheets", "sheet"), ("definedNames", "definedName")):
        for node in (root.first(group) or root).all(kind):
            yield node.attrs.get("name", "")
    for name in parts.names():
        if "/tables/" in name and name.endswith(".xml"):
            yield parts.tree(name).attrs.get("displayName", "")


def with_renamed(where: Where, text: str, renamed: Mapping[str, str]) -> str:
    """A text with the renamed things under their new names, if it is one that names them."""
    if (where.element, where.attribute) in _IDENTIFIERS:
        return renamed.get(text, text)
    if where.attribute in _REFERENCES or (not where.attribute and where.element in _FORMULAS):
        for old, new in renamed.items():
            text = text.replace(old, new)
    return text
