"""What the command line prints of a report and of a rule: lines of text, and the JSON that programs read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from xlperf.audit.groups import Group
from xlperf.audit.items import Item
from xlperf.audit.ledger import Ledger, joined
from xlperf.audit.run import Report, counts_line
from xlperf.checks.rule import Cause, Check, Finding, Severity, figures_of_rule
from xlperf.cli.accounted import ledger_json
from xlperf.form.record import shortened
from xlperf.form.template import Template
from xlperf.labels.reading import Passage
from xlperf.workbook.audited import UNREAD, Audited, unread_text
from xlperf.workbook.explained import CHANGED, Explained, Explanations, explain, standing_line

_LONGEST = 80  # of a text that is quoted


def report_lines(report: Report, explanations: Explanations, left: Sequence[Passage] = ()) -> Iterator[str]:
    """Every finding on two lines, those of one item under it, and the counts at the end.

    `left`: what was not understood of a form found by its headings; it was not compared, and is listed.
    """
    explained = explain(report, explanations)
    for item in report.items():
        together = len(item.findings) > 1
        if together:
            yield f"■ {item.heading}  {'、'.join(item.at)}"
            yield f"    {item.reason}"
        for number, finding in item.pairs:
            margin = "    " if together else ""
            settled = _standing(number, finding, explained)
            yield f"{margin}{finding.severity.sign} {finding.severity.text} {finding.code}  {finding.at}{settled}"
            yield f"{margin}    {finding.message}"
    if left:
        yield f"{UNREAD}的 {len(left)} 处："
        yield from (f"    {each.place}  {shortened(each.text, _LONGEST)}（{each.reason}）" for each in left)
    yield standing_line([(report, explanations)])
    yield f"{counts_line(report)}{_sentence(unread_text(len(left)))}"


def forms_lines(forms: Sequence[Audited]) -> Iterator[str]:
    """The same of every form of a file, under its place, and the counts of all at the end."""
    if len(forms) == 1:
        yield from report_lines(forms[0].report, forms[0].explanations, forms[0].left)
        return
    for form in forms:
        yield f"◆ {form.place}　{form.name or form.report.record.template.title}"
        yield from report_lines(form.report, form.explanations, form.left)
    counts = "，".join(f"{each.text} {sum(form.report.count(each) for form in forms)}" for each in Severity)
    unread = unread_text(sum(len(form.left) for form in forms))
    yield standing_line([(form.report, form.explanations) for form in forms])
    yield f"{len(forms)} 张表合计：{counts}。{_sentence(unread)}"


def _sentence(text: str) -> str:
    return f"{text}。" if text else ""


def rule_lines(rule: Check, template: Template) -> Iterator[str]:
    """What `explain` says: why, how to put it right, with which figures, and on whose authority."""
    yield f"{rule.code} {rule.titled(template)}（{rule.severity.text}）"
    yield f"{rule.title_en} · {rule.slug}"
    yield ""
    yield from (f"{part}：{text}" for part, text in rule.docs(template).items())
    for scope, figure in figures_of_rule(rule, template):
        source = figure.source.name if figure.source in rule.cited(template) else figure.source.reference
        yield f"数值：{figure.title}{scope} = {figure.shown}，{source}［{figure.status.text}］"
    yield from (f"依据：{source.text}" for source in rule.cited(template))


def _report_json(book: Path, form: Audited, ledger: Ledger) -> dict[str, Any]:
    report, explanations, left = form.report, form.explanations, form.left
    explained = explain(report, explanations)
    return {
        "schema": 1,
        "file": str(book),
        "template": report.record.template.id,
        "layout": report.record.template.layout or None,
        "variant": report.variant,
        "findings": [_finding_json(number, finding, explained) for number, finding in enumerate(report.findings)],
        "groups": [_group_json(group) for group in report.groups],
        "items": [_item_json(item, explained) for item in report.items()],
        "not_run": [{"code": each.code, "blank": list(each.blank), "reason": each.reason} for each in report.not_run],
        "not_applicable": list(report.not_applicable),
        "unread": unread_json(left),
        "counts": counts_json(report, left),
        "ledger": ledger_json(ledger),
    }


def unread_json(left: Sequence[Passage]) -> list[dict[str, str]]:
    return [{"place": each.place, "text": each.text, "reason": each.reason} for each in left]


def forms_json(path: Path, forms: Sequence[Audited]) -> dict[str, Any]:
    """The JSON of `check --format json`: the forms of a file as one, and in `forms` what is each form's own."""
    ledgers = [form.ledger for form in forms]
    first, *others = (_report_json(path, form, ledger) for form, ledger in zip(forms, ledgers, strict=True))
    if not others:
        return first
    whole = {**first, "forms": [_form_json(forms[0], first, 0, 0)]}
    for form, each in zip(forms[1:], others, strict=True):
        findings, groups = len(whole["findings"]), len(whole["groups"])
        whole["forms"].append(_form_json(form, each, findings, groups))
        for finding in each["findings"]:
            whole["findings"].append(finding | {"group": finding["group"] and finding["group"] + groups})
        whole["groups"] += [group | {"group": group["group"] + groups} for group in each["groups"]]
        whole["items"] += [
            item
            | {"findings": [findings + n for n in item["findings"]], "group": item["group"] and item["group"] + groups}
            for item in each["items"]
        ]
        for key in ("not_run", "unread"):
            whole[key] = [*whole[key], *each[key]]
        whole["not_applicable"] = [code for code in whole["not_applicable"] if code in each["not_applicable"]]
        whole["counts"] = {name: count + each["counts"][name] for name, count in whole["counts"].items()}
    whole["ledger"] = ledger_json(joined(ledgers))
    return whole


def _form_json(form: Audited, own: dict[str, Any], findings: int, groups: int) -> dict[str, Any]:
    """A form of several: its findings and groups by their numbers in those of the file."""
    return {
        "place": form.place,
        "name": form.name,
        "template": own["template"],
        "layout": own["layout"],
        "variant": own["variant"],
        "findings": list(range(findings, findings + len(own["findings"]))),
        "groups": list(range(groups + 1, groups + 1 + len(own["groups"]))),
        "not_applicable": own["not_applicable"],
        "counts": own["counts"],
        "ledger": own["ledger"],
    }


def counts_json(report: Report, left: Sequence[Passage] = ()) -> dict[str, int]:
    found = {severity.value: report.count(severity) for severity in Severity}
    return found | {"not_run": len(report.not_run), "unread": len(left)}


def rule_json(rule: Check, template: Template) -> dict[str, Any]:
    """One rule of `rules --format json`."""
    return {
        "code": rule.code,
        "slug": rule.slug,
        "severity": rule.severity.value,
        "title": rule.titled(template),
        "title_en": rule.title_en,
        "cites": [source.id for source in rule.cited(template)],
        "docs": dict(rule.docs(template)),
    }


def _standing(number: int, finding: Finding, explained: Explained) -> str:
    if explained.settles(number, finding):
        return "（已说明）"
    answer = explained.answers.get(number)
    return f"（{CHANGED}）" if answer and answer.is_outdated and finding.severity is Severity.WARNING else ""


def _finding_json(number: int, finding: Finding, explained: Explained) -> dict[str, Any]:
    """`explanation` is of these very figures: one that was written about others explains nothing."""
    answer = explained.answers.get(number)
    fix = finding.fix
    return {
        "code": finding.code,
        "slug": finding.slug,
        "severity": finding.severity.value,
        "at": finding.at,
        "key": finding.key,
        "message": finding.message,
        "stated": finding.stated,
        "expected": finding.expected,
        "related": [{"at": at, "key": key, "value": value} for at, key, value in finding.related],
        "cause": _cause_json(finding.cause),
        "causes": [_cause_json(cause) for cause in finding.causes],
        "group": finding.group,
        "fix": {"at": fix.at, "value": fix.value, "safe": fix.safe} if fix else None,
        "cites": list(finding.cites),
        "explanation": answer.text if answer and answer.holds else None,
    }


def _cause_json(cause: Cause | None) -> dict[str, Any] | None:
    return {"kind": cause.kind, "text": cause.text, "cells": list(cause.cells)} if cause else None


def _item_json(item: Item, explained: Explained) -> dict[str, Any]:
    """`findings`: their places in the list of all. `standing`: what there is to do, to_correct, to_explain, changed,
    explained or info. `explanation`: all that is written about it.
    """
    return {
        "findings": list(item.numbers),
        "text": item.text,
        "at": list(item.at),
        "group": item.group.number if item.group else None,
        "standing": explained.standing(item).value,
        "explanation": explained.text_of(item) or None,
    }


def _group_json(group: Group) -> dict[str, Any]:
    """A group and all its suspects, the most plausible first; the first `tied` are as plausible as one another."""
    return {
        "group": group.number,
        "tied": group.tied,
        "suspects": [
            {
                "cells": [
                    {"at": at, "key": key, "value": value or None}
                    for at, key, value in zip(suspect.cells, suspect.keys, suspect.values, strict=True)
                ],
                "cause": _cause_json(suspect.cause),
            }
            for suspect in group.suspects
        ],
    }
