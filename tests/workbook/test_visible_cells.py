"""What a cell says to whoever looks at the sheet: merged cells, dates, years, formulas that nobody has calculated."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.bench.books import clean_form
from tests.hosts.libreoffice import Office
from tests.workbook.test_inspection import CLEAN
from tests.workbooks import edited, new_bytes, patched
from xlperf.audit.run import Report
from xlperf.checks.rule import Severity
from xlperf.errors import ValuesError
from xlperf.form.record import State, record_from_values, values_of
from xlperf.form.template import Template
from xlperf.package import Area, Ref, Workbook, area_text
from xlperf.udf.formulas import perf_formulas
from xlperf.workbook.actions import FillAs, Form, Formulas, check, fill, freeze, open_form, roll


def report_of(blob: bytes) -> Report:
    return check(open_form(blob))[0]


def codes(report: Report, *keys: str) -> set[tuple[str, str]]:
    return {(each.code, each.key) for each in report.findings if not keys or each.key in keys}


def part_of(form: Form, sheet: str) -> str:
    return f"xl/worksheets/sheet{form.book.sheets.index(sheet) + 1}.xml"


# --- under a merged cell ----------------------------------------------------------------------------------------------


def merged(blob: bytes, key: str, rows: int = 2) -> bytes:
    """The cell of a key merged with those below, which keep what they hold, as programs leave them."""
    form = open_form(blob)
    sheet, ref = form.binding.place(key)
    own = next((each for each in form.book.merges(sheet) if each.contains(ref)), Area(*ref, *ref))
    area = own._replace(bottom=own.top + rows - 1)
    inside = [each for each in form.book.merges(sheet) if area.contains(Ref(each.top, each.left))]

    def change(xml: bytes) -> bytes:
        for each in inside:
            xml, count = re.subn(rb'<mergeCell ref="%s"(?:/>|></mergeCell>)' % area_text(each).encode(), b"", xml)
            assert count == 1, each
        xml, count = re.subn(rb"(<mergeCells)[^>]*>", rb'\1><mergeCell ref="%s"/>' % area_text(area).encode(), xml)
        assert count == 1
        return xml

    return patched(blob, {part_of(form, sheet): change})


def test_figure_under_a_merged_cell_is_not_counted() -> None:
    """3.20 公车运行 merged over 出国 8.00: nobody sees the 8.00, and 三公经费 is 3.20."""
    figures = {"vehicle_operation_actual": "3.20", "overseas_actual": "8.00", "reception_actual": "0"}
    blob = merged(new_bytes(CLEAN | {"fields": CLEAN["fields"] | figures}), "vehicle_operation_actual")
    form = open_form(blob)
    assert form.record["overseas_actual"].state is State.BLANK
    report = report_of(blob)
    assert report.values["sangong_actual"] == Decimal("3.20")
    (hidden,) = (each for each in report.findings if each.code == "XLP708")
    place = form.binding.place("overseas_actual")
    assert (hidden.at, hidden.key, hidden.stated) == (place.address, "overseas_actual", "8")
    assert "盖住" in hidden.message
    assert "8.00" in hidden.message


@pytest.mark.parametrize("how", [*FillAs, perf_formulas])
def test_what_fill_writes_does_not_count_it_either(how: FillAs | Formulas) -> None:
    """A formula over the area would count the hidden figure, so the figure is written."""
    figures = {"vehicle_operation_actual": "3.20", "overseas_actual": "8.00", "reception_actual": "0"}
    blob = merged(new_bytes(CLEAN | {"fields": CLEAN["fields"] | figures}), "vehicle_operation_actual")
    form = open_form(blob)
    fill(form, how)
    form = open_form(form.book.to_bytes())
    place = form.binding.place("sangong_actual")
    cell = form.book.cells(place.sheet)[place.ref]
    assert (cell.text, cell.formula) == ("3.2", None)


def test_figure_under_a_merged_cell_of_a_row_table() -> None:
    """The row below has only the hidden figure: it is no row of the table, and its figure is named."""
    values = CLEAN | {
        "project_special": [
            {"name": "应急指挥中心", "prior_actual": "10", "budget": "20", "actual": "21"},
            {"name": "信息化建设", "budget": "5"},
        ]
    }
    form = open_form(new_bytes(values))
    row = form.binding.place("project_special[1].budget")
    form.book.write(row.sheet, form.binding.place("project_special[1].name").ref, None)
    blob = form.book.to_bytes()
    for key in ("project_special[0].budget",):
        blob = merged(blob, key)
    report = report_of(blob)
    assert report.record.row_counts["project_special"] == 1
    assert report.values["project_budget"] == Decimal("20.00")
    (hidden,) = (each for each in report.findings if each.code == "XLP708")
    assert (hidden.at, hidden.stated) == (row.address, "5")


def test_a_hidden_zero_or_words_are_no_figure() -> None:
    for hidden in ("0", "无"):
        figures = {"vehicle_operation_actual": "3.20", "overseas_actual": hidden, "reception_actual": "0"}
        blob = new_bytes(CLEAN | {"fields": CLEAN["fields"] | figures})
        report = report_of(merged(blob, "vehicle_operation_actual"))
        assert "XLP708" not in {code for code, _ in codes(report)}


def test_points_for_several_rows_with_a_figure_left_under_them() -> None:
    """20 points for two rows; the 30 that the file still holds under them is not counted and is named."""
    blob = merged(edited(CLEAN, {"fill": False}), "indicators[0].weight")
    report = report_of(blob)
    assert (report.record["indicators[0].weight"].shown, report.record["indicators[0].weight"].shared) == ("20", True)
    assert report.record["indicators[1].weight"].state is State.NOT_APPLICABLE
    assert report.values["total_weight"] == Decimal("60.00") - 0
    assert ("XLP708", "indicators[1].weight") in codes(report)


def test_a_total_calculated_with_the_hidden_figure_is_not_called_old() -> None:
    """Excel will give the same again; it is told apart from its visible parts instead."""
    figures = {"vehicle_operation_actual": "3.20", "overseas_actual": "8.00", "reception_actual": "0"}
    blob = merged(edited(CLEAN | {"fields": CLEAN["fields"] | figures}, {}), "vehicle_operation_actual")
    report = report_of(blob)
    assert ("XLP709", "sangong_actual") not in codes(report)
    assert ("XLP201", "sangong_actual") in codes(report)
    assert ("XLP708", "overseas_actual") in codes(report)


# --- dates ------------------------------------------------------------------------------------------------------------


def dated(key: str, value: Decimal, number_format: str, *, since_1904: bool = False, **fields: str) -> bytes:
    form = open_form(new_bytes(CLEAN | {"year": "2022", "fields": CLEAN["fields"] | fields}))
    place = form.binding.place(key)
    form.book.write(place.sheet, place.ref, value, number_format=number_format)
    return in_1904(form.book.to_bytes()) if since_1904 else form.book.to_bytes()


def in_1904(blob: bytes) -> bytes:
    def change(xml: bytes) -> bytes:
        xml, count = re.subn(rb"<workbookPr\b[^>]*?(?=/?>)", b'<workbookPr date1904="1"', xml)
        assert count == 1
        return xml

    return patched(blob, {"xl/workbook.xml": change})


@pytest.mark.parametrize(
    ("serial", "since_1904", "shown"),
    [
        ("44986", False, "2023年3月1日"),
        ("43524", True, "2023年3月1日"),
        ("0", True, "1904年1月1日"),
        ("44986.75", False, "2023年3月1日"),
    ],
)
def test_dates_of_both_systems(serial: str, since_1904: bool, shown: str) -> None:
    blob = dated("filled_on", Decimal(serial), "yyyy/m/d", since_1904=since_1904)
    assert open_form(blob).record["filled_on"].shown == shown


def test_a_day_of_1904_is_in_the_right_year() -> None:
    assert ("XLP408", "filled_on") not in codes(
        report_of(dated("filled_on", Decimal(43524), "yyyy/m/d", since_1904=True))
    )
    assert ("XLP408", "filled_on") in codes(report_of(dated("filled_on", Decimal(43524), "yyyy/m/d")))


def test_no_day_beyond_the_calendar() -> None:
    """Days that no calendar has are shown as the numbers they are; nothing breaks."""
    blob = dated("filled_on", Decimal(2_958_465), "yyyy/m/d", since_1904=True)
    assert open_form(blob).record["filled_on"].shown == "2958465"


# --- years ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number_format", ["yyyy/m/d", 'yyyy"年"', 'yyyy"年"m"月"d"日"', "m/d/yy", "[$-804]yyyy年"])
def test_a_year_typed_as_a_date(number_format: str) -> None:
    report = report_of(dated("year", Decimal(44562), number_format))
    assert report.record["year"].number == 2022
    assert "44562" not in "".join(each.message for each in report.findings)
    (told,) = (each for each in report.findings if each.key == "year")
    assert (told.code, told.severity, told.expected) == ("XLP704", Severity.INFO, "2022")


def test_a_year_typed_as_a_date_in_a_book_of_1904() -> None:
    assert report_of(dated("year", Decimal(43100), "yyyy/m/d", since_1904=True)).record["year"].number == 2022


def test_a_year_typed_where_a_date_was() -> None:
    """2022 in a cell with the format of a date shows 1905年7月14日, and nobody evaluates 1905."""
    report = report_of(dated("year", Decimal(2022), "yyyy/m/d"))
    assert report.record["year"].number == 2022
    assert codes(report, "year") == set()


@pytest.mark.parametrize(
    "text",
    ["2022", "2022年", "2022年度", "２０２２年", "二〇二二年", "二○二二年度", "2022 年", "2022-01-01", "2022年1月1日"],
)
def test_a_year_in_words(text: str, template: Template) -> None:
    form = open_form(new_bytes(CLEAN | {"year": "2023"}))
    place = form.binding.place("year")
    form.book.write(place.sheet, place.ref, text)
    report = report_of(form.book.to_bytes())
    assert report.record["year"].number == 2022
    assert codes(report, "year") == {("XLP704", "year")}
    assert record_from_values({"year": text}, template)["year"].number == 2022


@pytest.mark.parametrize("value", ["44562", "2021-2022年", "22年", "二〇二二", "20220101", "2022.5", "今年"])
def test_what_is_no_year(value: str, template: Template) -> None:
    """One finding that says what to do, and no other on the year; `new` refuses."""
    if value == "二〇二二":
        assert record_from_values({"year": value}, template)["year"].number == 2022
        return
    form = open_form(new_bytes(CLEAN | {"year": "2023"}))
    place = form.binding.place("year")
    form.book.write(place.sheet, place.ref, Decimal(value) if value.replace(".", "").isdecimal() else value)
    report = report_of(form.book.to_bytes())
    assert codes(report, "year") == {("XLP104", "year")}
    assert [each.code for each in report.findings if value in each.message] == ["XLP104"]
    with pytest.raises(ValuesError, match="year 应为年份"):
        record_from_values({"year": value}, template)


def test_the_year_of_a_building() -> None:
    """Older buildings have older years, and 0 says that there is none."""
    for value, codes_there in ((1998, {"XLP408"}), (0, {"XLP408"}), (44562, {"XLP104"})):
        report = report_of(dated("building_year", Decimal(value), "General"))
        assert {code for code, _ in codes(report, "building_year")} == codes_there


# --- formulas without a result ----------------------------------------------------------------------------------------


def without_results(blob: bytes, formulas: dict[str, str] | None = None) -> bytes:
    """As programs save a workbook that do not calculate."""
    form = open_form(blob)
    book = openpyxl.load_workbook(io.BytesIO(blob))
    for key, formula in (formulas or {}).items():
        place = form.binding.place(key)
        book[place.sheet].cell(*place.ref).value = formula
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_totals_of_a_rolled_workbook_are_not_blank() -> None:
    """上年的合计 are the form's own formulas, which the next program calculates."""
    new, _ = roll(open_form(edited(CLEAN, {})))
    blob = new.book.to_bytes()
    assert open_form(blob).record["project_prior_actual"].is_blank
    report = report_of(blob)
    assert {key for code, key in codes(report) if code == "XLP103"} == {"basic_prior"}  # typed in this form, and blank
    assert "XLP104" not in {code for code, _ in codes(report)}


def test_the_forms_own_formulas_without_results() -> None:
    """The same findings as with results, whatever program saved the file."""
    whole = edited(CLEAN, {})
    assert codes(report_of(without_results(whole))) == codes(report_of(whole))


def test_an_input_whose_formula_has_no_result() -> None:
    """Not blank, not nil: one finding that says to open and save; what is summed from it is not made up."""
    place = open_form(edited(CLEAN, {})).binding.place("annual_spent")
    blob = without_results(edited(CLEAN, {}), {"annual_spent": "=250+1.06", "preparer": '="张"&"三"'})
    report = report_of(blob)
    told = [each for each in report.findings if each.code == "XLP104"]
    assert [(each.at, each.severity) for each in told] == [(place.address, Severity.ERROR)]
    assert "打开并保存一次" in told[0].message
    assert {"preparer"} == {key for _, key, _ in told[0].related}
    assert codes(report, "annual_spent", "preparer") == {("XLP104", "annual_spent")}
    form = open_form(blob)
    fill(form)
    filled = open_form(form.book.to_bytes())
    assert filled.record["execution_rate"].is_blank
    assert "annual_spent" not in values_of(report.record)["fields"]


def test_points_by_our_own_formula_without_a_result() -> None:
    """fill gives a blank 得分 a formula; saved by a program that drops results it still is what that gives."""
    rows = [CLEAN["indicators"][0] | {"target": "≥10次", "actual": "8次", "score": ""}]
    values: dict[str, Any] = CLEAN | {"indicators": rows}
    form = open_form(new_bytes(values))
    fill(form)
    blob = form.book.to_bytes()
    assert codes(report_of(without_results(blob))) == codes(report_of(blob))
    assert report_of(without_results(blob)).record["indicators[0].score"].shown == "16"
    form = open_form(without_results(blob))
    fill(form)
    assert open_form(form.book.to_bytes()).record["indicators[0].score"].shown == "16"


def test_merges_are_looked_through_once_a_sheet_not_once_a_field(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    real = Workbook.merges

    def counted(book: Workbook, sheet: str) -> tuple[Area, ...]:
        calls.append(sheet)
        return real(book, sheet)

    monkeypatch.setattr(Workbook, "merges", counted)
    numbers = []
    for rows in (1, 4):
        form = open_form(new_bytes(clean_form(rows)))
        calls.clear()
        check(form)
        numbers.append(len(calls))
    assert numbers[0] == numbers[1] > 0
    assert max(map(calls.count, calls)) < 10


# --- LibreOffice ------------------------------------------------------------------------------------------------------


def test_calc_keeps_what_it_counts_from(office: Office, tmp_path: Path) -> None:
    """The menu reads a copy as Calc saves it: its dates of 1904 are told as such."""
    source = tmp_path / "book.xlsx"
    source.write_bytes(dated("filled_on", Decimal(43524), "yyyy/m/d", since_1904=True))
    (saved,) = office.convert([source], "xlsx", tmp_path / "saved")
    assert open_form(saved).record["filled_on"].shown == "2023年3月1日"


def test_calc_keeps_what_a_merge_covers(office: Office, tmp_path: Path) -> None:
    figures = {"vehicle_operation_actual": "3.20", "overseas_actual": "8.00", "reception_actual": "0"}
    source = tmp_path / "book.xlsx"
    blob = new_bytes(CLEAN | {"fields": CLEAN["fields"] | figures})
    source.write_bytes(merged(blob, "vehicle_operation_actual"))
    (saved,) = office.convert([source], "xlsx", tmp_path / "saved")
    form = open_form(saved)
    assert form.record["overseas_actual"].is_blank
    freeze(form)
