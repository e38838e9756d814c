"""docs/rules.md: every rule with its documentation, sources and dated figures, written from the rules themselves."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator

from xlperf.checks.catalog import CHECKS
from xlperf.checks.rule import DOC_PARTS, Check
from xlperf.form.dated import DatedFigure
from xlperf.form.template import TEMPLATE_IDS, Template, load_template

FAMILIES = {
    "1": "完整性",
    "2": "表内运算",
    "3": "分值、得分与指标",
    "4": "表间、年度间一致",
    "5": "报告文字",
    "6": "合理性",
    "7": "工作簿",
}
_HEAD = """# 审核规则

共 {count} 条。本文由 `xlperf/docs.py` 根据规则本身生成，请勿手工修改。

级别：**错误**（强制性，不可能成立或不允许，必须改正）；**核实**（可能属实，须在“审核说明”一栏写明原因）；\
**提示**（供参考）。四舍五入允许的差异（尾差）最多只作提示；空白不当作 0，所需的格子空着就不核对。

依据和数值后面方括号里是证据情况：见于已公开的文件或报表；见于政府信息系统公布的规则；\
见于他人引述，未见原文；业内通行做法，尚未核到正式条文。
"""


def rulebook() -> str:
    """The whole book as Markdown, rules in the order of their codes, one chapter for each family."""
    template = load_template(TEMPLATE_IDS[0])
    parts = [_HEAD.format(count=len(CHECKS))]
    family = ""
    for rule in CHECKS:
        if rule.code[3] != family:
            family = rule.code[3]
            parts.append(f"## {family}xx {FAMILIES[family]}\n")
        parts.append("\n".join(_rule(rule, template)) + "\n")
    return "\n".join(parts)


def figures_of_rule(rule: Check, template: Template) -> Iterator[tuple[str, DatedFigure]]:
    """The dated figures a rule takes, each with what it is limited to: the variants, and the years.

    Nothing is said of the default's figures.
    """
    default = template.figures_of(None)
    for name in (parameter.name for parameter in rule.parameters if parameter.name in default):
        yield "", default[name]
        every = ((variant, figure) for variant in template.variants for figure in template.dated_figures(variant))
        found: list[tuple[DatedFigure, list[str]]] = []
        for variant, figure in every:
            if figure.name != name or figure == default[name]:
                continue
            same = next((ids for other, ids in found if other == figure), None)
            if same is None:
                found.append((figure, [variant]))
            else:
                same.append(variant)
        for figure, ids in found:
            years = f"，{figure.scope}" if figure.scope else ""
            yield f"（口径 {'、'.join(ids)}{years}）", figure


def _rule(rule: Check, template: Template) -> Iterator[str]:
    summary = (inspect.getdoc(rule.function) or "").partition("\n")[0]
    yield f"### {rule.code} {rule.title}"
    yield ""
    yield f"**{rule.severity.text}** · `{rule.slug}` · {rule.title_en}"
    yield ""
    yield summary
    yield ""
    yield from (f"- {part}：{rule.docs[part]}" for part in DOC_PARTS)
    yield from (f"- 依据：{source.text}" for source in rule.sources)
    for scope, figure in figures_of_rule(rule, template):
        value = json.dumps(figure.value, ensure_ascii=False)
        yield f"- 数值：`{figure.name}`{scope} = `{value}`，{figure.source.name}［{figure.status.text}］"


if __name__ == "__main__":
    print(rulebook(), end="")
