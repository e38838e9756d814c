"""The report's sections: kept as the user wrote them, or, where blank, written from the figures of the workbook.

What is written here is understood by `xlperf.prose`, which gives back the same figures. The words are in words.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from xlperf.amounts import ZERO
from xlperf.checks.narrative import WITHHELD
from xlperf.derive.seen import SECTION, Seen
from xlperf.form.record import Record, Stated, show
from xlperf.form.relations import Kind
from xlperf.form.template import Template, row_key
from xlperf.report.spec import report_spec

_NUMBERING = re.compile("^(?:[一二三四五六七八九十]+、)?(?:（[一二三四五六七八九十]+）)?(?:[0-9]+[.．、])?")
_AMOUNT = re.compile("[0-9][ 　]?[亿万]?元")


@cache
def words() -> Mapping[str, Any]:
    """The words of every form's report: words.toml."""
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))


def is_withheld(text: str) -> bool:
    """Does a section say that it is not made public, and give no figure all the same?"""
    return bool(WITHHELD.search(text)) and not _AMOUNT.search(text)


def is_placeholder(text: str) -> bool:
    """Does a line stand where the user has to write?"""
    return text.strip().startswith(words()["placeholder"]["begin"])


def generated_sections(seen: Seen) -> Mapping[str, str]:
    """By key of a section, the text that stands in the report while the section is blank.

    A section whose text is this one was not written by anybody, so an import leaves it blank.
    """
    fields = seen.record.template.fields
    texts = {key: placeholder(field.label) for key, field in fields.items() if key.startswith(SECTION)}
    year = _year(seen)
    report = report_spec(seen.record.template)
    for spec in report.nothing:
        if _is_nothing(spec, seen):
            texts[spec["section"]] = spec["text"].format(year=year)
    if report.conclusion is not None:
        section = report.conclusion["section"]
        texts[section] = _conclusion(report.conclusion, seen, year) or texts[section]
    if report.figures_after in fields and is_withheld(seen.record[report.figures_after].text):
        return texts  # what is withheld in one section is not disclosed in the next
    passages: dict[str, list[str]] = {}
    for spec in report.passages:
        sentences = _of_total(spec, seen) if "total" in spec else _of_item(spec, seen)
        text = "".join(f"{each}。" for each in sentences) or placeholder(spec["heading"])
        passages.setdefault(spec["section"], []).append(f"{spec['heading']}\n{text}")
    return texts | {section: "\n".join(parts) for section, parts in passages.items()}


def left_to_write(record: Record, variant: str | None = None) -> Iterator[str]:
    """The sections in which something is left for the user to write."""
    for key, text in generated_sections(Seen(record, variant)).items():
        if record[key].is_blank and any(map(is_placeholder, text.split("\n"))):
            yield record[key].label


def placeholder(label: str) -> str:
    """What asks the user to write: 〔请填写：机构设置情况〕."""
    marks = words()["placeholder"]
    return f"{marks['begin']}{_NUMBERING.sub('', label)}{marks['end']}"


def _year(seen: Seen) -> str:
    said, year = words()["sentences"], seen["year"].number
    return str(said["some_year"] if year is None else said["this_year"].format(year=int(year)))


def _of_total(spec: Mapping[str, Any], seen: Seen) -> list[str]:
    """A total with its change, its parts with theirs, then why the parts changed.

    The reasons come last because after one the reader cannot tell what a figure is about.
    """
    said, year, total = words()["sentences"], _year(seen), spec["total"]
    stems = tuple(_parts(seen.record.template, total))
    whole = _with_change(f"{year}{spec['said']}{said['total_level']}", total, seen)
    listed = "；".join(
        text for stem in stems if (text := _with_change(f"{_item(stem, seen)}{said['level']}", stem, seen))
    )
    sentences = [whole] if whole else []
    reasons = [
        f"{said['reason_of'].format(item=_item(stem, seen))}{reason}"
        for stem in stems
        if (reason := _reason(stem, seen))
    ]
    if whole and (reason := _reason(total, seen)):
        sentences.append(f"{said['reason']}{reason}")
    if listed:
        sentences.append(f"{said['part']}{listed}" if whole else f"{year}{listed}")
    return sentences + (["；".join(reasons)] if reasons and (whole or listed) else [])


def _of_item(spec: Mapping[str, Any], seen: Seen) -> list[str]:
    """Budget and spending of an item, and what it consists of."""
    said, year, item = words()["sentences"], _year(seen), spec["item"]
    opening, current = seen[f"{item}_opening"], seen[f"{item}_current"]
    pattern = {(True, True): "both", (True, False): "opening", (False, True): "current"}.get(
        (_is_sayable(opening), _is_sayable(current))
    )
    sentences = [spec[pattern].format(year=year, opening=opening.shown, current=current.shown)] if pattern else []
    listed = [
        f"{_item(stem, seen)}{said['level'].format(amount=part.shown)}"
        for stem in _parts(seen.record.template, item)
        if _is_sayable(part := seen[f"{stem}_current"])
    ]
    if "rows" in spec:
        listed += _rows(spec, seen.record)
    if listed:
        sentences.append((said["part"] if sentences else year) + "；".join(listed))
    return [*sentences, spec["meaning"].rstrip("。")] if sentences else []


def _rows(spec: Mapping[str, Any], record: Record) -> Iterator[str]:
    """The rows of a table, each by its name; a word that ends the name as a project's keeps it from being misread."""
    topics = tuple(word for word, (kind, _) in record.template.prose.words.items() if kind == "T")
    for index in record.rows(spec["rows"]):
        name, amount = (record[row_key(spec["rows"], index, spec[each])] for each in ("row_name", "row_amount"))
        plain = "".join(name.text.split())
        if plain and _is_sayable(amount):
            yield spec["own_row" if plain.endswith(topics) else "row"].format(name=plain, amount=amount.shown)


def _parts(template: Template, total: str) -> Iterator[str]:
    """The items that a total of this year consists of, each before its own parts."""
    suffix = "_current"
    for each in template.related(Kind.SUM):
        if each.total == total + suffix:
            for part in each.parts:
                stem = part.removesuffix(suffix)
                yield stem
                yield from _parts(template, stem)


def _item(stem: str, seen: Seen) -> str:
    return seen[f"{stem}_current"].field.row_label


def _reason(stem: str, seen: Seen) -> str:
    """Nothing where 无 or —— stands in the cell."""
    text = "".join(seen[f"{stem}_reason"].text.split("\n")).strip().rstrip("。；;，,")
    return text if seen.record.template.words.reasons.given(text) else ""


def _is_sayable(cell: Stated) -> bool:
    """Prose has no way of writing a negative amount that is understood: the table shows it."""
    return cell.is_number and cell.value >= 0


def _with_change(level: str, stem: str, seen: Seen) -> str:
    """The figure of this year and how it changed; nothing where the figure is blank."""
    current = seen[f"{stem}_current"]
    if not _is_sayable(current):
        return ""
    return "，".join(
        (level.format(amount=current.shown), *_change(seen[f"{stem}_change"], seen[f"{stem}_growth_rate"]))
    )


def _change(change: Stated, rate: Stated) -> Iterator[str]:
    said = words()["sentences"]
    if change.is_number and not change.value and not rate.number:
        if rate.is_number:
            yield said["same"]
        return
    if change.is_number:
        yield said["more" if change.value >= 0 else "less"].format(amount=_unsigned(change))
    if rate.is_number:
        pattern = "rise" if rate.value >= 0 else "fall"
        yield said[pattern if change.is_number else f"{pattern}_alone"].format(rate=_unsigned(rate))


def _unsigned(cell: Stated) -> str:
    return show(abs(cell.value), cell.field, cell.places)


def _is_nothing(spec: Mapping[str, Any], seen: Seen) -> bool:
    """Do the figures leave no room for spending of this kind?"""
    if any(seen[key].number or not (seen[key].is_number or seen[key].is_blank) for key in spec["none_of"]):
        return False
    if any(seen[key].number == 0 for key in spec["zero"]):
        return True
    funds = [seen[key].number for key in spec["funds"]]
    known = sum((seen[key].number or ZERO for key in spec["all_of"]), ZERO)
    return known > 0 and all(each == known for each in funds)


def _conclusion(spec: Mapping[str, Any], seen: Seen, year: str) -> str:
    """Score and grade: as the report states them, or as the form gives them."""
    said = []
    for name in ("score", "grade"):
        stated, computed = seen[spec[name]["stated"]], seen[spec[name]["computed"]]
        if stated.is_blank and not computed.is_blank and _is_result(computed):
            said.append(spec[f"computed_{name}"].format(**{name: computed.shown}))
        elif not stated.is_blank and _is_result(stated):
            said.append(spec[f"stated_{name}"].format(**{name: stated.shown}))
    return f"{spec['begin'].format(year=year)}{'，'.join(said)}。" if said else ""


def _is_result(cell: Stated) -> bool:
    return cell.field.is_text or (cell.is_number and cell.value >= Decimal(0))
