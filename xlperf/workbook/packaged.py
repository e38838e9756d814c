"""The blank workbook that comes with the program, of a year: what needs no rows laid out needs no openpyxl either."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from xlperf.form.forms import form_ids
from xlperf.form.grid import Cell, Filling, Page, lay_out, live_formula
from xlperf.form.template import Template
from xlperf.form.written import templates_folder
from xlperf.package import Ref, Workbook
from xlperf.tieout import ORDER_WIDTH, control_rows
from xlperf.tieout.home import WIDTHS, home_heights, home_rows
from xlperf.workbook.result_rows import COLUMNS, IN_SIGHT
from xlperf.workbook.results import show_tie_out


def is_packaged(template: Template) -> bool:
    """Whether a form's workbook comes with the program; of somebody's own it may be older than their TOML."""
    return template.id in form_ids() and template.sheets != ()


def packaged_workbook(template: Template, year: int | None) -> Workbook:
    """The same as `build_workbook` of that year."""
    book = Workbook.open((templates_folder() / f"{template.id}.xlsx").read_bytes())
    if year is not None:
        filling = Filling(template, None, year)
        pages = pages_of(filling)
        for page in pages:
            for key, piece in page.fields():
                if key == "year":
                    book.write(page.title, Ref(piece.top, piece.left), Decimal(year))
        write_headings(book, pages, filling)
        show_tie_out(book, template)
    return book


def pages_of(filling: Filling) -> list[Page]:
    """The sheets of a form, laid out."""
    pages = []
    for spec in filling.template.sheets:
        if spec.get("results"):
            heading = [Cell("@heading", text=column.title) for column in COLUMNS]
            rows = [_in_sight(row) for row in spec["rows"]]
            pages.append(lay_out({**spec, "rows": rows}, filling, [heading], [column.width for column in COLUMNS]))
        elif spec.get("control"):
            pages.append(lay_out(spec, filling, control_rows(filling.template), [*spec["widths"], ORDER_WIDTH]))
        elif spec.get("home"):
            page = lay_out(spec, filling, home_rows(filling.template), WIDTHS)
            for row, height in home_heights(filling.template).items():
                page.heights[page.extra - 1 + row] = height
            pages.append(page)
        else:
            pages.append(lay_out(spec, filling))
    return pages


def _in_sight(row: Sequence[Any]) -> list[Any]:
    """A line above the headings of 审核结果 reaches as far as what is printed."""
    is_one = sum(isinstance(cell, str) for cell in row) == 1
    return [*row, *["<"] * (IN_SIGHT - 1), ""] if is_one else list(row)


def write_headings(book: Workbook, pages: Sequence[Page], filling: Filling) -> None:
    """The texts that name the year, as formulas and as what a reader without a calculator sees."""
    for page in pages:
        for piece in page.pieces:
            if piece.cell.live:
                shown, formula = filling.text(piece.cell), live_formula(piece.cell.text)
                book.write(page.title, Ref(piece.top, piece.left), shown, formula=formula)
