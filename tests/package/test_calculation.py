"""Formulas computed as Excel does. What a real spreadsheet program makes of ours: tests/hosts/test_differential.py."""

from __future__ import annotations

import gc
import weakref
from decimal import Decimal
from typing import Any

import pytest

from tests.package.books import book
from xlperf.package import Ref, Workbook, calculation, parse_ref
from xlperf.package.calculation import Calculation
from xlperf.package.patch import Fault

HERE = Ref(1, 1)
DIVIDED = Fault("#DIV/0!")
# what stands on the sheet 乙
CELLS: dict[str, Any] = {
    "B1": Decimal("109.33"), "B2": Decimal("-7"), "B3": "甲", "B4": "——", "B5": "", "B7": DIVIDED, "B8": True,
    "C1": "产出指标\n（50分）", "C4": "效益指标",
    "D1": Decimal(10), "D2": Decimal("12.5"), "D3": "十", "D4": Decimal(1),
    "E1": "a*c", "E2": "ABC", "E3": Decimal("0.4938"), "E4": "5.5",
}  # fmt: skip
MARKS = '{"——","无","abc"}'
LEVELS = 'LOOKUP(ROW(乙!C1:C4),ROW(乙!C1:C4)/(乙!C1:C4<>""),乙!C1:C4)'
SHOWN: list[tuple[str, object]] = [
    # an empty cell, an empty text, a text and a number
    ('乙!B6=""', True), ("乙!B6=0", True), ('乙!B5=""', True), ("乙!B5=0", False), ("乙!B6", Decimal(0)), ("乙!B5", ""),
    ("乙!B6+1", Decimal(1)), ("乙!B5+1", "#VALUE!"), ("乙!E4+1", Decimal("6.5")), ("乙!B3>乙!B1", True),
    ("乙!B8>乙!B3", True), ("乙!B8+1", Decimal(2)), ('"ABC"="abc"', True), ("乙!B1&乙!B3", "109.33甲"),
    ('乙!B8&""', "TRUE"),
    ("LEN(乙!B1)", Decimal(6)), ("LEN(乙!B6)", Decimal(0)), ('FIND(".",乙!B1&".")', Decimal(4)),
    # signs, the closest first
    ("1+2*3^2", Decimal(19)), ("-2^2", Decimal(4)), ("2^3^2", Decimal(64)), ("10-2-3", Decimal(5)), ("1+1&2", "22"),
    ("1+1>1", True), ("--(1>2)", Decimal(0)), ("0.1+0.2", Decimal("0.3")), ("1/3", Decimal("0.333333333333333")),
    # functions
    ("ROUND(2.675,2)", Decimal("2.68")), ("ROUND(-0.5,0)", Decimal(-1)),
    ("SIGN(乙!B2)", Decimal(-1)), ("ABS(乙!B2)", Decimal(7)),
    ("COUNT(乙!B1:B8)", Decimal(2)), ("COUNT(乙!B1,乙!B3,乙!B7,3)", Decimal(2)), ("SUM(乙!B1:B6)", Decimal("102.33")),
    ("MAX(乙!B1:B5,3)", Decimal("109.33")), ("MIN(乙!B3:B5)", Decimal(0)),
    ("NOT(乙!B6)", True), ('SUBSTITUTE("a.b.",".","")', "ab"),
    ('LEFT("产出指标",2)', "产出"), ("CHAR(10)", "\n"),
    ("AND(TRUE,乙!B6)", True), ("OR(FALSE,0)", False), ("ROW(乙!B6)", Decimal(6)),
    ("IF(乙!B6,1,2)", Decimal(2)), ('IF("x",1,2)', "#VALUE!"), ('COUNTIF(乙!B1:B4,"——")', Decimal(1)),
    (f"MATCH(乙!B4,{MARKS},0)", Decimal(1)),
    (f"MATCH(乙!E2,{MARKS},0)", Decimal(3)), (f"MATCH(乙!B1,{MARKS},0)", "#N/A"),
    (f"MATCH(乙!E1,{MARKS},0)", Decimal(3)), (f'MATCH("~*",{MARKS},0)', "#N/A"), (f'MATCH("?",{MARKS},0)', Decimal(2)),
    ('VLOOKUP("良好",{"优秀","优";"良好","良"},2,FALSE)', "良"), ('VLOOKUP("良好",{"优秀","优"},2,FALSE)', "#N/A"),
    ('CELL("format",乙!E3)="P2"', True), ('CELL("format",乙!B1)="P2"', False),
    # faults
    ("乙!B7", "#DIV/0!"), ("1/乙!B6", "#DIV/0!"),
    ("SUM(乙!B1:B8)", "#DIV/0!"), ("OR(TRUE,乙!B7)", "#DIV/0!"), ("10^400", "#NUM!"),
    ('IFERROR(乙!B7,"没有")', "没有"), ("IFERROR(1,2)", Decimal(1)),
    ("IF(TRUE,1,乙!B7)", Decimal(1)), ("ISNA(乙!B7)", False),
    ("TEXT(46042,\"yyyy年m月d日\")", "2026年1月20日"), ("TEXT(46042,\"yyyy-mm-dd\")", "2026-01-20"),
    ("ISNUMBER(乙!B7)", False), ("ISTEXT(乙!B5)", True), ("ISTEXT(乙!B6)", False), (f"ISNA(MATCH(1,{MARKS},0))", True),
    # columns
    ("SUMPRODUCT(乙!D1:D4,乙!D1:D4)", Decimal("257.25")), ("SUMPRODUCT(ISNUMBER(乙!D1:D4)*2)", Decimal(6)),
    ("SUMPRODUCT(--(乙!D1:D4>2))", Decimal(3)),
    ("SUMPRODUCT(乙!D1:D4>2)", Decimal(0)), ("SUMPRODUCT(乙!D1:D4*2)", "#VALUE!"),
    (f'SUMPRODUCT(--(LEFT(SUBSTITUTE({LEVELS},CHAR(10),""),2)="产出"),乙!D1:D4)', Decimal("22.5")),
    ("SUMPRODUCT(LEN(乙!D1:D4))", Decimal(8)), ("SUMPRODUCT(乙!D1:D4,乙!D1:D3)", "#VALUE!"),
]  # fmt: skip


def workbook(formula: str, others: dict[str, str] | None = None) -> Workbook:
    """The formula in 表!A1, further ones elsewhere on that sheet, and the cells that they read."""
    found = Workbook.open(book())
    for address, value in CELLS.items():
        found.write("乙", parse_ref(address), value, number_format="0.00%" if address == "E3" else None)
    for address, text in {"A1": formula, **(others or {})}.items():
        found.write("表", parse_ref(address), None, formula=text)
    return found


def shown(found: Workbook) -> object:
    """What 表!A1 comes to show; None if it is left alone."""
    changes = {ref: value for ref, _, value in Calculation(found, "表").changes()}
    value = changes.get(HERE)
    return value.code if isinstance(value, Fault) else value


@pytest.mark.parametrize(("formula", "value"), SHOWN)
def test_computed_as_excel_does(formula: str, value: object) -> None:
    found = shown(workbook(formula))
    assert (type(found), found) == (type(value), value)


LEFT_ALONE = [
    "NOW()", "xp_year+1", "SUM(乙!A:A)", "[1]表!B1", "'没有'!B1", "SUM(乙!B1", "乙!B1 乙!B2", "乙!D1:D4",
    "ROUND(1)", "IF(1,2)",
    "MATCH(1,{1,2;3},0)", '"甲', "ROW(1)", "CHAR(200)", "SUM()", "乙!ZZZ1", "1+", "50%",
    f"{'(' * 60}1{')' * 60}",
    "乙!D1:D4+乙!D1:D3", 'COUNTIF(乙!D1:D4,">1")', "MATCH(乙!B1,乙!D1:D4,0)", "LEN(乙!B1:B2:B3)",
    "SUM(乙!A1:XFD1048576)",
]  # fmt: skip


@pytest.mark.parametrize("formula", LEFT_ALONE)
def test_what_we_never_write_is_left_alone(formula: str) -> None:
    found = workbook(formula, {"A2": "1+1", "A3": "A1+1"})
    assert [(ref, value) for ref, _, value in Calculation(found, "表").changes()] == [(Ref(2, 1), 2)]


def test_a_formula_elsewhere_is_computed_where_it_shows_nothing() -> None:
    found = workbook("乙!F1+乙!F2+COUNT(乙!F3)")
    found.write("乙", parse_ref("F1"), "", formula="D1*2")
    found.write("乙", parse_ref("F2"), Decimal(7), formula="D1*3")
    found.write("乙", parse_ref("F3"), "", formula="PERF_SCORE(D1:D4)")
    assert shown(found) == 27


def test_cells_are_read_as_they_are_to_be_saved() -> None:
    found = Workbook.open(workbook("乙!D1*2").to_bytes())
    assert shown(found) == 20
    found.write("乙", parse_ref("D1"), 21)
    assert shown(found) == 42


def test_what_is_shown_already_is_no_change() -> None:
    found = workbook("1/3", {"A2": '""', "A3": "1/0", "A4": "1=1"})
    for ref, formula, value in Calculation(found, "表").changes():
        found.write("表", ref, value, formula=formula)
    again = Workbook.open(found.to_bytes())
    assert [again.cells("表")[Ref(row, 1)].kind.value for row in (1, 2, 3, 4)] == ["number", "text", "error", "bool"]
    assert Calculation(again, "表").changes() == []
    again.write("表", HERE, Decimal("0.33333333333333331"), formula="1/3")  # with the digits that Excel keeps
    assert Calculation(Workbook.open(again.to_bytes()), "表").changes() == []


def test_formulas_that_come_back_to_themselves_end() -> None:
    ring = workbook("A2+1", {"A2": "A1+1"})
    assert len(Calculation(ring, "表").changes()) == 2
    long = workbook("A2+1", {f"A{row}": f"A{row + 1}+1" for row in range(2, 3000)})
    assert shown(long) is None
    assert {ref: value for ref, _, value in Calculation(long, "表").changes()}[Ref(2999, 1)] == 1


def test_large_areas_are_read_up_to_a_number_of_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calculation, "_MOST_READ", 1000)
    many = workbook("1", {f"A{row}": f"COUNT(乙!A1:A300)+{row}" for row in range(2, 10)})
    assert len(Calculation(many, "表").changes()) == 4


def test_a_text_may_be_a_long_pattern() -> None:
    assert shown(workbook('MATCH("' + "*a" * 3000 + '",{"aaaaaaaaab"},0)')) == "#N/A"


@pytest.mark.parametrize("formula", ["1/乙!B6", "SUMPRODUCT(1/乙!B1:B6)", "SUMPRODUCT(1/乙!B1:B8)"])
def test_a_fault_does_not_keep_the_workbook(formula: str) -> None:
    """As it would by where it arose, until the next collection: in a browser memory that once grew never shrinks."""
    computing = Calculation(workbook(formula, {"A2": "A1+1"}), "表")
    kept = weakref.ref(computing)
    gc.disable()
    try:
        assert computing.changes()
        del computing
        assert kept() is None
    finally:
        gc.enable()
