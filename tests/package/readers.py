"""Other programs that must open what we wrote, each in processes of its own: one of them aborts on some files.

`python -m tests.package.readers openpyxl|calamine` reads requests (JSON, one a line) and answers in the same way.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
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
    found = [(row, col, value(row, col), wanted) for row, col, wanted in request.expected]
    return ", ".join(f"({row},{col}) is {is_!r}" for row, col, is_, wanted in found if is_ != wanted)


READERS = {"openpyxl": with_openpyxl, "calamine": with_calamine}


def main() -> None:
    reader = READERS[sys.argv[1]]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for line in sys.stdin:
        request = Request(**json.loads(line))
        spent = resource.getrusage(resource.RUSAGE_SELF)
        until = int(spent.ru_utime + spent.ru_stime) + SECONDS  # of the processor: the machine may be busy
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))
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
        patience = 10 * (SECONDS + len(rest))
        try:
            done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=patience)
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
    """LibreOffice as a reader: to flat XML, in which what was written must be found.

    Not to CSV: it spells out all the 17 thousand million cells of a sheet with a note in its last one.
    """

    def __init__(self, folder: Path) -> None:
        program = shutil.which("soffice")
        assert program, "LibreOffice (soffice) is missing: run `bash tests/run`, which installs it"
        self.program, self.folder = program, folder

    def read(self, paths: Sequence[Path], words: Mapping[Path, Sequence[str]]) -> dict[Path, str]:
        """What is wrong with each file; one that gives nothing in a batch is tried again alone."""
        self._convert(paths)
        for path in paths:
            if not self._result(path).exists():
                self._convert([path])
        return {path: self._verdict(path, words.get(path, ())) for path in paths}

    def save(self, path: Path, kind: str) -> Path:
        """The file as LibreOffice saves it."""
        self._convert([path], kind)
        return self.folder / "out" / f"{path.stem}.{kind}"

    def _verdict(self, path: Path, words: Sequence[str]) -> str:
        result = self._result(path)
        if not result.exists():
            return "not opened"
        text = result.read_text("utf-8", "replace")
        result.unlink()
        missing = [word for word in words if word not in text]
        return f"lost {missing}" if missing else ""

    def _result(self, path: Path) -> Path:
        return self.folder / "out" / f"{path.stem}.fods"

    def _convert(self, paths: Sequence[Path], kind: str = "fods") -> None:
        profile = (self.folder / "profile").as_uri()
        command = [self.program, "--headless", "--norestore", f"-env:UserInstallation={profile}"]
        output = ["--convert-to", kind, "--outdir", str(self.folder / "out"), *map(str, paths)]
        process = subprocess.Popen(
            [*command, *output], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            process.wait(10 * (SECONDS + len(paths)))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


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
