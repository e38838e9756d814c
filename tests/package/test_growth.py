"""What a workbook says again and again is read and changed in time that grows with it, not with its square."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.costs import grows_linearly
from tests.package.books import book, pack, parts, sheet
from xlperf.errors import WorkbookError
from xlperf.package import Ref, Workbook
from xlperf.package.budget import Of
from xlperf.package.richtext import Run, shown
from xlperf.package.texts import rewrite_texts, without_references

Make = Callable[[int], bytes]
Text = '<c r="A1" t="s"><v>0</v></c>'


def rows(content: str) -> str:
    return sheet(f'<row r="1">{content}</row>')


def string(item: Callable[[int], str]) -> Make:
    return lambda n: book(rows(Text), strings=f"<si>{item(n)}</si>")


def cell(content: Callable[[int], str]) -> Make:
    return lambda n: book(rows(f'<c r="A1">{content(n)}</c>'))


def cols(each: str) -> Make:
    return lambda n: book(sheet('<row r="1"><c r="A1"><v>1</v></c></row>', head=f"<cols>{each * n}</cols>"))


def tail(around: str, each: Callable[[int], str]) -> Make:
    def make(n: int) -> bytes:
        content = "".join(each(number) for number in range(2, n + 2))
        return book(sheet('<row r="1"><c r="A1"><v>1</v></c></row>', tail=f"<{around}>{content}</{around}>"))

    return make


def shared(text: Callable[[int], str]) -> Make:
    """A formula and 20 cells that share it."""
    return lambda n: book(
        sheet(
            f'<row r="1"><c r="A1"><f t="shared" ref="A1:A21" si="0">{text(n)}</f></c></row>'
            + "".join(f'<row r="{r}"><c r="A{r}"><f t="shared" si="0"/></c></row>' for r in range(2, 22))
        )
    )


def styled(n: int) -> bytes:
    """As many formats as cells."""
    content = parts(sheet("".join(f'<row r="{r}"><c r="A{r}" s="{r}"><v>1</v></c></row>' for r in range(1, n + 1))))
    formats = "".join(f'<xf numFmtId="0" fontId="{number}"/>' for number in range(n + 1))
    content["xl/styles.xml"] = f"<styleSheet><cellXfs>{formats}</cellXfs></styleSheet>"
    return pack(content)


READ: dict[str, tuple[Make, int]] = {
    "phonetic guides without an end": (string(lambda n: "<r><t>甲</t></r>" + "<rPh/>" * n + "<r><t>乙</t></r>"), 4000),
    "phonetic guides": (string(lambda n: "<t>甲</t>" + "<rPh><t>a</t></rPh>" * n), 2000),
    "runs": (string(lambda n: "<r><rPr><strike/></rPr><t>甲</t></r>" * n), 500),
    "runs in one another": (string(lambda n: "<r>" * n + "</r>" * n), 4000),
    "a run cut by a string": (string(lambda n: "<r>" * n + "<si></si>" + "</r>" * n), 4000),
    "digits that are no number": (cell(lambda n: f"<v>{'1' * n}x</v>"), 8000),
    "a cell in a cell": (cell(lambda n: "<c>" * n + "</c>" * n), 4000),
    "a row in cells": (cell(lambda n: "<c>" * n + "<row/>" + "</c>" * n), 4000),
    "cells without an address": (lambda n: book(sheet("<row>" + "<c/>" * 100 + "</row>" + "<row/>" * n)), 8000),
    "comments": (cell(lambda n: "<!--<c>-->" * n + "<v>1</v>"), 4000),
    "pieces of CDATA": (cell(lambda n: "<v>" + "<![CDATA[1]]>" * n + "</v>"), 4000),
    "attributes": (cell(lambda n: "<f " + " ".join(f'a{number}=""' for number in range(n)) + ">1</f>"), 2000),
    "brackets in a formula": (shared(lambda n: "[" * n), 1000),
    "quotes in a formula": (shared(lambda n: "&quot;" * (2 * n + 1)), 1000),
    "apostrophes in a formula": (shared(lambda n: "'" * (2 * n + 1)), 1000),
    "addresses in a formula": (shared(lambda n: "A1+" * n + "A1"), 300),
    "columns over one another, hidden": (cols('<col min="1" max="16384" hidden="1"/>'), 2000),
    "columns over one another, styled": (cols('<col min="1" max="16384" style="1"/>'), 2000),
    "merged cells": (tail("mergeCells", lambda at: f'<mergeCell ref="B{at}:C{at}"/>'), 2000),
    "merged cells over one another": (tail("mergeCells", lambda at: f'<mergeCell ref="B2:C{at + 100}"/>'), 2000),
    "links": (tail("hyperlinks", lambda at: f'<hyperlink ref="B{at}" location="A1" tooltip="xlperf"/>'), 1000),
    "conditional formats": (
        lambda n: book(
            sheet(
                '<row r="1"><c r="A1"><v>1</v></c></row>',
                tail='<conditionalFormatting sqref="B2"><cfRule priority="1"/></conditionalFormatting>' * n,
            )
        ),
        500,
    ),
}  # fmt: skip


def use(blob: bytes) -> None:
    """Read and change it; what is refused is refused at once."""
    try:
        held = Workbook.open(blob)
        held.rich_texts("表")
        for each in [*held.cells("表").values()][:100]:
            held.number_format(each)
        held.write("表", Ref(1, 9), Decimal(1), number_format="0.0%")
        held.write("表", Ref(90, 1), "甲")
        held.set_highlights("表", "t", {"FF0000": [Ref(1, 1)]})
        held.set_notes("表", "t", {Ref(1, 1): "x"})
        held.set_links("表", {Ref(1, 1): "A1"})
        held.to_bytes()
    except WorkbookError:
        pass


@pytest.mark.parametrize("case", READ)
def test_reading_and_changing(case: str) -> None:
    make, n = READ[case]
    grows_linearly(use, make, n)


def test_formats_that_are_found_or_added() -> None:
    def change(blob: bytes) -> None:
        held = Workbook.open(blob)
        for ref in held.cells("表"):
            held.write("表", ref, Decimal(2), number_format="0.0%")
        held.to_bytes()

    grows_linearly(change, styled, 200)


def test_notes_on_many_cells() -> None:
    def note(count: int) -> None:
        held = Workbook.open(book(rows('<c r="A1"><v>1</v></c>')))
        held.set_notes("表", "审核", {Ref(row, 1): "批注" for row in range(1, count + 1)})
        again = Workbook.open(held.to_bytes())
        again.set_notes("表", "审核", {})
        again.to_bytes()

    grows_linearly(note, lambda n: n, 200)


def test_raised_signs_behind_a_long_text() -> None:
    def runs(n: int) -> list[Run]:
        return [Run("甲" * 50 * n), *(each for _ in range(n) for each in (Run("1", raised=True), Run(" ")))]

    grows_linearly(shown, runs, 300)


BROKEN = [
    b"<v:shape ",
    b"<a b",
    b'<a "',
    b"<a '",
    b"\"<a'",
    b"<a b='",
    b"<!--",
    b"<![CDATA[",
    b"<?",
    b"</a",
    b"<a>",
    b"<rPh>",
]


@pytest.mark.parametrize("atom", BROKEN)
def test_drawings_need_not_be_well_formed(atom: bytes) -> None:
    def rewrite(data: bytes) -> None:
        rewrite_texts(data, lambda where, text: (), ("p",), ("div",))
        without_references(data, "a", ("1",))

    grows_linearly(rewrite, lambda n: b"<xml>" + atom * n, 2000)


def test_what_is_read_anew_after_a_change_does_not_count_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Found by the campaign: a workbook of half as many cells as may be was refused when it was to be published."""
    monkeypatch.setattr(Of.STORED_CELLS, "most", 30)
    held = Workbook.open(book(rows("".join(f'<c r="{letter}1"><v>1</v></c>' for letter in "ABCDEFGHIJKLMNOPQRST"))))
    for number in range(3):
        assert len(held.cells("表")) == 20
        held.write("表", Ref(1, 1), Decimal(number))
        held.settle()
    assert held.cells("表")[Ref(1, 1)].text == "2"


def test_more_cells_than_may_be_rewritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Found by the campaign: to freeze half a million formulas took thirteen seconds."""
    monkeypatch.setattr(Of.WRITTEN_CELLS, "most", 2)
    held = Workbook.open(book(rows('<c r="A1"><v>1</v></c>')), "甲.xlsx")
    for _ in range(2):
        held.write("表", Ref(1, 1), Decimal(1))
        held.write("表", Ref(1, 2), Decimal(2))
    with pytest.raises(WorkbookError, match=r"^甲\.xlsx：要改写的单元格太多，超过上限 2 个"):
        held.write("表", Ref(1, 3), Decimal(3))
