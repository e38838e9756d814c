"""What must hold between the cells of a form: `Relation`, said once, whoever asks.

A rule says in words that it does not hold (`checks`), the search for who is to blame asks what a cell would have to be
(`audit.identities`), 勾稽关系 shows it as a row of formulas (`tieout`). A form's TOML states sums, what is included,
agreements and what is required ([[sums]], [[included]], [[agreements]], [[required_when]]; its head tells the words);
how derived cells are computed and what dated figures prescribe is added by `derive.engine.relations_of`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum, auto
from functools import reduce
from typing import Any, NamedTuple

from xlperf.errors import TemplateError

LAST_YEAR = "last_year:"
Condition = tuple[str, tuple[str, ...]]  # the figure of one cell is the sum of the others
Elsewhere = tuple[tuple[str, tuple[str, ...]], ...]  # part, and cells whose figure shows that it is not nil when blank


Says = tuple[tuple[str, tuple[str, ...]], ...]  # a cell, and words of which it has one


class Kind(Enum):
    """What a relation says of the cells on its left and on its right."""

    SUM = auto()  # left is all of right together; a blank part beside a filled one is nil
    CHANGES = auto()  # the same of changes: none may be left out
    YEARS_BEFORE = auto()  # the years before that these changes imply add up too
    INCLUDED = auto()  # right, together, is at most left
    EQUAL = auto()
    AT_MOST = auto()  # left is at most right
    ONE_OF = auto()  # left is one of right
    DIFFERENCE = auto()  # left is computed from right, as the derivation of the cell says
    QUOTIENT = auto()
    PRODUCT = auto()
    WORD = auto()
    STANDARD = auto()  # right, together, is the amount that a dated figure prescribes
    REQUIRED = auto()  # left must say something where one of right does


SUMS = (Kind.SUM, Kind.CHANGES)
TOTALS = (*SUMS, Kind.INCLUDED)
AGREEMENTS = (Kind.EQUAL, Kind.AT_MOST, Kind.ONE_OF)
_SECTIONS = ((*SUMS, Kind.YEARS_BEFORE), (Kind.INCLUDED,), AGREEMENTS, (Kind.REQUIRED,))


class Relation(NamedTuple):
    """A term is a key, a table's column `table[].column`, or of agreements `last_year:ROW`.

    What is required of a row's cell and what asks for it are written `table.column`.
    """

    kind: Kind
    left: tuple[str, ...]
    right: tuple[str, ...] = ()
    rule: str = ""  # the code of the rule that reports it, where the form says which
    same: tuple[str, str] | None = None  # of a sum over columns: only the rows with this text in this column
    nil: bool = False  # of an agreement: what is blank on its left is nil
    elsewhere: Elsewhere = ()
    when: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()
    unsure: tuple[Condition, ...] = ()
    unless_stated: tuple[str, ...] = ()
    says: Says = ()
    needs: tuple[str, ...] = ()
    loose: bool = False
    at: str = ""
    note: str = ""
    figure: str = ""  # the dated figure that prescribes the amount
    amount: str = ""

    @property
    def total(self) -> str:
        """The whole of a sum or of what is included."""
        return self.left[0]

    @property
    def parts(self) -> tuple[str, ...]:
        return self.right

    @property
    def blank_is_nil(self) -> bool:
        """Of a sum: does a part that is blank beside filled ones count as nil?"""
        return self.kind in (Kind.SUM, Kind.INCLUDED)

    @property
    def keys(self) -> tuple[str, ...]:
        """Every cell that it reads."""
        beside = (*self.when, *self.unless, *self.unsure, *self.elsewhere)
        conditions = (key for whole, others in beside for key in (whole, *others))
        terms = (key for term in (*self.left, *self.right) for key in keys_of_term(term))
        said = (key for key, _ in self.says)
        return tuple(dict.fromkeys((*terms, *conditions, *self.unless_stated, *said, *self.needs)))


def in_order(relations: Iterable[Relation]) -> tuple[Relation, ...]:
    """As the TOML has its sections."""
    place = {kind: number for number, section in enumerate(_SECTIONS) for kind in section}
    return tuple(sorted(relations, key=lambda each: place[each.kind]))


def is_there(relation: Relation, has: Callable[[str], bool]) -> bool:
    """Has a form all cells that the relation reads? Last year's figure also follows from this year's and the change."""
    terms = (*relation.left, *relation.right)
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


_LISTS = ("unless_stated", "needs")
_CONDITIONS = ("when", "unless", "unsure")
_PLAIN = ("nil", "loose", "at", "note")
_SIDES = ("rule", "left", "right", "right_any", "at_most")
AGREEMENT_WORDS = frozenset((*_SIDES, *_LISTS, *_CONDITIONS, *_PLAIN, "elsewhere", "says"))


def parse_agreement(spec: Mapping[str, Any]) -> Relation:
    """One entry of [[agreements]]; a misspelt word is refused."""
    if unknown := set(spec) - AGREEMENT_WORDS:
        raise TemplateError(f"[[agreements]] {spec['rule']} 有不认识的键：{'、'.join(sorted(unknown))}")
    if spec.get("at", spec["left"][0]) not in (*spec["left"], *spec.get("right", ())):
        raise TemplateError(f"[[agreements]] {spec['rule']} 的 at：{spec['at']} 不在两边之中")
    kind = Kind.ONE_OF if "right_any" in spec else Kind.AT_MOST if spec.get("at_most") else Kind.EQUAL
    said: dict[str, Any] = {name: spec[name] for name in _PLAIN if name in spec}
    said |= {name: tuple(spec.get(name, ())) for name in _LISTS}
    said |= {name: tuple((whole, tuple(parts)) for whole, *parts in spec.get(name, ())) for name in _CONDITIONS}
    right = tuple(spec.get("right_any", spec.get("right", ())))
    return Relation(
        kind, tuple(spec["left"]), right, spec["rule"], elsewhere=parse_elsewhere(spec), says=_says(spec), **said
    )


def parse_sums(
    spec: Mapping[str, Any], totals: str | Sequence[str], row_label: Callable[[str], str]
) -> Iterator[Relation]:
    """One entry of [[sums]] or [[included]]: for each total and column the sum of its parts.

    `same`: by row label of the total, the rows of a level. What is said of a column of which nothing may be left out
    also holds of the years before.
    """
    for total in [totals] if isinstance(totals, str) else totals:
        for column in (*spec["over"], *spec.get("strict_over", ())):
            key = total.replace("*", column)
            same = (spec["same"], row_label(key)) if "same" in spec else None
            parts = tuple(part.replace("*", column) for part in spec["parts"])
            known = tuple(each for each in parse_elsewhere(spec) if each[0] in parts)
            found = Relation(Kind.SUM, (key,), parts, same=same, elsewhere=known)
            if column in spec["over"]:
                yield found
            else:
                yield from (found._replace(kind=kind) for kind in (Kind.CHANGES, Kind.YEARS_BEFORE))


def parse_required_when(spec: Mapping[str, Any]) -> Relation:
    """One entry of [[required_when]]; raises `TemplateError` where it speaks of rows that do not belong together.

    Its note is what the cell must say, in a word.
    """
    cell, asks = spec["cell"], spec.get("asks", "原因")
    found = Relation(Kind.REQUIRED, (cell,), tuple(spec.get("filled", ())), says=_says(spec), note=asks)
    if {key.rpartition(".")[0] for key in found.keys} - {"", cell.rpartition(".")[0]}:
        raise TemplateError(f"{cell} 与 filled、says 里的栏目应在同一张明细表里", ("required_when",))
    return found
