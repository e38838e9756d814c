"""Forms of the season that are no self-evaluation: told by name, so that nobody looks for a mistake in them.

Of some a self-evaluation can be held against them: these are read where their kind is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from xlperf.errors import UnknownNameError
from xlperf.form.forms import others_listed
from xlperf.labels.blocks import Document, Table
from xlperf.labels.grammar import LONGEST, bare, meaning

_RESULTS = frozenset(("actual", "score", "self_weight", "coefficient"))


class Other(NamedTuple):
    """`signs`: of each group a document has one; `results`: also where it has a column of results or points.

    `kind`: by which it is asked for; then a workbook of ours is made of one of `forms`, and any other is `read_by`.
    """

    title: str
    signs: tuple[tuple[str, ...], ...]
    results: bool
    kind: str
    forms: tuple[str, ...]
    read_by: tuple[str, ...]


def other_form(document: Document) -> str:
    """The title of the form that a document holds if it is none of a self-evaluation; "" otherwise."""
    texts = [
        cell.text
        for block in document.blocks
        if isinstance(block, Table)
        for cell in block.cells
        if _is_short(cell.text)
    ]
    names = {bare(text) for text in texts}
    found = [other for other in _others() if all(any(bare(sign) in names for sign in group) for group in other.signs)]
    if not found or (not found[0].results and _has_results(texts)):
        return ""
    return found[0].title


def other_called(kind: str) -> Other:
    """Raises `UnknownNameError` for a kind that is not read."""
    found = next((other for other in _others() if kind and other.kind == kind), None)
    if found is None:
        kinds = "、".join(other.kind for other in _others() if other.kind)
        raise UnknownNameError(f"没有名为“{kind}”的一类表；可用：{kinds}")
    return found


@cache
def _others() -> tuple[Other, ...]:
    return tuple(
        Other(
            title=spec["title"],
            signs=tuple(map(tuple, spec["signs"])),
            results=spec.get("results", False),
            kind=spec.get("kind", ""),
            forms=tuple(spec.get("forms", ())),
            read_by=tuple(spec.get("read_by", ())),
        )
        for spec in others_listed()
    )


def _is_short(text: str) -> bool:
    return 0 < len(text) <= LONGEST


def _has_results(texts: Sequence[str]) -> bool:
    return any(meaning(text, "indicators") in _RESULTS for text in texts)
