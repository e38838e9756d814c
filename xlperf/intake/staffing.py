"""The numbers of posts and of staff that the report's text states, for the cells that have them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlperf.form.template import Template
from xlperf.labels.reading import Entry, Section
from xlperf.prose.staff import place_of, staff_in

_ROLE = "staff"
_CELLS = {"staff_quota": "quota", "staff_actual": "actual"}
_WITHOUT_WORKERS = "不算工勤编制为 {} 人，请核对"
_UNPLACED = "不是写在“人员编制”一段里的，请核对"


def read_staff(sections: Sequence[Section], template: Template, year: int | None, names: Sequence[str]) -> list[Entry]:
    """Posts and staff, where the text leaves no doubt: from the section on them, else from where nothing else is told.

    Two texts that state one of them differently state none.
    """
    own = [section for section in sections if section.key in template.cells_of(_ROLE)]
    ahead = template.cells_of("goals", "plans")
    others = [section for section in sections if section not in own and section.key not in ahead]
    for part in (own, others):
        found = list(_stated(part, template, year, names))
        keys = [entry.key for entry in found]
        one = [entry for entry in found if len({each.value for each in found if each.key == entry.key}) == 1]
        if keys:
            return list({entry.key: entry for entry in reversed(one)}.values())[::-1]
    return []


def _stated(sections: Sequence[Section], template: Template, year: int | None, names: Sequence[str]) -> Iterator[Entry]:
    for section in sections:
        said = staff_in(section.text, template.words.staff, names, year)
        is_own = section.key in template.cells_of(_ROLE)
        for key, name in _CELLS.items():
            counts = getattr(said, name)
            if counts and template.has(key):
                most = max(counts)
                start, end = place_of(most, section.text)
                quote = section.text[start:end]
                doubt = _WITHOUT_WORKERS.format(f"{min(counts):f}") if len(counts) > 1 else "" if is_own else _UNPLACED
                place = f"{section.place}“{quote}”" if quote else section.place
                yield Entry(key, f"{most:f}", place, not doubt, doubt)
