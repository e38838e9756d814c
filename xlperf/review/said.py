"""What a task says of one unit: numbers as text in decimal notation, money in 万元, rates as fractions."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlperf.amounts import parse_number
from xlperf.audit.ledger import Ledger, joined
from xlperf.audit.run import Report
from xlperf.checks.catalog import RULES
from xlperf.checks.rule import Severity
from xlperf.derive.seen import SECTION
from xlperf.form.forms import load_template
from xlperf.form.record import Record, in_common_unit, show
from xlperf.form.template import INDICATORS, Field
from xlperf.labels.layouts import layout_called
from xlperf.labels.spelling import fold, plain
from xlperf.package.save import claim, make_folder, save_atomically
from xlperf.prose.project_names import project_key
from xlperf.report.against import Contradiction
from xlperf.report.between import ALONE, Compared, Discrepancy
from xlperf.report.files import Checked, compare_own
from xlperf.review.gather import Bundle
from xlperf.review.opened import GOALS, MONITORING, Group, Opened
from xlperf.review.order import Order
from xlperf.workbook.audited import Audited, subject_of
from xlperf.workbook.explained import Standing, explain
from xlperf.workbook.given import is_of_project

TO_CORRECT, TO_EXPLAIN, EXPLAINED, PASSED, NOT_COMPARED = "待改正", "待说明", "已说明", "通过", "未能核对"
STATUSES = (TO_CORRECT, TO_EXPLAIN, EXPLAINED, PASSED, NOT_COMPARED)
OF_UNIT, OF_PROJECT, OF_TEXT = "部门", "项目", "报告"
_KIND_TEXTS = {GOALS: "目标", MONITORING: "监控"}
_FIGURES = ("total_score", "execution_rate", "opening_budget", "annual_budget", "annual_spent")
_GOAL, _DONE, _NOTE = "goal_expected", "goal_actual", "deviation_note"
_LONG, _LONG_NOTE = 40, 12  # signs of a text that two units do not write alike by chance
_SHORTEST_NAME = 4
_CELL_SIGNS = re.compile(r"[\W_]+")


def said_of(
    group: Group,
    checked: Sequence[tuple[Opened, Checked]],
    compared: Compared,
    ledger: Ledger,
    where: tuple[Bundle, Order],
) -> dict[str, Any]:
    """A unit's forms and findings, how it stands, and what other units are held against; writes its letter."""
    bundle, order = where
    forms: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    standing: Counter[str] = Counter()
    between = list(compared.found)
    audited = [form for _, each in checked for form in each.forms]
    for opened, each in checked:
        for form in each.forms:
            forms.append(_form(form, opened, each))
            found, own = _findings(form, str(each.path), len(forms) - 1)
            findings += found
            standing.update(own)
    if len(checked) == 1 and checked[0][1].report is not None and audited:
        own_found, own_ledger = compare_own(checked[0][1].report, str(checked[0][1].path), audited, order.variant)
        ledger = joined((ledger, own_ledger))
        name = str(checked[0][1].path)
        between += [_of_text(each, name) for each in own_found]
    for other in between:
        findings.append(_discrepancy(other))
        standing[_STANDING[other.severity].value] += 1
    unit = group.unit or _unit_in(audited)
    alone = {ALONE.format(each.path) for _, each in checked if each.forms}  # audited by themselves: nothing is open
    told = {
        "unit": unit,
        "key": fold(plain(unit)),
        "owner": _owner(audited),
        "year": group.year,
        "files": [str(each.path) for _, each in checked],
        "forms": forms,
        "findings": findings,
        "standing": dict(standing),
        "status": _status(standing, ledger),
        "unread": sum(len(form.left) for form in audited),
        "not_run": sum(len(form.report.not_run) for form in audited),
        "compared": ledger.compared,
        "not_compared": ledger.not_compared,
        "notes": [note for note in compared.notes if note not in alone],
        "texts": list(_texts(audited, unit)),
        "rows": sorted({row for form in audited for row in _rows(form.report.record)}),
        "projects": list(_projects(audited)),
        "letter": "",
        "previous": "",
    }
    if order.letters and audited:
        told["letter"] = _write_letter(audited, between, told, bundle, order)
    return told


_STANDING = {
    Severity.ERROR: Standing.TO_CORRECT,
    Severity.WARNING: Standing.TO_EXPLAIN,
    Severity.INFO: Standing.INFO,
}


def _status(standing: Counter[str], ledger: Ledger) -> str:
    """How the unit stands; nothing is passed of which nothing was compared."""
    if standing[Standing.TO_CORRECT]:
        return TO_CORRECT
    if standing[Standing.TO_EXPLAIN] or standing[Standing.CHANGED]:
        return TO_EXPLAIN
    if not ledger.compared:
        return NOT_COMPARED
    return EXPLAINED if standing[Standing.EXPLAINED] else PASSED


def _unit_in(audited: Sequence[Audited]) -> str:
    """The unit of a report in text, whose forms do not name it."""
    for form in audited:
        record = form.report.record
        for key in (*load_template(record.template.id).cells_of("names"), "unit_name"):
            if key in record.stated and record.stated[key].text.strip():
                return " ".join(record.stated[key].text.split())
    return ""


def _owner(audited: Sequence[Audited]) -> str:
    """The department that the forms of projects name, whose own form may lie elsewhere in the folder."""
    cells = (form.report.record.stated.get("department") for form in audited)
    return next((fold(plain(cell.text)) for cell in cells if cell is not None and cell.text.strip()), "")


def _form(form: Audited, opened: Opened, each: Checked) -> dict[str, Any]:
    record = form.report.record
    template = record.template
    kind = _KIND_TEXTS.get(opened.kind, "") or (
        OF_TEXT if form.is_text else OF_PROJECT if is_of_project(record) else OF_UNIT
    )
    figures = {key: _figure(form.report, key) for key in _FIGURES}
    grade = record.stated.get("grade")
    return {
        "file": str(each.path),
        "kind": kind,
        "title": template.title,
        "template": template.id,
        "layout": layout_called(template.layout).title if template.layout else "",
        "variant": form.report.variant,
        "subject": subject_of(record),
        "place": form.place,
        "grade": grade.text if grade is not None else "",
        **figures,
    }


def _figure(report: Report, key: str) -> str:
    """A figure as it is stated; what the form leaves to be computed as it comes out."""
    cell = report.record.stated.get(key)
    if cell is not None and cell.is_number:
        return format(in_common_unit(cell).value, "f")
    value = report.values.get(key)
    return format(value, "f") if isinstance(value, Decimal) and (cell is None or cell.is_blank) else ""


def _findings(form: Audited, file: str, number: int) -> tuple[list[dict[str, Any]], Counter[str]]:
    report = form.report
    explained = explain(report, form.explanations)
    found: list[dict[str, Any]] = []
    standing: Counter[str] = Counter()
    for item in report.items():
        state = explained.standing(item)
        standing[state.value] += 1
        for place, (index, finding) in enumerate(item.pairs):
            answer = explained.answers.get(index)
            label = report.record[finding.key].label
            subject = form.name or subject_of(report.record)
            found.append(
                {
                    "file": file,
                    "form": number,
                    "item": len(found) if place == 0 else found[-1]["item"],
                    "at": finding.at,
                    "code": finding.code,
                    "severity": finding.severity.value,
                    "title": RULES[finding.code].titled(report.record.template),
                    "label": label,
                    "stated": _shown(finding.stated, report.record[finding.key].field),
                    "expected": _shown(finding.expected or "", report.record[finding.key].field),
                    "message": finding.message,
                    "cause": finding.cause.text if finding.cause else "",
                    "standing": Standing.EXPLAINED.value if explained.settles(index, finding) else state.value,
                    "explanation": answer.text if answer and answer.holds else "",
                    "identity": _hash(finding.code, label, subject),
                }
            )
    return found, standing


def _shown(text: str, field: Field) -> str:
    """A figure as the form writes it, a rate in percent."""
    parsed = parse_number(text)
    return show(parsed.value, field) if parsed is not None and not field.is_text else text


def _of_text(each: Contradiction, name: str) -> Discrepancy:
    """What the text of a report says otherwise than the tables of the same file."""
    told = each.key, each.message, each.stated, each.expected
    return Discrepancy(each.severity, each.code, name, each.place, name, each.at, *told)


def _discrepancy(each: Discrepancy) -> dict[str, Any]:
    return {
        "file": each.file,
        "form": -1,
        "item": -1,
        "at": each.at,
        "code": each.code,
        "severity": each.severity.value,
        "title": RULES[each.code].title if each.code else "各份材料不一致",
        "label": "",
        "stated": each.stated,
        "expected": each.expected,
        "message": each.message,
        "cause": "",
        "standing": _STANDING[each.severity].value,
        "explanation": "",
        "identity": _hash(each.code, each.key, "between"),
    }


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:16]


# What other units are held against


def _texts(audited: Sequence[Audited], unit: str) -> Iterator[tuple[str, str, str]]:
    """Long texts: what they are, a sign of what they say without the unit's own name, and the beginning."""
    done: set[str] = set()
    for form in audited:
        record = form.report.record
        for key, cell in record.stated.items():
            is_note = key.endswith(_NOTE)
            if not (is_note or key in (_GOAL, _DONE) or key.startswith(SECTION)) or not cell.text:
                continue
            said = _CELL_SIGNS.sub("", cell.text.replace(unit, "") if unit else cell.text)
            sign = _hash(said)
            if len(said) >= (_LONG_NOTE if is_note else _LONG) and sign not in done:
                done.add(sign)
                yield "原因" if is_note else cell.label, sign, cell.text[:120]


def _rows(record: Record) -> Iterator[str]:
    """A sign for each indicator: its name, target and result together."""
    for row in record.rows_of(INDICATORS):
        texts = [
            _CELL_SIGNS.sub("", record.stated[f"{row}{key}"].text)
            for key in ("level3", "target", "actual")
            if f"{row}{key}" in record.stated
        ]
        if texts and len(texts[0]) >= _SHORTEST_NAME and any(texts[1:]):
            yield _hash(*texts)


def _projects(audited: Sequence[Audited]) -> Iterator[tuple[str, str, str]]:
    """The projects with a form of their own: what their name comes to, the name, the year's budget."""
    for form in audited:
        record = form.report.record
        name = subject_of(record)
        if is_of_project(record) and len(name) >= _SHORTEST_NAME and not form.is_text:
            yield project_key(name, record.year), name, _figure(form.report, "annual_budget")


# The letter


def _write_letter(
    audited: Sequence[Audited], between: Sequence[Discrepancy], told: dict[str, Any], bundle: Bundle, order: Order
) -> str:
    """The unit's letter in a folder as the unit's own, named after the unit; its path below the folder of letters."""
    from xlperf.report.letter import build_letter

    home = os.path.relpath(bundle.folder or ".", order.root or ".")
    parts = [_fit(part) for part in home.replace("\\", "/").split("/") if part not in (".", "..", "")]
    name = told["unit"] or Path(told["files"][0]).stem
    year = f"_{told['year']}" if told["year"] else ""
    mark = _hash(*told["files"])[:4]  # two hand-ins of one unit stand in one folder
    path = Path(order.letters, *parts, f"{_fit(name)}{year}_审核意见_{mark}.docx")
    make_folder(path.parent)
    save_atomically(claim(path), build_letter(audited, between))
    return str(path.relative_to(order.letters))


def _fit(name: str) -> str:
    kept = "".join("_" if sign in '<>:"/\\|?*' or not sign.isprintable() else sign for sign in name)
    return kept[:40].strip(" .") or "_"
