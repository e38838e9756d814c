"""What is left to do of a form that was audited: said after 审核 in a spreadsheet program, and by 上报本."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xlperf.audit.run import columns_of_no_indicator, left_text
from xlperf.checks.rule import Severity
from xlperf.form.record import Record
from xlperf.form.template import Template, split_row_key
from xlperf.workbook.audited import Audited, unread_text
from xlperf.workbook.explained import explain, standing_line

READY = "可以上报"
_HAND_IN = f"没有要改正、要说明的了，{READY}：点“上报本”。"
_SHOWN = 5  # places of a kind that are named


class Open(NamedTuple):
    """What is not done yet: how it is called, what to do about it, and where."""

    what: str
    to_do: str
    places: tuple[str, ...]

    @property
    def line(self) -> str:
        """As it is told."""
        more = f" 等 {len(self.places)} 处" if len(self.places) > _SHOWN else ""
        return f"  {self.what}{'：' if self.places else ''}{'、'.join(self.places[:_SHOWN])}{more}"


def still_open(audits: Sequence[Audited], drafts: Sequence[str]) -> Iterator[Open]:
    """What keeps the forms of a workbook from being handed in, in the order in which it is seen to.

    `drafts`: cells that hold last year's content and that nobody has confirmed. Of several forms one may have no
    indicators; where nothing at all was compared, no form is ready.
    """
    errors, unexplained, without = list[str](), list[str](), list[str]()
    for audit in audits:
        explained = explain(audit.report, audit.explanations)
        for number, finding in enumerate(audit.report.findings):
            if finding.severity is Severity.ERROR:
                errors.append(finding.at)
            elif finding.severity is Severity.WARNING and not explained.settles(number, finding):
                unexplained.append(finding.at)
        record = audit.report.record
        if columns_of_no_indicator(record):
            without.append(f"《{record.template.title}》")
    for what, to_do, places in (
        ("必须改正的错误", "改正标“待改正”的各处，点“下一处”逐个看，改完再审核。", errors),
        (
            "没有写明原因的核实项",
            "在“审核结果”的“审核说明”一栏写明原因，点“下一处”逐个看，写完再审核。",
            unexplained,
        ),
        ("没有填一个指标的表", f"填写{'、'.join(without)}的指标，再审核。", without),
        (
            "没有核对的沿用内容",
            f"核对“沿用核对”列出的 {len(drafts)} 格（浅紫色），核对完再审核。",
            drafts,
        ),
    ):
        if places:
            yield Open(what, to_do, tuple(dict.fromkeys(places)))
    if not any(audit.ledger.compared for audit in audits):
        yield Open("没有一个可以核对的数", "表里还没有可以核对的数，先填报，再审核。", ())


def helper_titles(template: Template) -> Iterator[str]:
    """The sheets that stay with the unit."""
    for spec in template.sheets:
        if any(spec.get(role) for role in ("helper", "results", "control")):
            yield spec["title"]


def blank_figures(record: Record) -> Iterator[str]:
    """The figures that may be left blank and are, on sheets that are handed in; those of rows without a word aside."""
    helpers = {*helper_titles(record.template)}
    filled = (split_row_key(key) for key, cell in record.stated.items() if not cell.is_blank)
    said = {row[:2] for row in filled if row}
    for key, cell in record.stated.items():
        row = split_row_key(key)
        is_figure = not (cell.field.is_text or cell.field.required or cell.field.derived)
        if not (is_figure and cell.is_blank and cell.at) or (row is not None and row[:2] not in said):
            continue
        if cell.at.rpartition("!")[0].strip("'") not in helpers:
            yield cell.at


def blanks_line(audits: Sequence[Audited]) -> str:
    """How many figures that may be left blank are blank; "" where all are given."""
    count = sum(1 for audit in audits for _ in blank_figures(audit.report.record))
    return f"非必填的数空着 {count} 格：没有的填 0，不适用的填 ——。" if count else ""


def message_after(audited: Audited, drafts: Sequence[str] = ()) -> str:
    """Counts of items and not of cells, the next step in one sentence, and what was not compared.

    `drafts`: as `still_open` takes them; a form is called ready where nothing is open, and 上报本 then says so too.
    """
    counts = standing_line([(audited.report, audited.explanations)])
    first = next(still_open([audited], drafts), None)
    step = first.to_do if first else _HAND_IN
    left = [f"{left_text(audited.report)}。", blanks_line([audited])]
    left += [f"{unread_text(len(audited.left))}。"] if audited.left else []
    return "\n".join((f"审核完成：{counts}", f"下一步：{step}", "".join((audited.ledger.line, *left))))
