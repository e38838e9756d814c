"""Who may read a file: a new one that takes an old one's place is never open to more people than that was."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from pathlib import Path

_ACCESS_LIST = "system.posix_acl_access"


def take_over(new: Path, path: Path, old: os.stat_result) -> None:
    """Give `new`, so far its maker's alone, what the file at `path` has: owner, access list, other marks, mode.

    What may not be kept (a file can be given away only by root) narrows the mode instead of widening it.
    """
    mode = stat.S_IMODE(old.st_mode) & 0o777
    _take_owner(new, old)
    if new.stat().st_gid != old.st_gid:
        # Who was of the group is one of the others now, and the other way round: both may do what both might.
        both = mode >> 3 & mode & 0o007
        mode = mode & 0o700 | both << 3 | both
    new.chmod(mode & _take_marks(new, path))


def usual_mode(source: Path | None) -> int:
    """Of a file that is new: as this user's files are made, and nothing that the file it comes from forbids others."""
    mask = os.umask(0o077)  # it can only be read by setting it
    os.umask(mask)
    allowed = 0o777
    if source is not None:
        try:
            allowed = source.stat().st_mode | 0o600
        except OSError:  # gone meanwhile: nobody knows
            allowed = 0o600
    return 0o666 & ~mask & allowed


def _take_owner(new: Path, old: os.stat_result) -> None:
    if sys.platform == "win32":
        return
    now = new.stat()
    if (now.st_uid, now.st_gid) == (old.st_uid, old.st_gid):
        return
    for owner in (old.st_uid, -1):  # the group at least, which a member may give
        with contextlib.suppress(OSError):
            os.chown(new, owner, old.st_gid)
            return


def _take_marks(new: Path, path: Path) -> int:
    """Copy the extended attributes, among them the access list; answers the bits of the mode that remain true."""
    if sys.platform != "linux":
        return 0o777
    marks = _marks(path)
    for name, value in marks.items():
        with contextlib.suppress(OSError):
            os.setxattr(new, name, value)
    listed = _marks(new).get(_ACCESS_LIST)
    if listed is not None and _ACCESS_LIST not in marks:  # its folder gave it one
        with contextlib.suppress(OSError):
            os.removexattr(new, _ACCESS_LIST)
        listed = _marks(new).get(_ACCESS_LIST)
    # With a list the bits of the group say what any of those named may at most.
    return 0o777 if listed == marks.get(_ACCESS_LIST) else 0o700


def _marks(path: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            for name in os.listxattr(path):
                with contextlib.suppress(OSError):
                    found[name] = os.getxattr(path, name)
    return found
