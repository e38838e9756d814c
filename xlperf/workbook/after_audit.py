"""What a user is told after 审核 in a spreadsheet program: what is left to do, the next step, what was not compared."""

from __future__ import annotations

from xlperf.audit.run import not_run_text
from xlperf.workbook.audited import Audited, unread_text
from xlperf.workbook.explained import Standing, standing_line, standings

READY = "可以上报"
_CORRECT = "改正标“待改正”的各处，点“下一处”逐个看，改完再审核。"
_EXPLAIN = "在“审核结果”的“审核说明”一栏写明原因，点“下一处”逐个看，写完再审核。"
_HAND_IN = f"没有要改正、要说明的了，{READY}：点“上报本”。"
_DRAFTS = "核对“沿用核对”列出的 {} 格（浅紫色），核对完再审核。"
_NOTHING = "表里还没有可以核对的数，先填报，再审核。"


def message_after(audited: Audited, drafts: int = 0) -> str:
    """Counts of items and not of cells, the next step in one sentence, and what was not compared.

    `drafts`: cells that hold last year's content and that nobody has confirmed. No form is called ready of which
    nothing was compared.
    """
    counts = standing_line([(audited.report, audited.explanations)])
    return "\n".join((f"审核完成：{counts}", f"下一步：{_next_step(audited, drafts)}", _not_compared(audited)))


def _next_step(audited: Audited, drafts: int) -> str:
    found = standings([(audited.report, audited.explanations)])
    if found[Standing.TO_CORRECT]:
        return _CORRECT
    if found[Standing.TO_EXPLAIN] + found[Standing.CHANGED]:
        return _EXPLAIN
    if drafts:
        return _DRAFTS.format(drafts)
    return _HAND_IN if audited.ledger.compared else _NOTHING


def _not_compared(audited: Audited) -> str:
    left = [not_run_text(audited.report.not_run)] if audited.report.not_run else []
    left += [unread_text(len(audited.left))] if audited.left else []
    return "".join((audited.ledger.line, *(f"{each}。" for each in left)))
