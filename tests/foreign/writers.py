"""A drawn form as a workbook of some other program, with comments, rules, names, pictures and sheets of its own."""

from __future__ import annotations

import io
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from tests.hosts.libreoffice import Office
from tests.intake.laid_out import placed, value_of, write
from tests.layouts.drawing import Form, draw
from tests.layouts.words import USUAL
from tests.package.kitchen_sink import picture
from xlperf.package import Area, Ref, quoted_title, ref_text

_TITLES = ("项目支出绩效自评表", "Sheet1", "2023 '自评' 终稿", "附件2（乙）")
_EXTRAS = (
    "comments rules validation names picture notes_sheet hidden_sheet print frozen_panes filter protected link "
    "formulas blanks"
).split()
_AUTHOR, _COMMENT = "王会计", "请核对原始凭证"


class Drawn(NamedTuple):
    """A form, where it stands in its workbook, and what else that has."""

    number: int
    form: Form
    title: str
    extras: frozenset[str]

    @property
    def rows(self) -> list[list[str]]:
        head = f"{self.form.year}年度项目支出绩效自评表"
        return [[head, *["<"] * (len(self.form.grid[0]) - 1)], *self.form.grid]

    def places(self, column: str) -> list[Ref]:
        """The cells of a key, or of a column of the indicators, from above."""
        return [Ref(row + 1, col) for (row, col), (_, key) in self.form.expected.items() if key == column]

    def scores(self) -> list[Ref]:
        return [
            Ref(row + 1, col)
            for (row, col), (_, key) in self.form.expected.items()
            if key.startswith("indicators[") and key.endswith("].score")
        ]

    def formulas(self) -> Mapping[Ref, tuple[str, float, str]]:
        """What stands in cells that calculate: a formula, its value and its number format."""
        if "formulas" not in self.extras:
            return {}
        found = {}
        text = {Ref(row + 1, col): text for (row, col), (text, _) in self.form.expected.items()}
        rate, spent, budget = (self.places(key) for key in ("execution_rate", "annual_spent", "annual_budget"))
        if rate and spent and budget:
            share = float(text[spent[0]]) / float(text[budget[0]])
            found[rate[0]] = f"{ref_text(spent[0])}/{ref_text(budget[0])}", share, "0.00%"
        total, scores = self.places("total_score"), [*self.places("execution_score"), *self.scores()]
        if total and scores:
            figure = sum(float(text[ref]) for ref in scores)
            found[total[0]] = f"SUM({','.join(map(ref_text, scores))})", figure, "0.00"
        return found

    def commented(self) -> list[Ref]:
        """Cells that somebody wrote about: some of them will have a finding."""
        return [*self.places("total_score"), *self.scores()[:1], Ref(1, 1)][:3] if "comments" in self.extras else []


def drawn(number: int, seed: int) -> Drawn:
    dice = random.Random(seed * 1_000 + number)
    extras = frozenset(dice.sample(_EXTRAS, dice.randint(4, len(_EXTRAS))))
    form = draw(seed * 1_000_000 + number, USUAL)
    return Drawn(number, _with_blanks(form, dice) if "blanks" in extras else form, dice.choice(_TITLES), extras)


def _with_blanks(form: Form, dice: random.Random) -> Form:
    """Some of what can be computed is not filled in yet."""
    computed = ("execution_rate", "execution_score", "total_weight", "total_score", "].score")
    places = [place for place, (_, key) in form.expected.items() if key.endswith(computed)]
    blank = set(dice.sample(places, min(len(places), dice.randint(1, 3))))
    grid = [
        ["" if (row, col) in blank else text for col, text in enumerate(texts, 1)]
        for row, texts in enumerate(form.grid, 1)
    ]
    return form._replace(grid=grid, expected={at: cell for at, cell in form.expected.items() if at not in blank})


def write_all(books: Sequence[Drawn], folder: Path, office: Office | None) -> list[Path]:
    """Every third by each program; every other one of LibreOffice's was an .ods before."""
    paths = [folder / f"{each.number:02}.xlsx" for each in books]
    for book, path in zip(books, paths, strict=True):
        (by_openpyxl if book.number % 3 == 0 else by_xlsxwriter)(book, path)
    through_calc = [path for book, path in zip(books, paths, strict=True) if book.number % 3 == 2]
    if through_calc and office is not None:
        sheets = office.convert(through_calc[::2], "ods", folder / "ods")
        office.convert([*sheets, *through_calc[1::2]], "xlsx:Calc MS Excel 2007 XML", folder / "calc")
        for path in through_calc:
            path.write_bytes((folder / "calc" / path.name).read_bytes())
    return paths


def writer_of(book: Drawn) -> str:
    return ("openpyxl", "XlsxWriter", "LibreOffice")[book.number % 3]


def by_openpyxl(drawn: Drawn, path: Path) -> None:
    """Its formulas have no values, so it has none here; and for pictures it wants another package."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = drawn.title
    line, fill = Side("thin"), PatternFill("solid", fgColor="DDEBF7")
    for area, text in placed(drawn.rows):
        if text:
            write(sheet, area, text)
        cell = sheet.cell(area.top, area.left)
        cell.border = Border(line, line, line, line)
        cell.alignment = Alignment("center", "center", wrap_text=True)
        if area.top == 1:
            cell.font, cell.fill = Font("黑体", 16, bold=True), fill
    _openpyxl_extras(book, sheet, drawn)
    if "notes_sheet" in drawn.extras:
        notes = book.create_sheet("填写说明", drawn.number % 2)
        for row, text in enumerate(_NOTES, 1):
            notes.cell(row, 1, text)
        if "picture" in drawn.extras:
            chart = BarChart()
            chart.add_data(Reference(sheet, 1, 1, 1, 3))
            notes.add_chart(chart, "C3")
    if "hidden_sheet" in drawn.extras:
        book.create_sheet("字典").sheet_state = "hidden"
        book["字典"].append(["优", "良", "中", "差"])
    book.save(path)


def _openpyxl_extras(book: Any, sheet: Any, drawn: Drawn) -> None:
    for ref in drawn.commented():
        sheet.cell(*ref).comment = Comment(_COMMENT, _AUTHOR)
    scores = " ".join(map(ref_text, drawn.scores())) or "A1"
    if "rules" in drawn.extras:
        low = CellIsRule(operator="lessThan", formula=["5"], fill=PatternFill(bgColor="FFC7CE"))
        sheet.conditional_formatting.add(scores, low)
        sheet.conditional_formatting.add(
            scores, ColorScaleRule("min", start_color="FFFFFF", end_type="max", end_color="63BE7B")
        )
    if "validation" in drawn.extras:
        points = DataValidation("decimal", operator="between", formula1="0", formula2="100", sqref=scores)
        sheet.add_data_validation(points)
    if "names" in drawn.extras:
        corner = f"{quoted_title(drawn.title)}!$A$1"
        book.defined_names["表头"] = DefinedName("表头", attr_text=corner)
        sheet.defined_names["本表"] = DefinedName("本表", attr_text=corner)
    if "print" in drawn.extras:
        sheet.print_title_rows, sheet.print_area = "1:2", f"A1:{ref_text(_corner(drawn))}"
        sheet.page_setup.orientation, sheet.oddFooter.center.text = "landscape", "第 &P 页"
    if "frozen_panes" in drawn.extras:
        sheet.freeze_panes = "B3"
    if "filter" in drawn.extras:
        sheet.auto_filter.ref = f"A2:{ref_text(_corner(drawn))}"
    if "protected" in drawn.extras:
        sheet.protection.sheet = True
    if "link" in drawn.extras:
        sheet.cell(1, 1).hyperlink = "https://example.org/"


def by_xlsxwriter(drawn: Drawn, path: Path) -> None:
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False})
    if "notes_sheet" in drawn.extras and drawn.number % 2:
        _notes(book, drawn)
    sheet = book.add_worksheet(drawn.title)
    look = {"border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
    plain = book.add_format(look)
    head = book.add_format(look | {"bold": True, "font_name": "黑体", "font_size": 16, "bg_color": "#DDEBF7"})
    formulas = drawn.formulas()
    for area, text in placed(drawn.rows):
        _write(book, sheet, area, text, head if area.top == 1 else plain)
        if (found := formulas.get(Ref(area.top, area.left))) is not None:
            formula, value, number_format = found
            look_of = book.add_format(look | {"num_format": number_format})
            sheet.write_formula(area.top - 1, area.left - 1, f"={formula}", look_of, value)
    for ref in drawn.commented():
        sheet.write_comment(ref_text(ref), _COMMENT, {"author": _AUTHOR})
    _rules(book, sheet, drawn)
    if "names" in drawn.extras:
        corner = f"={quoted_title(drawn.title)}!$A$1"
        book.define_name("表头", corner)
        if "'" not in drawn.title:  # XlsxWriter does not know such a sheet again
            book.define_name(f"{quoted_title(drawn.title)}!本表", corner)
    if "picture" in drawn.extras:
        sheet.insert_image(len(drawn.rows) + 1, 1, "章.png", {"image_data": io.BytesIO(picture())})
        sheet.set_header("&L&G", {"image_left": "h.png", "image_data_left": io.BytesIO(picture())})
    if "print" in drawn.extras:
        sheet.repeat_rows(0, 1)
        sheet.set_landscape()
        sheet.set_footer("&C第 &P 页")
    if "frozen_panes" in drawn.extras:
        sheet.freeze_panes(2, 1)
    if "filter" in drawn.extras:
        corner_ref = _corner(drawn)
        sheet.autofilter(1, 0, corner_ref.row - 1, corner_ref.col - 1)
    if "protected" in drawn.extras:
        sheet.protect("", {"format_cells": True})
    if "link" in drawn.extras:
        sheet.write_url(len(drawn.rows) + 8, 0, f"internal:{quoted_title(drawn.title)}!A1", string="返回")
    if "notes_sheet" in drawn.extras and not drawn.number % 2:
        _notes(book, drawn)
    if "hidden_sheet" in drawn.extras:
        words = book.add_worksheet("字典")
        words.write_row(0, 0, ["优", "良", "中", "差"])
        words.hide()
    book.set_properties({"title": "自评", "company": "某单位"})
    book.close()


_NOTES = ("填写说明", "一、金额单位见表头。", "二、本表一式三份。")


def _write(book: Any, sheet: Any, area: Area, text: str, form: Any) -> None:
    value = value_of(text)
    box = area.top - 1, area.left - 1, area.bottom - 1, area.right - 1
    if box[:2] == box[2:]:
        sheet.write(*box[:2], value, form)
    else:
        sheet.merge_range(*box, value, form)


def _rules(book: Any, sheet: Any, drawn: Drawn) -> None:
    """Rules for how cells look, and for what may be typed into them."""
    scores = drawn.scores()
    if "rules" in drawn.extras:
        low = {"type": "cell", "criteria": "<", "value": 5, "format": book.add_format({"bg_color": "#FFC7CE"})}
        for ref in scores[:3]:
            sheet.conditional_format(ref_text(ref), low)
            sheet.conditional_format(ref_text(ref), {"type": "data_bar", "data_bar_2010": True})
    if "validation" in drawn.extras:
        points = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100}
        for ref in scores:
            sheet.data_validation(ref_text(ref), points)


def _notes(book: Any, drawn: Drawn) -> None:
    """A sheet that is no form, with a table and a formula of its own."""
    notes = book.add_worksheet("填写说明")
    for row, text in enumerate(_NOTES):
        notes.write(row, 0, text)
    columns = [{"header": "科室"}, {"header": "联系人"}]
    notes.add_table("C5:D7", {"data": [["办公室", "甲"], ["财务科", "乙"]], "columns": columns})
    notes.write_formula("A6", "=1+2", None, 3)
    notes.write_comment("A1", _COMMENT, {"author": _AUTHOR})
    if "picture" in drawn.extras:
        notes.insert_image("F2", "图.png", {"image_data": io.BytesIO(picture())})


def _corner(drawn: Drawn) -> Ref:
    return Ref(len(drawn.rows), len(drawn.rows[0]))
