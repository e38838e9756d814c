"""The sheet 导入记录: what was filled in where and from where, and what was not understood. Plain text, no formulas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xlperf.form.record import HEAD_KEYS, Record, shortened
from xlperf.form.template import split_row_key
from xlperf.intake.gather import Intake
from xlperf.labels.reading import Entry, Passage
from xlperf.package import Workbook
from xlperf.workbook.actions import Form, new_workbook, open_form
from xlperf.workbook.binding import Binding
from xlperf.workbook.import_record import DROPPED, KEPT, RECORD, RECORD_SHEET, SURE, UNKNOWN, UNSURE
from xlperf.workbook.listing import PLACE, add_sheet, write_list

SCHEMA = 1
_LONGEST_SHOWN = 60
_LONGEST_LEFT = 300
# The lists beside the entries, by the name of the field of `Intake`.
_LISTS = {
    "left": "没有认出、没有填入的内容",
    "conflicts": "几处写法不一致，没有采用的内容",
    "kept": "留在报告文字里、不另填格子的内容",
}


def book_of(intake: Intake) -> Form:
    """A new workbook with what was imported and the sheet that tells of it."""
    form = open_form(new_workbook(intake.values).to_bytes(), RECORD_SHEET)
    _write(form, intake)
    return form


def record_json(form: Form, intake: Intake, book: str, sources: Sequence[str]) -> dict[str, Any]:
    """The intake record: `{"schema": 1, "file", "sources", "template", "values", "entries", "left", ...}`.

    An entry is `{"key", "label", "value", "at", "place", "sure", "note"}`; what is in `left`, `conflicts` and `kept`
    is `{"place", "text", "reason"}`; `values` is what `new --values` takes; `remarks` are sentences;
    `figures` counts those of the text: `{"read", "listed"}`.
    """
    entries = [
        {
            "key": entry.key,
            "label": _label(form.record, entry),
            "value": entry.value,
            "at": _address(form.binding, entry.key),
            "place": entry.place,
            "sure": entry.sure,
            "note": entry.note,
        }
        for entry in intake.entries
    ]
    lists = {name: [passage._asdict() for passage in getattr(intake, name)] for name in _LISTS}
    return {
        "schema": SCHEMA,
        "file": book,
        "sources": list(sources),
        "template": form.record.template.id,
        "values": intake.values,
        "entries": entries,
        **lists,
        "figures": intake.figures._asdict(),
        "remarks": list(intake.remarks),
    }


def record_lines(form: Form, intake: Intake) -> Iterator[str]:
    """What is said in the terminal: how much was understood, and every place that a person should look at."""
    unsure = [entry for entry in intake.entries if not entry.sure]
    yield f"认出 {len(intake.entries)} 项，其中 {len(unsure)} 项请核对。"
    for entry in unsure:
        at, label = _address(form.binding, entry.key), _label(form.record, entry)
        yield f"  {UNSURE}　{at}　{label}：{_shortened(entry.value)}（{entry.place}；{entry.note}）"
    for key in HEAD_KEYS:
        if key not in intake.values:
            place = _address(form.binding, key)
            yield f"没有认出{form.record[key].label}，请自己填写：{place}"
    for name, title in _LISTS.items():
        passages: Sequence[Passage] = getattr(intake, name)
        if passages and name != "kept":
            yield f"{title}（{len(passages)} 处）："
            yield from (f"  {each.place}　{_shortened(each.text)}（{each.reason}）" for each in passages)
    yield from intake.remarks


def _write(form: Form, intake: Intake) -> None:
    book: Workbook = form.book
    rows = [
        *_entries(form, intake, sure=False),
        *_passages(UNKNOWN, intake.left),
        *_passages(DROPPED, intake.conflicts),
        *_entries(form, intake, sure=True),
        *_passages(KEPT, intake.kept),
    ]
    ends = [*intake.remarks, *filter(None, [intake.figures.line])]
    add_sheet(book, RECORD, len(rows))
    listed = [*rows, *([[], *([each] for each in ends)] if ends else [])]
    at = RECORD.column(PLACE) - 1
    write_list(book, RECORD, [[text or None for text in row] for row in listed], [row[at] for row in rows])


def _entries(form: Form, intake: Intake, *, sure: bool) -> Iterator[list[str]]:
    for each in intake.entries:
        if each.sure is sure:
            at, label = _address(form.binding, each.key), _label(form.record, each)
            yield [SURE if sure else UNSURE, at, label, _shortened(each.value), each.place, each.note]


def _passages(what: str, passages: Sequence[Passage]) -> Iterator[list[str]]:
    for each in passages:
        yield [what, "", "", _shortened(each.text, _LONGEST_LEFT), each.place, each.reason]


def _label(record: Record, entry: Entry) -> str:
    stated: Mapping[str, Any] = record.stated
    return str(stated[entry.key].label) if entry.key in stated else record.template.field(entry.key).label


def _address(binding: Binding, key: str) -> str:
    """Where a key stands in the workbook."""
    row = split_row_key(key)
    if row is not None and row[1] >= len(binding.tables[row[0]].rows):
        return ""
    return binding.place(key).address


def _shortened(text: str, longest: int = _LONGEST_SHOWN) -> str:
    return shortened(" ".join(text.split("\n")), longest)
