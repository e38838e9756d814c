"""A draw of whole reports in random outlines on every run; 300 of them are `python -m tests.intake.whole`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.whole import outcome
from tests.intake.written import Line, Said, Writer, as_text, as_word

SEED = 20231231


@pytest.mark.parametrize("number", range(6))
def test_a_report_in_any_outline_gives_what_it_states(number: int, tmp_path: Path) -> None:
    report = Writer(number, SEED).report()
    for path in (as_text(report, tmp_path / "报告.txt"), as_word(report, tmp_path / "报告.docx")):
        found = outcome(report, path)
        assert found.wrong == ()
        assert found.filled > 0


def test_what_is_read_otherwise_is_told(tmp_path: Path) -> None:
    """Of a figure in a wrong cell, one that is lost, a paragraph in a wrong section and a count that is off."""
    report = Writer(1, SEED).report()
    path = as_text(report, tmp_path / "报告.txt")
    first = next(each for each in report.said if not isinstance(each.value, str))
    lost = Said("overseas_actual", first.value, "无", "无")
    elsewhere = next(at for at, line in enumerate(report.lines) if line.key)
    report.said = [*(each for each in report.said if each.key != first.key), lost]
    report.lines[elsewhere] = report.lines[elsewhere]._replace(key="section_6")
    report.lines.append(Line("没有写过的一段。"))
    report.figures += 1
    told = " ".join(outcome(report, path).wrong)
    for word in (f"wrong {first.key}", "lost overseas_actual", "not in “section_6”", "nowhere", "check", "import"):
        assert word in told
