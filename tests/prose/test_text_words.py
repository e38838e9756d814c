"""The section of words that tell what a report's text says wrong by itself, as it is read."""

from __future__ import annotations

from xlperf.prose.text_words import Parts, parse_text


def test_a_whole_and_its_parts() -> None:
    spec = {"complete": [{"whole": "a", "must": ["b|c", "d"], "may": ["e"]}, {"whole": "f", "must": [], "apart": True}]}
    of_a = Parts("a", (frozenset("bc"), frozenset("d")), (frozenset("e"),), False)
    assert parse_text(spec).complete == (of_a, Parts("f", (), (), True))


def test_words_are_kept_as_they_are() -> None:
    words = parse_text({"office_ends": ["科", "股"], "open": ["等"], "carried": ["结转", "结余"]})
    assert (words.office_ends, words.open, words.carried) == (("科", "股"), ("等",), ("结转", "结余"))


def test_a_form_without_the_words_counts_nothing() -> None:
    none = parse_text({})
    assert none.counts.search("设9个：综合科、项目科。") is None
    assert (none.office_ends, none.open, none.carried, none.complete) == ((), (), (), ())
