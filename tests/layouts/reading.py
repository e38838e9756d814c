"""What a reading makes of a drawn form, cell by cell: right, listed, lost or wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from tests.layouts.drawing import Form
from xlperf.form.template import split_row_key
from xlperf.labels.reading import Entry, Reading

RIGHT, LISTED, LOST, WRONG = "right", "listed", "lost", "wrong"
_MONEY = ("opening_budget", "annual_budget", "annual_spent")


class Judged(NamedTuple):
    counts: Counter[str]
    told: tuple[str, ...]  # of each cell that is not right: how it was read, its place, its text and its heading


def judge(form: Form, reading: Reading, places: Mapping[tuple[int, int], str]) -> Judged:
    """`places`: how the document calls each cell."""
    at: dict[str, list[Entry]] = defaultdict(list)
    for entry in reading.entries:
        at[entry.place.rpartition(" ")[2]].append(entry)
    targets = {entry.key: entry for entry in reading.entries if entry.key.endswith("].target")}
    listed = " ".join(passage.text for passage in reading.left)
    counts: Counter[str] = Counter()
    told = []
    for cell, (text, key) in form.expected.items():
        verdict = _verdict(form, text, key, at[places[cell]], targets, listed)
        counts[verdict] += 1
        if verdict != RIGHT:
            column = key.rpartition(".")[2]
            where = "" if verdict == LISTED else f" {places[cell]} “{text}” {key}"
            told.append(f"{verdict}{where} {column} “{form.headings.get(column, '')}”")
    return Judged(counts, tuple(told))


def _verdict(form: Form, text: str, key: str, entries: list[Entry], targets: Mapping[str, Entry], listed: str) -> str:
    column = key.rpartition(".")[2]
    if column in ("sign", "unit"):
        target = targets.get(f"{key.rpartition('.')[0]}.target")
        told = f"{target.value}{target.note}" if target is not None else ""
        return RIGHT if text in told else LISTED if text in listed else LOST
    own = [entry for entry in entries if _is_meant(entry.key, key)]
    if not own:
        return WRONG if entries else LISTED if text in listed else LOST
    if column in _MONEY and Decimal(own[0].value) * (10000 if form.unit == "元" else 1) != Decimal(text):
        return WRONG
    return RIGHT


def _is_meant(key: str, wanted: str) -> bool:
    """The rows of the money's sources are not numbered in `expected`."""
    row = split_row_key(key)
    return key == wanted or (row is not None and f"{row[0]}.{row[2]}" == wanted)
