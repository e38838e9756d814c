"""Several forms in one workbook: each is read and audited where it stands, and all are marked together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xlperf.audit.ledger import joined
from xlperf.audit.run import audit
from xlperf.errors import DocumentError, TemplateError
from xlperf.form.forms import form_ids
from xlperf.form.integrity import InspectedRecord
from xlperf.form.template import INDICATORS, Template
from xlperf.package import Workbook, split_reference
from xlperf.workbook.actions import Form
from xlperf.workbook.audited import Audited, sheets_of, subject_of, variant_of
from xlperf.workbook.binding import bind, has_names, read_record
from xlperf.workbook.checklist import clear_checklist, write_checklist
from xlperf.workbook.evidence import write_evidence
from xlperf.workbook.explained import Explanation, Explanations
from xlperf.workbook.given import NOTHING, Given, held_against
from xlperf.workbook.inspection import inspect
from xlperf.workbook.marks import explanations_in, write_marks
from xlperf.workbook.results import show_results, show_tie_out

if TYPE_CHECKING:
    from xlperf.labels.others import Other


def open_forms(source: Path | bytes, name: str | None = None, layout: str = "", wanted: str = "") -> tuple[Form, ...]:
    """Every form of a workbook, ours by its names and then those on other sheets, or all of them by their headings.

    `wanted`: the forms of this kind instead, see `recognise`. Raises as `open_form`, and where there is none of it.
    """
    book = Workbook.open(source, name)
    if not has_names(book):
        return tuple(_by_labels(book, layout, wanted=wanted))
    binding = bind(book, book.path)
    own = Form(book, binding, read_record(book, binding))
    is_wanted = not wanted or _is_of_kind(binding.template, wanted)
    taken = {sheet["title"] for sheet in binding.template.sheets}
    taken |= {place.sheet for place in binding.fields.values()} | {table.sheet for table in binding.tables.values()}
    others = [sheet for sheet in book.sheets if sheet not in taken and book.cells(sheet)]
    try:
        found = _by_labels(book, layout, others, wanted) if others else []
    except (TemplateError, DocumentError):
        found = []  # sheets of somebody's own, that no form is on
    if not is_wanted and not found:
        title = _other(wanted).title
        raise TemplateError(f"{book.name}：这是{binding.template.title}工作簿，里面没有{title}。")
    return (*(own,) * is_wanted, *(each for each in found if any(each.record.rows_of(INDICATORS))))


def _is_of_kind(template: Template, wanted: str) -> bool:
    """A form of ours of this kind; one that no list names may be of any."""
    return template.id not in form_ids() or template.id in _other(wanted).forms


# What reads by labels is imported only where it is wanted: start-up is felt.


def _other(kind: str) -> Other:
    from xlperf.labels.others import other_called

    return other_called(kind)


def _by_labels(book: Workbook, layout: str, sheets: Sequence[str] | None = None, wanted: str = "") -> list[Form]:
    from xlperf.workbook.by_labels import all_by_labels

    return [Form(book, *found) for found in all_by_labels(book, layout, sheets, wanted)]


def check_forms(
    forms: Sequence[Form],
    variant: str | None = None,
    given: Given = NOTHING,
    among: int = 1,
) -> tuple[Audited, ...]:
    """Inspect and audit each of the `forms` of one workbook; see `actions.check`.

    Of several, a variant is that of the forms that have it; what the workbook as a whole says is said of the first.
    `given`: forms of other files that they are held against. `among`: how many files are audited together.
    """
    among = max(among, len(forms))
    answers = _dealt(explanations_in(forms[0].book), forms)
    inspected = []
    for number, form in enumerate(forms):
        own = variant_of(form.record.template, variant, among)
        record = inspect(form.book, form.binding, form.record, own)
        if number:
            record = InspectedRecord.of(record, record.integrity._replace(linked_files=()))
        inspected.append((own, record))
    found = []
    for number, (form, (own, record)) in enumerate(zip(forms, inspected, strict=True)):
        whole = held_against(record, given, among, [each for _, each in inspected])
        place, name = (sheets_of(form.binding), subject_of(record)) if len(forms) > 1 else ("", "")
        found.append(Audited(audit(whole, own), answers[number], form.left, place, name))
    return tuple(found)


def mark_forms(
    forms: Sequence[Form], audited: Sequence[Audited], *, with_ledger: bool = False, evidence: bool = False
) -> None:
    """Write the findings of all `forms` into their sheets.

    `with_ledger`: also what was compared and what was not; `evidence`: what full scores will have to be shown by.
    """
    write_marks(forms[0].book, audited)
    if with_ledger:
        write_checklist(forms[0].book, joined(each.ledger for each in audited))
    else:
        clear_checklist(forms[0].book)
    if evidence:
        write_evidence(forms[0].book, [each.report.record for each in audited])
    for form in forms:
        show_results(form.book, form.binding.template)
        show_tie_out(form.book, form.binding.template)


def _dealt(rows: Explanations, forms: Sequence[Form]) -> list[list[Explanation]]:
    """The rows of 审核结果 by the form that they speak of: the last that begins above the cell, on its sheet."""
    dealt: list[list[Explanation]] = [[] for _ in forms]
    tops: dict[str, list[tuple[int, int]]] = {}
    for number, form in enumerate(forms):
        for sheet, row in _tops(form).items():
            tops.setdefault(sheet, []).append((row, number))
    for each in rows:
        try:
            sheet, ref = split_reference(each.place)
        except ValueError:
            dealt[0].append(each)
            continue
        above = [(row, number) for row, number in sorted(tops.get(sheet, [])) if row <= ref.row]
        dealt[above[-1][1] if above else 0].append(each)
    return dealt


def _tops(form: Form) -> dict[str, int]:
    tops: dict[str, int] = {}
    for place in (*form.binding.fields.values(), *form.binding.cells.values()):
        tops[place.sheet] = min(place.ref.row, tops.get(place.sheet, place.ref.row))
    for table in form.binding.tables.values():
        tops[table.sheet] = min(table.body.top, tops.get(table.sheet, table.body.top))
    return tops
