"""Hostile files by kind, then damaged ones, through commands in processes of their own that get a gibibyte."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.campaign import inputs
from tests.campaign.bombs import DOCUMENTS, WORKBOOKS, Bomb
from tests.campaign.commands import OUTCOMES, contents, wrong
from tests.campaign.running import Case, Job, Tried
from tests.campaign.workbooks import COMMANDS
from tests.limited import MEMORY, limited

_NEAR = (MEMORY >> 20) * 9 // 10  # MiB; a sentence about a file that is too large hides that memory was used up


class Plan(NamedTuple):
    """A hostile file and a command on it: one of workbooks by its name, or what is said of documents."""

    bomb: str
    command: str

    @property
    def made(self) -> Bomb:
        return (WORKBOOKS | DOCUMENTS)[self.bomb]


def plans() -> Iterator[Plan]:
    """Every kind through every command that reads it."""
    for name, bomb in WORKBOOKS.items():
        yield from (Plan(name, command) for command in bomb.commands)
    for name in DOCUMENTS:
        yield from (Plan(name, command) for command in ("import", "against"))
    yield from (Plan("a pipe", command) for command in ("values of new", "previous"))


PLANS = tuple(plans())


def run(job: Job, index: int) -> Case:
    """The planned ones first, then as many damaged files as are wanted."""
    folder = job.folder / str(index)
    folder.mkdir(parents=True)
    if index < len(PLANS):
        plan = PLANS[index]
        tried = planned(plan, folder, job.inputs / "demo.xlsx")
    else:
        chance = job.chance(index)
        is_book = chance.random() < 0.6
        source = (inputs.a_workbook if is_book else inputs.a_document)(job.inputs, chance)
        path = folder / f"坏{source.suffix}"
        path.write_bytes(inputs.damaged(source, chance))
        command = chance.choice(list(COMMANDS) if is_book else ["import", "against"])
        tried = _run(command, path, job.inputs / "demo.xlsx")
    shutil.rmtree(folder)
    return Case(index, (tried,))


def planned(plan: Plan, folder: Path, form: Path) -> Tried:
    path = folder / f"坏.{plan.made.suffix}"
    plan.made.write(path)
    return _run(plan.command, path, form, plan.made.says)._replace(what=f"{plan.bomb}: {plan.command}")


def _run(command: str, path: Path, form: Path, says: str = "") -> Tried:
    """The command in a process; `says` is what must be said, in one sentence, of a file that is too much."""
    line, written = _line(command, path, form)
    may = {written} if written else {path.name} if "--in-place" in line else set()
    before = _contents(path.parent)
    code, said, memory, seconds = limited(*line)
    failure = wrong(code, said, before, _contents(path.parent), may)
    if code < 0:
        failure = f"ended by the system with {-code}: {said[-300:]}"
    elif memory >= _NEAR:
        failure = failure or f"{memory} MiB: {said[-300:]}"
    elif says and not (code == 2 and says in said and path.name in said and said.count("\n") == 1):
        failure = failure or f"not refused in one sentence with {says}: exit {code}, {said[-300:]}"
    return Tried(command, "failed" if failure else OUTCOMES[code], seconds, memory, failure)


def _line(command: str, path: Path, form: Path) -> tuple[list[object], str]:
    """The arguments, and what may be written."""
    if command == "against":
        marked = "批注.docx" if path.suffix == ".docx" else ""
        return ["check", form, "--against", path, *(["--mark", path.parent / marked] if marked else [])], marked
    if command == "previous":
        return ["check", form, "--previous", path], ""
    if command == "values of new":
        return ["new", path.parent / "新.xlsx", "--values", path], "新.xlsx"
    (name, *options), target, _ = COMMANDS[command]
    target = target.format(path.suffix)
    return [name, path, *options, *([path.parent / target] if target else [])], target


def _contents(folder: Path) -> dict[str, bytes]:
    """Of files that end, that is."""
    return {path.name: b"" for path in folder.iterdir()} | contents(folder)
