"""A summary held against what is known of the files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import python_calamine

from tests.review.made import Form, Place

SHEETS = ("单位清单", "问题清单", "规则统计", "单位之间", "未能读取")


def rows_of(summary: Path, title: str) -> list[list[Any]]:
    """The rows of a sheet below its heading, and of those that it goes on in."""
    book = python_calamine.CalamineWorkbook.from_path(str(summary))
    found: list[list[Any]] = []
    for name in book.sheet_names:
        if name.rstrip("0123456789") == title:
            found += book.get_sheet_by_name(name).to_python(skip_empty_area=False)[1:]
    return found


def found_in(summary: Path) -> dict[str, set[Place]]:
    """By the name of the file, the code and address of everything grave."""
    found: dict[str, set[Place]] = defaultdict(set)
    for row in rows_of(summary, "问题清单"):
        severity, at, code, name = row[0], row[4], row[5], row[13]
        if severity != "提示":
            found[str(name).rpartition("/")[2]].add((code, at))
    return found


def wrong(summary: Path, forms: Sequence[Form]) -> Iterator[str]:
    """Known faults that are not in the summary, and findings in it that the files do not have."""
    found = found_in(summary)
    listed = {str(row[1]) for row in rows_of(summary, "单位清单")}
    for form in forms:
        own = found[form.name]
        codes = {code for code, _ in own}
        missed = [each for each in form.wanted if each not in own and (each[1] or each[0] not in codes)]
        if missed:
            yield f"missed in {form.name}: {missed}; there are {sorted(own)}"
        if form.unit not in listed:
            yield f"not listed: {form.unit}"
        yield from (f"invented in {form.name}: {each}" for each in _invented(form, own))


def _invented(form: Form, own: set[Place]) -> Iterator[Place]:
    """What an audit of the figures alone does not find; of what only a workbook has nothing is known."""
    if form.allowed is None:
        return
    between = {code for word, code in form.allowed if word == "not"}
    any_place = {code for code, at in form.allowed if not at}
    for code, at in own:
        is_known = (code, at) in form.allowed or code in any_place
        if between:
            if code in between and not is_known:
                yield code, at
        elif not is_known and not code.startswith("XLP7"):
            yield code, at
