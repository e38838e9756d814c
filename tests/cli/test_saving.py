"""Every command that writes: what somebody else saved meanwhile stays, and nothing is half written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.command import Run
from tests.package.books import pack
from tests.places import contents
from xlperf import cli
from xlperf.form.forms import example_of
from xlperf.report.word import build_report
from xlperf.workbook.actions import fill, new_workbook, open_form

THEIRS = b"what somebody else wrote meanwhile"
# The arguments, the file that the command writes, and whether that is there before.
WRITERS = {
    "fill in place": (["fill", "表.xlsx", "--in-place"], "表.xlsx"),
    "fill, its own name": (["fill", "表.xlsx"], "表_已填.xlsx"),
    "check": (["check", "表.xlsx", "--in-place"], "表.xlsx"),
    "check, elsewhere": (["check", "表.xlsx", "-o", "审核.xlsx"], "审核.xlsx"),
    "clear": (["clear", "表.xlsx", "--in-place"], "表.xlsx"),
    "freeze": (["freeze", "填.xlsx", "--in-place"], "填.xlsx"),
    "freeze, redacted": (["freeze", "填.xlsx", "--redact", "-o", "报.xlsx"], "报.xlsx"),
    "new": (["new", "新.xlsx"], "新.xlsx"),
    "new, with buttons": (["new", "新.xlsm"], "新.xlsm"),
    "roll": (["roll", "表.xlsx", "-o", "下年.xlsx"], "下年.xlsx"),
    "report": (["report", "表.xlsx", "-o", "报告.docx"], "报告.docx"),
    "import": (["import", "旧.docx", "-o", "导入.xlsx"], "导入.xlsx"),
    "marked copy": (["check", "表.xlsx", "--against", "旧.docx", "--mark", "批.docx"], "批.docx"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A form, the same filled, and a report of it."""
    folder = tmp_path_factory.mktemp("made")
    values = example_of("department_overall")
    new_workbook(values).save(folder / "表.xlsx")
    form = open_form(folder / "表.xlsx")
    (folder / "旧.docx").write_bytes(build_report(form.record))
    fill(form)
    form.book.save(folder / "填.xlsx")
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.mark.parametrize("name", WRITERS)
def test_what_somebody_saved_during_the_run_stays(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    arguments, target = WRITERS[name]
    real = os.urandom

    def meanwhile(size: int) -> bytes:
        """Asked for the name of the temporary file, when all the work is done."""
        (folder / target).write_bytes(THEIRS)
        return real(size)

    monkeypatch.setattr(os, "urandom", meanwhile)
    before = contents(folder)
    done = run(*arguments)
    assert done.code == 2, done
    assert "为免盖掉别人的内容，没有保存" in done.err
    assert contents(folder) == before | {target: THEIRS}


@pytest.mark.parametrize("name", WRITERS)
def test_left_alone_every_one_of_them_saves(run: Run, folder: Path, name: str) -> None:
    arguments, target = WRITERS[name]
    before = contents(folder)
    assert run(*arguments).code in (0, 1)
    after = contents(folder)
    assert zipfile.is_zipfile(folder / target)
    assert after.keys() == before.keys() | {target}
    assert {name: data for name, data in after.items() if name != target} == {
        name: data for name, data in before.items() if name != target
    }


def test_a_cell_in_a_cell_is_not_frozen_away(run: Run, folder: Path) -> None:
    """Other programs open it; patched it would be no XML any more."""
    with zipfile.ZipFile(folder / "填.xlsx") as archive:
        parts: dict[str, str | bytes] = {each: archive.read(each) for each in archive.namelist()}
    part = "xl/worksheets/sheet3.xml"
    data = parts[part]
    assert isinstance(data, bytes)
    start = data.index(b"</f><v>", data.index(b'<c r="F4"')) + 4  # a cell that the form computes
    blob = pack(parts | {part: data[:start] + b"<c>10</c>" + data[data.index(b"</v>", start) + 4 :]})
    (folder / "套.xlsx").write_bytes(blob)
    done = run("freeze", "套.xlsx", "--in-place")
    assert done.code == 2
    assert "互相嵌套" in done.err
    assert done.err.rstrip().endswith("修复并另存后再试。")
    assert (folder / "套.xlsx").read_bytes() == blob


@pytest.mark.parametrize(
    "arguments",
    [
        ["fill", "长" * 82 + ".xlsx"],  # its own name for the result is 7 bytes longer
        ["fill", "表.xlsx", "-o", "长" * 90 + ".xlsx"],
        ["check", "表.xlsx", "-o", "长" * 90 + ".xlsx"],
        ["clear", "表.xlsx", "-o", "长" * 90 + ".xlsx"],
        ["freeze", "填.xlsx", "-o", "长" * 90 + ".xlsx"],
        ["new", "长" * 90 + ".xlsx"],
        ["roll", "表.xlsx", "-o", "长" * 90 + ".xlsx"],
        ["report", "表.xlsx", "-o", "长" * 90 + ".docx"],
        ["import", "旧.docx", "-o", "长" * 90 + ".xlsx"],
        ["check", "表.xlsx", "--against", "旧.docx", "--mark", "长" * 90 + ".docx"],
        ["addin", "build", "--libreoffice", "-o", "长" * 90 + ".oxt"],
    ],
    ids=lambda arguments: " ".join(arguments)[:20],
)
def test_names_that_no_file_can_have(run: Run, folder: Path, arguments: list[str]) -> None:
    (folder / ("长" * 82 + ".xlsx")).write_bytes((folder / "表.xlsx").read_bytes())
    before = contents(folder)
    done = run(*arguments)
    assert done.code == 2
    assert "文件名太长" in done.err
    assert "请用 -o 另给一个短一些的文件名" in done.err
    assert contents(folder) == before


def test_two_runs_in_place_at_once(folder: Path) -> None:
    """Whoever is refused can run again; what is in the file is one whole result."""
    command = [sys.executable, "-m", "xlperf.cli", "fill", "表.xlsx", "--in-place"]
    runs = [subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    said = [run.communicate()[1].decode() for run in runs]
    codes = [run.returncode for run in runs]
    assert 0 in codes
    assert set(codes) <= {0, 2}
    assert all(("没有保存" in text) is (code == 2) for text, code in zip(said, codes, strict=True))
    assert (folder / "表.xlsx").read_bytes() == (folder / "填.xlsx").read_bytes()
    assert sorted(contents(folder)) == ["填.xlsx", "旧.docx", "表.xlsx"]


def test_there_is_one_way_to_save() -> None:
    """Nothing else writes files, but for docs/, what a converter reads in a folder of its own and what goes nowhere."""
    sources = Path(cli.__file__).parents[1]
    found = {
        path.relative_to(sources).as_posix()
        for path in sources.rglob("*.py")
        if re.search(r"""\.write_(bytes|text)\(|open\([^)]*["'][wax]b?["']|fdopen""", path.read_text("utf-8"))
    }
    # In the memory of a browser, in the folder of a build, of an archive unpacked for a moment; the blank report.
    apart = {"page/build.py", "page/compiling.py", "page/desk.py", "review/task.py", "review/running.py"}
    pages = {"docs.py", "report/skeleton.py"}
    assert found == {"package/save.py", "package/libreoffice.py", "cli/output.py"} | apart | pages
