"""Several forms in one document: a project's form each, or a department's and those of its projects.

A copy of a form, also of another year or unit, is no form of its own: `copies` leaves it out and lists it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from xlperf.errors import TemplateError
from xlperf.form.forms import elsewhere_ids, load_template
from xlperf.form.template import Template, split_row_key
from xlperf.labels.blocks import Block, Document, Table
from xlperf.labels.chapters import without_lines
from xlperf.labels.copies import joined
from xlperf.labels.grammar import LONGEST, meaning
from xlperf.labels.layouts import ANY, layout_called
from xlperf.labels.lines import labelled
from xlperf.labels.others import other_called, other_form
from xlperf.labels.parts import Part, split
from xlperf.labels.reading import Entry, Passage
from xlperf.labels.recognised import Recognised, recognise, stated_cells
from xlperf.labels.spelling import fold, plain
from xlperf.labels.tables import read_parts
from xlperf.labels.words import Known, known_labels

_OF_A_SHEET = "工作表"
_OTHER_FORM = "不是绩效自评表，没有审核"


class _Piece(NamedTuple):
    """A table of a document from a row on; `last` is the row before the next piece, None at the end."""

    block: int
    first: int
    last: int | None
    titled: bool
    part: Part


def recognise_all(document: Document, layout: str = "", wanted: str = "") -> tuple[Recognised, ...]:
    """Every form in a document, in its order; what belongs to none, or is not shown, is listed with the first.

    `layout` is that of the forms of its kind, `wanted` the kind that is looked for where it is no self-evaluation; see
    `recognise` for these and for what is raised.
    """
    whole, others = _without_other_forms(document, wanted) if not layout else (document, ())
    try:
        first, *rest = _recognised_each(whole, layout, wanted)
    except TemplateError:
        recognise(document, layout, wanted)  # which names the other form, where what else there is is none
        raise
    unseen = (each._replace(place=f"{document.name} {each.place}") for each in document.left)
    return (first._replace(left=(*first.left, *others, *unseen)), *rest)


def _without_other_forms(document: Document, wanted: str) -> tuple[Document, tuple[Passage, ...]]:
    """Without the sheets that hold some other form of the season, unless nothing else is there.

    Where one of these is wanted and is told by its name, without all others.
    """
    titles = {
        block.place: title
        for block in document.blocks
        if isinstance(block, Table) and block.place.startswith(_OF_A_SHEET)
        if (title := other_form(document._replace(blocks=(block,))))
    }
    if wanted and (title := other_called(wanted).title) in titles.values():
        kept = tuple(block for block in document.blocks if titles.get(block.place) == title)
        return document._replace(blocks=kept), ()
    left = tuple(block for block in document.blocks if block.place not in titles)
    if not titles or not any(isinstance(block, Table) for block in left):
        return document, ()
    told = (Passage(f"{document.name} {place}", title, _OTHER_FORM) for place, title in titles.items())
    return document._replace(blocks=left), tuple(told)


def _recognised_each(document: Document, layout: str, wanted: str) -> tuple[Recognised, ...]:
    ids = other_called(wanted).read_by if wanted else elsewhere_ids()
    template = next((each for each in map(load_template, ids) if each.cells_of("subject")), None)
    named, rest = _by_subject(document, template) if template is not None else ({}, [])
    forms: list[_Own] = []
    for pieces in named.values():
        form = _recognised(document, pieces, layout, wanted)
        if form is not None and form.template.cells_of("subject"):
            forms.append(_Own(pieces, form))
        else:
            rest += pieces  # a table of projects in another form
    if template is not None and forms and rest:
        rest.sort(key=_place)
        form = _recognised(document, rest, layout, wanted)
        if form is not None and (len(forms) > 1 or _is_another(document, rest, form, forms[0].pieces, template)):
            forms.append(_Own(rest, form))
            rest = []
    if len(forms) < 2:
        return (recognise(document, layout, wanted),)
    forms.sort(key=lambda own: _place(own.pieces[0]))
    first = (rest and _recognised(document, [*forms[0].pieces, *rest], layout, wanted)) or forms[0].form
    return (first, *(own.form for own in forms[1:]))


class _Own(NamedTuple):
    """A form and the pieces in which it stands."""

    pieces: Sequence[_Piece]
    form: Recognised


def _recognised(document: Document, pieces: Iterable[_Piece], layout: str, wanted: str) -> Recognised | None:
    """The form in these pieces; a layout is that of the forms of its kind only."""
    own = _only(document, pieces)
    try:
        form = recognise(own, wanted=wanted)
        is_of_its_kind = layout and (layout == ANY or layout_called(layout).form == form.template.id)
        return recognise(own, layout) if is_of_its_kind else form
    except TemplateError:
        return None


def _by_subject(document: Document, template: Template) -> tuple[dict[str, list[_Piece]], list[_Piece]]:
    """The pieces of each form that says what it is of, and those that do not."""
    named: dict[str, list[_Piece]] = {}
    rest: list[_Piece] = []
    above: _Piece | None = None
    own = rest
    for piece in _pieces(document, template):
        if subject := _subject(piece, template):
            own = named.setdefault(subject, [])
        elif above is None or not _goes_on(above, piece):
            own = rest
        own.append(piece)
        above = piece
    return named, rest


def _place(piece: _Piece) -> tuple[int, int]:
    return piece.block, piece.first


def _pieces(document: Document, template: Template) -> list[_Piece]:
    """None where there is but one, or no cell that would say what a form is of."""
    known = known_labels(template)
    if not _says_subject(document, template, known):
        return []
    places: list[tuple[int, int, int | None, bool]] = []
    for number, block in enumerate(document.blocks):
        if isinstance(block, Table):
            found = list(split(without_lines(block, known), known, template))
            starts = [0, *(min(cell.row for cell in piece.cells) for piece, *_ in found[1:])]
            ends = [*(start - 1 for start in starts[1:]), None]
            titled = [each for _, each, _ in found]
            places += [(number, *each) for each in zip(starts, ends, titled, strict=True)]
    if len(places) < 2:
        return []
    return [_Piece(*place, part) for place, part in zip(places, read_parts(document, template), strict=True)]


def _says_subject(document: Document, template: Template, known: Known) -> bool:
    keys = template.cells_of("subject")
    texts = {cell.text[:LONGEST] for block in document.blocks if isinstance(block, Table) for cell in block.cells}
    return any(
        known.fields.get(known.label(text).name) in keys
        or meaning(text, "field") in keys
        or any(said.key in keys for said in labelled(text, known))
        for text in texts - {""}
    )


def _subject(piece: _Piece, template: Template) -> str:
    keys = template.cells_of("subject")
    return next((fold(plain(entry.value)) for entry in piece.part.reading.entries if entry.key in keys), "")


def _goes_on(above: _Piece, piece: _Piece) -> bool:
    """Does a table without a name go on with the form before it: below it without a title, on no other sheet?"""
    if piece.block == above.block:
        return not piece.titled
    return not piece.part.place.startswith(_OF_A_SHEET) and piece.part.heads == above.part.heads


def _is_another(
    document: Document, rest: Sequence[_Piece], form: Recognised, named: Sequence[_Piece], template: Template
) -> bool:
    """Are tables without a name a form by themselves, not the other half of the one with a name?"""
    own, others = _entries(document, rest, template), _entries(document, named, template)
    if _kinds(own) & _kinds(others):
        return True
    return stated_cells(form.template, form.entries) > stated_cells(template, own)


def _entries(document: Document, pieces: Iterable[_Piece], template: Template) -> Mapping[str, Entry]:
    (one,) = joined([(document, [piece.part for piece in pieces])], template)
    return {entry.key: entry for entry in one.reading.entries if entry.key != "year"}


def _kinds(entries: Mapping[str, Entry]) -> set[str]:
    """The cells, and the row tables as wholes."""
    return {row[0] if (row := split_row_key(key)) else key for key in entries}


def _only(document: Document, pieces: Iterable[_Piece]) -> Document:
    """The document with these pieces of its tables; with all its lines of text, which say under what a table stands."""
    wanted: dict[int, list[_Piece]] = {}
    for piece in pieces:
        wanted.setdefault(piece.block, []).append(piece)
    blocks: list[Block] = []
    for number, block in enumerate(document.blocks):
        if not isinstance(block, Table):
            blocks.append(block)
        elif number in wanted:
            ranges = [(each.first, each.last) for each in wanted[number]]
            cells = [cell for cell in block.cells if any(_within(cell.row, *each) for each in ranges)]
            blocks.append(Table(block.place, tuple(cells)))
    return document._replace(blocks=tuple(blocks))


def _within(row: int, first: int, last: int | None) -> bool:
    return first <= row and (last is None or row <= last)
