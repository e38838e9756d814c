"""`freeze --redact`: no part of the file keeps what was planted there; what cannot be masked is named."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.report.planted import NAME, PEOPLE, TITLED, Plants, cells_changed, leaks, planted, with_shared_strings
from tests.workbooks import new_bytes
from xlperf import cli
from xlperf.errors import WorkbookError
from xlperf.form.record import values_of
from xlperf.package import Ref, Workbook
from xlperf.package.budget import Of
from xlperf.report.publishing import Redaction, redact_workbook
from xlperf.report.redact import redacted
from xlperf.workbook.actions import fill, freeze, open_form


@pytest.fixture(scope="module")
def published(beita_values: dict[str, Any]) -> tuple[bytes, Plants, Redaction, bytes]:
    before, plants = planted(beita_values)
    form = open_form(before)
    freeze(form)
    redaction = redact_workbook(form)
    return form.book.to_bytes(), plants, redaction, before


Published = tuple[bytes, Plants, Redaction, bytes]


def test_every_byte(published: Published) -> None:
    blob, plants, _, before = published
    figure = next(phone for phone, place in plants.places.items() if place == "figure")
    secrets = {NAME: "preparer", "何候选": "list", "李不知": "unused string"}
    secrets |= dict.fromkeys(PEOPLE, "people") | dict.fromkeys(TITLED, "titled")
    secrets |= {phone: place for phone, place in plants.places.items() if phone != figure}
    planted_ones = "\n".join(leaks(before, secrets))
    missing = [secret for secret in secrets if f": {secret} (" not in planted_ones]
    assert missing == [], "the test must be able to fail"
    assert leaks(blob, secrets) == []


def test_what_is_left_is_named(published: Published) -> None:
    _, _, redaction, _ = published
    assert redaction.left == (
        "张某的表!A1：数字像是手机号、证件号或卡号",
        "张某的表：图片 image90.png",
        "张某的表：嵌入的文件 oleObject1.bin",
    )
    assert set(redaction.dropped) == {
        "打印机设置", "批注会话的作者（批注的文字还在）", "自定义属性", "缩略图", "自定义 XML 数据", "修订记录",
        "任务分配", "没有用到的部件", "压缩包的备注", "单元格改动之前的文字",
    }  # fmt: skip


def test_the_file_still_opens_and_its_references_hold(published: Published) -> None:
    blob, _, _, before = published
    book = Workbook.open(blob)
    assert book.sheets[-1] == "张某的表"
    assert ("张某_", "张某的表") in {(name, sheet) for name, sheet, _ in book.names}
    cells = book.cells("张某的表")
    assert [cells[Ref(row, 1)].text for row in (2, 3, 4, 5, 6, 7, 20)] == [
        "张××（略）", "（略）", "张××", "张××（略）", "张××（略）", "张××", "张××",
    ]  # fmt: skip
    assert openpyxl.load_workbook(io.BytesIO(blob)).sheetnames[-1] == "张某的表"
    gone = set(zipfile.ZipFile(io.BytesIO(before)).namelist()) - set(zipfile.ZipFile(io.BytesIO(blob)).namelist())
    assert {name.partition("/")[0] for name in gone} <= {"docProps", "customXml", "xl", "_rels"}


def test_the_form_says_the_same(published: Published, beita_values: dict[str, Any]) -> None:
    blob, _, _, before = published
    form = open_form(before)
    freeze(form)
    assert values_of(open_form(blob).record) == values_of(redacted(open_form(form.book.to_bytes()).record))


def test_the_command_names_what_it_leaves(
    tmp_path: Path, beita_values: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "自评.xlsx").write_bytes(planted(beita_values)[0])
    with pytest.raises(SystemExit) as left:
        cli.main(["freeze", str(tmp_path / "自评.xlsx"), "-o", str(tmp_path / "公开.xlsx"), "--redact"])
    assert left.value.code == 0
    said = capsys.readouterr().err
    assert "去掉了：" in said
    assert "以下内容未隐去，请自行检查：\n  张某的表!A1：" in said


def test_the_shared_strings_of_another_program(beita_values: dict[str, Any]) -> None:
    """The cell is rewritten, the string it had stays in the table; the labels stay what they were."""
    personal = {"preparer": "刘小备", "phone": "5551234", "section_4": "138–1234–5683\n联系人：\n郑成功。"}
    values = beita_values | {"fields": beita_values["fields"] | personal}
    form = open_form(with_shared_strings(new_bytes(values)))
    fill(form)
    form = open_form(form.book.to_bytes())
    freeze(form)
    before = open_form(form.book.to_bytes())
    redact_workbook(form)
    blob = form.book.to_bytes()
    assert leaks(blob, dict.fromkeys(("刘小备", "5551234", "138–1234–5683", "郑成功"), "cells")) == []
    after = open_form(blob)
    assert values_of(after.record) == values_of(redacted(before.record))
    assert cells_changed(before.book, after.book) == 5, "name and telephone, twice each, and the section"


def test_more_than_can_be_looked_through(beita_values: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Found by the campaign: half a million cells beside the form took twenty seconds."""
    form = open_form(new_bytes(beita_values))
    monkeypatch.setattr(Of.TAGS, "most", 100)
    with pytest.raises(WorkbookError, match="要逐个查看个人信息的 XML 标记太多，超过上限 100 个"):
        redact_workbook(form)
