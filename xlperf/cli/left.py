"""What a command left out of a form, said on stderr."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xlperf.cli.output import say, say_all

if TYPE_CHECKING:
    from pathlib import Path

    from xlperf.form.template import Template
    from xlperf.workbook.actions import Form
    from xlperf.workbook.astray import LeftOut


def tell_left_out(cells: Sequence[LeftOut], what: str) -> None:
    """`what` says what was not done with these cells."""
    if cells:
        say(f"以下 {len(cells)} 格{what}，请先核对表中各行的名称和数字（可用 xlperf check 审核）：", err=True)
    say_all((each.line for each in cells), err=True)


def tell_other_forms(form: Form) -> None:
    """The other forms of the workbook, where a command deals with the first."""
    if not form.binding.by_labels:
        return
    from xlperf.workbook.by_labels import OTHER_FORM

    others = [each for each in form.left if each.reason == OTHER_FORM]
    say_all((f"{each.place}  {each.text}：{each.reason}。" for each in others), err=True)


def tell_beside(template: Template, book: Path) -> None:
    """That a workbook of somebody's own form wants its TOML beside it, where that is not there."""
    from xlperf.form.forms import form_ids

    if template.id not in form_ids() and not book.with_name(f"{template.id}.toml").is_file():
        say(f"以后各条命令在工作簿旁边找这种表：请把它的 {template.id}.toml 放在同一个文件夹里。", err=True)
