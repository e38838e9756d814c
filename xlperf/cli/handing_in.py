"""上报本 on the command line: what is still open is said, then the copy is made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xlperf.cli.output import say, say_all
from xlperf.errors import SaveError
from xlperf.hosts.commands import SIGNS

if TYPE_CHECKING:
    from xlperf.package.save import Target
    from xlperf.report.publishing import Redaction
    from xlperf.workbook.actions import Form

_SUFFIX = "_上报"


def final_target(book: Path, output: Path | None, in_place: bool) -> Target:
    """Where the copy goes: never over the workbook itself. One of an .xlsm is an .xlsx, for it has no macros."""
    from xlperf.package.save import claim
    from xlperf.workbook.targets import required_target

    if in_place:
        raise SaveError("上报本是另存的一份，原工作簿要留着：--final 不能与 --in-place 同用，请用 -o 给出文件名。")
    if book.suffix.lower() != ".xlsm":
        return required_target(book, output, in_place, _SUFFIX)
    target = claim(output or book.with_name(f"{book.stem}{_SUFFIX}.xlsx"))
    if target.is_file_of(book):
        raise SaveError(f"{target}：输出与输入是同一个文件。请换一个文件名。")
    return target


def handed_in(forms: Sequence[Form], variant: str | None, target: Target, *, redact: bool) -> list[Redaction]:
    """Make the copy in memory and say what was done."""
    from xlperf.report.publishing import redact_workbook
    from xlperf.workbook.handed_in import hand_in, open_points

    points, blanks = open_points(forms, variant)
    if points:
        say("还有没有办完的，请先看一看（上报本照样写出）：", err=True)
        say_all((each.line for each in points), err=True)
    if blanks:
        say(blanks, err=True)
    _require_suffix(forms[0], target)
    redactions: list[Redaction] = []

    def masked() -> None:
        redactions.extend(redact_workbook(form) for form in forms if redact)

    done = hand_in(forms, variant, SIGNS, masked)
    gone = f"，去掉了 {done.rows} 个“……”行" if done.rows else ""
    without = f"，不含{'、'.join(f'“{sheet}”' for sheet in done.sheets)}" if done.sheets else ""
    say(f"上报本：固定了 {done.formulas} 个公式{gone}{without}。", err=True)
    return redactions


def _require_suffix(form: Form, target: Target) -> None:
    """Ours has no macros, somebody's keeps what it has."""
    suffix = target.real.suffix.lower()
    is_macro_book = form.book.name.lower().endswith(".xlsm")
    if is_macro_book and form.binding.by_labels and suffix != ".xlsm":
        raise SaveError(f"{target}：{form.book.name} 里有宏，只能存成 .xlsm 文件。请换一个文件名。")
    if not form.binding.by_labels and suffix != ".xlsx":
        raise SaveError(f"{target}：上报本不带宏和按钮，请存成 .xlsx 文件。")
