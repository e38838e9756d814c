"""The report of Beita 2023 in other outlines: other numbering, titles, order, depth; with sub-headings and without.

An outline is a list of headings, each with the cells whose text follows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import docx
from docx.oxml import parse_xml

from tests.intake import forms
from xlperf.form.forms import example_of

TEXTS = {key: text for key, text in example_of("department_overall")["fields"].items() if key.startswith("section_")}


class Outline(NamedTuple):
    """The lines of a report up to its attachments: each heading, with the cells whose texts stand below it."""

    title: Sequence[str]
    headings: Sequence[tuple[str, Sequence[str]]]

    def lines(self) -> list[str]:
        found = [*self.title]
        for heading, keys in self.headings:
            found.append(heading)
            found += [line for key in keys for line in TEXTS[key].split("\n")]
        return found

    def report(self) -> str:
        """The whole report, with the tables as they are."""
        text = forms.TEXT.read_text("utf-8")
        return "\n".join([*self.lines(), "", text[text.index("附件：") :]])

    def word_form(self, path: Path) -> Path:
        """The same as a Word file."""
        document = docx.Document()
        before = forms.paragraphs(0)
        texts = ([*self.lines(), *before[before.index("附件：") :]], forms.paragraphs(1), forms.paragraphs(2))
        for number, paragraphs in enumerate(texts):
            for text in paragraphs:
                document.add_paragraph(text)
            if number < 2:
                document.element.body.insert(-1, parse_xml(forms.word_table(forms.grid(number))))
        document.save(str(path))
        return path


_TITLE = ("北塔区委网信办", "2023年部门整体支出绩效自评报告")
_CITY = (
    ("机构设置情况", "section_1_1"),
    ("人员编制情况", "section_1_2"),
    ("主要职能职责", "section_1_3"),
    ("绩效目标设定情况", "section_1_4"),
    ("预算执行、使用、管理总体情况", "section_2_1"),
    ("部门预算执行情况", "section_2_2"),
    ("政府性基金预算支出情况", "section_2_3"),
    ("国有资本经营预算支出情况", "section_2_4"),
    ("社会保险基金预算支出情况", "section_2_5"),
    ("综合评价结论", "section_3_1"),
    ("评价指标分析（或综合评价情况）", "section_3_2"),
    ("存在的问题及原因分析", "section_4"),
    ("下一步改进措施", "section_5"),
    ("其他需要说明的情况", "section_6"),
)


def _flat(*signs: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((f"{sign}{said}", (key,)) for sign, (said, key) in zip(signs, _CITY, strict=True))


def _numbered(sign: str, section: str) -> list[tuple[str, tuple[str, ...]]]:
    """The city's chapters and sections, numbered otherwise."""
    chapters = {"1": "部门、单位基本情况", "2": "部门整体支出管理及使用情况", "3": "部门整体支出绩效情况"}
    found: list[tuple[str, tuple[str, ...]]] = []
    digits = "一二三四五六"
    begun = {""}
    for said, key in _CITY:
        _, chapter, *number = key.split("_")
        at = digits[int(chapter) - 1]
        if number and chapter not in begun:
            begun.add(chapter)
            found.append((sign.format(at=at, n=chapter) + chapters[chapter], ()))
        if number:
            found.append((section.format(at=digits[int(number[0]) - 1], n=number[0], c=chapter) + said, (key,)))
        else:
            found.append((sign.format(at=at, n=chapter) + said, (key,)))
    return found


OUTLINES = {
    "parts_and_chapters": Outline(_TITLE, _numbered("第{at}部分　", "{at}、")),
    "digits": Outline(_TITLE, _numbered("{n}. ", "（{n}）")),
    "decimals": Outline(_TITLE, _numbered("{n}、", "{c}.{n} ")),
    "mixed": Outline(_TITLE, _numbered("{n}.", "（{at}）")),
    "by_the_word_processor": Outline(_TITLE, _numbered("", "")),
    "only_the_sections_numbered": Outline(_TITLE, _numbered("", "（{at}）")),
    "flat": Outline(
        _TITLE, _flat(*"一、 二、 三、 四、 五、 六、 七、 八、 九、 十、 十一、 十二、 十三、 十四、".split())
    ),
    "provincial": Outline(
        ("2023年度北塔区委网信办部门整体支出绩效自评报告",),
        (
            ("一、部门、单位基本情况", ()),
            ("（一）机构设置", ("section_1_1",)),
            ("（二）人员编制", ("section_1_2",)),
            ("（三）部门职责", ("section_1_3",)),
            ("（四）年度绩效目标", ("section_1_4",)),
            ("（五）部门整体支出规模、使用方向和主要内容", ("section_2_1",)),
            ("二、一般公共预算支出情况", ("section_2_2",)),
            ("三、政府性基金预算支出情况", ("section_2_3",)),
            ("四、国有资本经营预算支出情况", ("section_2_4",)),
            ("五、社会保险基金预算支出情况", ("section_2_5",)),
            ("六、部门整体支出绩效情况", ("section_3_1",)),
            ("（一）绩效评价指标完成情况", ("section_3_2",)),
            ("七、存在的问题及原因分析", ("section_4",)),
            ("八、下一步改进措施", ("section_5",)),
            ("九、部门整体支出绩效自评结果拟应用和公开情况", ()),
            ("十、其他需要说明的情况", ("section_6",)),
        ),
    ),
    "final_accounts": Outline(
        ("北塔区委网信办", "2023年度部门决算"),
        (
            ("目录", ()),
            ("第一部分　北塔区委网信办概况……1", ()),
            ("一、部门职责……1", ()),
            ("二、机构设置……1", ()),
            ("第二部分　2023年度部门决算表……2", ()),
            ("第三部分　2023年度部门决算情况说明……5", ()),
            ("第一部分　北塔区委网信办概况", ()),
            ("一、部门职责", ("section_1_3",)),
            ("二、机构设置", ("section_1_1",)),
            ("三、人员情况", ("section_1_2",)),
            ("四、年度绩效目标", ("section_1_4",)),
            ("第二部分　2023年度部门决算表", ()),
            ("收入支出决算总表", ()),
            ("公开01表　单位：万元", ()),
            ("第三部分　2023年度部门决算情况说明", ()),
            ("一、收入支出决算总体情况说明", ("section_2_1",)),
            ("二、一般公共预算支出决算情况说明", ("section_2_2",)),
            ("三、政府性基金预算收入支出决算情况", ("section_2_3",)),
            ("四、国有资本经营预算收入支出决算情况", ("section_2_4",)),
            ("五、社会保险基金预算收入支出决算情况", ("section_2_5",)),
            ("六、关于机关运行经费支出说明", ()),
            ("七、关于2023年度预算绩效情况的说明", ()),
            ("（一）绩效评价结论", ("section_3_1",)),
            ("（二）绩效评价指标分析", ("section_3_2",)),
            ("（三）存在的问题及原因", ("section_4",)),
            ("（四）下一步改进措施", ("section_5",)),
            ("八、其他重要事项的情况说明", ("section_6",)),
            ("第四部分　名词解释", ()),
            ("一、财政拨款收入：指本年度从本级财政部门取得的100万元财政拨款。", ()),
        ),
    ),
    "older": Outline(
        _TITLE,
        (
            ("一、部门概况", ()),
            ("（一）部门基本情况、职能", ("section_1_3",)),
            ("（二）机构设置", ("section_1_1",)),
            ("（三）人员构成", ("section_1_2",)),
            ("（四）部门年度总体目标", ("section_1_4",)),
            ("（五）部门整体收支规模", ("section_2_1",)),
            ("二、部门整体支出管理及使用情况", ()),
            ("（一）基本支出和项目支出", ("section_2_2",)),
            ("（二）政府性基金", ("section_2_3",)),
            ("（三）国有资本经营预算", ("section_2_4",)),
            ("（四）社会保险基金", ("section_2_5",)),
            ("三、绩效评价工作情况", ()),
            ("四、部门整体支出绩效情况及评价结论", ("section_3_1",)),
            ("五、评价指标分析", ("section_3_2",)),
            ("六、存在的主要问题", ("section_4",)),
            ("七、改进措施和有关建议", ("section_5",)),
            ("八、其他需要说明的问题", ("section_6",)),
        ),
    ),
}
