"""Where a command writes: the file that it may change, a copy beside it, or a new file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xlperf.errors import SaveError

if TYPE_CHECKING:
    from xlperf.package.save import Target


def target_of(source: Path, output: Path | None, in_place: bool, suffix: str | None) -> Target | None:
    """Where a result goes, claimed; None if nowhere. Refuses to write over the input unless told so."""
    if not in_place and output is None and suffix is None:
        return None
    from xlperf.package.save import claim  # most runs only check, and start-up is felt

    if in_place:
        if output is not None:
            raise SaveError("-o 和 --in-place 只能用一个。")
        return claim(source)
    path = output or source.with_name(f"{source.stem}{suffix}{source.suffix}")
    target = claim(path)
    if target.is_file_of(source):
        raise SaveError(f"{target}：输出与输入是同一个文件。要直接改原文件请用 --in-place，否则换一个文件名。")
    if {source.suffix.lower(), path.suffix.lower()} == {".xlsx", ".xlsm"}:
        raise SaveError(f"{target}：{source.name} 只能存成 {source.suffix} 文件，改了扩展名 Excel 就打不开。")
    return target


def required_target(source: Path, output: Path | None, in_place: bool, suffix: str | None = None) -> Target:
    """The same of a command that always writes."""
    target = target_of(source, output, in_place, suffix)
    if target is None:
        raise SaveError("请用 -o 指定输出文件，或用 --in-place 直接改原文件。")
    return target


def require_new(path: Path, *suffixes: str) -> Target:
    """Claim a name for a new file; refuse one that is taken or has another suffix than these."""
    from xlperf.package.save import claim

    target = claim(path)
    if target.found is not None:
        raise SaveError(f"{target}：文件已存在，没有覆盖。请换一个文件名，或先移走原文件。")
    if path.suffix.lower() not in suffixes:
        raise SaveError(f"{target}：文件名应以 {' 或 '.join(suffixes)} 结尾。")
    return target
