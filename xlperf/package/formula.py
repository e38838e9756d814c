"""A formula taken apart: what computes it, and what it refers to.

Formulas of one shape, such as those of a column, share the former, which is what takes time to find.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache, lru_cache
from inspect import CO_VARARGS
from operator import itemgetter
from typing import Any, NamedTuple, Protocol

from xlperf.amounts import ZERO
from xlperf.package.address import Area, Ref, parse_area
from xlperf.package.functions import (
    LOOKING_UP,
    SIGNS,
    SINGLE,
    TOLERANT,
    WHOLE,
    NotComputed,
    Scalar,
    Table,
    Value,
    by_element,
    tried,
    truth,
)
from xlperf.package.number_formats import percent_places
from xlperf.package.patch import Fault
from xlperf.text import expression

_REFERENCE = expression(
    r"""
    "[^"]*+"
    | (?:(?P<sheet>(?<!')'[^']*+(?:''[^']*+)*'|(?<![\w.])[^\W\d][\w.]*+)!)?
      (?<![\w.$])(?P<area>\$?[A-Z]{1,3}\$?[1-9][0-9]{0,6}(?::\$?[A-Z]{1,3}\$?[1-9][0-9]{0,6})?)(?![\w.(!:\[])
    """,
    re.VERBOSE,
)
_ONE, _FEW, _MANY = "\x01", "\x02", "\x03"  # what stands for a cell and for areas in the shape of a formula
_FEW_CELLS = 8
_TOKEN = expression(r'"[^"]*+(?:""[^"]*+)*"|[0-9]+(?:\.[0-9]+)?|[A-Z][A-Z0-9.]*|<=|>=|<>|\S')
_CONSTANTS = {"TRUE": True, "FALSE": False}
_MOST_NESTED = 40
Place = tuple[str, Ref | Area]
"""A sheet, and a cell or an area on it."""


class Owner(Protocol):
    """Who has formulas computed."""

    memo: dict[tuple[str, tuple[Place, ...]], Value]

    def number_format(self, place: Place) -> str: ...


class Operands(list[Value]):
    """What the references of one formula hold, in the order in which it names them."""

    places: tuple[Place, ...]
    owner: Owner


Node = Callable[[Operands], Value]


class Term(NamedTuple):
    """A part of a formula; `wide` if it may give a list, `sound` if there is no fault in what it gives."""

    node: Node
    wide: bool = False
    sound: bool = False


@lru_cache(maxsize=1024)  # of a workbook some 800; a browser keeps them for good
def taken_apart(formula: str, home: str) -> tuple[Node, tuple[Place, ...], int]:
    """What computes a formula of the sheet `home`, what it refers to, and how many cells the areas among that have.

    Raises `NotComputed`.
    """
    places: list[Place] = []
    size = 0

    def stand_in(match: re.Match[str]) -> str:
        nonlocal size
        if match["area"] is None:
            return match[0]
        place = _place(match["sheet"] or home, match["area"])
        places.append(place)
        area = place[1]
        if isinstance(area, Ref):
            return _ONE
        size += area.size
        return _FEW if area.size <= _FEW_CELLS else _MANY

    node = _node_of(_REFERENCE.sub(stand_in, formula))
    return node, tuple(places), size


@lru_cache(maxsize=2048)  # formulas name the same cells again and again
def _place(sheet: str, text: str) -> Place:
    title = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
    try:
        area = parse_area(text)
    except ValueError:  # ZZZ1 is a name
        raise NotComputed from None
    return title, area if ":" in text else Ref(area.top, area.left)


_slot = cache(itemgetter)


@lru_cache(maxsize=512)
def _node_of(shape: str) -> Node:
    parser = _Parser(shape)
    term = parser.term(0)
    if parser.ahead():
        raise NotComputed
    return term.node


class _Parser:
    """Walks once through the signs of a shape."""

    def __init__(self, shape: str) -> None:
        self.shape = shape
        self.signs = [(match[0], match.start()) for match in _TOKEN.finditer(shape)]
        self.signs.append(("", len(shape)))
        self.at = self.slot = self.depth = 0

    def ahead(self) -> str:
        return self.signs[self.at][0]

    def take(self, *expected: str) -> str:
        """The next sign, which has to be one of these if any are given."""
        sign = self.ahead()
        if not sign or (expected and sign not in expected):
            raise NotComputed
        self.at += 1
        return sign

    def part(self) -> Term:
        """What stands between parentheses and commas; what takes long is computed once for all formulas that say it."""
        start, slot = self.at, self.slot
        term = self.term(0)
        text = self.shape[self.signs[start][1] : self.signs[self.at][1]]
        return _remembered(term, text, slice(slot, self.slot)) if _MANY in text[1:] else term

    def term(self, rank: int) -> Term:
        """As far as signs bind closer than `rank`."""
        left = self.operand()
        while (sign := self.ahead()) in SIGNS and SIGNS[sign][0] > rank:
            self.at += 1
            left = _signed(SIGNS[sign][1], left, self.term(SIGNS[sign][0]))
        return left

    def operand(self) -> Term:
        sign = self.take()
        self.depth += 1
        if self.depth > _MOST_NESTED:
            raise NotComputed
        if sign == "-":
            term = _signed(SIGNS["-"][1], _always(ZERO), self.operand())
        elif sign == "(":
            term = self.part()
            self.take(")")
        elif sign in (_ONE, _FEW, _MANY):
            term = Term(_slot(self.slot), sign != _ONE)
            self.slot += 1
        elif self.ahead() == "(":
            slot, arguments = self.slot, list[Term]()
            while self.take("(" if not arguments else ",", ")") != ")":
                arguments.append(self.part())
            term = _function(sign, arguments, slot)
        else:
            term = self.array() if sign == "{" else _stated(sign)
        self.depth -= 1
        return term

    def array(self) -> Term:
        rows: list[list[str]] = [[self.take()]]
        while (sign := self.take(",", ";", "}")) != "}":
            if sign == ",":
                rows[-1].append(self.take())
            else:
                rows.append([self.take()])
        return _array(tuple(map(tuple, rows)))


@lru_cache(maxsize=128)  # formulas say the same lists of words again and again, and the same constants
def _array(rows: tuple[tuple[str, ...], ...]) -> Term:
    if len(set(map(len, rows))) > 1:
        raise NotComputed
    return _always(Table([[_constant(sign) for sign in row] for row in rows]))


@lru_cache(maxsize=512)
def _stated(sign: str) -> Term:
    return _always(_constant(sign))


def _constant(sign: str) -> Scalar:
    if sign.startswith('"'):
        return sign[1:-1].replace('""', '"')
    if sign in _CONSTANTS:
        return _CONSTANTS[sign]
    if not sign[0].isdigit():
        raise NotComputed
    return Decimal(sign)


def _always(value: Value) -> Term:
    return Term(lambda at: value, isinstance(value, list))


def _remembered(term: Term, text: str, slots: slice) -> Term:
    node = term.node

    def remembered(at: Operands) -> Value:
        memo, key = at.owner.memo, (text, at.places[slots])
        if key not in memo:
            memo[key] = tried(node, at)
        value = memo[key]
        if isinstance(value, Fault):
            raise value
        return value

    return Term(remembered, term.wide)


def _signed(sign: Callable[..., Scalar], left: Term, right: Term) -> Term:
    first, second = left.node, right.node
    if sign is SIGNS["*"][1] and right.sound and not left.wide:  # no times whatever is nothing
        return Term(lambda at: ZERO if (given := first(at)) is False else sign(given, second(at)))
    if left.wide or right.wide:
        return Term(lambda at: by_element(sign, first(at), second(at)), wide=True)
    return Term(lambda at: sign(first(at), second(at)))


def _function(name: str, arguments: list[Term], slot: int) -> Term:
    """`slot` is the place of its first reference, which some functions ask about and not what it holds."""
    function: Any = SPECIAL.get(name) or WHOLE.get(name) or SINGLE.get(name)
    if function is None:
        raise NotComputed
    code, wide = function.__code__, any(each.wide for each in arguments)
    if not (code.co_flags & CO_VARARGS or code.co_argcount == len(arguments) + (name in SPECIAL)):
        raise NotComputed
    if name in SPECIAL:
        return SPECIAL[name](slot, *arguments)
    nodes = [_tolerated(each.node) if name in TOLERANT else each.node for each in arguments]
    if name in SINGLE and wide:
        return Term(lambda at: by_element(function, *[node(at) for node in nodes]), wide=True)
    wide, sound = name in LOOKING_UP and arguments[0].wide, name in TOLERANT
    if all(isinstance(node, itemgetter) for node in nodes):
        return Term(lambda at: function(*at[slot : slot + len(nodes)]), wide, sound)
    if len(nodes) == 1:
        (node,) = nodes
        return Term(lambda at: function(node(at)), wide, sound)
    if len(nodes) == 2:
        first, second = nodes
        return Term(lambda at: function(first(at), second(at)), wide, sound)
    return Term(lambda at: function(*[node(at) for node in nodes]), wide, sound)


def _tolerated(node: Node) -> Node:
    return node if isinstance(node, itemgetter) else lambda at: tried(node, at)


def _if(slot: int, condition: Term, then: Term, otherwise: Term) -> Term:
    test, yes, no = condition.node, then.node, otherwise.node
    return Term(lambda at: yes(at) if truth(test(at)) else no(at), then.wide or otherwise.wide)


def _if_error(slot: int, value: Term, otherwise: Term) -> Term:
    def sound(at: Operands) -> Value:
        found = tried(value.node, at)
        return otherwise.node(at) if isinstance(found, Fault) else found

    return Term(sound, value.wide or otherwise.wide)


def _row(slot: int, reference: Term) -> Term:
    _require_reference(reference)

    def rows(at: Operands) -> Value:
        _, where = at.places[slot]
        if isinstance(where, Ref):
            return Decimal(where.row)
        return [Decimal(row) for row in range(where.top, where.bottom + 1)]

    return Term(rows, reference.wide)


def _cell(slot: int, what: Term, reference: Term) -> Term:
    """CELL("format",…) of a percentage: P2 for 0.00%."""
    _require_reference(reference)

    def described(at: Operands) -> Value:
        places = percent_places(at.owner.number_format(at.places[slot]))
        return "G" if places is None else f"P{places}"

    return Term(described)


def _require_reference(term: Term) -> None:
    if not isinstance(term.node, itemgetter):
        raise NotComputed


SPECIAL: dict[str, Callable[..., Term]] = {"IF": _if, "IFERROR": _if_error, "ROW": _row, "CELL": _cell}
"""Functions that choose what of their arguments is computed, or ask where these stand."""
