"""上报本 of a workbook that is open: made of a copy, written beside it."""

from __future__ import annotations

from pathlib import Path

from xlperf.errors import SaveError
from xlperf.hosts.beside import require_saved
from xlperf.hosts.commands import SIGNS
from xlperf.package.save import Target, claim
from xlperf.workbook.handed_in import hand_in, open_points
from xlperf.workbook.several import open_forms

SUFFIX = "_上报"


def copy_of_file(path: Path) -> Target:
    """Where the copy of a workbook goes: beside it, an .xlsx."""
    return claim(path.with_name(f"{path.stem}{SUFFIX}.xlsx"))


def write_copy(blob: bytes, path: Path, variant: str | None = None) -> str:
    """Write the copy of the workbook that was read at `path`; answers a sentence for the user.

    `blob`: the workbook as it is now. Raises `XlperfError` where it cannot be made, and then nothing is written.
    """
    require_saved(path, "上报本")
    target = copy_of_file(path)
    if target.is_file_of(path):
        raise SaveError(f"{path.name} 已经是上报本。请打开填报用的工作簿再做。")
    forms = open_forms(blob, path.name)
    points, blanks = open_points(forms, variant)
    hand_in(forms, variant, SIGNS)
    forms[0].book.save(target)
    told = [f"已另存上报本：{target.path.name}（与这份工作簿在同一个文件夹）。"]
    told += ["还有没有办完的，请看一看，改好后再做一次：", *(each.line for each in points)] if points else []
    return "\n".join([*told, *([blanks] if blanks else [])])
