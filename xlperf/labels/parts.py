"""The tables of a document one by one, each with what it says about its year and its unit, before they are joined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from xlperf.form.template import Template
from xlperf.labels.blocks import Cell, Paragraph, Table
from xlperf.labels.lines import is_report_title, is_title, signatures, title_year
from xlperf.labels.reading import Reading
from xlperf.labels.scan import Header, Scan, headers_in
from xlperf.labels.spelling import lone_year, years_in
from xlperf.labels.words import Known

_OF_A_SHEET = "工作表"


class Part(NamedTuple):
    """What one table of the form says. Rows of its row tables count from 0 here.

    `years`: the year it is of, each with how many headings say so. `units`: whose figures it holds, as it says.
    `named_year`: the year in the name of its sheet, which says little. `heads`: places of the lines above that say it.
    """

    place: str
    text: str
    reading: Reading
    years: Counter[int]
    units: tuple[str, ...] = ()
    named_year: int | None = None
    heads: tuple[str, ...] = ()

    @property
    def year(self) -> int | None:
        """The year that most headings name, the later of two named as often."""
        return max(self.years, key=lambda year: (self.years[year], year), default=None)


@dataclass(slots=True)
class Heading:
    """What the lines above a Word table say: 2022年度…绩效自评, 填报单位：×××."""

    year: int | None = None
    units: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    def read(self, paragraph: Paragraph, known: Known) -> None:
        if paragraph.place.startswith(_OF_A_SHEET):
            return
        if is_title(paragraph.text, known):
            year = title_year(paragraph.text, known)
            goes_on = self.places and lone_year(paragraph.text) is not None
            if is_report_title(paragraph.text, known):
                self.year, self.units, self.places = None, (), ()
            elif goes_on:
                self.year, self.places = year, (*self.places, paragraph.place)
            else:
                self.year, self.units, self.places = year, (), (paragraph.place,)
        for said in signatures(paragraph.text, known):
            if said.key in known.units and said.value:
                self.units, self.places = (*self.units, said.value), (*self.places, paragraph.place)

    def over(self, table: Table) -> Heading:
        return Heading() if table.place.startswith(_OF_A_SHEET) else self


def part_of(scan: Scan, reading: Reading, heading: Heading, place: str, section: Counter[int]) -> Part:
    """`section` has the votes on the year of all that stands below one title."""
    if heading.year is not None:
        section[heading.year] += 1
    units = [entry.value for entry in reading.entries if entry.key in scan.known.units]
    text = "　".join(" ".join(cell.text.split()) for row in scan.rows[:3] for cell in scan.filled(row))
    return Part(place, text, reading, section, (*heading.units, *units), _named_year(scan.table), heading.places)


def _named_year(table: Table) -> int | None:
    if not table.place.startswith(_OF_A_SHEET):
        return None
    title = table.place.removeprefix(_OF_A_SHEET).strip("“”")
    years = set(years_in(title)) | ({year} if (year := lone_year(title)) else set())
    return years.pop() if len(years) == 1 else None


class Piece(NamedTuple):
    """One of the tables that stand one below the other; whether a title begins it; its headers, where it is all."""

    table: Table
    titled: bool
    headers: dict[int, Header] | None = None


def split(table: Table, known: Known, template: Template) -> Iterator[Piece]:
    """The tables of the form that stand one below the other in one table.

    A new one begins where a title stands alone in its row, and where the headings of one that was there come again.
    """
    scan = Scan(table, known, template, "")
    headers = {row: header.block.name for row, header in headers_in(scan).items()}
    starts: list[tuple[int, bool]] = []
    seen: set[str] = set()
    last = max(headers, default=0)
    for row in scan.rows:
        cells = scan.filled(row)
        begins = len(cells) == 1 and is_title(cells[0].text, known) and lone_year(cells[0].text) is None
        if begins and seen and row < last:
            starts.append((row, True))
            seen.clear()
        elif headers.get(row) in seen:
            starts.append((row - _is_years(scan.filled(row - 1)), False))
            seen.clear()
        if row in headers:
            seen.add(headers[row])
    if not starts:
        yield Piece(table, True, scan.starts)
        return
    bounds = [(0, True), *starts]
    ends = [*(row for row, _ in starts), None]
    for (first, titled), end in zip(bounds, ends, strict=True):
        cells = [cell for cell in table.cells if cell.row >= first and (end is None or cell.row < end)]
        yield Piece(Table(table.place, tuple(cells)), titled)


def _is_years(cells: list[Cell]) -> bool:
    return bool(cells) and all(lone_year(cell.text) is not None for cell in cells)
