"""Fonts of a Word document, as far as they say what counts as text: hidden, struck out, raised or lowered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element

from xlperf.intake.readers.nodes import attribute, is_on, local, properties, value_of

_STRIKES = ("strike", "dstrike")
_DEPTH = 20  # styles based on one another; Word allows ten


class Font(NamedTuple):
    """`None`: whatever stands around says so."""

    hidden: bool | None = None
    struck: bool | None = None
    raised: bool | None = None

    def over(self, other: Font) -> Font:
        """What this says, and where it says nothing, the other."""
        return Font(*(mine if mine is not None else theirs for mine, theirs in zip(self, other, strict=True)))


PLAIN = Font(False, False, False)


class Fonts:
    """The styles of a document that say anything of the kind."""

    def __init__(self, styles: Element | None = None, *, readable: bool = True) -> None:
        self.readable = readable
        self._own: dict[str, Font] = {}
        self._base: dict[str, str] = {}
        self._usual = ""
        for style in () if styles is None else styles:
            if local(style) != "style":
                continue
            name = attribute(style, "styleId")
            self._own[name] = font_in(properties(style, "rPr"))
            base = next((value_of(child) for child in style if local(child) == "basedOn"), "")
            self._base[name] = base
            if attribute(style, "type") == "paragraph" and attribute(style, "default") in ("1", "true", "on"):
                self._usual = name

    def of_paragraph(self, p: Element) -> Font:
        names = [value_of(mark) for mark in properties(p, "pPr", "pStyle")]
        return self._of_style(names[0] if names else self._usual).over(PLAIN)

    def of_run(self, run: Element, around: Font) -> Font:
        marks = properties(run, "rPr")
        names = [value_of(mark) for mark in marks if local(mark) == "rStyle"]
        style = self._of_style(names[0]) if names else Font()
        return font_in(marks).over(style).over(around)

    def _of_style(self, name: str) -> Font:
        font = Font()
        for _ in range(_DEPTH):
            if name not in self._own:
                break
            font = font.over(self._own[name])
            name = self._base[name]
        return font


def font_in(marks: list[Element]) -> Font:
    """What the children of a w:rPr say."""
    said: Mapping[str, bool] = {local(mark): is_on(mark) for mark in marks}
    strikes = [said[name] for name in _STRIKES if name in said]
    aligned = [value_of(mark) for mark in marks if local(mark) == "vertAlign"]
    return Font(
        said.get("vanish"),
        any(strikes) if strikes else None,
        aligned[-1] in ("superscript", "subscript") if aligned else None,
    )
