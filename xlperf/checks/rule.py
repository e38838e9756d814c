"""What a rule is, what it yields, and what becomes of that: the finding."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from functools import wraps
from inspect import cleandoc
from types import MappingProxyType
from typing import NamedTuple, cast

from xlperf.checks.matters import Across, Matter
from xlperf.derive.derivation import Parameter, parameters_of
from xlperf.form.dated import DatedFigure
from xlperf.form.record import Stated
from xlperf.form.relations import Kind, Relation
from xlperf.form.sources import OF_THE_FORM, Source, cite
from xlperf.form.template import Template
from xlperf.text import expression

MAY_BE_BLANK = cast(Stated, None)
"""The default of a parameter whose cell may be blank; a form that lacks the cell makes the rule not apply at all."""
MAY_BE_ABSENT = cast(Stated, ...)
"""The same, but a form may also lack the cell: the rule goes on without it."""
COMPARED_WITH = ("previous", "project_forms", "approved", "monitoring")
"""What a rule may ask for that is not always given: other forms, which the form is held against."""
DOC_PARTS = ("为何", "改法", "反例", "正例")


class Severity(StrEnum):
    """By the practice of 决算审核: 强制性, 核实性, 提示."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def text(self) -> str:
        return _SEVERITY_TEXT[self]

    @property
    def sign(self) -> str:
        """What stands before a finding in lines of text."""
        return _SEVERITY_SIGN[self]

    @property
    def mark(self) -> str:
        """How a remark on a cell begins: by it those of ours are known, whoever is named as their author."""
        return f"{self.sign}【{self.text}】"

    @property
    def rank(self) -> int:
        """0 is the gravest."""
        return list(Severity).index(self)


_SEVERITY_SIGN = {Severity.ERROR: "✗", Severity.WARNING: "?", Severity.INFO: "·"}
_SEVERITY_TEXT = {Severity.ERROR: "错误", Severity.WARNING: "核实", Severity.INFO: "提示"}
_TEXTS = "|".join(_SEVERITY_TEXT.values())
OUR_REMARK = expression(
    rf"(?:[{''.join(_SEVERITY_SIGN.values())}]【(?:{_TEXTS})(?: XLP[0-9]{{3}})?】|【(?:{_TEXTS}) XLP[0-9]{{3}}】)"
)
"""How notes and comments of ours begin; earlier versions wrote the code of the rule there."""


class Cause(NamedTuple):
    """Why a figure is probably wrong, and the cells that show it."""

    kind: str
    text: str
    cells: tuple[str, ...]


class Fix(NamedTuple):
    """The value that settles a finding; `safe` when the cell is a derived one that `fill` would write."""

    at: str
    value: str
    safe: bool


class Mismatch(NamedTuple):
    """What a check yields: the cell, what is wrong with it in a Chinese sentence, and what it should be.

    `expected` is a figure of the field's own unit, a text, or `None` when there is no single right value.
    `severity` may only soften the check's own (a difference that rounding allows is an INFO).
    """

    at: Stated
    message: str
    expected: Decimal | str | None = None
    related: tuple[Stated, ...] = ()
    severity: Severity | None = None
    once: bool = False  # of all such the form gets one; {} in the message are the first few cells, see `gathered`

    @classmethod
    def of_all(cls, cells: Iterable[Stated], message: str, severity: Severity | None = None) -> Mismatch:
        """One for several cells, at the first of them."""
        first, *others = cells
        return cls(first, message, None, tuple(others), severity)

    @classmethod
    def gathered(cls, each: Sequence[Mismatch]) -> Mismatch:
        """What a rule says once of several cells, at the first of them."""
        cells = [mismatch.at for mismatch in each]
        message = each[0].message.format(some((cell.label for cell in cells), 4, " 等 {} 格"))
        return cls.of_all(cells, message, each[0].severity)._replace(once=True)


class Finding(NamedTuple):
    """One item of the audit; every figure is text in decimal notation, a rate a fraction."""

    code: str
    slug: str
    severity: Severity
    at: str
    key: str
    message: str
    stated: str
    expected: str | None
    related: tuple[tuple[str, str, str], ...]  # address, key, value
    causes: tuple[Cause, ...]  # the most plausible first, at most three
    group: int | None  # findings with one number have one reason
    fix: Fix | None
    cites: tuple[str, ...]
    reason: str = ""  # the end of the message, where it says what is probably wrong

    @property
    def cause(self) -> Cause | None:
        return self.causes[0] if self.causes else None


class NotDecided(NamedTuple):
    """What a check yields where the figures are all there and only a person can say whether they fit."""

    cells: tuple[Stated, ...]
    reason: str


NOT_INSPECTED = "只有数据，没有检查工作簿本身的公式、表样文字和隐藏的行列"


class NotRun(NamedTuple):
    """A check that could not be decided: these cells are blank or unreadable, or there is the reason given.

    The reason `NOT_INSPECTED` is that of all rules about the workbook itself where no inspection has seen it.
    """

    code: str
    blank: tuple[str, ...]
    reason: str = ""


Outcome = Mismatch | NotDecided


class Check(NamedTuple):
    """A rule: its identity, its documentation and its function."""

    code: str
    severity: Severity
    title: str
    title_en: str
    each: str | None
    relations: tuple[Kind, ...]  # of these kinds it reports those that do not hold
    of: Callable[[Relation], bool] | None
    function: Callable[..., Iterator[Outcome]]
    parameters: tuple[Parameter, ...]
    sources: tuple[Source, ...]
    reads: tuple[str, ...]
    own: tuple[str, ...]  # the parameters that are cells of the row, or of the family's member, that it is run over
    is_about_workbook: bool  # it speaks of formulas, labels or sheets, which only an inspection tells
    compared_with: tuple[str, ...]  # the other forms that it speaks of, which are not always given
    settles: Matter | None = None  # what an explanation or a correction of one finding settles besides it

    def is_of(self, relation: Relation) -> bool:
        """Is a relation of those that it reports, by what kind of relation it is?"""
        return relation.kind in self.relations and (self.of is None or self.of(relation))

    @property
    def names(self) -> tuple[str, ...]:
        """Of its parameters, in the order in which its function takes them."""
        return tuple([parameter.name for parameter in self.parameters])

    @property
    def needed(self) -> tuple[str, ...]:
        """Of the cells of its row or member, those that the form must have."""
        return tuple([each.name for each in self.parameters if each.name in self.own and not each.may_be_absent])

    @property
    def slug(self) -> str:
        """The name that describes the fault: total-not-sum-of-parts."""
        return self.function.__name__.replace("_", "-")

    def cited(self, template: Template) -> tuple[Source, ...]:
        """The sources, of which the form itself is the one that the template has."""
        return tuple(template.source if source.id == OF_THE_FORM else source for source in self.sources)

    def titled(self, template: Template) -> str:
        """The title in the words of a form."""
        return template.said(self.title)

    def docs(self, template: Template) -> MappingProxyType[str, str]:
        """为何, 改法, 反例, 正例 from the docstring, in the words of a form."""
        parts = re.split(rf"^({'|'.join(DOC_PARTS)})：", cleandoc(self.function.__doc__ or ""), flags=re.M)
        return MappingProxyType(
            {name: template.said(" ".join(text.split())) for name, text in zip(parts[1::2], parts[2::2], strict=True)}
        )


def some(words: Iterable[str], most: int, more: str) -> str:
    """The first few words, and where there are others how many in all: 甲、乙 等 5 格."""
    known = list(words)
    return "、".join(known[:most]) + (more.format(len(known)) if len(known) > most else "")


def check(
    code: str,
    severity: Severity,
    title: str,
    title_en: str,
    *,
    cites: str | tuple[str, ...],
    each: str | None = None,
    relation: Kind | tuple[Kind, ...] = (),
    of: Callable[[Relation], bool] | None = None,
    reads: tuple[str, ...] = (),
    takes: Callable[..., object] | None = None,
    settles: Matter | Across | None = None,
) -> Callable[[Callable[..., Iterator[Outcome]]], Check]:
    """Make a generator function a rule.

    `each`: what it runs over: `None` (once), `*_suffix` (every family member), `table[]` (every row), `totals` (the
    sums of the form and what is included in its cells), `longest` (once, for a form that states any).
    `relation`: the kinds of relations that it reports where they do not hold, of agreements those that name it; what
    it is given is told by its parameters: `total` and `parts`, a `derived` cell, the two sides that are `apart`.
    `of` narrows what `totals` and `relation` say. Parameters are keys as in `derived`; a parameter with the default
    MAY_BE_BLANK may be blank, with MAY_BE_ABSENT it need not be there. `reads`: the cells that a rule takes out of
    `cells` or `record` by itself; a form without one of them, or of any other parameter, is none of its.
    `takes`: what several rules ask for, a function; its parameters stand in place of the first, which is its result.
    `settles`: the matter that its findings are about, with those of other rules, or how far they are one thing among
    themselves; None where each finding wants an explanation or a correction of its own.
    """
    matter = Matter(title, settles) if isinstance(settles, Across) else settles
    kinds = (relation,) if isinstance(relation, Kind) else relation

    def wrap(function: Callable[..., Iterator[Outcome]]) -> Check:
        sources = tuple(cite(each_id) for each_id in ([cites] if isinstance(cites, str) else cites))
        parameters = parameters_of(function)
        if takes is not None:
            parameters = (*parameters_of(takes), *parameters[1:])
            function = _with_first(takes, function)
        names = [parameter.name for parameter in parameters]
        own = tuple(name for name in names if name.startswith("_"))
        about = ("integrity" in names, tuple(name for name in COMPARED_WITH if name in names))
        return Check(
            code, severity, title, title_en, each, kinds, of, function, parameters, sources, reads, own, *about, matter
        )

    return wrap


def _with_first(
    takes: Callable[..., object], function: Callable[..., Iterator[Outcome]]
) -> Callable[..., Iterator[Outcome]]:
    count = len(parameters_of(takes))

    @wraps(function)
    def rule(*operands: object) -> Iterator[Outcome]:
        return function(takes(*operands[:count]), *operands[count:])

    return rule


def figures_of_rule(rule: Check, template: Template) -> Iterator[tuple[str, DatedFigure]]:
    """The dated figures a rule takes, each with what it is limited to: the variants, and the years.

    Nothing is said of the default's figures.
    """
    default = template.figures_of(None)
    for name in (parameter.name for parameter in rule.parameters if parameter.name in default):
        yield "", default[name]
        every = ((variant, figure) for variant in template.variants for figure in template.dated_figures(variant))
        found: list[tuple[DatedFigure, list[str]]] = []
        for variant, figure in every:
            if figure.name != name or figure == default[name]:
                continue
            same = next((ids for other, ids in found if other == figure), None)
            if same is None:
                found.append((figure, [variant]))
            else:
                same.append(variant)
        for figure, ids in found:
            years = f"，{figure.scope}" if figure.scope else ""
            yield f"（口径 {'、'.join(ids)}{years}）", figure
