"""A bundle's files opened once, and which of them are one unit's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from xlperf.errors import TemplateError
from xlperf.form.forms import default_template
from xlperf.form.record import Record
from xlperf.intake.readers.opening import read_document
from xlperf.intake.standing import Standing, forms_in
from xlperf.labels.blocks import DOCUMENTS, Document
from xlperf.labels.copies import same_unit
from xlperf.labels.others import other_called
from xlperf.labels.spelling import fold, plain
from xlperf.labels.words import known_labels
from xlperf.report.between import report_in
from xlperf.report.files import Asked, Checked, audits_of
from xlperf.review.gather import name_key
from xlperf.workbook.actions import Form
from xlperf.workbook.audited import Audited
from xlperf.workbook.given import is_of_project
from xlperf.workbook.several import check_forms, open_forms

SELF, GOALS, MONITORING = "", "goals", "monitoring"
_KINDS = (SELF, GOALS, MONITORING)
_NUMBERING = re.compile(r"^[\W_0-9]+(?:年度?)?")
_SHORTEST_NAME, _LONGEST_NAME = 3, 30
_YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")


@dataclass(slots=True)
class Opened:
    """A file that was read: its forms where it is a workbook, or the document with what stands in it.

    `label`: how sentences call it, as it stands in its unit's folder. `kind`: of its forms, a report's text among them.
    """

    place: Path
    label: str
    kind: str
    forms: Sequence[Form] = ()
    document: Document | None = None
    standing: Sequence[Standing] = ()
    report: Document | None = None

    @property
    def records(self) -> list[Record]:
        return [form.record for form in self.forms] + [form.record for form in self.standing]

    @property
    def is_of_unit(self) -> bool:
        return any(not is_of_project(record) for record in self.records)

    def checked(self, asked: Asked) -> Checked:
        """The audits of its forms, as `xlperf check` makes them."""
        audited: tuple[Audited, ...] = ()
        if self.document is not None:
            audited = audits_of(self.document, self.standing, asked)
        elif self.forms:
            audited = check_forms(self.forms, asked.variant, asked.given, asked.among)
        return Checked(Path(self.label), audited, self.report)


def opened(place: Path, label: str) -> Opened:
    """A file at `place` with its self-evaluations, or else with the forms of another kind that it holds, or its report.

    Raises `XlperfError` for what is none of these, or is not read at all.
    """
    if place.suffix.lower() in DOCUMENTS:
        return _document(place, label)
    first: TemplateError | None = None
    for kind in _KINDS:
        try:
            forms = open_forms(place, wanted=kind)
        except TemplateError as error:
            first = first or error
            continue
        return Opened(place, label, _kind_of(forms[0].record) if forms else kind, forms)
    assert first is not None
    raise first


def _document(place: Path, label: str) -> Opened:
    document = read_document(place)
    report = report_in(document)
    first: TemplateError | None = None
    for kind in _KINDS if report is None else (SELF,):
        try:
            standing = forms_in(document, wanted=kind)
        except TemplateError as error:
            first = first or error
            continue
        return Opened(place, label, kind, (), document, standing, report)
    assert first is not None
    raise first


def _kind_of(record: Record) -> str:
    """A workbook of ours says by its template of which kind it is."""
    for kind in (GOALS, MONITORING):
        other = other_called(kind)
        if record.template.id in (*other.forms, *other.read_by):
            return kind
    return SELF


class Named(NamedTuple):
    """Whose a file is, as it says itself: the names of units in it, the year, and what its own name says."""

    units: tuple[str, ...]
    year: int | None
    key: str


def named(each: Opened, folder: str = "") -> Named:
    """What a file says of itself; where no form of it names a unit, what its name does, or that of its `folder`."""
    units: list[str] = []
    years: list[int | None] = []
    for record in each.records:
        keys = (*record.template.cells_of("names"), "unit_name", "implementing_unit", "department")
        units += (
            text for key in keys if (text := " ".join(record.stated[key].text.split()) if key in record.stated else "")
        )
        years.append(record.year)
    year = next((found for found in years if found is not None), None)
    if year is None:
        said = _YEAR.findall(each.label)
        year = int(said[-1]) if said else None
    if not units:
        found = next(filter(None, map(_unit_named_by, (each.place.stem, folder.rpartition("/")[2]))), "")
        units = [found] if found else []
    return Named(tuple(dict.fromkeys(units)), year, name_key(each.label))


def _unit_named_by(name: str) -> str:
    """What a name begins with that is surely a unit's: 某县档案局2023年自评表.xlsx; "" if nothing is."""
    known = known_labels(default_template()).unit_names
    text = _NUMBERING.sub("", name)[:_LONGEST_NAME]
    return next((text[:end] for end in range(len(text), _SHORTEST_NAME - 1, -1) if known.surely(text[:end])), "")


@dataclass(slots=True)
class Group:
    """The files of one unit and year."""

    unit: str
    year: int | None
    key: str
    files: list[Opened] = field(default_factory=list)

    def takes(self, own: Named) -> bool:
        if None not in (self.year, own.year) and self.year != own.year:
            return False
        return any(self.is_of(name) for name in own.units)

    def is_of(self, unit: str) -> bool:
        """Is it that unit's, as far as the names say?"""
        return bool(self.unit and unit) and same_unit(fold(plain(unit)), fold(plain(self.unit)))


def grouped(files: Sequence[Opened], folder: str = "") -> list[Group]:
    """The `files` of a bundle unit by unit, those that say nothing of it with the only unit that they can be of.

    The forms of the units come first: a project's form names its department and who carries it out, and belongs to
    whichever of the two has handed in a form of its own.
    """
    groups: list[Group] = []
    silent: list[tuple[Opened, Named]] = []
    for each in sorted(files, key=lambda each: (not each.is_of_unit, each.kind, each.label)):
        own = named(each, folder)
        group = next((group for group in groups if group.takes(own)), None)
        if group is None and own.units:
            group = Group(own.units[0], own.year, own.key)
            groups.append(group)
        if group is None:
            silent.append((each, own))
        else:
            group.files.append(each)
            group.year = group.year if group.year is not None else own.year
    unnamed: list[Group] = []
    for each, own in silent:
        group = _of_silent(own, groups) or next((group for group in unnamed if group.key == own.key), None)
        if group is None:
            group = Group("", own.year, own.key)
            unnamed.append(group)
        group.files.append(each)
    return [*groups, *unnamed]


def _of_silent(own: Named, groups: Sequence[Group]) -> Group | None:
    """The unit whose name its own name has, or the only one of the folder, of this year."""
    of_year = [group for group in groups if None in (group.year, own.year) or group.year == own.year]
    by_name = [group for group in of_year if own.key and (own.key == group.key or fold(plain(group.unit)) in own.key)]
    found = by_name or of_year
    return found[0] if len(found) == 1 else None
