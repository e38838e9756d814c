"""The pages of a form as pictures."""

from __future__ import annotations

import struct
import sys
import zlib
from pathlib import Path

import openpyxl
import pytest

from tests.command import Run
from tests.places import DATA
from xlperf.form.forms import load_template
from xlperf.package import libreoffice
from xlperf.workbook.preview import labelled

TINY = DATA / "tiny.toml"


def size_and_colors(png: bytes) -> tuple[tuple[int, int], set[bytes]]:
    """Of a picture with one pixel in three bytes and no filter."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height, *_ = struct.unpack(">II", png[16:24])
    begin = png.index(b"IDAT")
    (length,) = struct.unpack(">I", png[begin - 4 : begin])
    rows = zlib.decompress(png[begin + 4 : begin + 4 + length])
    pixels = [rows[row * (3 * width + 1) + 1 :][: 3 * width] for row in range(height)]
    return (width, height), {line[at : at + 3] for line in pixels for at in range(0, len(line), 3)}


@pytest.mark.libreoffice
def test_each_page_is_a_picture_of_its_colors(run: Run, tmp_path: Path) -> None:
    told = run("template", "preview", TINY, "-o", "小表.png")
    assert told.code == 0, told.err
    assert told.out.splitlines() == [
        f"小表-{n}.png  工作表“{title}”" for n, title in ((1, "小表"), (2, "勾稽关系"), (3, "审核结果"))
    ]
    first, *_, last = told.err.splitlines()  # between them every ten seconds how long it takes
    assert first == "tiny：正在用 LibreOffice 转换，最多 60 秒……"
    assert last.startswith("下一步：")
    (width, height), colors = size_and_colors((tmp_path / "小表-1.png").read_bytes())
    assert 800 < width < height < 1600  # A4, upright
    assert {bytes.fromhex(color) for color in ("FFFFFF", "000000", "FFF9DB", "DDE6F0")} <= colors


def test_cells_say_what_belongs_into_them(tmp_path: Path) -> None:
    (tmp_path / "表.xlsx").write_bytes(labelled(load_template(str(TINY))).to_bytes())
    sheet = openpyxl.load_workbook(tmp_path / "表.xlsx")["小表"]
    assert [cell.value for cell in sheet["B"]][1:10] == [
        *(2025, "单位", "会费收入", "补助收入", "合计", "金额", "金额", "说明", "tiny"),
    ]  # fmt: skip
    assert sheet["A8"].value == "……"


def test_without_libreoffice_it_says_what_to_install(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    told = run("template", "preview", TINY)
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("无法完成：预览要用 LibreOffice，本机没有：请从 https://zh-cn.libreoffice.org ")


def test_without_the_library_that_draws_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    told = run("template", "preview", TINY)
    assert (told.code, told.out) == (2, "")
    assert "请先运行 pip install pypdfium2。" in told.err


def test_what_libreoffice_does_not_convert(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*given: object) -> bytes:
        raise libreoffice.NotConvertedError("LibreOffice 启动不了")

    monkeypatch.setattr("xlperf.workbook.preview.converted", fails)
    told = run("template", "preview", TINY)
    assert (told.code, told.err) == (
        2,
        "无法完成：《小表》的预览没有画成：LibreOffice 启动不了。用 xlperf new 新建工作簿，打开看也一样。\n",
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("没有.toml",), "找不到模板文件 没有.toml"),
        (("nothing",), "没有名为“nothing”的模板"),
        ((TINY, "-o", "图.jpg"), "图片的名称应以 .png 结尾"),
    ],
)
def test_what_cannot_be_previewed(arguments: tuple[object, ...], said: str, run: Run) -> None:
    told = run("template", "preview", *arguments)
    assert told.code == 2
    assert said in told.err
