"""The pages of docs/ that are written from the code."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from xlperf import docs
from xlperf.cli.commands import cli
from xlperf.hosts.commands import COMMANDS


@pytest.mark.parametrize("name", docs.pages())
def test_pages_are_current(name: str) -> None:
    """After a change to a rule, a variant, a function or a command: python -m xlperf.docs."""
    assert (docs.FOLDER / name).read_text("utf-8") == docs.pages()[name]


def test_only_what_is_outdated_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(docs.FOLDER, tmp_path / "docs")
    monkeypatch.setattr(docs, "FOLDER", tmp_path / "docs")
    assert (docs.main(["--check"]), capsys.readouterr().out) == (0, "")
    (tmp_path / "docs" / "rules.md").write_text("old")
    assert (docs.main(["--check"]), capsys.readouterr().out) == (1, "docs/rules.md\n")
    assert (tmp_path / "docs" / "rules.md").read_text() == "old"
    assert docs.main([]) == 0
    assert docs.main(["--check"]) == 0


def test_every_command_and_option_is_told() -> None:
    text = docs.commands_page()
    for name, command in cli.commands.items():
        assert f"xlperf {name}" in text
        for parameter in command.params:
            assert all(option in text for option in parameter.opts if option.startswith("--"))


def test_every_command_of_the_menu_is_told() -> None:
    text = (docs.FOLDER / "menu.md").read_text("utf-8")
    for each in COMMANDS:
        button, lite = "●" if each.is_main else "", "Lite" if each.is_for_lite else ""
        assert f"| {each.title} | {each.help} | {button} | {lite} | `{each.macro}` |" in text
