"""[[agreements]] of a template: what several places say of the same figure; and [[required_when]]: what then must be
said. The TOML's head tells the words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any, NamedTuple

from xlperf.errors import TemplateError

LAST_YEAR = "last_year:"
Condition = tuple[str, tuple[str, ...]]  # the figure of one cell is the sum of the others
Elsewhere = tuple[tuple[str, tuple[str, ...]], ...]  # part, and cells whose figure shows that it is not nil when blank


Says = tuple[tuple[str, tuple[str, ...]], ...]  # a cell, and words of which it has one


class Agreement(NamedTuple):
    """left = right, under conditions; a term is a key, or `last_year:ROW`."""

    rule: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    right_any: tuple[str, ...]
    at_most: bool
    nil: bool
    elsewhere: Elsewhere
    when: tuple[Condition, ...]
    unless: tuple[Condition, ...]
    unsure: tuple[Condition, ...]
    unless_stated: tuple[str, ...]
    says: Says
    needs: tuple[str, ...]
    loose: bool
    at: str
    note: str

    @property
    def keys(self) -> tuple[str, ...]:
        """Every cell that it reads."""
        beside = (*self.when, *self.unless, *self.unsure, *self.elsewhere)
        conditions = (key for whole, others in beside for key in (whole, *others))
        terms = (key for term in (*self.left, *self.right, *self.right_any) for key in keys_of_term(term))
        said = (key for key, _ in self.says)
        return tuple(dict.fromkeys((*terms, *conditions, *self.unless_stated, *said, *self.needs)))


def is_there(relation: Agreement, has: Callable[[str], bool]) -> bool:
    """Has a form all cells that the relation reads? Last year's figure also follows from this year's and the change."""
    terms = (*relation.left, *relation.right, *relation.right_any)
    implied: set[str] = set()
    for stated, *others in (keys_of_term(term) for term in terms if term.startswith(LAST_YEAR)):
        if has(stated) or all(map(has, others)):
            implied |= {stated, *others}
    return all(key in implied or has(key) for key in relation.keys)


def keys_of_term(term: str) -> tuple[str, ...]:
    """The cells behind a term of an agreement."""
    row = term.removeprefix(LAST_YEAR)
    return (term,) if row == term else (f"{row}_prior", f"{row}_current", f"{row}_change")


def parse_elsewhere(spec: Mapping[str, Any]) -> Elsewhere:
    """The word `elsewhere` of a sum or an agreement."""
    return tuple((part, tuple(others)) for part, others in spec.get("elsewhere", {}).items())


UNTICKED = "□☐"


def says_one(text: str, words: Iterable[str]) -> bool:
    """Has a text one of the words in it, not behind a box that is not ticked: □一次性 ☑阶段性?"""
    told = "".join(text.split())
    return any(word in reduce(lambda rest, box: rest.replace(f"{box}{word}", ""), UNTICKED, told) for word in words)


def _says(spec: Mapping[str, Any]) -> Says:
    """The word `says` of an agreement or of what is required."""
    return tuple((key, tuple(words)) for key, words in spec.get("says", {}).items())


def parse_agreement(spec: Mapping[str, Any]) -> Agreement:
    """One entry of the TOML; a misspelt word is refused."""
    if unknown := set(spec) - set(Agreement._fields):
        raise TemplateError(f"[[agreements]] {spec['rule']} 有不认识的键：{'、'.join(sorted(unknown))}")

    if spec.get("at", spec["left"][0]) not in (*spec["left"], *spec.get("right", ())):
        raise TemplateError(f"[[agreements]] {spec['rule']} 的 at：{spec['at']} 不在两边之中")

    def listed(name: str) -> tuple[str, ...]:
        return tuple(spec.get(name, ()))

    def conditions(name: str) -> tuple[Condition, ...]:
        return tuple((whole, tuple(parts)) for whole, *parts in spec.get(name, ()))

    return Agreement(
        rule=spec["rule"],
        left=listed("left"),
        right=listed("right"),
        right_any=listed("right_any"),
        at_most=spec.get("at_most", False),
        nil=spec.get("nil", False),
        elsewhere=parse_elsewhere(spec),
        when=conditions("when"),
        unless=conditions("unless"),
        unsure=conditions("unsure"),
        unless_stated=listed("unless_stated"),
        says=_says(spec),
        needs=listed("needs"),
        loose=spec.get("loose", False),
        at=spec.get("at", ""),
        note=spec.get("note", ""),
    )


class RequiredWhen(NamedTuple):
    """A cell that must say something where one of others is filled, or has one of some words in it.

    Columns are written `table.column`: they speak of the same row. `asks`: what it must say, in a word.
    """

    cell: str
    filled: tuple[str, ...]
    says: Says
    asks: str

    @property
    def keys(self) -> tuple[str, ...]:
        """Every cell that it reads."""
        return (self.cell, *self.filled, *(key for key, _ in self.says))


def parse_required_when(spec: Mapping[str, Any]) -> RequiredWhen:
    """One entry of the TOML; raises `TemplateError` where it speaks of rows that do not belong together."""
    found = RequiredWhen(
        spec["cell"],
        tuple(spec.get("filled", ())),
        _says(spec),
        spec.get("asks", "原因"),
    )
    if {key.rpartition(".")[0] for key in found.keys} - {"", found.cell.rpartition(".")[0]}:
        raise TemplateError(f"{found.cell} 与 filled、says 里的栏目应在同一张明细表里", ("required_when",))
    return found
