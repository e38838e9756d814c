"""The floors: the plainest code that does the unavoidable part of each job. README.md says what each one is."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from pathlib import Path

import openpyxl
from lxml import etree


def unzip_and_parse(source: Path) -> None:
    """Every entry unpacked, every sheet parsed by lxml."""
    with zipfile.ZipFile(io.BytesIO(source.read_bytes())) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            if name.startswith("xl/worksheets/sheet"):
                etree.fromstring(data)


def rezip(source: Path, target: Path) -> None:
    """Every entry unpacked and packed again."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(source.read_bytes())) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    store(target, buffer.getvalue())


def copy_entries(source: Path, target: Path) -> None:
    """Every entry's compressed bytes behind a new local header, a new directory."""
    blob = source.read_bytes()
    pieces: list[bytes] = []
    directory: list[bytes] = []
    position = 0
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        for info in archive.infolist():
            name = info.filename.encode()
            names, extras = struct.unpack_from("<HH", blob, info.header_offset + 26)
            start = info.header_offset + 30 + names + extras
            date = (info.date_time[0] - 1980) << 9 | info.date_time[1] << 5 | info.date_time[2]
            sizes = (info.CRC, info.compress_size, info.file_size, len(name), 0)
            common = (20, info.flag_bits, info.compress_type, 0, date, *sizes)
            record = struct.pack("<4s5H3L2H", b"PK\3\4", *common) + name
            record += blob[start : start + info.compress_size]
            pieces.append(record)
            about = (0, 0, 0, info.external_attr, position)
            directory.append(struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, *common, *about) + name)
            position += len(record)
    listing = b"".join(directory)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(directory), len(directory), len(listing), position, 0)
    store(target, b"".join([*pieces, listing, end]))


def openpyxl_round_trip(source: Path, target: Path) -> None:
    """The workbook loaded and saved; openpyxl writes to memory, so that storing costs both sides the same."""
    buffer = io.BytesIO()
    openpyxl.load_workbook(source).save(buffer)
    store(target, buffer.getvalue())


def store(target: Path, content: bytes) -> None:
    """A file beside the target, synced, put in its place, the folder synced: what our own saving does."""
    temp = target.with_suffix(".tmp")
    with temp.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temp.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
