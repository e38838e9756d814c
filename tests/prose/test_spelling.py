"""Typos and what was typed twice, and where such letters are neither."""

from __future__ import annotations

import pytest

from xlperf.form.forms import load_template
from xlperf.prose.spelling import parse_spelling

SPELLING = load_template("department_overall").words.spelling


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("建立建全制度，资金拔付及时，银行帐户，按排专人。", ["建立建全", "拔付", "帐户", "按排"]),
        ("既使困难也要完成。", ["既使"]),
        ("按排名公示，按排；按排查结果。", ["按排"]),
        ("既使群众受益，又使环境改善。", []),
        ("既使困难。又使环境改善。", ["既使"]),  # 又 belongs to another sentence
        ("选拔付出多的干部，提拔付某。", []),
        ("《按排办法》《帐户管理办法》", []),
        ("《账户管理办法》里的帐户", ["帐户"]),
        ("拔付，拔付", ["拔付"]),
        ("", []),
    ],
)
def test_typos(text: str, words: list[str]) -> None:
    assert [typo.word for typo in SPELLING.mistakes(text)[0]] == words


@pytest.mark.parametrize(
    ("text", "doubled"),
    [
        ("完成的的任务。。", ["的的", "。。"]),
        ("；。", ["；。"]),
        ("……", []),
        ("目的的", []),
        ("以此为目的的活动，的的确确，的的士", []),
        ("《的的》", []),
        ("通知的《办法》的条文", []),  # a title parts what stands around it
    ],
)
def test_doubled(text: str, doubled: list[str]) -> None:
    assert list(SPELLING.mistakes(text)[1]) == doubled


def test_a_form_without_the_section_finds_nothing() -> None:
    assert parse_spelling({}).mistakes("资金拔付。。") == ((), ())


def test_the_words_of_a_phrase_may_stand_close_together_or_apart() -> None:
    spelling = parse_spelling({"typos": {"既使": ["即使", "既使…又使…还使"]}})
    for text in ("既使又使还使", "既使甲，又使乙，还使丙"):
        assert spelling.mistakes(text) == ((), ())
    for text in ("既使还使又使", "既使又使", "既使甲，又使乙。还使丙", "既使甲群众，还使乙，又使丙"):
        assert [typo.word for typo in spelling.mistakes(text)[0]] == ["既使"]


def test_of_two_typos_at_one_place_the_longer_is_told() -> None:
    spelling = parse_spelling({"typos": {"建全": ["健全"], "建全度": ["健全度"]}, "doubled": {"全全全": []}})
    assert [typo.right for typo in spelling.mistakes("建全度不高")[0]] == ["健全度"]
    assert [typo.right for typo in spelling.mistakes("建全制度")[0]] == ["健全"]


def test_no_phrase_lacks_its_word() -> None:
    """A phrase that does not hold the word could never excuse it."""
    for words, first in ((SPELLING.typos, 1), (SPELLING.doubled, 0)):
        for word, rest in words.items():
            assert all(word in phrase.partition("…")[0] for phrase in rest[first:]), word
