"""A Record -> what next year's workbook begins with. Which cells those are is said by the template's [next_year]."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from xlperf.derive.seen import Seen
from xlperf.errors import ValuesError
from xlperf.form.next_year import Inheritance
from xlperf.form.record import Record, State, Stated, record_from_values
from xlperf.form.template import row_key
from xlperf.prose.old_figures import OPEN, without_figures
from xlperf.prose.year_words import moved_on


class Rolled(NamedTuple):
    """Next year's beginning."""

    values: dict[str, Any]  # the JSON of `new --values`
    drafts: tuple[str, ...]  # keys of `values` that people have to go over
    left: Mapping[str, tuple[str, ...]]  # by key: passages that still name the year that has passed
    unread: tuple[Stated, ...]  # figures of this year that nobody can read, so that they were not carried


def roll_values(record: Record) -> Rolled:
    """Begin the next year: this year's figures become last year's, texts come along as drafts.

    Raises `ValuesError` where the record does not say which year it is of.
    """
    year = record["year"].number
    if year is None:
        where = record["year"].at or "year"
        raise ValuesError(f"{record.source or '数据'}：{where} 没有填评价年度，不知道下一年是哪一年。请先填写年份。")
    return _Roll(record, int(year)).result()


class _Roll:
    """One roll in the making."""

    def __init__(self, record: Record, year: int) -> None:
        self.record = record
        self.year = year
        self.seen = Seen(record)
        self.drafts: list[str] = []
        self.left: dict[str, tuple[str, ...]] = {}
        self.unread: list[Stated] = []

    def result(self) -> Rolled:
        template = self.record.template
        own = template.next_year.cells
        head: dict[str, Any] = {"template": template.id, "year": self.year + 1}
        fields = self._inherited(own, {key: key for key in template.fields}, lambda key: key)
        fields |= {key: field.default for key, field in template.fields.items() if field.default and key not in fields}
        tables = {table: self._rows(table, each) for table, each in template.next_year.tables.items()}
        if "unit_name" in fields:
            head["unit_name"] = fields.pop("unit_name")
        values = {**head, "fields": fields, **tables}
        self._leave_to_formulas(values)
        return Rolled(values, tuple(self.drafts), self.left, tuple(self.unread))

    def _rows(self, table: str, each: Inheritance) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = []
        template, spec = self.record.template, self.record.template.tables[table]
        for index in self.record.rows(table):
            columns = {name: row_key(table, index, name) for name in spec.columns}
            drafts = len(self.drafts)
            row = self._inherited(each, columns, self._key_in(table, len(rows)))
            said = {text for name, text in row.items() if name not in spec.fill_down}
            if said - template.placeholders:
                rows.append(row)
            else:  # the …… that every new workbook has of its own
                del self.drafts[drafts:]
        return rows

    def _key_in(self, table: str, row: int) -> Callable[[str], str]:
        return lambda column: row_key(table, row, column)

    def _inherited(self, each: Inheritance, keys: Mapping[str, str], key_there: Callable[[str], str]) -> dict[str, str]:
        """What stays, what comes along as a draft, and what becomes last year's figure, by name there."""
        found: dict[str, str] = {}
        for name in (*each.kept, *each.drafts):
            if text := self._moved(self.seen.typed[keys[name]], key_there(name)):
                found[name] = text
                if name in each.drafts:
                    self.drafts.append(key_there(name))
        for name, source in each.carried.items():
            cell = self.seen[keys[source]]
            if cell.state is State.UNREADABLE:
                self.unread.append(cell)
            elif not cell.is_blank and cell.shown:
                found[name] = cell.shown
        return found

    def _moved(self, cell: Stated, key_there: str) -> str:
        """A text as it reads a year later; of a draft, an open place for every figure of the year that has passed."""
        if not cell.field.is_text:
            return cell.shown
        moved = moved_on(cell.text, self.year, self.record.template.next_year.counted)
        text = without_figures(moved.text, self.year) if self._is_told_of_the_year(cell.key) else moved.text
        if left := tuple(each for each in moved.left if each in " ".join(text.split())):
            self.left[key_there] = left
        return text

    def _is_told_of_the_year(self, key: str) -> bool:
        """A single cell in which people write; names and telephones are no figures, and targets are a row's own."""
        template = self.record.template
        return key in template.next_year.cells.drafts and key not in template.cells_of("preparer", "phone")

    def _leave_to_formulas(self, values: dict[str, Any]) -> None:
        """Take out what the form's own formulas give: a figure over a formula would not follow its lines."""
        template, fields = self.record.template, values["fields"]
        for key in [key for key in fields if key in template.offered and len(template.offered[key]) == 1]:
            (followed,) = template.offered[key]
            if fields[key] == (values.get(followed) if followed in values else fields.get(followed)):
                del fields[key]
        for key in [key for key in fields if template.field(key).derived]:
            rest = {name: text for name, text in fields.items() if name != key}
            if Seen(record_from_values({**values, "fields": rest}, template))[key].shown == fields[key]:
                del fields[key]


def roll_lines(record: Record, rolled: Rolled) -> Iterator[str]:
    """What the user has to look at; `record`: that of the new workbook."""
    year = rolled.values["year"] - 1
    if rolled.left:
        yield f"以下各格仍写着 {year} 年的文号或看不出是不是年份的数字，没有改动，请自行核对："
        for key, passages in rolled.left.items():
            cell = record[key]
            yield f"  {cell.at}  {cell.label}：{'；'.join(passages)}"
    unread = [cell for cell in rolled.unread if cell.text]
    if unread:
        yield "以下各格的数字认不出，没有转为上年数，请自行填写："
        for cell in unread:
            yield f"  {cell.at}  {cell.label}：{cell.text}（在原工作簿中）"
    if waiting := sum(cell.text.count(OPEN) for cell in record.stated.values()):
        yield f"文字里 {year} 年的数换成了“{OPEN}”，共 {waiting} 处，请填上本年的数。"
    yield f"沿用了 {len(rolled.drafts)} 格（浅紫色），逐格列在“沿用核对”中，请核对后修改。"
