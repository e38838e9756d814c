"""Damage to the bytes of a file, to its zip container and to the text of its parts, whatever they mean."""

from __future__ import annotations

import io
import random
import re
import struct
import warnings
import zipfile
from collections.abc import Callable

from tests.package.books import entries, pack

SPLICES = (
    b"<", b">", b'"', b"&", b"&#0;", b"&a;", b"]]>", b"<!--", b"<!DOCTYPE a>", b"\x00", b"\xff\xfe", b"99999999999",
    b"-1", b"0", b"1e999", b"NaN", b"\xe9", "\ufffe".encode(), b"A1048577", b"XFE1", b"A0", b"r:", b" r=''", b"/>",
)  # fmt: skip
_NAMES = ("../../x.xml", "/etc/passwd", "C:\\x", "a\0b", "xl/workbook.xml", "XL/WORKBOOK.XML", "x" * 60_000)
_NUMBERS = (0, -1, 1, 2, 255, 16385, 65536, 1048577, 2**31, 2**64, 10**40)
_ENCODINGS = ("utf-16", "utf-16-le", "utf-8-sig", "gb18030", "latin-1", "utf-32", "utf-7", "zlib_codec", "no-such")
_XML = (".xml", ".rels", ".vml")


# Bytes


def cut(blob: bytes, chance: random.Random) -> bytes:
    return blob[: chance.randrange(len(blob))]


def flip(blob: bytes, chance: random.Random) -> bytes:
    """Some bits, half of the time in the directory at the end, where every byte means something."""
    data = bytearray(blob)
    low = max(0, len(data) - 6000) if chance.random() < 0.5 else 0
    for _ in range(chance.choice((1, 1, 2, 8, 100))):
        data[chance.randrange(low, len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def splice(blob: bytes, chance: random.Random) -> bytes:
    """A piece of the file put elsewhere in it."""
    start, at = chance.randrange(len(blob)), chance.randrange(len(blob))
    piece = blob[start : start + chance.choice((1, 4, 46, 500))]
    return blob[:at] + piece + blob[at + (len(piece) if chance.random() < 0.5 else 0) :]


def fields(blob: bytes, chance: random.Random) -> bytes:
    """Numbers of two or four bytes, as binary formats keep lengths and places, at their extremes."""
    data = bytearray(blob)
    for _ in range(chance.choice((1, 1, 2, 8))):
        form = chance.choice(("<H", "<L"))
        top = 1 << 8 * struct.calcsize(form)
        struct.pack_into(form, data, chance.randrange(len(data) - 4), chance.choice((0, 1, top // 2, top - 2, top - 1)))
    return bytes(data)


BYTES = (cut, flip, flip, splice, fields)


# The container


def shuffle(blob: bytes, chance: random.Random) -> bytes:
    """Parts that change places, go, come again or get names that lead elsewhere."""
    content: dict[str, str | bytes] = dict(entries(blob))
    one, two = chance.sample(sorted(content), 2)
    match chance.randrange(4):
        case 0:
            content[one], content[two] = content[two], content[one]
        case 1:
            del content[one]
        case 2:
            content[chance.choice(_NAMES)] = content.pop(one)
        case _:
            content[one] = b""
    return pack(content)


def double(blob: bytes, chance: random.Random) -> bytes:
    """An entry twice, the second time with other content; or the same name in other letters."""
    content = entries(blob)
    one, two = chance.sample(sorted(content), 2)
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        for name, data in content.items():
            archive.writestr(zipfile.ZipInfo(name), data)
        archive.writestr(zipfile.ZipInfo(one if chance.random() < 0.5 else one.upper()), content[two])
    return buffer.getvalue()


def lie(blob: bytes, chance: random.Random) -> bytes:
    """A directory that says otherwise about an entry: method, checksum, sizes, place."""
    data = bytearray(blob)
    places = [found.start() for found in re.finditer(rb"PK\x01\x02", blob)]
    at, form = chance.choice(((8, "<H"), (10, "<H"), (16, "<L"), (20, "<L"), (24, "<L"), (28, "<H"), (42, "<L")))
    struct.pack_into(form, data, chance.choice(places) + at, chance.choice((0, 1, 8, 99, 0x7FFF, 0xFFFF)))
    return bytes(data)


def recode(blob: bytes, chance: random.Random) -> bytes:
    """A part in another encoding, rightly declared or not, with or without a mark of the byte order."""
    content: dict[str, str | bytes] = dict(entries(blob))
    name = chance.choice([name for name in content if name.endswith(_XML)])
    data = content[name]
    assert isinstance(data, bytes)
    encoding, declared = chance.choice(_ENCODINGS), chance.choice((*_ENCODINGS, ""))
    text = re.sub(r"<\?xml[^>]*\?>\s*", "", data.decode("utf-8-sig", "replace"), count=1)
    head = f'<?xml version="1.0" encoding="{declared or encoding}"?>'
    try:
        coded = (head + text).encode(encoding, "xmlcharrefreplace")
    except (LookupError, AttributeError, TypeError, ValueError):
        coded = b"\xef\xbb\xbf" * chance.choice((1, 2)) + (head + text).encode()
    return pack(content | {name: coded})


def method(blob: bytes, chance: random.Random) -> bytes:
    """All entries stored, or packed in a way that only some programs know."""
    return pack(dict(entries(blob)), method=chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)))


CONTAINER = (shuffle, shuffle, double, lie, lie, recode, recode, method)


# The text of a part


def in_part(blob: bytes, chance: random.Random) -> bytes:
    """Damage inside a part that is then packed properly, so that it reaches the parsers."""
    content: dict[str, str | bytes] = dict(entries(blob))
    name = chance.choice([name for name in content if name.endswith(_XML)])
    data = content[name]
    assert isinstance(data, bytes)
    for _ in range(chance.choice((1, 1, 2, 5))):
        data = chance.choice((_replace, _insert, _drop_tag, _repeat_tag, _attribute, _number))(data, chance)
    return pack(content | {name: data})


def _replace(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]


def _insert(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(SPLICES) + data[at:]


def _drop_tag(data: bytes, chance: random.Random) -> bytes:
    return _at_match(rb"<[^<>]*>", data, chance, lambda found: b"")


def _repeat_tag(data: bytes, chance: random.Random) -> bytes:
    times = chance.choice((2, 3, 300, 20_000))
    return _at_match(rb"<[^<>]*>", data, chance, lambda found: found * times)


def _attribute(data: bytes, chance: random.Random) -> bytes:
    new = chance.choice(SPLICES)
    return _at_match(rb'="[^"]*"', data, chance, lambda found: b'="' + new + b'"')


def _number(data: bytes, chance: random.Random) -> bytes:
    new = str(chance.choice(_NUMBERS)).encode()
    return _at_match(rb"[0-9]+", data, chance, lambda found: new)


def _at_match(pattern: bytes, data: bytes, chance: random.Random, new: Callable[[bytes], bytes]) -> bytes:
    match = re.compile(pattern).search(data, chance.randrange(len(data) + 1))
    return data[: match.start()] + new(match[0]) + data[match.end() :] if match else data
