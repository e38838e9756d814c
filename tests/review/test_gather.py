"""What is gathered: bundles of files that may belong together, and what is no hand-in."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from xlperf.errors import XlperfError
from xlperf.review.gather import Bundle, Passed, gather, name_key


def put(folder: Path, *names: str, text: str = "x") -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text + name, "utf-8")


def found(*paths: object, leave: Sequence[Path] = ()) -> tuple[list[list[str]], dict[str, str]]:
    """The names of each bundle, and why the others were passed over."""
    every = list(gather([str(path) for path in paths], leave))
    bundles = [sorted(each.name for each in bundle.files) for bundle in every if isinstance(bundle, Bundle)]
    return sorted(bundles), {each.shown.rpartition("/")[2]: each.reason for each in every if isinstance(each, Passed)}


def test_a_folder_is_a_bundle_with_the_parts_below_it(tmp_path: Path) -> None:
    put(
        tmp_path,
        "甲局/自评表.xlsx",
        "甲局/报告.docx",
        "甲局/项目/一.xlsx",
        "甲局/2、附件/二.doc",
        "乙局/自评表.xlsx",
        "乙局/说明.png",
    )
    assert found(tmp_path)[0] == [["一.xlsx", "二.doc", "报告.docx", "自评表.xlsx"], ["自评表.xlsx"]]


def test_in_a_large_folder_names_tell_which_belong_together(tmp_path: Path) -> None:
    put(
        tmp_path,
        *(f"{sign}局2024年部门整体支出绩效自评表.xlsx" for sign in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地"),
    )
    put(tmp_path, "附件1 甲局绩效自评报告（定稿）.docx", "附件2.xlsx", "附件3.xlsx")
    bundles, _ = found(tmp_path)
    assert ["甲局2024年部门整体支出绩效自评表.xlsx", "附件1 甲局绩效自评报告（定稿）.docx"] in bundles
    assert ["附件2.xlsx"] in bundles and ["附件3.xlsx"] in bundles  # whose they are their names do not say
    assert len(bundles) == 26


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("某县档案局2023年度部门整体支出绩效自评表.xlsx", "某县档案局"),
        ("附件1.xlsx", ""),
        ("3-甲局 自评报告(2).docx", "甲局"),
    ],
)
def test_what_a_name_says_of_whose_a_file_is(name: str, key: str) -> None:
    assert name_key(name) == key


def test_copies_are_passed_over_only_where_the_content_is_the_same(tmp_path: Path) -> None:
    put(tmp_path, "表.xlsx", "表.docx", "另.xlsx")
    for name in ("表 - 副本.xlsx", "表(1).xlsx"):
        (tmp_path / name).write_bytes((tmp_path / "表.xlsx").read_bytes())
    put(tmp_path, "另 (1).xlsx", text="改过")
    bundles, passed = found(tmp_path)
    assert bundles == [["另 (1).xlsx", "另.xlsx", "表.docx", "表.xlsx"]]
    assert set(passed) == {"表 - 副本.xlsx", "表(1).xlsx"}
    assert all("表.xlsx" in reason for reason in passed.values())


def test_of_a_form_and_its_marked_copy_the_later_one_counts(tmp_path: Path) -> None:
    put(tmp_path, "表.xlsx", "表_审核.xlsx", "孤_审核.xlsx")
    os.utime(tmp_path / "表.xlsx", (100, 100))
    assert found(tmp_path)[0] == [["孤_审核.xlsx", "表_审核.xlsx"]]
    os.utime(tmp_path / "表_审核.xlsx", (50, 50))
    bundles, passed = found(tmp_path)
    assert bundles == [["孤_审核.xlsx", "表.xlsx"]]
    assert "表.xlsx" in passed["表_审核.xlsx"]


def test_lock_files_and_other_kinds_are_listed(tmp_path: Path) -> None:
    put(tmp_path, "~$表.xlsx", ".~lock.表.xlsx#", "表.pdf", "表.wps", "内.rar", "照片.jpg", "Thumbs.db")
    bundles, passed = found(tmp_path)
    assert bundles == []
    assert set(passed) == {"~$表.xlsx", ".~lock.表.xlsx#", "表.pdf", "表.wps", "内.rar"}


class InGbk(zipfile.ZipInfo):
    """An entry as Chinese Windows writes it."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def test_archives_of_chinese_windows(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "报送.zip", "w") as archive:
        archive.writestr(InGbk("甲局/自评表.xlsx"), b"x")
        archive.writestr("乙局/项目/一.xlsx", b"x")
        archive.writestr("__MACOSX/乙局/._一.xlsx", b"x")
    (tmp_path / "坏.zip").write_bytes(b"PK")
    every = [each for each in gather([str(tmp_path)]) if isinstance(each, Bundle)]
    assert {each.folder.rpartition("/")[2] for each in every} == {"甲局", "乙局"}
    assert "打不开" in found(tmp_path)[1]["坏.zip"]


def test_patterns_and_what_is_named_twice(tmp_path: Path) -> None:
    put(tmp_path, "一.xlsx", "二.xlsx", "三.docx")
    assert found(tmp_path / "*.xlsx", tmp_path / "一.xlsx")[0] == [["一.xlsx"], ["二.xlsx"]]
    assert found(tmp_path, tmp_path)[0] == [["一.xlsx", "三.docx", "二.xlsx"]]
    with pytest.raises(XlperfError, match="没有这个文件"):
        found(tmp_path / "*.doc")


def test_what_the_review_writes_itself_is_left(tmp_path: Path) -> None:
    put(tmp_path, "表.xlsx", "汇总.xlsx", "意见/甲局/甲局_审核意见.docx")
    assert found(tmp_path, leave=[tmp_path / "汇总.xlsx", tmp_path / "意见"])[0] == [["表.xlsx"]]


def test_a_folder_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "甲/表.xlsx", "乙/表.xlsx")
    scandir = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("乙"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    bundles, passed = found(tmp_path)
    assert bundles == [["表.xlsx"]]
    assert "权限" in passed["乙"]


def test_a_change_of_content_is_another_mark(tmp_path: Path) -> None:
    put(tmp_path, "表.xlsx")

    def mark() -> str:
        (bundle,) = gather([str(tmp_path)])
        assert isinstance(bundle, Bundle)
        return bundle.fingerprint

    before = mark()
    assert mark() == before
    os.utime(tmp_path / "表.xlsx", (1, 1))
    assert mark() != before
