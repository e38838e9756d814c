"""What LibreOffice Calc does otherwise than other hosts: docs/functions.md tells it, a test tries it there."""

from __future__ import annotations

from typing import Any, NamedTuple

from xlperf.udf.values import ErrorValue, Result

ILLEGAL_ARGUMENT = 504  # Calc's number, Err:504


class Difference(NamedTuple):
    """A formula, with {0}, {1} ... where its arguments stand, and what Calc shows; an int is the number of an error."""

    formula: str
    arguments: tuple[Any, ...]
    value: Result | int
    note: str
    note_en: str


_REFERENCES = (
    "区域要引用单元格，不能是算式、常数或函数算出的数",
    "areas must be references, no expression, constant or result of a function",
)
_POINTS = [[10.0], [14.5], [None]]
_INDICATORS = ([["≥98"], ["≤5"]], [[98.0], [6.0]], [[10.0], [10.0]])

DIFFERENCES = (
    Difference("=PERF_SCORE({{10;9}})", (), ILLEGAL_ARGUMENT, *_REFERENCES),
    Difference(
        "=PERF_SCORE(PERF_INDICATOR_SCORE({0},{1},{2}))",
        _INDICATORS,
        ILLEGAL_ARGUMENT,
        "函数套函数也是算式：先在一列里算出得分，再合计那一列",
        "nested functions too: points in a column first, then the total of that column",
    ),
    Difference(
        "=PERF_SCORE(OFFSET({0},1,0))",
        (_POINTS,),
        14.5,
        "INDEX、OFFSET、INDIRECT、IF、CHOOSE 给出的引用和名称可以",
        "references out of INDEX, OFFSET, INDIRECT, IF, CHOOSE and names will do",
    ),
    Difference(
        "=PERF_SCORE(数据:另一张!A2)",
        (),
        14.5,
        "跨几张工作表的引用只算第一张",
        "of several sheets only the first counts",
    ),
    Difference(
        "=PERF_EXECUTION_RATE({0},{1})",
        ([[50.0], [20.0]], [[100.0], [80.0]]),
        0.5,
        "结果不会自己溢出，只写在一格里就只取本行的；先选中同样大小的区域，公式以 Ctrl+Shift+Enter 结束",
        "results do not spill, one cell takes those of its row; select as many cells and end with Ctrl+Shift+Enter",
    ),
    Difference(
        '=SUMPRODUCT(--(PERF_GRADE({0})="良"))',
        ([[95.0], [85.0], [80.0]],),
        0.0,
        "一列总分的等级也是：不是数组公式时只取本行的；数有几个“良”，请先在辅助列里算出等级，或用数组公式",
        "so with the grades of a column: outside an array formula only that of the same row counts",
    ),
    Difference(
        '=PERF_CHECK({0})="通过"',
        ([[10.0, 9.0]],),
        False,
        '判断是否通过要写 `PERF_CHECK(…)&""="通过"`',
        'compare as `PERF_CHECK(…)&""="通过"`',
    ),
    Difference(
        "=PERF_EXECUTION_SCORE({0},{1},{2})",
        (50.0, 100.0, 0.0),
        "",
        "分值 0 当作空白",
        "a weight of 0 counts as blank",
    ),
    Difference("=PERF_SCORE({0})", ([[True], [2.0]],), 3.0, "逻辑值当作 1 和 0", "TRUE and FALSE count as 1 and 0"),
    Difference(
        "=PERF_INDICATOR_SCORE({0},{1},10)",
        ("2023年12月前", 45261.0),
        ErrorValue.NA,
        "日期是数（这里是 2023-12-01）：完成日期请写成文字",
        "a date is a number (here 2023-12-01): write it as text",
    ),
)
