"""The zip container: hardened reading, and writing that copies every untouched entry as raw bytes.

`zipfile` cannot copy an entry without recompressing it and gives up on some archives with exceptions of many
kinds, so the few structures of the format are read here; copying keeps local headers, data descriptors and
padding exactly as they were.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Collection, Mapping

from xlperf.package.budget import Budget, Of

MAX_ENTRIES = 10_000
MAX_DECLARED = 2 << 30
# Repetitive sheets reach 100:1; deflate itself ends at about 1030:1, which is where bombs are.
RATIO_EXEMPT = 64 << 20
MAX_RATIO = 300

_LOCAL = struct.Struct("<4s5HLLLHH")
_CENTRAL = struct.Struct("<4s6HLLL5HLL")
_END = struct.Struct("<4s4HLLH")
_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQHHLLQQQQ")
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_EPOCH_DATE = (1 << 5) | 1


class Damaged(ValueError):
    """The file is not what it claims to be; the text is Chinese and goes into the message for the user."""


class Entry:
    """A record of the directory; `data` and `end` say where the bytes are."""

    def __init__(  # noqa: PLR0913  the fields of the record
        self, name: str, flags: int, method: int, time: int, date: int, crc: int, packed: int, size: int,
        central: bytes, offset: int,
    ) -> None:  # fmt: skip
        self.name = name
        self.flags, self.method, self.time, self.date = flags, method, time, date
        self.crc, self.packed, self.size = crc, packed, size
        self.central, self.offset = central, offset
        self.data = self.end = 0


class Archive:
    """Entries of one zip file held in memory, in the order of its central directory.

    What is read of them counts against one budget; `name` is what its sentence calls the file.
    """

    def __init__(self, blob: bytes, name: str = "文件") -> None:
        self.blob = blob
        self.budget = Budget(name)
        try:
            self.entries, self.comment = _read_directory(blob)
        except (struct.error, IndexError, UnicodeDecodeError) as error:
            raise Damaged("压缩包目录已损坏") from error
        self.by_name = {_key(entry.name): entry for entry in self.entries}
        self.by_name |= {entry.name: entry for entry in self.entries}

    def find(self, name: str) -> str | None:
        """The entry's own spelling of a part name (part names ignore case), or None."""
        entry = self.by_name.get(name) or self.by_name.get(_key(name))
        return entry.name if entry else None

    def read(self, name: str) -> bytes:
        entry = self.by_name[_key(name)]
        if entry.flags & 1:
            raise Damaged(f"其中的 {entry.name} 被压缩软件加了密码")
        if entry.size > RATIO_EXEMPT and entry.size > entry.packed * MAX_RATIO:
            raise Damaged(f"其中的 {entry.name} 解压后有 {entry.size >> 20} MB，疑似压缩炸弹")
        self.budget.spend(Of.BYTES, entry.size)
        packed = memoryview(self.blob)[entry.data : entry.data + entry.packed]
        if entry.method == 0:
            content = bytes(packed)
        elif entry.method == 8:
            try:
                # One byte more than declared is enough to see that the declaration is a lie.
                content = zlib.decompressobj(-15).decompress(packed, entry.size + 1)
            except zlib.error as error:
                raise Damaged(f"其中的 {entry.name} 解压失败") from error
        else:
            raise Damaged(f"其中的 {entry.name} 用了不支持的压缩方式（{entry.method}）")
        if len(content) != entry.size or zlib.crc32(content) != entry.crc:
            raise Damaged(f"其中的 {entry.name} 校验不符，内容不完整")
        return content

    def rebuild(
        self, replaced: Mapping[str, bytes], removed: Collection[str], added: Mapping[str, bytes], comment: bytes
    ) -> bytes:
        """The archive with some entries exchanged; all others keep every byte of their local record."""
        chunks: list[bytes | memoryview] = []
        directory: list[bytes] = []
        position = 0
        view = memoryview(self.blob)
        for entry in self.entries:
            if entry.name in removed:
                continue
            if entry.name in replaced:
                local, central = _write_entry(entry, replaced[entry.name], position)
                chunks.append(local)
                position += len(local)
            else:
                chunks.append(view[entry.offset : entry.end])
                central = _move(entry, position)
                position += entry.end - entry.offset
            directory.append(central)
        for name, content in added.items():
            local, central = _write_entry(_new_entry(name), content, position)
            chunks.append(local)
            directory.append(central)
            position += len(local)
        listing = b"".join(directory)
        if position + len(listing) >= _FULL32:
            raise Damaged("保存后的文件将超过 4 GB")
        count = len(directory)
        tail = _END.pack(b"PK\5\6", 0, 0, count, count, len(listing), position, len(comment))
        return b"".join([*chunks, listing, tail, comment])


def _key(name: str) -> str:
    return name.replace("\\", "/").lower()


def _read_directory(blob: bytes) -> tuple[list[Entry], bytes]:
    end = _find_end(blob)
    _, _, _, _, count, length, start, comment_length = _END.unpack_from(blob, end)
    comment = blob[end + _END.size : end + _END.size + comment_length]
    stop = end
    if end >= _LOCATOR.size and blob.startswith(b"PK\6\7", end - _LOCATOR.size):
        stop = _LOCATOR.unpack_from(blob, end - _LOCATOR.size)[2]
        if not blob.startswith(b"PK\6\6", stop):
            raise Damaged("压缩包目录已损坏")
        count, length, start = _END64.unpack_from(blob, stop)[7:]
    if start + length != stop:
        raise Damaged("文件不完整，可能没有下载或复制完")
    if count > MAX_ENTRIES:
        raise Damaged(f"压缩包里有 {count} 个文件，超过上限 {MAX_ENTRIES}")
    entries = []
    at = start
    for _ in range(count):
        entry, at = _read_central(blob, at)
        entries.append(entry)
    _check(blob, entries, start)
    return entries, comment


def _find_end(blob: bytes) -> int:
    end = len(blob)
    for _ in range(64):
        end = blob.rfind(b"PK\5\6", max(0, len(blob) - _END.size - _FULL16), end)
        if end < 0:
            break
        if end + _END.size <= len(blob):
            return end
    raise Damaged("文件不完整，可能没有下载或复制完")


def _read_central(blob: bytes, at: int) -> tuple[Entry, int]:
    fields = _CENTRAL.unpack_from(blob, at)
    magic, _, _, flags, method, time, date, crc, packed, size, names, extras, comments, _, _, _, offset = fields
    if magic != b"PK\1\2":
        raise Damaged("压缩包目录已损坏")
    stop = at + _CENTRAL.size + names + extras + comments
    raw = blob[at:stop]
    if len(raw) != stop - at:
        raise Damaged("压缩包目录已损坏")
    name = raw[_CENTRAL.size : _CENTRAL.size + names].decode("utf-8" if flags & 0x800 else "cp437")
    name = name.replace("\\", "/")  # some writers on Windows; the record itself keeps what it says
    wide = _zip64_position(raw, names, extras)
    if wide:
        if size == _FULL32:
            size, wide = struct.unpack_from("<Q", raw, wide)[0], wide + 8
        if packed == _FULL32:
            packed, wide = struct.unpack_from("<Q", raw, wide)[0], wide + 8
        if offset == _FULL32:
            offset = struct.unpack_from("<Q", raw, wide)[0]
    return Entry(name, flags, method, time, date, crc, packed, size, raw, offset), stop


def _zip64_position(raw: bytes, names: int, extras: int) -> int:
    """Where the zip64 numbers of a central record begin; 0 when it has none."""
    at = _CENTRAL.size + names
    stop = at + extras
    while at + 4 <= stop:
        kind, length = struct.unpack_from("<HH", raw, at)
        if kind == 1:
            return at + 4
        at += 4 + length
    return 0


def _check(blob: bytes, entries: list[Entry], directory: int) -> None:
    """Refuse what could mislead: entries that overlap, lie about their name, repeat or leave the package."""
    seen: set[str] = set()
    for entry in entries:
        path = entry.name.replace("\\", "/")
        if path.startswith("/") or ".." in path.split("/") or ":" in path or "\0" in path:
            raise Damaged(f"压缩包里有越界的文件名 {entry.name!r}")
        if _key(path) in seen:
            raise Damaged(f"压缩包里有两个同名文件 {entry.name!r}")
        seen.add(_key(path))
    if sum(entry.size for entry in entries) > MAX_DECLARED:
        raise Damaged("解压后超过 2 GB，疑似压缩炸弹")
    limit = directory
    for entry in sorted(entries, key=lambda entry: entry.offset, reverse=True):
        if entry.offset + _LOCAL.size > limit:
            raise Damaged("压缩包里的文件互相重叠")
        magic, *_, names, extras = _LOCAL.unpack_from(blob, entry.offset)
        local_name = blob[entry.offset + _LOCAL.size : entry.offset + _LOCAL.size + names]
        entry.data = entry.offset + _LOCAL.size + names + extras
        # Up to the next entry: a data descriptor and any padding travel with the entry they follow.
        entry.end = limit
        if magic != b"PK\3\4" or not entry.central.startswith(local_name, _CENTRAL.size):
            raise Damaged("压缩包目录与内容不符")
        if entry.data + entry.packed > limit:
            raise Damaged("文件不完整，可能没有下载或复制完")
        limit = entry.offset


def _move(entry: Entry, position: int) -> bytes:
    """The central record of a copied entry that now begins at `position`."""
    raw = bytearray(entry.central)
    if struct.unpack_from("<L", raw, 42)[0] != _FULL32:
        struct.pack_into("<L", raw, 42, position)
        return bytes(raw)
    packed, size, names, extras = struct.unpack_from("<LLHH", raw, 20)
    wide = _zip64_position(entry.central, names, extras)
    struct.pack_into("<Q", raw, wide + 8 * ((size == _FULL32) + (packed == _FULL32)), position)
    return bytes(raw)


def _write_entry(entry: Entry, content: bytes, position: int) -> tuple[bytes, bytes]:
    """A fresh record with the old name, date and attributes; old extra fields would no longer be true."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    _, made, *_, names, _, _, _, inner, outer, _ = _CENTRAL.unpack_from(entry.central)
    name = entry.central[_CENTRAL.size : _CENTRAL.size + names]
    flags = entry.flags & 0x800
    common = (flags, 8, entry.time, entry.date, zlib.crc32(content), len(packed), len(content), len(name))
    local = _LOCAL.pack(b"PK\3\4", 20, *common, 0) + name + packed
    return local, _CENTRAL.pack(b"PK\1\2", made, 20, *common, 0, 0, 0, inner, outer, position) + name


def _new_entry(name: str) -> Entry:
    raw = name.encode()
    flags = 0 if name.isascii() else 0x800
    central = _CENTRAL.pack(b"PK\1\2", 20, 20, flags, 8, 0, _EPOCH_DATE, 0, 0, 0, len(raw), 0, 0, 0, 0, 0, 0)
    return Entry(name, flags, 8, 0, _EPOCH_DATE, 0, 0, 0, central + raw, 0)


def repacked(blob: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The entries as `change` gives them, with fixed dates, in a fixed order, not compressed.

    The same bytes everywhere: compressors differ between Pythons.
    """
    import io
    import zipfile  # for what other libraries made: most commands do without, and start-up is felt

    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blob)) as source, zipfile.ZipFile(result, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name)
            entry.create_system = 0
            target.writestr(entry, change(name, source.read(name)))
    return result.getvalue()
