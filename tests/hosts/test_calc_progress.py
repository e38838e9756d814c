"""Progress in the status bar, and a window that takes no input meanwhile; one of the test's own stands for Calc's."""

from __future__ import annotations

import pytest

from xlperf.hosts.calc.progress import progress


class Frame:
    """Keeps all that happens to it, and is its own windows and its own status bar."""

    def __init__(self) -> None:
        self.log: list[tuple[object, ...]] = []
        self.ContainerWindow = self.ComponentWindow = self

    def createStatusIndicator(self) -> Frame:
        return self

    def setEnable(self, enabled: bool) -> None:
        self.log.append(("enabled", enabled))

    def setFocus(self) -> None:
        self.log.append(("focus",))

    def start(self, text: str, steps: int) -> None:
        self.log.append(("start", text, steps))

    def setText(self, text: str) -> None:
        self.log.append(("text", text))

    def setValue(self, value: int) -> None:
        self.log.append(("value", value))

    def end(self) -> None:
        self.log.append(("end",))


BEGINNING = [("enabled", False), ("start", "绩效自评：审核", 2), ("text", "绩效自评：审核：正在读取……"), ("value", 0)]
END = [("end",), ("enabled", True), ("focus",)]


def test_each_step_is_shown_while_the_window_takes_no_input() -> None:
    frame = Frame()
    with progress(frame, "绩效自评：审核", steps=2) as show:
        show("读取")
        show("写入")
    assert frame.log == [*BEGINNING, ("text", "绩效自评：审核：正在写入……"), ("value", 1), *END]


def test_window_takes_input_again_after_a_failure() -> None:
    frame = Frame()
    with pytest.raises(ValueError, match="读不了"), progress(frame, "绩效自评：审核", steps=2) as show:
        show("读取")
        raise ValueError("读不了")
    assert frame.log == [*BEGINNING, *END]
