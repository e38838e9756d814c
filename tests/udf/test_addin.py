"""`addin`: what is told about a Windows computer, here a folder that looks like one, and the files for xlwings Lite."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.places import ROOT
from xlperf import cli
from xlperf.errors import SaveError
from xlperf.udf import FUNCTIONS
from xlperf.udf.addin import (
    UDF_MODULES,
    Item,
    Machine,
    State,
    diagnose,
    installed_addin,
    lines,
    read_settings,
    settings_file,
    this_machine,
)
from xlperf.udf.install import install, uninstall
from xlperf.udf.lite import XLWINGS, build_lite, lite_files

MODULES = ";".join(UDF_MODULES)
PYTHON = r"C:\Users\李会计\Python311\python.exe"
SECURITY = r"Software\Microsoft\Office\16.0\Excel\Security"
POLICY = r"Software\Policies\Microsoft\Office\16.0\Excel\Security"


@dataclasses.dataclass
class Windows:
    """A profile in which everything is as it should be, to be spoilt by a test."""

    folder: Path
    registry: dict[tuple[str, str], object]
    settings: dict[str, str]
    changes: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def machine(self) -> Machine:
        written = "".join(f'"{name}","{value}"\r\n' for name, value in self.settings.items())
        (self.folder / "home/.xlwings/xlwings.conf").write_bytes(written.encode("gbk"))
        machine = Machine(
            platform="win32",
            executable=PYTHON,
            python_version=(3, 11, 9),
            prefix=self.folder / "prefix",
            xlwings_version="0.37.8",
            xlwings_folder=self.folder / "xlwings",
            home=self.folder / "home",
            variables={"APPDATA": str(self.folder / "home/AppData/Roaming"), "USERPROFILE": r"C:\Users\李会计"},
            registry=lambda key, name: self.registry.get((key, name)),
            code_page="gbk",
        )
        return machine._replace(**self.changes)

    @property
    def wrong(self) -> dict[str, Item]:
        return {each.title: each for each in diagnose(self.machine) if each.state is State.WRONG}


@pytest.fixture
def windows(tmp_path: Path) -> Windows:
    for name in ("home/.xlwings", "home/AppData/Roaming/Microsoft/Excel/XLSTART", "prefix", "xlwings/addin"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("xlwings/addin/xlwings.xlam", "home/AppData/Roaming/Microsoft/Excel/XLSTART/xlwings.xlam"):
        (tmp_path / name).write_bytes(b"add-in 0.37.8")
    for bits in ("32", "64"):
        (tmp_path / f"prefix/xlwings{bits}-0.37.8.dll").write_bytes(b"")
    settings = {"INTERPRETER_WIN": r"C:\Users\李会计\Python311\pythonw.exe", "UDF MODULES": MODULES}
    return Windows(tmp_path, {(SECURITY, "AccessVBOM"): 1}, settings)


def test_all_is_well(windows: Windows) -> None:
    assert windows.wrong == {}
    shown = list(lines(diagnose(windows.machine)))
    assert shown[-1] == "没有发现问题。"
    assert any("Object required" in line for line in shown), "what cannot be seen is at least explained"


def _older_addin(windows: Windows) -> None:
    (installed_addin(windows.machine)).write_bytes(b"add-in 0.30.0")


def _no_addin(windows: Windows) -> None:
    (installed_addin(windows.machine)).unlink()


def _no_dll(windows: Windows) -> None:
    (windows.folder / "prefix/xlwings64-0.37.8.dll").rename(windows.folder / "prefix/xlwings64-0.30.0.dll")


FAULTS: list[tuple[Callable[[Windows], object], str, str]] = [
    (lambda w: w.changes.update(python_version=(3, 10, 1)), "Python", "3.11"),
    (lambda w: w.changes.update(xlwings_version="0.33.1"), "xlwings", "xlwings>=0.37.8"),
    (lambda w: w.changes.update(xlwings_version="1.0.0"), "xlwings", "<1"),
    (_no_addin, "xlwings 加载项", "xlperf addin install"),
    (_older_addin, "xlwings 加载项", "同一版本"),
    (_no_dll, "xlwings 的 DLL", "--force-reinstall"),
    (lambda w: w.settings.update(INTERPRETER_WIN=r"D:\conda\pythonw.exe"), "加载项所用的 Python", PYTHON),
    (lambda w: w.settings.pop("INTERPRETER_WIN"), "加载项所用的 Python", PYTHON),
    (
        lambda w: w.settings.update(INTERPRETER_WIN=r"C:\Users\x\AppData\Local\Microsoft\WindowsApps\python.exe"),
        "加载项所用的 Python",
        "Interpreter",
    ),
    (lambda w: w.settings.pop("UDF MODULES"), "UDF Modules", MODULES),
    (lambda w: w.settings.update({"UDF MODULES": "mine"}), "UDF Modules", f"mine;{MODULES}"),
    (lambda w: w.settings.update({"UDF MODULES": UDF_MODULES[0]}), "UDF Modules", MODULES),
    (lambda w: w.settings.update({"DEBUG UDFS": "True"}), "Debug UDFs", "取消"),
    (lambda w: w.registry.clear(), "信任对 VBA 工程对象模型的访问", "宏设置"),
    (lambda w: w.registry.update({(POLICY, "AccessVBOM"): 0}), "信任对 VBA 工程对象模型的访问", "信息管理员"),
    (lambda w: w.registry.update({(SECURITY, "VBAWarnings"): 4}), "宏", "发出通知"),
]


@pytest.mark.parametrize(("spoil", "title", "advice"), FAULTS)
def test_one_fault_is_named_alone(
    windows: Windows, spoil: Callable[[Windows], object], title: str, advice: str
) -> None:
    spoil(windows)
    wrong = windows.wrong
    # An older xlwings lacks its own DLLs here too.
    assert set(wrong) - {"xlwings 的 DLL"} <= {title}
    assert title in wrong
    assert advice in wrong[title].advice


@pytest.mark.parametrize(
    "settings",
    [
        {"INTERPRETER_WIN": r"c:\users\李会计\PYTHON311\python.exe"},
        {"INTERPRETER_WIN": r"%userprofile%\Python311\pythonw.exe"},
        {"CONDA PATH": r"D:\conda", "CONDA ENV": "xlperf"},
        {"UDF MODULES": f"mine; {MODULES}"},
        {"DEBUG UDFS": "False"},
    ],
)
def test_not_a_fault(windows: Windows, settings: dict[str, str]) -> None:
    windows.settings.update(settings)
    assert windows.wrong == {}


def test_onedrive_is_a_note_until_it_is_set(windows: Windows) -> None:
    folder = r"C:\Users\李会计\OneDrive"
    windows.changes["variables"] = {**windows.machine.variables, "OneDriveConsumer": folder}
    (note,) = [each for each in diagnose(windows.machine) if each.title == "OneDrive"]
    assert note.state is State.NOTE
    assert f'"ONEDRIVE_CONSUMER_WIN","{folder}"' in note.advice
    windows.settings["ONEDRIVE_CONSUMER_WIN"] = folder
    assert not [each for each in diagnose(windows.machine) if each.title == "OneDrive"]


def test_settings_in_either_encoding(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == {}
    (tmp_path / ".xlwings").mkdir()
    text = '"UDF modules","xlperf.udf.excel"\nnonsense\n"PYTHONPATH","D:\\绩效"\n'
    for encoding in ("utf-8", "utf-8-sig", "gbk"):
        (tmp_path / ".xlwings/xlwings.conf").write_bytes(text.encode(encoding))
        assert read_settings(tmp_path) == {"UDF MODULES": "xlperf.udf.excel", "PYTHONPATH": "D:\\绩效"}


@pytest.mark.parametrize(("platform", "word"), [("linux", "没有 Excel"), ("darwin", "macOS")])
def test_elsewhere(windows: Windows, platform: str, word: str) -> None:
    machine = windows.machine._replace(platform=platform)
    assert [each.title for each in diagnose(machine)] == ["Python", "xlwings", "系统"]
    assert word in "".join(lines(diagnose(machine)))


def test_no_xlwings(windows: Windows) -> None:
    windows.changes.update(xlwings_version=None, xlwings_folder=None)
    assert "没有安装" in windows.wrong["xlwings"].found


# install and uninstall


def bare(windows: Windows) -> Machine:
    """As a computer is before: no add-in, no settings."""
    machine = windows.machine
    installed_addin(machine).unlink()
    settings_file(machine.home).unlink()
    return machine


def test_install_sets_up_what_status_asks_for(windows: Windows) -> None:
    machine = bare(windows)
    told = list(install(machine))
    assert installed_addin(machine).read_bytes() == b"add-in 0.37.8"
    assert read_settings(machine.home) == {
        "UDF MODULES": MODULES,
        "INTERPRETER_WIN": PYTHON,
        "ADD_WORKBOOK_TO_PYTHONPATH": "false",
    }
    assert [item for item in diagnose(machine) if item.state is State.WRONG] == []
    assert str(installed_addin(machine)) in told[0]
    assert any("信任对 VBA 工程对象模型的访问" in line for line in told), "what is the user's to decide is told"
    before = settings_file(machine.home).read_bytes()
    assert len(list(install(machine))) == len(told) - 3, "nothing is done twice"
    assert settings_file(machine.home).read_bytes() == before


def test_install_keeps_what_others_set(windows: Windows) -> None:
    machine = bare(windows)
    lines_before = (
        '"UDF Modules","mine"\r\n"PYTHONPATH","D:\\绩效"\r\n"INTERPRETER_WIN","D:\\other\\python.exe"\r\n# note\r\n'
    )
    settings_file(machine.home).write_bytes(lines_before.encode("gbk"))
    told = list(install(machine))
    text = settings_file(machine.home).read_bytes().decode("gbk")
    assert text == lines_before.replace('"UDF Modules","mine"', f'"UDF MODULES","mine;{MODULES}"')
    assert any("没有改动" in line and PYTHON in line for line in told)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_settings_that_excel_misreads(windows: Windows, encoding: str) -> None:
    """Written by Python in UTF-8 mode, or by Notepad: VBA reads the code page, and the path becomes nonsense."""
    machine = windows.machine
    file = settings_file(machine.home)
    file.write_bytes(file.read_bytes().decode("gbk").encode(encoding))
    (item,) = (each for each in diagnose(machine) if each.title == "xlwings.conf 的编码")
    assert (item.state, "gbk" in item.found, "xlperf addin install" in item.advice) == (State.WRONG, True, True)
    list(install(machine))
    assert read_settings(machine.home) == windows.settings
    assert "李会计".encode("gbk") in file.read_bytes()
    assert [item for item in diagnose(machine) if item.state is State.WRONG] == []


def test_utf8_is_right_where_windows_uses_it(windows: Windows) -> None:
    machine = windows.machine._replace(code_page="cp65001")
    file = settings_file(machine.home)
    file.write_bytes(file.read_bytes().decode("gbk").encode())
    assert [item for item in diagnose(machine) if item.state is State.WRONG] == []


def test_the_code_page_is_that_of_the_system_in_utf8_mode_too() -> None:
    code = "from xlperf.udf.addin import this_machine; print(this_machine().code_page)"
    environment = os.environ | {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}
    said = [
        subprocess.run([sys.executable, *mode, "-c", code], capture_output=True, text=True, env=environment, check=True)
        for mode in (("-X", "utf8=0"), ("-X", "utf8=1"))
    ]
    assert said[0].stdout == said[1].stdout != "utf-8\n"


BESIDE = """
import sys, xlwings.utils
xlwings.utils.prepare_sys_path(sys.argv[1])
import xlperf.udf.excel
"""


@pytest.mark.parametrize(
    ("beside", "add_workbook", "found"),
    [
        ("xlperf/自评.xlsx", "true", True),  # a plain folder of that name
        ("xlperf/__init__.py", "true", False),  # what the setting is for
        ("xlperf/__init__.py", "false", True),
        ("xlperf.py", "false", True),
    ],
)
def test_a_folder_of_that_name_beside_the_workbook(tmp_path: Path, beside: str, add_workbook: str, found: bool) -> None:
    """As the add-in starts Python; `install` sets the last two where nobody has set up xlwings before."""
    (tmp_path / beside).parent.mkdir(exist_ok=True)
    (tmp_path / beside).write_bytes(b"")
    book = tmp_path / "自评.xlsm"
    command = [sys.executable, "-B", "-c", BESIDE, f"{add_workbook};{book};{book};;;"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode == 0) == found


def test_uninstall_takes_back_what_install_did(windows: Windows) -> None:
    machine = bare(windows)
    list(install(machine))
    list(uninstall(machine))
    assert not installed_addin(machine).exists()
    assert read_settings(machine.home) == {}


def test_uninstall_leaves_the_add_in_to_others(windows: Windows) -> None:
    windows.settings["UDF MODULES"] = f"mine;{MODULES}"
    machine = windows.machine
    told = list(uninstall(machine))
    assert installed_addin(machine).exists()
    assert read_settings(machine.home) == windows.settings | {"UDF MODULES": "mine"}
    assert "mine" in told[0]


def test_uninstall_leaves_another_version_alone(windows: Windows) -> None:
    machine = windows.machine
    installed_addin(machine).write_bytes(b"add-in 0.30.0")
    list(uninstall(machine))
    assert installed_addin(machine).read_bytes() == b"add-in 0.30.0"


def test_a_name_the_code_page_lacks_changes_nothing(windows: Windows) -> None:
    machine = bare(windows)._replace(code_page="cp1252")
    with pytest.raises(SaveError, match="cp1252"):
        list(install(machine))
    assert not settings_file(machine.home).exists()


def test_no_add_in_to_install(windows: Windows) -> None:
    with pytest.raises(SaveError, match=r"xlwings\.xlam"):
        list(install(windows.machine._replace(xlwings_folder=None)))


def test_this_machine_is_read() -> None:
    machine = this_machine()
    assert machine.xlwings_version
    assert machine.xlwings_folder
    assert (machine.xlwings_folder / "addin" / "xlwings.xlam").is_file(), "what the installed add-in is compared with"


def _command(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(arguments)
    assert isinstance(left.value.code, int)
    return left.value.code


def test_commands(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert _command("addin", "status") == 0
    assert "✓ Python" in capsys.readouterr().out
    for command in ("install", "uninstall"):
        assert _command("addin", command) == 2, "this is no Windows"
        assert "--libreoffice" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert _command("addin", "build", "--lite") == 0
    captured = capsys.readouterr()
    assert [Path(line).name for line in captured.out.split()] == ["requirements.txt", "main.py"]
    assert "尚未" in captured.err, "what has not been tried is said"
    assert _command("addin", "build") == 2


# xlwings Lite

_LITE = """
import importlib.abc, json, sys, types

class Refuse(importlib.abc.MetaPathFinder):
    "Only the standard library and our own package, as if nothing else were installed."
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] not in sys.stdlib_module_names | {"xlperf"}:
            raise ModuleNotFoundError(f"{name} is not there in xlwings Lite", name=name)

sys.meta_path.insert(0, Refuse())
stub = types.ModuleType("xlwings")
stub.functions, stub.documented, stub.scripts = [], [], []

def func(f=None, **options):
    if f is None:
        return func_inner
    return func_inner(f)

def func_inner(f):
    stub.functions.append(f)
    return f

def arg(name, **options):
    assert options["ndim"] == 2 and len(options["doc"]) < 255
    stub.documented.append(name)
    return lambda f: f

def script(f):
    stub.scripts.append(f)
    return f

stub.func, stub.arg, stub.script = func, arg, script
stub.Book = stub.BookAsync = type("Book", (), {})
sys.modules["xlwings"] = stub
space = {"__name__": "main"}
exec(compile(open(sys.argv[1], encoding="utf-8").read(), "main.py", "exec"), space)
json.dump({
    "functions": [f.__name__ for f in stub.functions if space[f.__name__] is f],
    "documented": len(stub.documented),
    "scripts": sorted(f.__name__ for f in stub.scripts if space[f.__name__] is f),
    "exported": sorted(space["__all__"]),
    "score": space["PERF_SCORE"]([["≥98%", "49%", 10.0, ""]]),
    "grade": space["PERF_GRADE"]([["#N/A"]]),
}, sys.stdout)
"""


def test_lite_main_registers_everything(tmp_path: Path) -> None:
    import json

    from xlperf.udf import scripts

    _, main = build_lite(tmp_path / "neu")
    done = subprocess.run(
        [sys.executable, "-c", _LITE, str(main)], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["functions"] == [each.name for each in FUNCTIONS]
    assert found["documented"] == sum(len(each.arguments) for each in FUNCTIONS)
    assert found["scripts"] == sorted(scripts.__all__)
    assert found["exported"] == sorted([*found["functions"], *scripts.__all__])
    assert (found["score"], found["grade"]) == (5.0, "#N/A")


def test_lite_requirements() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert XLWINGS in project["dependencies"]
    from xlperf import __version__

    assert lite_files()["requirements.txt"].splitlines() == [XLWINGS, f"xlperf=={__version__}"]


def test_lite_does_not_overwrite(tmp_path: Path) -> None:
    build_lite(tmp_path)
    build_lite(tmp_path)
    (tmp_path / "main.py").write_text("print('mine')\n", "utf-8")
    with pytest.raises(SaveError, match=r"main\.py"):
        build_lite(tmp_path)
    assert (tmp_path / "main.py").read_text("utf-8") == "print('mine')\n"
