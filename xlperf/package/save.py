"""Saving so that the target is always the whole old file or the whole new one, and nobody's work is lost.

A file is replaced only if it still is what it was when the run began. One look and one rename lie between that
comparison and the new content; runs of ours keep each other out of these two by a lock on the folder, which leaves
nothing behind. Against other programs, which know nothing of the lock, the gap stays: some microseconds. Without
such locks (Windows, some network drives) it is there between runs of ours too.

A file with several names (hard links) keeps its old content under the others: written into in place it could be
left half old and half new.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from xlperf.errors import SaveError
from xlperf.package.access import take_over, usual_mode

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_TRIES = 300
_PAUSE = 0.1  # seconds
_NO_LINKS = (errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL)


class Target(NamedTuple):
    """Where a result goes and what was there when the run began; printed as the user named it."""

    path: Path
    real: Path
    found: os.stat_result | None

    def __str__(self) -> str:
        return str(self.path)

    def is_file_of(self, path: Path) -> bool:
        """Whether that other path leads to the very same file."""
        with contextlib.suppress(OSError, ValueError):
            return self.found is not None and os.path.samestat(self.found, path.stat())
        return False


def claim(path: Path) -> Target:
    """Look at a target before anything is read. Raises `SaveError` for a name that no file can have."""
    if "\0" in str(path):
        raise SaveError("文件名含有无效字符，请换一个文件名。")
    real = Path(os.path.realpath(path))  # a link keeps pointing where it did
    with _explained(path):
        return Target(path, real, _stat(real))


def make_folder(folder: Path) -> None:
    """Raises `SaveError` where it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SaveError(f"{folder}：不能建立文件夹（{error.strerror}）。请换一个可写的位置。") from error


def save_atomically(
    target: Path | Target, content: bytes, *, read: bytes | None = None, source: Path | None = None
) -> None:
    """Put `content` in the target's place, in one step or not at all.

    Raises `SaveError`, with the old file as it was, if it is not what it was when claimed or, with `read`, if it does
    not hold these bytes any more. A new file is readable by nobody who may not read its `source`.
    """
    place = target if isinstance(target, Target) else claim(target)
    path = place.real
    with _explained(path), _alone_in(path.parent) as folder:
        now = _check_target(place, read)
        prefix = (
            f".~xlperf-{zlib.crc32(os.fsencode(path.name)):08x}-"  # short: its name must fit where the target's does
        )
        _remove_leftovers(path.parent, prefix)
        temp = path.parent / f"{prefix}{os.urandom(4).hex()}.tmp"
        try:
            with os.fdopen(_private(temp), "wb") as file:
                file.write(content)
                file.flush()
                if now is None:
                    temp.chmod(usual_mode(source))
                else:
                    take_over(temp, path, now)
                os.fsync(file.fileno())
            _check_target(place._replace(found=now), None)
            if now is None:
                _put_new(temp, place)
            else:
                temp.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                temp.unlink()
            raise
        # Windows and some network drives cannot do this; the file itself is safe by now.
        with contextlib.suppress(OSError):
            if folder is not None:
                os.fsync(folder)


def _private(path: Path) -> int:
    """A new file that nobody else may read."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)


def _check_target(place: Target, read: bytes | None) -> os.stat_result | None:
    """What is there now; refuses what must not be replaced: what is open, no file, read-only or not as it was."""
    path = place.real
    for lock in (f"~${path.name}", f".~lock.{path.name}#"):
        if _exists(path.parent / lock):
            raise SaveError(
                f"{path.name}：文件正在 Excel、WPS 或 LibreOffice 中打开（旁边有锁文件 {lock}）。"
                "请先关闭它再试；如果确认没有打开，删除这个锁文件即可。"
            )
    now = _stat(path)
    if now is None and not path.parent.is_dir():
        raise SaveError(f"{path.name}：文件夹 {path.parent} 不存在，请先建好文件夹。")
    if not _is_as_claimed(place, now, read):
        raise _changed(place)
    if now is None:
        return None
    if not stat.S_ISREG(now.st_mode):
        raise SaveError(f"{path.name}：这里已有一个文件夹或设备叫这个名字，请换一个文件名。")
    if not now.st_mode & 0o222 or not os.access(path, os.W_OK):
        raise SaveError(f"{path.name}：文件是只读的，未作改动。请取消“只读”属性，或用 -o 另存为新文件。")
    return now


def _is_as_claimed(place: Target, now: os.stat_result | None, read: bytes | None) -> bool:
    if Path(os.path.realpath(place.path)) != place.real:
        return False
    if read is None:
        return _signature(now) == _signature(place.found)
    # Whatever else was done to the file: with this content nothing is lost.
    return (
        now is not None and stat.S_ISREG(now.st_mode) and now.st_size == len(read) and place.real.read_bytes() == read
    )


def _signature(found: os.stat_result | None) -> tuple[int, ...]:
    if found is None:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _changed(place: Target) -> SaveError:
    return SaveError(
        f"{place.real.name}：处理期间这个文件被别的程序或另一次运行建立、改动或移走了，为免盖掉别人的内容，没有保存。"
        "请看一下它现在的内容，再重新运行一次。"
    )


def _put_new(temp: Path, place: Target) -> None:
    """Under a name that nobody has; only a rename would take it from somebody who was quicker."""
    path = place.real
    try:
        if os.name == "nt":
            temp.rename(path)  # refuses there
            return
        _link(temp, path)
    except FileExistsError:
        raise _changed(place) from None
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        try:
            os.close(_private(path))
        except FileExistsError:
            raise _changed(place) from None
        try:
            temp.replace(path)
        except BaseException:
            path.unlink()
            raise
        return
    with contextlib.suppress(OSError):  # the next run removes it
        temp.unlink()


def _link(temp: Path, path: Path) -> None:
    if not hasattr(os, "link"):  # Pyodide from Python 3.14 on
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))
    os.link(temp, path)


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _exists(path: Path) -> bool:
    with contextlib.suppress(OSError):  # a lock file whose name would be too long is not there
        return path.exists()
    return False


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[int | None]:
    """Keep other runs from saving in the folder; gives it open, None where folders cannot be opened."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        yield None
        return
    try:
        _lock(handle, folder)
        yield handle
    finally:
        if fcntl is not None:
            with contextlib.suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_UN)
        with contextlib.suppress(OSError):
            os.close(handle)


def _lock(handle: int, folder: Path) -> None:
    if fcntl is None:
        return
    for _ in range(_TRIES):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            time.sleep(_PAUSE)
        except OSError:  # a drive without locks
            return
    raise SaveError(f"{folder}：另一个 xlperf 一直在往这个文件夹里保存，没有保存。请等它结束后再试。")


def _remove_leftovers(folder: Path, prefix: str) -> None:
    """Of a run that was killed; where there are locks no other run can be saving now."""
    with contextlib.suppress(OSError):
        for name in os.listdir(folder):  # noqa: PTH208  # a folder may hold thousands of workbooks, and a Path of each costs more
            if name.startswith(prefix) and name.endswith(".tmp"):
                (folder / name).unlink()


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SaveError(f"{_shortened(path.name)}：{_reason(error, path)}原文件没有改动。") from error


def _shortened(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:30]}…{name[-20:]}"


def _reason(error: OSError, path: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "磁盘已满，没有保存成功。请腾出空间后再试，"
    if error.errno == errno.EROFS:
        return "所在的磁盘是只读的，没有保存成功。请用 -o 保存到别处，"
    if isinstance(error, PermissionError):
        return "没有写入权限，或文件正被其他程序打开。请关闭打开它的程序，或用 -o 保存到别的文件夹，"
    if error.errno == errno.ENAMETOOLONG:
        size = len(os.fsencode(path.name))
        if size <= 200:
            return "所在文件夹的路径太长，没有保存成功。请用 -o 保存到别的文件夹，"
        limits = f"（{size} 字节，上限一般是 255 字节，一个汉字占 3 字节）"
        return f"文件名太长{limits}，没有保存成功。请用 -o 另给一个短一些的文件名，"
    return f"写入失败（{error.strerror or error}）。请检查磁盘或网络后再试，"
