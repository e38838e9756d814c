"""The UNO types of the add-in in the binary form that LibreOffice reads, made without its SDK.

Calc calls a function through a method of an interface, and learns from its types what arguments there are. The bytes
are what `unoidl-write` makes of the same interface, less its comment and its sharing of repeated names.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

_MAGIC = b"UNOIDL\xff\x00"
_MODULE, _INTERFACE, _IN = b"\x00", b"\x05", b"\x00"

RANGE, VALUE, TEXT, TABLE = "com.sun.star.table.XCellRange", "any", "string", "[][]any"

Method = tuple[str, str, Sequence[tuple[str, str]]]  # name, type of the result, names and types of the arguments


def interface_types(name: str, methods: Sequence[Method]) -> bytes:
    """The types of one interface such as `org.example.XFunctions`."""
    content = bytearray(_MAGIC + bytes(8))
    *modules, local = name.split(".")
    payload_at = len(content)
    content += _interface(methods)
    name_at = len(content)
    content += _ended(local)
    for module in reversed(modules):
        entry = _MODULE + struct.pack("<III", 1, name_at, payload_at)
        payload_at = len(content)
        name_at = payload_at + len(entry)
        content += entry + _ended(module)
    struct.pack_into("<II", content, len(_MAGIC), len(content), 1)
    return bytes(content) + struct.pack("<II", name_at, payload_at)


def _interface(methods: Sequence[Method]) -> bytes:
    head = _INTERFACE + _count(1) + _counted("com.sun.star.uno.XInterface")
    return head + _count(0) + _count(0) + _count(len(methods)) + b"".join(_method(*method) for method in methods)


def _method(name: str, result: str, arguments: Sequence[tuple[str, str]]) -> bytes:
    head = _counted(name) + _counted(result) + _count(len(arguments))
    return head + b"".join(_IN + _counted(each) + _counted(kind) for each, kind in arguments) + _count(0)


def _count(number: int) -> bytes:
    return struct.pack("<I", number)


def _counted(text: str) -> bytes:
    return _count(len(text)) + text.encode("ascii")


def _ended(text: str) -> bytes:
    return text.encode("ascii") + b"\0"
