"""The menu in a real LibreOffice Calc: steps for one run of the office, done by `calc_menu_session`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.hosts.libreoffice import Office, python_with_uno
from xlperf.udf.calc_extension import extension


class Calc:
    """A session in the making: steps and, after `run`, what was answered and saved."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.steps: list[list[Any]] = []
        self.answers: list[Any] = []
        self.at: dict[str, int] = {}

    def open(self, blob: bytes, name: str = "自评.xlsx", *, hidden: bool = True) -> None:
        """Without a window, Calc draws nothing and so leaves much undone that it does before a user's eyes."""
        path = self.folder / str(len(self.steps)) / name
        path.parent.mkdir()
        path.write_bytes(blob)
        self.step("open", path.as_uri(), hidden)

    def save(self, name: str) -> None:
        self.step("save", (self.folder / f"{name}.xlsx").as_uri())

    def step(self, *step: Any, called: str = "") -> None:
        self.at[called] = len(self.steps)
        self.steps.append([*step])

    def run(self, session: str = "calc_menu_session.py", settings: str = "", **more: str) -> None:
        """`settings` of the office; `more`: what a session wants to know besides."""
        office = Office(self.folder, settings)
        extension_file, result = self.folder / "x.oxt", self.folder / "result.json"
        extension_file.write_bytes(extension())
        plan = {
            "soffice": office.program,
            "profile": office.profile.as_uri(),
            "extension": extension_file.as_uri(),
            "steps": self.steps,
            "result": str(result),
        }
        command = [python_with_uno(), str(Path(__file__).with_name(session))]
        given = json.dumps(plan | more)
        done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=600, check=False)
        assert done.returncode == 0, done.stderr
        self.answers = json.loads(result.read_text("utf-8"))

    def answer(self, called: str) -> Any:
        return self.answers[self.at[called]]

    def saved(self, name: str) -> bytes:
        return (self.folder / f"{name}.xlsx").read_bytes()
