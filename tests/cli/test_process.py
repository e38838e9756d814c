"""The command as a process: full disks, readers that go away, signals, closed streams, consoles without Chinese."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.workbooks import new_bytes
from xlperf.cli.output import visible
from xlperf.workbook.actions import open_form

FULL = Path("/dev/full")
XLPERF = (sys.executable, "-m", "xlperf")


class Ended(NamedTuple):
    code: int
    out: str
    err: str


def started(*arguments: object, shell: str = "", **environment: str) -> Ended:
    """Run the command; `shell` is what follows it on the line of a shell."""
    line = [*XLPERF, *map(str, arguments)]
    if shell:
        line = ["bash", "-c", f'set -o pipefail; "$@" {shell}', "bash", *line]
    done = subprocess.run(line, capture_output=True, env=os.environ | environment, check=False)
    return Ended(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))


@pytest.fixture(scope="module")
def beita_book(tmp_path_factory: pytest.TempPathFactory, beita_values: dict[str, Any]) -> Path:
    path = tmp_path_factory.mktemp("process") / "beita.xlsx"
    path.write_bytes(new_bytes(beita_values))
    return path


# What is printed goes nowhere


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("rules",), ("rules", "--format", "json")])
def test_a_full_disk_is_said_and_nothing_more(arguments: tuple[str, ...]) -> None:
    ended = started(*arguments, shell=">/dev/full")
    assert ended == (2, "", "无法完成：结果没有能全部输出（磁盘已满）。请换一个地方输出后再运行一次。\n")


def test_a_full_disk_for_talk_is_nobodys_business(beita_book: Path, tmp_path: Path) -> None:
    target = tmp_path / "filled.xlsx"
    assert started("fill", beita_book, "-o", target, shell="2>/dev/full") == (0, f"{target}\n", "")


def _complaints(ended: Ended) -> list[str]:
    return [line for line in ended.err.splitlines() if not line.startswith("下一步：")]


@pytest.mark.parametrize(("command", "code"), [("rules", 0), ("--help", 0), ("check", 1)])
def test_a_reader_that_goes_changes_nothing(beita_book: Path, command: str, code: int) -> None:
    """bash tells the code of the command before the pipe, as nothing else in it fails.

    What is said to somebody who took the last line is said in time; no complaint is.
    """
    arguments = (command, beita_book) if command == "check" else (command,)
    for reader in ("| head -c 1 >/dev/null", "| true"):
        ended = started(*arguments, shell=reader)
        assert (ended.code, _complaints(ended)) == (code, [])


def test_the_work_is_done_though_nobody_reads(beita_book: Path, tmp_path: Path) -> None:
    """The file is asked for, not the text."""
    marked = tmp_path / "marked.xlsx"
    assert started("check", beita_book, "-o", marked, shell=">&- 2>&-").code == 1
    assert "审核结果" in open_form(marked).book.sheets


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams(beita_book: Path, tmp_path: Path, closed: str) -> None:
    """The first file that is opened would get the number of the closed one, and what is printed would land in it."""
    before = beita_book.read_bytes()
    ended = started("check", beita_book, shell=closed)
    assert (ended.code, _complaints(ended)) == (1, [])
    assert ("XLP202" in ended.out) == (">&-" not in closed.replace("2>&-", ""))
    assert started("fill", beita_book, "-o", tmp_path / "filled.xlsx", shell=closed).code == 0
    assert open_form(tmp_path / "filled.xlsx").record["grade"].text == "优"
    assert started("check", tmp_path / "missing.xlsx", shell=closed).code == 2
    assert beita_book.read_bytes() == before


# Signals

_INTERRUPTED = """
import os, signal, sys

class Finder:
    def __init__(self, left):
        self.left = left
    def find_spec(self, name, path=None, target=None):
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.{name})

signal.signal(signal.{name}, signal.{first})  # tests may run in the background, where it is ignored
sys.argv = ["xlperf", *{arguments!r}]
from xlperf.cli import main
sys.meta_path.insert(0, Finder({number}))
main()
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("name", "number"),
    [*(("SIGINT", number) for number in (2, 5, 10, 20, 40, 60, 80, 100, 120, 140)), ("SIGTERM", 50), ("SIGHUP", 130)],
)
def test_a_signal_while_modules_load(beita_book: Path, name: str, number: int) -> None:
    """Sent from within the import of the number-th module: before, in and after click, the commands and the checks."""
    code = _INTERRUPTED.format(name=name, first="SIG_DFL", number=number, arguments=("check", str(beita_book)))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (2, "", "已中止。")


_STOPPED_WHILE_SAVING = """
import os, signal, sys
from xlperf.package import save

def stopped(handle):
    os.kill(os.getpid(), signal.SIGTERM)

os.fsync = stopped
sys.argv = ["xlperf", "fill", sys.argv[1], "--in-place"]
from xlperf.cli import main
main()
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_stopped_while_saving(beita_book: Path, tmp_path: Path) -> None:
    """The old file is there, and nothing beside it."""
    book = tmp_path / "book.xlsx"
    book.write_bytes(beita_book.read_bytes())
    command = [sys.executable, "-c", _STOPPED_WHILE_SAVING, str(book)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (2, "", "已中止。")
    assert book.read_bytes() == beita_book.read_bytes()
    assert list(tmp_path.iterdir()) == [book]


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_ignored_signal_stays_ignored(beita_book: Path) -> None:
    """As under nohup, or in the background of a script."""
    code = _INTERRUPTED.format(name="SIGINT", first="SIG_IGN", number=40, arguments=("check", str(beita_book)))
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 1


# Faults of ours

_FAULTY = """
import sys
from xlperf.workbook import several

def broken(*_, **__):
    raise {error}

several.open_forms = broken
sys.argv = ["xlperf", "check", "x.xlsx"]
from xlperf.cli import main
main()
"""


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("ValueError('\\x1b[31m表')", r"xlperf 内部出错（ValueError：\x1b[31m表）"),
        ("MemoryError", "内存不够"),
        ("RecursionError('deep')", "RecursionError"),
        ("EOFError('short')", "EOFError"),
        ("ModuleNotFoundError('no lxml')", "没有装完整（no lxml）"),
        (f"OSError({errno.ENOSPC}, 'No space left')", "磁盘已满"),
        (f"OSError({errno.EACCES}, 'Permission denied', 'C:/a.xlsx')", "C:/a.xlsx：读写时出错（Permission denied）"),
        ("KeyboardInterrupt", "已中止。"),
    ],
)
def test_whatever_is_raised_is_a_sentence(error: str, says: str) -> None:
    def ran(**environment: str) -> Ended:
        code = [sys.executable, "-c", _FAULTY.format(error=error)]
        done = subprocess.run(code, capture_output=True, text=True, env=os.environ | environment, check=False)
        return Ended(done.returncode, done.stdout, done.stderr.strip())

    ended = ran()
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 0)
    assert says in ended.err
    assert "Traceback" in ran(XLPERF_DEBUG="1").err


# Consoles and names


@pytest.mark.parametrize(("encoding", "shown"), [("ascii", r"\u9519\u8bef"), ("cp936", "错误"), ("latin-1", "\\u9519")])
def test_a_console_that_cannot_show_a_sign(beita_book: Path, encoding: str, shown: str) -> None:
    line = [*XLPERF, "check", str(beita_book)]
    done = subprocess.run(
        line, capture_output=True, env=os.environ | {"PYTHONIOENCODING": encoding}, encoding=encoding, check=False
    )
    assert done.returncode == 1
    assert shown in done.stdout
    assert r"\u2717 " in done.stdout, "the sign of an error, which none of these has"
    done = subprocess.run(
        [*line, "--format", "json"],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": encoding},
        encoding=encoding,
        check=False,
    )
    assert "收支情况!F13" in [each["at"] for each in json.loads(done.stdout)["findings"]]


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes")
def test_a_file_name_that_is_no_text(beita_book: Path, tmp_path: Path) -> None:
    book = tmp_path / os.fsdecode(b"\xd7\xd4\xc6\xc0\x1b[2J.xlsx")  # 自评 in GBK, and a sign that clears the screen
    book.write_bytes(beita_book.read_bytes())
    shown = r"\udcd7\udcd4\udcc6\udcc0\x1b[2J"
    ended = started("fill", book)
    assert (ended.code, ended.out) == (0, f"{tmp_path}/{shown}_已填.xlsx\n")
    ended = started("check", book, "--format", "json")
    assert json.loads(ended.out)["file"] == str(book), "the very name"
    ended = started("check", f"{book}x")
    assert (ended.code, "Traceback" in ended.err, f"{shown}.xlsxx" in ended.err) == (2, False, True)


# What cannot be seen


def test_everything_unseen_is_shown() -> None:
    unseen = [
        sign for sign in map(chr, range(0x110000)) if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    ]
    assert [sign for sign in unseen if visible(sign) == sign] == []
    assert visible("\x1b[31m\a\r\n\t\u200b\u202e\ufeff\u2066\udce4") == (
        r"\x1b[31m\x07\r\n\t\u200b\u202e\ufeff\u2066\udce4"
    )


def test_what_is_seen_stays() -> None:
    """Chinese, full-width blanks, backslashes of a path, signs of the private use area (rare names in old fonts)."""
    for text in ("三公经费　合计 ×≥98%…——“”", r"C:\new\自评.xlsx", "é𠮷\ue81d㎡①✓"):
        assert visible(text) == text


def test_a_hostile_cell(tmp_path: Path, beita_values: dict[str, Any]) -> None:
    """ESC, BEL, a line end, a mark of direction and a zero-width blank in every text that is printed."""
    hostile = "x\x1b[31m\a\nfake\u202e\u200b"
    values = dict(beita_values)
    values["fields"] = beita_values["fields"] | {"annual_budget": hostile, "goal_actual": "", "preparer": hostile}
    values["indicators"] = [row | {"level3": f"{row['level3']}{hostile}"} for row in beita_values["indicators"]]
    book = tmp_path / "book.xlsx"
    book.write_bytes(new_bytes(values))
    for arguments in (("check", book), ("check", book, "--all-variants"), ("fill", book, "--in-place")):
        ended = started(*arguments)
        printed = ended.out + ended.err
        assert [sign for sign in "\x1b\a\r\u202e\u200b" if sign in printed] == []
        assert not any(line.startswith("fake") for line in printed.splitlines())
    assert r"x\x1b[31m\x07\nfake\u202e\u200b" in started("check", book).out
    found = started("check", book, "--format", "json").out
    values_out = started("values", book).out
    assert [sign for sign in "\x1b\a\r\u202e\u200b" if sign in found + values_out] == []
    assert json.loads(values_out)["fields"]["annual_budget"] == hostile
    assert any(each["stated"] == hostile for each in json.loads(found)["findings"])
