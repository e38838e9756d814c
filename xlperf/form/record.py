"""A Record: what the cells state, how precisely it was stated, and where. Never computed into, never changed."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from xlperf.amounts import Interval, decimals, interval, is_mark, parse_number, seen_text, to_decimal
from xlperf.errors import ValuesError
from xlperf.form.dated import Figures
from xlperf.form.template import Field, Template, row_key, split_row_key
from xlperf.prose.year_words import YEARS, year_in

HEAD_KEYS = ("template", "year", "unit_name")
LONGEST_NAME = 100  # characters of the name of a row, which stands in every sentence about it
_LONGEST_SENTENCE = 1000
_QUOTE = re.compile("“([^“”]*)”")


class State(StrEnum):
    """What a cell holds, seen as the field it is."""

    BLANK = "blank"
    NUMBER = "number"
    TEXT = "text"
    NOT_APPLICABLE = "not_applicable"
    UNREADABLE = "unreadable"
    ABSENT = "absent"  # the form has no such cell; see `form.present`


SETTLED = frozenset((State.NUMBER, State.TEXT))
"""A cell that says something that can be read."""
_NOTHING = (State.BLANK, State.ABSENT)


class Stated(NamedTuple):
    """One field as stated. `number` and `places` are set for numbers only; `places` None means exact."""

    key: str
    field: Field
    state: State
    text: str = ""
    number: Decimal | None = None
    places: int | None = None
    at: str = ""
    label: str = ""
    as_text: bool = False  # a number that the cell holds as text, so that formulas do not see it
    shared: bool = False  # one merged cell for several rows of a table: the first has it, in the others it is n/a

    @property
    def value(self) -> Decimal:
        assert self.number is not None, f"{self.key} is {self.state}"
        return self.number

    @property
    def interval(self) -> Interval:
        return interval(self.value, self.places)

    @property
    def place(self) -> str:
        """Its address; of a record that stands in no workbook its key."""
        return self.at or self.key

    @property
    def is_blank(self) -> bool:
        """Does nothing stand there? So too where the form has no such cell, which then is in no place."""
        return self.state in _NOTHING

    @property
    def is_absent(self) -> bool:
        return self.state is State.ABSENT

    @property
    def is_number(self) -> bool:
        return self.number is not None

    def unknown(self) -> Stated:
        """The same cell where nobody can say what is in it: neither a figure nor blank."""
        return self._replace(state=State.UNREADABLE, text="", number=None, places=None, as_text=False)

    @property
    def shown(self) -> str:
        """As a person would write it: `251.06`, `22.24%`, `≥98`."""
        if self.number is None:
            return self.text
        return show(self.number, self.field, self.places)


class LastYear(NamedTuple):
    """Last year's figure of a row, stated in one cell or implied by this year's and the change."""

    value: Decimal
    interval: Interval
    cells: tuple[Stated, ...]

    @property
    def is_stated(self) -> bool:
        return len(self.cells) == 1


def absent(key: str, field: Field) -> Stated:
    """What stands for a cell that the form does not have: no figure, and not blank either."""
    return Stated(key, field, State.ABSENT, label=field.label)


@lru_cache(maxsize=256)
def lacking(key: str) -> Stated:
    """The same of a cell that no form of the kind is said to have."""
    return absent(key, Field(key, key, "text", "", 0, True))


def own_points(rows: Iterable[Mapping[str, Stated]], column: str) -> list[Stated]:
    """Weights or scores of rows, each merged cell once."""
    return [row[column] for row in rows if not (row[column].shared and row[column].number is None)]


def last_year(prior: Stated | None, current: Stated | None, change: Stated | None) -> LastYear | None:
    """What a row says of last year: a report often gives the change and not the figure itself."""
    if prior is not None and prior.is_number:
        return LastYear(prior.value, prior.interval, (prior,))
    if current is not None and change is not None and current.is_number and change.is_number:
        return LastYear(current.value - change.value, current.interval - change.interval, (current, change))
    return None


SHIFTS = {"元": -4, "百元": -2, "千元": -1, "万元": 0, "百万元": 2, "千万元": 3, "亿元": 4}
"""Decimals by which an amount in each unit is moved to be one in 万元."""


def in_common_unit(cell: Stated) -> Stated:
    """An amount of a form that is in another unit as one in 万元, as which other forms have it."""
    shift = SHIFTS.get(cell.field.unit, 0) if cell.field.type == "money" else 0
    if not shift or cell.number is None:
        return cell
    moved = cell.number.scaleb(shift).normalize()
    field = cell.field._replace(unit="万元")
    return cell._replace(field=field, number=moved, places=max(field.places, decimals(moved)))


def show(amount: Decimal | str, field: Field, places: int | None = None) -> str:
    """A figure in the form's own way of writing: money and points with two decimals, a rate in percent."""
    if isinstance(amount, str):
        return amount
    if field.is_rate:
        digits = max(places if places is not None else field.places, decimals(amount)) - 2
        return f"{amount.scaleb(2):.{max(digits, 0)}f}%"
    if field.type == "money":
        return f"{amount:.{max(field.places, decimals(amount))}f}"
    return f"{amount:.{decimals(amount)}f}"


def shortened(text: str, longest: int) -> str:
    """The beginning of a long text, so that a section of the report does not fill the page."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def brief(sentence: str) -> str:
    """A sentence that quotes what somebody pasted into a cell, short enough for a note or a cell: first the quotes."""
    if len(sentence) > _LONGEST_SENTENCE:
        sentence = _QUOTE.sub(lambda quote: f"“{shortened(quote[1], LONGEST_NAME)}”", sentence)
    if len(sentence) > _LONGEST_SENTENCE:
        return f"{sentence[: _LONGEST_SENTENCE - 200]}…{sentence[-199:]}"
    return sentence


def state(
    key: str,
    field: Field,
    raw: Decimal | str | None,
    *,
    not_applicable: frozenset[str],
    shown_places: int | None = None,
    at: str = "",
    label: str = "",
    text_cell: bool = False,
) -> Stated:
    """Read one raw cell value as its field. A year is read however it is written; what can be no year is unreadable.

    `shown_places`: decimals that the cell's number format shows (of the fraction, for a percent format), or `None`.
    `text_cell`: the cell holds text, also where it reads as a number.
    """
    text = format(raw, "f") if isinstance(raw, Decimal) else (raw or "").strip()
    label = label or field.label
    if not seen_text(text).strip():
        return Stated(key, field, State.BLANK, at=at, label=label)
    if field.is_text:
        return Stated(key, field, State.TEXT, text, at=at, label=label)
    if isinstance(raw, Decimal):
        number, written = raw, decimals(raw) if shown_places is None else shown_places
    elif is_mark(text, not_applicable):
        return Stated(key, field, State.NOT_APPLICABLE, text, at=at, label=label)
    elif field.type == "year" and (year := year_in(text)):
        number, written = Decimal(year), 0
    elif (parsed := parse_number(text)) and ("%" not in text.replace("％", "%") or field.is_rate):
        number, written = parsed
        text = str(raw).strip(" \t\r\n")  # other blanks are told of: because of them a formula does not see the figure
    else:
        return Stated(key, field, State.UNREADABLE, text, at=at, label=label)
    if field.type == "year" and number > 0 and number not in YEARS:
        return Stated(key, field, State.UNREADABLE, text, at=at, label=label)
    # 42 万元 means 42.00, but a rate printed as 22% says no more than that it lies between 21.5% and 22.5%.
    floor = written if field.is_rate and ("%" in text or shown_places is not None) else field.places
    places = None if field.exact else max(floor, decimals(number))
    return Stated(key, field, State.NUMBER, text, number, places, at, label, text_cell)


@dataclass(frozen=True, slots=True)
class Record:
    """All fields of one workbook as read, by key; row tables are flattened to `indicators[0].score`.

    Numbers are Decimals: money in 万元, rates as fractions, points; how precisely they were written is kept with them.
    """

    template: Template
    stated: Mapping[str, Stated]
    row_counts: Mapping[str, int]
    placeholders: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)  # by table: rows of "……"
    source: str = ""
    previous: Record | None = None  # last year's, as its reader sees it, where it is given to be compared with
    projects: tuple[Record, ...] | None = None  # the unit's project forms, in the same way
    approved: Record | None = None  # whose indicators it has to keep: the goals of the project, else its monitoring
    monitoring: Record | None = None  # the project's, where this is its self-evaluation
    _levels: dict[tuple[str, str, str], list[str]] = dataclasses.field(
        default_factory=dict, init=False, repr=False, compare=False
    )  # rows by table, column and level: every total over a level asks for them

    def __getitem__(self, key: str) -> Stated:
        return self.stated[key]

    def cell(self, key: str) -> Stated:
        """The same, and of a cell that no form of the kind is said to have what stands for that."""
        return self.stated.get(key) or lacking(key)

    @property
    def follows(self) -> frozenset[str]:
        """Cells that a formula of the form's own computes: only an inspection of the workbook tells."""
        return frozenset()

    @property
    def year(self) -> int | None:
        """The evaluated year, where one is stated: it decides which of a variant's figures are in force."""
        stated = self.stated.get("year")
        number = None if stated is None else stated.number
        return int(number) if number is not None and YEARS.start <= number < YEARS.stop else None

    def figures_of(self, variant: str | None) -> Figures:
        """The dated figures under a variant (the default one if `None`) in the evaluated year."""
        return self.template.figures_of(variant, self.year)

    def rows(self, table: str) -> range:
        return range(self.row_counts[table])

    def rows_of(self, role: str) -> Iterator[str]:
        """What the keys of each row begin with: `indicators[0].`; of a table by its role, which a form may not have."""
        table = self.template.table(role)
        if table is not None:
            yield from (row_key(table.key, index, "") for index in self.rows(table.key))

    def same_level(self, table: str, column: str, label: str) -> list[str]:
        """What the keys of the rows begin with whose level begins with `label`: 产出指标（50分） is 产出指标."""
        rows = self._levels.get((table, column, label))
        if rows is None:
            texts = ((row, self.stated[f"{row}{column}"].text) for row in self.rows_of(table))
            rows = [row for row, text in texts if "".join(text.split()).startswith(label)]
            self._levels[table, column, label] = rows
        return rows


def row_name(template: Template, table: str, cells: Mapping[str, Any], index: int) -> str:
    """How a row is called in messages: its own name if it has one."""
    spec = template.tables[table]
    name = shortened("".join(str(cells.get(spec.row_label) or "").split()), LONGEST_NAME)
    return name or f"{spec.label}第{index + 1}行"


def record_from_values(data: Mapping[str, Any], template: Template) -> Record:
    """Read the JSON of `new --values`, as `values_of` gives it.

    A value in `data` is text as a person writes it ("22.24%", "≥98", "——") or a number, money in 万元, rates as
    fractions; keys are those of the `template`. Raises `ValuesError` naming the key that is unknown or of a wrong type.
    """
    unknown = [key for key in data if key not in (*HEAD_KEYS, "fields", *template.tables)]
    if unknown:
        raise ValuesError(f"不认识的键：{'、'.join(unknown)}。顶层只能有 template、year、unit_name、fields 和各明细表")
    fields = _mapping(data.get("fields", {}), "fields")
    raw = {key: _scalar(value, key) for key, value in fields.items()}
    for key in raw:
        if key not in template.fields:
            raise ValuesError(f"fields 中有不认识的键：{key}（用 xlperf values 导出一份看看有哪些键）")
    for key in ("year", "unit_name"):
        if key in data:
            raw[key] = _scalar(data[key], key)
    if "year" in raw and state("year", template.fields["year"], raw["year"], not_applicable=frozenset()).number is None:
        raise ValuesError(f"year 应为年份，如 2023，现为“{raw['year']}”")
    rows = {table: _rows(data.get(table, []), table, template) for table in template.tables}
    return make_record(template, raw, rows)


def make_record(
    template: Template,
    raw: Mapping[str, Decimal | str | None],
    rows: Mapping[str, list[dict[str, Decimal | str | None]]],
) -> Record:
    """A Record that stands in no workbook yet."""
    stated = {
        key: state(key, field, raw.get(key), not_applicable=template.not_applicable)
        for key, field in template.fields.items()
    }
    for table, spec in template.tables.items():
        for index, row in enumerate(rows.get(table, ())):
            name = row_name(template, table, row, index)
            for column, field in spec.columns.items():
                key = row_key(table, index, column)
                label = f"{name}·{field.label}"
                stated[key] = state(key, field, row.get(column), not_applicable=template.not_applicable, label=label)
    return Record(template, stated, {table: len(rows.get(table, ())) for table in template.tables})


def values_of(record: Record) -> dict[str, Any]:
    """The JSON of `xlperf values`: every field of a `record` that is not blank, as stated.

    `{"template", "year", "unit_name", "fields": {KEY: VALUE}, TABLE: [{COLUMN: VALUE}]}`: the year a whole number,
    every other value text as the form shows it, money in 万元 ("251.06"), rates in percent ("22.24%"). Raises nothing.
    """
    year, unit_name = record["year"], record["unit_name"]
    result: dict[str, Any] = {"template": record.template.id}
    if year.number is not None:
        result["year"] = int(year.number)
    if not unit_name.is_blank:
        result["unit_name"] = unit_name.text
    result["fields"] = {
        key: stated.shown
        for key, stated in record.stated.items()
        if stated.shown and key not in HEAD_KEYS and split_row_key(key) is None
    }
    for table, spec in record.template.tables.items():
        result[table] = [
            {column: stated.shown for column in spec.columns if (stated := record[row_key(table, index, column)]).shown}
            for index in record.rows(table)
        ]
    return result


def _mapping(value: object, key: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValuesError(f"{key} 应为对象（{{键: 值}}），现为 {type(value).__name__}")
    return value


def _scalar(value: object, key: str) -> Decimal | str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise ValuesError(f"{key} 的值应为文字或数字，现为 {type(value).__name__}")
    try:
        return value if isinstance(value, str) else to_decimal(value)
    except ValueError:
        raise ValuesError(f"{key} 的值不是有限的数字：{value}") from None


def _rows(value: object, table: str, template: Template) -> list[dict[str, Decimal | str | None]]:
    if not isinstance(value, list):
        raise ValuesError(f"{table} 应为列表，每行一个对象，现为 {type(value).__name__}")
    columns = template.tables[table].columns
    rows: list[dict[str, Decimal | str | None]] = []
    for index, item in enumerate(value):
        row = _mapping(item, f"{table}[{index}]")
        unknown = [name for name in row if name not in columns]
        if unknown:
            raise ValuesError(f"{table}[{index}] 有不认识的列：{'、'.join(unknown)}；可用：{'、'.join(columns)}")
        rows.append({name: _scalar(cell, f"{table}[{index}].{name}") for name, cell in row.items()})
    return rows
