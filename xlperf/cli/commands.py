"""The commands: each reads its arguments, calls the hosts and says in Chinese what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from typing import cast

import click

from xlperf import __version__

_WHERE = {
    "new": "books:new",
    "fill": "books:fill",
    "clear": "books:clear",
    "freeze": "books:freeze",
    "values": "books:values",
    "demo": "books:demo",
    "check": "check:check",
    "review": "review:review",
    "addin": "addin:addin",
    "page": "page:page",
    "template": "template:template",
    "import": "documents:import_",
    "report": "report:report_command",
    "roll": "roll:roll",
    "rules": "reference:rules",
    "variants": "reference:variants",
    "explain": "reference:explain",
    "forms": "layouts:forms_command",
    "layouts": "layouts:layouts_command",
}
_HEADINGS = {"Options": "选项", "Commands": "命令", "Arguments": "参数", "Positional arguments": "参数"}
_USAGE = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 [参数]..."}
_WORDS = {"Show this message and exit.": "显示这段说明。", "[required]": "［必填］"}


class _Commands(Mapping[str, click.Command]):
    """All commands by name; a module is imported when one of its own is asked for, because start-up is felt."""

    def __getitem__(self, name: str) -> click.Command:
        module, _, function = _WHERE[name].partition(":")
        return cast(click.Command, getattr(import_module(f"xlperf.cli.{module}"), function))

    def __iter__(self) -> Iterator[str]:
        return iter(_WHERE)

    def __len__(self) -> int:
        return len(_WHERE)


class _ChineseFormatter(click.HelpFormatter):
    """Help pages with Chinese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for word, chinese in _USAGE.items():
            args = args.replace(word, chinese)
        super().write_usage(prog, args, prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_HEADINGS.get(heading, heading)}：\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(name, _in_chinese(text)) for name, text in rows], col_max, col_spacing)


def _in_chinese(text: str) -> str:
    for word, chinese in _WORDS.items():
        text = text.replace(word, chinese)
    return text


click.Context.formatter_class = _ChineseFormatter


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    commands=cast("dict[str, click.Command]", _Commands()),  # Click only reads them
)
@click.version_option(__version__, prog_name="xlperf", help="显示版本。", message="%(prog)s %(version)s")
def cli() -> None:
    """填报并逐格审核《部门整体支出绩效自评》工作簿。"""
