"""Nobody's work is lost: a file is replaced only if it still is what it was, and read by nobody new."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.package.books import book, sheet
from tests.places import contents, files
from xlperf.errors import SaveError
from xlperf.package import Ref, Workbook
from xlperf.package.save import claim, save_atomically

OLD = book()
THEIRS = book(sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "自评表.xlsx"
    path.write_bytes(OLD)
    return path


def edited(source: Path | bytes, text: str = "新") -> Workbook:
    workbook = Workbook.open(source)
    workbook.write("表", Ref(1, 1), text)
    return workbook


def written(path: Path) -> None:
    path.write_bytes(THEIRS)


def same_size(path: Path) -> None:
    """Changed so that neither size nor time tell."""
    found = path.stat()
    path.write_bytes(OLD[:-1] + bytes([OLD[-1] ^ 1]))
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


def replaced(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(THEIRS)
    other.replace(path)


def removed(path: Path) -> None:
    path.unlink()


def moved(path: Path) -> None:
    path.rename(path.with_name("旧.xlsx"))


CHANGES = [written, same_size, replaced, removed, moved]


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_changed_since_it_was_read_is_not_replaced(target: Path, change: Callable[[Path], None]) -> None:
    workbook = edited(target)
    change(target)
    before = contents(target.parent)
    with pytest.raises(SaveError, match="改动或移走了，为免盖掉别人的内容，没有保存"):
        workbook.save(target)
    assert contents(target.parent) == before


@pytest.mark.parametrize("change", CHANGES)
def test_an_output_changed_since_the_run_began_is_not_replaced(target: Path, change: Callable[[Path], None]) -> None:
    place = claim(target)
    change(target)
    before = contents(target.parent)
    with pytest.raises(SaveError, match="没有保存"):
        edited(OLD).save(place)
    assert contents(target.parent) == before


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_an_output_that_somebody_else_made_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", fail(errno.EPERM))
    place = claim(tmp_path / "新.xlsx")
    place.path.write_bytes(THEIRS)
    with pytest.raises(SaveError, match="建立"):
        edited(OLD).save(place)
    assert place.path.read_bytes() == THEIRS


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_an_output_made_between_the_last_look_and_the_rename(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    real, path = os.link, tmp_path / "新.xlsx"

    def quicker(*args: Path) -> None:
        path.write_bytes(THEIRS)
        if not links:
            raise OSError(errno.EOPNOTSUPP, "no links")
        real(*args)

    monkeypatch.setattr(os, "link", quicker)
    with pytest.raises(SaveError, match="建立"):
        edited(OLD).save(path)
    assert path.read_bytes() == THEIRS
    assert files(tmp_path) == [path.name]


@pytest.mark.parametrize("links", ["links", "refused", "not there"])
def test_a_new_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: str) -> None:
    if links == "refused":
        monkeypatch.setattr(os, "link", fail(errno.EPERM))
    if links == "not there":  # Pyodide
        monkeypatch.delattr(os, "link")
    edited(OLD).save(tmp_path / "新.xlsx")
    assert (tmp_path / "新.xlsx").read_bytes() == edited(OLD).to_bytes()
    assert files(tmp_path) == ["新.xlsx"]
    assert (tmp_path / "新.xlsx").stat().st_nlink == 1


def test_what_loses_nothing_is_no_reason_to_refuse(target: Path) -> None:
    """The same content again, a new date, another mode: there is nothing of anybody's in it."""
    workbook = edited(target)
    place = claim(target)
    replaced_by_itself = target.with_name("copy")
    replaced_by_itself.write_bytes(OLD)
    replaced_by_itself.replace(target)
    os.utime(target, (1, 1))
    workbook.save(place)
    assert target.read_bytes() == workbook.to_bytes()


def test_a_workbook_may_be_saved_twice(target: Path) -> None:
    workbook = edited(target)
    workbook.save(target)
    workbook.write("表", Ref(2, 1), "再")
    workbook.save(target)
    assert target.read_bytes() == workbook.to_bytes()
    target.write_bytes(THEIRS)
    with pytest.raises(SaveError, match="没有保存"):
        workbook.save(target)


def test_a_link_that_leads_elsewhere_now(target: Path) -> None:
    link, other = target.with_name("link.xlsx"), target.with_name("other.xlsx")
    link.symlink_to(target)
    workbook = edited(link)
    place = claim(link)
    other.write_bytes(OLD)
    link.unlink()
    link.symlink_to(other)
    with pytest.raises(SaveError, match="没有保存"):
        workbook.save(place)
    assert target.read_bytes() == other.read_bytes() == OLD


def test_another_name_of_the_file_keeps_the_old_content(target: Path) -> None:
    os.link(target, target.with_name("backup.xlsx"))
    edited(target).save(target)
    assert target.with_name("backup.xlsx").read_bytes() == OLD
    assert target.read_bytes() != OLD


# Two runs at once

_FILL = """
import sys
import time
from pathlib import Path
from xlperf.errors import SaveError
from xlperf.package import Ref, Workbook
target = Path(sys.argv[1])
workbook = Workbook.open(target)
workbook.write("表", Ref(1, 1), sys.argv[2])
print("read", flush=True)
sys.stdin.readline()
try:
    workbook.save(target)
except SaveError as error:
    print(error)
    sys.exit(2)
"""


def test_of_two_runs_at_once_one_is_refused(target: Path) -> None:
    """Real processes that have both read the file before either saves."""
    for _ in range(5):
        target.write_bytes(OLD)
        runs = [
            subprocess.Popen(
                [sys.executable, "-c", _FILL, str(target), text],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for text in ("甲", "乙", "丙")
        ]
        for run in runs:
            assert run.stdout
            assert run.stdout.readline() == "read\n"
        for run in runs:
            assert run.stdin
            run.stdin.write("\n")
            run.stdin.flush()
        codes = []
        for run in runs:
            said, _ = run.communicate()
            codes.append(run.returncode)
            assert ("没有保存" in said) is (run.returncode == 2), said
        assert sorted(codes) == [0, 2, 2]
        kept = Workbook.open(target).cells("表")[Ref(1, 1)].text
        assert kept == "甲乙丙"[codes.index(0)]
        assert files(target.parent) == [target.name]


def test_a_run_waits_for_another_that_is_saving(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handle = os.open(target.parent, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            fcntl.flock(handle, fcntl.LOCK_UN)

    monkeypatch.setattr(time, "sleep", sleep)
    edited(target).save(target)
    assert len(waited) == 3
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(SaveError, match="另一个 xlperf"):
        edited(target).save(target)
    os.close(handle)
    edited(target).save(target)


def test_a_folder_that_cannot_be_locked(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fcntl, "flock", fail(errno.ENOLCK))
    edited(target).save(target)
    assert target.read_bytes() != OLD


def fail(code: int) -> Callable[..., None]:
    def failing(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    return failing


# Who may read


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o660, 0o644, 0o666])
def test_the_content_is_never_readable_by_more_than_before(
    target: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    target.chmod(mode)
    seen = modes_while_saving(monkeypatch)
    edited(target).save(target)
    assert stat.S_IMODE(target.stat().st_mode) == mode
    assert seen
    assert all(each & ~mode == 0 for each in seen), [oct(each) for each in seen]


def modes_while_saving(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The mode of the temporary file, when it is made and whenever it is changed."""
    seen: list[int] = []
    real_open, real_chmod = os.open, os.chmod

    def watched_open(path: Path, flags: int, mode: int = 0o777) -> int:
        handle = real_open(path, flags, mode)
        if flags & os.O_CREAT:
            seen.append(stat.S_IMODE(os.fstat(handle).st_mode))
        return handle

    def watched_chmod(path: Path, mode: int, **_: object) -> None:
        real_chmod(path, mode)
        seen.append(mode)

    monkeypatch.setattr(os, "open", watched_open)
    monkeypatch.setattr(os, "chmod", watched_chmod)
    return seen


@pytest.mark.parametrize(
    ("source", "mask", "expected"),
    [(0o600, 0o022, 0o600), (0o640, 0o022, 0o640), (0o666, 0o027, 0o640), (0o444, 0o022, 0o644), (0o644, 0o077, 0o600)],
)
def test_a_new_file_shows_nobody_what_its_source_hides(target: Path, source: int, mask: int, expected: int) -> None:
    target.chmod(source)
    before = os.umask(mask)
    try:
        edited(target).save(target.with_name("已填.xlsx"))
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.with_name("已填.xlsx").stat().st_mode) == expected


@pytest.mark.parametrize(
    ("mode", "group_kept", "expected"),
    [
        (0o640, True, 0o640),
        (0o640, False, 0o600),  # the new group was not meant
        (0o644, False, 0o644),
        (0o664, False, 0o644),
        (0o604, False, 0o600),  # the old group was kept out
    ],
)
def test_an_owner_that_cannot_be_kept_narrows_the_mode(
    target: Path, monkeypatch: pytest.MonkeyPatch, mode: int, group_kept: bool, expected: int
) -> None:
    found = target.stat()
    given: list[tuple[int, int]] = []

    def chown(_: Path, owner: int, group: int) -> None:
        given.append((owner, group))
        if owner != -1 or not group_kept:
            raise PermissionError(errno.EPERM, "no")
        owners[1] = group

    owners = [found.st_uid + 1, found.st_gid + 1]
    real = Path.stat

    def other_owner(path: Path, **options: bool) -> os.stat_result:
        result = real(path, **options)
        if path.suffix != ".tmp":
            return result
        return os.stat_result((*result[:4], owners[0], owners[1], *result[6:]))

    monkeypatch.setattr(os, "chown", chown)
    monkeypatch.setattr(Path, "stat", other_owner)
    target.chmod(mode)
    edited(target).save(target)
    monkeypatch.undo()
    assert given == [(found.st_uid, found.st_gid), (-1, found.st_gid)]
    assert stat.S_IMODE(target.stat().st_mode) == expected


def test_the_owner_is_kept_where_that_is_allowed(target: Path) -> None:
    if os.geteuid():
        os.chown(target, -1, os.getgroups()[-1])
    else:
        os.chown(target, 12345, 54321)
    before = target.stat()
    edited(target).save(target)
    after = target.stat()
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)


def test_in_a_folder_that_hands_down_its_group(target: Path) -> None:
    """The old file keeps its own group there, a new one gets the folder's."""
    group = os.getgroups()[-1] if os.geteuid() else 54321
    os.chown(target.parent, -1, group)
    target.parent.chmod(0o2770)
    before = target.stat().st_gid
    edited(target).save(target)
    edited(target).save(target.with_name("已填.xlsx"))
    assert target.stat().st_gid == before
    assert target.with_name("已填.xlsx").stat().st_gid == group


ACCESS_LIST, DEFAULT_LIST = "system.posix_acl_access", "system.posix_acl_default"


def acl(named: int) -> bytes:
    """Owner rw, the user 4711 as given, group nothing, mask rw, others nothing."""
    nobody = 0xFFFFFFFF
    entries = [(1, 6, nobody), (2, named, 4711), (4, 0, nobody), (16, 6, nobody), (32, 0, nobody)]
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


def supports(path: Path, name: str, value: bytes) -> bool:
    """Whether this system has access lists and marks of the user's own."""
    try:
        os.setxattr(path, name, value)
    except (AttributeError, OSError):
        return False
    return True


def test_access_list_and_marks_are_kept(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not (supports(target, ACCESS_LIST, acl(4)) and supports(target, "user.note", b"seen")):
        return
    edited(target).save(target)
    assert os.getxattr(target, ACCESS_LIST) == acl(4)
    assert os.getxattr(target, "user.note") == b"seen"
    # Where the list cannot be kept, its mask, which looks like the group's mode, gives the group nothing.
    monkeypatch.setattr(os, "setxattr", fail(errno.ENOTSUP))
    edited(target, "再").save(target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_list_that_the_folder_hands_down_opens_nothing(target: Path) -> None:
    target.chmod(0o660)
    if not supports(target.parent, DEFAULT_LIST, acl(6)):
        return
    edited(target).save(target)
    assert ACCESS_LIST not in os.listxattr(target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o660


# Names


def test_a_name_as_long_as_names_may_be(tmp_path: Path) -> None:
    """The temporary file's name is no longer, whatever the target's is."""
    longest = tmp_path / ("长" * 83 + "a.xlsx")
    assert len(os.fsencode(longest.name)) == 255
    edited(OLD).save(longest)
    edited(longest, "再").save(longest)
    assert files(tmp_path) == [longest.name]


def test_temporary_names_are_short(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some drives allow fewer than 255 bytes, encrypted ones 143."""
    names: list[str] = []
    real = os.open

    def watched(path: Path, *args: int) -> int:
        names.append(Path(path).name)
        return real(path, *args)

    monkeypatch.setattr(os, "open", watched)
    edited(target).save(target)
    assert max(len(name) for name in names if name.endswith(".tmp")) <= 32


@pytest.mark.parametrize("name", ["长" * 84 + ".xlsx", "a" * 251 + ".xlsx", "😀" * 64 + ".xlsx"])
def test_a_name_that_is_too_long(tmp_path: Path, name: str) -> None:
    with pytest.raises(SaveError, match=r"文件名太长（2[56]\d 字节") as caught:
        claim(tmp_path / name)
    assert "一个汉字占 3 字节" in str(caught.value)
    assert "请用 -o 另给一个短一些的文件名" in str(caught.value)
    assert len(str(caught.value)) < 200
    with pytest.raises(SaveError):
        save_atomically(tmp_path / name, b"")
    assert not files(tmp_path)


def test_a_path_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(SaveError, match="文件夹的路径太长"):
        claim(tmp_path.joinpath(*["长" * 80] * 20, "a.xlsx"))
