"""The same sheet, however its XML is spelled: cells are found by expressions, so every liberty of XML is tried."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.package.books import MAIN, book
from xlperf.package import Cell, CellKind, Ref, Workbook, ref_text

SHEET = dict[Ref, Cell]
_NOISE = ("", "", "", " ", "\n\t", "<!-- <c r='A1'><v>9</v></c> -->", "<?pi <row> ?>")
# In XML a carriage return comes back as a line feed, and what looks like _xHHHH_ is an escape.
_TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="_\ufffe\uffff"), max_size=8)
_FORMULAS = st.one_of(st.none(), st.sampled_from(['IF(A1<2,"x>y",B2&"!")', "SUM(A1:B2)", "'甲 乙'!A1"]))


@st.composite
def sheets(draw: st.DrawFn) -> SHEET:
    refs = draw(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 30)), max_size=8, unique=True))
    cells: SHEET = {}
    for row, col in sorted(refs):
        kind = draw(st.sampled_from([CellKind.NUMBER, CellKind.TEXT, CellKind.BOOL, CellKind.ERROR]))
        text = {
            CellKind.NUMBER: draw(st.sampled_from(["0", "-1.50", ".5", "6.02E+23", "12"])),
            CellKind.TEXT: draw(_TEXTS),
            CellKind.BOOL: draw(st.sampled_from(["0", "1"])),
            CellKind.ERROR: "#DIV/0!",
        }[kind]
        cells[Ref(row, col)] = Cell(kind, text, draw(_FORMULAS), draw(st.integers(0, 2)))
    return cells


def spell(draw: Callable[..., object], cells: SHEET) -> str:
    def pick(*choices: str) -> str:
        return str(draw(st.sampled_from(choices)))

    prefix = pick("", "", "x:")

    def text(value: str, *, cdata: bool = True) -> str:
        way = pick("plain", "numbers", "cdata" if cdata and "]]>" not in value else "plain")
        if way == "cdata":
            return f"<![CDATA[{value}]]>{pick('', '<!-- x -->')}"
        if way == "numbers":
            return "".join(f"&#{ord(c)};" if not c.isalnum() or c == "x" else c for c in value)
        value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", pick("&gt;", "&#x3E;"))
        return value if cdata else value.replace('"', "&quot;").replace("'", "&apos;")

    def tag(name: str, attrs: dict[str, str], content: str | None = None) -> str:
        names = draw(st.permutations(sorted(attrs)))
        quotes = ("'", '"')
        written = ""
        for key in names:  # type: ignore[attr-defined]
            quote = pick(*quotes)
            space = pick(" ", " ", "\n ")
            written += f"{space}{key}{pick('=', '=', ' = ')}{quote}{text(attrs[key], cdata=False)}{quote}"
        if content is None:
            return f"<{prefix}{name}{written}{pick('/', ' /')}>" if pick("a", "b") == "a" else tag(name, attrs, "")
        return f"<{prefix}{name}{written}{pick('', ' ')}>{content}</{prefix}{name}{pick('', ' ')}>"

    def cell(ref: Ref, cell: Cell) -> str:
        attrs = {"r": ref_text(ref)} | ({"s": str(cell.style)} if cell.style else {}) | {"odd": "<a/> r='Z9' >"}
        if pick("with", "without") == "without":
            del attrs["odd"]
        head = "" if cell.formula is None else tag("f", {}, text(cell.formula))
        if cell.kind is not CellKind.TEXT:
            kind = {CellKind.BOOL: "b", CellKind.ERROR: "e", CellKind.NUMBER: pick("", "n")}[cell.kind]
            return tag("c", attrs | ({"t": kind} if kind else {}), head + tag("v", {}, text(cell.text)))
        if cell.formula is not None:
            return tag("c", attrs | {"t": "str"}, head + tag("v", {}, text(cell.text)))
        half = len(cell.text) // 2
        runs = [
            tag("r", {}, tag("t", {"xml:space": "preserve"}, text(part)))
            for part in (cell.text[:half], cell.text[half:])
        ]
        guide = tag("rPh", {"sb": "0"}, tag("t", {}, "guide"))
        inline = "".join(runs) + guide if pick("rich", "plain") == "rich" else tag("t", {}, text(cell.text))
        return tag("c", attrs | {"t": "inlineStr"}, tag("is", {}, inline))

    rows = ""
    for number in sorted({ref.row for ref in cells}):
        inside = "".join(pick(*_NOISE) + cell(ref, cells[ref]) for ref in sorted(cells) if ref.row == number)
        rows += pick(*_NOISE) + tag("row", {"r": str(number)} | ({"ht": "9"} if pick("a", "b") == "a" else {}), inside)
    namespace = f'xmlns{":" + prefix[:-1] if prefix else ""}="{MAIN}"'
    body = f"<{prefix}sheetData>{rows}{pick(*_NOISE)}</{prefix}sheetData>"
    return f"{pick('', '<!-- <worksheet> -->')}<{prefix}worksheet {namespace}>{body}</{prefix}worksheet>"


@pytest.mark.slow
@given(st.data())
@settings(max_examples=120, deadline=None)
def test_every_spelling_is_read_and_patched(data: st.DataObject) -> None:
    cells = data.draw(sheets())
    workbook = Workbook.open(book(spell(data.draw, cells)))
    assert dict(workbook.cells("表")) == cells
    ref = data.draw(st.sampled_from([*cells, Ref(5, 5)]))
    workbook.write("表", ref, Decimal(7))
    style = cells[ref].style if ref in cells else 0
    after = Workbook.open(workbook.to_bytes())
    assert dict(after.cells("表")) == cells | {ref: Cell(CellKind.NUMBER, "7", None, style)}
