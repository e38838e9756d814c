"""The labels that are known: those the form prints, and what the labels' TOML that it names adds to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from xlperf.errors import At, TemplateError
from xlperf.form.laid import laid
from xlperf.form.template import INDICATORS, LONG_TERM, Template
from xlperf.form.written import Laid, read_toml
from xlperf.labels.spelling import Label, fold, read_label

NO_CELL = "no_cell"


class Block(NamedTuple):
    """One table of the form: what its columns and rows may be called.

    Of a `series`, a cell's key is made of row and column; of the row table of the role `table`, a column is one of its;
    else it is a cell of its own, also where the only row of figures has a label.
    """

    name: str
    least: int
    must: frozenset[str]
    columns: Mapping[str, str]
    rows: Mapping[str, str]
    prior: Mapping[str, str]
    under: Mapping[tuple[str, str], str]
    special: frozenset[str]
    series: str = ""
    table: str = ""
    words: str = ""  # the block of words.toml by whose words its headings are read too
    ends: bool = False  # a line that has but a label is the heading of something else
    side: tuple[str, ...] = ()  # words of which one stands beside or above its header, the form's own first
    promised: bool = False  # of what is promised: a header with results or points is none of it

    @property
    def is_one_row(self) -> bool:
        return bool(self.rows) and not self.series

    @property
    def is_of_indicators(self) -> bool:
        return self.table in (INDICATORS, LONG_TERM)

    def key(self, row: str, column: str) -> str:
        """The cell of a labelled row below a heading."""
        return f"{row}_{column}" if self.series else column


class Chapter(NamedTuple):
    """A chapter of the report: words of its heading, and its sections with words of theirs."""

    words: tuple[str, ...]
    section: str  # of the text that stands under no heading of a section
    sections: Mapping[str, tuple[str, ...]]
    told: Mapping[str, tuple[str, ...]]  # patterns of what such a text says if it belongs to a section
    unread: bool = False  # states no figures of the unit


class HeadingWords(NamedTuple):
    """What tells whose figures follow a heading."""

    plain: tuple[str, ...] = ()  # say nothing
    tails: tuple[str, ...] = ()  # may follow what it names
    projects: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()  # so are these in a heading that is not known otherwise
    any_project: tuple[str, ...] = ()  # before 项目 where it is not a single one
    other_years: tuple[str, ...] = ()
    other_units: tuple[str, ...] = ()
    unit_ends: tuple[str, ...] = ()
    part_of_money: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()  # titles of other reports with the same figures


class UnitNames(NamedTuple):
    """What tells the name of a unit from the name of something else."""

    endings: tuple[str, ...]
    never: tuple[str, ...]
    things: tuple[str, ...]
    generic: frozenset[str]

    def may_be(self, name: str) -> bool:
        """Not a paper, a project or a word for any unit."""
        is_other = name in self.generic or name.endswith(self.things) or any(word in name for word in self.never)
        return bool(name) and not is_other

    def surely(self, name: str) -> bool:
        return self.may_be(name) and name.endswith(self.endings)


class Known(NamedTuple):
    """All labels of a template, in the form that `labels.fold` gives them."""

    asides: frozenset[str]
    blocks: Mapping[str, Block]
    fields: Mapping[str, str]
    below: Mapping[tuple[str, str], str]  # what a word is below the label of a cell: 其他资金 below the year's total
    month: str  # the cell of the month that headings name: 1—7月执行数
    periods: Mapping[str, str]  # of two cells the first may hold both: 2024年1月至12月
    sides: Mapping[str, Mapping[str, str]]  # 按收入性质分 and 按支出性质分: the cells below each
    units: tuple[str, ...]  # cells with the unit's name in the tables
    report_name: str  # the cell with the name that the report is titled with
    signatures: tuple[str, ...]  # keys that stand together below a table
    signed_units: tuple[str, ...]  # names of the unit that stand in lines as those
    others: tuple[str, ...]
    in_body: frozenset[str]  # keys that a table in the report's text may state
    totals: frozenset[str]
    total_rows: frozenset[str]
    total_columns: Mapping[str, str]
    name_heads: frozenset[str]  # what stands above labels: 项目, or a heading such as 经费控制情况
    printed: frozenset[str]
    titles: tuple[str, ...]
    dated: Mapping[str, str]  # a word of a heading whose year is a cell: 楼堂馆所控制情况（2022年完工项目）
    chapters: tuple[Chapter, ...]
    headings: HeadingWords
    unit_names: UnitNames

    def label(self, text: str) -> Label:
        """The label in a cell."""
        return read_label(text, self.asides)


@cache
def known_labels(template: Template) -> Known:
    """The labels of a form; raises `TemplateError`, with file and line, where a word means two things."""
    if template.labels is None:
        return _parsed(Laid({"fields": {key: [] for key in template.fields}}, (), {}), template)
    return _parsed(laid(read_toml(template.labels)), template)


def proven_labels(template: Template) -> Known:
    """The same, the TOML looked through for mistakes; raises `TemplateError` with file, line and key of each.

    A file that is not the form's own, ID.labels.toml, may speak of cells that the form does not have.
    """
    if template.labels is None:
        return known_labels(template)
    from xlperf.form.mistakes import refuse, refuse_names, refuse_shape
    from xlperf.form.shapes import LABELS, names_of_template

    own = read_toml(template.labels)
    form = laid(own._replace(shared=own.file != f"{template.id}.labels.toml"))
    refuse_shape(form, LABELS)
    refuse_names(form, names_of_template(template), LABELS)
    refuse(form, _unknown_rows(form, template))
    return _parsed(form, template)


def _unknown_rows(form: Laid, template: Template) -> Iterator[tuple[At, str]]:
    for name, spec in form.data.get("blocks", {}).items():
        rows, _ = template.series.get(spec.get("series", ""), ((), ()))
        for row in spec.get("rows", {}) if "series" in spec and not form.files[0].shared else ():
            if row not in rows:
                yield ("blocks", name, "rows", row), f"{spec['series']} 没有 {row} 这一行"


def _parsed(form: Laid, template: Template) -> Known:
    try:
        return _known(form.data, template)
    except TemplateError as error:
        raise TemplateError(form.refusal(error.at, str(error))) from None
    except (LookupError, TypeError, ValueError, AttributeError):
        from xlperf.form.mistakes import refuse_shape
        from xlperf.form.shapes import LABELS

        refuse_shape(form, LABELS)
        raise


_EMPTY: Mapping[str, Any] = {
    **{
        section: {}
        for section in (
            *("unit_names", "blocks", "sides", "side_words", "fields", "below", "periods", "signatures"),
            "headings",
        )
    },
    "month": "",
    **dict.fromkeys(("asides", "totals", "name_heads", "printed", "titles", "chapters"), ()),
}


def _known(written: Mapping[str, Any], template: Template) -> Known:
    """Build `Known` from the labels' TOML; what it says of cells that the form does not have is left out."""
    data: dict[str, Any] = {**_EMPTY, **written}
    asides = frozenset(data["asides"])
    own = {key: [field.label] for key, field in template.fields.items()}
    specs = {name: spec for name, spec in data["blocks"].items() if _is_of(template, spec)}
    blocks = {name: _block(name, spec, template) for name, spec in specs.items()}
    blocks = {name: block for name, block in blocks.items() if len(set(block.columns.values())) >= block.least}
    printed = frozenset(map(fold, data["printed"])) | _printed(template, asides)
    printed |= {block.side[0] for block in blocks.values() if block.side}
    columns = {word for block in blocks.values() for word in block.columns}
    sides = {
        side: _index({key: [*own[key], *data["side_words"].get(key, ())] for key in keys if key in own}, "sides", side)
        for side, keys in data["sides"].items()
    }
    fields = {key: [*own[key], *words] for key, words in data["fields"].items() if key in own}
    signatures = data["signatures"]
    headings = (spec["heading"] for name, spec in specs.items() if name in blocks and "heading" in spec)
    return Known(
        asides=asides,
        blocks=blocks,
        fields=_index(fields, "fields"),
        below=_below(data["below"], own),
        month=data["month"] if data["month"] in own else "",
        periods={first: last for first, last in data["periods"].items() if first in own and last in own},
        sides={fold(side): words for side, words in sides.items() if words},
        units=tuple(key for key in template.cells_of("names") if key not in template.cells_of("report_name")),
        report_name=next(iter(template.cells_of("report_name")), ""),
        signatures=tuple(key for key in signatures.get("keys", ()) if key in own),
        signed_units=tuple(key for key in signatures.get("units", ()) if key in own),
        others=tuple(signatures.get("others", ())),
        in_body=frozenset(signatures.get("in_body", ())),
        totals=frozenset(map(fold, data["totals"])),
        total_rows=frozenset(fold(word) for spec in specs.values() for word in spec.get("total", ())),
        total_columns={
            column: key
            for spec in specs.values()
            for column, key in spec.get("total_columns", {}).items()
            if key in own
        },
        name_heads=(printed | set(map(fold, data["name_heads"]))) - columns,
        printed=printed,
        titles=tuple(map(fold, data["titles"])),
        dated={each["word"]: each["year"] for each in headings if each["year"] in own},
        chapters=tuple(_chapter(spec) for spec in data["chapters"]),
        headings=HeadingWords(**{name: tuple(map(fold, words)) for name, words in data["headings"].items()}),
        unit_names=_unit_names(data["unit_names"]),
    )


def _is_of(template: Template, spec: Mapping[str, Any]) -> bool:
    """Has the form the series or the row table that a block is about?"""
    if "table" in spec:
        return template.table(f"@{spec['table']}") is not None
    return "series" not in spec or spec["series"] in template.series


def _unit_names(data: Mapping[str, Any]) -> UnitNames:
    endings, never, things = (tuple(data.get(name, ())) for name in ("endings", "never", "things"))
    return UnitNames(endings, never, things, frozenset(data.get("generic", ())))


def _block(name: str, spec: Mapping[str, Any], template: Template) -> Block:
    own_columns, own_rows = _own_labels(spec, template)
    words_of = spec.get("rows", {})
    rows = {row: [*own_rows.get(row, ()), *words_of.get(row, ())] for row in own_rows or words_of}
    columns = {
        column: [*own_columns[column], *words] for column, words in spec["columns"].items() if column in own_columns
    }
    under = {}
    for words, row in spec.get("under", {}).items():
        above, _, word = words.partition(">")
        under[above, fold(word)] = row
    return Block(
        name=name,
        least=spec["least"],
        must=frozenset(spec.get("must", ())),
        columns=_index(columns, "blocks", name, "columns"),
        rows=_index(rows, "blocks", name, "rows"),
        prior=spec.get("prior", {}),
        under=under,
        special=frozenset(map(fold, spec.get("special", ()))),
        series=spec.get("series", ""),
        table=f"@{spec['table']}" if "table" in spec else "",
        words=spec.get("words", ""),
        ends=spec.get("ends", False),
        side=_side(spec, template),
        promised=spec.get("promised", False),
    )


def _side(spec: Mapping[str, Any], template: Template) -> tuple[str, ...]:
    table = template.table(f"@{spec.get('table')}")
    return (fold(table.label), *map(fold, spec["side"])) if table is not None and "side" in spec else ()


def _below(words: Mapping[str, str], own: Collection[str]) -> dict[tuple[str, str], str]:
    """The cell that a word names below the label of another: `cell>word`."""
    parts = ((*each.partition(">")[::2], key) for each, key in words.items())
    return {(above, fold(word)): key for above, word, key in parts if above in own and key in own}


def _own_labels(spec: Mapping[str, Any], template: Template) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """What the form itself calls the columns and rows that it has of a block."""
    if "table" in spec:
        table = template.table(f"@{spec['table']}")
        return {key: [field.label] for key, field in (table.columns if table is not None else {}).items()}, {}
    if "series" not in spec:
        return {key: [field.label] for key, field in template.fields.items()}, {}
    rows, columns = template.series[spec["series"]]
    labels = {row: template.fields[f"{row}_{columns[0]}"].row_label for row in rows}
    heads = {column: template.fields[f"{rows[0]}_{column}"].label for column in columns}
    own_columns = {column: [label.partition("（")[2].rstrip("）")] for column, label in heads.items()}
    return own_columns, {row: [label] for row, label in labels.items()}


def _index(words: Mapping[str, Iterable[str]], *at: str) -> dict[str, str]:
    """Label -> what it means; `at` is where the TOML says so."""
    index: dict[str, str] = {}
    for meaning, labels in words.items():
        for label in labels:
            other = index.setdefault(fold(label), meaning)
            if other != meaning:
                raise TemplateError(f"“{label}”既指 {other} 又指 {meaning}", (*at, meaning))
    return index


def _printed(template: Template, asides: frozenset[str]) -> frozenset[str]:
    """Every label that the form itself prints; standing alone it says nothing."""
    found = set()
    for sheet in template.sheets:
        for row in sheet["rows"]:
            for text in row:
                words = text.strip("~#>¶") if isinstance(text, str) else ""
                if words and not words.startswith(("$", "@", "<", "^")):
                    found |= {fold(words), read_label(words, asides).name}
    return frozenset(found - {""})


def _chapter(spec: Mapping[str, Any]) -> Chapter:
    sections = {key: tuple(map(_heading_word, words)) for key, words in spec.get("sections", {}).items()}
    told = {key: tuple(patterns) for key, patterns in spec.get("told", {}).items()}
    words = tuple(map(_heading_word, spec["words"]))
    return Chapter(words, spec.get("section", ""), sections, told, spec.get("unread", False))


def _heading_word(word: str) -> str:
    """Folded, with the sign of a word that is all a heading says."""
    return f"={fold(word)}" if word.startswith("=") else fold(word)
