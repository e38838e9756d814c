"""Folders, patterns and archives -> bundles of files that may belong together; what is no hand-in is listed.

A bundle is what one task looks through. Which of its files are one unit's is told by what stands in them: see `task`.
Small folders are one bundle each. In a large one the files are told apart by their names without the words that every
name has (自评表, 2023年度, 附件1); what is one unit's all the same is joined once it has been read, see `running`.
"""

from __future__ import annotations

import contextlib
import glob
import hashlib
import os
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from xlperf.errors import XlperfError

SUFFIXES = (".xlsx", ".xlsm", ".docx", ".docm", ".doc", ".xls", ".txt")
ARCHIVE = ".zip"
_REFUSED = {".et", ".wps", ".pdf", ".rtf", ".ods", ".odt", ".xlsb", ".rar", ".7z", ".xltx", ".dotx"}
_LOCKS = (("~$", ""), (".~lock.", "#"), (".~", ""))
_SMALL = 24  # files of a folder that is one bundle
_MOST_TOGETHER = 60  # files of one bundle
_MOST_PACKED = 200_000  # entries of an archive that are looked at
# A folder of this name belongs to what stands beside it.
_PARTS = re.compile(
    r"^(?:[0-9一二三四五六七八九十]{0,2}[.、．_ -]?)?(?:各?项目|附件|附表|报告|自评报告|自评表|表格|佐证(?:材料)?"
    r"|目标(?:表)?|监控(?:表)?)[0-9]*$"
)
_COMMON = re.compile(
    r"(?:19|20)[0-9]{2}年?度?|附[件表][0-9一二三四五六七八九十]*|(?:部门|单位)?(?:整体|项目)?支出|预算|绩效|自我?评价?|目标"
    r"|运行|监控|申报|基础数据|报告|情况|说明|报送|上报|定稿|终稿|最终|盖章|扫描|[表版本的]|[\W_0-9]+"
)
_COPY = re.compile(
    r"^(?:复件|副本|Copy of )[ _-]*|[ _-]*(?:副本|复制|拷贝|Copy|copy)[ _-]*(?:[(（]?[0-9]+[)）]?)?$"
    r"|[ _-]*[(（][0-9]{1,2}[)）]$"
)
_OURS = re.compile(r"_(?:审核|批注|已填|上报)$")

LOCK, COPY, OURS, NESTED, UNREADABLE, OTHER = (
    "打开着的文件留下的锁定文件，不是报送的表",
    "与“{}”内容完全相同，只审核一份",
    "与“{}”是同一份表审核、填充的前后两份，只审核改动时间较晚的一份",
    "压缩包里的压缩包，没有打开；请解压后再审核",
    "文件夹没有读取权限，里面的文件都没有审核；请取得权限后再审核一次",
    "这种文件不读：请用 Excel、Word 或 WPS 另存为 .xlsx、.docx 后再审核",
)


class File(NamedTuple):
    """A file, or an entry of an archive: `path` and `inner`. `mark` says which content: size and time of change."""

    path: str
    inner: str
    size: int
    mark: str

    @property
    def shown(self) -> str:
        return f"{self.path}/{self.inner}" if self.inner else self.path

    @property
    def name(self) -> str:
        return (self.inner or self.path).replace("\\", "/").rpartition("/")[2]

    @property
    def changed(self) -> int:
        """When it was changed last; of an entry of an archive nothing is said."""
        return 0 if self.inner else int(self.mark.rpartition("-")[2])

    @property
    def folder(self) -> str:
        return self.shown.replace("\\", "/").rpartition("/")[0]


class Bundle(NamedTuple):
    """Files that may belong together, in the `folder` whose unit they are of.

    `earlier`: files from elsewhere with last year's forms of the same unit, only to be compared with.
    """

    folder: str
    files: tuple[File, ...]
    earlier: tuple[File, ...] = ()

    @property
    def fingerprint(self) -> str:
        told = "\0".join(f"{each.shown}\t{each.mark}" for each in (*self.files, *self.earlier))
        return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:24]


class Passed(NamedTuple):
    """What is not audited, and why. `failed`: it should have been, and somebody has to see to it."""

    shown: str
    reason: str
    failed: bool = False


def gather(paths: Sequence[str], leave: Iterable[Path] = ()) -> Iterator[Bundle | Passed]:
    """What stands at `paths`, folders, files or patterns, each file once; `leave`: folders and files of our own.

    One folder is held in memory at a time. Raises `XlperfError` for a path at which there is nothing.
    """
    left = {os.path.realpath(each) for each in leave}
    seen: set[str] = set()
    for each in paths:
        for path in _meant(each):
            real = os.path.realpath(path)
            if real in seen or real in left:
                continue
            seen.add(real)
            if os.path.isdir(path):
                yield from _folder(path, seen, left)
            else:
                yield from _of_files(os.path.dirname(path), [path])


def _meant(path: str) -> list[str]:
    if os.path.exists(path):
        return [path]
    found = sorted(glob.glob(path, recursive=True))
    if not found:
        raise XlperfError(f"{path}：没有这个文件或文件夹，也没有与之相符的文件。请检查路径。")
    return found


def _folder(root: str, seen: set[str], left: set[str]) -> Iterator[Bundle | Passed]:
    """The folders below, with those that hold only parts of what stands beside them."""
    errors: list[OSError] = []
    waiting: dict[str, list[str]] = {}
    for folder, folders, names in os.walk(root, topdown=False, onerror=errors.append):
        own = [os.path.join(folder, name) for name in sorted(names)]
        own = [each for each in own if os.path.realpath(each) not in left and _once(each, seen)]
        if os.path.realpath(folder) in left or any(_is_inside(folder, each) for each in left):
            own = []
        for below in sorted(folders):
            own += waiting.pop(os.path.join(folder, below), [])
        if folder != root and _PARTS.match(os.path.basename(folder)):
            waiting[folder] = own
        else:
            yield from _of_files(folder, own)
        for error in errors:
            yield Passed(str(error.filename), UNREADABLE, failed=True)
        errors.clear()


def _is_inside(folder: str, other: str) -> bool:
    return os.path.realpath(folder).startswith(other + os.sep)


def _once(path: str, seen: set[str]) -> bool:
    real = os.path.realpath(path)
    if real in seen:
        return False
    seen.add(real)
    return True


def _of_files(folder: str, paths: Sequence[str]) -> Iterator[Bundle | Passed]:
    files: list[File] = []
    for path in paths:
        suffix = os.path.splitext(path)[1].lower()
        name = os.path.basename(path)
        if _is_lock(name):
            yield Passed(path, LOCK)
        elif suffix == ARCHIVE:
            yield from _archive(path)
        elif suffix in SUFFIXES:
            try:
                found = os.stat(path)
            except OSError as error:
                yield Passed(path, f"读不到这个文件（{error.strerror}）", failed=True)
                continue
            files.append(File(path, "", found.st_size, f"{found.st_size}-{found.st_mtime_ns}"))
        elif suffix in _REFUSED:
            yield Passed(path, OTHER, failed=True)
    yield from _bundles(folder, files)


def _is_lock(name: str) -> bool:
    return any(name.startswith(sign) and name.endswith(end) for sign, end in _LOCKS)


def _archive(path: str) -> Iterator[Bundle | Passed]:
    """The entries of an archive as files of folders below it."""
    by_folder: dict[str, list[File]] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        yield Passed(path, f"压缩包打不开（{error}）；请重新取得，或解压后再审核", failed=True)
        return
    for entry in entries[:_MOST_PACKED]:
        name = entry_name(entry)
        each = File(path, name, entry.file_size, f"{entry.file_size}-{entry.CRC:08x}")
        suffix = os.path.splitext(name)[1].lower()
        if entry.is_dir() or name.startswith("__MACOSX/"):
            continue
        if _is_lock(each.name):
            yield Passed(each.shown, LOCK)
        elif suffix == ARCHIVE:
            yield Passed(each.shown, NESTED, failed=True)
        elif suffix in SUFFIXES:
            home = each.folder
            while _PARTS.match(home.rpartition("/")[2]) and home != path:
                home = home.rpartition("/")[0]
            by_folder.setdefault(home, []).append(each)
        elif suffix in _REFUSED:
            yield Passed(each.shown, OTHER, failed=True)
    if len(entries) > _MOST_PACKED:
        yield Passed(path, f"压缩包里有 {len(entries)} 项，只看了前 {_MOST_PACKED} 项；请分开再审核", failed=True)
    for folder, files in by_folder.items():
        yield from _bundles(folder, files)


def entry_name(entry: zipfile.ZipInfo) -> str:
    """An entry's name: what does not say that it is UTF-8 is so or GBK; `zipfile` takes it for code page 437."""
    if entry.flag_bits & 0x800:
        return entry.filename
    for encoding in ("utf-8", "gbk"):
        with contextlib.suppress(UnicodeError):
            return entry.filename.encode("cp437").decode(encoding)
    return entry.filename


def _bundles(folder: str, files: Sequence[File]) -> Iterator[Bundle | Passed]:
    """The files of a folder without copies, in bundles."""
    kept: list[File] = []
    by_name = {each.name: each for each in files}
    earlier: dict[File, File] = {}
    for each in files:
        stem, suffix = os.path.splitext(each.name)
        plain = by_name.get(_OURS.sub("", stem) + suffix)
        if plain is not None and plain is not each:
            older, newer = sorted((each, plain), key=lambda one: (one.changed, one is plain))
            earlier[older] = newer
    for each in files:
        stem, suffix = os.path.splitext(each.name)
        plain = by_name.get(_COPY.sub("", stem) + suffix)
        if each in earlier:
            yield Passed(each.shown, OURS.format(earlier[each].name))
        elif plain is not None and plain is not each and _is_same(each, plain):
            yield Passed(each.shown, COPY.format(plain.name))
        else:
            kept.append(each)
    if len(kept) <= _SMALL:
        groups = [kept] if kept else []
    else:
        by_key: dict[str, list[File]] = {}
        for each in kept:
            key = name_key(each.name)
            by_key.setdefault(key or each.shown, []).append(each)
        groups = list(by_key.values())
    for group in groups:
        for start in range(0, len(group), _MOST_TOGETHER):
            yield Bundle(folder, tuple(group[start : start + _MOST_TOGETHER]))


def name_key(name: str) -> str:
    """What a file's name says of whose it is: without the kind of paper, the year and the numbering."""
    return _COMMON.sub("", os.path.splitext(name)[0]).casefold()


def _is_same(one: File, other: File) -> bool:
    """Have two files the same bytes? Of entries of an archive size and checksum say so."""
    if one.size != other.size:
        return False
    if one.inner:
        return one.mark == other.mark
    try:
        return _digest(one.path) == _digest(other.path)
    except OSError:
        return False


def _digest(path: str) -> bytes:
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()
