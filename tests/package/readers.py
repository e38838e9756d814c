"""Other programs that must open what we wrote, each in processes of its own: one of them aborts on some files.

`python -m tests.package.readers openpyxl|calamine` reads requests (JSON, one a line) and answers in the same way.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

MEMORY = 3 << 30
SECONDS = 60
BATCH = 40


@dataclass(frozen=True, slots=True)
class Request:
    """A file, and what must be found in cells (row, column) of a sheet; nothing, if only opening matters."""

    path: str
    sheet: str = ""
    expected: tuple[tuple[int, int, float | str], ...] = ()


def with_openpyxl(request: Request) -> str:
    """What is wrong, or nothing."""
    import openpyxl

    book = openpyxl.load_workbook(request.path, data_only=True)
    if not request.sheet:
        return ""
    page = book[request.sheet]
    return _compare(request, lambda row, col: page.cell(row, col).value)


def with_calamine(request: Request) -> str:
    import python_calamine

    with Path(request.path).open("rb") as file:
        book = python_calamine.load_workbook(file)
        if not request.sheet:
            return ""
        page = book.get_sheet_by_name(request.sheet)
    top, left = page.start or (0, 0)
    grid = page.to_python(skip_empty_area=True)
    return _compare(request, lambda row, col: grid[row - 1 - top][col - 1 - left])


def _compare(request: Request, value: Callable[[int, int], Any]) -> str:
    wrong = [f"({row},{col}) is {value(row, col)!r}" for row, col, wanted in request.expected if value(row, col) != wanted]
    return ", ".join(wrong)


READERS = {"openpyxl": with_openpyxl, "calamine": with_calamine}


def main() -> None:
    reader = READERS[sys.argv[1]]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for line in sys.stdin:
        request = Request(**json.loads(line))
        try:
            answer = reader(request)
        except Exception as error:  # any reason at all is an answer here
            answer = f"{type(error).__name__}: {str(error)[:200]}"
        print(json.dumps(answer), flush=True)


def ask(kind: str, requests: Sequence[Request]) -> list[str]:
    """The reader's answer for each; a process that dies or hangs costs only the file it died on."""
    answers: list[str] = []
    while len(answers) < len(requests):
        rest = requests[len(answers) :]
        text = "".join(json.dumps(asdict(request)) + "\n" for request in rest)
        command = [sys.executable, "-W", "ignore", "-m", "tests.package.readers", kind]
        try:
            done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=SECONDS + len(rest))
            output, reason = done.stdout, f"died with {done.returncode}"
        except subprocess.TimeoutExpired as error:
            output, reason = (error.stdout or b"").decode(), "hangs"
        answers += [json.loads(line) for line in output.splitlines()]
        if len(answers) < len(requests):
            answers.append(reason)
    return answers


def ask_all(kind: str, requests: Sequence[Request], jobs: int) -> list[str]:
    chunks = [requests[at : at + BATCH] for at in range(0, len(requests), BATCH)]
    with ThreadPoolExecutor(jobs) as pool:
        return [answer for chunk in pool.map(lambda chunk: ask(kind, chunk), chunks) for answer in chunk]


class Calc:
    """LibreOffice as a reader: every sheet to CSV, in which what was written must be found."""

    # All sheets, UTF-8, as stored and not as shown.
    FILTER = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"

    def __init__(self, folder: Path) -> None:
        program = shutil.which("soffice")
        assert program, "LibreOffice (soffice) is missing: run `bash tests/run`, which installs it"
        self.program, self.folder = program, folder

    def read(self, paths: Sequence[Path], words: Mapping[Path, Sequence[str]]) -> dict[Path, str]:
        """What is wrong with each file; one that gives nothing in a batch is tried again alone."""
        self._convert(paths)
        for path in paths:
            if not self._result(path):
                self._convert([path])
        return {path: self._verdict(path, words.get(path, ())) for path in paths}

    def _verdict(self, path: Path, words: Sequence[str]) -> str:
        found = self._result(path)
        text = "".join(file.read_text("utf-8", "replace") for file in found)
        for file in found:
            file.unlink()
        missing = [word for word in words if word not in text]
        return "" if found and not missing else f"lost {missing}" if found else "not opened"

    def _result(self, path: Path) -> list[Path]:
        return [file for file in (self.folder / "out").glob(f"{path.stem}-*.csv")]

    def _convert(self, paths: Sequence[Path]) -> None:
        profile = (self.folder / "profile").as_uri()
        command = [self.program, "--headless", "--norestore", f"-env:UserInstallation={profile}"]
        output = ["--convert-to", self.FILTER, "--outdir", str(self.folder / "out"), *map(str, paths)]
        process = subprocess.Popen(
            [*command, *output], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            process.wait(SECONDS + 2 * len(paths))
        except subprocess.TimeoutExpired:
            _end_group(process.pid)
            process.wait()


def _end_group(pid: int) -> None:
    import os
    import signal

    os.killpg(pid, signal.SIGKILL)


def calc_all(paths: Sequence[Path], words: Mapping[Path, Sequence[str]], folder: Path, jobs: int) -> dict[Path, str]:
    """All files through `jobs` LibreOffices, each with its own profile."""
    chunks = [list(paths[at : at + BATCH]) for at in range(0, len(paths), BATCH)]
    offices = [Calc(folder / f"office{number}") for number in range(jobs)]

    def work(number: int) -> dict[Path, str]:
        found: dict[Path, str] = {}
        for chunk in chunks[number::jobs]:
            found |= offices[number].read(chunk, words)
        return found

    with ThreadPoolExecutor(jobs) as pool:
        return {path: answer for part in pool.map(work, range(jobs)) for path, answer in part.items()}


if __name__ == "__main__":
    main()
