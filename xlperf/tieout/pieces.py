"""What a row of 勾稽关系 is, and the pieces its formulas are made of.

In a formula `#` stands for the number of its row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol

from xlperf.amounts import ZERO, interval
from xlperf.audit.domains import Linear
from xlperf.checks.rule import Check, Severity
from xlperf.derive.engine import plan
from xlperf.derive.native import rows_of_level
from xlperf.form.relations import LAST_YEAR, Condition, Elsewhere, keys_of_term
from xlperf.form.template import Field, Template

FITS, FAILS, ASKS = "✓", "✗", "核实"
BLANK, NOT_APPLICABLE, UNDECIDABLE = "未填", "不适用", "无法核对"
_FORMATS = {"money": ("#,##0.00", "0.000"), "rate": ("0.00%", "0.000%")}
_KEY = re.compile(r"\$(\w+)")


class References(Protocol):
    """How a formula on the sheet writes the cell of a key, and a table's column."""

    def cell(self, key: str) -> str: ...
    def column(self, table: str, name: str, *, headed: bool = False) -> str: ...


class _Nowhere:
    """References for those who ask only which rows there are."""

    def cell(self, key: str) -> str:
        return "A1"

    def column(self, table: str, name: str, *, headed: bool = False) -> str:
        return "A1:A2"


NOWHERE = _Nowhere()


class Row(NamedTuple):
    """A row of the sheet."""

    checks: tuple[Check, ...]  # that report its failure
    text: str
    keys: tuple[str, ...]  # the cells it reads; a table's column as table[].column
    kind: str  # the type of its figures
    left: str
    right: str
    slack: str  # how far apart rounding may have brought the two sides
    result: str
    level: str = ""  # only the rows of this level

    @property
    def rules(self) -> tuple[str, ...]:
        return tuple(each.code for each in self.checks)

    @property
    def difference(self) -> str:
        shown = ",".join(f'H#="{word}"' for word in (FITS, FAILS, ASKS))
        return f'IF(AND(COUNT(D#:E#)=2,OR({shown})),ROUND(D#-E#,{digits(self.kind)}),"")'

    @property
    def formulas(self) -> tuple[str, ...]:
        """From the column of the left side on."""
        slack = f'IF(COUNT(D#:E#)<2,"",ROUND({self.slack},{digits(self.kind)}))' if self.slack else '""'
        asks = self.checks[0].severity is not Severity.ERROR
        result = self.result.replace(FAILS, ASKS) if asks else self.result
        return self.left, self.right, self.difference, slack, result

    @property
    def formats(self) -> tuple[str, ...]:
        figure, slack = _FORMATS.get(self.kind, ("General", "General"))
        return figure, figure, figure, slack, "General"


def half_width(field: Field, ref: str) -> str:
    """How far the figure in a cell may lie from the true one: half a unit of the last decimal it is written with.

    42 万元 means 42.00, and 109.3312 no more than it says. In a table's column each figure has its own.
    """
    if field.exact:
        return "0"
    decimals = f'LEN({ref})-FIND(".",{ref}&".")'  # of a whole number -1
    if ":" in ref:
        beyond = f"({decimals}>{field.places})*({decimals}-{field.places})"
        return f"SUMPRODUCT(ISNUMBER({ref})*0.5/10^({field.places}+{beyond}))"
    return f"0.5/10^MAX({field.places},{decimals})"


def digits(kind: str) -> int:
    """Decimals to which both sides are compared: beyond the figures', within what a spreadsheet computes exactly."""
    return 8 if kind == "rate" else 6


def count(references: Iterable[str]) -> str:
    return f"COUNT({','.join(references)})"


def plus(terms: Iterable[str]) -> str:
    return "+".join(terms) or "0"


def equal(kind: str, sign: str = "") -> str:
    gap = f"ROUND(D#-E#,{digits(kind)})"
    return f"{gap}<=G#" if sign == "≤" else f"ABS({gap})<=G#"


class Pieces:
    """Formulas over the cells of one template, written as `references` says."""

    def __init__(self, template: Template, references: References) -> None:
        self.template = template
        self.cell = references.cell
        self.column = references.column
        self.figures = template.figures_of(None)
        self.steps = {step.key: step for step in plan(template, tuple((table, 0) for table in template.tables))}
        marks = ",".join(f'"{mark}"' for mark in ("", *sorted(template.not_applicable)))
        self.unread = "ISTEXT({0})*ISNA(MATCH({0},{{" + marks + "}},0))"  # words where a figure belongs
        # The year of the rules is not said: beside the figures it would look like theirs.
        variant = template.variants[template.default_variant].partition("（")[0].rstrip(" 0123456789")
        is_one_of_several = len(template.variants) > 1
        self.by_variant = f"（按“{variant}”口径；当地另有规定的，以审核结果为准）" if is_one_of_several else ""
        self.titles = {
            key: spec["title"]
            for spec in template.sheets
            for row in spec["rows"]
            for text in row
            if isinstance(text, str)
            for key in _KEY.findall(text)
        }

    def rows_of_level(self, table: str, level: str, label: str) -> str:
        return rows_of_level(self.column, table, level, label)

    def name(self, key: str) -> str:
        table, rows, _ = key.partition("[].")
        return self.template.tables[table].label if rows else self.template.field(key).row_label

    def full_name(self, term: str) -> str:
        """With the title of its sheet: …·基本支出（本年数）."""
        if term.startswith(LAST_YEAR):
            key = f"{term.removeprefix(LAST_YEAR)}_prior"
            return f"{self.titles[key]}·{self.template.field(key).row_label}（上年数，或本年数－增减额）"
        return f"{self.titles.get(term, '')}·{self.template.field(term).label}"

    def aside(self, key: str) -> str:
        """What a derived cell takes for granted: that a dated figure is the default variant's."""
        choices = (choice.derivation for choice in self.steps[key].choices if choice.derivation is not None)
        names = {parameter.name for each in choices for parameter in each.parameters}
        return self.by_variant if names & self.figures.keys() else ""

    def refs(self, keys: Iterable[str]) -> list[str]:
        """`table[].column` is the whole column."""
        return [self.column(*key.split("[].")) if "[]." in key else self.cell(key) for key in keys]

    def shown(self, key: str) -> str:
        ref = self.cell(key)
        return f'IF({ref}="","",{ref})'

    def words_in(self, keys: Iterable[str]) -> str:
        """How many of the cells hold words where a figure belongs."""
        keys = tuple(keys)
        found = ((key, self.unread.format(ref)) for key, ref in zip(keys, self.refs(keys), strict=True))
        return plus(f"SUMPRODUCT({unread})" if "[]." in key else unread for key, unread in found)

    def blank_in(self, keys: Iterable[str]) -> str:
        """How many of the cells are blank, those of a table's rows that have nothing in them apart."""
        return plus(
            self.rows_without(key, lack='({0}="")*1') if "[]." in key else f'({self.cell(key)}="")' for key in keys
        )

    def rows_without(self, column: str, mine: str = "", lack: str = "1-ISNUMBER({0})") -> str:
        """How many rows of the table have something in them, but lack a figure in this column."""
        table, name = column.split("[].")
        spec = self.template.tables[table]
        texts = {key: self.column(table, key) for key in spec.columns if key not in spec.fill_down}
        own = texts[spec.row_label]
        for char in ("…", "."):
            own = f'SUBSTITUTE({own},"{char}","")'
        written = plus(f"LEN({own if key == spec.row_label else ref})" for key, ref in texts.items())
        return f"SUMPRODUCT({mine}{',' if mine else ''}--({written}>0),{lack.format(texts[name])})"

    def rounding(self, keys: Sequence[str]) -> str:
        """What the rounding of those cells that are filled adds up to."""
        widths = []
        for key, ref in zip(keys, self.refs(keys), strict=True):
            width = self.half(key)
            if width != "0":
                widths.append(width if ":" in ref else f"ISNUMBER({ref})*{width}")
        return plus(widths)

    def half(self, key: str) -> str:
        """How far the figure of a key may lie from the true one."""
        (ref,) = self.refs([key])
        return half_width(self.template.field(key.replace("[]", "[0]")), ref)

    def halves(self, keys: Iterable[str]) -> str:
        """The same of figures that are all there."""
        return plus(width for key in keys if (width := self.half(key)) != "0")

    def rate_rounding(self, key: str) -> str:
        """Of a rate, which may be printed with fewer places than the form's: 22% is not 22.00%."""
        ref, places = self.cell(key), self.template.field(key).places
        text = self.half(key)
        for fewer in range(places - 1, 1, -1):
            printed = ",".join(f'IFERROR(CELL("format",{ref}),"")="P{each - 2}"' for each in range(2, fewer + 1))
            width = format(interval(ZERO, fewer).high, "f")
            text = f"IF(AND(OR({printed}),ROUND({ref},{fewer})={ref}),{width},{text})"
        return text

    def verdict(
        self,
        compare: str,
        operands: Sequence[str] = (),
        gates: Sequence[tuple[str, str]] = (),
        before: Sequence[tuple[str, str]] = (),
        words: bool = False,
    ) -> str:
        """The result: `gates` are conditions with the word they lead to, `before` those that come first of all."""
        steps = list(before)
        if operands:
            steps.append((f"{self.words_in(operands)}>0", f'"{UNDECIDABLE}"'))
        steps.append(('OR(D#="",E#="")', f'"{BLANK}"'))
        steps += gates
        if not words:
            steps.append(("COUNT(D#:E#)<2", f'"{NOT_APPLICABLE}"'))
        text = f'IF({compare},"{FITS}","{FAILS}")'
        for condition, word in reversed(steps):
            text = f"IF({condition},{word},{text})"
        return f'IFERROR({text},"{UNDECIDABLE}")'

    def possible(self, condition: Condition) -> str:
        """All stated, and equal as far as rounding tells."""
        whole, parts = self.cell(condition[0]), self.refs(condition[1])
        keys = (condition[0], *condition[1])
        gap = f"ABS(ROUND({whole}-{'-'.join(parts)},6))<=ROUND({self.halves(keys)},6)"
        return f"IF({count([whole, *parts])}={len(keys)},{gap},FALSE)"

    def stated_elsewhere(
        self, elsewhere: Elsewhere, lines: Mapping[str, Sequence[str]] = MappingProxyType({})
    ) -> Iterator[tuple[str, str]]:
        """Gates: a part that is blank, as its `lines` are, is not nil where another cell has its figure."""
        for part, others in elsewhere:
            own = self.refs(lines.get(part, ()))
            without = [f'{self.cell(part)}=""', *([f"{count(own)}=0"] if own else [])]
            stated = ",".join(f"ISNUMBER({other})*({other}<>0)" for other in self.refs(others))
            yield f"AND({','.join(without)},OR({stated}))", f'"{BLANK}"'

    def forms(self, key: str) -> list[object]:
        """What the functions of a derived cell make of its operands; None for sums and words."""
        step = self.steps[key]
        found: list[object] = []
        for choice in step.choices:
            given = {name: self.figures[name].value for name in choice.figures}
            plain = choice.derivation is not None and not step.field.is_text
            cells = [Linear(((key, 1),)) for key in choice.operands]
            found.append(choice.derivation.function(*cells, **given) if plain and choice.derivation else None)
        return found

    def some(self, keys: Sequence[str]) -> str:
        refs = self.refs(keys)
        return f'IF({count(refs)}=0,"",SUM({",".join(refs)}))'

    def side(self, terms: Sequence[str]) -> str:
        """The sum of terms that must all be known."""
        if len(terms) == 1 and not terms[0].startswith(LAST_YEAR):
            return self.shown(terms[0])
        known, values = zip(*map(self.term, terms), strict=True)
        return f'IF(AND({",".join(known)}),{plus(values)},"")'

    def term(self, term: str) -> tuple[str, str]:
        """Whether it is known, and its value."""
        if not term.startswith(LAST_YEAR):
            ref = self.cell(term)
            return f"ISNUMBER({ref})", ref
        prior, current, change = self.refs(keys_of_term(term))
        known = f"OR(ISNUMBER({prior}),{count((current, change))}=2)"
        return known, f"IF(ISNUMBER({prior}),{prior},{current}-{change})"

    def side_rounding(self, terms: Iterable[str]) -> str:
        plain = [term for term in terms if not term.startswith(LAST_YEAR)]
        widths = [self.rounding(plain)] if plain else []
        for term in terms:
            if term.startswith(LAST_YEAR):
                prior, *implied = keys_of_term(term)
                widths.append(f"IF(ISNUMBER({self.cell(prior)}),{self.half(prior)},{self.halves(implied)})")
        return plus(widths)
