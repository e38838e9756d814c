"""How a form will look: the printed pages of its workbook as pictures, each cell showing what belongs into it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from xlperf.errors import TemplateError, UnsupportedError
from xlperf.form.record import shortened
from xlperf.form.template import Template
from xlperf.package import Workbook
from xlperf.package.libreoffice import NoLibreOfficeError, NotConvertedError, converted
from xlperf.workbook.actions import open_form
from xlperf.workbook.blank import build_workbook
from xlperf.workbook.merged import visible_cells
from xlperf.workbook.results import home_sheets, tie_out_sheets

_YEAR = 2025  # any year: headings show it
_DOTS = 110 / 72  # of a picture for a point of the page
_IN_A_ROW = 8  # characters that a row of a table has room for
_OPEN = "用 xlperf new 新建工作簿，打开看也一样。"


class Picture(NamedTuple):
    """A page of a sheet, as PNG."""

    sheet: str
    png: bytes


def preview(template: Template, tell: Callable[[str], None] | None = None) -> list[Picture]:
    """The pages of a form as it is printed.

    Raises `UnsupportedError`, with what to install, where LibreOffice or the library that draws is missing.
    """
    try:
        import pypdfium2  # noqa: F401
    except ImportError:
        raise UnsupportedError(f"画图片要用 pypdfium2：请先运行 pip install pypdfium2。不想安装的，{_OPEN}") from None
    try:
        pdf = converted(labelled(template).to_bytes(), template.id, ("xlsx", "pdf:calc_pdf_Export"), tell)
    except NoLibreOfficeError:
        raise UnsupportedError(
            "预览要用 LibreOffice，本机没有：请从 https://zh-cn.libreoffice.org 或系统的软件商店安装。"
            f"不想安装的，{_OPEN}"
        ) from None
    except NotConvertedError as error:
        raise TemplateError(f"《{template.title}》的预览没有画成：{error}。{_OPEN}") from error
    return list(_drawn(pdf))


def labelled(template: Template) -> Workbook:
    """The blank workbook with every cell's label in the cell, of a table in its first row."""
    form = open_form(build_workbook(template, year=_YEAR), template.title)
    book, binding = form.book, form.binding
    followers = tie_out_sheets(book, template) + home_sheets(book, template)
    for title in followers:  # as of the blank form: a label in a cell is no figure
        for ref, cell in dict(book.cells(title)).items():
            if cell.formula is not None:
                book.write(title, ref, cell.text)
    labels = {place: template.fields[key].label for key, place in binding.fields.items()}
    for key, table in binding.tables.items():
        for name, field in template.tables[key].columns.items():
            labels[table.place(table.body.top, name)] = shortened(field.label, _IN_A_ROW)
    filled = {sheet: visible_cells(book, sheet) for sheet in book.sheets}
    for place, label in labels.items():
        if place.ref not in filled[place.sheet] or not filled[place.sheet][place.ref].text:
            book.write(place.sheet, place.ref, label)
    return book


def _drawn(pdf: bytes) -> Iterator[Picture]:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        begins = {found.get_index(): mark.get_title() for mark in document.get_toc() if (found := mark.get_dest())}
        sheet = ""
        for number, page in enumerate(document):
            sheet = begins.get(number, sheet)
            bitmap = page.render(scale=_DOTS, rev_byteorder=True)
            yield Picture(sheet, _png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride))
    finally:
        document.close()


def _png(pixels: bytes, width: int, height: int, stride: int) -> bytes:
    """Rows of red, green and blue as a PNG."""
    rows = b"".join(b"\0" + pixels[row * stride : row * stride + 3 * width] for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in parts
    )
