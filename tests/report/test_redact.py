"""What is masked for publication, and what must not be touched."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from xlperf import cli
from xlperf.hosts.file import fill, new_workbook, open_form
from xlperf.record import Record, record_from_values, values_of
from xlperf.report.redact import mask, redact_workbook, redacted
from xlperf.template import Template

MASKED = [
    ("电话13812345678。", "电话（略）。"),
    ("手机：138 1234 5678", "手机：（略）"),
    ("138-1234-5678", "（略）"),
    ("+86 13812345678", "（略）"),
    ("１３８１２３４５６７８", "（略）"),
    ("0739-5555555", "（略）"),
    ("（0739）5555555转801", "（略）"),
    ("010-6655 1234", "（略）"),
    ("400-123-4567", "（略）"),
    ("联系电话：5551234", "联系电话：（略）"),
    ("430502198001011234", "（略）"),
    ("身份证43050219800101123X", "身份证（略）"),
    ("邮箱 zhang.san@example.gov.cn，", "邮箱 （略），"),
]
KEPT = [
    "13812345678元",
    "收入13812345678.00万元",
    "比上年增加1,381,234,567.80元",
    "2023年12月31日",
    "20230101",
    "邵财绩〔2024〕12号",
    "统一社会信用代码11430500006123456A",
    "完成5551234人次",
    "全年接待13800人次、05次培训",
    "第1381234567号",
    "——",
]


@pytest.mark.parametrize(("text", "masked"), MASKED)
def test_masked(text: str, masked: str) -> None:
    assert mask(text, ()) == masked


@pytest.mark.parametrize("text", KEPT)
def test_kept(text: str) -> None:
    assert mask(text, ()) == text


NAMES = [
    ("联系人：李小四，由李小四负责。", "联系人：李××，由李××负责。"),
    ("单位负责人：欧阳锋", "单位负责人：欧阳××"),
    ("局长：王五　副局长：赵 六", "局长：王××　副局长：赵××"),
    ("填表人:钱七\n钱七填报", "填表人:钱××\n钱××填报"),
]
NO_NAMES = [
    "局长高度重视。",  # no colon
    "负责人：高度重视绩效工作",
    "联系人：安全科",
    "负责人：各股室",
    "会计：成本核算方法",
    "主任：×××",
    "李小四说",  # nobody's title before it
]


def masked_values(values: dict[str, Any], template: Template) -> dict[str, Any]:
    return values_of(redacted(record_from_values(values, template)))


@pytest.mark.parametrize(("text", "masked"), NAMES)
def test_names_after_a_title(text: str, masked: str, template: Template) -> None:
    assert masked_values({"fields": {"section_6": text}}, template)["fields"]["section_6"] == masked


@pytest.mark.parametrize("text", NO_NAMES)
def test_no_names(text: str, template: Template) -> None:
    assert masked_values({"fields": {"section_6": text}}, template)["fields"]["section_6"] == text


def test_the_preparer_is_masked_wherever_named(template: Template) -> None:
    values = {
        "year": 2023,
        "unit_name": "张三纪念馆",  # a name is a name wherever it stands
        "fields": {"preparer": "张三", "phone": "5551234", "section_4": "由张三整改。", "income_total_current": "9.00"},
        "indicators": [{"level3": "张三讲座", "target": "≥98", "weight": "10", "score": "10"}],
    }
    masked = masked_values(values, template)
    assert masked["fields"] == {
        "preparer": "张××",
        "phone": "（略）",
        "section_4": "由张××整改。",
        "income_total_current": "9.00",
    }
    assert masked["indicators"][0]["level3"] == "张××讲座"


def test_what_is_masked_already_and_every_figure_stays(beita: Record) -> None:
    assert redacted(beita).stated == beita.stated


@pytest.mark.parametrize("preparer", ["办公室", "×××", "张"])
def test_no_name_in_the_preparers_cell(preparer: str, template: Template) -> None:
    fields = {"preparer": preparer, "section_4": "办公室张"}
    assert masked_values({"fields": fields}, template)["fields"] == fields


def test_several_preparers(template: Template) -> None:
    fields = {"preparer": "张三、李四光", "section_4": "李四光和张三"}
    masked = masked_values({"fields": fields}, template)["fields"]
    assert masked == {"preparer": "张××、李××", "section_4": "李××和张××"}


# freeze --redact


def test_a_frozen_workbook_for_publication(tmp_path: Path, beita_values: dict[str, Any]) -> None:
    """In no part of the file, the feet that repeat the preparer included; everything else as without it."""
    personal = {"preparer": "张三", "phone": "13812345678", "section_4": "联系人：李四光，0739-5551234。"}
    source = tmp_path / "自评.xlsx"
    new_workbook(beita_values | {"fields": beita_values["fields"] | personal}).save(source)
    form = open_form(source)
    fill(form)
    form.book.save(source)
    plain, masked = tmp_path / "上报.xlsx", tmp_path / "公开.xlsx"
    for target, more in ((plain, []), (masked, ["--redact"])):
        with pytest.raises(SystemExit) as left:
            cli.main(["freeze", str(source), "-o", str(target), *more])
        assert left.value.code == 0
    content = b"".join(zipfile.ZipFile(masked).read(name) for name in zipfile.ZipFile(masked).namelist()).decode()
    assert not [word for word in ("张三", "13812345678", "李四光", "5551234") if word in content]
    before, after = open_form(plain), open_form(masked)
    assert values_of(after.record) == values_of(redacted(before.record))
    feet = [cell.text for cell in after.book.cells("基础数据表").values() if "填表人" in cell.text]
    assert feet == ["填表人：张××"]
    changed = {
        (sheet, ref)
        for sheet in before.book.sheets
        for ref, cell in before.book.cells(sheet).items()
        if cell.text != after.book.cells(sheet)[ref].text
    }
    assert len(changed) == 5, "name and telephone, twice each, and the section"


def test_a_telephone_typed_as_a_number(template: Template) -> None:
    form = open_form(new_workbook({"fields": {"phone": "5551234"}}).to_bytes())
    place = form.binding.place("phone")
    form.book.write(place.sheet, place.ref, Decimal(13812345678))
    form = open_form(form.book.to_bytes())
    assert redact_workbook(form) == 1
    assert open_form(form.book.to_bytes()).record["phone"].text == "（略）"
