"""What the words of an indicator's row say: that it is not done, how many points were taken off, how much was done."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from xlperf.text import expression, half_width

_NARROW = half_width(".%")
_ENDS = "。；;，,、：:（(）)\n"
_NEAR = 4  # characters between a denial and what it denies
_TEN = "一二三四五六七八九十"
_TAKEN_OFF = expression(rf"扣(?:除|减|了|去|掉)?[ 　]?(?:(\d{{1,3}}(?:\.\d{{1,2}})?)|([{_TEN}]))[ 　]?分(?!之)")
_SHARE = r"[了为是到达仅只的：:至年度任务目标计划指标 　]{0,8}(\d{1,4}(?:\.\d{1,4})?)%(?![以左])"
_NUMBER = expression(rf"\d|[{_TEN}两]成|百分之")


class IndicatorWords(NamedTuple):
    """The section `[indicator_words]` of a template; a form without it has none of them."""

    undone: tuple[str, ...] = ()  # a result that says so was not reached
    not_begun: tuple[str, ...] = ()  # of these, what keeps within an upper limit
    partly: tuple[str, ...] = ()  # a result that says so was not wholly reached
    unfinished: tuple[str, ...] = ()  # a result or a note that says so
    finished: tuple[str, ...] = ()  # what follows says that it was after all
    denied: tuple[str, ...] = ()  # right before one of the words above
    other_times: tuple[str, ...] = ()  # the clause speaks of another year, or of another thing
    not_taken_off: tuple[str, ...] = ()  # right before 扣1分
    would_take_off: tuple[str, ...] = ()  # the clause is how points are given
    in_all: tuple[str, ...] = ()  # right before 扣3分: the sum of those named beside it
    shares: tuple[str, ...] = ()  # before a percentage: how much of the target was done
    other_shares: tuple[str, ...] = ()  # the clause speaks of how much of something else
    satisfaction: tuple[str, ...] = ()
    surveyed: tuple[str, ...] = ()  # how satisfaction was found out
    complaints: tuple[str, ...] = ()
    payment_rates: tuple[str, ...] = ()  # names that say how much was paid
    kept_down: tuple[str, ...] = ()  # names of costs that are wanted low all the same
    saved: tuple[str, ...] = ()  # names under the costs of what is wanted high
    left_over: tuple[str, ...] = ()  # a note that says so tells where the rest of the money is
    unspent: tuple[str, ...] = ()  # why money was left although the work was done

    def told(self, words: Iterable[str], text: str, wanted: str = "") -> str:
        """The first of the words that a text says; not one that it denies, or that the target itself is about."""
        for start, word in sorted(_places(words, text)):
            if word not in wanted and not self._denies(text[max(0, start - 12) : start]):
                return word
        return ""

    def unfinished_in(self, note: str) -> str:
        """The word by which a note says that this year's work goes on; "" where it is over by the end of the note."""
        words = (*self.unfinished, *(word for word in self.undone if word.endswith("验收")))
        for start, word in sorted(_places(words, note)):
            clause = _clause_before(note, start)
            over = any(each in note[start + len(word) :] for each in self.finished)
            if not over and not self._denies(clause) and not any(each in clause for each in self.other_times):
                return word
        return ""

    def _denies(self, before: str) -> bool:
        clause = _clause_before(before, len(before))
        return any(word in clause[-len(word) - _NEAR :] for word in self.denied)

    def taken_off(self, note: str) -> tuple[tuple[str, Decimal], ...]:
        """The points that a note says were taken off, each as quoted; those named beside their sum do not count."""
        found: list[tuple[str, Decimal]] = []
        for match in _TAKEN_OFF.finditer(note.translate(_NARROW)):
            clause = _clause_before(note, match.start())
            if clause.endswith(self.not_taken_off) or any(each in clause for each in self.would_take_off):
                continue
            points = Decimal(match[1]) if match[1] else Decimal(_TEN.index(match[2]) + 1)
            if clause.endswith(self.in_all):
                return ((match[0], points),)
            found.append((match[0], points))
        return tuple(found)

    def share_in(self, note: str) -> tuple[str, Decimal, int] | None:
        """How much of the target a note says was done: as quoted, in percent, and with how many decimals."""
        plain = note.translate(_NARROW)
        for word in self.shares:
            for match in re.finditer(word + _SHARE, plain):
                clause = _clause_before(note, match.start()) + word
                if not any(each in clause for each in self.other_shares):
                    return note[slice(*match.span())], Decimal(match[1]), len(match[1].partition(".")[2])
        return None

    def is_satisfaction(self, levels: str, name: str) -> bool:
        return any(word in levels for word in self.satisfaction) or name.endswith(self.satisfaction)

    def is_of_complaints(self, name: str) -> bool:
        """投诉件数, not 投诉处理满意度."""
        return any(word in name for word in self.complaints) and not name.endswith(self.satisfaction)

    def tells_of_survey(self, text: str) -> bool:
        return any(word in text for word in self.surveyed)

    def explains_unspent(self, text: str, is_note: bool = False) -> bool:
        """Of a report, where 结转 and 结余 are headings of figures, they explain nothing by themselves."""
        return any(word in text for word in (*self.unspent, *(self.left_over if is_note else ())))


def parse_indicator_words(spec: Mapping[str, Any]) -> IndicatorWords:
    return IndicatorWords(**{name: tuple(spec.get(name, ())) for name in IndicatorWords._fields})


def has_number(text: str) -> bool:
    """A figure, in digits or in words: 95%, 九成, 百分之九十."""
    return bool(_NUMBER.search(text))


def _places(words: Iterable[str], text: str) -> Iterator[tuple[int, str]]:
    there = (word for word in words if word in text)  # few are, and only those are looked for one by one
    return ((match.start(), word) for word in there for match in re.finditer(re.escape(word), text))


def _clause_before(text: str, at: int) -> str:
    return re.split(f"[{_ENDS}]", text[:at])[-1]
