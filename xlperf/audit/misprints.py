"""Slips of the pen: the numbers that one slip turns into the number that was written."""

from __future__ import annotations

import itertools
from collections.abc import Iterator


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
