"""`xlperf addin build --lite`: the two files of an xlwings Lite project, requirements.txt and main.py.

Lite keeps both inside the workbook, and registers what main.py holds: functions for cells, scripts for its buttons.
"""

from __future__ import annotations

from pathlib import Path

from xlperf import __version__
from xlperf.errors import SaveError
from xlperf.hosts.commands import COMMANDS
from xlperf.package.save import claim, save_atomically
from xlperf.udf.registry import FUNCTIONS

XLWINGS = "xlwings>=0.37.8,<1"  # as in pyproject.toml
_COMMANDS = tuple(each for each in COMMANDS if each.is_for_lite)
SCRIPTS = tuple(sorted(each.macro for each in _COMMANDS))

HINTS = (
    "用法：在 Excel 中打开 xlwings Lite，把 requirements.txt 和 main.py 的内容分别贴进同名的页签。",
    f"装好后单元格里可用 =PERF_SCORE(区域) 等函数，运行列表里有 {'、'.join(each.title for each in _COMMANDS)}。",
    "PyPI 上没有 xlperf 时，把 requirements.txt 里 xlperf 一行换成安装包（.whl）的网址。",
    "尚未在真正的 Excel 里验证；函数和审核已在 Pyodide（xlwings Lite 所用的 Python）中测试。",
)


def lite_files() -> dict[str, str]:
    """Name -> content."""
    functions = "".join(f"    {each.name},\n" for each in FUNCTIONS)
    exported = "".join(f'    "{name}",\n' for name in (*(each.name for each in FUNCTIONS), *SCRIPTS))
    main = (
        f'"""xlperf {__version__}：绩效自评的单元格函数和脚本，供 xlwings Lite 使用。"""\n\n'
        f"from xlperf.udf.excel import (\n{functions})\n"
        f"from xlperf.udf.scripts import {', '.join(SCRIPTS)}\n\n"
        f"__all__ = [\n{exported}]\n"
    )
    return {"requirements.txt": f"{XLWINGS}\nxlperf=={__version__}\n", "main.py": main}


def build_lite(folder: Path) -> list[Path]:
    """Write the files; a file that says something else is left alone."""
    written = []
    for name, content in lite_files().items():
        target = folder / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            place = claim(target)
            if place.found is None:
                save_atomically(place, content.encode())
            elif target.read_bytes() != content.encode():
                raise SaveError(f"{target}：已有内容不同的同名文件，没有覆盖。请换一个文件夹，或先移走它。")
        except OSError as error:
            raise SaveError(f"{target}：不能写入（{error.strerror}）。请换一个可写的文件夹。") from error
        written.append(target)
    return written
