"""A template as data: what the cells, tables and sums of a form are. Where they stand is said by defined names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from xlperf.errors import UnknownNameError
from xlperf.form.dated import (
    DatedFigure,
    Editions,
    Figures,
    each_figure,
    in_force,
)
from xlperf.form.next_year import NextYear
from xlperf.form.relations import SUMS, Kind, Relation
from xlperf.form.sources import Source
from xlperf.prose.lexicon import Vocabulary
from xlperf.prose.words import Words
from xlperf.text import expression

NAME_PREFIX = "xp_"
_KEPT = 1 << 14  # keys that are taken apart once
# Roles: what code calls a row table, a series of rows or single cells, whatever their keys are in a form.
INDICATORS, PROJECTS, FUNDING = "@indicators", "@projects", "@funding"
LONG_TERM, SCHEDULE = "@long_term", "@schedule"  # indicators of the whole term; what is done when
BASE, FINANCE, LEVELS = "@base", "@finance", "@levels"
SHEET_ROLES = ("base", "finance", "evaluation")
CELL_ROLES = {  # docs/keys.md prints what each is
    "names": "填报单位的名称，可以有几格",
    "report_name": "报告标题用的单位名称",
    "subject": "一个单位有几张表的，这一张是什么的：项目名称",
    "preparer": "填表人；公开时隐去",
    "phone": "联系电话；公开时隐去",
    "carryover": "年初、年末结转和结余",
    "signed": "可以是负数的，如增减额、增长率",
    "adjustment": "决算数不是支出、而是调整后预算的那一行",
    "stated_score": "报告里写的自评分数",
    "stated_grade": "报告里写的绩效等次",
    "promised": "只有目标、没有完成情况的表的目标",
    "goals": "报告里讲绩效目标的一节：其中只有年初预算数是当年的数",
    "plans": "报告里讲下一年打算的一节",
    "problems": "存在的问题；没有的空着或写无",
    "money": "报告里讲当年资金的各节：所说的数应与表相符",
    "projects": "报告里可以列出单个项目的各节",
    "results": "报告里讲评价年度情况的各节",
    "staff": "报告里讲编制和人员的一节",
}
NOT_APPLICABLE = ("——", "—", "/", "无", "不适用")  # where a form lists no others
PLACEHOLDERS = ("……", "...")
_ROW_KEY = expression(r"(\w+)\[(\d+)\]\.(\w+)")


class Type(NamedTuple):
    """What a type of cells is where a field does not say it.

    `places`: decimals of the figure as stored (of the fraction, for a rate); `exact`: a stated figure is the true one,
    so its rounding excuses nothing.
    """

    unit: str
    places: int
    exact: bool


TYPES = {
    "money": Type("万元", 2, False),
    "rate": Type("%", 4, False),
    "score": Type("分", 2, True),
    "number": Type("", 0, True),
    "year": Type("年", 0, True),
    "text": Type("", 0, True),
}


class Field(NamedTuple):
    """One cell of the form, or one column of a row table (then `key` is the column's name)."""

    key: str
    label: str
    type: str
    unit: str
    places: int
    exact: bool
    derived: bool = False
    required: bool = False
    default: str = ""
    revision: int = 1  # of the form that first had it

    @property
    def row_label(self) -> str:
        """The label without its column: 人员经费 of 人员经费（增长率）."""
        return self.label.partition("（")[0]

    @property
    def is_text(self) -> bool:
        return self.type == "text"

    @property
    def is_rate(self) -> bool:
        return self.type == "rate"


class Table(NamedTuple):
    """Rows of the form that the user adds in Excel; the defined name covers header and body."""

    key: str
    label: str
    columns: Mapping[str, Field]
    row_label: str
    fill_down: tuple[str, ...]
    absent: Mapping[str, Field] = MappingProxyType({})  # columns that other forms of its kind have


@dataclass(frozen=True, slots=True, eq=False)  # one is itself, so that what is worked out of it can be kept by it
class Template:
    """A form as its TOML says it: cells with unit and places by key, row tables, relations, dated figures, sheets."""

    id: str
    title: str
    edition: str
    unit: str
    source: Source
    fields: Mapping[str, Field]
    tables: Mapping[str, Table]
    relations: tuple[Relation, ...]  # as its TOML states them; all there are: `derive.engine.relations_of`
    next_year: NextYear
    series: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]  # rows and columns of each family of keys
    not_applicable: frozenset[str]
    placeholders: frozenset[str]
    named: Mapping[str, str]  # sheets as the rules speak of them, and their titles
    roles: Mapping[str, str]  # row tables and series by what they are: @indicators, @base
    cells: Mapping[str, tuple[str, ...]]  # single cells by what they are, see CELL_ROLES; ask `cells_of`
    mistaken: Mapping[str, tuple[str, ...]]  # by a rate, figures that are taken for one of those it is computed from
    masked: frozenset[str]  # cells and columns whose names are hidden where a form is published
    words: Words = field(repr=False)
    figures: Mapping[str, Editions]  # by variant
    variants: Mapping[str, str]
    replaced_variants: Mapping[str, str]  # an id that is no longer used, and the one to use now
    default_variant: str
    prose: Vocabulary = field(repr=False)
    meanings: Mapping[str, Mapping[str, tuple[str, ...]]] = field(repr=False)  # cells by item and column of the prose
    sheets: tuple[Mapping[str, Any], ...] = field(repr=False)
    report: Path | None  # the file of what its narrative report is made of; None: it has none
    labels: Path | None  # the file of what documents call its cells; None: they are only read by the form's own words
    absent: Mapping[str, Field] = field(default_factory=dict)  # cells that other forms of its kind have
    longest: Mapping[str, int] = field(default_factory=dict)  # cells whose texts the form limits, in characters
    offered: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # inputs a blank form has a formula in: of what
    layout: str = ""  # the published layout that it has, see layouts.toml

    def related(self, *kinds: Kind) -> tuple[Relation, ...]:
        """What its TOML states of some kinds, in its order."""
        return _related(self, kinds)

    @property
    def sums(self) -> tuple[Relation, ...]:
        return self.related(*SUMS)

    def table(self, name: str) -> Table | None:
        """The row table of a key or a role; None where the form has none."""
        return self.tables.get(self.roles.get(name, name))

    def series_of(self, role: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Rows and columns of the series of a role; none where the form has none."""
        return self.series.get(self.roles.get(role, ""), ((), ()))

    def cells_of(self, *roles: str) -> tuple[str, ...]:
        """The single cells of some roles, in the roles' order; none where the form has none of a role."""
        return tuple(key for role in roles for key in self.cells.get(role, ()))

    def beside(self, role: str, column: str) -> tuple[str, ...]:
        """The single cells that are parts of the same total as a column of the row table of a role."""
        table = self.table(role)
        part = f"{table.key}[].{column}" if table is not None else ""
        sums = (each for each in self.related(Kind.SUM) if part in each.parts and each.same is None)
        return tuple(key for each in sums for key in each.parts if "[]." not in key)

    def said(self, text: str) -> str:
        """A text of a rule in the form's own words: {evaluation} is the title of its sheet of that role, or its own."""
        for role in SHEET_ROLES if "{" in text else ():
            text = text.replace(f"{{{role}}}", self.named.get(role, self.title))
        return text

    def field(self, key: str) -> Field:
        """The field behind a key, `indicators[3].score` included."""
        found = self._field(key)
        if found is None:
            raise UnknownNameError(f"模板“{self.title}”没有“{key}”这个项目")
        return found

    def has(self, key: str) -> bool:
        """Does the form have this cell or column of a row table; or what is of this role, `@indicators.level1`?

        `section_*` asks for any cell whose key begins so.
        """
        if key.endswith("*"):
            return any(each.startswith(key[:-1]) for each in self.fields)
        if not key.startswith("@"):
            return self._field(key) is not None
        role, _, column = key.partition(".")
        table = self.table(role)
        if column:
            return table is not None and column in table.columns
        return table is not None or role in self.roles or bool(self.cells_of(role[1:]))

    def _field(self, key: str) -> Field | None:
        found = self.fields.get(key)
        if found is None and (row := split_row_key(key)) and row[0] in self.tables:
            found = self.tables[row[0]].columns.get(row[2])
        return found

    def row_and_column(self, key: str) -> tuple[str, str]:
        """Where a key stands in its block: basic_growth_rate is (basic, growth_rate); a single cell has no column."""
        row = split_row_key(key)
        if row is not None:
            return key.rpartition(".")[0], row[2]
        for rows, columns in self.series.values():
            for column in columns:
                stem = key.removesuffix(f"_{column}")
                if stem != key and stem in rows:
                    return stem, column
        return key, ""

    def stems(self, suffix: str) -> tuple[str, ...]:
        """What stands before `suffix` in the keys that end with it: `_growth_rate` -> income_total, basic, ...

        A row's column counts whole: sangong_prior_actual is in the family of `_prior_actual`, not in that of `_actual`.
        """
        ending = (key for key in self.fields if key.endswith(suffix) and key != suffix)
        return tuple(key.removesuffix(suffix) for key in ending if self.row_and_column(key)[1] in ("", suffix[1:]))

    def figures_of(self, variant: str | None, year: int | None = None) -> Figures:
        """The dated figures under a variant (the default one if `None`) for an evaluated year.

        Where the year is not known, those that hold for all years. Raises `UnknownNameError`.
        """
        return in_force(self._editions(variant), year)

    def dated_figures(self, variant: str | None) -> Iterator[DatedFigure]:
        """All figures of a variant, those that only hold from some year on included."""
        return each_figure(self._editions(variant))

    def _editions(self, variant: str | None) -> Editions:
        try:
            return self.figures[variant or self.default_variant]
        except KeyError:
            now = self.replaced_variants.get(variant or "")
            if now is not None:
                raise UnknownNameError(
                    f"评分口径“{variant}”已由“{now}”（{self.variants[now]}）代替，请改用 --variant {now}"
                ) from None
            known = "、".join(self.variants)
            raise UnknownNameError(f"没有名为“{variant}”的评分口径；可用：{known}") from None


def columns(role: str, *names: str) -> tuple[str, ...]:
    """Columns of the row table of a role, as rules tell that they read them."""
    return tuple(f"{role}.{name}" for name in names)


def row_key(table: str, index: int, column: str) -> str:
    """`indicators[0].score`: rows count from 0."""
    return f"{table}[{index}].{column}"


@lru_cache(maxsize=512)
def _related(template: Template, kinds: tuple[Kind, ...]) -> tuple[Relation, ...]:
    return tuple(each for each in template.relations if each.kind in kinds)


@lru_cache(_KEPT)
def split_row_key(key: str) -> tuple[str, int, str] | None:
    """The parts of a row key, or `None` for the key of a single field."""
    match = _ROW_KEY.fullmatch(key)
    return (match[1], int(match[2]), match[3]) if match else None
