"""The variants of the rules side by side: what sets each apart, and what a workbook looks like under all of them.

docs/variants.md is written from the same data: python -m xlperf.audit.variants > docs/variants.md
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from xlperf.audit.run import Report, audit
from xlperf.checks.rule import Finding, Severity
from xlperf.form.dated import DatedFigure
from xlperf.form.record import Record
from xlperf.form.template import TEMPLATE_IDS, Template, load_template

_MAX_CELLS = 3
_HEADINGS = ("口径", "名称", "错误", "核实", "提示", "结论", "与默认口径相比")


class Outcome(NamedTuple):
    """A workbook under one variant, and what it has more and less than under the default one."""

    variant: str
    title: str
    report: Report
    added: tuple[Finding, ...]
    removed: tuple[Finding, ...]

    @property
    def sent_back(self) -> bool:
        return self.report.count(Severity.ERROR) > 0


def own_figures(template: Template, variant: str) -> tuple[DatedFigure, ...]:
    """The figures that a variant does not share with the default, in the template's order."""
    default = template.figures_of(None)
    return tuple(figure for figure in template.dated_figures(variant) if figure != default[figure.name])


def audit_all(record: Record, inspected: Callable[[str], Record] | None = None) -> tuple[Outcome, ...]:
    """Audit under every variant of the record's template.

    `inspected` gives the record as an inspection of its workbook sees it under a variant, which says what the form's
    own formulas are; without it the rules about the workbook are listed as not run.
    """
    template = record.template
    reports = {variant: audit(inspected(variant) if inspected else record, variant) for variant in template.variants}
    default = reports[template.default_variant]
    return tuple(
        Outcome(variant, template.variants[variant], report, _beyond(report, default), _beyond(default, report))
        for variant, report in reports.items()
    )


def _beyond(report: Report, other: Report) -> tuple[Finding, ...]:
    """Findings of a report that the other has not: of a rule at a cell, for the sentence may quote another figure."""
    known = {(found.code, found.key, found.severity) for found in other.findings}
    return tuple(found for found in report.findings if (found.code, found.key, found.severity) not in known)


def outcome_lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """One table: a line for each variant."""
    rows: list[tuple[str, ...]] = [_HEADINGS]
    for each in outcomes:
        counts = (str(each.report.count(severity)) for severity in Severity)
        verdict = "会被退回" if each.sent_back else "可以上报"
        differences = (("多 ", each.added), ("少 ", each.removed))
        compared = "；".join(sign + _findings_text(found) for sign, found in differences if found)
        rows.append((each.variant, each.title, *counts, verdict, compared))
    yield from aligned(rows)
    back = sum(each.sent_back for each in outcomes)
    default = outcomes[0].report.record.template.default_variant
    yield f"{len(outcomes)} 种口径，{back} 种会被退回（有“错误”级问题）；默认口径 {default}。"


def _findings_text(findings: Sequence[Finding]) -> str:
    """`XLP302 自评表!G15、G21（错误）`: the cells of a rule together, a sheet's name once."""
    cells: dict[tuple[str, Severity], list[str]] = {}
    for found in findings:
        cells.setdefault((found.code, found.severity), []).append(found.at or found.key)
    return "，".join(f"{code} {_cells_text(found)}（{severity.text}）" for (code, severity), found in cells.items())


def _cells_text(places: Sequence[str]) -> str:
    shown, sheet = [], ""
    for place in places[:_MAX_CELLS]:
        home, mark, cell = place.rpartition("!")
        shown.append(cell if mark and home == sheet else place)
        sheet = home
    return "、".join(shown) + (f" 等{len(places)}处" if len(places) > _MAX_CELLS else "")


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns of equal width on a screen, where a Chinese character is as wide as two letters."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "FWA" else 1 for letter in text)


def outcomes_json(book: Path, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The JSON of `check --all-variants --format json`."""
    template = outcomes[0].report.record.template
    return {
        "schema": 1,
        "file": str(book),
        "template": template.id,
        "default": template.default_variant,
        "variants": [
            {
                "id": each.variant,
                "title": each.title,
                "sent_back": each.sent_back,
                "counts": {severity.value: each.report.count(severity) for severity in Severity}
                | {"not_run": len(each.report.not_run)},
                "added": [_brief(found) for found in each.added],
                "removed": [_brief(found) for found in each.removed],
            }
            for each in outcomes
        ],
    }


def _brief(finding: Finding) -> dict[str, str]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "at": finding.at,
        "key": finding.key,
        "message": finding.message,
    }


def variant_lines(template: Template) -> Iterator[str]:
    """What `variants` prints: each variant and its own figures; the clauses are in docs/variants.md."""
    for variant, title in template.variants.items():
        yield f"{variant}  {title}{'（默认）' if variant == template.default_variant else ''}"
        for each in own_figures(template, variant):
            yield f"    {_titled(each)}：{each.shown}　{each.source.name}［{each.status.text}］"


def variants_json(template: Template) -> list[dict[str, Any]]:
    """The JSON of `variants --format json`."""
    return [
        {
            "id": variant,
            "title": title,
            "default": variant == template.default_variant,
            "figures": [_figure_json(each) for each in own_figures(template, variant)],
        }
        for variant, title in template.variants.items()
    ]


def _figure_json(figure: DatedFigure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "title": figure.title,
        "value": figure.value,
        "since": figure.since or None,
        "cites": figure.source.id,
        "source": figure.source.text,
        "status": figure.status.value,
    }


def _titled(figure: DatedFigure) -> str:
    return f"{figure.title}（{figure.scope}）" if figure.scope else figure.title


def _authority(figure: DatedFigure) -> str:
    return f"{figure.source.reference}［{figure.status.text}］"


_PAGE = """# 评分口径

本文由 `xlperf/audit/variants.py` 根据 `workbook_templates/department_overall.toml` 生成，请勿手工修改。

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

A variant lives in `[variants.ID]` of the template's TOML: a `title`, optionally `like = "ID"` of an earlier one, \
`figures.NAME = {{ value, cites, status }}` and `from.YEAR.NAME` for what holds from an evaluated year on; the year of \
the form chooses. `replaces` lists ids that are no longer used. An unknown name or value is refused.
"""


def page(template: Template) -> str:
    """docs/variants.md."""
    chapters = []
    for variant, title in template.variants.items():
        own = [f"- {_titled(each)}：{each.shown}。{_authority(each)}" for each in own_figures(template, variant)]
        chapters.append("\n".join([f"### `{variant}` {title}", "", *(own or ["- 默认口径。"]), ""]))
    figures = (f"| {e.title}（`{e.name}`） | {e.shown} | {_authority(e)} |" for e in template.figures_of(None).values())
    return _PAGE.format(default=template.default_variant, variants="\n".join(chapters), figures="\n".join(figures))


if __name__ == "__main__":
    print(page(load_template(TEMPLATE_IDS[0])), end="")
