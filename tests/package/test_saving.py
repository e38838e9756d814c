from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from tests.package.books import book
from tests.places import files
from xlperf.errors import SaveError
from xlperf.package import Ref, Workbook

OLD = book()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "自评表 [1].xlsx"
    path.write_bytes(OLD)
    return path


def edited() -> Workbook:
    workbook = Workbook.open(OLD)
    workbook.write("表", Ref(1, 1), "新")
    return workbook


def test_save_replaces_and_keeps_the_mode(target: Path) -> None:
    target.chmod(0o640)
    edited().save(target)
    assert target.read_bytes() == edited().to_bytes()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert files(target.parent) == [target.name]


def test_a_new_file_gets_the_usual_mode(tmp_path: Path) -> None:
    edited().save(tmp_path / "新.xlsx")
    (tmp_path / "other").write_bytes(b"")
    assert (tmp_path / "新.xlsx").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_link_stays_a_link(target: Path) -> None:
    link = target.parent / "link.xlsx"
    link.symlink_to(target)
    edited().save(link)
    assert link.is_symlink()
    assert target.read_bytes() != OLD


@pytest.mark.parametrize(
    ("call", "code", "words"),
    [
        ("fsync", errno.ENOSPC, "磁盘已满"),
        ("fsync", errno.EIO, "写入失败"),
        ("replace", errno.EACCES, "没有写入权限"),
        ("replace", errno.EROFS, "只读"),
        ("chmod", errno.EPERM, "没有写入权限"),
    ],
)
def test_a_failure_leaves_the_old_file(
    target: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int, words: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    workbook = edited()
    monkeypatch.setattr(os, call, fail)
    with pytest.raises(SaveError, match=words) as caught:
        workbook.save(target)
    assert str(caught.value).startswith("自评表 [1].xlsx：")
    assert target.read_bytes() == OLD
    assert files(target.parent) == [target.name]


def test_an_interrupt_leaves_no_temporary_file(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        edited().save(target)
    assert files(target.parent) == [target.name]
    assert target.read_bytes() == OLD


def test_leftovers_of_a_killed_run_go(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", die)
        patch.setattr(os, "unlink", die)
        with pytest.raises(MemoryError):
            edited().save(target)
    left = set(files(target.parent)) - {target.name}
    assert len(left) == 1
    (target.parent / ".~xlperf-another.xlsx-00000000-1234.tmp").write_bytes(b"")
    edited().save(target)
    assert files(target.parent) == [".~xlperf-another.xlsx-00000000-1234.tmp", target.name]


@pytest.mark.parametrize("lock", ["~${}", ".~lock.{}#"])
def test_a_file_open_elsewhere(target: Path, lock: str) -> None:
    (target.parent / lock.format(target.name)).write_bytes(b"")
    with pytest.raises(SaveError, match="正在 Excel"):
        edited().save(target)
    assert target.read_bytes() == OLD


def test_targets_that_cannot_be(target: Path) -> None:
    target.chmod(0o444)
    with pytest.raises(SaveError, match="只读"):
        edited().save(target)
    with pytest.raises(SaveError, match="文件夹"):
        edited().save(target.parent)
    with pytest.raises(SaveError, match="不存在"):
        edited().save(target.parent / "no" / "x.xlsx")
    with pytest.raises(SaveError, match="文件名太长"):
        edited().save(target.parent / ("长" * 100 + ".xlsx"))
    with pytest.raises(SaveError, match="无效字符"):
        edited().save(target.parent / "a\0b")
    edited().save(target.parent / ("a" * 250 + ".xlsx")[-255:])
