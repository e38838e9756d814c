"""What is being done, in the status bar of LibreOffice Calc."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def progress(frame: Any, title: str, steps: int) -> Iterator[Callable[[str], None]]:
    """Gives what is to be called with a word for each step, as it begins.

    To show it, Calc goes through what has happened meanwhile. So the window takes neither keys nor clicks: what is
    typed between reading and writing would be missed.
    """
    window, indicator = frame.ContainerWindow, frame.createStatusIndicator()
    done = -1

    def show(what: str) -> None:
        nonlocal done
        done += 1
        indicator.setText(f"{title}：正在{what}……")
        indicator.setValue(done)

    window.setEnable(False)
    try:
        indicator.start(title, steps)
        yield show
    finally:
        indicator.end()
        window.setEnable(True)
        frame.ComponentWindow.setFocus()
