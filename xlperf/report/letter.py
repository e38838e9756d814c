"""The reviewer's letter: what a finance office would send back with a form, read before it is handed in, as a .docx."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xlperf.audit.items import Item
from xlperf.audit.run import left_text
from xlperf.checks.catalog import RULES
from xlperf.checks.rule import Finding, Severity
from xlperf.form.record import brief
from xlperf.form.sources import cite
from xlperf.form.template import Template
from xlperf.package import ref_text, split_reference
from xlperf.report.between import Discrepancy
from xlperf.report.official import Layout, Paper
from xlperf.workbook.audited import Audited, subject_of, unread_text
from xlperf.workbook.explained import explain

_TITLE = "关于{}的审核意见"
_FOUND = (
    "你单位报送的{}材料已经审核，有 {} 项需要改正、{} 项需要核实说明。现将意见反馈如下，请逐项改正、说明后重新报送。"
)
_CLEAN = "你单位报送的{}材料已经审核，没有发现需要改正、核实的问题。"
_CHAPTERS = {
    Severity.ERROR: "需要改正的问题",
    Severity.WARNING: "需要核实说明的问题",
    Severity.INFO: "供参考的提示",
}
_NUMBERS = "一二三四五"
_OPEN = "没有核对的内容"
_BETWEEN = "各份材料之间不一致的地方"
_SETTLED = "另有 {} 项已在审核说明中写明原因，不再列出。"
_END = "请于　　年　　月　　日前报送修改后的材料和书面说明。"
_SIGNED = ("（审核单位）", "年　　月　　日")


class _Asked(NamedTuple):
    """What there is to see to in a form, and how many of its findings the unit has explained."""

    form: Audited
    item: Item
    settled: int


def build_letter(forms: Sequence[Audited], between: Sequence[Discrepancy] = ()) -> bytes:
    """The letter on the `forms` of a unit that were audited: what weighs most first, each with place, basis and remedy.

    What the unit has explained already is counted and not asked for again. `between`: what its files say otherwise than
    one another.
    """
    items = [each for form in forms for each in _items(form)]
    asked = [each for each in items if each.settled < len(each.item.findings)]
    paper = Paper()
    paper.add(_TITLE.format(_named(forms)), "Title")
    paper.add(f"{_unit(forms)}：", layout=Layout(align="left", is_flush=True))
    severities = [own.item.severity for own in asked] + [other.severity for other in between]
    counts = [severities.count(each) for each in (Severity.ERROR, Severity.WARNING)]
    paper.add((_FOUND if any(counts) else _CLEAN).format(_named(forms), *counts))
    chapters = [(title, [own for own in asked if own.item.severity is each]) for each, title in _CHAPTERS.items()]
    filled = [(title, own) for title, own in chapters if own]
    for number, (title, own) in zip(_NUMBERS, filled, strict=False):
        paper.add(f"{number}、{title}", "Heading 1")
        for place, item in enumerate(own, 1):
            for line in _lines(place, item, names_form=len(forms) > 1):
                paper.add(line)
    if between:
        paper.add(f"{_NUMBERS[len(filled)]}、{_BETWEEN}", "Heading 1")
        for place, other in enumerate(between, 1):
            paper.add(f"{place}．{other.severity.text}：{brief(other.message)}")
    paper.add(f"{_NUMBERS[len(filled) + bool(between)]}、{_OPEN}", "Heading 1")
    for line in _open(forms, sum(each.settled for each in items)):
        paper.add(line)
    if any(counts):
        paper.add(_END)
    for line in ("", *_SIGNED):
        paper.add(line, layout=Layout(align="right", is_flush=True))
    return paper.to_bytes()


def _unit(forms: Sequence[Audited]) -> str:
    names = (form.report.record.stated.get("unit_name") for form in forms)
    return next((name.text for name in names if name is not None and name.text), "（单位名称）")


def _named(forms: Sequence[Audited]) -> str:
    """2023年度部门整体支出绩效自评表, and of several that there are more."""
    record = forms[0].report.record
    year = f"{record.year}年度" if record.year else ""
    name = subject_of(record)
    more = f"等 {len(forms)} 张表" if len(forms) > 1 else ""
    return f"{year}{f'“{name}”' if name else ''}{record.template.title}{more}"


def _items(form: Audited) -> Iterator[_Asked]:
    explained = explain(form.report, form.explanations)
    for item in form.report.items():
        yield _Asked(form, item, sum(explained.settles(number, finding) for number, finding in item.pairs))


def _lines(number: int, asked: _Asked, *, names_form: bool) -> Iterator[str]:
    """One paragraph for a finding; of several that are one item first what they have in common."""
    template, item = asked.form.report.record.template, asked.item
    where = f"《{asked.form.name or template.title}》" if names_form else ""
    if not item.reason:
        yield f"{number}．{where}{_said(item.findings[0], template)}"
        return
    yield f"{number}．{where}{item.reason}"
    for place, finding in enumerate(item.findings, 1):
        yield f"（{place}）{_said(finding, template)}"


def _said(finding: Finding, template: Template) -> str:
    """Place and figure, then the basis, then what to do."""
    sources = [cite(source) for source in finding.cites]
    basis = "、".join(f"《{source.name}》" if source.number else source.name for source in sources)
    remedy = RULES[finding.code].docs(template)["改法"]
    return f"{_place(finding.at)}：{brief(finding.message)}依据：{basis}。处理：{remedy}"


def _place(address: str) -> str:
    """“自评表”G12 格, as people write it; of a document the address as it is."""
    try:
        sheet, ref = split_reference(address)
    except ValueError:
        return address
    return f"“{sheet}”{ref_text(ref)} 格"


def _open(forms: Sequence[Audited], settled: int) -> Iterator[str]:
    for form in forms:
        unread = unread_text(len(form.left))
        name = f"《{form.name or form.report.record.template.title}》" if len(forms) > 1 else ""
        yield f"{name}{left_text(form.report)}{f'；{unread}' if unread else ''}。"
    if settled:
        yield _SETTLED.format(settled)
