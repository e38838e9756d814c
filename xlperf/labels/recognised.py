"""Which form a document holds, by its headings, with the cells that it has; of whatever place or year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from xlperf.amounts import ZERO, parse_number
from xlperf.errors import TemplateError
from xlperf.form.forms import elsewhere_ids, load_template
from xlperf.form.present import as_present
from xlperf.form.record import Record, State, Stated, absent, row_name, state
from xlperf.form.template import FUNDING, INDICATORS, Template, row_key, split_row_key
from xlperf.labels.blocks import Document, Paragraph
from xlperf.labels.copies import Joined, joined
from xlperf.labels.fields import NO_CELL
from xlperf.labels.layouts import ANY, as_laid_out, layout_called, layout_of
from xlperf.labels.others import Other, other_called, other_form
from xlperf.labels.reading import Entry, Passage
from xlperf.labels.spelling import plain
from xlperf.labels.tables import read_parts

_FULL_MARKS = Decimal(100)
_DIFFERING = "有的格填得不同"
_FEWEST = 4  # stated cells by which a form is known


class Recognised(NamedTuple):
    """A form with the cells that the document has, stated or blank, and what was not understood."""

    template: Template
    entries: Mapping[str, Entry]
    left: tuple[Passage, ...]
    lacks: frozenset[str] = frozenset()  # cells of rows in whose table there is no such column


def recognise(document: Document, layout: str = "", wanted: str = "") -> Recognised:
    """The self-evaluation in a document: of the forms that are known the one by which most of it is understood.

    `layout`: the ID of the layout that it has, `ANY` for none of those described; else its headings tell. `wanted`: the
    kind of form that is looked for instead (goals, say), see `others`. Raises `TemplateError` where its tables are no
    form that is known, `UnknownNameError` for a layout or a kind that is not there.
    """
    if wanted:
        return _recognise_other(document, other_called(wanted))
    named = layout_called(layout) if layout not in ("", ANY) else None
    if not layout and (other := other_form(document)):
        raise TemplateError(f"{document.name}：这是{other}，不是绩效自评表。请选自评表再审核。")
    ids = (named.form,) if named is not None else elsewhere_ids()
    best = _best(document, ids)
    if best.stated < _FEWEST:
        raise TemplateError(
            f"{document.name}：没有认出绩效自评表。表里应有“全年执行数、执行率”或“三级指标、实际完成值、得分”这样的表头；"
            "表头写在图片里、或者一个表头分写在几格里的认不出来。"
        )
    form = _present(document, best)
    known = named if layout else layout_of(document, form.template.id)
    return form._replace(template=as_laid_out(form.template, known)) if known is not None else form


def _recognise_other(document: Document, wanted: Other) -> Recognised:
    """A form that is no self-evaluation; a table of indicators that is not understood is no reason to refuse it."""
    told = other_form(document)
    if told not in ("", wanted.title):
        raise TemplateError(f"{document.name}：这是{told}，不是{wanted.title}。")
    best = _best(document, wanted.read_by)
    table = best.template.table(INDICATORS)
    has_rows = table is not None and any(key.startswith(f"{table.key}[") for key in best.entries)
    if best.stated < _FEWEST or not (told or has_rows):
        raise TemplateError(
            f"{document.name}：没有认出{wanted.title}。指标应有“三级指标、指标值”这样的表头；请检查是否选错了文件。"
        )
    return _present(document, best)


def _best(document: Document, ids: Iterable[str]) -> _Read:
    """The document as the form by which most of it is understood."""
    read = _read_each(document, [load_template(name) for name in ids])
    text = _text_of(document)
    return max(read, key=lambda each: (each.stated - len(each.left), _kind(each.template) in text))


def _present(document: Document, read: _Read) -> Recognised:
    """The form with the cells that the document has, and no others."""
    template, entries, left, lacks = read
    in_series = {f"{row}_{column}" for rows, columns in template.series.values() for row in rows for column in columns}
    headings = {  # of a cell in a row of figures the heading above names the column only
        _heading_key(key): entry.heading for key, entry in entries.items() if entry.heading and key not in in_series
    }
    points = _listed_points(entries, template)
    is_cut_off = points not in (None, _FULL_MARKS) and not _is_totalled(entries)
    if is_cut_off:
        said = f"列出的指标和预算执行的分值合计 {points}，可能没有列全；总分和各级分值没有相加核对"
        left = (*left, Passage(document.name, "绩效指标", said))
    in_part = _listed_in_part(entries, template)
    apart = _is_execution_apart(entries, template)
    if not is_cut_off and not apart and _has_no_score_of_execution(entries, template):
        is_cut_off = True
        left = (*left, Passage(document.name, "预算执行", "有分值，没有得分一栏，总分没有相加核对"))
    form = as_present(
        template, entries.keys(), headings, is_cut_off=is_cut_off, in_part=in_part, is_execution_apart=apart
    )
    return Recognised(form, entries, left, lacks)


def _kind(template: Template) -> str:
    """部门整体 or 项目支出, as titles say it: it decides where nothing else does."""
    return template.title[:4]


def _text_of(document: Document) -> str:
    blocks = document.blocks
    return "".join(
        block.text if isinstance(block, Paragraph) else "".join(cell.text for cell in block.cells) for block in blocks
    )


def record_of(form: Recognised, name: str) -> Record:
    """What the document states, at the places as it calls them."""
    known = form.template.not_applicable

    def stated(key: str, label: str) -> Stated:
        entry, field = form.entries.get(key), form.template.field(key)
        if entry is None:
            return state(key, field, None, not_applicable=known, label=label)
        at = entry.place.removeprefix(f"{name} ")
        return state(key, field, entry.stated, not_applicable=known, at=at, label=label)

    return filled_record(form, name, stated)


class Rows(NamedTuple):
    """The rows of a row table as they are numbered: the columns that each has."""

    table: str
    columns: Mapping[int, tuple[str, ...]]


def rows_of(form: Recognised) -> tuple[Rows, ...]:
    found: dict[str, dict[int, list[str]]] = {name: {} for name in form.template.tables}
    for key in form.entries:
        if (row := split_row_key(key)) and row[0] in found:
            found[row[0]].setdefault(row[1], []).append(row[2])
    return tuple(Rows(name, {index: tuple(rows[index]) for index in sorted(rows)}) for name, rows in found.items())


def filled_record(form: Recognised, name: str, stated: Callable[[str, str], Stated]) -> Record:
    """A Record of every cell that the form has, and of those that it lacks as absent.

    `stated` gives the cell of a key under the label that it has in messages.
    """
    template, entries = form.template, form.entries
    cells = {key: stated(key, field.label) for key, field in template.fields.items()}
    cells |= {key: absent(key, field) for key, field in template.absent.items()}
    counts = {}
    for table, rows in rows_of(form):
        spec = template.tables[table]
        counts[table] = len(rows)
        for index, columns in rows.items():
            texts = {column: entries[row_key(table, index, column)].value for column in columns}
            called = row_name(template, table, texts, index)
            for column, field in spec.columns.items():
                key = row_key(table, index, column)
                is_there = key not in form.lacks
                cells[key] = (
                    _shared(stated(key, f"{called}·{field.label}"), entries) if is_there else absent(key, field)
                )
            for column, field in spec.absent.items():
                cells[row_key(table, index, column)] = absent(row_key(table, index, column), field)
    return Record(template, cells, counts, {}, name)


def _shared(cell: Stated, entries: Mapping[str, Entry]) -> Stated:
    """Points of a cell that is merged over several rows: the first has them, in the others there are none to give."""
    entry = entries.get(cell.key)
    if entry is None or not entry.shared or cell.field.type != "score":
        return cell
    row = split_row_key(cell.key)
    above = row is not None and any(
        (other := entries.get(row_key(row[0], index, row[2]))) is not None and other.place == entry.place
        for index in range(row[1])
    )
    kind = State.NOT_APPLICABLE if cell.is_blank and above else cell.state
    return cell._replace(state=kind, shared=True)


def stated_cells(template: Template, entries: Mapping[str, Entry]) -> int:
    """How many cells say something of their kind; words where an amount must be are those of another form."""
    known = template.not_applicable
    cells = (state(key, template.field(key), entry.stated, not_applicable=known) for key, entry in entries.items())
    return sum(cell.state not in (State.BLANK, State.UNREADABLE) for cell in cells)


class _Read(NamedTuple):
    """A document as one form has it: of each cell one entry, a stated one before a blank one."""

    template: Template
    entries: Mapping[str, Entry]
    left: tuple[Passage, ...]
    lacks: frozenset[str]

    @property
    def stated(self) -> int:
        return stated_cells(self.template, self.entries)


def _read_each(document: Document, templates: Sequence[Template]) -> list[_Read]:
    """The document by each form; by one that is another with fewer cells it is not read a second time."""
    wholes = {
        template.id: next((other for other in templates if _is_less(template, other)), template)
        for template in templates
    }
    found = {whole.id: _read(document, whole) for whole in dict.fromkeys(wholes.values())}
    return [_without_others(found[wholes[each.id].id], each) for each in templates]


def _is_less(template: Template, other: Template) -> bool:
    """Has a form the other's cells but for some single ones, called as there?"""
    alike = (template.labels, template.tables) == (other.labels, other.tables)
    return alike and template is not other and template.fields.items() < other.fields.items()


def _without_others(read: _Read, template: Template) -> _Read:
    """What another form reads as cells that this one lacks is not understood by it."""
    if read.template is template:
        return read
    others = {key: entry for key, entry in read.entries.items() if not template.has(key)}
    left = tuple(Passage(entry.place, entry.value, NO_CELL) for entry in others.values())
    entries = {key: entry for key, entry in read.entries.items() if key not in others}
    return _Read(template, entries, (*read.left, *left), read.lacks)


def _read(document: Document, template: Template) -> _Read:
    (one,) = joined([(document, read_parts(document, template, keeps_blanks=True))], template)
    found: dict[str, Entry] = {}
    lacks = {entry.key for entry in one.reading.entries if entry.absent}
    for entry in one.reading.entries:
        if not entry.absent and (entry.key not in found or (entry.value and not found[entry.key].value)):
            found[entry.key] = entry
    left = (*one.reading.left, *_copied(document.name, one, found))
    return _Read(template, found, left, frozenset(lacks - found.keys()))


def _copied(name: str, one: Joined, found: Mapping[str, Entry]) -> Iterator[Passage]:
    """A table that is there twice is read once; what the second says otherwise is told with the cell that counts."""
    for first, second in one.copies:
        told = [entry for entry in one.reading.entries if _stands_in(entry, f"{name} {second}") and entry.value]
        counting = [entry for entry in told if _stands_in(found[entry.key], f"{name} {first}")]
        other = [entry for entry in counting if plain(entry.value) != plain(found[entry.key].value)]
        yield Passage(
            f"{name} {second}", f"与{first}是同一张表", "没有核对；" + (_DIFFERING if other else "两处填的都一样")
        )
        for entry in other:
            counts = found[entry.key]
            at = counts.place.removeprefix(f"{name} ")
            yield Passage(entry.place, entry.value, f"{at} 填的是 {counts.value}，核对的是那一格")


def _stands_in(entry: Entry, place: str) -> bool:
    return entry.place.startswith(f"{place} ")


def _heading_key(key: str) -> str:
    row = split_row_key(key)
    return f"{row[0]}.{row[2]}" if row else key


def _listed_points(entries: Mapping[str, Entry], template: Template) -> Decimal | None:
    """What the weights add up to; None where the form has none, or one is blank."""
    own = _weights(entries, template)
    execution = parse_number(entries["execution_weight"].value) if "execution_weight" in entries else None
    return None if own is None else own + (execution.value if execution is not None else ZERO)


def _has_no_score_of_execution(entries: Mapping[str, Entry], template: Template) -> bool:
    """Weighs the execution something, in a form that says nowhere which points it got?"""
    stated = parse_number(entries["execution_weight"].value) if "execution_weight" in entries else None
    return template.has("execution_score") and "execution_score" not in entries and bool(stated and stated.value)


def _is_execution_apart(entries: Mapping[str, Entry], template: Template) -> bool:
    """Does the row of totals count the indicators alone, so that points of the execution are none of its?"""
    stated = parse_number(entries["total_weight"].value) if "total_weight" in entries else None
    return stated is not None and stated.value != _FULL_MARKS and stated.value == _weights(entries, template)


def _weights(entries: Mapping[str, Entry], template: Template) -> Decimal | None:
    """The weights of the indicators together; None where there are none, or one is blank."""
    table = template.table(INDICATORS)
    own = [
        entry
        for key, entry in entries.items()
        if table is not None and (row := split_row_key(key)) and row[0] == table.key and row[2] == "weight"
    ]
    figures = [parse_number(entry.value) for entry in own if entry.value or not entry.shared]
    return sum((each.value for each in figures if each is not None), ZERO) if figures and all(figures) else None


def _listed_in_part(entries: Mapping[str, Entry], template: Template) -> tuple[str, ...]:
    """The table of where the money comes from, if its only row need not be all: 其中：财政拨款."""
    table = template.table(FUNDING)
    if table is None:
        return ()
    rows = {row[1] for key in entries if (row := split_row_key(key)) and row[0] == table.key}
    return (table.key,) if len(rows) == 1 else ()


def _is_totalled(entries: Mapping[str, Entry]) -> bool:
    """Is there a row of totals below the indicators? Such a total stands below a heading."""
    return "total_score" in entries and bool(entries["total_score"].heading)
