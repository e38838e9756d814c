"""What a text of several fonts says: what is struck out is not said, and a small raised sign is a mark, not a digit.

`38` with a raised `1` is 38 with a note, not 381; `35` struck out before `36.5` is 36.5. A raised figure behind a Latin
letter is part of the word (m², CO₂) and stays. The signs ¹ ² ₁ that are small by themselves are taken likewise, and so
is a circled number right behind a figure.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from xlperf.text import expression

_SMALL = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾₀₁₂₃₄₅₆₇₈₉₊₋₍₎"
_SMALL_SIGNS = frozenset(_SMALL)
_BEHIND_FIGURE = expression(rf"[{_SMALL}]|[\d%％]\s*[①-⑳❶-❿]")
_CIRCLED = expression("[①-⑳❶-❿]")
_OF_A_WORD = expression(r"[\d.+\-−]{1,4}")  # m2, CO2, PM2.5, Ca2+
_IDEOGRAPH = expression("[\u4e00-\u9fff]")
_NOTE = "注"
_SHOWN, _STRUCK, _MARK = 0, 1, 2


class Run(NamedTuple):
    """A stretch of one font. `None`: as the whole cell or paragraph has it."""

    text: str
    struck: bool | None = None
    raised: bool | None = None  # or lowered


class LeftOut(NamedTuple):
    """What a text shows besides what it says: struck out, or a mark."""

    text: str
    struck: bool

    def __str__(self) -> str:
        return f"{'删除线' if self.struck else '上下标'}“{self.text}”"


class Shown(NamedTuple):
    text: str
    left_out: tuple[LeftOut, ...] = ()


def has_small_signs(text: str) -> bool:
    """Are there signs in an otherwise plain text that may be marks?"""
    return _BEHIND_FIGURE.search(text) is not None


def shown(runs: Sequence[Run], *, struck: bool = False) -> Shown:
    """What runs say and what they do not; `struck`: the cell around them is, where a run has no font of its own."""
    texts = [run.text for run in runs]
    whole = "".join(texts)
    if not any(struck if run.struck is None else run.struck or run.raised for run in runs) and not has_small_signs(
        whole
    ):
        return Shown(whole)
    fates = [fate for run in fates_of(runs, struck=struck) for fate in run]
    text: list[str] = []
    left_out: list[LeftOut] = []
    for fate, signs in groupby(zip(fates, whole, strict=True), key=lambda each: each[0]):
        part = "".join(sign for _, sign in signs)
        if fate == _SHOWN:
            text.append(part)
        elif part.strip():
            left_out.append(LeftOut(part.strip(), fate == _STRUCK))
    return Shown("".join(text), tuple(left_out))


def fates_of(runs: Sequence[Run], *, struck: bool = False) -> list[list[int]]:
    """For every character of every run 0 if it is said, 1 if it is struck out, 2 if it is a mark."""
    signs = [
        (sign, struck if run.struck is None else run.struck, bool(run.raised) or sign in _SMALL_SIGNS)
        for run in runs
        for sign in run.text
    ]
    fates = [_STRUCK if is_struck else _SHOWN for _, is_struck, _ in signs]
    kept = [at for at, fate in enumerate(fates) if fate == _SHOWN]
    if any(not signs[at][2] and not signs[at][0].isspace() for at in kept):  # a text raised as a whole is no mark
        before = _Before()
        for raised, group in groupby(kept, key=lambda at: signs[at][2]):
            places = list(group)
            text = "".join(signs[at][0] for at in places)
            if raised:
                is_mark = not _belongs(text, before)
                for at in places if is_mark else ():
                    fates[at] = _MARK
                before = before if is_mark else _before(text)
            else:
                for at in _circled(text, before):
                    fates[places[at]] = _MARK
                before = _before(text) if text.strip() else before
    return _by_run(runs, fates)


class _Before(NamedTuple):
    """The last sign before a stretch, and the last that is no blank."""

    sign: str = ""
    shown: str = ""


def _before(text: str) -> _Before:
    return _Before(text[-1:], text.rstrip(" \u3000\xa0")[-1:])


def _belongs(raised: str, before: _Before) -> bool:
    """Is a raised text part of what stands before it?"""
    words = unicodedata.normalize("NFKC", raised).strip()
    last = before.sign
    if last.isascii() and last.isalpha():
        return _OF_A_WORD.fullmatch(words) is not None
    has_digit = any(sign.isdigit() or _CIRCLED.match(sign) for sign in raised)
    return not has_digit and _IDEOGRAPH.search(words) is not None and _NOTE not in words


def _circled(text: str, before: _Before) -> list[int]:
    """Where circled numbers stand right behind a figure, or behind one that does."""
    found: list[int] = []
    last = before.shown
    for at, sign in enumerate(text):
        if _CIRCLED.match(sign) and last and (last in "%％" or last.isdecimal()):
            found.append(at)
        elif sign == "\n" or not sign.isspace():
            last = sign
    return found


def _by_run(runs: Sequence[Run], fates: Sequence[int]) -> list[list[int]]:
    result: list[list[int]] = []
    start = 0
    for run in runs:
        result.append(list(fates[start : start + len(run.text)]))
        start += len(run.text)
    return result
