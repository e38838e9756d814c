"""What a button does at the cursor of an open workbook, and what makes files of it or takes one in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xlperf.errors import SaveError
from xlperf.hosts.beside import require_saved, write_next_year, write_report
from xlperf.hosts.excel import live
from xlperf.hosts.excel.platforms import bytes_of
from xlperf.hosts.excel.snapshot import at_once
from xlperf.hosts.taking_in import comparing, import_file
from xlperf.package import Ref
from xlperf.workbook.binding import Place

if TYPE_CHECKING:
    import xlwings as xw


def add_row(book: xw.Book, role: str) -> str:
    """A row for the table of a role, below the row of the cursor."""
    return at_once(live.run(live.adding(role, _cursor_of(book)), book))


def drop_placeholders(book: xw.Book) -> str:
    """Take away the rows of row tables that hold nothing."""
    return at_once(live.run(live.dropping, book))


def report(book: xw.Book, variant: str | None = None) -> str:
    """Write 自评报告 beside an open workbook, which is left alone."""
    path, blob = _as_file(book, "自评报告")
    return write_report(blob, path, variant).message


def next_year(book: xw.Book) -> str:
    """Write next year's workbook beside an open one, which is left alone, and open it."""
    path, blob = _as_file(book, "下一年的工作簿")
    made = write_next_year(blob, path)
    book.app.books.open(made.path)
    return made.message


def take_in(book: xw.Book, source: Path) -> str:
    """Import a file as a new workbook beside it, and open that."""
    made = import_file(source)
    book.app.books.open(made.path)
    return made.message


def compare(book: xw.Book, report: Path, variant: str | None = None) -> str:
    """List what a report says otherwise than the open workbook."""
    return at_once(live.run(comparing(report), book, variant))


def _cursor_of(book: xw.Book) -> Place | None:
    """The first of the selected cells."""
    selected = book.app.selection
    if selected is None or selected.sheet.book.name != book.name:
        return None
    return Place(selected.sheet.name, Ref(selected.row, selected.column))


def _as_file(book: xw.Book, what: str) -> tuple[Path, bytes]:
    book.app.calculate()
    path = Path(book.fullname)
    require_saved(path, what)
    if not path.is_file():
        raise SaveError(f"{path.name}：工作簿不在这台电脑的文件夹里。请先另存到本机，再做{what}。")
    return path, bytes_of(book)
