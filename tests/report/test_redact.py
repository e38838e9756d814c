"""What is masked for publication, and what must not be touched."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.report.planted import NAME, PEOPLE, TITLED, cells_changed, leaks, planted
from tests.workbooks import new_bytes
from xlperf import cli
from xlperf.form.record import Record, record_from_values, values_of
from xlperf.form.template import Template
from xlperf.report.publishing import redact_workbook
from xlperf.report.redact import mask, redacted
from xlperf.report.word import build_report
from xlperf.workbook.actions import fill, open_form

MASKED = [
    # mobile numbers
    ("电话13812345678。", "电话（略）。"),
    ("手机：138 1234 5678", "手机：（略）"),
    ("138-1234-5678", "（略）"),
    ("+86 13812345678", "（略）"),
    ("(+86)13812345678", "（略）"),
    ("+86-138-1234-5678", "（略）"),
    ("8613812345678", "（略）"),
    ("１３８１２３４５６７８", "（略）"),
    ("138  1234  5678", "（略）"),
    ("138\xa01234\xa05678", "（略）"),
    ("138　1234　5678", "（略）"),
    ("138\u200b1234\u200b5678", "（略）"),
    ("1\u200b3\u200b8\ufeff12345678。", "（略）。"),
    ("138–1234–5678", "（略）"),
    ("138—1234—5678", "（略）"),
    ("138−1234−5678", "（略）"),
    ("138－1234－5678", "（略）"),
    ("138 - 1234 - 5678", "（略）"),
    ("138.1234.5678", "（略）"),
    ("138·1234·5678", "（略）"),
    ("138 123 45678", "（略）"),
    ("1381 2345 678", "（略）"),
    ("138_1234_5678", "（略）"),
    ("王某,13812345678", "王某,（略）"),
    ("王某，13812345678，办公室", "王某，（略），办公室"),
    ("13812345678,13987654321", "（略）,（略）"),
    ("13812345678/13987654321", "（略）/（略）"),
    ("13812345678、13987654321", "（略）、（略）"),
    ("13812345678 13987654321", "（略） （略）"),
    ("Tel.13812345678", "Tel.（略）"),
    ("TEL:13812345678", "TEL:（略）"),
    ("（13812345678）", "（（略））"),
    ("一三八一二三四五六七八", "（略）"),
    ("2023年12月31日 13812345678", "2023年12月31日 （略）"),
    # landlines
    ("0739-5555555", "（略）"),
    ("（0739）5555555转801", "（略）"),
    ("0739-5555555-801", "（略）"),
    ("010-6655 1234", "（略）"),
    ("0739 5555555", "（略）"),
    ("07395555555", "（略）"),
    ("0739——5555555", "（略）"),
    ("0739-555 5555", "（略）"),
    ("+86-739-5555555", "（略）"),
    ("400-123-4567", "（略）"),
    ("0739-5555555/5555556", "（略）/（略）"),
    ("0739-5555555、5555556", "（略）、（略）"),
    ("联系电话：5551234", "联系电话：（略）"),
    ("联系电话：5551234/5551235", "联系电话：（略）/（略）"),
    ("办公电话 555-1234", "办公电话 （略）"),
    ("电话：\n5551234", "电话：\n（略）"),
    ("传真∶5551234", "传真∶（略）"),
    # ID numbers, cards, accounts
    ("430502198001011234", "（略）"),
    ("身份证43050219800101123X", "身份证（略）"),
    ("43050219800101123x", "（略）"),
    ("430502 19800101 1234", "（略）"),
    ("430502 1980 0101 1234", "（略）"),
    ("430502-19800101-123X", "（略）"),
    ("４３０５０２１９８００１０１１２３４", "（略）"),
    ("430502800101123", "（略）"),
    ("身份证编号：430502198001011234", "身份证编号：（略）"),
    ("6222021901001234567", "（略）"),
    ("6222 0219 0100 1234 567", "（略）"),
    ("卡号：4367421234567890", "卡号：（略）"),
    ("护照E12345678", "护照（略）"),
    # addresses
    ("邮箱 zhang.san@example.gov.cn，", "邮箱 （略），"),
    ("zhangsan＠qq．com", "（略）"),
    ("zhangsan @ qq.com", "（略）"),
    ("zhangsan#qq.com", "（略）"),
    ("zhangsan@邮箱.中国", "（略）"),
    ("微信号：wx_zhangsan01", "微信号：（略）"),
    ("微信：zhangsan", "微信：（略）"),
    ("微信zhang_san", "微信（略）"),
    ("WeChat: zhangsan88", "WeChat: （略）"),
    ("QQ：1234567890", "QQ：（略）"),
    ("QQ1234567890", "QQ（略）"),
    ("湘E12345", "（略）"),
]
KEPT = [
    # amounts and other figures
    "13812345678元",
    "13812345678.00",
    "13812345678万元",
    "13812345678 元",
    "收入13812345678.00万元",
    "收入13812345678",
    "金额：13812345678",
    "金额（元）：13812345678",
    "合计 13812345678",
    "￥13812345678",
    "预算数13812345678，决算数13912345678",
    "0.13812345678",
    "3.13812345678",
    "比上年增加1,381,234,567.80元",
    "138,123,456.78",
    "13,812,345,678",
    "1381234567",
    "1234567",
    "12345678901",
    "完成13812345678人次",
    "面积13812345678平方米",
    "完成5551234人次",
    "全年接待13800人次、05次培训",
    "发电13812345678千瓦时",
    "138.12万元、1234.56万元",
    "138、1234、5678",
    "251.06 88.57 54.51",
    "2021 2022 2023",
    "第1381234567号",
    "第13812345678号",
    "98.50%",
    "1.5‰",
    # dates and years
    "2023年12月31日",
    "2023-12-31",
    "2023.12.31",
    "20230101",
    "2020-2023年",
    "2023/12/31 10:00:00",
    "2023年1月1日至2023年12月31日",
    # documents, codes, hotlines
    "邵财绩〔2024〕12号",
    "财预〔2020〕10号",
    "财预[2020]10号",
    "湘财绩〔2023〕1号、邵财绩〔2024〕12号",
    "统一社会信用代码11430500006123456A",
    "统一社会信用代码：91430500MA4L138123",
    "项目编码：43052100000013812345678",
    "项目编号13812345678",
    "合同编号：13812345678",
    "发票号13812345678",
    "编号430502800101123",
    "12345热线",
    "电话：12345",
    "110、119、120",
    "电话费5551234元",
    "固定电话6部",
    "手机App",
    "微信公众号发布信息12345条",
    "微信、抖音等平台",
    "QQ群",
    "邮政编码422000",
    "邮编：422000",
    "科目代码2010301",
    "2080505机关事业单位基本养老保险缴费支出",
    "GB/T 33476.1-2016",
    "v1.2.345",
    "192.168.1.1",
    "——",
    "（1）机构设置情况",
    "1.2.3.4.5.6.7.8.9",
    "A4纸12345678",
    "",
]


@pytest.mark.parametrize(("text", "masked"), MASKED)
def test_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize("text", KEPT)
def test_kept(text: str) -> None:
    assert mask(text) == text


NAMES = [
    ("联系人：李小四，由李小四负责。", "联系人：李××，由李××负责。"),
    ("单位负责人：欧阳锋", "单位负责人：欧阳××"),
    ("局长：王五　副局长：赵 六", "局长：王××　副局长：赵××"),
    ("填表人:钱七\n钱七填报", "填表人:钱××\n钱××填报"),
    # what stands between the title and the name
    ("项目负责人（签字）甲某某", "项目负责人（签字）甲××"),
    ("项目负责人（签字）：张三丰", "项目负责人（签字）：张××"),
    ("单位负责人签字：张三丰", "单位负责人签字：张××"),
    ("单位负责人（签章）：张三丰", "单位负责人（签章）：张××"),
    ("联系人为乙某某", "联系人为乙××"),
    ("联系人是张三丰，", "联系人是张××，"),
    ("负责人∶丙某某", "负责人∶丙××"),
    ("负责人﹕张三丰", "负责人﹕张××"),
    ("联系人 赵小明", "联系人 赵××"),
    ("联系人　赵小明　电话", "联系人　赵××　电话"),
    ("联系人\t赵小明", "联系人\t赵××"),
    ("联系人（周志强）", "联系人（周××）"),
    ("经办人，卫立煌。", "经办人，卫××。"),
    ("联系人：\n郑成功。", "联系人：\n郑××。"),
    ("联系人\n郑成功\n负责", "联系人\n郑××\n负责"),
    ("填 表 人：张三丰", "填 表 人：张××"),
    ("联系人——张三丰", "联系人——张××"),
    ("联系人：____张三丰____", "联系人：____张××____"),
    ("联系人张三丰，电话", "联系人张××，电话"),
    ("局长李卫东同志", "局长李××同志"),
    ("联系人：张三丰同志", "联系人：张××同志"),
    ("联系人：张三丰电话", "联系人：张××电话"),
    ("张三丰（联系人）", "张××（联系人）"),
    ("主办：张三丰", "主办：张××"),
    # every title of a form
    ("填报人：张三丰", "填报人：张××"),
    ("审核人：张三丰", "审核人：张××"),
    ("经办人：张三丰", "经办人：张××"),
    ("制表人：张三丰", "制表人：张××"),
    ("分管领导：张三丰", "分管领导：张××"),
    ("财务负责人：张三丰", "财务负责人：张××"),
    ("签名：张三丰", "签名：张××"),
    ("法定代表人：张三丰", "法定代表人：张××"),
    ("复核：张三丰", "复核：张××"),
    ("联络员：张三丰", "联络员：张××"),
    ("成员：张三丰、李四光、王五", "成员：张××、李××、王××"),
    # how names are written
    ("联系人：钱大伟、孙二虎", "联系人：钱××、孙××"),
    ("联系人：钱大伟/孙二虎", "联系人：钱××/孙××"),
    ("联系人：钱大伟 孙二虎", "联系人：钱×× 孙××"),
    ("联系人：钱大伟和孙二虎", "联系人：钱××和孙××"),
    ("联系人：王  芳", "联系人：王××"),
    ("联系人：王　芳，王芳负责", "联系人：王××，王××负责"),
    ("联系人：王芳，王 芳负责", "联系人：王××，王××负责"),
    ("联系人：王\u200b芳", "联系人：王××"),
    ("联系人：李 小 四", "联系人：李××"),
    ("联系人：欧 阳 锋", "联系人：欧 阳××"),
    ("联系人：欧阳建国", "联系人：欧阳××"),
    ("联系人：司马 相如", "联系人：司马××"),
    ("联系人：陈张玉英", "联系人：陈××"),
    ("联系人：吴·买买提江", "联系人：吴××"),
    ("联系人：阿依古丽·买买提", "联系人：阿××"),
    ("联系人：阿依古丽•买买提。阿依古丽·买买提负责", "联系人：阿××。阿××负责"),
    ("联系人：訾慧敏", "联系人：訾××"),
    ("联系人：John Smith", "联系人：J××"),
    ("联系人：于谦", "联系人：于××"),
    ("联系人：和珅", "联系人：和××"),
    ("联系人：李建设", "联系人：李××"),
    ("联系人：王建国、李建军", "联系人：王××、李××"),
]
NO_NAMES = [
    "局长高度重视。",  # no colon
    "负责人：高度重视绩效工作",
    "负责人：高度重视",
    "联系人：安全科",
    "负责人：各股室",
    "会计：成本核算方法",
    "主任：×××",
    "李小四说",  # nobody's title before it
    "分管领导负责，",
    "分管领导负责，由办公室落实",
    "分管领导牵头，财务负责人配合",
    "由主要领导负总责、分管领导具体抓",
    "以单位主要负责人为组长、分管领导为副组长",
    "实行项目负责人制",
    "项目负责人为第一责任人",
    "负责人为各科室主要领导",
    "负责人和财务人员",
    "联系人：办公室",
    "联系人：无",
    "联系人：见附件",
    "联系人：待定",
    "联系人：同上",
    "填表人：",
    "填表人：　　　　填报日期：2023年1月1日",
    "单位负责人（签字）：　　　　财务负责人（签字）：",
    "填表人：\n联系电话：",
    "填报人签字　　单位负责人签字",
    "负责人：县财政局",
    "负责人：某某公司",
    "领导：加强组织领导",
    "审核：已通过",
    "审核：同意",
    "审核，经费支出合规",
    "领导高度重视、成立专班",
    "成员由各股室负责人组成",
    "成员：各单位负责人",
    "主任会议研究决定",
    "专家：按规定程序抽取",
    "法人：事业单位法人",
    "会计核算规范、出纳管理严格",
    "会计 成本核算",
    "主任 项目支出 基本支出",
    "科长 数量指标 质量指标",
    "财务 预算 决算",
    "联系群众，服务群众",
    "签字背书、签名确认",
    "项目支出，经济效益指标，时效指标",
    "服务对象满意度指标",
    "金融工作、应急管理、农业农村",
    "张榜公布。",
    "党组成员带队检查。",
    "组织成员单位开展",
    "书记为全体党员上党课",
    "责任人员到位",
    "经办人员审核",
    "中共某县委员会",
    "某某县档案馆",
    "各乡镇、街道办事处",
    "主管部门：某县财政局",
    "项目主管单位：某县水利局",
    "单位名称：张家界市财政局",
    "财务负责人员",
    "负责人公示情况",
    "申请人数：120人",
    "受益人：农村居民",
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


# What costs


ATOMS = [
    "1", "12", "1 ", "138-", "13812345678", "13812345678,", "0739-5555555/", "（0739）", "a", "a@", "a.", "@a.", "1.",
    "+86", "张", "张三", "张三、", "张 ", "王·", "联系人", "联系人：", "联系人：张三、", "负责人为", "填 表 人",
    "（签字）", "（", "成员：李四和", "QQ", "wx", "微信", "电话", "电话：1", "编号1", "一三八", "同志", "John ",
    "11430500", "\u200b", "\n", " ", "湘E1", "护照", "&L", "张三(",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no limits of a process")
def test_a_long_text_costs_no_more_than_its_length() -> None:
    """60,000 characters of each atom, in a process that the system ends when one needs eight seconds: what grows with
    the length needs a quarter of one, what grows with its square a minute.
    """
    code = (
        "import signal, sys\n"
        "from xlperf.report.names import Names; from xlperf.report.redact import cuts, names_in\n"
        "for atom in sys.argv[1:]:\n"
        "    signal.setitimer(signal.ITIMER_VIRTUAL, 8)\n"
        "    text = atom * (60_000 // len(atom))\n"
        "    cuts(text, Names(names_in(text, header=True) | {'张三丰', '李四光'}), header=True)\n"
    )
    subprocess.run([sys.executable, "-c", code, *ATOMS], check=True)


# report --redact


def test_the_report_holds_nothing_that_was_planted_in_its_workbook(beita_values: dict[str, Any]) -> None:
    """Of the workbook's properties, notes and hidden texts nothing reaches the report at all."""
    blob, plants = planted(beita_values)
    report = build_report(open_form(blob).record, redact=True)
    secrets = {NAME: "preparer"} | dict.fromkeys((*PEOPLE, *TITLED), "people") | plants.places
    assert leaks(build_report(open_form(blob).record), secrets) != [], "the test must be able to fail"
    assert leaks(report, secrets) == []
    with zipfile.ZipFile(io.BytesIO(report)) as archive:
        names = archive.namelist()
    assert not [name for name in names if re.search("thumbnail|comments|customXml|custom.xml|people|footnotes", name)]


# freeze --redact


def test_a_frozen_workbook_for_publication(tmp_path: Path, beita_values: dict[str, Any]) -> None:
    """In no part of the file, the feet that repeat the preparer included; everything else as without it."""
    personal = {"preparer": "张三", "phone": "13812345678", "section_4": "联系人：李四光，0739-5551234。"}
    source = tmp_path / "自评.xlsx"
    source.write_bytes(new_bytes(beita_values | {"fields": beita_values["fields"] | personal}))
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
    assert cells_changed(before.book, after.book) == 5, "name and telephone, twice each, and the section"


def test_a_telephone_typed_as_a_number(template: Template) -> None:
    form = open_form(new_bytes({"fields": {"phone": "5551234"}}))
    place = form.binding.place("phone")
    form.book.write(place.sheet, place.ref, Decimal(13812345678))
    form = open_form(form.book.to_bytes())
    assert redact_workbook(form).masked == 1
    assert open_form(form.book.to_bytes()).record["phone"].text == "（略）"
