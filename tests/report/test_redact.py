"""What is masked for publication, and what must not be touched."""

from __future__ import annotations

from typing import Any

import pytest

from xlperf.record import Record, record_from_values, values_of
from xlperf.report.redact import mask, redact, redacted
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


@pytest.mark.parametrize(("text", "masked"), NAMES)
def test_names_after_a_title(text: str, masked: str) -> None:
    assert redact({"fields": {"section_6": text}})["fields"]["section_6"] == masked


@pytest.mark.parametrize("text", NO_NAMES)
def test_no_names(text: str) -> None:
    assert redact({"fields": {"section_6": text}})["fields"]["section_6"] == text


def test_the_preparer_is_masked_wherever_named(template: Template) -> None:
    values = {
        "year": 2023,
        "unit_name": "张三纪念馆",  # a name is a name wherever it stands
        "fields": {"preparer": "张三", "phone": "5551234", "section_4": "由张三整改。", "income_total_current": "9.00"},
        "indicators": [{"level3": "张三讲座", "target": "≥98", "weight": "10", "score": "10"}],
    }
    masked = redact(values)
    assert masked["fields"] == {
        "preparer": "张××",
        "phone": "（略）",
        "section_4": "由张××整改。",
        "income_total_current": "9.00",
    }
    assert masked["indicators"][0]["level3"] == "张××讲座"
    assert values_of(redacted(record_from_values(values, template))) == values_of(record_from_values(masked, template))


def test_what_is_masked_already_and_every_figure_stays(beita: Record, beita_values: dict[str, Any]) -> None:
    assert redact(beita_values) == beita_values
    assert redacted(beita).stated == beita.stated


@pytest.mark.parametrize("preparer", ["办公室", "×××", "张", ""])
def test_no_name_in_the_preparers_cell(preparer: str) -> None:
    values = {"fields": {"preparer": preparer, "section_4": "办公室张"}}
    assert redact(values) == values


def test_several_preparers() -> None:
    fields = redact({"fields": {"preparer": "张三、李四光", "section_4": "李四光和张三"}})["fields"]
    assert fields == {"preparer": "张××、李××", "section_4": "李××和张××"}
