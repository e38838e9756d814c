"""Workbooks as people leave them: a form made from values, filled, and then changed by hand.

What may be done to one is a table of plain data, so that a case file can hold it:

    fill = false               leave the formulas as a new form has them, never calculated (by default they are filled)
    narrow = { TABLE = 2 }     before filling, the name of a row table ends that many rows higher
    unmerge = [AT, ...]        the merged cells of that row are merged no longer, as in one that was inserted
    write = { AT = "5.00" }    a figure; text after a leading apostrophe, as in Excel; "" empties the cell
    formulas = { AT = "A1+1" } a formula; what `write` says there is its result, otherwise what the cell showed before
    errors = { AT = "#REF!" }  an error value, beside the formula that stands there
    hide = ["sheet 自评表", "row AT", "column AT"]
    drafts = [KEY, ...]        cells marked as carried over from last year, before `write`
    confirm = [KEY, ...]       those of them in whose row of 沿用核对 the user wrote 是
    links = ["决算.xlsx"]      links to other workbooks
    freeze = true              formulas turned into values, last of all

AT is a key, or a key with steps from its cell (annual_budget<2 is two columns to the left, >1 one to the right, ^1 one
row up, /1 one row down); in a formula {AT} is the reference of that cell.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from xlperf.amounts import parse_number
from xlperf.package import CellKind, Ref, ref_text
from xlperf.workbook.actions import Form, fill, freeze, new_workbook, open_form
from xlperf.workbook.drafts import DRAFTS_SHEET, Draft, write_drafts

KINDS = {"fill", "narrow", "unmerge", "drafts", "confirm", "write", "formulas", "errors", "hide", "links", "freeze"}
_AT = re.compile(r"(\w+(?:\[\d+\]\.\w+)?)(?:([<>^/])(\d+))?")
_LINK = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" '
    b'Target="file:///D:/%s" TargetMode="External"/></Relationships>'
)


def edited(values: Mapping[str, Any], changes: Mapping[str, Any]) -> bytes:
    """The file after all changes."""
    return _edited(json.dumps(values, ensure_ascii=False), json.dumps(changes, ensure_ascii=False))


@lru_cache(maxsize=32)  # several tests on end go through the same cases
def _edited(given: str, told: str) -> bytes:
    values, changes = json.loads(given), json.loads(told)
    assert set(changes) <= KINDS, changes
    blob = new_bytes(values)
    if narrow := changes.get("narrow"):
        blob = patched(blob, {"xl/workbook.xml": lambda xml: _narrowed(xml, narrow)})
    if changes.get("fill", True):
        form = open_form(blob)
        fill(form)
        blob = form.book.to_bytes()
    if drafts := changes.get("drafts"):
        form = open_form(blob)
        _mark_drafts(form, drafts, changes.get("confirm", ()))
        blob = form.book.to_bytes()
    for at in changes.get("unmerge", ()):
        blob = _unmerged(blob, open_form(blob), at)
    form = open_form(blob)
    _write(form, changes.get("write", {}), changes.get("formulas", {}))
    blob = form.book.to_bytes()
    for at, value in changes.get("errors", {}).items():
        blob = _with_error(blob, *place_of(form, at), value)
    for what in changes.get("hide", ()):
        blob = _with_hidden(blob, form, *what.split())
    for number, name in enumerate(changes.get("links", ()), 1):
        blob = _with_link(blob, number, name)
    if changes.get("freeze"):
        form = open_form(blob)
        freeze(form)
        blob = form.book.to_bytes()
    return blob


def place_of(form: Form, at: str) -> tuple[str, Ref]:
    found = _AT.fullmatch(at)
    assert found, at
    place, count = form.binding.place(found[1]), int(found[3] or 0)
    down, right = {"<": (0, -1), ">": (0, 1), "^": (-1, 0), "/": (1, 0), None: (0, 0)}[found[2]]
    return place.sheet, Ref(place.ref.row + down * count, place.ref.col + right * count)


def patched(
    blob: bytes, changes: Mapping[str, Callable[[bytes], bytes]], added: Mapping[str, bytes] | None = None
) -> bytes:
    """The package with some of its parts changed and others added."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blob)) as old, zipfile.ZipFile(result, "w") as target:
        for name in old.namelist():
            content = old.read(name)
            target.writestr(name, changes[name](content) if name in changes else content)
        for name, content in (added or {}).items():
            target.writestr(name, content)
    return result.getvalue()


def new_bytes(values: Mapping[str, Any]) -> bytes:
    """What `new_workbook` makes of the values, made once: where it is what a test begins with, not what it is about."""
    return _new_bytes(json.dumps(values, ensure_ascii=False))


@cache
def _new_bytes(values: str) -> bytes:
    return new_workbook(json.loads(values)).to_bytes()


def _narrowed(xml: bytes, narrow: Mapping[str, int]) -> bytes:
    for table, rows in narrow.items():
        pattern = rb'(name="xp_%s"[^>]*>[^<]*:\$[A-Z]+\$)(\d+)' % table.encode()
        xml, count = re.subn(pattern, lambda found: found[1] + str(int(found[2]) - rows).encode(), xml)  # noqa: B023
        assert count == 1
    return xml


def _mark_drafts(form: Form, keys: Sequence[str], confirmed: Collection[str]) -> None:
    drafts = [Draft(form.binding.place(key), form.record[key].label, form.record[key].text) for key in keys]
    write_drafts(form.book, drafts)
    for key in confirmed:
        form.book.write(DRAFTS_SHEET, Ref(4 + keys.index(key), 6), "是")


def _write(form: Form, values: Mapping[str, str], formulas: Mapping[str, str]) -> None:
    for at in {**values, **formulas}:
        sheet, ref = place_of(form, at)
        cell = form.book.cells(sheet).get(ref)
        shown: Decimal | str | None = None
        if at in values:
            number = parse_number(values[at])
            shown = number.value if number else values[at].removeprefix("'") or None
        elif cell is not None:
            shown = Decimal(cell.text) if cell.kind is CellKind.NUMBER else cell.text
        formula = formulas.get(at)
        if formula is not None:
            formula = re.sub(r"\{(.*?)\}", lambda name: _reference(form, sheet, name[1]), formula)  # noqa: B023
        form.book.write(sheet, ref, shown, formula=formula)


def _reference(form: Form, home: str, at: str) -> str:
    sheet, ref = place_of(form, at)
    return ref_text(ref) if sheet == home else f"{sheet}!{ref_text(ref)}"


def _part(form: Form, sheet: str) -> str:
    return f"xl/worksheets/sheet{form.book.sheets.index(sheet) + 1}.xml"


def _with_error(blob: bytes, sheet: str, ref: Ref, value: str) -> bytes:
    cell = re.compile(rb'(<c r="%s"[^>]*?)(?: t="\w+")?(/>|>.*?</c>)' % ref_text(ref).encode(), re.DOTALL)

    def change(xml: bytes) -> bytes:
        def error(found: re.Match[bytes]) -> bytes:
            formula = re.search(rb"<f.*?</f>", found[2], re.DOTALL)
            kept = formula[0] if formula else b""
            return b'%s t="e">%s<v>%s</v></c>' % (found[1], kept, value.encode())

        xml, count = cell.subn(error, xml, count=1)
        assert count == 1
        return xml

    return patched(blob, {_part(open_form(blob), sheet): change})


def _with_hidden(blob: bytes, form: Form, kind: str, what: str) -> bytes:
    if kind == "sheet":
        found = rb'(<sheet (?=[^>]*name="%s")[^>]*?)(/?>)' % what.encode()
        return patched(blob, {"xl/workbook.xml": lambda xml: _once(found, rb'\1 state="hidden"\2', xml)})
    sheet, ref = place_of(form, what)
    found, hidden = rb'(<row [^>]*?r="%d"[^>]*?)(/?>)' % ref.row, rb'\1 hidden="1"\2'
    if kind == "column":
        found, hidden = rb'(<col [^>]*?min="%d"[^>]*?)(/?>)' % ref.col, rb'\1 hidden="1"\2'
    return patched(blob, {_part(form, sheet): lambda xml: _once(found, hidden, xml)})


def _unmerged(blob: bytes, form: Form, at: str) -> bytes:
    sheet, ref = place_of(form, at)
    merge = rb'<mergeCell ref="[A-Z]+%d:[A-Z]+%d">\s*</mergeCell>' % (ref.row, ref.row)
    return patched(blob, {_part(form, sheet): lambda xml: re.sub(merge, b"", xml)})


def _once(pattern: bytes, new: bytes, xml: bytes) -> bytes:
    # A part says `state="visible"` in some packages and nothing in others.
    xml, count = re.subn(pattern, new, xml.replace(b' state="visible"', b""), count=1, flags=re.DOTALL)
    assert count == 1, pattern
    return xml


def _with_link(blob: bytes, number: int, name: str) -> bytes:
    rel = (
        b'<Relationship Id="rIdLink%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'externalLink" Target="externalLinks/externalLink%d.xml"/></Relationships>' % (number, number)
    )
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    return patched(
        blob,
        {"xl/_rels/workbook.xml.rels": lambda xml: xml.replace(b"</Relationships>", rel)},
        {
            f"xl/externalLinks/externalLink{number}.xml": link,
            f"xl/externalLinks/_rels/externalLink{number}.xml.rels": _LINK % name.encode(),
        },
    )
