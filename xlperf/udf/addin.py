"""`xlperf addin status`: is this computer ready for the PERF_* functions in Excel, and if not, what is to be done?

Looks only, changes nothing. What it looks at comes in as a `Machine`, so that every case can be tried anywhere.
"""

from __future__ import annotations

import codecs
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from pathlib import Path, PureWindowsPath
from typing import NamedTuple

BESIDE_WORKBOOK = "ADD_WORKBOOK_TO_PYTHONPATH"
UDF_MODULES = ("xlperf.udf.excel", "xlperf.udf.runpython")  # the functions, and what the buttons run
_OLDEST_PYTHON = (3, 11)
_OLDEST_XLWINGS = (0, 37, 8)
_OFFICES = ("16.0", "15.0", "14.0")
SETTING = re.compile(r'\s*"([^"]*)"\s*,\s*"([^"]*)"\s*')
_ONEDRIVES = {"OneDriveConsumer": "ONEDRIVE_CONSUMER_WIN", "OneDriveCommercial": "ONEDRIVE_COMMERCIAL_WIN"}

RegistryReader = Callable[[str, str], object]
"""Key below HKEY_CURRENT_USER and name -> value, None if there is none."""


class State(Enum):
    """How an item stands; the value is the sign printed before it."""

    GOOD = "✓"
    WRONG = "✗"
    NOTE = "·"


class Item(NamedTuple):
    """One thing looked at. `advice` says what to do."""

    state: State
    title: str
    found: str
    advice: str = ""


class Machine(NamedTuple):
    """All that the diagnosis looks at."""

    platform: str
    executable: str
    python_version: tuple[int, ...]
    prefix: Path  # where Python is installed; the DLLs of xlwings lie there
    xlwings_version: str | None
    xlwings_folder: Path | None
    home: Path
    variables: Mapping[str, str]
    registry: RegistryReader
    code_page: str  # in which programs without Unicode, VBA among them, read text files


def this_machine() -> Machine:
    """The computer that this runs on."""
    import importlib.metadata
    import locale
    import os

    try:
        version: str | None = importlib.metadata.version("xlwings")
        # Found, not imported: a broken pywin32 must not keep the diagnosis from running.
        folder: Path | None = Path(str(importlib.metadata.distribution("xlwings").locate_file("xlwings")))
    except importlib.metadata.PackageNotFoundError:
        version = folder = None
    return Machine(
        platform=sys.platform,
        executable=sys.executable,
        python_version=tuple(sys.version_info[:3]),
        prefix=Path(sys.prefix),
        xlwings_version=version,
        xlwings_folder=folder,
        home=Path.home(),
        variables=dict(os.environ),
        registry=_registry,
        code_page=locale.getencoding(),  # getpreferredencoding says UTF-8 where Python is in UTF-8 mode
    )


def _registry(key: str, name: str) -> object:
    if sys.platform != "win32":
        return None
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
            return winreg.QueryValueEx(opened, name)[0]
    except OSError:
        return None


def diagnose(machine: Machine) -> list[Item]:
    """Everything that is known to go wrong, in the order in which it must be put right."""
    items = [_python(machine), _xlwings(machine), _platform(machine)]
    if machine.platform == "win32":
        settings = read_settings(machine.home, machine.code_page)
        items += [
            _addin(machine),
            _dll(machine),
            _interpreter(machine, settings),
            _udf_modules(settings),
            *_encoding(machine),
            *_beside_workbook(settings),
            *_debugging(settings),
            _trust(machine),
            *_macros(machine),
            *_onedrive(machine, settings),
            *_SYMPTOMS,
        ]
    return items


def lines(items: list[Item]) -> Iterator[str]:
    """What the command prints."""
    for each in items:
        yield f"{each.state.value} {each.title}：{each.found}"
        if each.advice:
            yield f"    怎么办：{each.advice}"
    wrong = sum(each.state is State.WRONG for each in items)
    yield f"{wrong} 处需要处理。" if wrong else "没有发现问题。"


def read_settings(home: Path, code_page: str = "gbk") -> dict[str, str]:
    """xlwings.conf of the user: NAME in capitals -> value."""
    found = (SETTING.fullmatch(line) for line in settings_text(home, code_page)[0].splitlines())
    return {match[1].upper(): match[2].strip() for match in found if match}


def settings_text(home: Path, code_page: str) -> tuple[str, str | None]:
    """The file as it stands, and its encoding if that can be told; the ribbon writes in the code page of Windows."""
    try:
        content = settings_file(home).read_bytes()
    except OSError:
        return "", None
    for encoding in ("ascii", "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8"):
        try:
            return content.decode(encoding), None if encoding == "ascii" else encoding
        except UnicodeDecodeError:
            continue
    return content.decode(code_page, errors="replace"), code_page


def settings_file(home: Path) -> Path:
    """Where the xlwings add-in keeps what its ribbon says."""
    return home / ".xlwings" / "xlwings.conf"


# What is looked at


def _python(machine: Machine) -> Item:
    version = ".".join(map(str, machine.python_version))
    found = f"{version}（{machine.executable}）"
    if machine.python_version[:2] < _OLDEST_PYTHON:
        return Item(
            State.WRONG, "Python", found, "xlperf 需要 Python 3.11 或更新的版本，请安装后重新 pip install xlperf。"
        )
    return Item(State.GOOD, "Python", found)


def _xlwings(machine: Machine) -> Item:
    version = machine.xlwings_version
    if version is None:
        return Item(State.WRONG, "xlwings", "没有安装", "运行 pip install xlperf，会一并装上。")
    numbers = tuple(map(int, re.findall(r"\d+", version)[:3]))
    if not _OLDEST_XLWINGS <= numbers < (1,):
        return Item(State.WRONG, "xlwings", version, '运行 pip install "xlwings>=0.37.8,<1"。')
    return Item(State.GOOD, "xlwings", version)


def _platform(machine: Machine) -> Item:
    if machine.platform == "win32":
        return Item(State.GOOD, "系统", "Windows")
    if machine.platform == "darwin":
        advice = "单元格函数请用 xlwings Lite（xlperf addin build --lite）。"
        return Item(State.NOTE, "系统", "macOS：xlwings 加载项在这里没有单元格函数", advice)
    advice = "请用 xlperf fill、check 等命令处理文件；Excel 加载项的检查请在 Windows 上运行。"
    return Item(State.NOTE, "系统", f"{machine.platform}：这里没有 Excel", advice)


def startup_folder(machine: Machine) -> Path:
    """XLSTART of the user."""
    roaming = machine.variables.get("APPDATA")
    return (Path(roaming) if roaming else machine.home / "AppData" / "Roaming") / "Microsoft" / "Excel" / "XLSTART"


def installed_addin(machine: Machine) -> Path:
    """The add-in as Excel loads it at each start."""
    return startup_folder(machine) / "xlwings.xlam"


def addin_of_package(machine: Machine) -> Path | None:
    """The add-in that came with the installed xlwings."""
    source = machine.xlwings_folder / "addin" / "xlwings.xlam" if machine.xlwings_folder else None
    return source if source and source.is_file() else None


def _addin(machine: Machine) -> Item:
    installed = installed_addin(machine)
    title = "xlwings 加载项"
    if not installed.is_file():
        advice = "关闭 Excel，运行 xlperf addin install，再打开 Excel；应出现“xlwings”选项卡。"
        return Item(State.WRONG, title, f"没有安装（找过 {installed}）", advice)
    source = addin_of_package(machine)
    if source and source.read_bytes() != installed.read_bytes():
        advice = (
            "关闭 Excel，重新运行 xlperf addin install：加载项与 Python 里的 xlwings 必须是同一版本，否则找不到 DLL。"
        )
        return Item(
            State.WRONG, title, f"{installed}，与已安装的 xlwings {machine.xlwings_version} 不是同一版本", advice
        )
    return Item(State.GOOD, title, str(installed))


def _dll(machine: Machine) -> Item:
    """Excel loads the DLL of exactly the add-in's version, 32 or 64 bits as Excel is, from beside python.exe."""
    version = machine.xlwings_version or "?"
    names = [f"xlwings{bits}-{version}.dll" for bits in ("32", "64")]
    folders = list(dict.fromkeys((machine.prefix, Path(machine.executable).parent)))
    missing = [name for name in names if not any((folder / name).is_file() for folder in folders)]
    if missing:
        others = sorted({path.name for folder in folders for path in folder.glob("xlwings*.dll")})
        beside = f"（只有 {'、'.join(others)}）" if others else ""
        advice = "关闭 Excel，运行 pip install --force-reinstall --no-deps xlwings，再运行 xlperf addin install。"
        return Item(State.WRONG, "xlwings 的 DLL", f"{folders[0]} 中没有 {'、'.join(missing)}{beside}", advice)
    return Item(State.GOOD, "xlwings 的 DLL", "、".join(names))


def _interpreter(machine: Machine, settings: Mapping[str, str]) -> Item:
    title, wanted = "加载项所用的 Python", PureWindowsPath(machine.executable)
    advice = f"在 Excel 的“xlwings”选项卡 Interpreter 处填 {wanted}。"
    if settings.get("CONDA PATH"):
        found = f"Conda：{settings['CONDA PATH']}，环境 {settings.get('CONDA ENV') or '（空白）'}"
        return Item(State.NOTE, title, found, f"请核对它就是装有 xlperf 的环境；如不是，清空 Conda 两项，{advice}")
    stated = interpreter_in(settings)
    if not stated:
        return Item(State.WRONG, title, "没有设置，Excel 会用 PATH 里碰到的第一个", advice)
    if "windowsapps" in stated.lower():
        return Item(State.WRONG, title, f"{stated}：这是应用商店的占位程序", advice)
    if not is_ours(stated, machine):
        return Item(State.WRONG, title, f"{stated}，不是装有 xlperf 的 {wanted}", advice)
    return Item(State.GOOD, title, stated)


def interpreter_in(settings: Mapping[str, str]) -> str:
    """The Python that Excel is told to start."""
    return settings.get("INTERPRETER_WIN") or settings.get("INTERPRETER") or ""


def is_ours(stated: str, machine: Machine) -> bool:
    """Is it the Python that runs this? pythonw.exe beside python.exe is as good, and paths compare without case."""
    return PureWindowsPath(_expanded(stated, machine.variables)).parent == PureWindowsPath(machine.executable).parent


def _expanded(text: str, variables: Mapping[str, str]) -> str:
    known = {name.upper(): value for name, value in variables.items()}
    return re.sub(r"%([^%]*)%", lambda found: known.get(found[1].upper(), found[0]), text)


def _udf_modules(settings: Mapping[str, str]) -> Item:
    modules = listed_modules(settings)
    if set(UDF_MODULES) <= set(modules):
        return Item(State.GOOD, "UDF Modules", "; ".join(modules))
    wanted = ";".join(dict.fromkeys((*modules, *UDF_MODULES)))
    advice = f"在“xlwings”选项卡 UDF Modules 处填 {wanted}，再点 Import Functions。"
    return Item(State.WRONG, "UDF Modules", "; ".join(modules) or "没有设置", advice)


def listed_modules(settings: Mapping[str, str]) -> list[str]:
    """What Import Functions reads."""
    return [each.strip() for each in settings.get("UDF MODULES", "").split(";") if each.strip()]


def _encoding(machine: Machine) -> Iterator[Item]:
    """The ribbon and VBA read the file in the code page of Windows, whatever it was written in."""
    if is_misread(machine):
        advice = f"关闭 Excel，运行 xlperf addin install，会改用 {machine.code_page}；或用记事本另存，编码选 ANSI。"
        found = f"{settings_file(machine.home)} 是 UTF-8 编码，Excel 按 {machine.code_page} 读，其中的中文会成乱码"
        yield Item(State.WRONG, "xlwings.conf 的编码", found, advice)


def is_misread(machine: Machine) -> bool:
    """Not so where Windows was set to use UTF-8 everywhere."""
    encoding = settings_text(machine.home, machine.code_page)[1]
    return encoding == "utf-8-sig" or (encoding == "utf-8" and codecs.lookup(machine.code_page).name != "utf-8")


def _beside_workbook(settings: Mapping[str, str]) -> Iterator[Item]:
    """Modules are looked for beside the workbook first."""
    if settings.get(BESIDE_WORKBOOK, "").lower() != "false":
        advice = (
            "不要把 xlperf 的源代码放在工作簿旁边；自己没有模块放在工作簿旁边的，可在 xlwings.conf 加一行 "
            f'"{BESIDE_WORKBOOK}","false"。'
        )
        found = "xlwings 先在那里找模块：旁边的 xlperf.py 或带 __init__.py 的 xlperf 文件夹会挡住安装好的 xlperf"
        yield Item(State.NOTE, "工作簿所在的文件夹", found, advice)


def _debugging(settings: Mapping[str, str]) -> Iterator[Item]:
    if settings.get("DEBUG UDFS", "").lower() in ("true", "1"):
        advice = "在“xlwings”选项卡取消 Debug UDFs：勾选时 Excel 等待另外启动的 Python，函数都没有结果。"
        yield Item(State.WRONG, "Debug UDFs", "已勾选", advice)


def _security(machine: Machine, name: str) -> tuple[object, bool]:
    """A security setting of Excel, and whether the organisation has laid it down."""
    for root, by_policy in ((r"Software\Policies\Microsoft\Office", True), (r"Software\Microsoft\Office", False)):
        for office in _OFFICES:
            value = machine.registry(rf"{root}\{office}\Excel\Security", name)
            if value is not None:
                return value, by_policy
    return None, False


def _trust(machine: Machine) -> Item:
    """Import Functions writes VBA code into the workbook, which Excel allows only when told to."""
    title = "信任对 VBA 工程对象模型的访问"
    value, by_policy = _security(machine, "AccessVBOM")
    if value == 1:
        return Item(State.GOOD, title, "已勾选")
    if by_policy:
        return Item(
            State.WRONG, title, "被单位的策略关闭", "请单位的信息管理员放开，或改用 xlwings Lite、xlperf 命令。"
        )
    advice = "Excel：文件—选项—信任中心—信任中心设置—宏设置，勾选它；否则 Import Functions 报错。"
    return Item(State.WRONG, title, "没有勾选", advice)


def _macros(machine: Machine) -> Iterator[Item]:
    value, by_policy = _security(machine, "VBAWarnings")
    if value == 4:
        ask = "请单位的信息管理员放开。" if by_policy else "Excel：信任中心设置—宏设置，选“禁用所有宏，并发出通知”。"
        yield Item(State.WRONG, "宏", "全部禁用且不提示，函数和按钮都不会运行", ask)


def _onedrive(machine: Machine, settings: Mapping[str, str]) -> Iterator[Item]:
    """A workbook in a synchronised folder has a web address for a path."""
    for variable, setting in _ONEDRIVES.items():
        folder = machine.variables.get(variable)
        if folder and not settings.get(setting):
            advice = (
                f"工作簿最好放在 OneDrive 以外的文件夹；必须放在里面时，在 {settings_file(machine.home)} 加一行 "
                f'"{setting}","{folder}"。'
            )
            yield Item(State.NOTE, "OneDrive", f"{folder}：里面的工作簿路径是网址，xlwings 可能找不到文件", advice)


# Not to be seen from outside Excel
_SYMPTOMS = (
    Item(
        State.NOTE,
        "如果单元格显示“Object required”（要求对象）",
        "从外面看不出来",
        "多半是 Excel 里的 Python 没有启动：先改正上面的 ✗，点“xlwings”选项卡的 Restart UDF Server，"
        "再点 Import Functions，按 Ctrl+Alt+F9 全部重算。",
    ),
    Item(
        State.NOTE,
        "如果提示找不到 xlwings 工程或库",
        "从外面看不出来",
        "按 Alt+F11，“工具—引用”里勾选 xlwings，工作簿须另存为 .xlsm。",
    ),
)
