"""Sentences that are known by their wording as it stands, not by the kinds of their words: `[prose.sayings]` of a form.

A group of them has lists of words and patterns; a pattern is a regular expression with a sentence that it reads. In a
pattern {LIST} is any word of that list of its group.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from xlperf.text import expression

_NOTHING = "(?!)"
_LIST = re.compile(r"\{([a-z_]+)\}")  # {1,3} is a number of times


class Verdicts(NamedTuple):
    """Score and grade of the unit: the patterns have the group `said`."""

    not_own: re.Pattern[str]  # before it: the score is not the unit's of the year
    by_rules: re.Pattern[str]  # says by what it was given, and is passed over
    score: tuple[re.Pattern[str], ...]
    grade: tuple[re.Pattern[str], ...]


class Openings(NamedTuple):
    """Sentences that open with a year: the patterns have the groups `year` and `rest`."""

    of_money: re.Pattern[str]  # in the rest: speaks of the year's money or evaluation
    elsewhere: re.Pattern[str]  # in the rest: of a paper, a project, a plan
    opening: tuple[re.Pattern[str], ...]


class Projects(NamedTuple):
    """What stands around the name of a project or the number of projects."""

    after_name: frozenset[str]
    lead: tuple[str, ...]  # may stand between a number of projects and the beginning of its clause
    behind: tuple[str, ...]  # may follow it
    of_some: re.Pattern[str]  # in the sentence before it: not of all projects
    whole_name: re.Pattern[str]  # before a name that is not the end of a longer one
    not_all: re.Pattern[str]  # before a name: its amount is not all of the year's
    split_up: re.Pattern[str]  # behind an amount: it is taken apart
    counted: tuple[re.Pattern[str], ...]  # the group `number`


class Sayings(NamedTuple):
    verdict: Verdicts
    openings: Openings
    projects: Projects
    not_overspent: re.Pattern[str]  # the budget was kept
    stages: re.Pattern[str]  # the last group before a figure is its stage: `final`, `budget` or neither


GROUPS: Mapping[str, tuple[str, ...]] = {  # the lists of words of each group, beside its patterns
    "verdict": ("not_own",),
    "openings": ("unit", "of_money", "elsewhere"),
    "projects": ("after_name", "lead", "behind", "of_some"),
    "assertions": (),
    "stages": (),
}


def parse_sayings(spec: Mapping[str, Any]) -> Sayings:
    """A form without the section says nothing of the kind."""
    verdict, opens, projects, assertions, stages = (_Group(spec.get(name, {})) for name in GROUPS)
    return Sayings(
        Verdicts(verdict.any_of("not_own"), verdict.one("by_rules"), verdict.each("score"), verdict.each("grade")),
        Openings(opens.any_of("of_money"), opens.any_of("elsewhere"), opens.each("opening")),
        Projects(
            frozenset(projects.words("after_name")),
            tuple(projects.words("lead")),
            tuple(projects.words("behind")),
            projects.any_of("of_some"),
            projects.one("whole_name"),
            projects.one("not_all"),
            projects.one("split_up"),
            projects.each("counted"),
        ),
        assertions.one("not_overspent"),
        expression("|".join(f"(?P<{name}>{text})" for name, text in stages.patterns.items()) or _NOTHING),
    )


class _Group:
    """A group of the section as it is written."""

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self._spec = spec
        self.patterns = {name: self._filled(each["pattern"]) for name, each in spec.get("patterns", {}).items()}

    def words(self, name: str) -> Iterable[str]:
        found: Iterable[str] = self._spec.get(name, ())
        return found

    def any_of(self, name: str) -> re.Pattern[str]:
        return expression(_any_of(self.words(name)))

    def one(self, name: str) -> re.Pattern[str]:
        return expression(self.patterns.get(name, _NOTHING))

    def each(self, name: str) -> tuple[re.Pattern[str], ...]:
        """All patterns of this name: score, score_before_unit and so on."""
        return tuple(expression(text) for each, text in self.patterns.items() if each.startswith(name))

    def _filled(self, pattern: str) -> str:
        return _LIST.sub(lambda found: f"(?:{_any_of(self.words(found[1]))})", pattern)


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or _NOTHING
