"""What is said after 审核: counts of items, the next step, and never an all-clear for what was not compared."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bench.books import clean_form
from tests.workbooks import edited
from xlperf.audit.ledger import Ledger
from xlperf.labels.reading import Passage
from xlperf.workbook import actions
from xlperf.workbook.after_audit import READY, message_after
from xlperf.workbook.audited import Audited
from xlperf.workbook.explained import Explanation, shown_in, told_of


def audited(values: dict[str, Any]) -> Audited:
    return Audited(*actions.check(actions.open_form(edited(values, {"fill": False}))))


def explained(given: Audited) -> Audited:
    """With a reason beside every item."""
    report = given.report
    rows = tuple(
        Explanation(
            *(each.code, each.at, report.record[each.key].label, shown_in(each, report), told_of(item)),
            *("", "已核对文号", "", ()),
        )
        for item in report.items()
        for each in item.findings
        if len(item.findings) == 1
    )
    return given._replace(explanations=rows)


@pytest.fixture(scope="module")
def clean() -> dict[str, Any]:
    return clean_form(3)


def test_errors_come_first(beita_values: dict[str, Any]) -> None:
    counts, step, left = message_after(audited(beita_values)).splitlines()
    assert counts == "审核完成：待改 7 · 待说明 11 · 已说明 0", "items, not cells: 9 errors, 21 to explain"
    assert step == "下一步：改正标“待改正”的各处，点“下一处”逐个看，改完再审核。"
    assert left.startswith("比较了 117 个数，25 个没有比较。必填未填 0 格，10 条规则因空白未能核对。")
    assert left.endswith("。非必填的数空着 21 格：没有的填 0，不适用的填 ——。")


def test_then_what_is_to_be_explained(clean: dict[str, Any]) -> None:
    counts, step, _ = message_after(audited(clean)).splitlines()
    assert counts == "审核完成：待改 0 · 待说明 1 · 已说明 0"
    assert step.startswith("下一步：在“审核结果”的“审核说明”一栏写明原因")


def test_then_it_is_ready_and_what_was_not_compared_is_said(clean: dict[str, Any]) -> None:
    given = explained(audited(clean))
    counts, step, left = message_after(given).splitlines()
    assert counts == "审核完成：待改 0 · 待说明 0 · 已说明 1"
    assert READY in step
    assert left.startswith(
        "比较了 195 个数，26 个没有比较。必填未填 0 格，2 条规则因空白未能核对。非必填的数空着 5 格："
    )
    unread = given._replace(left=[Passage("自评表 A1", "出国经费 12 万元", "没有这一栏")])
    assert message_after(unread).endswith("1 处没有读懂、没有核对。")


def test_not_ready_with_what_was_carried_over_and_nobody_looked_at(clean: dict[str, Any]) -> None:
    message = message_after(explained(audited(clean)), drafts=["自评表!B13", "自评表!F13", "自评表!B38"])
    assert READY not in message
    assert "下一步：核对“沿用核对”列出的 3 格" in message


def test_not_ready_where_nothing_was_compared(clean: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    given = explained(audited(clean))
    monkeypatch.setattr("xlperf.workbook.audited.ledger_of", lambda _report: Ledger())
    assert READY not in message_after(given)
    assert "下一步：表里还没有可以核对的数，先填报，再审核。" in message_after(given)
