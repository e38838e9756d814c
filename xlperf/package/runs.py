"""The texts of a workbook: shared strings, and those that stand in their cell; of rich text the runs as well."""

from __future__ import annotations

from typing import NamedTuple

from xlperf.package.richtext import Run
from xlperf.package.xmltext import (
    ATTRIBUTES,
    check_xml,
    content_of,
    decode_text,
    is_true,
    parse_attributes,
    plain_text,
    simplified,
)
from xlperf.text import expression

_TEXT = expression(rb"<t(?=[\s/>])" + ATTRIBUTES + rb"(?:/>|>([^<]*)</t\s*>)")
_PHONETIC = expression(rb"<rPh(?=[\s/>])" + ATTRIBUTES + rb"(?:/>|>" + content_of(b"rPh") + rb")")
_STRING = expression(
    rb"<si(?=[\s/>])" + ATTRIBUTES + rb"(?:/>|>(?:<t(?: [^<>]*)?>([^<]*)</t></si>|" + content_of(b"si") + rb"))"
)
_RUN = expression(rb"<r(?=[\s/>])" + ATTRIBUTES + rb"(?:/>|>" + content_of(b"r") + rb")")
_FONT = expression(rb"<rPr(?=[\s/>])" + ATTRIBUTES + rb"(?:/>|>" + content_of(b"rPr") + rb")")
_STRIKE = expression(rb"<strike(?=[\s/>])(" + ATTRIBUTES + rb")/?>")
_ALIGNED = expression(rb"<vertAlign(?=[\s/>])(" + ATTRIBUTES + rb")/?>")


class Texts(NamedTuple):
    """The shared strings, rich text flattened and phonetic guides left out; and the runs of those in several fonts."""

    texts: list[str]
    rich: dict[int, tuple[Run, ...]]


def read_texts(data: bytes) -> Texts:
    check_xml(data)
    strings = Texts([], {})
    for match in _STRING.finditer(simplified(data)):
        plain, rich = match.groups()
        if plain is None and rich and (runs := runs_in(rich)):
            strings.rich[len(strings.texts)] = runs
        strings.texts.append(decode_text(text_in(rich) if plain is None else plain_text(plain)))
    return strings


def has_text(data: bytes) -> bool:
    return _TEXT.search(data) is not None


def text_in(data: bytes | None) -> str:
    """All <t> of rich text, not decoded."""
    return plain_text(b"".join(_TEXT.findall(_PHONETIC.sub(b"", data or b""))))


def runs_in(data: bytes) -> tuple[Run, ...]:
    """The runs of rich text, decoded; nothing where all of it is in the cell's own font."""
    if b"<rPr" not in data:
        return ()
    runs = []
    for content in _RUN.findall(_PHONETIC.sub(b"", data)):
        font = _FONT.search(content)
        text = decode_text(plain_text(b"".join(_TEXT.findall(content))))
        runs.append(Run(text) if font is None else Run(text, *font_of(font[1] or b"")))
    return tuple(run for run in runs if run.text)


def font_of(data: bytes) -> tuple[bool, bool]:
    """Whether a font strikes its text out, and whether it raises or lowers it."""
    strike, aligned = _STRIKE.search(data), _ALIGNED.search(data)
    return (
        strike is not None and is_true(parse_attributes(strike[1]).get("val", "1")),
        aligned is not None and parse_attributes(aligned[1]).get("val") in ("superscript", "subscript"),
    )
