"""A browser with the page in it, from Python: files go in and results come out as a user's would."""

from __future__ import annotations

import contextlib
import json
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.page.modules import modules, tool

_PROGRAMS = {"chrome": ("chromium", "chromium-browser", "google-chrome"), "firefox": ("firefox-esr", "firefox")}
_SECONDS = 30


class Kind(NamedTuple):
    """Which browser: chrome or firefox, and its program where that is not the one on the PATH."""

    name: str = "chrome"
    program: str | None = None


CHROME = Kind()


class Browser:
    """A browser that `started` gives."""

    def __init__(self, process: subprocess.Popen[str], downloads: Path) -> None:
        self._process = process
        self.downloads = downloads

    def ask(self, do: str, **given: Any) -> Any:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{json.dumps({'do': do} | given)}\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline() or '{"error": "the browser is gone"}')
        assert "error" not in answer, answer["error"]
        return answer["done"]

    def open(self, page: Path, *, waits: bool = True, in_worker: Mapping[str, str] | None = None) -> float:
        """Load the page; returns the milliseconds until it is ready.

        `in_worker`: expressions that `run_in_worker` may run, by name.
        """
        return float(self.ask("open", file=str(page), waits=waits, inWorker=dict(in_worker or {})))

    def run_in_worker(self, name: str) -> Any:
        """What one of the expressions that the page was opened with comes to where Python runs."""
        return self.run(f"window.tryInWorker({json.dumps(name)})")

    def upload(self, *paths: Path) -> float:
        """Choose files and wait for what is found in them; returns the milliseconds."""
        return float(self.ask("upload", paths=[str(path) for path in paths]))

    def run(self, code: str) -> Any:
        """What an expression in the page comes to."""
        return self.ask("run", code=code)

    def click(self, selector: str) -> None:
        self.ask("click", selector=selector)

    def home(self) -> None:
        """To the first view, whichever is shown."""
        self.run("document.getElementById('home').click()")

    @property
    def said(self) -> str:
        """What the last check printed."""
        return str(self.run("window.xlperf.state.text"))

    @property
    def notice(self) -> str:
        return str(
            self.run("document.getElementById('notice').hidden ? '' : document.querySelector('#notice p').textContent")
        )

    def download(self, what: str) -> Path:
        """Choose from the menu of downloads, and wait for the file."""
        before = set(self.downloads.iterdir())
        self.click("#downloads-open")
        offered = self.run("[...document.querySelectorAll('#downloads-list b')].map((each) => each.textContent)")
        number = offered.index(what)
        self.click(f"#downloads-list li:nth-child({number + 1}) button")
        return self.arrived(before)

    def arrived(self, before: set[Path]) -> Path:
        end = time.monotonic() + _SECONDS
        while time.monotonic() < end:
            new = [
                each for each in set(self.downloads.iterdir()) - before if each.suffix not in (".crdownload", ".part")
            ]
            if new and new[0].stat().st_size:
                return new[0]
            time.sleep(0.05)
        raise AssertionError(f"nothing was downloaded: {self.notice}")


@contextlib.contextmanager
def started(folder: Path, kind: Kind = CHROME, *, window: bool = False) -> Iterator[Browser]:
    """A browser of its own, without a network; its downloads go to `folder`/downloads."""
    downloads = folder / "downloads"
    downloads.mkdir(parents=True)
    script = Path(__file__).with_name("browser.mjs")
    command: Sequence[str] = (
        *(tool("node"), str(script), str(modules()), kind.name, kind.program or tool(*_PROGRAMS[kind.name])),
        *(str(downloads), "window" if window else ""),
    )
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
    try:
        yield Browser(process, downloads)
    finally:
        assert process.stdin
        process.stdin.close()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
