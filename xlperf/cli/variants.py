"""What the command line prints of variants: each with what sets it apart, and a workbook under all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from xlperf.audit.variants import Outcome, own_figures
from xlperf.checks.rule import Finding, Severity
from xlperf.cli.printed import counts_json, unread_json
from xlperf.form.dated import DatedFigure
from xlperf.form.template import Template
from xlperf.labels.reading import Passage
from xlperf.text import width
from xlperf.workbook.audited import unread_text

_MAX_CELLS = 3
_HEADINGS = ("口径", "名称", "错误", "核实", "提示", "结论", "与默认口径相比")


def outcome_lines(outcomes: Sequence[Outcome], left: Sequence[Passage] = ()) -> Iterator[str]:
    """One table: a line for each variant; `left` is what nobody compared under any of them."""
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
    unread = f"{unread_text(len(left))}，用 xlperf check 逐处查看。" if left else ""
    yield f"{len(outcomes)} 种口径，{back} 种会被退回（有“错误”级问题）；默认口径 {default}。{unread}"


def _findings_text(findings: Sequence[Finding]) -> str:
    """`XLP302 表1!G15、G21（错误）`: the cells of a rule together, a sheet's name once."""
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
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (text + " " * int(room - width(text)) for text, room in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def outcomes_json(book: Path, outcomes: Sequence[Outcome], left: Sequence[Passage] = ()) -> dict[str, Any]:
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
                "counts": counts_json(each.report, left),
                "added": [_brief(found) for found in each.added],
                "removed": [_brief(found) for found in each.removed],
            }
            for each in outcomes
        ],
        "unread": unread_json(left),
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
            yield f"    {each.titled}：{each.shown}　{each.source.name}［{each.status.text}］"


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
