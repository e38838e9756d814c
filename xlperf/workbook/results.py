"""What the formulas of 勾稽关系 show, kept with them in the file: for previews, pandas and whoever computes nothing."""

from __future__ import annotations

from contextlib import suppress

from xlperf.errors import WorkbookError
from xlperf.form.template import Template
from xlperf.package import Workbook
from xlperf.package.calculation import Calculation
from xlperf.tieout import HEADINGS
from xlperf.workbook.marks import MarkedBook


def show_tie_out(book: MarkedBook, template: Template) -> None:
    """Have every formula of 勾稽关系 show what follows from the workbook's cells, edits included.

    What shows it already is left as it is, to the byte; so is what is not understood, or can hold no value. Where the
    workbook is open in a spreadsheet program, that computes.
    """
    if not isinstance(book, Workbook):
        return
    for sheet in tie_out_sheets(book, template):
        for ref, formula, value in Calculation(book, sheet).changes():
            with suppress(WorkbookError):
                book.write(sheet, ref, value, formula=formula)


def tie_out_sheets(book: MarkedBook, template: Template) -> list[str]:
    """None in a workbook made before there was such a sheet; somebody else's of that name has other headings."""
    titles = [spec["title"] for spec in template.sheets if spec.get("control") and spec["title"] in book.sheets]
    return [title for title in titles if {cell.text for cell in book.cells(title).values()}.issuperset(HEADINGS)]
