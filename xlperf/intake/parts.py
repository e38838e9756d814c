"""The parts of a report's text as they stand below its headings, and the cell that each belongs to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xlperf.labels.blocks import Paragraph
from xlperf.labels.chapters import heading_in
from xlperf.labels.reading import Entry, Passage
from xlperf.labels.spelling import fold

_DOUBT = "这一段的标题或文字不止说一件事，请核对归在这里是否合适"


@dataclass(slots=True)
class Part:
    """A section while its lines are gathered; without a key it is text that has no cell."""

    key: str
    place: str = ""
    reason: str = ""
    heading: Paragraph | None = None  # of the section, not of a chapter whose own text this is
    unknown: str = ""  # what a heading says that nobody knows
    runs_on: bool = False  # the first line stands in the heading's
    apart: str = ""  # why its figures are not the unit's
    scope: str = ""  # the part of the unit's money that it speaks of
    certain: bool = True
    told: Mapping[str, Sequence[str]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)


def headed_by_several(parts: Sequence[Part]) -> set[str]:
    """The cells with text from below several headings, which then stay in it."""
    headings: dict[str, set[str]] = {}
    for part in parts:
        if part.key and part.lines and part.heading is not None:
            headings.setdefault(part.key, set()).add(_said(part.heading))
    return {key for key, said in headings.items() if len(said) > 1}


def _said(paragraph: Paragraph) -> str:
    heading = heading_in(paragraph.text)
    return fold(heading.said if heading is not None else paragraph.text)


def lines_of_part(part: Part, several: Collection[str]) -> list[str]:
    if part.heading is None or part.key not in several:
        return part.lines
    return [part.heading.text, *part.lines[part.runs_on :]]


def place_of_part(part: Part, several: Collection[str]) -> str:
    return part.heading.place if part.heading is not None and part.key in several else part.place


def cells_of_parts(parts: Sequence[Part], left: list[Passage]) -> Iterator[Entry]:
    """The text of each cell; what has none is left, and so is a part that stands there twice."""
    several = headed_by_several(parts)
    by_key: dict[str, list[Part]] = {}
    for part in (part for part in parts if part.lines):
        own = by_key.setdefault(part.key, [])
        said = part.heading and _said(part.heading)
        if not part.key:
            left.append(Passage(part.place, "\n".join(part.lines), part.reason))
        elif said and any(each.heading and _said(each.heading) == said for each in own):
            left.append(Passage(part.place, "\n".join(part.lines), "报告的这一段出现了两次"))
        else:
            own.append(part)
    for key, own in by_key.items():
        if key and own:
            text = "\n".join(line for part in own for line in lines_of_part(part, several))
            certain = all(part.certain for part in own)
            yield Entry(key, text, place_of_part(own[0], several), certain, "" if certain else _DOUBT)
