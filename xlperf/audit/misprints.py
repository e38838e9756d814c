"""Slips of the pen: the numbers that one slip turns into the number that was written."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from xlperf.audit.costs import kind_of
from xlperf.text import expression

PEN_TEXT = {
    "transposed_digits": "相邻两个数字写颠倒了：{0} 应为 {1}",
    "wrong_digit": "有一个数字写错：{0} 应为 {1}",
    "missing_digit": "漏了一个数字：{0} 应为 {1}",
    "extra_digit": "多了一个数字：{0} 应为 {1}",
    "sign": "正负号填反",
    "unit": "填{1}了 {0} 倍{2}",
}
_NUMBER = expression(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")
_TELLING = 3  # digits at least: any two short numbers are one slip apart


def misprints(digits: str) -> Iterator[tuple[str, str]]:
    """Numbers that one slip turns into this one, each with the slip by its name in `costs`."""
    sign, body = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
    places = [index for index, each in enumerate(body) if each.isdigit()]
    for left, right in itertools.pairwise(places):
        if body[left] != body[right]:
            swapped = [*body]
            swapped[left], swapped[right] = body[right], body[left]
            yield "transposed_digits", sign + "".join(swapped)
    for index in places:
        for digit in "0123456789":
            if digit != body[index]:
                yield "wrong_digit", sign + body[:index] + digit + body[index + 1 :]
        if len(places) > 1:
            doubled = body[index] in (body[index - 1 : index], body[index + 1 : index + 2])
            yield "extra_digit: doubled" if doubled else "extra_digit", sign + body[:index] + body[index + 1 :]
    for index in range(len(body) + 1):
        for digit in "0123456789":
            yield "missing_digit", sign + body[:index] + digit + body[index:]


def misprint_told(said: str, shown: str) -> str:
    """How a figure in a text may have been mistyped that should be what a cell shows, as a sentence; "" of no slip."""
    written, meant = _NUMBER.search(said), _NUMBER.search(shown)
    if written is None or meant is None or ("%" in said) != ("%" in shown):
        return ""
    digits = meant[0].replace(",", "")
    if sum(map(str.isdigit, digits)) < _TELLING:
        return ""
    slips = misprints(written[0].replace(",", ""))
    name = next((name for name, other in slips if other == digits), "")
    return f"可能{PEN_TEXT[kind_of(name)].format(f'“{written[0]}”', f'“{meant[0]}”')}。" if name else ""
