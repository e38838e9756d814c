"""Personal data masked for publication: the preparer's name, names after a title and a colon, telephones, ID numbers,
e-mail addresses.

Not masked: a name that never stands behind a title and a colon and is not the preparer's, names of organisations,
addresses, bank accounts, number plates. Figures are never touched.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterable
from functools import cache
from typing import NamedTuple

from xlperf.hosts.binding import Place
from xlperf.hosts.file import OpenForm
from xlperf.package import CellKind
from xlperf.record import Record
from xlperf.report.sections import words

_HAN = "[一-龥]"
# Bounded repeats between digit boundaries: a text of 32,767 digits must not cost minutes.
_NO_AMOUNT = r"(?![0-9]|[.,][0-9]|[ 　]?[亿万]?元)"
_IDENTITY = re.compile(r"(?<![0-9])[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9][0-9]{3}[0-9XxＸ](?![0-9])")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")
_MOBILE = re.compile(rf"(?<![0-9.,])(?:(?:\+|00)86[- ]?)?1[3-9][0-9](?:[- ]?[0-9]{{4}}){{2}}{_NO_AMOUNT}")
_EXTENSION = "(?:[ 　]?(?:-|—|转|转分机|分机)[ 　]?[0-9]{1,5})?"
_LAND_LINE = re.compile(
    rf"(?<![0-9.,])(?:(?:(?:\+|00)86[- ]?)?[(（]?0[1-9][0-9]{{1,2}}[)）]?[-— 　]?|400[- ]?)"
    rf"[1-9][0-9]{{2,3}}[- ]?[0-9]{{4}}{_EXTENSION}{_NO_AMOUNT}"
)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９＠．－＋", "0123456789@.-+")


class _Names(NamedTuple):
    """What tells a name: after a title, a surname; and what tells that it is none."""

    after_title: re.Pattern[str]
    after_phone_title: re.Pattern[str]
    offices: tuple[str, ...]
    doubles: tuple[str, ...]


@cache
def _names() -> _Names:
    spec = words()["redact"]
    doubles = tuple(spec["double_surnames"].split())
    titles = "|".join(sorted(spec["titles"], key=len, reverse=True))
    phones = "|".join(sorted(spec["phone_titles"], key=len, reverse=True))
    surname = f"(?:{'|'.join(doubles)}|[{spec['surnames']}])"
    return _Names(
        re.compile(rf"(?:{titles})[ 　]{{0,4}}[：:][ 　]{{0,4}}({surname}[ 　]?{_HAN}{{1,2}})(?![一-龥×])"),
        re.compile(
            rf"(?:{phones})[ 　]{{0,4}}[：:]?[ 　]{{0,4}}([1-9][0-9]{{2,3}}[- ]?[0-9]{{4}}{_EXTENSION}){_NO_AMOUNT}"
        ),
        tuple(spec["offices"]),
        doubles,
    )


def redacted(record: Record) -> Record:
    """A record with personal data masked in every text."""
    names = _names_in(record)
    stated = {
        key: cell if not cell.text or cell.number is not None else cell._replace(text=mask(cell.text, names))
        for key, cell in record.stated.items()
    }
    for key in _fields():
        if record[key].text:
            stated[key] = stated[key]._replace(text=_of_field(key, record[key].text, names))
    return dataclasses.replace(record, stated=stated)


def redact_workbook(form: OpenForm) -> int:
    """Mask personal data in every cell of a workbook; returns in how many. Notes and properties are not looked at."""
    names = _names_in(form.record)
    own = {form.binding.place(key): key for key in _fields()}
    count = 0
    for sheet in form.book.sheets:
        for ref, cell in form.book.cells(sheet).items():
            key = own.get(Place(sheet, ref))
            if key is None and cell.kind is not CellKind.TEXT:
                continue
            text = mask(cell.text, names) if key is None else _of_field(key, cell.text, names)
            if text != cell.text:
                form.book.write(sheet, ref, text)
                count += 1
    return count


def mask(text: str, names: Collection[str]) -> str:
    """A text with telephones, ID numbers, e-mail addresses and these names masked."""
    withheld = words()["redact"]["withheld"]
    plain = text.translate(_FULL_WIDTH)  # of the same length, so that what is found there is cut out here
    found = [match.span() for pattern in (_IDENTITY, _EMAIL, _MOBILE, _LAND_LINE) for match in pattern.finditer(plain)]
    found += [match.span(1) for match in _names().after_phone_title.finditer(plain)]
    for start, end in _apart(found):
        text = text[:start] + withheld + text[end:]
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, _masked_name(name))
    return text


def _apart(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans from the last to the first, those that overlap as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged[::-1]


def _names_in(record: Record) -> frozenset[str]:
    preparer = record[words()["redact"]["name_field"]].text
    return _personal((cell.text for cell in record.stated.values()), preparer)


def _fields() -> tuple[str, str]:
    spec = words()["redact"]
    return spec["name_field"], spec["phone_field"]


def _of_field(key: str, text: str, names: Collection[str]) -> str:
    """The cells that hold nothing but a name or a telephone."""
    spec = words()["redact"]
    if key == spec["phone_field"]:
        return str(spec["withheld"]) if any(char.isdigit() for char in text) else text
    return mask(text, names)


def _personal(texts: Iterable[str], preparer: str) -> frozenset[str]:
    """The names that are certain: the preparer's, and those after a title."""
    found = {each.strip() for each in re.split("[、，,；;/／\n]|[ 　]{2,}", preparer)}
    for text in texts:
        found |= {match[1] for match in _names().after_title.finditer(text)}
    return frozenset(
        each for each in found if len(each) > 1 and "×" not in each and not each.endswith(_names().offices)
    )


def _masked_name(name: str) -> str:
    surname = name[:2] if name.startswith(_names().doubles) and len(name) > 2 else name[:1]
    return f"{surname}{words()['redact']['name_end']}"
