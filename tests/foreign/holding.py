"""What must hold of a workbook of anybody's that is marked, cleared, filled and frozen where it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.package.books import changed, entries
from tests.package.fidelity import part_of, plain_sheet, unsound
from xlperf.amounts import to_decimal
from xlperf.package import CellKind, Ref, Workbook, split_reference
from xlperf.workbook.actions import Form, check, clear, fill, freeze, mark, open_form
from xlperf.workbook.result_rows import RESULTS_SHEET

# What a marked workbook has besides: its list of sheets and of parts, and the formats of the marks.
_LISTS = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}


class Held(NamedTuple):
    """`faults`: what does not hold. The workbook as it was marked, and as it was filled."""

    faults: tuple[str, ...]
    findings: int
    filled: int
    marked_copy: bytes
    filled_copy: bytes


def hold(path: Path) -> Held:
    before = path.read_bytes()
    findings, marked_copy = _marked(before)
    form = open_form(before, "表.xlsx")
    filled = [split_reference(each.at) for each in fill(form)]
    filled_copy = form.book.to_bytes()
    faults = [
        *_of_marks(before, marked_copy, findings),
        *_of_changes(before, filled_copy, {}, filled, "fill"),
        *_of_fill(filled_copy),
        *_of_freeze(before),
    ]
    return Held(tuple(faults), len(findings), len(filled), marked_copy, filled_copy)


def _marked(blob: bytes) -> tuple[list[tuple[str, str, str]], bytes]:
    form = open_form(blob, "表.xlsx")
    report, explanations = check(form)
    mark(form, report, explanations)
    return [(each.code, each.at, each.message) for each in report.findings], form.book.to_bytes()


def _of_marks(before: bytes, once: bytes, findings: list[tuple[str, str, str]]) -> Iterator[str]:
    again, twice = _marked(once)
    if again != findings:
        yield f"mark: other findings the second time: {set(again) ^ set(findings)}"
    if twice != once:
        yield f"mark: other bytes the second time: {sorted(changed(once, twice))}"
    results = part_of(once, RESULTS_SHEET)
    marked_sheets = {part_of(before, split_reference(at)[0]) for _, at, _ in findings}
    old, new = entries(before), entries(once)
    for name in sorted(changed(before, once)):
        is_beside = any(_is_beside(name, sheet, old) or _is_beside(name, sheet, new) for sheet in marked_sheets)
        if name in old and name not in _LISTS | marked_sheets and not is_beside:
            yield f"mark: {name} is changed"
        if (
            name not in old
            and name not in (results, f"{results.replace('sheets/', 'sheets/_rels/')}.rels")
            and not is_beside
        ):
            yield f"mark: {name} is new"
        if name not in new:
            yield f"mark: {name} is gone"
    yield from (f"mark: {each}" for each in unsound(before, once))
    yield from (f"mark: {each}" for each in _lost_notes(before, once))
    form = open_form(once, "表.xlsx")
    clear(form)
    cleared = form.book.to_bytes()
    if list(entries(cleared)) != list(old):
        yield f"clear: other parts: {set(entries(cleared)) ^ set(old)}"
    if rest := changed(before, cleared) - changed(before, once):
        yield f"clear: {sorted(rest)} were not marked, and have other bytes"
    now = entries(cleared)
    if rest := {name for name in old.keys() & now.keys() if now[name] != old[name]} - {"xl/styles.xml"}:
        yield f"clear: {sorted(rest)} are not as they were"
    if b"xlperf" in b"".join(entries(cleared).values()):
        yield "clear: something names us"


def _is_beside(name: str, sheet: str, content: dict[str, bytes]) -> bool:
    """The relations of a marked sheet, and its own notes and their shapes."""
    folder, _, own = sheet.rpartition("/")
    rels = f"{folder}/_rels/{own}.rels"
    if name == rels:
        return True
    is_of_notes = "comment" in name.lower() or name.lower().endswith(".vml")
    return is_of_notes and name.rpartition("/")[2].encode() in content.get(rels, b"")


def _lost_notes(before: bytes, after: bytes) -> Iterator[str]:
    old, new = Workbook.open(before), Workbook.open(after)
    for sheet in old.sheets:
        for ref, note in old.notes(sheet).items():
            if new.notes(sheet).get(ref) != note:
                yield f"the comment at {sheet} {ref} is not as it was"


def _of_fill(filled: bytes) -> Iterator[str]:
    form = open_form(filled, "表.xlsx")
    if again := fill(form):
        yield f"fill: the second time {[each.line for each in again]}"
    if rest := changed(filled, form.book.to_bytes()):
        yield f"fill: the second time changes {sorted(rest)}"


def _of_freeze(before: bytes) -> Iterator[str]:
    form = open_form(before, "表.xlsx")
    shown, formulas = _cells(form), _formulas(form)
    freeze(form)
    after = form.book.to_bytes()
    frozen = open_form(after, "表.xlsx")
    if left := _formulas(frozen):
        yield f"freeze: formulas at {left}"
    now = _cells(frozen)
    if other := sorted(place for place in shown.keys() | now.keys() if shown.get(place) != now.get(place)):
        yield f"freeze: {[(place, shown.get(place), now.get(place)) for place in other]}"
    yield from _of_changes(before, after, {"xl/calcChain.xml"}, formulas, "freeze")


def _of_changes(
    before: bytes, after: bytes, also: Collection[str], places: Collection[tuple[str, Ref]], what: str
) -> Iterator[str]:
    """Nothing but the cells named is another, apart from formats for them."""
    old, new = entries(before), entries(after)
    sheets = {part_of(before, sheet): sheet for sheet, _ in places}
    allowed = {"xl/styles.xml", "xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels", *also}
    for name in sorted(changed(before, after) - allowed):
        if name not in sheets:
            yield f"{what}: {name} is changed"
            continue
        refs = [ref for sheet, ref in places if sheet == sheets[name]]
        if plain_sheet(new[name], old[name], refs) != plain_sheet(old[name], old[name], refs):
            yield f"{what}: more than {refs} is changed in {name}"
    if not places and (rest := changed(before, after)):
        yield f"{what}: nothing to do, and changed {sorted(rest)}"
    yield from (f"{what}: {each}" for each in unsound(before, after))


def _cells(form: Form) -> dict[tuple[str, Ref], tuple[object, ...]]:
    return {
        (sheet, ref): (
            cell.kind,
            to_decimal(cell.text) if cell.kind is CellKind.NUMBER else cell.text,
            form.book.number_format(cell),
        )
        for sheet in form.book.sheets
        for ref, cell in form.book.cells(sheet).items()
    }


def _formulas(form: Form) -> list[tuple[str, Ref]]:
    return [
        (sheet, ref)
        for sheet in form.book.sheets
        for ref, cell in form.book.cells(sheet).items()
        if cell.formula is not None
    ]
