"""`xlperf addin install` and `uninstall`: the xlwings add-in, its interpreter and its UDF modules, for one user.

Two files are written, both the user's own: the add-in in Excel's start-up folder and xlwings.conf. What guards the
computer (trust in VBA projects) is for the user to decide; that and what only Excel can do is told as steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PureWindowsPath

from xlperf.errors import SaveError
from xlperf.package.save import Target, claim, make_folder, save_atomically
from xlperf.udf.addin import (
    BESIDE_WORKBOOK,
    SETTING,
    UDF_MODULES,
    Machine,
    addin_of_package,
    installed_addin,
    interpreter_in,
    is_misread,
    is_ours,
    listed_modules,
    read_settings,
    settings_file,
    settings_text,
)

_STEPS = (
    "接下来在 Excel 里做（只做一次）：",
    "1. 文件—选项—信任中心—信任中心设置—宏设置，勾选“信任对 VBA 工程对象模型的访问”",
    "2. 用 xlperf new 自评.xlsm 新建带按钮的工作簿（或把已有的另存为 .xlsm），打开它",
    "3. 按 Alt+F11，“工具—引用”里勾选 xlwings",
    "4. 点“xlwings”选项卡的 Import Functions；之后可以写 =PERF_SCORE(区域)，按钮也能用了",
    "有问题时运行 xlperf addin status。以上没有在真正的 Excel 里运行过，请把不对的地方告诉我们。",
)


def install(machine: Machine) -> Iterator[str]:
    """Do it and say what was done and what is left to do; raises `SaveError` where something cannot be written.

    An interpreter that somebody chose for other work is left as it is, and said to be another one.
    """
    source = addin_of_package(machine)
    if source is None:
        raise SaveError("没有找到 xlwings 自带的加载项 xlwings.xlam。请运行 pip install --force-reinstall xlwings。")
    target = installed_addin(machine)
    if not target.is_file() or target.read_bytes() != source.read_bytes():
        _write(claim(target), source.read_bytes())
        yield f"已安装 xlwings 加载项：{target}"
    settings = read_settings(machine.home, machine.code_page)
    wanted = {"UDF MODULES": ";".join(dict.fromkeys((*listed_modules(settings), *UDF_MODULES)))}
    stated = interpreter_in(settings)
    if not stated and not settings.get("CONDA PATH"):
        wanted["INTERPRETER_WIN"] = _interpreter(machine)
    elif stated and not is_ours(stated, machine):
        yield (
            f"加载项原来设的 Python 是 {stated}，没有改动。要用 xlperf，"
            f"请在“xlwings”选项卡 Interpreter 处改为 {_interpreter(machine)}。"
        )
    if not settings:
        wanted[BESIDE_WORKBOOK] = "false"
        yield (
            "xlwings 不再到工作簿所在的文件夹里找模块，以免旁边的 xlperf 文件夹挡住 xlperf；"
            f"自己有模块放在那里的，把 {BESIDE_WORKBOOK} 改为 true。"
        )
    if is_misread(machine) or any(settings.get(name) != value for name, value in wanted.items()):
        _write_settings(machine, wanted)
        told = "，".join(f"{name} = {value}" for name, value in wanted.items())
        yield f"已设置 {settings_file(machine.home)}：{told}"
    yield from _STEPS


def uninstall(machine: Machine) -> Iterator[str]:
    """Take back what `install` wrote; the add-in itself stays where other modules still use it."""
    settings = read_settings(machine.home, machine.code_page)
    others = [each for each in listed_modules(settings) if each not in UDF_MODULES]
    changes: dict[str, str | None] = {}
    if len(others) < len(listed_modules(settings)):
        changes["UDF MODULES"] = ";".join(others) or None
    target, source = installed_addin(machine), addin_of_package(machine)
    if others:
        yield f"xlwings 加载项还有别的模块在用（{'；'.join(others)}），加载项和 Python 的设置保留。"
    else:
        if settings.get("INTERPRETER_WIN") and is_ours(settings["INTERPRETER_WIN"], machine):
            changes["INTERPRETER_WIN"] = None
        if target.is_file() and source and target.read_bytes() == source.read_bytes():
            try:
                target.unlink()
            except OSError as error:
                raise SaveError(f"{target}：不能删除（{error.strerror}）。请先关闭 Excel 再试。") from error
            yield f"已删除 {target}"
    if changes and not others and set(settings) <= {*changes, BESIDE_WORKBOOK}:
        changes[BESIDE_WORKBOOK] = None  # nobody else has set anything
    if changes:
        _write_settings(machine, changes)
        yield f"已从 {settings_file(machine.home)} 去掉 xlperf 的设置。"
    yield "写了 PERF_ 函数的工作簿，请先用 xlperf freeze 固定为数值，否则以后显示 #NAME?。"
    yield "不再需要的，请在 Excel 的宏设置里取消“信任对 VBA 工程对象模型的访问”。"


def _interpreter(machine: Machine) -> str:
    """pythonw.exe where there is one: python.exe would open a black window."""
    windowless = PureWindowsPath(machine.executable).with_name("pythonw.exe")
    return str(windowless) if Path(str(windowless)).is_file() else machine.executable


def _write_settings(machine: Machine, changes: Mapping[str, str | None]) -> None:
    """Set or (None) drop settings; every other line stays. Written in the code page, in which Excel reads it."""
    target = claim(settings_file(machine.home))
    text, _ = settings_text(machine.home, machine.code_page)
    left = dict(changes)
    lines = []
    for line in text.splitlines():
        match = SETTING.fullmatch(line)
        name = match[1].upper() if match else ""
        value = left.pop(name, None)
        if name not in changes:
            lines.append(line)
        elif value is not None:
            lines.append(f'"{name}","{value}"')
    lines += [f'"{name}","{value}"' for name, value in left.items() if value is not None]
    try:
        content = "".join(f"{line}\r\n" for line in lines).encode(machine.code_page)
    except UnicodeEncodeError as error:
        raise SaveError(
            f"{target}：这台电脑的编码 {machine.code_page} 写不出“{error.object[error.start : error.end]}”，没有改动。"
            "请把 Python 装在只有英文字母的路径里。"
        ) from None
    _write(target, content)


def _write(target: Target, content: bytes) -> None:
    make_folder(target.path.parent)
    save_atomically(target, content)
