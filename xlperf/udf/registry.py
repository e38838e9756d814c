"""The table of PERF_* functions: what a host registers and shows, and what docs/functions.md is made from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from xlperf.udf import functions
from xlperf.udf.checking import PASSED, perf_check
from xlperf.udf.values import ErrorValue, Result

CATEGORY = "绩效自评"


class Argument(NamedTuple):
    """An argument as a function wizard shows it. `name` is that of the Python parameter, safe in VBA too."""

    name: str
    label: str
    help: str
    help_en: str
    optional: bool = False


class Case(NamedTuple):
    """A call and its value; where the call is bad input, what is bad about it."""

    arguments: tuple[Any, ...]
    value: Result
    note: str = ""
    note_en: str = ""


class Function(NamedTuple):
    """One function for all hosts. `help` and every argument's help are under 255 characters, as Excel wants them."""

    name: str
    function: Callable[..., Result]
    help: str
    help_en: str
    arguments: tuple[Argument, ...]
    examples: tuple[Case, ...]
    bad_input: tuple[Case, ...]


_BLANK = ("空白", "blank")
_PLACEHOLDER = ("占位行“……”", "placeholder ……")
_NOT_APPLICABLE = ("写着“——”（不适用）", "—— (not applicable)")
_TEXT = ("应填数字处是文字", "text where a number must be")
_PERCENT = ("金额、分值写成百分数的文字", "an amount or points as text in percent")
_LOGICAL = ("逻辑值", "TRUE or FALSE")
_ERROR = ("引用的单元格有错误值", "an error in the range")
_ZERO = ("分母为 0", "the base is zero")
_SIZES = ("各区域大小不同", "ranges of different size")
_NEGATIVE_WEIGHT = ("分值是负数", "negative weight")
_TYPED = ("直接写数也可以", "figures may be typed")
_FRACTION = ("旁边是百分数的，数字 0.99 就是 99%", "beside a percentage the number 0.99 is 99%")
_NO_VARIANT = ("没有这个口径", "no such variant")

_ERRORS = (
    Case(((),), ErrorValue.VALUE, "空的区域", "an empty range"),
    Case(([["abc"]],), ErrorValue.VALUE, *_TEXT),
    Case(([["95%"]],), ErrorValue.VALUE, *_PERCENT),
    Case(([[True]],), ErrorValue.VALUE, *_LOGICAL),
    Case(([[9.0], [ErrorValue.REF]],), ErrorValue.REF, *_ERROR),
)

PERF_SCORE = Function(
    "PERF_SCORE",
    functions.perf_score,
    "总分：按行合计得分，保留两位小数。空白行和“……”占位行跳过；"
    "得分空白而指标值、完成值、分值齐全的按完成比例计算；得分高于分值为 #NUM!，"
    "定性指标没有得分为 #N/A。",
    "Total score: the points of all rows. Blank and placeholder rows are skipped; blank points are computed where"
    " target, result and weight are there.",
    (
        Argument(
            "area",
            "区域",
            "1 列：得分；2 列：分值、得分；3 列：指标值、完成值、分值；"
            "4 列：指标值、完成值、分值、得分（填了的得分照用，空白的计算）。",
            "1 column: points; 2: weight, points; 3: target, result, weight; 4: target, result, weight, points.",
        ),
    ),
    (
        Case(([[10.0], [14.5], [None]],), 24.5, "一列得分", "points"),
        Case(([[10.0, 9.0], [15.0, 15.0]],), 24.0, "分值、得分", "weight and points"),
        Case(([["≥98%", "49%", 10.0], ["≤5", 5.0, 5.0]],), 10.0, "没有得分列", "without points"),
        Case(([["≥98%", 0.99, 10.0]],), 10.0, *_FRACTION),
        Case(
            ([["≥98%", "49%", 10.0, None], ["达成预期指标", "达成预期指标", 10.0, 9.5]],), 14.5, "四列", "four columns"
        ),
    ),
    (
        Case(([[None], [""]],), "", *_BLANK),
        Case(([["……"], [9.0]],), 9.0, *_PLACEHOLDER),
        Case(([["——"], [9.0]],), 9.0, *_NOT_APPLICABLE),
        *_ERRORS,
        Case(([[5.0, 10.0]],), ErrorValue.NUM, "得分高于分值", "points above the weight"),
        Case(([[-1.0]],), ErrorValue.NUM, "得分是负数", "negative points"),
        Case(([[-5.0, 0.0]],), ErrorValue.NUM, *_NEGATIVE_WEIGHT),
        Case(
            ([["按时完成", "已完成", 10.0, None]],), ErrorValue.NA, "定性指标没有得分", "qualitative row without points"
        ),
        Case(([["≥98", None, 10.0, None], ["≥98", 98.0, 10.0, None]],), 10.0, "行没有填完", "row not yet complete"),
        Case(([[1.0, 2.0, 3.0, 4.0, 5.0]],), ErrorValue.VALUE, "多于 4 列", "more than four columns"),
    ),
)

_EQUAL = "可以是单元格，也可以是与其他参数同样大小的区域。"
_EQUAL_EN = " A cell, or a range as large as the others."


def _rate(
    name: str,
    function: Callable[..., Result],
    titles: tuple[str, str],
    operands: tuple[Argument, Argument],
    examples: tuple[Case, ...],
    three_to_two: float,
) -> Function:
    """A function of two figures; its value for 3 and 2 is given."""
    column = [[110.0], [None], [90.0]]
    return Function(
        name,
        function,
        f"{titles[0]}，保留四位小数（百分数两位）。区域对区域，结果溢出成同样大小的区域；空白得空白，"
        "分母为 0 得 #DIV/0!。",
        f"{titles[1]} Four decimals. Ranges of equal size spill; blank gives blank, a zero base #DIV/0!.",
        operands,
        examples,
        (
            Case((None, 100.0), "", *_BLANK),
            Case((100.0, ""), "", *_BLANK),
            Case(("……", "……"), "", *_PLACEHOLDER),
            Case(("——", 100.0), "", *_NOT_APPLICABLE),
            Case(("约30", 100.0), ErrorValue.VALUE, *_TEXT),
            Case(("３．０", 2.0), three_to_two, "全角数字的文字照数字读", "full-width digits are read as a number"),
            Case(("95%", 100.0), ErrorValue.VALUE, *_PERCENT),
            Case((True, 100.0), ErrorValue.VALUE, *_LOGICAL),
            Case((100.0, 0.0), ErrorValue.DIV0, *_ZERO),
            Case((0.0, 0.0), ErrorValue.DIV0, *_ZERO),
            Case((100.0, ErrorValue.NA), ErrorValue.NA, *_ERROR),
            Case((column, [[100.0], [100.0]]), ErrorValue.VALUE, *_SIZES),
        ),
    )


PERF_EXECUTION_RATE = _rate(
    "PERF_EXECUTION_RATE",
    functions.perf_execution_rate,
    ("执行率 = 执行数 ÷ 预算数", "Execution rate: spent / budget."),
    (
        Argument("actual", "执行数", "全年执行数。" + _EQUAL, "Spent." + _EQUAL_EN),
        Argument("budget", "预算数", "预算数，按当地口径用年初、全年或调整后预算。" + _EQUAL, "Budget." + _EQUAL_EN),
    ),
    (Case((89.14, 100.0), 0.8914), Case(([[50.0], [None], [120.0]], [[100.0], [80.0], [100.0]]), [[0.5], [""], [1.2]])),
    1.5,
)

PERF_EXECUTION_SCORE = Function(
    "PERF_EXECUTION_SCORE",
    functions.perf_execution_score,
    "预算执行得分 = 执行率 × 分值，最多为分值，保留两位小数；执行率先按表上显示的四位小数取舍。区域对区域，"
    "结果溢出成同样大小的区域；空白得空白，"
    "预算数为 0 得 #DIV/0!。",
    "Points of budget execution: rate x weight, never above the weight, two decimals; the rate is first rounded as the"
    " form shows it.",
    (
        *PERF_EXECUTION_RATE.arguments,
        Argument("weight", "分值", "预算执行的分值；不填为 10。", "Weight of budget execution; 10 if left out.", True),
    ),
    (
        Case((89.14, 100.0), 8.91),
        Case((89.14, 100.0, 20.0), 17.83),
        Case(([[50.0], [120.0]], [[100.0], [100.0]], 10.0), [[5.0], [10.0]]),
    ),
    (
        Case((None, 100.0), "", *_BLANK),
        Case((100.0, 100.0, ""), "", "分值是空白单元格", "weight is a blank cell"),
        Case(("……", "……"), "", *_PLACEHOLDER),
        Case((100.0, "——"), "", *_NOT_APPLICABLE),
        Case(("约30", 100.0), ErrorValue.VALUE, *_TEXT),
        Case((100.0, 100.0, "10%"), ErrorValue.VALUE, *_PERCENT),
        Case((True, 100.0), ErrorValue.VALUE, *_LOGICAL),
        Case((100.0, 0.0), ErrorValue.DIV0, *_ZERO),
        Case((100.0, 100.0, -5.0), ErrorValue.NUM, *_NEGATIVE_WEIGHT),
        Case((ErrorValue.NAME, 100.0), ErrorValue.NAME, *_ERROR),
        Case(([[1.0], [2.0]], [[1.0, 2.0]]), ErrorValue.VALUE, *_SIZES),
    ),
)

PERF_GROWTH_RATE = _rate(
    "PERF_GROWTH_RATE",
    functions.perf_growth_rate,
    ("增长率 =（本年数 − 上年数）÷ 上年数", "Growth rate: (current - prior) / prior."),
    (
        Argument("current", "本年数", "本年数。" + _EQUAL, "This year's figure." + _EQUAL_EN),
        Argument("prior", "上年数", "上年数。" + _EQUAL, "Last year's figure." + _EQUAL_EN),
    ),
    (
        Case((149.38, 100.0), 0.4938),
        Case((121.1, 112.0), 0.0813, *_TYPED),
        Case(([[110.0], [90.0]], [[100.0], [100.0]]), [[0.1], [-0.1]]),
    ),
    0.5,
)

PERF_CONTROL_RATE = _rate(
    "PERF_CONTROL_RATE",
    functions.perf_control_rate,
    (
        "控制率 = 实际数 ÷ 核定数（在职人员 ÷ 编制，实际规模 ÷ 批复规模，决算 ÷ 预算）",
        "Control rate: actual / approved.",
    ),
    (
        Argument("actual", "实际数", "实际数。" + _EQUAL, "The actual figure." + _EQUAL_EN),
        Argument("approved", "核定数", "编制、批复、概算或预算数。" + _EQUAL, "The approved figure." + _EQUAL_EN),
    ),
    (Case((45.0, 50.0), 0.9), Case(([[45.0, 60.0]], [[50.0, 50.0]]), [[0.9, 1.2]])),
    1.5,
)

PERF_INDICATOR_SCORE = Function(
    "PERF_INDICATOR_SCORE",
    functions.perf_indicator_score,
    "指标得分：达到指标值得满分，没有达到按完成比例，保留两位小数，在 0 与分值之间。"
    "认得 ≥98%、98%以上、不少于2次、≤5、2023年12月前 等写法；"
    "不能比较的（定性指标）为 #N/A，由人评分。",
    "Points of an indicator: full when the target is met, otherwise in proportion; #N/A where target and result cannot"
    " be compared.",
    (
        Argument("target", "指标值", "年度指标值，照表上的写法。" + _EQUAL, "Target as written." + _EQUAL_EN),
        Argument("actual", "完成值", "实际完成值，照表上的写法。" + _EQUAL, "Result as written." + _EQUAL_EN),
        Argument("weight", "分值", "分值。" + _EQUAL, "Weight." + _EQUAL_EN),
        Argument(
            "variant_id",
            "口径",
            "评分口径，如 hunan-ratio；不填为 hunan-linear。反向指标（≤）超过指标值时怎样扣分由它决定。",
            "Scoring variant; decides what a result beyond an upper limit still earns. hunan-linear if left out.",
            True,
        ),
    ),
    (
        Case(("≥98%", "49%", 10.0), 5.0),
        Case(("≥98%", 0.99, 10.0), 10.0, *_FRACTION),
        Case(("≤5", 6.0, 10.0), 8.0, "线性：1−(6−5)÷5", "linear"),
        Case(("≤5", 6.0, 10.0, "hunan-ratio"), 8.33, "比例：5÷6", "ratio"),
        Case(("2023年12月前", "2023年11月", 5.0), 5.0),
        Case(
            ([["不少于2次"], ["≥98"], [None]], [["1次"], [98.0], [None]], [[10.0], [10.0], [10.0]]),
            [[5.0], [10.0], [""]],
        ),
    ),
    (
        Case((None, "98", 10.0), "", *_BLANK),
        Case(("……", "……", "……"), "", *_PLACEHOLDER),
        Case(("≥98", 98.0, "——"), "", *_NOT_APPLICABLE),
        Case(("≥98", 98.0, "abc"), ErrorValue.VALUE, *_TEXT),
        Case(("≥98", 98.0, "10%"), ErrorValue.VALUE, *_PERCENT),
        Case((True, 98.0, 10.0), ErrorValue.VALUE, *_LOGICAL),
        Case(("按时完成", "已完成", 10.0), ErrorValue.NA, "定性指标", "qualitative"),
        Case(
            ("2023年6月前", "2023年8月", 10.0), ErrorValue.NA, "误期：扣多少由人定", "a missed date: a person decides"
        ),
        Case(("≥98%", 98.0, 10.0), ErrorValue.NA, "98% 对 98：百分数与数不在一个尺度", "98% against 98: scales differ"),
        Case(
            ("251.06万元", "240万元", 10.0),
            ErrorValue.NA,
            "没有符号的金额没有用满：成本是节约，收入是没有完成，由人评分",
            "less money than the target's: saved on a cost, missing from an income",
        ),
        Case(("≥98", 98.0, -10.0), ErrorValue.NUM, *_NEGATIVE_WEIGHT),
        Case(("≥98", ErrorValue.DIV0, 10.0), ErrorValue.DIV0, *_ERROR),
        Case(("≥98", 98.0, 10.0, "nowhere"), ErrorValue.VALUE, *_NO_VARIANT),
        Case(
            ("≤10", 15.0, 10.0, "hubei-linear"),
            ErrorValue.VALUE,
            "已由别的口径代替（用 hubei）",
            "a variant that was replaced (use hubei)",
        ),
        Case(([["≥98"], ["≥98"]], [[98.0], [98.0], [98.0]], 10.0), ErrorValue.VALUE, *_SIZES),
    ),
)

PERF_GRADE = Function(
    "PERF_GRADE",
    functions.perf_grade,
    "自评等级：90（含）以上为优，80（含）至 90 为良，60（含）至 80 为中，60 以下为差。"
    "这是默认口径；当地另有规定的，以“填充”按当地口径写的公式为准。"
    "区域的结果溢出成同样大小的区域；空白得空白，不在 0 至 100 的得 #NUM!。",
    "Grade of a total score: 优 from 90, 良 from 80, 中 from 60, 差 below; by the default variant.",
    (Argument("score", "总分", "总分，单元格或区域。", "Total score, a cell or a range."),),
    (
        Case((90.0,), "优"),
        Case((89.995,), "良", "不先四舍五入", "not rounded first"),
        Case(([[80.0], [59.99]],), [["良"], ["差"]]),
    ),
    (
        Case((None,), "", *_BLANK),
        Case(("……",), "", *_PLACEHOLDER),
        Case(("——",), "", *_NOT_APPLICABLE),
        Case(((),), ErrorValue.VALUE, "空的区域", "an empty range"),
        Case(("优",), ErrorValue.VALUE, *_TEXT),
        Case(("98%",), ErrorValue.VALUE, *_PERCENT),
        Case((True,), ErrorValue.VALUE, *_LOGICAL),
        Case((100.01,), ErrorValue.NUM, "总分高于 100", "a score above 100"),
        Case((-1.0,), ErrorValue.NUM, "总分是负数", "a negative score"),
        Case((ErrorValue.NUM,), ErrorValue.NUM, *_ERROR),
    ),
)

PERF_CHECK = Function(
    "PERF_CHECK",
    perf_check,
    "逐行核对指标：第一格是共有几项，下面每个问题一格，最重的在前；没有问题为“通过”。行号从区域第一行数起；没填完的行列为“未核对”。"
    "合计、偏差原因等请用整本工作簿的审核。",
    "Checks indicators row by row: how many findings there are, then one in each spilled cell, the gravest first; or"
    " 通过.",
    (
        Argument(
            "area",
            "区域",
            "2 列：分值、得分；4 列：指标值、完成值、分值、得分。",
            "2 columns: weight, points; 4: target, result, weight, points.",
        ),
    ),
    (
        Case(([[10.0, 9.0], [15.0, 15.0]],), PASSED),
        Case(
            ([[5.0, 10.0], [15.0, None]],),
            [
                ["共 2 项：错误 1，未核对 1"],
                ["错误：第1行得分填 10，应在 0 与分值 5 之间。"],
                ["未核对：第2行得分空白"],
            ],
        ),
        Case(
            ([["≥98%", "95%", 10.0, 10.0]],),
            [["共 1 项：错误 1"], ["错误：第1行得分填满分 10，但完成值 95% 没有达到指标值 ≥98%。"]],
        ),
    ),
    (
        Case(([[None, ""]],), "", *_BLANK),
        Case(
            ([["≥98%", 0.99, 10.0, 10.0]],),
            PASSED,
            *_FRACTION,
        ),
        Case(
            ([["≥100人", "已完成", 10.0, 10.0]],),
            [
                ["共 1 项：未核对 1"],
                ["未核对：第1行指标值“≥100人”是数字，完成值“已完成”是文字，是否达标未能核对"],
            ],
            "完成值是文字",
            "a result in words",
        ),
        Case(([["……", "……"], [10.0, 9.0]],), PASSED, *_PLACEHOLDER),
        Case(([[10.0, "——"]],), PASSED, *_NOT_APPLICABLE),
        Case(
            ([[10.0, "7.50."]],),
            [
                ["共 1 项：错误 1"],
                ["错误：第1行得分填的是“7.50.”，不是一个能识别的数字，凡用到它的计算都未进行。如应为 7.5，请改正。"],
            ],
            "文字：列为问题，不是错误值",
            "text: a finding, not an error value",
        ),
        Case(([[10.0, ErrorValue.NA]],), ErrorValue.NA, *_ERROR),
        Case(([[10.0]],), ErrorValue.VALUE, "不是 2 列或 4 列", "neither two nor four columns"),
    ),
)

FUNCTIONS: tuple[Function, ...] = (
    PERF_SCORE,
    PERF_EXECUTION_RATE,
    PERF_EXECUTION_SCORE,
    PERF_GROWTH_RATE,
    PERF_CONTROL_RATE,
    PERF_INDICATOR_SCORE,
    PERF_GRADE,
    PERF_CHECK,
)
