"""Files dragged with the mouse, from a window of their own into a browser's, on a screen of its own.

No driver of Firefox carries files in a drag, and that of Chromium makes up the events; here the browser gets them from
the X server, as from a file manager. Needs Xvfb, openbox, xdotool and GTK for the system's Python.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.page.browser import Browser
from tests.page.modules import tool

_STEPS, _ACROSS, _DOWN = 24, 20, 14  # pixels a step, from the window of the files into the page
_PAUSE, _UNTIL_READY = 0.08, 2.0
_NOTED = """(() => { window.dropped = [];
  const note = (event) => window.dropped.push([event.isTrusted, event.dataTransfer.files.length]);
  addEventListener("drop", note, true); })()"""


@contextlib.contextmanager
def screen() -> Iterator[None]:
    """A screen with a window manager, which what is started meanwhile uses."""
    read, write = os.pipe()
    command = [tool("Xvfb"), "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as told:
        display = f":{told.readline().strip()}"
    before = os.environ.get("DISPLAY")
    os.environ["DISPLAY"] = display
    manager = subprocess.Popen([tool("openbox")], stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        if before is None:
            del os.environ["DISPLAY"]
        else:
            os.environ["DISPLAY"] = before
        for process in (manager, server):
            process.terminate()
            process.wait(10)


def drag(browser: Browser, *paths: Path) -> list[list[object]]:
    """Drag the files into the page; returns for each drop that it saw whether it was real, and of how many files."""
    browser.run(_NOTED)
    source = Path(__file__).with_name("drag_source.py")
    command = ["/usr/bin/python3", str(source), *map(str, paths)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as window:
        assert window.stdout
        assert window.stdout.readline().strip() == "shown"
        time.sleep(_UNTIL_READY)
        _mouse("mousemove", "40", "30")
        _mouse("mousedown", "1")
        for step in range(1, _STEPS + 1):
            _mouse("mousemove", str(40 + _ACROSS * step), str(30 + _DOWN * step))
            time.sleep(_PAUSE)
        time.sleep(_UNTIL_READY)
        _mouse("mouseup", "1")
        dropped: list[list[object]] = []
        for _ in range(200):
            dropped = browser.run("window.dropped")
            if dropped:
                break
            time.sleep(_PAUSE)
        window.terminate()
    browser.ask("settle")
    return dropped


def _mouse(*words: str) -> None:
    subprocess.run([tool("xdotool"), *words], check=True, capture_output=True)
