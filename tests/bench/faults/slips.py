"""Slips of the hand: from a figure to what a careless typist leaves there."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tests.bench.faults.form import Form
from tests.bench.faults.picks import IN_TEXT, YEAR, figure


class Slip(NamedTuple):
    """New texts by key ("" for a whole row: deleted), kinds of cause that name it, and whom to blame if not those."""

    texts: dict[str, str]
    causes: frozenset[str] = frozenset()
    blamed: tuple[str, ...] = ()


Make = Callable[[random.Random, Form, str], Slip | None]


def _retyped(kind: str, change: Callable[[random.Random, str], str | None]) -> Make:
    """A slip in the digits of one cell; other slips that would leave the very same figure name it as well."""

    def make(rng: random.Random, form: Form, key: str) -> Slip | None:
        before = form.text(key)
        after = change(rng, before.replace(",", ""))
        if after is None or figure(after) is None:
            return None
        after = tidy(after, before)
        return Slip({key: after}, frozenset((kind, *also_named(before, after))))

    return make


def tidy(text: str, like: str) -> str:
    """Without needless zeros in front and, where the figure was written so, with commas."""
    mark, digits, percent = re.fullmatch(r"([+-]?)(.*?)(%?)", text).groups()  # type: ignore[union-attr]
    whole, point, rest = digits.partition(".")
    whole = whole.lstrip("0") or "0"
    if "," in like:
        whole = f"{int(whole):,}"
    return f"{mark}{whole}{point if rest else ''}{rest}{percent}"


def _places_of_digits(text: str) -> list[int]:
    return [place for place, letter in enumerate(text) if letter in "0123456789"]


def replace_digit(rng: random.Random, text: str) -> str | None:
    place = rng.choice(_places_of_digits(text))
    return text[:place] + rng.choice([d for d in "0123456789" if d != text[place]]) + text[place + 1 :]


def drop_digit(rng: random.Random, text: str) -> str | None:
    places = _places_of_digits(text)
    if len(places) < 2:
        return None
    place = rng.choice(places)
    return (text[:place] + text[place + 1 :]).replace("-.", "-0.").replace(".%", "%").rstrip(".")


def double_digit(rng: random.Random, text: str) -> str | None:
    place = rng.choice(_places_of_digits(text))
    return text[:place] + text[place] + text[place:]


def transpose(rng: random.Random, text: str) -> str | None:
    """Two neighbouring digits that differ, a decimal point between them or not."""
    places = _places_of_digits(text)
    pairs = [(a, b) for a, b in itertools.pairwise(places) if text[a] != text[b] and b - a <= 2]
    if not pairs:
        return None
    a, b = rng.choice(pairs)
    return text[:a] + text[b] + text[a + 1 : b] + text[a] + text[b + 1 :]


def turn_sign(rng: random.Random, text: str) -> str | None:
    return text[1:] if text.startswith("-") else f"-{text}"


def also_named(before: str, after: str) -> Iterator[str]:
    """Kinds of slip that lead from one figure to the other as well: 30 to 300 is a unit slip and a doubled digit."""
    one, other = figure(before), figure(after)
    assert one is not None and other is not None
    if (
        one
        and other
        and (other / one).normalize().as_tuple().digits == (1,)
        and abs(other) != abs(one)
        and other / one > 0
    ):
        yield "unit"
    if one == -other:
        yield "sign"
    left, right = (re.sub(r"\D", "", text) for text in (_padded(before, after), _padded(after, before)))
    if len(left) == len(right) and one * other >= 0:
        differ = [place for place, (a, b) in enumerate(zip(left, right, strict=True)) if a != b]
        if len(differ) == 1:
            yield "wrong_digit"
        if len(differ) == 2 and differ[1] - differ[0] == 1 and left[differ[0]] == right[differ[1]]:
            yield "transposed_digits"
    left, right = (re.sub(r"\D", "", _short(text)) for text in (before, after))
    if any(left[:i] + left[i + 1 :] == right for i in range(len(left))):
        yield "missing_digit"
    if any(right[:i] + right[i + 1 :] == left for i in range(len(right))):
        yield "extra_digit"


def _short(text: str) -> str:
    """Without zeros behind the last decimal: 44.40 is 44.4, which 44.04 without its 0 is too."""
    return text.rstrip("%").rstrip("0").rstrip(".") if "." in text else text


def _padded(text: str, other: str) -> str:
    """With as many decimals as the other."""
    places = max(len(each.rstrip("%").partition(".")[2]) for each in (text, other))
    number = figure(text)
    return f"{number:.{places}f}"


digit_replaced = _retyped("wrong_digit", replace_digit)
digit_dropped = _retyped("missing_digit", drop_digit)
digit_doubled = _retyped("extra_digit", double_digit)
transposition = _retyped("transposed_digits", transpose)
sign = _retyped("sign", turn_sign)


def unit(rng: random.Random, form: Form, key: str) -> Slip | None:
    """元 for 万元, 亿元 for 万元, a point in the wrong place: all digits are kept."""
    before = form.text(key)
    number = figure(before)
    assert number is not None
    shifted = number.scaleb(rng.choice((1, -1, 2, -2, 4, -4)))
    text = f"{shifted:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    after = tidy(text, before)
    return Slip({key: after}, frozenset(("unit", *also_named(before, after)))) if number else None


def digit_in_text(rng: random.Random, form: Form, key: str) -> Slip | None:
    """A slip in the figure of a target or a result."""
    return _slip_in(rng, form, key, re.compile(r"\d+(?:\.\d+)?"))


def narrative(rng: random.Random, form: Form, key: str) -> Slip | None:
    return _slip_in(rng, form, key, IN_TEXT)


def _slip_in(rng: random.Random, form: Form, key: str, wanted: re.Pattern[str]) -> Slip | None:
    before = form.text(key)
    found = [match for match in wanted.finditer(before) if match[0].isascii()]
    if not found:
        return None
    match = rng.choice(found)
    change = rng.choice((replace_digit, drop_digit, double_digit, transpose))
    after = change(rng, match[0].replace(",", ""))
    if after is None or figure(after) is None or figure(after) == figure(match[0]):
        return None
    return Slip({key: before[: match.start()] + tidy(after, match[0]) + before[match.end() :]})


def wrong_year(rng: random.Random, form: Form, key: str) -> Slip | None:
    """Last year's form taken over: one year left as it was."""
    before = form.text(key)
    if key in ("year", "building_year"):
        return Slip({key: str(int(before) - 1)}) if before else None
    match = rng.choice(list(YEAR.finditer(before)))
    return Slip({key: before[: match.start()] + str(int(match[0]) - 1) + before[match.end() :]})
