"""The workbook as a file: open, fill, check, clear, new. Only `package` touches the bytes.

What is done to a form (fill, check, mark, clear, freeze) is done to any `OpenForm`, so that a workbook open in Excel is
treated by the same lines; see `hosts.excel.live`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from xlperf.amounts import to_decimal
from xlperf.audit.run import Report, audit
from xlperf.derive.engine import Step, Value, compute, steps_of
from xlperf.derive.native import native_formula
from xlperf.errors import ValuesError, WorkbookError
from xlperf.form.forms import form_ids, load_template
from xlperf.form.integrity import InspectedRecord
from xlperf.form.record import Record, record_from_values, show
from xlperf.form.template import Template, split_row_key
from xlperf.labels.reading import Passage
from xlperf.package import Cell, CellKind, Ref, Workbook, ref_text
from xlperf.package.patch import MAX_EXPONENT, Fault
from xlperf.workbook.astray import LeftOut, left_out, not_filled, reliable
from xlperf.workbook.audited import Audited, variant_of
from xlperf.workbook.binding import Binding, Book, Place, bind, has_names, percent_format, read_record
from xlperf.workbook.checklist import clear_checklist
from xlperf.workbook.comparison import clear_comparison
from xlperf.workbook.drafts import Draft, write_drafts
from xlperf.workbook.evidence import clear_evidence
from xlperf.workbook.explained import Explanations
from xlperf.workbook.filling import Calculating, is_to_fill
from xlperf.workbook.given import as_given
from xlperf.workbook.inspected import InspectedBook
from xlperf.workbook.inspection import Inspection, inspect
from xlperf.workbook.marks import MarkedBook, clear_marks, explanations_in, write_marks
from xlperf.workbook.merged import corner_over
from xlperf.workbook.results import (
    counters,
    home_sheets,
    results_lacking,
    show_results,
    show_tie_out,
    tie_out_sheets,
)
from xlperf.workbook.roll import Rolled, roll_values

if TYPE_CHECKING:
    from xlperf.audit.variants import Outcome


class FillAs(StrEnum):
    """How `fill` writes a derived cell."""

    FORMULA = "formula"
    VALUE = "value"


Formulas = Callable[[Book, Binding, Record, Mapping[str, Value], str | None], Mapping[str, str]]
"""Book, places, record, values, variant -> formulas of some derived cells, such as `udf.formulas.perf_formulas`."""


class FormBook(InspectedBook, MarkedBook, Protocol):
    """All that is asked of a workbook that holds a form."""


class OpenForm(Protocol):
    """A form in whatever host."""

    @property
    def book(self) -> FormBook: ...
    @property
    def binding(self) -> Binding: ...
    @property
    def record(self) -> Record: ...
    @property
    def left(self) -> tuple[Passage, ...]: ...  # found by headings: what was not understood


class Form(NamedTuple):
    """An open workbook with the template's names found and its cells read."""

    book: Workbook
    binding: Binding
    record: Record
    left: tuple[Passage, ...] = ()


class Filled(NamedTuple):
    """A cell that `fill` changed."""

    at: str
    label: str
    before: str
    after: str

    @property
    def corrects(self) -> bool:
        """Was something else stated there?"""
        return self.before not in ("", self.after)

    @property
    def line(self) -> str:
        """As it is listed for the user."""
        return f"  {self.at}  {self.label}：{self.before or '（空白）'} → {self.after}"


def open_form(source: Path | bytes, name: str | None = None, layout: str = "") -> Form:
    """Open a workbook with a form, ours by its names, anybody's by its headings: its cells as stated, nothing changed.

    Of several forms the first; the others are listed in `left`, see `workbook.several.open_forms`.

    `source`: a path, or the bytes of an .xlsx or .xlsm; `name`: what messages call it; `layout`: the ID of anybody's.
    Raises `WorkbookError` for what is no such file, `TemplateError` where some of our names are lost or no form is
    recognised.
    """
    book = Workbook.open(source, name)
    if not has_names(book):
        from xlperf.workbook.by_labels import read_by_labels  # only here: start-up is felt

        return Form(book, *read_by_labels(book, layout))
    binding = bind(book, book.path)
    return Form(book, binding, read_record(book, binding))


def fill(form: OpenForm, how: FillAs | Formulas = FillAs.FORMULA, variant: str | None = None) -> list[Filled]:
    """Write every derived cell of a `form` that can be computed; returns those whose shown value changed, as text.

    Figures are written as the cells show them: money in 万元, rates as fractions in a percent format, points.
    A cell whose operands are blank keeps what is stated there; an input is never changed, but an indicator's blank
    得分 receives the points that target and result earn. A function as `how` says which formulas it has for the
    cells; the others get their native one. What `unfilled` names is left as it is. Raises `UnknownNameError` for a
    `variant` that the template has not. Source: each derivation cites its own (`derive.DERIVATIONS`).
    """
    changed = []
    inspected = inspect(form.book, form.binding, form.record, variant)
    spared = {each.at for each in _unfilled(form, inspected, variant)}
    record = reliable(inspected)
    values = compute(record, variant)
    others = {} if isinstance(how, FillAs) else how(form.book, form.binding, record, values, variant)
    calculating = Calculating(form.book, form.binding, form.record)
    for step in _steps(form, variant):
        stated, value, place = form.record[step.key], values.get(step.key), form.binding.place(step.key)
        if place.address in spared or (form.binding.by_labels and not is_to_fill(form.record, step, values)):
            continue
        if value is None and stated.is_blank:
            value = record[step.key].number  # a formula of ours whose result some program dropped
        if value is None and (how is FillAs.VALUE or not stated.is_blank or not step.field.derived):
            continue
        as_formula = how is not FillAs.VALUE and not calculating.counts_covered(step)
        formula = others.get(step.key) if as_formula else None
        if formula is None and as_formula and calculating.sees_all(step):
            formula = native_formula(step, record, *form.binding.references(place.sheet), variant)
        cell = form.book.cells(place.sheet).get(place.ref)
        if form.binding.by_labels and cell is not None and cell.formula not in (None, formula):
            continue  # her own formula, whose result some program dropped
        if (
            cell is not None
            and cell.formula == formula
            and not stated.as_text
            and _same(stated.number, stated.text, value)
        ):
            continue
        written = "" if value is None else value
        if form.binding.by_labels and step.field.is_rate and isinstance(form.book, Workbook):
            form.book.write(place.sheet, place.ref, written, formula=formula, number_format="0.00%")
        else:
            form.book.write(place.sheet, place.ref, written, formula=formula)
        if value is not None and not _same(stated.number, stated.text, value):
            changed.append(Filled(place.address, stated.label, stated.shown, show(value, step.field)))
    show_results(form.book, form.binding.template)
    show_tie_out(form.book, form.binding.template)
    return changed


def unfilled(form: OpenForm, variant: str | None = None) -> list[LeftOut]:
    """The derived cells that `fill` leaves as they are: where the label of another item stands, or under a merge."""
    return _unfilled(form, inspect(form.book, form.binding, form.record, variant), variant)


def _unfilled(form: OpenForm, inspected: InspectedRecord, variant: str | None) -> list[LeftOut]:
    found = not_filled(inspected, form.binding, variant)
    for step in (step for step in _steps(form, variant) if step.field.derived):
        place = form.binding.place(step.key)
        if corner := corner_over(form.book, place.sheet, place.ref):
            why = f"被合并的单元格 {ref_text(corner)} 盖住"
            found[step.key] = LeftOut(place.address, form.record[step.key].label, why)
    return list(found.values())


def reliable_record(form: OpenForm, variant: str | None = None) -> tuple[Record, tuple[LeftOut, ...]]:
    """The inspected record for whatever is made of a form, and the cells that it leaves out; see `workbook.astray`."""
    record = inspect(form.book, form.binding, form.record, variant)
    return reliable(record), left_out(record)


def _steps(form: OpenForm, variant: str | None) -> Iterator[Step]:
    """The derived cells that this workbook has; those of a later revision of the form it lacks."""
    return (step for step in steps_of(form.record, variant) if form.binding.has(step.key))


def freeze(form: OpenForm, variant: str | None = None, others: Sequence[OpenForm] = ()) -> int:
    """Turn every formula of the form into the value it shows, for handing in; returns how many there were.

    A result that is older than its operands is frozen as calculated anew; `freeze` goes by the labels no more than the
    formulas do, see `reliable_record` for what to tell. The rows of 勾稽关系 are emptied: what they showed may be older
    than the figures, and they would not follow them; so are the counts of them on the form's sheets. 首页 keeps what it
    shows. `others`: further forms of the same workbook, frozen with it.
    Raises `WorkbookError` for a formula that shows nothing yet or an error, because a value would hide that.
    """
    derived: dict[Place, Value | None] = {}
    renewed: set[Place] = set()
    steps: set[Place] = set()
    for each in (form, *others):
        known, stale = _results(each, variant_of(each.record.template, variant, 1 + len(others)))
        derived |= known
        steps |= {each.binding.place(step.key) for step in _steps(each, variant)}
        renewed |= stale
    show_tie_out(form.book, form.binding.template)
    control, homes = (find(form.book, form.binding.template) for find in (tie_out_sheets, home_sheets))
    counting = {Place(*found) for found in counters(form.book, control)}
    lacking = results_lacking(form.book, form.binding.template) if isinstance(form.book, Workbook) else {}
    frozen = 0
    for sheet in form.book.sheets:
        if sheet in control:
            _empty_control(form.book, sheet)
            continue
        # What was computed just now is written already: of 首页 the figures, in a file that keeps no results.
        new = dict(form.book.written(sheet)) if isinstance(form.book, Workbook) else {}
        for ref, cell in form.book.cells(sheet).items():
            if cell.formula is None:
                continue
            place = Place(sheet, ref)
            if place in counting:
                form.book.write(sheet, ref, None)
                continue
            anew = new[ref].value if ref in new else None
            if anew is not None and not isinstance(anew, Fault):
                form.book.write(sheet, ref, anew)
                frozen += sheet not in homes
                continue
            shown = _cached(cell)
            if shown is None and (sheet, ref) in lacking and place not in steps - derived.keys():
                _, shown = lacking[sheet, ref]
            is_lacking = cell.kind is CellKind.BLANK and shown is None and place not in derived
            if cell.kind is CellKind.ERROR or is_lacking:
                raise _not_frozen(form.book.name, place, cell)
            if place in renewed or shown is None:
                shown = derived.get(place)
            form.book.write(sheet, ref, shown)
            frozen += sheet not in homes
    return frozen


def _not_frozen(book: str, place: Place, cell: Cell) -> WorkbookError:
    if cell.kind is CellKind.ERROR:
        return WorkbookError(f"{book}：{place.address} 的公式结果是 {cell.text}，不能固定为数值。请改正公式后再试。")
    what = "的公式在文件里还没有算出的值，不能固定为数值。请在 Excel 或 WPS 中打开并保存一次后再试。"
    return WorkbookError(f"{book}：{place.address} {what}")


def _results(form: OpenForm, variant: str | None) -> tuple[dict[Place, Value | None], set[Place]]:
    """What the derived cells come to, and those of them whose formula has an old result."""
    record = inspect(form.book, form.binding, form.record, variant)
    values = compute(reliable(record), variant)
    astray = {each.at for each in not_filled(record, form.binding, variant).values()}
    places = {step.key: form.binding.place(step.key) for step in _steps(form, variant)}
    derived = {place: values.get(key) for key, place in places.items() if place.address not in astray}
    stale = {each.stated.key for each in record.integrity.stale}
    return derived, {place for key, place in places.items() if key in stale and place in derived}


def _empty_control(book: FormBook, sheet: str) -> None:
    """No formula stays; its first, the line of counts, says so."""
    places = sorted(ref for ref, cell in book.cells(sheet).items() if cell.formula is not None)
    for number, ref in enumerate(places):
        book.write(sheet, ref, None if number else "公式已固定为数值，本表不再核对；要核对请用固定之前的工作簿。")


def _cached(cell: Cell) -> Decimal | str | bool | None:
    if cell.kind is CellKind.NUMBER:
        return to_decimal(cell.text)
    return cell.text == "1" if cell.kind is CellKind.BOOL else cell.text or None


def check(form: OpenForm, variant: str | None = None, previous: Record | None = None) -> tuple[Report, Explanations]:
    """Inspect and audit the workbook of a `form`; the second value is what the user wrote beside earlier findings.

    `previous` is last year's workbook as `previous_record` gives it. Nothing is written. Figures are text in decimal
    notation, money in 万元, rates as fractions. Raises `UnknownNameError` for a `variant` that the template has not.
    Source: each finding cites its own (`cites`).
    """
    record = dataclasses.replace(inspect(form.book, form.binding, form.record, variant), previous=previous)
    return audit(record, variant), explanations_in(form.book)


def check_all(form: OpenForm, previous: Record | None = None) -> tuple[tuple[Outcome, ...], Explanations]:
    """What `check` finds under every variant; the workbook is inspected once."""
    from xlperf.audit.variants import audit_all  # rarely wanted, and start-up is felt

    record = dataclasses.replace(form.record, previous=previous)
    inspection = Inspection(form.book, form.binding, record)
    return audit_all(record, inspection.under), explanations_in(form.book)


def previous_record(source: Path | None) -> Record | None:
    """Last year's workbook as it is compared with: what its reader sees, at addresses that name the file."""
    if source is None:
        return None
    record, _ = reliable_record(open_form(source))
    return as_given(record, record.source)


def mark(form: OpenForm, report: Report, explanations: Explanations) -> None:
    """Write the findings into the sheets."""
    write_marks(form.book, (Audited(report, explanations, form.left),))
    clear_checklist(form.book)
    show_results(form.book, form.binding.template)
    show_tie_out(form.book, form.binding.template)


def clear(form: OpenForm, *, explanations: bool = False) -> None:
    """Take away every mark of an audit; those of drafts stay, see `workbook.drafts.clear_drafts`.

    What the user wrote stays in 审核结果, where the next audit finds it, unless the `explanations` are to go as well.
    """
    clear_evidence(form.book)
    clear_comparison(form.book)
    clear_marks(form.book, keep_explanations=not explanations)


def roll(form: OpenForm) -> tuple[Form, Rolled]:
    """Next year's workbook, its drafts marked. Raises `ValuesError` where the form does not say its year."""
    rolled = roll_values(reliable_record(form)[0])
    name = f"{int(rolled.values['year'])}年度工作簿"
    new = open_form(new_workbook(rolled.values).to_bytes(), name)
    write_drafts(new.book, [_draft(new, key) for key in rolled.drafts])
    return new, rolled


def _draft(form: Form, key: str) -> Draft:
    stated = form.record[key]
    return Draft(form.binding.place(key), stated.label, stated.text if stated.number is None else stated.number)


def new_workbook(data: Mapping[str, Any]) -> Workbook:
    """A fresh workbook holding the JSON of `--values` as `data`, see `record_from_values`; blank for `{}`.

    A value is text as stated ("22.24%") or a number, money in 万元, rates as fractions. Raises `ValuesError` for a key
    or value that the form has no cell for, `UnknownNameError` for a form that is not there.
    """
    template_id = data.get("template", form_ids()[0])
    if not isinstance(template_id, str):
        raise ValuesError(f"template 应为模板编号（文字），现为 {type(template_id).__name__}")
    template = load_template(template_id)
    record = record_from_values(data, template)
    form = open_form(_fresh(template, record), template.title)
    write_record(form, record)
    return form.book


def _fresh(template: Template, record: Record) -> bytes:
    """The workbook with a place for every value of a record: the packaged one, where no rows must be laid out."""
    from xlperf.workbook.packaged import is_packaged, packaged_workbook

    has_rows = any(record.row_counts.values())
    if is_packaged(template) and not has_rows:
        return packaged_workbook(template, record.year).to_bytes()
    from xlperf.workbook.blank import build_workbook  # openpyxl: 150 ms, in a browser 2 s

    return build_workbook(template, year=record.year, record=record if has_rows else None)


def write_record(form: Form, record: Record) -> None:
    """Put a record's values into a fresh workbook laid out for it: its rows are the first of each table's body."""
    for key, stated in record.stated.items():
        row = split_row_key(key)
        if stated.is_blank or (row and row[2] in record.template.tables[row[0]].fill_down):
            continue  # the layout wrote the levels, because they are merged
        if row:
            table = form.binding.tables[row[0]]
            sheet, ref = table.sheet, Ref(table.body.top + row[1], table.columns[row[2]])
        else:
            sheet, ref = form.binding.fields[key].sheet, form.binding.fields[key].ref
        value = stated.text if stated.number is None or stated.number.adjusted() > MAX_EXPONENT else stated.number
        form.book.write(sheet, ref, value, number_format=percent_format(stated.places, stated.field))
    for key, parts in record.template.offered.items():
        # Of figures that somebody handed over a total that they left blank is not for us to state.
        is_told = any(not record[part].is_blank for part in parts) and not record.template.field(parts[0]).is_text
        if record[key].is_blank and is_told:
            form.book.write(form.binding.fields[key].sheet, form.binding.fields[key].ref, None)
    show_tie_out(form.book, form.binding.template)


def _same(number: Decimal | None, text: str, value: Decimal | str | None) -> bool:
    return value == (number if isinstance(value, Decimal) else text or None)
