"""A draw of generated sentences: each states what it should, and the traps nothing. More are read when run apart."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from tests.costs import grows_linearly
from tests.places import ROOT
from tests.prose.generated import cases, data, outcome
from tests.prose.test_statements import WORDS, read
from xlperf.prose.lexicon import Patterns

PATTERNS: dict[str, Any] = tomllib.loads((ROOT / "workbook_templates/prose.toml").read_text("utf-8"))["prose"][
    "patterns"
]
ROUNDS = 12  # of each pattern and trap


@pytest.mark.parametrize("kind", ["pattern", "trap"])
def test_generated_sentences_state_what_they_should(kind: str) -> None:
    drawn = cases(kind, ROUNDS * len(data()[kind]), 20231231)
    assert [each for each in map(outcome, drawn) if each.wrong or each.missed] == []


def test_a_trap_in_the_next_line_changes_nothing() -> None:
    count = 300
    both = zip(cases("pattern", count, 3), cases("trap", count, 4), strict=True)
    drawn = [said._replace(text=f"{said.text}\n{trap.text}") for said, trap in both]
    assert [each for each in map(outcome, drawn) if each.wrong or each.missed] == []


def test_a_sentence_that_is_read_otherwise_is_told() -> None:
    said = next(cases("pattern", 1, 1))
    assert outcome(said).missed == ()
    assert outcome(said._replace(says=said.says[1:])).wrong
    assert outcome(said._replace(text="。")).missed


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_reads_its_example(name: str) -> None:
    assert read(PATTERNS[name]["example"]) == PATTERNS[name]["says"]


@pytest.mark.parametrize("name", PATTERNS)
def test_without_the_pattern_its_example_is_not_read(name: str) -> None:
    """A pattern that nothing needs would be one too many."""
    others = WORDS.patterns._replace(**{name: re.compile("(?!)")})
    words = type(WORDS)(**{each: getattr(WORDS, each) for each in WORDS.__slots__} | {"patterns": others})
    assert read(PATTERNS[name]["example"], words=words) != PATTERNS[name]["says"]


def test_the_patterns_are_those_of_the_reader() -> None:
    assert set(PATTERNS) == set(Patterns._fields)


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("atom", ["I", "C", "U", "I&", "IC", "V+", "SI", "W", "&", "X"])
def test_a_pattern_is_linear(name: str, atom: str) -> None:
    pattern = getattr(WORDS.patterns, name)
    grows_linearly(pattern.fullmatch, lambda n: atom * n + "☃", 1000, cheap=0.01)
