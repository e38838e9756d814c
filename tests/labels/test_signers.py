"""Who signs a form of another place: beside a label, behind its colon, or nowhere."""

from __future__ import annotations

import pytest

from tests.intake.drawn import document, table
from tests.labels.published import PUBLISHED
from xlperf.audit.run import audit
from xlperf.checks.catalog import RULES
from xlperf.labels.recognised import recognise, record_of


@pytest.mark.parametrize(
    ("drawn", "found"),
    [
        ("项目负责人 | 张三 | < | < | 财务负责人 | 李四 | < | < | <", []),
        ("项目负责人：张三　　财务负责人：李四 | < | < | < | < | < | < | < | <", []),
        ("项目负责人：×××　　财务负责人：××× | < | < | < | < | < | < | < | <", []),
        ("填表人 | 王五 | < | < | < | < | < | < | <", []),
        ("项目负责人 | 张三 | < | < | 财务负责人 | | < | < | <", ["finance_leader"]),
        ("项目负责人 | 张三 | < | < | 财务负责人 | 张三 | < | < | <", ["finance_leader"]),
        (
            "项目负责人：　　　财务负责人：　　 | < | < | < | < | < | < | < | <",
            ["project_leader", "finance_leader"],
        ),
        ("项目负责人（签字）： | < | < | < | 财务负责人（签字）：李四 | < | < | < | <", ["project_leader"]),
    ],
)
def test_signers(drawn: str, found: list[str]) -> None:
    form = recognise(document(table(f"{PUBLISHED['C3'].drawn.rstrip()}\n{drawn}")))
    report = audit(record_of(form, "甲.docx"), None, (RULES["XLP120"],))
    assert [finding.key for finding in report.findings] == found
