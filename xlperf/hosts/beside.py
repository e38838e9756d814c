"""Files made of a workbook that is open, written beside it under a name that nobody has: the report, next year's."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xlperf.errors import SaveError
from xlperf.package.save import Target, claim, save_atomically
from xlperf.workbook import actions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlperf.workbook.astray import LeftOut

_SHOWN = 8  # lines of a kind that a message box shows


class Made(NamedTuple):
    """A new file, and what is to be said of it."""

    path: Path
    message: str


def free_target(path: Path, ending: str, suffix: str) -> Target:
    """自评_下一年.xlsx beside 自评.xlsx, or 自评_下一年（2）.xlsx where that is taken."""
    for number in count(1):
        name = f"{path.stem}{ending}{f'（{number}）' if number > 1 else ''}{suffix}"
        target = claim(path.with_name(name))
        if target.found is None:
            return target
    raise AssertionError


def require_saved(path: Path, what: str) -> None:
    """Raises `SaveError` where the workbook is no file yet, so that nothing can stand beside it."""
    if not path.is_absolute() or not path.parent.is_dir():
        raise SaveError(f"工作簿还没有存成文件，不知道{what}放在哪里。请先保存，再做{what}。")


def write_report(blob: bytes, path: Path, variant: str | None = None) -> Made:
    """自评报告 of the workbook that was read at `path`; raises `XlperfError`, and then nothing is written."""
    from xlperf.report.sections import left_to_write
    from xlperf.report.word import build_report

    require_saved(path, "自评报告")
    form = actions.open_form(blob, path.name)
    record, left = actions.reliable_record(form, variant)
    target = free_target(path, "_报告", ".docx")
    save_atomically(target, build_report(record, variant=variant), source=path)
    waiting = list(left_to_write(record, variant))
    lines = [f"已生成自评报告：{target.path.name}（与这份工作簿在同一个文件夹），用 Word 或 WPS 打开。"]
    if waiting:
        lines += [
            f"有 {len(waiting)} 段要自己写，报告里标着“〔请填写：…〕”：",
            *_some([f"  {each}" for each in waiting]),
        ]
    return Made(target.path, "\n".join([*lines, *_left_out(left, "没有写进报告")]))


def write_next_year(blob: bytes, path: Path) -> Made:
    """Next year's workbook of the one that was read at `path`; raises `XlperfError`, and then nothing is written."""
    from xlperf.workbook.roll import roll_lines

    require_saved(path, "下一年的工作簿")
    form = actions.open_form(blob, path.name)
    left = actions.reliable_record(form)[1]
    new, rolled = actions.roll(form)
    target = free_target(path, "_下一年", ".xlsx")
    new.book.save(target)
    lines = [f"已新建下一年的工作簿：{target.path.name}（与这份工作簿在同一个文件夹），这份没有改动。"]
    lines += _some(list(roll_lines(new.record, rolled)))
    return Made(target.path, "\n".join([*lines, *_left_out(left, "没有带到下一年")]))


def _left_out(cells: Sequence[LeftOut], what: str) -> list[str]:
    if not cells:
        return []
    return [f"以下 {len(cells)} 格{what}，请先核对表中各行的名称和数字：", *_some([each.line for each in cells])]


def _some(lines: list[str]) -> list[str]:
    return [*lines[:_SHOWN], *(["  ……"] if len(lines) > _SHOWN else [])]
