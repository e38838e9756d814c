"""The PERF_* functions: every row of the tables in the registry, shapes, types of cells, and the engine's values."""

from __future__ import annotations

import inspect
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlperf.derive.engine import compute
from xlperf.form.forms import load_template
from xlperf.form.record import record_from_values
from xlperf.udf import FUNCTIONS, Case, ErrorValue, Function
from xlperf.udf.checking import perf_check
from xlperf.udf.functions import (
    _total_by_rows,
    perf_control_rate,
    perf_execution_rate,
    perf_execution_score,
    perf_grade,
    perf_growth_rate,
    perf_indicator_score,
    perf_score,
)
from xlperf.udf.values import columns_of

TEMPLATE = load_template("department_overall")
DIV0, VALUE, NUM, NA, REF = (ErrorValue(text) for text in ("#DIV/0!", "#VALUE!", "#NUM!", "#N/A", "#REF!"))
CASES = [(each, case) for each in FUNCTIONS for case in (*each.examples, *each.bad_input)]


@pytest.mark.parametrize(("function", "case"), CASES, ids=lambda each: getattr(each, "name", ""))
def test_documented(function: Function, case: Case) -> None:
    assert function.function(*case.arguments) == case.value


def test_registry() -> None:
    assert [each.name for each in FUNCTIONS] == list(dict.fromkeys(each.name for each in FUNCTIONS))
    for function in FUNCTIONS:
        assert function.name == function.function.__name__.upper()
        signature = inspect.signature(function.function)
        assert list(signature.parameters) == [each.name for each in function.arguments]
        for argument, parameter in zip(function.arguments, signature.parameters.values(), strict=True):
            assert argument.optional == (parameter.default is None), "optional arguments come last, default None"
        texts = [function.help, function.help_en]
        texts += [text for each in function.arguments for text in (each.help, each.help_en)]
        assert all(0 < len(text) < 255 for text in texts), function.name
        assert function.examples
        assert all(case.note and case.note_en for case in function.bad_input)


def test_needs_nothing_but_the_standard_library() -> None:
    foreign = {"openpyxl", "pandas", "numpy", "xlwings", "click", "lxml"}
    code = f"import sys, xlperf.udf; print(*({foreign} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


# --- cells -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (98.0, 0.98),
        (98, 0.98),
        (Decimal("98"), 0.98),
        ("98", 0.98),
        ("９８．００", 0.98),
        ("1,098", 10.98),
        (" 98 ", 0.98),
        (-98.0, -0.98),
        (0.0, 0.0),
        (-0.0, 0.0),
        (0.1 + 0.2, 0.003),
        (None, ""),
        ("", ""),
        ("　", ""),
        ("……", ""),
        ("...", ""),
        ("——", ""),
        ("无", ""),
        ("不适用", ""),
        ("-", ""),
        ("－－", ""),
        ("／", ""),
        ("n/a", ""),
        ("不涉及", ""),
        ("\u200b", ""),
        ("\u200b98", 0.98),
        ("-98", -0.98),
        ("约98", VALUE),
        ("98%", VALUE),
        ("98％", VALUE),
        ("7.50.", VALUE),
        ("=1+1", VALUE),
        (True, VALUE),
        (date(2023, 1, 1), VALUE),
        (float("nan"), NUM),
        (float("inf"), NUM),
        (DIV0, DIV0),
        (REF, REF),
    ],
)
def test_cell_as_a_number(cell: Any, expected: Any) -> None:
    assert perf_execution_rate(cell, 100.0) == expected
    assert perf_execution_rate([[cell]], [[100.0]]) == expected, "a range of one cell is that cell"
    assert perf_execution_rate([[cell], [50.0]], [[100.0], [100.0]]) == [[expected], [0.5]]


@pytest.mark.parametrize(
    ("target", "actual", "expected"),
    [
        ("≥98%", "49%", 5.0),
        ("98%以上", 0.49, 5.0),
        (0.98, 0.49, 5.0),
        (100, 50.0, 5.0),
        ("不少于２次", "1次", 5.0),
        ("≦5%", "5%", 10.0),
        ("2023年12月前", "2023年11月", 10.0),
        (date(2023, 12, 31), datetime(2023, 12, 1, 8), 10.0),
        ("达成预期指标", "达成预期指标", NA),
        ("控制在合理范围内", "已控制", NA),
        ("≥98%", 98, NA),
        ("……", "98", ""),
        ("≥98", "　", ""),
        (True, "98", VALUE),
        ("98", float("nan"), NUM),
        (REF, DIV0, REF),
    ],
)
def test_cell_as_a_target(target: Any, actual: Any, expected: Any) -> None:
    assert perf_indicator_score(target, actual, 10) == expected


def test_long_text_is_read_in_no_time() -> None:
    for cell in ("1" * 32_767, "，" * 32_767, "≥" + "1," * 16_000):
        assert perf_execution_rate(cell, 100.0) in (VALUE, NUM) or isinstance(perf_execution_rate(cell, 100.0), float)
        perf_indicator_score(cell, "1", 10.0)


def test_amounts_too_large_for_a_cell() -> None:
    assert perf_execution_rate(1e308, 1e-308) == NUM
    assert perf_growth_rate(1e-308, 1e308) == -1.0


def test_error_values() -> None:
    for error in ErrorValue:
        assert ErrorValue.of_text(error.value) is error
        assert ErrorValue.of_number(error.number) is error
    assert ErrorValue.of_number(-2146826281) is DIV0, "as COM hands it in"
    assert ErrorValue.of_number(-2146826246) is NA
    assert DIV0.number == 2007
    assert ErrorValue.of_text("通过") is None
    assert ErrorValue.of_number(0) is None


# --- ranges ----------------------------------------------------------------------------------------------------------


def test_shapes() -> None:
    assert perf_growth_rate(110, 100) == 0.1
    assert perf_growth_rate([110, 90], [100, 100]) == [[0.1], [-0.1]], "a plain list is a column"
    assert perf_growth_rate([[110, 90]], [[100, 100]]) == [[0.1, -0.1]]
    assert perf_growth_rate(((110, 90), (120, None)), ((100, 100), (100, 100))) == [[0.1, -0.1], [0.2, ""]]
    assert perf_growth_rate([[110], [90]], 100) == [[0.1], [-0.1]], "one cell goes with each"
    assert perf_execution_score([[90], [80]], [[100], [100]], [[10], [20]]) == [[9.0], [16.0]]
    assert perf_grade([[95, 85], [None, 12]]) == [["优", "良"], ["", "差"]]


@pytest.mark.parametrize(
    "ranges",
    [
        ([[1], [2]], [[1, 2]]),
        ([[1], [2]], [[1], [2], [3]]),
        ([[1, 2], [3]], [[1, 2], [3, 4]]),
        ([], [[1]]),
        ([[]], [[1]]),
        ([[1], 2], [[1], [2]]),
        ([[1], {0: 2}], [[1], [2]]),
        ([[1], {1: 2}], [[1], [2]]),
        ([[1], "2"], [[1], [2]]),
    ],
)
def test_ranges_that_do_not_fit(ranges: tuple[Any, Any]) -> None:
    assert perf_execution_rate(*ranges) is VALUE


def test_errors_stay_in_their_element() -> None:
    actual = [[50], [DIV0], ["abc"], [None], [50], [50]]
    budget = [[100], [100], [100], [100], [0], [REF]]
    assert perf_control_rate(actual, budget) == [[0.5], [DIV0], [VALUE], [""], [DIV0], [REF]]


# --- PERF_SCORE ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (9.5, 9.5),
        ([9.5, 8], 17.5),
        ([[9.5], [None], ["……"], ["——"], [0]], 9.5),
        ([["９．５"], [0.1], [0.2]], 9.8),
        ([[1.005], [1]], 2.01),
        ([[0.1]] * 3, 0.3),
        ([[None]] * 3, ""),
        ([[0.0]], 0.0),
        ([["合计"], [10]], VALUE),
        ([[NA], ["合计"]], NA),
        ([["合计"], [NA]], VALUE),
        ([[float("inf")]], NUM),
        ([[True], [1]], VALUE),
        ([[1], [True]], VALUE),
        ([[10, 9], [None, None], ["", "……"], [5, None], [None, 3]], 12.0),
        ([[10, 10], [5, 5.01]], NUM),
        ([[1, 1], [True, 1]], VALUE),
        ([[True, None], [1, None], [1, 1]], VALUE),
        ([[10, 9], [REF, None]], REF),
        ([["≥98", 98, 10], ["≤5", 5, 5], [None, None, None]], 15.0),
        ([["≥98", 98, None]], ""),
        ([["按时完成", "已完成", 10]], NA),
        ([["≥98", 98, "十"]], VALUE),
        ([["≥98", 49, 10, 9], ["≥98", 49, 10, None]], 14.0),
        ([["按时完成", "已完成", 10, 8]], 8.0),
        ([["按时完成", "已完成", 10, ""]], NA),
        ([["按时完成", None, 10, ""]], ""),
        ([["≥98", REF, 10, 9]], REF),
        ([["≥98", 98, 10, 10.5]], NUM),
        ([["≥98", 98, -1, None]], NUM),
        ([[1, 2, 3, 4, 5]], VALUE),
    ],
)
def test_total_score(rows: Any, expected: Any) -> None:
    assert perf_score(rows) == expected


def test_score_beyond_a_limit_under_the_default_variant() -> None:
    assert perf_score([["≤5", 6, 10]]) == perf_indicator_score("≤5", 6, 10) == 8.0
    assert perf_indicator_score("≤5", 6, 10, "hunan-ratio") == 8.33
    assert perf_indicator_score("≤5", 6, 10, [["hunan-ratio"]]) == 8.33
    assert perf_indicator_score("≤5", 6, 10, "") == 8.0, "a blank cell names no variant"
    assert perf_indicator_score("≤5", 6, 10, [["hunan-ratio"], ["hunan-linear"]]) is VALUE
    assert perf_indicator_score("≤5", 6, 10, REF) is REF


points = st.one_of(
    st.decimals(0, 10, places=2).map(float),
    st.decimals(0, 10, places=3).map(float),
    st.floats(0, 10),
    st.integers(0, 10),
    st.sampled_from([None, "", "……", "——", "9.5"]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([10, 10.0, None]), points), min_size=1, max_size=40), st.booleans())
def test_the_quick_total_is_the_exact_one(rows: list[tuple[Any, Any]], narrow: bool) -> None:
    """Long columns are added up as floats where that cannot change a digit."""
    cells = [row[1:] for row in rows] if narrow else rows
    assert perf_score(cells) == _total_by_rows(columns_of(cells), lambda *_: Decimal(0))


# --- PERF_CHECK ------------------------------------------------------------------------------------------------------


def test_check_orders_by_gravity_and_counts_rows_of_the_range() -> None:
    rows = [
        ["……", "……", "……", "……"],
        ["控制在合理范围内", "已控制", 10, 10],
        ["≥98%", "49%", 10, 9],
        ["≥98%", None, 5, None],
        ["≥98%", "98%", 5, 6],
        [None, None, None, None],
    ]
    assert perf_check(rows) == [
        ["共 4 项：错误 2，核实 1，未核对 1"],
        ["错误：第3行得分填 9，指标值 ≥98%、完成值 49%、分值 10，按完成比例应为 5。"],
        ["错误：第5行得分填 6，应在 0 与分值 5 之间。"],
        ["核实：第2行年度指标值写“控制在合理范围内”，没有可核对的数量或日期。"],
        ["未核对：第4行实际完成值、得分空白"],
    ]


def test_check_knows_nothing_of_notes() -> None:
    """Rules that ask for a written reason stay with the workbook: the note is not in the range."""
    assert perf_check([["≥98%", "98%", 10, 9], ["≥10次", "26次", 10, 10]]) == "通过"


@pytest.mark.parametrize("rows", [[[True, 1]], [[10, date(2023, 1, 1)]], [[10, "约9"]]])
def test_check_names_what_cannot_be_read(rows: Any) -> None:
    found = perf_check(rows)
    assert isinstance(found, list)
    (first,), (line,) = found
    assert first == "共 1 项：错误 1"
    assert str(line).startswith("错误：第1行")


def test_check_reads_on_past_what_cannot_be_read() -> None:
    found = perf_check([[10, "约9"], [5, 6]])
    assert isinstance(found, list)
    assert [str(line)[:7] for (line,) in found[1:]] == ["错误：第1行得", "错误：第2行得"]


def test_check_of_a_long_range_takes_linear_time() -> None:
    result = perf_check([[10, 10.0 if index % 2 else 11.0] for index in range(4000)])
    assert isinstance(result, list)
    assert len(result) == 2001  # with the line that counts them


# --- the engine ------------------------------------------------------------------------------------------------------

money = st.one_of(st.none(), st.sampled_from(["——", "0", "0.00"]), st.decimals(0, 5000, places=2).map(str))
target = st.sampled_from(["≥98", "≥98%", "≤5", "98%以上", "26次", "2023年12月前", "按时完成", "0", "=5"])
actual = st.sampled_from(["98", "97.5", "95%", "6", "20次", "2023年10月", "已完成", "0", "12", None])
indicators = st.lists(
    st.fixed_dictionaries(
        {"target": target, "actual": actual, "weight": st.sampled_from(["5", "10", "7.5", None])},
        optional={"score": st.sampled_from(["0", "4.5", "5"])},
    ),
    max_size=6,
)
KEYS = (
    "opening_budget",
    "annual_budget",
    "annual_spent",
    "basic_prior",
    "basic_current",
    "staff_quota",
    "staff_actual",
)


@settings(max_examples=300, deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(KEYS, money)), indicators, st.sampled_from(sorted(TEMPLATE.variants)))
def test_values_are_the_engines(fields: dict[str, str | None], rows: list[dict[str, str | None]], variant: str) -> None:
    fields = {"execution_weight": "10", **{key: value for key, value in fields.items() if value is not None}}
    table = [{column: cell for column, cell in row.items() if cell is not None} for row in rows]
    record = record_from_values({"fields": fields, "indicators": table}, TEMPLATE)
    values = compute(record, variant)

    def value(key: str, *, zero_base: Any = DIV0) -> Any:
        found = values.get(key, "")
        return zero_base if found == "——" else float(found) if isinstance(found, Decimal) else found

    def cell(key: str) -> Any:
        stated = record[key]
        return float(stated.number) if stated.number is not None else stated.text

    base = TEMPLATE.figures_of(variant)["execution_base"].value
    spent, budget = cell("annual_spent"), cell(base)
    assert perf_execution_rate(spent, budget) == value("execution_rate")
    rated = value("execution_rate")
    assert perf_execution_score(spent, budget, cell("execution_weight")) == (
        value("execution_score") if isinstance(rated, float) else rated
    )
    assert perf_growth_rate(cell("basic_current"), cell("basic_prior")) == value("basic_growth_rate")
    assert perf_control_rate(cell("staff_actual"), cell("staff_quota")) == value("staff_control_rate")
    earned: list[Any] = []
    for index in record.rows("indicators"):
        written = [cell(f"indicators[{index}].{column}") for column in ("target", "actual", "weight")]
        mine = perf_indicator_score(written[0], written[1], written[2], variant)
        if record[f"indicators[{index}].score"].is_blank:
            theirs = value(f"indicators[{index}].score")
            assert mine == theirs or (mine is NA and theirs == "")
            earned.append([theirs])
        else:
            earned.append([cell(f"indicators[{index}].score")])
    total = perf_score([*earned, [value("execution_score", zero_base="")]])
    assert total == value("total_score")
    if isinstance(total, float) and total <= 100:
        assert perf_grade(total) == value("grade")


@pytest.mark.parametrize(
    "row",
    [
        ["≥98%", 0.99, 10, 10],  # a percent format would show 99%; no host says whether there is one
        [0.98, 0.99, 10, 10],
        [0.98, "99%", 10, 10],
        [0.98, 1.0, 10, 10],
        ["251.06万元", "240万元", 10, 10],  # saved, if it is a cost
    ],
)
def test_check_does_not_call_wrong_what_it_cannot_know(row: list[Any]) -> None:
    assert perf_check([row]) == "通过"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["≥98%", "0.99", 10, 10], "一个按百分数一个不按"),  # text is what it shows
        (["≥98%", 98.0, 10, 10], "一个按百分数一个不按"),
        (["≥98分", 0.99, 10, 10], "没有达到指标值 ≥98分"),
        (["≥98%", 0.95, 10, 10], "没有达到指标值 ≥98%"),
        (["≥100人", "未完成", 10, 10], "但完成值写“未完成”"),
        (["提升能力", "部分达成", 10, 10], "应得 6 至 8 分"),
        (["≥10场/500人", "10场", 10, 10], "是两个指标，不能合用一个分值"),
        (["约100人", "100人", 10, 10], "“约100人”不可衡量"),
        (["90%-95%", "85%", 10, 10], "完成值 85% 低于下限"),
        (["达成目标", "达成", 3.33, 2.65], "应得 2.66 至 3.33 分"),
    ],
)
def test_check_tells_what_it_knows(row: list[Any], said: str) -> None:
    found = perf_check([row])
    assert isinstance(found, list)
    assert len(found) == 2
    assert said in str(found[1][0])


def test_check_says_what_a_person_must_decide() -> None:
    assert perf_check([["≥100人", "已完成", 10, 10]]) == [
        ["共 1 项：未核对 1"],
        ["未核对：第1行指标值“≥100人”是数字，完成值“已完成”是文字，是否达标未能核对"],
    ]


def test_points_of_money_not_spent_are_left_to_a_person() -> None:
    """Saved on a cost, missing from an income: the function does not know which."""
    assert perf_indicator_score("251.06万元", "240万元", 10.0) is NA
    assert perf_indicator_score("251.06万元", "251.06万元", 10.0) == 10.0
    assert perf_indicator_score("≥251.06万元", "240万元", 10.0) == 9.56


@pytest.mark.parametrize(
    "cell", [["abc", [1.0]], {1: 2}, [[1.0]], {1.0}, (1.0, [2.0]), Decimal("sNaN"), Decimal("NaN"), 10**400]
)
def test_what_is_no_cell_at_all(cell: Any) -> None:
    for value in (perf_score([[9.0], [cell]]), perf_grade([[9.0], [cell]]), perf_check([[5.0, 5.0], [5.0, cell]])):
        assert isinstance(value, ErrorValue | list)
    assert perf_score([[cell]]) in (VALUE, NUM)
    assert perf_grade([[cell]]) in ([[VALUE]], VALUE, [[NUM]], NUM)


def test_a_total_beyond_what_a_cell_holds() -> None:
    """Found by the campaign: the range in which the true total lies had no end."""
    assert perf_score([[1.7976931348623157e308]]) is NUM
    assert perf_score([[1e308], [1e308]]) is NUM


@pytest.mark.parametrize("long", ["1," * 16_000, "甲5" * 16_383])
def test_a_finding_fits_into_a_cell(long: str) -> None:
    """Found by the campaign: it quoted all of a long text and was longer than a cell holds."""
    found = perf_check([["≥98", "98", 10.0, long]])
    line = str(found[1][0]) if isinstance(found, list) else ""
    assert line.startswith("错误：第1行得分填的是“" + long[:50])
    assert "不是一个能识别的数字" in line
    assert len(line) < 1200
