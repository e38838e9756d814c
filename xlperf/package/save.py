"""Saving so that the target is always the whole old file or the whole new one."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path

from xlperf.errors import SaveError


def save_atomically(target: Path, content: bytes) -> None:
    if "\0" in str(target):
        raise SaveError("文件名含有无效字符，请换一个文件名。")
    path = Path(os.path.realpath(target))  # a link keeps pointing where it did
    mode = _check_target(path)
    prefix = _temp_prefix(path.name)
    _remove_leftovers(path.parent, prefix)
    temp = path.parent / f"{prefix}{os.urandom(4).hex()}.tmp"
    with _explained(path):
        try:
            with temp.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if mode is not None:
                temp.chmod(stat.S_IMODE(mode))
            temp.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                temp.unlink()
            raise
    _sync_folder(path.parent)


def _check_target(path: Path) -> int | None:
    """The mode bits of the file that will be replaced; refuses what must not be replaced."""
    for lock in (f"~${path.name}", f".~lock.{path.name}#"):
        if _exists(path.parent / lock):
            raise SaveError(
                f"{path.name}：文件正在 Excel、WPS 或 LibreOffice 中打开（旁边有锁文件 {lock}）。"
                "请先关闭它再试；如果确认没有打开，删除这个锁文件即可。"
            )
    with _explained(path):
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            if not path.parent.is_dir():
                raise SaveError(f"{path.name}：文件夹 {path.parent} 不存在，请先建好文件夹。") from None
            return None
    if not stat.S_ISREG(mode):
        raise SaveError(f"{path.name}：这里已有一个文件夹或设备叫这个名字，请换一个文件名。")
    if not mode & 0o222:
        raise SaveError(f"{path.name}：文件是只读的，未作改动。请取消“只读”属性，或用 -o 另存为新文件。")
    return mode


def _exists(path: Path) -> bool:
    with contextlib.suppress(OSError):  # a lock file whose name would be too long is not there
        return path.exists()
    return False


def _temp_prefix(name: str) -> str:
    # The sum keeps long names apart although only their beginning fits into a file name of 255 bytes.
    return f".~xlperf-{name[:40]}-{zlib.crc32(name.encode('utf-8', 'surrogateescape')):08x}-"


def _remove_leftovers(folder: Path, prefix: str) -> None:
    with contextlib.suppress(OSError):
        for file in folder.iterdir():
            if file.name.startswith(prefix) and file.suffix == ".tmp":
                file.unlink()


def _sync_folder(folder: Path) -> None:
    # Windows and some network drives cannot do this; the file itself is safe by now.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SaveError(f"{path.name}：{_reason(error)}原文件没有改动。") from error


def _reason(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "磁盘已满，没有保存成功。请腾出空间后再试，"
    if error.errno == errno.EROFS:
        return "所在的磁盘是只读的，没有保存成功。请用 -o 保存到别处，"
    if isinstance(error, PermissionError):
        return "没有写入权限，或文件正被其他程序打开。请关闭打开它的程序，或用 -o 保存到别的文件夹，"
    if error.errno == errno.ENAMETOOLONG:
        return "文件名太长，没有保存成功。请换一个短一些的文件名，"
    return f"写入失败（{error.strerror or error}）。请检查磁盘或网络后再试，"
