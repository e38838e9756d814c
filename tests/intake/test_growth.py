"""What a document says again and again is read in time that grows with it; what is too much ends in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.costs import grows_linearly
from tests.intake.drawn import document, table
from tests.intake.test_word import made, p, r, tbl, tc
from tests.package.books import book, pack, parts, sheet
from xlperf.errors import DocumentError
from xlperf.form.forms import load_template
from xlperf.intake.gather import gather
from xlperf.intake.readers.opening import read_document
from xlperf.labels.lines import said_in
from xlperf.labels.spelling import fold, pieces, plain, read_label
from xlperf.labels.stated import one_line
from xlperf.package import column_letters, number_formats
from xlperf.package.budget import Of
from xlperf.package.numbers import shown_number

TEMPLATE = load_template("department_overall")
Field = Callable[[str], str]


def field(turn: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{turn}"/></w:r>'


FIELD = field("begin") + field("separate")


def word(*inner: Callable[[int], str]) -> Callable[[int], bytes]:
    return lambda n: made(*(each(n) for each in inner))


def text(content: Callable[[int], str]) -> Callable[[int], bytes]:
    return lambda n: content(n).encode()


def row(cells: str) -> str:
    return f'<row r="1">{cells}</row>'


def hidden_rows(n: int) -> bytes:
    """Every row hidden, with a figure in it."""
    return book(sheet("".join(f'<row r="{r}" hidden="1"><c r="A{r}"><v>1</v></c></row>' for r in range(2, n + 2))))


def overlapping(n: int) -> bytes:
    """In one row as many cells as merged cells that reach over all of them."""
    cells = "".join(f'<c r="{column_letters(col)}1"><v>1</v></c>' for col in range(1, n + 1))
    merges = "".join(f'<mergeCell ref="{column_letters(col)}1:{column_letters(n)}1"/>' for col in range(1, n + 1))
    return book(sheet(row(cells), tail=f"<mergeCells>{merges}</mergeCells>"))


def formatted(code: str, cells: int) -> bytes:
    content = parts(sheet("".join(f'<row r="{r}"><c r="A{r}" s="1"><v>1</v></c></row>' for r in range(1, cells + 1))))
    content["xl/styles.xml"] = (
        f'<styleSheet><numFmts><numFmt numFmtId="170" formatCode="{code}"/></numFmts>'
        '<cellXfs><xf/><xf numFmtId="170"/></cellXfs></styleSheet>'
    )
    return pack(content)


READ: dict[str, tuple[str, Callable[[int], bytes], int]] = {
    "lines added to one cell": ("txt", text(lambda n: "\t甲\n" + "乙\n" * n), 2000),
    "cells with lines in them": ("txt", text(lambda n: "\t甲\n乙\n\n" * n), 500),
    "lines and blanks, no table": ("txt", text(lambda n: "\t甲\n" + "乙\n\n" * n), 500),
    "long lines and blanks before a cell": ("txt", text(lambda n: "\t甲\n" + ("乙" * 20 + "\n\n") * n + "\t丙"), 500),
    "rows of one cell": ("txt", text(lambda n: "甲\t乙\n" * n), 1000),
    "open fields": ("docx", word(lambda n: p(*[field("begin") * n, *[r("甲")] * n])), 400),
    "fields in a row": ("docx", word(lambda n: p((FIELD + r("甲") + field("end")) * n)), 300),
    "cells in one control": (
        "docx",
        word(
            lambda n: tbl(
                *["<w:sdt><w:sdtPr/>" + f"<w:sdtContent>{tc('甲')}</w:sdtContent>" * 2 + "</w:sdt>"] * (n // 2)
            )
        ),
        100,
    ),
    "parts of one control": (
        "docx",
        word(
            lambda n: "<w:tbl><w:sdt><w:sdtPr/>"
            + f"<w:sdtContent><w:tr>{tc('甲')}</w:tr></w:sdtContent>" * n
            + "</w:sdt></w:tbl>"
        ),
        200,
    ),
    "cells merged downwards": ("docx", word(lambda n: tbl(*[tc("甲", "<w:vMerge/>") * 5] * n)), 50),
    "changes": ("docx", word(lambda n: p(*["<w:del><w:r><w:t>1</w:t></w:r></w:del>" + r("甲")] * n)), 300),
    "hidden rows": ("xlsx", hidden_rows, 1000),
    "merged cells over one another": ("xlsx", overlapping, 40),
    "a format of brackets": ("xlsx", lambda n: formatted("[" * n, 500), 1000),
    "a format of escapes": ("xlsx", lambda n: formatted(r"\a" * n + "&quot;", 50), 20),
}  # fmt: skip


@pytest.mark.parametrize("case", READ)
def test_reading(case: str, tmp_path: Path) -> None:
    kind, make, n = READ[case]

    def saved(count: int) -> Path:
        path = tmp_path / f"{count}.{kind}"
        path.write_bytes(make(count))
        return path

    def read(path: Path) -> None:
        with suppress(DocumentError):  # some show nothing
            read_document(path)

    grows_linearly(read, saved, n)


TEXTS: dict[str, tuple[Callable[[str], object], str, str]] = {
    "asides of a label": (read_label, "(元)", ""),
    "asides that stay": (read_label, "(甲)", ""),
    "numbers before a label": (read_label, "1、", "甲"),
    "years in a label": (read_label, "2023年", "甲"),
    "lines of a label": (pieces, "甲1、乙\n", ""),
    "signs of a label": (fold, "、甲 ", ""),
    "blanks behind a word": (lambda said: said_in("单位名称" + said, ["单位名称"]), " ", "甲"),
    "blanks in a word": (lambda said: said_in("单位" + said, ["单位名称"]), " ", "甲"),
    "words without a colon": (lambda said: said_in(said, ["单位名称"]), "单位名称 ", ""),
    "lines of a value": (one_line, "a\n", ""),
}


@pytest.mark.parametrize("case", TEXTS)
def test_texts_of_cells(case: str) -> None:
    read, atom, end = TEXTS[case]
    grows_linearly(read, lambda n: atom * n + end, 1000, cheap=0.01, forget=(plain, fold, read_label))


@pytest.mark.parametrize(
    "atom", ["[", "[h", "\\", "\\a", '"', '""', '"a', "0", "0.", ",", ";", "_", "%", "y", "E+", "@"]
)
def test_formats_of_numbers(atom: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also such as are longer than any that is read."""
    monkeypatch.setattr(number_formats, "LONGEST", 10**9)
    kept = (number_formats._parts, number_formats.percent_places, number_formats.shows_day)
    grows_linearly(lambda code: shown_number("1", code), lambda n: atom * n + '"', 1000, cheap=0.01, forget=kept)


def test_rows_of_a_table() -> None:
    """Wide and long tables alike."""
    heads = ["三级指标", "年度指标值", "实际完成值", "分值", "得分"]

    def long(n: int) -> str:
        return "\n".join([" | ".join(heads), *(f"指标{at} | 5 | 5 | 1 | 1" for at in range(n))])

    grows_linearly(lambda drawn: gather([document(table(drawn))], TEMPLATE), long, 30)


def test_one_table_in_two_files() -> None:
    def files(n: int) -> list[str]:
        return [
            "三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分\n"
            + "\n".join(f"指标{at} | 5 | 5 | {size} | 1" for at in range(n))
            for size in (1, 2)
        ]

    def read(drawn: list[str]) -> None:
        gather([document(table(each), name=f"{at}.docx") for at, each in enumerate(drawn)], TEMPLATE)

    grows_linearly(read, files, 30)


# --- what is too much -------------------------------------------------------------------------------------------------

ONE, TEN = row("<c><v>1</v></c>"), "甲" * 10
TOO_MUCH: dict[str, tuple[str, Callable[[], bytes], Of]] = {
    "cells of a sheet": ("xlsx", lambda: book(sheet("<row><c><v>1</v></c></row>" * 101)), Of.CELLS),
    "cells of a Word table": ("docx", lambda: made(tbl(*[tc("甲") * 2] * 60)), Of.CELLS),
    "cells of a text": ("txt", lambda: ("甲\t乙\n" * 101).encode(), Of.CELLS),
    "columns of a sheet": ("xlsx", lambda: book(sheet(row("<c><v>1</v></c>" * 101))), Of.COLUMNS),
    "columns of a Word table": ("docx", lambda: made(tbl(tc("甲") * 101)), Of.COLUMNS),
    "columns of a text": ("txt", lambda: ("甲" + "\t乙" * 101 + "\n").encode() * 2, Of.COLUMNS),
    "paragraphs of a document": ("docx", lambda: made(*[p("甲")] * 101), Of.PARAGRAPHS),
    "paragraphs of a text": ("txt", lambda: ("甲\n" * 101).encode(), Of.PARAGRAPHS),
    "elements of a document": ("docx", lambda: made(p("甲"), *["<w:p/>"] * 101), Of.NODES),
    "attributes of a document": ("docx", lambda: made(p("甲"), *['<w:p w:rsidR="1"/>'] * 60), Of.NODES),
    "elements of a sheet": ("xlsx", lambda: book(sheet(row("<c/>" * 101))), Of.ELEMENTS),
    "merged cells of a sheet": (
        "xlsx",
        lambda: book(sheet(ONE, tail="<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 101 + "</mergeCells>")),
        Of.MERGES,
    ),
    "characters of cells": (
        "xlsx", lambda: book(sheet(row(f'<c t="inlineStr"><is><t>{"甲" * 101}</t></is></c>')), ), Of.CHARACTERS,
    ),
    "a text shown in many cells": (
        "xlsx", lambda: book(sheet(row('<c t="s"><v>0</v></c>' * 11)), strings=f"<si><t>{TEN}</t></si>"), Of.CHARACTERS,
    ),
    "bytes of a text": ("txt", lambda: b"1" * 101, Of.DOCUMENT_BYTES),
    "bytes of a document": ("docx", lambda: made(p("甲" * 101)), Of.DOCUMENT_BYTES),
    "bytes that a package unpacks to": ("xlsx", lambda: book(sheet(" " * 101)), Of.BYTES),
    "bytes of a file": ("xlsx", lambda: book(sheet(" ")), Of.FILE_BYTES),
}  # fmt: skip


@pytest.mark.parametrize("case", TOO_MUCH)
def test_too_much_ends_in_a_sentence(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kind, make, what = TOO_MUCH[case]
    path = tmp_path / f"报告.{kind}"
    path.write_bytes(make())
    read_document(path)  # as large as it is, it is far from the limit
    monkeypatch.setattr(what, "most", 100)
    with pytest.raises(DocumentError) as caught:
        read_document(path)
    message = str(caught.value)
    assert message.startswith(f"{path.name}：{what.words}太")
    assert "超过上限" in message and message.endswith("另存后再试。") and "\n" not in message
