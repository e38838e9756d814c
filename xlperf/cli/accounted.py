"""The ledger as `check` prints it: the last line of every form of the command, the list of `--ledger`, and the JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from xlperf.audit.ledger import Ledger, joined, state_text
from xlperf.form.record import shortened
from xlperf.workbook.audited import Audited

_LONGEST = 60  # of a sentence that is quoted
_MOST_CELLS = 4


def ledger_of_all(forms: Iterable[Audited], reports: Iterable[Ledger | None] = ()) -> Ledger:
    """Forms and the reports held against them as one."""
    return joined((*(form.ledger for form in forms), *(each for each in reports if each is not None)))


def ledger_lines(ledger: Ledger, *, in_full: bool) -> Iterator[str]:
    """How many figures were compared; in full, before that every rule and every sentence with figures."""
    if in_full:
        yield from _rules(ledger)
        yield from _sentences(ledger)
    yield ledger.line


def _rules(ledger: Ledger) -> Iterator[str]:
    counts = Counter(each.state for each in ledger.rules)
    told = "，".join(f"{state_text(state)} {count}" for state, count in counts.items())
    yield f"核对清单　规则 {len(ledger.rules)} 条：{told}。"
    for each in ledger.rules:
        yield f"    {each.code} {each.title}：{each.told(_MOST_CELLS)}"


def _sentences(ledger: Ledger) -> Iterator[str]:
    if ledger.sentences:
        yield f"核对清单　有数字的句子 {len(ledger.sentences)} 句："
    for each in ledger.sentences:
        reason = f"（{each.reason}）" if each.reason else ""
        yield f"    {each.place}  {each.told}{reason}  {shortened(each.quote, _LONGEST)}"


def ledger_json(ledger: Ledger) -> dict[str, Any]:
    """`ledger` of `check --format json`."""
    return {
        "rules": [each._asdict() | {"blank": list(each.blank)} for each in ledger.rules],
        "sentences": [each._asdict() | {"state": each.state} for each in ledger.sentences],
        "compared": ledger.compared,
        "not_compared": ledger.not_compared,
    }
