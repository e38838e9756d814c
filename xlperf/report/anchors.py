"""Where a comment begins and ends in the XML of a Word document.

Runs are split where a figure begins and ends inside one, both halves with the formatting of the whole. Some things are
never cut: an equation holds no runs; a field, a control for plain text and one that shows data are written anew, and
what stands in them is lost; Word has no comments in text boxes. There the comment is around the whole.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any, NamedTuple

from xlperf.intake.readers.fonts import Fonts
from xlperf.intake.readers.nodes import attribute, elements, local, on
from xlperf.intake.readers.runs import Found, inline_texts
from xlperf.intake.readers.word import Piece
from xlperf.labels.blocks import tidy
from xlperf.package.richtext import Run, fates_of
from xlperf.report.against import Anchor

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
# Marks may stand between what is in these. A simple field (w:fldSimple) and an equation (m:oMath) are none of them.
_OPEN_ONES = frozenset("hyperlink ins moveTo smartTag customXml sdt sdtContent bdo dir".split())
# What w:sdtPr says of a content control besides its kind: with nothing else it takes anything.
_RICH = frozenset("rPr alias tag id lock placeholder temporary label tabIndex showingPlcHdr richText group".split())


class _Char(NamedTuple):
    """A character that is seen: its w:t, or the element that stands for it, and its place in that."""

    element: Any
    at: int
    sign: str


def anchor_comment(piece: Piece, anchor: Anchor, number: int, namespace: str, fonts: Fonts) -> None:
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
    start, end, reference = _marks(number, namespace)
    if not wanted:
        _around(_outermost(paragraphs[0]), start, end, reference)
        return
    (opening, _), (_, closing) = _with_field(wanted[0].element), _with_field(wanted[-1].element)
    last = _split_after(closing, wanted[-1].at + 1 if closing is wanted[-1].element else 1)
    first = _split_before(opening, wanted[0].at if opening is wanted[0].element else 0)
    first.addprevious(start)
    last.addnext(end)
    end.addnext(reference)


def _around(paragraph: Any, start: Any, end: Any, reference: Any) -> None:
    """A comment at a paragraph of which no character can be marked: a picture, a symbol."""
    at = 1 if len(paragraph) and local(paragraph[0]) == "pPr" else 0
    paragraph.insert(at, start)
    paragraph.extend((end, reference))


def _marks(number: int, namespace: str) -> tuple[Any, Any, Any]:
    from lxml import etree

    identity = qualified({"id": str(number)}, namespace)
    start, end = (
        etree.Element(f"{{{namespace}}}{name}", identity, nsmap={"w": namespace})
        for name in ("commentRangeStart", "commentRangeEnd")
    )
    reference = etree.Element(f"{{{namespace}}}r", nsmap={"w": namespace})
    etree.SubElement(reference, f"{{{namespace}}}commentReference", identity)
    return start, end, reference


def qualified(attributes: Mapping[str, str], namespace: str) -> dict[str, str]:
    return {f"{{{namespace}}}{name}": value for name, value in attributes.items()}


def _said(paragraphs: Sequence[Any], fonts: Fonts) -> Iterator[_Char]:
    """The characters of these paragraphs that count as text, in order, as the reader takes them."""
    texts: list[tuple[Any, Run]] = []
    for paragraph in paragraphs:
        texts += inline_texts(paragraph, Found(fonts), [])
        texts.append((None, Run("\n")))
    for (element, run), fates in zip(texts, fates_of([run for _, run in texts]), strict=True):
        for at, (sign, fate) in enumerate(zip(run.text, fates, strict=True)):
            if element is not None and not fate:
                yield _Char(element, at, sign)


# Where a mark may stand


def _outermost(element: Any) -> Any:
    """The paragraph in which this stands, and not the one of a text box in it."""
    found = element
    for each in element.iterancestors():
        if local(each) == "p":
            found = each
    return found


def _whole(element: Any) -> Any:
    """What must not be cut around this element: its run, or an equation, a simple field, a control, a text box."""
    paragraph = _outermost(element)
    path = [element, *takewhile(lambda each: each is not paragraph, element.iterancestors())]
    found = element
    for found in reversed(path):
        if local(found) not in _OPEN_ONES or (local(found) == "sdt" and not _takes_anything(found)):
            break
    return found


def _takes_anything(sdt: Any) -> bool:
    kinds = {local(mark) for child in elements(sdt) if local(child) == "sdtPr" for mark in elements(child)}
    return kinds <= _RICH


def _with_field(element: Any) -> tuple[Any, Any]:
    """The w:fldChar that begin and end the outermost field which shows this element; itself where there is none."""
    begun: list[Any] = []
    inside = False
    for each in _outermost(element).iter():
        if each is element:
            inside = bool(begun)
            if not inside:
                break
        elif on(each) and local(each) == "fldChar":
            turn = attribute(each, "fldCharType")
            if turn == "begin":
                begun.append(each)
            elif turn == "end" and begun:
                first = begun.pop()
                if inside and not begun:
                    return first, each
    return element, element


def _split_before(element: Any, index: int) -> Any:
    """What begins with this character of the element; what stood before it in its run becomes a run of its own."""
    run = _whole(element)
    content = [child for child in run if local(child) != "rPr"]
    if element.getparent() is not run or (index == 0 and content[0] is element):
        return run
    before = _emptied(run)
    run.addprevious(before)
    for child in content[: content.index(element)]:
        before.append(child)
    if index:
        part = copy.deepcopy(element)
        _set_text(part, element.text[:index])
        _set_text(element, element.text[index:])
        before.append(part)
    return run


def _split_after(element: Any, index: int) -> Any:
    """What ends before this character of the element; what stands behind in its run becomes a run of its own."""
    run = _whole(element)
    content = [child for child in run if local(child) != "rPr"]
    if element.getparent() is not run:
        return run
    rest = content[content.index(element) + 1 :]
    is_cut = index < len(element.text or "")  # what stands for a sign holds no text
    if not is_cut and not rest:
        return run
    after = _emptied(run)
    run.addnext(after)
    if is_cut:
        part = copy.deepcopy(element)
        _set_text(part, element.text[index:])
        _set_text(element, element.text[:index])
        after.append(part)
    for child in rest:
        after.append(child)
    return run


def _emptied(run: Any) -> Any:
    """A run with the formatting of this one and nothing in it."""
    twin = copy.deepcopy(run)
    for child in list(twin):
        if local(child) != "rPr":
            twin.remove(child)
    twin.tail = None
    return twin


def _set_text(element: Any, text: str) -> None:
    element.text = text
    element.set(_SPACE, "preserve")
