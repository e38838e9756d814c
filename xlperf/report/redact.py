"""Personal data masked for publication: names, telephones, ID numbers, bank cards, e-mail and chat addresses.

A name is known by a title before it, beside it or above it, or because it is the preparer's; it is then masked wherever
it stands. Not masked: a name that nothing tells, names of organisations, addresses, accounts of units. Figures are
never touched. `redacted` masks a record, for the report; `report.publishing` a whole workbook.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from xlperf.form.record import Record
from xlperf.form.template import Template
from xlperf.report.names import Names, is_title, names_after_titles, whole_names
from xlperf.report.numbers import personal_numbers
from xlperf.report.plain import Span, plain
from xlperf.report.sections import words


class Cut(NamedTuple):
    """A stretch of a text and what stands there afterwards."""

    start: int
    end: int
    new: str


def redacted(record: Record) -> Record:
    """A record with personal data masked in every text."""
    names = Names(names_of_record(record))
    stated = {
        key: cell if not cell.text or cell.number is not None else cell._replace(text=mask(cell.text, names))
        for key, cell in record.stated.items()
    }
    phones = record.template.cells_of("phone")
    for key in record.template.cells_of("preparer", "phone"):
        if text := record[key].text:
            stated[key] = stated[key]._replace(text=withheld_digits(text) if key in phones else mask(text, names))
    return dataclasses.replace(record, stated=stated)


def mask(text: str, names: Names | Collection[str] = ()) -> str:
    """A text with telephones, ID numbers, e-mail addresses and so on, and these names masked."""
    return applied(text, cuts(text, names if isinstance(names, Names) else Names(names)))


def cuts(text: str, names: Names, *, header: bool = False) -> list[Cut]:
    """What `mask` cuts out of a text, in order; `header`: of a sheet's header or footer, with its codes."""
    spec = words()["redact"]
    read = plain(text, header=header)
    withheld = [Cut(*read.place(span), spec["withheld"]) for span in _merged(personal_numbers(read.text))]
    named = [
        Cut(read.at[start - 1] + 1, read.at[end - 1] + 1, spec["name_end"]) for start, end in names.spans(read.text)
    ]
    apart: list[Cut] = []
    for each in sorted([*withheld, *named]):
        if apart and each.start < apart[-1].end:
            apart[-1] = apart[-1]._replace(end=max(each.end, apart[-1].end))
        else:
            apart.append(each)
    return apart


def applied(text: str, cut_out: Iterable[Cut]) -> str:
    for start, end, new in reversed(list(cut_out)):
        text = text[:start] + new + text[end:]
    return text


def withheld_digits(text: str) -> str:
    """The cell that holds nothing but a telephone."""
    return str(words()["redact"]["withheld"]) if any(char.isdigit() for char in text) else text


def names_of_record(record: Record) -> frozenset[str]:
    """The preparer's name, the names after a title, those in a field that is labelled with one."""
    preparers = record.template.cells_of("preparer")
    found: set[str] = set()
    for key, cell in record.stated.items():
        if key in preparers:
            found |= whole_names(plain(cell.text).text)
        if cell.text and cell.number is None:
            found |= names_in(cell.text)
            if key not in preparers and is_title(cell.label):
                found |= whole_names(plain(cell.text).text)
    return without_words_of_form(found, record.template)


def names_in(text: str, *, header: bool = False) -> set[str]:
    """The names that follow a title in a text."""
    return names_after_titles(plain(text, header=header).text)


def without_words_of_form(names: Iterable[str], template: Template) -> frozenset[str]:
    """What the form prints is nobody's name, whatever it follows."""
    printed = _printed(template)
    return frozenset(each for each in names if each not in printed)


def _printed(template: Template) -> str:
    labels = [each.label for each in template.fields.values()]
    labels += [each.label for table in template.tables.values() for each in table.columns.values()]
    return "\n".join([*labels, *_texts([dict(sheet) for sheet in template.sheets])])


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, Iterable):
        for value in data:
            yield from _texts(value)


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
