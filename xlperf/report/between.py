"""What several files of one unit say of each other: the same figure otherwise, or figures that cannot both be true.

The forms of one kind are laid together as one Record whose addresses name the file; the rules audit it, and of what
they find that counts which needs cells of two files. A report in text is held against that Record sentence by sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from xlperf.amounts import ZERO, agrees
from xlperf.audit.run import audit
from xlperf.checks.rule import Severity
from xlperf.derive.seen import SECTION
from xlperf.form.forms import default_template, into, load_template
from xlperf.form.present import as_present
from xlperf.form.record import Record, Stated, absent, own_points, state
from xlperf.form.template import FUNDING, INDICATORS, Field, Template, row_key, split_row_key
from xlperf.intake.outline import read_outline
from xlperf.labels.blocks import Document, Paragraph
from xlperf.labels.copies import same_unit
from xlperf.labels.spelling import fold, plain
from xlperf.package import in_file, quoted_title, ref_text, split_reference
from xlperf.report.against import Contradiction, Held, hold, hold_nothing
from xlperf.workbook.audited import variant_of

_FULL_MARKS = 100
_SEVERAL = 2  # files at least
_BOTH = "{}：{} 填的是 {}，{} 填的是 {}，两处应当相同，请核对改一致。"
_OTHER_UNIT = "{} 写的单位是“{}”，{} 写的是“{}”，没有互相核对；如果是同一个单位，请把名称改一致。"
_OTHER_YEAR = "{} 是 {} 年的，{} 是 {} 年的，没有互相核对；如果是同一年，请改正年份。"
ALONE = "{}：没有可以与其他文件互相核对的内容。"


class Source(NamedTuple):
    """A file: what it is called, its forms, and the report in it if it holds one.

    `is_audited`: that has been audited by itself, so that only what others say otherwise is still to be told.
    """

    name: str
    records: Sequence[Record]
    report: Document | None = None
    is_audited: bool = False


class Discrepancy(NamedTuple):
    """What a file says otherwise than another; `code` is the rule, if one says so, `key` the cell's.

    `at` and `other` are addresses, in the files `file` and `against`.
    """

    severity: Severity
    code: str
    file: str
    at: str
    against: str
    other: str
    key: str
    message: str
    stated: str
    expected: str


class Compared(NamedTuple):
    """What was found, in a sentence each what was not compared, and the files that nothing was compared with.

    `held`: by their names, the reports in text and what of each was compared.
    """

    found: tuple[Discrepancy, ...] = ()
    notes: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    held: Mapping[str, Held] = MappingProxyType({})


class _Own(NamedTuple):
    """A form with the file that it stands in."""

    file: str
    record: Record


def report_in(document: Document) -> Document | None:
    """The document if it holds the text of a report in its chapters."""
    entries = read_outline(document, default_template()).entries
    return document if any(entry.key.startswith(SECTION) for entry in entries) else None


def between(sources: Sequence[Source], variant: str | None = None) -> Compared:
    """Compare all `sources`; a `variant` decides as in `audit`. Amounts in 万元, rates as fractions."""
    found: list[Discrepancy] = []
    notes: list[str] = []
    compared: set[str] = set()
    families = list(_families(sources, notes))
    for family in families:
        names = {own.file for own in family}
        if len(names) > 1:
            found += _stated_twice(family)
            found += _across(family, variant)
            compared |= names
    reports: dict[str, Held] = {}
    for source in sources:
        family = _spoken_of(families, source)
        if source.report is None or not family:
            continue
        held = reports[source.name] = _held(source, family, variant)
        found += (_discrepancy(each, source.name) for each in held.found)
        if held.is_compared:
            compared |= {source.name, *(own.file for own in family)}
        else:
            notes.append(held.nothing_compared(source.name))
    alone = tuple(source.name for source in sources if source.name not in compared)
    unheard = (name for name in alone if name not in reports)
    return Compared(tuple(dict.fromkeys(found)), (*notes, *map(ALONE.format, unheard)), alone, reports)


def hold_report(report: Document, forms: Sequence[Source], variant: str | None = None, *, is_own: bool = False) -> Held:
    """Hold one report against forms as `between` does; `is_own`: the forms are the report's own tables."""
    records = [record for each in forms for record in each.records] if is_own else ()
    source = Source(report.name, records, report)
    family = _spoken_of(list(_families(forms, [])), source)
    return _held(source, family, variant) if family else hold_nothing(report)


# Which forms speak of the same


def _families(sources: Sequence[Source], notes: list[str]) -> Iterator[list[_Own]]:
    """The forms of one unit, or of one kind of one project, and one year: in its goals nothing has been spent yet."""
    open_: list[list[_Own]] = []
    for own in (_Own(source.name, record) for source in sources for record in source.records):
        subject = _subject(own.record)
        for family in open_:
            first = family[0].record
            if subject == "" or _subject(first) != subject or (subject and _kind(first) != _kind(own.record)):
                continue  # two projects without a name may be any two
            if reason := _other(family, own):
                notes.append(reason)
                continue
            family.append(own)
            break
        else:
            open_.append([own])
    yield from open_


def _subject(record: Record) -> str | None:
    """What the form is of where a unit has several; "" if it does not say, None of a form of the unit itself."""
    keys = load_template(record.template.id).cells_of("subject")
    return fold("".join(_text(record, key) for key in keys)) if keys else None


def _kind(record: Record) -> str:
    return into(record.template.id)


def _other(family: Sequence[_Own], own: _Own) -> str:
    """Why a form is not of this unit and year; empty if it is, or does not say."""
    for each in family:
        years = each.record.year, own.record.year
        if None not in years and years[0] != years[1]:
            return _OTHER_YEAR.format(each.file, years[0], own.file, years[1])
        names = _unit(each.record), _unit(own.record)
        if all(names) and not same_unit(*(fold(plain(name)) for name in names)):
            return _OTHER_UNIT.format(each.file, names[0], own.file, names[1])
    return ""


def _unit(record: Record) -> str:
    keys = (*load_template(record.template.id).cells_of("names"), "unit_name")
    return next((text for key in keys if (text := _text(record, key))), "")


def _text(record: Record, key: str) -> str:
    return record.stated[key].text if key in record.stated else ""


def _spoken_of(families: Sequence[list[_Own]], source: Source) -> list[_Own]:
    """The forms that a report speaks of: the unit's own, or else the only ones there are, or the only ones it names.

    Those of the report's own file come last: the others say something it does not.
    """
    of_unit = [family for family in families if _subject(family[0].record) is None]
    if of_unit:
        return min(of_unit, key=lambda family: all(own.file == source.name for own in family))
    if len(families) > 1 and source.report is not None:
        text = fold("".join(block.text for block in source.report.blocks if isinstance(block, Paragraph)))
        families = [family for family in families if (name := _subject(family[0].record)) and name in text]
    return families[0] if len(families) == 1 else []


# The same cell in two files


def _stated_twice(family: Sequence[_Own]) -> Iterator[Discrepancy]:
    first: dict[tuple[str, ...], tuple[str, Stated]] = {}
    for own in family:
        for name, cell in _named_cells(own.record):
            file, other = first.setdefault(name, (own.file, cell))
            severity = _disagreement(cell, other)
            if file != own.file and severity is not None:
                said = _BOTH.format(
                    other.label, in_file(other.at, file), other.shown, in_file(cell.at, own.file), cell.shown
                )
                yield Discrepancy(
                    severity, "", own.file, cell.at, file, other.at, cell.key, said, cell.shown, other.shown
                )


def _named_cells(record: Record) -> Iterator[tuple[tuple[str, ...], Stated]]:
    """The cells that say something, by key; those of a row by its name, where no other row has that."""
    rows: dict[tuple[str, str], list[int]] = {}
    for table, spec in record.template.tables.items():
        for index in record.rows(table):
            rows.setdefault((table, plain(_text(record, row_key(table, index, spec.row_label)))), []).append(index)
    called = {(table, own[0]): name for (table, name), own in rows.items() if name and len(own) == 1}
    for key, cell in record.stated.items():
        row = split_row_key(key)
        if cell.is_blank or cell.is_absent or key.startswith(SECTION):
            continue
        if row is None:
            yield (key,), cell
        elif row[:2] in called:
            yield (row[0], called[row[0], row[1]], row[2]), cell


def _disagreement(one: Stated, other: Stated) -> Severity | None:
    """Two figures that rounding does not explain are an error; of words only those of a row are held together."""
    if one.is_number and other.is_number:
        gap = agrees(one, other)
        return Severity.ERROR if gap and gap.impossible else None
    if not one.field.is_text or split_row_key(one.key) is None or plain(one.shown) == plain(other.shown):
        return None
    return Severity.WARNING


# Cells of several files that a rule needs


class _Merged(NamedTuple):
    """The forms of several files as one, and in which file each cell stands."""

    record: Record
    files: Mapping[str, str]


def _merged(family: Sequence[_Own]) -> _Merged:
    """Of a cell that several state the first one; the rows of a row table from the file that has most of them."""
    largest = max(family, key=lambda own: sum(not cell.is_blank for cell in own.record.stated.values()))
    whole = load_template(largest.record.template.id)
    with_rows = {table: max(family, key=lambda own: own.record.row_counts.get(table, 0)) for table in whole.tables}
    counts = {table: own.record.row_counts.get(table, 0) for table, own in with_rows.items()}
    stated: dict[str, Stated] = {}
    files: dict[str, str] = {}
    for own in family:
        for key, cell in own.record.stated.items():
            row = split_row_key(key)
            is_wanted = key in whole.fields if row is None else with_rows.get(row[0]) is own
            if is_wanted and not cell.is_absent and (key not in stated or (stated[key].is_blank and not cell.is_blank)):
                stated[key], files[key] = cell._replace(at=in_file(cell.at, own.file)), own.file
    sections = (key for key in whole.fields if key.startswith(SECTION))
    bare = Record(whole, stated, counts)
    template = as_present(whole, {*stated, *sections}, {}, is_cut_off=_is_cut_off(bare), in_part=_in_part(bare))
    known = template.not_applicable
    cells = {
        key: stated.get(key) or state(key, each, None, not_applicable=known) for key, each in _cells(bare, template)
    }
    cells |= {key: absent(key, each) for key, each in template.absent.items()}
    return _Merged(Record(template, cells, {table: counts[table] for table in template.tables}, {}), files)


def _cells(bare: Record, template: Template) -> Iterator[tuple[str, Field]]:
    yield from template.fields.items()
    for table, spec in template.tables.items():
        for index in bare.rows(table):
            for column, field in (*spec.columns.items(), *spec.absent.items()):
                yield row_key(table, index, column), field


def _is_cut_off(record: Record) -> bool:
    """Do the weights that are listed not add up to full marks, so that there may be more of them?"""
    rows = [
        {"weight": record.stated[f"{row}weight"]}
        for row in record.rows_of(INDICATORS)
        if f"{row}weight" in record.stated
    ]
    weights = [
        *own_points(rows, "weight"),
        *(record.stated[key] for key in ("execution_weight",) if key in record.stated),
    ]
    return sum((cell.number or ZERO for cell in weights), ZERO) != _FULL_MARKS


def _in_part(record: Record) -> tuple[str, ...]:
    table = record.template.table(FUNDING)
    return (table.key,) if table is not None and record.row_counts[table.key] == 1 else ()


def _across(family: Sequence[_Own], variant: str | None) -> Iterator[Discrepancy]:
    """What the rules find of the whole and no single file could say."""
    record, files = _merged(family)
    report = audit(record, variant_of(record.template, variant, _SEVERAL))
    for finding in report.findings:
        own = files.get(finding.key, "")
        others = [(at, files[key]) for at, key, _ in finding.related if files.get(key, own) != own]
        if own and others:
            (at, file), *_ = others
            yield Discrepancy(
                finding.severity,
                finding.code,
                own,
                _without_file(finding.at, own),
                file,
                _without_file(at, file),
                finding.key,
                finding.message,
                finding.stated or "",
                finding.expected or "",
            )


# Reports in text


def _of_one(family: Sequence[_Own]) -> _Merged:
    """A form that is alone is taken as it stands; the report's chapters that it might have are added."""
    own = family[0]
    whole = load_template(own.record.template.id)
    stated = own.record.stated
    sections = [key for key in whole.fields if key.startswith(SECTION)]
    if len(family) > 1 or any(key not in stated or stated[key].is_absent for key in sections):
        return _merged(family)
    return _Merged(own.record, dict.fromkeys(own.record.stated, own.file))


def _held(source: Source, family: Sequence[_Own], variant: str | None) -> Held:
    """A report against the forms, whose cells are at their addresses in their files.

    Where it has forms of its own, its tables were held against theirs as forms.
    """
    assert source.report is not None
    record, files = _of_one(family)
    held = hold(record, source.report, variant_of(record.template, variant, _SEVERAL), tables=not source.records)
    found = (
        each._replace(file=(file := files.get(each.key, family[0].file)), at=_without_file(each.at, file))
        for each in held.found
        if not (source.is_audited and each.is_of_text_alone)
    )
    return held._replace(found=tuple(found))


def _discrepancy(each: Contradiction, report: str) -> Discrepancy:
    return Discrepancy(
        each.severity, each.code, report, each.place, each.file, each.at, each.key, each.message, each.stated,
        each.expected,
    )  # fmt: skip


# Places


def _without_file(at: str, name: str) -> str:
    if at.startswith(f"{name} "):
        return at.removeprefix(f"{name} ")
    if "!" not in at:
        return at
    sheet, ref = split_reference(at)
    return f"{quoted_title(sheet.removeprefix(f'[{name}]'))}!{ref_text(ref)}"
