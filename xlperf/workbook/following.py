"""What of a workbook that is being made follows from its other sheets: the formulas of 勾稽关系 and 首页, the counters.

And where a click on a cell leads. Nothing is drawn here; see `workbook.blank`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from xlperf.form.grid import TEMPLATE_KEY, Filling, Page, Piece
from xlperf.form.template import NAME_PREFIX
from xlperf.package import Cell, Ref, quoted_title, ref_text, references
from xlperf.tieout import HEADINGS, control_formulas
from xlperf.tieout.home import NEXT, PROGRESS, Control, home_formulas, home_leads
from xlperf.tieout.pieces import FAILS

_SIDES = tuple(HEADINGS.index(side) + 1 for side in ("左边", "右边"))


class References(NamedTuple):
    """How a formula on the sheet `home` writes a cell or a table's column."""

    home: str
    cells: Mapping[str, tuple[str, Piece]]
    pages: Sequence[Page]

    def cell(self, key: str) -> str:
        title, piece = self.cells[key]
        return self._on(title) + ref_text(Ref(piece.top, piece.left))

    def column(self, table: str, name: str, *, headed: bool = False) -> str:
        page = next(page for page in self.pages if table in page.tables)
        body = page.tables[table]
        first, last = (ref_text(Ref(row, body.columns[name])) for row in (body.header + (not headed), body.last))
        return f"{self._on(page.title)}{first}:{last}"

    def _on(self, title: str) -> str:
        return "" if title == self.home else f"{quoted_title(title)}!"


def references_on(home: str, pages: Sequence[Page]) -> References:
    """Of a sheet, by its title."""
    return References(home, {key: (page.title, piece) for page in pages for key, piece in page.fields()}, pages)


def following_formulas(page: Page, pages: Sequence[Page], filling: Filling) -> Mapping[tuple[int, int], str]:
    """By row and column, those of 勾稽关系 and of 首页."""
    refer, control = references_on(page.title, pages), _control(pages)
    if page is control:
        return control_formulas(filling.template, refer, page.extra)
    if page.spec.get("home"):
        return home_formulas(filling.template, refer, _rows_of(control) if control else None, page.extra)
    return {}


def counter_formulas(pages: Sequence[Page]) -> Iterator[tuple[Page, Ref, str]]:
    """To the right of what is printed of a sheet: how many rows of 勾稽关系 do not agree."""
    if control := _control(pages):
        count = _rows_of(control).counted(FAILS)
        yield from ((page, Ref(1, len(page.widths) + 2), count) for page in pages if is_filled_in(page))


def is_home(cells: Mapping[Ref, Cell]) -> bool:
    """Is a sheet with these cells 首页, whatever became of its formulas?"""
    return {PROGRESS, NEXT} <= {cell.text for cell in cells.values()}


def is_counter(formula: str | None) -> bool:
    """Is it the formula of a counter on one of the form's sheets?"""
    return formula is not None and formula.startswith("COUNTIF(") and formula.endswith(f',"{FAILS}")')


def is_filled_in(page: Page) -> bool:
    """Does the sheet hold figures or texts of the form, beyond the year and the template's own cell?"""
    return bool(page.tables) or any(key not in ("year", TEMPLATE_KEY) for key, _ in page.fields())


def leads_of(page: Page, pages: Sequence[Page], filling: Filling) -> Iterator[tuple[int, int, str]]:
    """Cells, by row and column, that lead elsewhere, and whereto: to a name, because rows may be inserted, or a sheet.

    Both sides of a row of 勾稽关系 lead to the first cell that they read.
    """
    if page.spec.get("home"):
        for (row, col), target in home_leads(filling.template, page.extra).items():
            yield row, col, target if target.startswith(NAME_PREFIX) else f"{quoted_title(target)}!A1"
    if page is not _control(pages):
        return
    places = {(each.title, piece.top, piece.left): key for each in pages for key, piece in each.fields()}
    for (row, col), formula in following_formulas(page, pages, filling).items():
        first = next(references(formula), None) if col in _SIDES else None
        if first is None or first.area is None:
            continue
        home = next(each for each in pages if each.title == (first.sheet or page.title))
        inside = (key for key, body in home.tables.items() if body.header < first.area.top <= body.last)
        if key := places.get((home.title, first.area.top, first.area.left)) or next(inside, ""):
            yield row, col, NAME_PREFIX + key


def _control(pages: Sequence[Page]) -> Page | None:
    return next((page for page in pages if page.spec.get("control")), None)


def _rows_of(control: Page) -> Control:
    return Control(quoted_title(control.title), control.extra, len(control.heights))
