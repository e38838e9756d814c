"""Where a comment begins and ends in the bytes of a Word document, and how its marks are taken out again.

Runs are cut where a figure begins and ends inside one, both halves with the formatting of the whole. Some things are
never cut: an equation holds no runs; a field, a control for plain text and one that shows data are written anew, and
what stands in them is lost; Word has no comments in text boxes. There the comment is around the whole.

What is cut or opened ends in a way that only we write (`extents.OUR_END`), so that it can be joined again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple
from xml.etree.ElementTree import Element

from xlperf.intake.readers.fonts import Fonts
from xlperf.intake.readers.nodes import attribute, local
from xlperf.intake.readers.runs import Found, inline_texts
from xlperf.intake.readers.word import Piece
from xlperf.labels.blocks import tidy
from xlperf.package.richtext import Run, fates_of
from xlperf.package.xmltext import splice
from xlperf.report.extents import Source, our_end, removed, source_of
from xlperf.report.lines import Anchor
from xlperf.text import expression

# Marks may stand between what is in these. A simple field (w:fldSimple) and an equation (m:oMath) are none of them.
_OPEN_ONES = frozenset("hyperlink ins moveTo smartTag customXml sdt sdtContent bdo dir".split())
# What w:sdtPr says of a content control besides its kind: with nothing else it takes anything.
_RICH = frozenset("rPr alias tag id lock placeholder temporary label tabIndex showingPlcHdr richText group".split())
_MARKS = ("commentRangeStart", "commentRangeEnd", "commentReference")
_SIGN = expression(rb"&[^;]*;|\r\n|[\x00-\x7f]|[\xc0-\xff][\x80-\xbf]*")
_END, _START = 0, 1  # where two comments meet the first ends before the second begins


class Edit(NamedTuple):
    """Marks of one comment: they take the place of `start`..`end`, between what is closed there and opened again."""

    start: int
    end: int
    turn: int
    marks: bytes
    before: bytes = b""
    after: bytes = b""


class _Char(NamedTuple):
    """A character that is seen: its w:t, or the element that stands for it, and its place in that."""

    element: Element
    at: int
    sign: str


def edits_of(piece: Piece, anchor: Anchor, number: int, source: Source, fonts: Fonts) -> list[Edit]:
    """Put a comment round the characters of an anchor; round the whole paragraph where they cannot be told apart."""
    paragraphs = piece.elements[anchor.cell or 0]
    shown = piece.block.text if anchor.cell is None else piece.block.cells[anchor.cell].text  # type: ignore[union-attr]
    chars = [char for char in _said(paragraphs, fonts) if tidy(char.sign)]
    before = len("".join(shown[: anchor.start].split()))
    length = len("".join(shown[anchor.start : anchor.end].split()))
    same = "".join(char.sign for char in chars) == "".join(shown.split())
    if not same or not length:
        before, length = 0, len(chars)
    wanted = chars[before : before + length]
    start, end = _marks(number, source)
    if not wanted:
        return _around(_outermost(paragraphs[0], source), start, end, source)
    (opening, _), (_, closing) = (_with_field(wanted[at].element, source) for at in (0, -1))
    return [
        _before(opening, wanted[0].at if opening is wanted[0].element else 0, start, source),
        _after(closing, wanted[-1].at + 1 if closing is wanted[-1].element else 1, end, source),
    ]


def with_edits(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The part with all marks; those of several comments may stand at one place."""
    places: dict[tuple[int, int], list[Edit]] = defaultdict(list)
    for edit in edits:
        places[edit.start, edit.end].append(edit)
    whole = []
    for (start, end), own in places.items():
        marks = b"".join(edit.marks for edit in sorted(own, key=lambda edit: edit.turn))
        whole.append((start, end, own[0].before + marks + own[0].after))
    return splice(data, whole)


def _around(paragraph: Element, start: bytes, end: bytes, source: Source) -> list[Edit]:
    """A comment at a paragraph of which no character can be marked: an empty one, a picture, a symbol."""
    extent = source.extents[paragraph]
    if extent.is_empty_tag:
        return [Edit(extent.open_end - 2, extent.open_end, _START, start + end, b">", our_end(source.raw(paragraph)))]
    first = next(iter(paragraph), None)
    at = source.extents[first].end if first is not None and local(first) == "pPr" else extent.open_end
    if at == extent.close:
        return [Edit(at, at, _START, start + end)]
    return [Edit(at, at, _START, start), Edit(extent.close, extent.close, _END, end)]


def _marks(number: int, source: Source) -> tuple[bytes, bytes]:
    namespace = source.root.tag.rpartition("}")[0][1:]
    prefix = source.prefix or "w"
    declared = "" if source.prefix else f' xmlns:w="{namespace}"'
    start, end, reference = (f'<{prefix}:{name}{declared} {prefix}:id="{number}"/>' for name in _MARKS)
    return start.encode(), f"{end}<{prefix}:r{declared}>{reference}</{prefix}:r>".encode()


def _said(paragraphs: Sequence[Element], fonts: Fonts) -> Iterator[_Char]:
    """The characters of these paragraphs that count as text, in order, as the reader takes them."""
    texts: list[tuple[Element | None, Run]] = []
    for paragraph in paragraphs:
        texts += inline_texts(paragraph, Found(fonts), [])
        texts.append((None, Run("\n")))
    for (element, run), fates in zip(texts, fates_of([run for _, run in texts]), strict=True):
        for at, (sign, fate) in enumerate(zip(run.text, fates, strict=True)):
            if element is not None and not fate:
                yield _Char(element, at, sign)


# Where a mark may stand


def _outermost(element: Element, source: Source) -> Element:
    """The paragraph in which this stands, and not the one of a text box in it."""
    found = element
    for each in source.around(element):
        if local(each) == "p":
            found = each
    return found


def _whole(element: Element, source: Source) -> Element:
    """What must not be cut around this element: its run, or an equation, a simple field, a control, a text box."""
    paragraph = _outermost(element, source)
    path = [element, *takewhile(lambda each: each is not paragraph, source.around(element))]
    found = element
    for found in reversed(path):
        if local(found) not in _OPEN_ONES or (local(found) == "sdt" and not _takes_anything(found)):
            break
    return found


def _takes_anything(sdt: Element) -> bool:
    kinds = {local(mark) for child in sdt if local(child) == "sdtPr" for mark in child}
    return kinds <= _RICH


def _with_field(element: Element, source: Source) -> tuple[Element, Element]:
    """The w:fldChar that begin and end the outermost field which shows this element; itself where there is none."""
    begun: list[Element] = []
    inside = False
    for each in _outermost(element, source).iter():
        if each is element:
            inside = bool(begun)
            if not inside:
                break
        elif local(each) == "fldChar":
            turn = attribute(each, "fldCharType")
            if turn == "begin":
                begun.append(each)
            elif turn == "end" and begun:
                first = begun.pop()
                if inside and not begun:
                    return first, each
    return element, element


def _before(element: Element, index: int, marks: bytes, source: Source) -> Edit:
    """Marks before this character of the element; its run is cut where something stands before it."""
    run = _whole(element, source)
    content = _content(run)
    if source.parents.get(element) is run and not _is_tracked(run):
        at = _place_in(element, index, source, -1)
        if at is not None:
            return _cut(run, element, at, _START, marks, source)
        if content[0] is not element:
            return _cut(run, None, source.extents[element].start, _START, marks, source)
    at = source.extents[run].start
    return Edit(at, at, _START, marks)


def _after(element: Element, index: int, marks: bytes, source: Source) -> Edit:
    """Marks behind the character before this one; its run is cut where something stands behind it."""
    run = _whole(element, source)
    content = _content(run)
    if source.parents.get(element) is run and not _is_tracked(run):
        at = _place_in(element, index, source, 1)
        if at is not None:
            return _cut(run, element, at, _END, marks, source)
        if content[-1] is not element:
            return _cut(run, None, source.extents[element].end, _END, marks, source)
    at = source.extents[run].end
    return Edit(at, at, _END, marks)


def _content(run: Element) -> list[Element]:
    return [child for child in run if local(child) != "rPr"]


def _is_tracked(run: Element) -> bool:
    """A change of its formatting that is tracked has a number, which two halves must not share."""
    return any(local(each) == "rPrChange" for each in run.iter())


def _place_in(element: Element, index: int, source: Source, step: int) -> int | None:
    """Where in the bytes a text is cut; None where nothing is left on one side, or where it cannot be.

    Blanks at the ends of a text are not shown unless it says so: beside one it is not cut but `step` by step farther.
    """
    text = element.text or ""
    keeps_blanks = attribute(element, "space") == "preserve"
    while 0 < index < len(text) and not keeps_blanks and (text[index - 1].isspace() or text[index].isspace()):
        index += step
    extent = source.extents[element]
    raw = source.data[extent.open_end : extent.close]
    if not 0 < index < len(text) or b"<" in raw:  # a comment or CDATA stands in it
        return None
    signs = _SIGN.finditer(raw)
    return extent.open_end + next(sign.start() for number, sign in enumerate(signs) if number == index)


def _cut(run: Element, text: Element | None, at: int, turn: int, marks: bytes, source: Source) -> Edit:
    """Cut a run, and in it a text, in two; both halves begin alike."""
    before, after = our_end(source.start_tag(run)), _beginning(run, source)
    if text is not None:
        before, after = our_end(source.start_tag(text)) + before, after + source.start_tag(text)
    return Edit(at, at, turn, marks, before, after)


def _beginning(run: Element, source: Source) -> bytes:
    """The start tag of a run and its formatting."""
    return source.start_tag(run) + b"".join(source.raw(child) for child in run if local(child) == "rPr")


# The way back


def without_marks(source: Source, numbers: Collection[str]) -> bytes:
    """The part without the marks of these comments, and with what was cut for them joined again."""
    gone = []
    for element in source.extents:
        if _is_mark_of(element, numbers):
            run = source.parents[element]
            is_alone = local(run) == "r" and all(_is_mark_of(child, numbers) for child in _content(run))
            extent = source.extents[run if is_alone else element]
            gone.append((extent.start, extent.end))
    left, sites = removed(source.data, gone)
    return _joined(source_of(left), sites) if sites else source.data


def _is_mark_of(element: Element, numbers: Collection[str]) -> bool:
    return local(element) in _MARKS and attribute(element, "id") in numbers


def _joined(source: Source, sites: Collection[int]) -> bytes:
    """What ends in our way where marks were taken out."""
    edits = []
    for element, extent in source.extents.items():
        if not source.has_our_end(element):
            continue
        if local(element) == "r" and extent.end in sites:
            end, beginning = extent.close, _beginning(element, source)
            last = next(reversed(element), None)
            if last is not None and source.has_our_end(last):
                end, beginning = source.extents[last].close, beginning + source.start_tag(last)
            if source.data.startswith(beginning, extent.end):
                edits.append((end, extent.end + len(beginning), b""))
        elif local(element) == "p" and extent.open_end == extent.close and extent.close in sites:
            edits.append((extent.open_end - 1, extent.end, b"/>"))
    return splice(source.data, edits)
