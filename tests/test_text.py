"""How typing is folded, and expressions that are compiled when they are first used."""

from __future__ import annotations

import re
import unicodedata

import pytest

from xlperf.text import FULL_WIDTH, Deferred, expression, half_width, years_in_digits

SIGNS = ".,%-+/><=()"


@pytest.mark.parametrize("signs", ["", ".%", SIGNS])
def test_digits_and_the_signs_asked_for_become_half_width(signs: str) -> None:
    table = half_width(signs)
    assert {unicodedata.normalize("NFKC", chr(wide)) for wide in table} == set("0123456789" + signs)
    assert [chr(wide) for wide in table if unicodedata.normalize("NFKC", chr(wide)) != chr(table[wide])] == []


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("某局二〇二二年度报告", "某局2022年度报告"),
        ("二○二三年、二零二一年、二OO八年", "2023年、2021年、2008年"),
        ("十二〇二年、二十二年、二〇二二人", "十二〇二年、二十二年、二〇二二人"),
        ("第一二〇二二年", "第一二〇二二年"),
    ],
)
def test_years_in_words_become_digits(text: str, plain: str) -> None:
    assert years_in_digits(text) == plain


def test_other_signs_stay() -> None:
    """A full-width comma between clauses is no separator of thousands."""
    assert "１２，３．５％，".translate(half_width(".%")) == "12，3.5%，"


def test_digits_become_full_width() -> None:
    assert "2023年".translate(FULL_WIDTH) == "２０２３年"


def test_an_expression_is_compiled_when_it_is_first_used() -> None:
    held = expression("[a-z", re.IGNORECASE)
    assert isinstance(held, Deferred), "which is not sound, and nobody has asked"
    with pytest.raises(re.error):
        held.search("b")


def test_an_expression_does_what_the_compiled_one_does() -> None:
    words, letters = expression(r"(\w)\w*", re.ASCII), expression(b"[A-Z]", re.IGNORECASE)
    assert [found[1] for found in words.finditer("one 二 three")] == ["o", "t"]
    assert (words.sub("x", "one two"), words.split(", ,"), words.fullmatch("a b")) == ("x x", [", ,"], None)
    assert letters.findall(b"a1B") == [b"a", b"B"]
    assert letters.match(b"1a", 1) is not None
    with pytest.raises(AttributeError):
        words.groups  # noqa: B018 - it has the methods that look for something
