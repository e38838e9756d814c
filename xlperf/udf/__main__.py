"""`python -m xlperf.udf`: docs/functions.md, from the table of functions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xlperf.udf.calc_differences import DIFFERENCES, Difference
from xlperf.udf.registry import FUNCTIONS, Case, Function
from xlperf.udf.values import ErrorValue

_HEAD = """# 单元格函数 / Functions

本文由 `python -m xlperf.udf > docs/functions.md` 生成，请勿手工修改。/ Generated; do not edit.

各处（Excel、xlwings Lite、LibreOffice Calc）的函数出自同一份定义，结果与“填充”写入的数相同。
区域进、结果溢出：一整列只写一个公式。LibreOffice Calc 里的不同见[文末](#libreoffice-calc)。

- 空白不是 0：缺一个数，结果就是空白。“……”占位行当作空白；“——”“/”“无”“不适用”表示不适用，也得空白。
- 写成文字的数字（含全角数字、千分位）照数字读；带 % 的文字只在指标值、完成值中认得。
- 区域里有几个错误时，返回最先遇到的一个（从左到右、从上到下）。
- 单个单元格可以与一个区域配用；区域与区域必须行数、列数相同。
- 得分合并成一格供几行共用时，函数看不出来，把它当作空白行；这样的表请用整本工作簿的审核。
- 日期在有的程序里是数字。指标值、完成值是日期的，请写成文字（2023年12月前）。
- PERF_CHECK 把应填数字处的文字列为问题（XLP104），不给 #VALUE!，别的行照样核对。
- 不能返回真正错误值的程序显示成文字，如“#DIV/0!”。

All hosts (Excel, xlwings Lite, LibreOffice Calc) share one definition, whose values are those that `fill`
writes. A range in, a spilled range out: one formula for a whole column. What is different in Calc stands at
[the end](#libreoffice-calc). Blank is not zero: without an operand there is no result. Placeholder rows (……)
count as blank, marks of what does not apply (——, /, 无, 不适用) too. Numbers written as text are read as numbers,
text in percent only as a target or a result. Where a range holds several errors, the first one in reading order
is the answer. One cell may go with a range; ranges must be of equal size. Points in one merged cell for several
rows cannot be told from blanks. PERF_CHECK reports text where a number must be as a finding (XLP104), not as
#VALUE!: the other rows are checked all the same. Some hosts hand dates in as numbers: write target dates as
text. A host that cannot return true errors shows them as text, such as `#DIV/0!`.
"""

_CALC = """## LibreOffice Calc

Calc 里与别处不同的地方，每一条都在 Calc 里试过。整列引用（A:A）算得出，但要读一百多万行，每次重算要一秒到十几秒，
请只引用有数的行；一次上万行没有关系。

What is different in Calc, each line tried there. Whole columns (A:A) work, but take a second to fifteen at every
recalculation, for they have a million rows; tens of thousands of rows are no matter.

| 不同 / Difference | 例 / Example | 结果 / Value |
|---|---|---|"""


def page() -> str:
    """docs/functions.md."""
    overview = ["| 函数 / Function | |", "|---|---|"]
    overview += [f"| [`{each.name}`](#{each.name.lower()}) | {_plain(each.help)} |" for each in FUNCTIONS]
    chapters = ("\n".join(_chapter(each)) for each in FUNCTIONS)
    return "\n".join([_HEAD, *overview, "", *chapters, _CALC, *map(_difference, DIFFERENCES), ""])


def _chapter(function: Function) -> Iterator[str]:
    shown = ", ".join(f"[{each.label}]" if each.optional else each.label for each in function.arguments)
    yield f"## {function.name}"
    yield ""
    yield f"`={function.name}({shown})`"
    yield ""
    yield function.help
    yield ""
    yield function.help_en
    yield ""
    yield "| 参数 / Argument | | |"
    yield "|---|---|---|"
    for each in function.arguments:
        yield f"| {each.label} `{each.name}` | {_plain(each.help)} | {each.help_en} |"
    yield ""
    yield "| 例 / Example | 结果 / Value | |"
    yield "|---|---|---|"
    yield from (_line(function, case, " ".join(filter(None, (case.note, case.note_en)))) for case in function.examples)
    yield ""
    yield "| 输入有问题时 / Bad input | 例 / Example | 结果 / Value |"
    yield "|---|---|---|"
    for case in function.bad_input:
        yield f"| {case.note} / {case.note_en} | {_call(function, case)} | {_shown(case.value)} |"
    yield ""


def _difference(each: Difference) -> str:
    places = (_place("ABC"[number], argument) for number, argument in enumerate(each.arguments))
    shown = f"`Err:{each.value}`" if type(each.value) is int else _shown(each.value)
    return f"| {each.note} / {each.note_en} | `{each.formula.format(*places)}` | {shown} |"


def _place(column: str, argument: Any) -> str:
    """Where an argument may stand: as many rows as it has, from the first one on."""
    if not isinstance(argument, list):
        return f"{column}1"
    return f"{column}1:{chr(ord(column) + len(argument[0]) - 1)}{len(argument)}"


def _line(function: Function, case: Case, note: str) -> str:
    return f"| {_call(function, case)} | {_shown(case.value)} | {note} |"


def _call(function: Function, case: Case) -> str:
    return f"`{function.name}({', '.join(map(_literal, case.arguments))})`"


def _shown(value: Any) -> str:
    return "空白 / blank" if value == "" else f"`{_literal(value)}`"


def _literal(value: Any) -> str:
    """A value as one would type it; a range as an array, `{1; 2}` for a column, `-` for a blank cell in it."""
    if isinstance(value, list | tuple):
        return "{" + "; ".join(", ".join(map(_member, row)) for row in value) + "}"
    if value is None or value == "":
        return ""
    if isinstance(value, ErrorValue):
        return value.value
    if isinstance(value, bool):
        return str(value).upper()
    return f'"{value}"' if isinstance(value, str) else f"{value:g}"


def _member(value: Any) -> str:
    return _literal(value) or "-"


def _plain(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    print(page(), end="")
