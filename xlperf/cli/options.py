"""The arguments and options that several commands have."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import click


class TakesLists(click.Command):
    """A command whose options that may be given several times take all that follows: --projects 甲.xlsx 乙.xlsx."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        lists = {name for each in self.params if isinstance(each, click.Option) and each.multiple for name in each.opts}
        return super().parse_args(ctx, list(_each_with_its_option(args, lists)))


def _each_with_its_option(args: Sequence[str], lists: Collection[str]) -> Iterator[str]:
    """--projects 甲 乙 as --projects 甲 --projects 乙."""
    option = ""
    for before, arg in zip(("", *args), args, strict=False):
        if arg.startswith("-"):
            option = arg if arg in lists else ""
        elif option and before != option:
            yield option
        yield arg


def forms_option(name: str, help_text: str) -> Callable[[Any], Any]:
    """An option that takes forms beside the one that is checked."""
    return click.option(name, metavar="FORM...", multiple=True, type=click.Path(path_type=Path), help=help_text)


book_argument = click.argument("book", metavar="BOOK", type=click.Path(path_type=Path))
output_option = click.option("-o", "--output", metavar="OUT", type=click.Path(path_type=Path), help="写到另一个文件。")
in_place_option = click.option("--in-place", is_flag=True, help="直接改原文件。")
drop_signature_option = click.option("--drop-signature", is_flag=True, help="允许去掉数字签名（改动会使签名失效）。")
variant_option = click.option("--variant", metavar="ID", help="评分口径，用 xlperf variants 查看。")
layout_option = click.option(
    "--layout",
    metavar="ID",
    default="",
    help="表的式样，用 xlperf layouts 查看；默认由表头认出。any：不按哪一种式样，只按表头的字词。",
)
template_option = click.option(
    "--template", "template_id", metavar="ID|FORM.toml", help="模板编号，或自己编的表样；默认第一个。"
)
against_option = click.option(
    "--against",
    metavar="REPORT.docx",
    type=click.Path(path_type=Path),
    help="再与已有的自评报告逐句、逐格对照。",
)
mark_option = click.option(
    "--mark", metavar="COPY.docx", type=click.Path(path_type=Path), help="对照时另存一份，在不符的数字处加批注。"
)
redact_option = click.option(
    "--redact",
    is_flag=True,
    help="公开用：隐去填表人，“联系人”“负责人”等字样旁边的姓名，电话、身份证号、银行卡号、电子邮箱、微信号。"
    "没有写在这些字样旁边的其他姓名、单位名称、地址、单位账号不隐去，请自行检查。",
)
