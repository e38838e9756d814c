"""Texts of several fonts: what they say, what is struck out, and what is but a mark behind a figure."""

from __future__ import annotations

import pytest

from tests.package.books import MAIN, pack, parts, sheet
from xlperf.package import Ref, Workbook
from xlperf.package.richtext import Run, has_small_signs, shown

STRUCK, RAISED = "<rPr><strike/></rPr>", '<rPr><vertAlign val="superscript"/></rPr>'


def run(drawn: str) -> list[Run]:
    """`~35~36.5` has 35 struck out, `38^1^` a raised 1."""
    runs = []
    for at, piece in enumerate(drawn.replace("~", "|~").replace("^", "|^").split("|")):
        sign = piece[:1] if at else ""
        runs.append((sign, piece[1:] if at else piece))
    found, struck, raised = [], False, False
    for sign, text in runs:
        struck, raised = struck ^ (sign == "~"), raised ^ (sign == "^")
        found.append(Run(text, struck, raised))
    return [each for each in found if each.text]


SAID = [
    # a mark behind a figure is no digit
    ("38^1^", "38", "上下标“1”"),
    ("340.50^[2]^万元", "340.50万元", "上下标“[2]”"),
    ("^1^38", "38", "上下标“1”"),
    ("98%^注1^", "98%", "上下标“注1”"),
    ("10^4^", "10", "上下标“4”"),
    ("公用经费^1^", "公用经费", "上下标“1”"),
    ("38¹", "38", "上下标“¹”"),
    ("38①", "38", "上下标“①”"),
    ("38 ①②万元", "38 万元", "上下标“①②”"),
    ("公用经费²", "公用经费", "上下标“²”"),
    # what is struck out is not said
    ("~35~36.5", "36.5", "删除线“35”"),
    ("36~.~5", "365", "删除线“.”"),
    ("~35~", "", "删除线“35”"),
    ("~35^1^~36", "36", "删除线“351”"),
    # part of the word
    ("建筑面积（m^2^）", "建筑面积（m2）", ""),
    ("500m²", "500m²", ""),
    ("CO^2^排放", "CO2排放", ""),
    ("PM^2.5^", "PM2.5", ""),
    ("38^（含上年结转）^", "38（含上年结转）", ""),
    # a text that is raised as a whole, or an enumeration, is no mark
    ("^38^", "38", ""),
    ("①完成12项，②完成3项", "①完成12项，②完成3项", ""),
    ("95%\n①加强管理", "95%\n①加强管理", ""),
    ("38", "38", ""),
]  # fmt: skip


@pytest.mark.parametrize(("drawn", "text", "left_out"), SAID)
def test_what_a_text_says(drawn: str, text: str, left_out: str) -> None:
    found = shown(run(drawn))
    assert (found.text, "、".join(map(str, found.left_out))) == (text, left_out)


def test_plain_text_is_not_looked_at_closely() -> None:
    assert not has_small_signs("2023年公用经费 38.00 万元")
    assert has_small_signs("38¹")


def test_the_font_of_the_cell_counts_where_a_run_has_none() -> None:
    runs = (Run("35"), Run("36", struck=False, raised=False))
    assert shown(runs).text == "3536"
    assert shown(runs, struck=True).text == "36"


def book(strings: str = "", row: str = "", styles: str = "") -> Workbook:
    content = parts(sheet(f'<row r="1">{row}</row>'))
    if strings:
        content["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
    if styles:
        content["xl/styles.xml"] = styles
    return Workbook.open(pack(content), "表.xlsx")


RICH = {
    f"<r><t>38</t></r><r>{RAISED}<t>1</t></r>": "38",
    f"<r>{STRUCK}<t>35</t></r><r><rPr><b/></rPr><t>36.5</t></r>": "36.5",
    '<r><rPr><strike val="0"/></rPr><t>35</t></r><r><t>6</t></r>': "356",
    '<r><rPr><vertAlign val="baseline"/></rPr><t>35</t></r>': "35",
    f"<r><t>38</t></r><r>{RAISED}<t>1</t></r><rPh sb='0' eb='1'><t>9</t></rPh><phoneticPr fontId='1'/>": "38",
}


@pytest.mark.parametrize("rich", RICH)
def test_shared_and_inline_strings(rich: str) -> None:
    shared = book(f"<si>{rich}</si>", '<c r="A1" t="s"><v>0</v></c>')
    inline = book(row=f'<c r="A1" t="inlineStr"><is>{rich}</is></c>')
    for each in (shared, inline):
        assert shown(each.rich_texts("表")[Ref(1, 1)]).text == RICH[rich]


def test_text_in_one_font_has_no_runs() -> None:
    held = book("<si><t>38</t></si><si><r><t>3</t></r><r><t>8</t></r></si>", '<c r="A1" t="s"><v>1</v></c>')
    assert held.cells("表")[Ref(1, 1)].text == "38"
    assert held.rich_texts("表") == {}


def test_the_cell_keeps_its_whole_text() -> None:
    """What masks or copies a text must see what is struck out as well."""
    held = book(f"<si><r>{STRUCK}<t>35</t></r><r><t>36</t></r></si>", '<c r="A1" t="s"><v>0</v></c>')
    assert held.cells("表")[Ref(1, 1)].text == "3536"


def test_a_cell_may_be_struck_by_its_style() -> None:
    fonts = '<fonts><font/><font><strike/></font><font><strike val="false"/></font></fonts>'
    formats = "".join(f'<xf numFmtId="0" fontId="{number}"/>' for number in (0, 1, 2))
    styles = f'<styleSheet xmlns="{MAIN}">{fonts}<cellXfs>{formats}</cellXfs></styleSheet>'
    held = book(row="".join(f'<c r="{at}1" s="{style}"><v>1</v></c>' for style, at in enumerate("ABC")), styles=styles)
    cells = held.cells("表")
    assert [held.is_struck(cells[Ref(1, col)]) for col in (1, 2, 3)] == [False, True, False]


def test_empty_phonetic_guides_swallow_no_text() -> None:
    held = book(f"<si><r><t>甲</t></r>{'<rPh/>' * 60_000}<r><t>乙</t></r></si>", '<c r="A1" t="s"><v>0</v></c>')
    assert held.cells("表")[Ref(1, 1)].text == "甲乙"
