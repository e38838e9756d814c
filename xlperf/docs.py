"""The pages of docs/ that are written from the code itself: `python -m xlperf.docs`, with --check only to compare."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from xlperf.audit.keys import keys_page
from xlperf.audit.variants import own_figures
from xlperf.checks.catalog import CHECKS
from xlperf.checks.rule import Check, figures_of_rule
from xlperf.cli.commands import cli
from xlperf.form.forms import default_template, listed_forms, load_template
from xlperf.form.template import Template
from xlperf.labels.layouts import Layout, field_of, layouts
from xlperf.udf.calc_differences import DIFFERENCES, Difference
from xlperf.udf.registry import FUNCTIONS, Case, Function
from xlperf.udf.values import ErrorValue

FOLDER = Path(__file__).parents[1] / "docs"

FAMILIES = {
    "1": "完整性",
    "2": "表内运算",
    "3": "分值、得分与指标",
    "4": "表间、年度间一致",
    "5": "报告文字",
    "6": "合理性",
    "7": "工作簿",
}
_RULES = """# 审核规则

共 {count} 条。本文由 `python -m xlperf.docs` 根据规则本身生成，请勿手工修改。

级别：**错误**（强制性，不可能成立或不允许，必须改正）；**核实**（可能属实，须在“审核说明”一栏写明原因）；\
**提示**（供参考）。四舍五入允许的差异（尾差）最多只作提示；空白不当作 0，所需的格子空着就不核对。

依据和数值后面方括号里是证据情况：见于已公开的文件或报表；见于政府信息系统公布的规则；\
见于他人引述，未见原文；业内通行做法，尚未核到正式条文。
"""


def pages() -> Mapping[str, str]:
    """By file name what each page says, in Markdown."""
    template = default_template()
    return {
        "rules.md": rules_page(template),
        "variants.md": variants_page(template),
        "layouts.md": layouts_page(),
        "functions.md": functions_page(),
        "commands.md": commands_page(),
        "keys.md": keys_page([template, *listed_forms()]),
    }


def rules_page(template: Template) -> str:
    """Rules in the order of their codes, one chapter for each family."""
    parts = [_RULES.format(count=len(CHECKS))]
    family = ""
    for rule in CHECKS:
        if rule.code[3] != family:
            family = rule.code[3]
            parts.append(f"## {family}xx {FAMILIES[family]}\n")
        parts.append("\n".join(_rule(rule, template)) + "\n")
    return "\n".join(parts)


def _rule(rule: Check, template: Template) -> Iterator[str]:
    summary = (inspect.getdoc(rule.function) or "").partition("\n")[0]
    yield f"### {rule.code} {rule.titled(template)}"
    yield ""
    yield f"**{rule.severity.text}** · `{rule.slug}` · {rule.title_en}"
    yield ""
    yield template.said(summary)
    yield ""
    yield from (f"- {part}：{text}" for part, text in rule.docs(template).items())
    yield from (f"- 依据：{source.text}" for source in rule.cited(template))
    for scope, figure in figures_of_rule(rule, template):
        value = json.dumps(figure.value, ensure_ascii=False)
        yield f"- 数值：`{figure.name}`{scope} = `{value}`，{figure.source.name}［{figure.status.text}］"


_VARIANTS = """# 评分口径

本文由 `python -m xlperf.docs` 根据 `workbook_templates/scoring.toml` 生成，请勿手工修改。

各地、各年的规定不同：分值、定性档次、反向指标的计分、执行率的分母、“预算数”的含义。一种口径就是一组注明出处的数值，\
没有写出的与默认口径 `{default}` 相同；写明“某年度起”的，按表中的评价年度取用（没有填年度的，按各年相同的数值）。

```
xlperf variants                          列出全部口径
xlperf check 自评.xlsx --variant ID      按一种口径审核（fill、freeze 也可以）
xlperf check 自评.xlsx --all-variants    一张表看在哪些口径下会被退回，不写文件
```

“会被退回”指有“错误”级问题；“多”“少”是与默认口径相比多出和没有的问题。数值后面方括号里是证据情况；标“尚未核到正式条文”\
或“未见原文”的，请以当地文件为准。

- 只见到“预算执行”与“指标”各多少分的地方，只核对预算执行分值和合计 100，不核对各一级指标；只见一串数、看不出哪个数属于\
哪一级的，也不核对。
- 反向指标（越小越好）超过指标值时有两种互不相容的算法，各地文件多半没有写明，所以没有写明的地方都有 `-linear`\
（线性）和 `-ratio`（比例）两种口径；湖北的表上印着比例算法，只有 `hubei` 一种；\
得分恰好符合另一种算法时，只请核实，不作错误。
- 执行率的分母：本表的“全年预算数”就是调整后的预算数，按“调整后预算”计算执行率的地方用默认口径。
- 财预〔2020〕10号的分值与默认口径相同，没有另列。

## 各口径与默认口径的不同

{variants}
## 默认口径的数值

| 数值 | 默认 | 出处 |
|---|---|---|
{figures}

## In English

A variant is a set of dated figures, each with its source and how sure we are of it: weights, bands for qualitative \
indicators, what a result beyond an upper limit still earns (`linear`: 1 - (a-t)/t, `ratio`: t/a), which budget \
execution is measured on, what the base table's budget column means, and thresholds. Whatever a variant does not state \
is as in `{default}`. Where only the split between execution and indicators was seen, only that is checked.

`xlperf variants` lists them; `--variant ID` selects one for `check`, `fill` and `freeze`; \
`xlperf check BOOK --all-variants` shows in one table under which of them the workbook would be sent back, which means \
at least one error.

A variant lives in `[variants.ID]` of `scoring.toml`, which forms share, or of a form's own TOML: a `title`, \
optionally `like = "ID"` of an earlier one, \
`figures.NAME = {{ value, cites, status }}` and `from.YEAR.NAME` for what holds from an evaluated year on; the year of \
the form chooses. `replaces` lists ids that are no longer used. An unknown name or value is refused.
"""


def variants_page(template: Template) -> str:
    """What each variant has of its own, and the figures of the default one."""
    chapters = []
    for variant, title in template.variants.items():
        own = [f"- {each.titled}：{each.shown}。{each.authority}" for each in own_figures(template, variant)]
        chapters.append("\n".join([f"### `{variant}` {title}", "", *(own or ["- 默认口径。"]), ""]))
    figures = (f"| {e.title}（`{e.name}`） | {e.shown} | {e.authority} |" for e in template.figures_of(None).values())
    return _VARIANTS.format(
        default=template.default_variant,
        variants="\n".join(chapters),
        figures="\n".join(figures),
    )


_LAYOUTS = """# 表的式样

本文由 `python -m xlperf.docs` 根据 `workbook_templates/layouts.toml` 生成，请勿手工修改。

各地、各年把同一种表印成不同的样子。`xlperf check 任意表.xlsx` 凭表头认出式样，并告诉您按哪一种读取；认错了，用 \
`--layout ID` 指定一种，`--layout any` 则不按任何式样、只按表头的字词读取。没有列在这里的式样，也按表头的字词读取。

```
xlperf layouts                           列出全部式样
xlperf forms                             列出全部表
xlperf check 任意表.xlsx --layout ID     按一种式样读取
```

式样决定：按哪一种表读取、用哪一种评分口径（写了 `--variant` 的照所写的）、哪些格必须填。表里没有的格子不核对，\
相应的规则列为“不适用”。表头按字词比较，不看编号、公式的字母、单位和分值：“⑥支出实现率=⑤/④”就是“支出实现率”。

| 式样 | 编号 | 地方 | 按哪种表读取 | 口径 | 凭这些表头认出 | 没有这些表头 | 必填 | 依据 |
|---|---|---|---|---|---|---|---|---|
{layouts}

## In English

A layout says how a place prints a form, and what follows from it: by which template it is read, the scoring variant,
the cells that must be filled. `check` recognises it by its headings and says which one it took; `--layout ID` chooses
another, `--layout any` none. A form that no layout describes is read by the words of its headings.
"""


def layouts_page() -> str:
    """Every layout with the headings by which it is known and what follows from it."""
    return _LAYOUTS.format(layouts="\n".join(map(_layout_row, layouts())))


def _layout_row(layout: Layout) -> str:
    template = load_template(layout.form)
    signs = "、".join(map("/".join, layout.signs))
    order = f"（{'、'.join(layout.order)} 依次在一行）" if layout.order else ""
    required = "、".join(field.label for key in layout.required if (field := field_of(template, key)))
    variant = f"`{layout.variant}`" if layout.variant else ""
    known = (layout.title, f"`{layout.id}`", layout.place, f"`{layout.form}`", variant)
    cells = (*known, f"{signs}{order}", "、".join(layout.lacks), required, layout.source.reference)
    return f"| {' | '.join(cells)} |"


_FUNCTIONS = """# 单元格函数 / Functions

本文由 `python -m xlperf.docs` 生成，请勿手工修改。/ Generated; do not edit.

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


def functions_page() -> str:
    """The PERF_* functions, with examples that a test runs."""
    overview = ["| 函数 / Function | |", "|---|---|"]
    overview += [f"| [`{each.name}`](#{each.name.lower()}) | {_plain(each.help)} |" for each in FUNCTIONS]
    chapters = ("\n".join(_chapter(each)) for each in FUNCTIONS)
    return "\n".join([_FUNCTIONS, *overview, "", *chapters, _CALC, *map(_difference, DIFFERENCES), ""])


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
    yield from (
        _example(function, case, " ".join(filter(None, (case.note, case.note_en)))) for case in function.examples
    )
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


def _example(function: Function, case: Case, note: str) -> str:
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


_COMMANDS = """# 命令

本文由 `python -m xlperf.docs` 根据命令本身生成，请勿手工修改。结果写到标准输出，说明和进度写到标准错误。\
退出码：0 没有达到 `--fail-on` 的问题，1 有问题，2 没有运行成（也没有写任何文件）。
"""


def commands_page() -> str:
    """What each command says of itself with --help."""
    chapters = ("\n".join(_command(command, f"xlperf {name}")) for name, command in sorted(cli.commands.items()))
    return "\n".join([_COMMANDS, *chapters])


def _command(command: click.Command, name: str) -> Iterator[str]:
    if isinstance(command, click.Group):
        for inner, each in sorted(command.commands.items()):
            yield from _command(each, f"{name} {inner}")
        return
    context = click.Context(command, info_name=name)
    arguments = [each.make_metavar(context) for each in command.params if isinstance(each, click.Argument)]
    options = [each for each in command.params if isinstance(each, click.Option)]
    needed = [f"{each.opts[0]} {each.make_metavar(context)}" for each in options if each.required]
    yield f"## {name}"
    yield ""
    yield f"`{' '.join([name, *arguments, *needed])}`"
    yield ""
    yield " ".join((command.help or "").split())
    yield ""
    records = (each.get_help_record(context) for each in options)
    yield from (f"- `{written}`：{_plain(' '.join(said.split()))}" for written, said in filter(None, records))
    yield ""


def main(arguments: list[str]) -> int:
    """Write the pages; with --check, say which are not what the code says: exit code 1."""
    outdated = [name for name, text in pages().items() if not _is(FOLDER / name, text)]
    if "--check" not in arguments:
        for name in outdated:
            (FOLDER / name).write_text(pages()[name], "utf-8", newline="\n")
    print(*(f"docs/{name}" for name in outdated), sep="\n", end="\n" if outdated else "")
    return 1 if outdated and "--check" in arguments else 0


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
