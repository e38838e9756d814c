"""A draw of each campaign of `tests.campaign`; the full ones are run apart."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.campaign import inputs
from tests.campaign.commands import wrong as how_wrong
from tests.campaign.processes import Plan, planned
from tests.campaign.running import Job
from tests.campaign.tally import Tally, campaign
from tests.hosts.libreoffice import Office
from tests.package.books import entries, pack
from xlperf.errors import TemplateError
from xlperf.workbook.actions import open_form

pytestmark = pytest.mark.slow

SEED = 12


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory, office: Office) -> Path:
    folder = tmp_path_factory.mktemp("campaign") / "inputs"
    inputs.prepare(folder, office)
    return folder


def drawn(kind: str, indices: range, sources: Path, folder: Path) -> Tally:
    return campaign(Job(kind, sources, folder, SEED), indices, jobs=0, office=0)


def test_damaged_documents(sources: Path, tmp_path: Path) -> None:
    tally = drawn("documents", range(32), sources, tmp_path)
    assert tally.failures == []
    ends = tally.outcomes()
    assert min(ends["read"], ends["refused"]) > 3, "the damage is too small or too great"


def test_damaged_workbooks(sources: Path, tmp_path: Path) -> None:
    tally = drawn("workbooks", range(10, 12), sources, tmp_path)
    assert tally.failures == []
    assert min(tally.outcomes()[end] for end in ("clean", "findings", "refused")) > 0
    assert tally.opened["openpyxl and calamine"] > 3


def test_random_arguments(sources: Path, tmp_path: Path) -> None:
    tally = drawn("functions", range(400), sources, tmp_path)
    assert tally.failures == []
    assert min(tally.outcomes()[end] for end in ("value", "error value")) > 100


@pytest.mark.parametrize(
    ("bomb", "command"),
    [
        ("entities of entities", "check"),
        ("rows in rows", "import"),
        ("a way out", "check"),
        ("a format of escapes", "check"),
        ("cells full of text", "check -o"),
        ("54 MB of empty paragraphs", "import"),
        ("no body", "against"),
        ("a pipe", "values of new"),
    ],
)
def test_hostile_files(bomb: str, command: str, sources: Path, tmp_path: Path) -> None:
    assert planned(Plan(bomb, command), tmp_path, sources / "demo.xlsx").failure == ""


def test_the_damage_depends_on_the_seed_alone(sources: Path) -> None:
    for source in sorted(path for path in sources.iterdir() if path.is_file()):
        job = Job("documents", sources, sources, SEED)
        assert inputs.damaged(source, job.chance(3)) == inputs.damaged(source, job.chance(3))


@pytest.mark.parametrize(
    ("code", "said", "after", "may", "wrong"),
    [
        (0, "好", {"a": b"1", "b": b"2"}, {"b"}, ""),
        (1, "好", {"a": b"1"}, set(), ""),
        (2, "无法完成：坏。", {"a": b"1"}, {"b"}, ""),
        (2, "无法完成：坏。", {"a": b"1", "b": b""}, {"b"}, "exit 2, and written"),
        (2, "无法完成：坏。", {"a": b"2"}, {"a"}, "exit 2, and written"),
        (2, "无法完成：坏。", {}, {"a"}, "exit 2, and written"),
        (2, "bad", {"a": b"1"}, set(), "not a sentence"),
        (0, "好", {"a": b"1"}, {"b"}, "not written"),
        (0, "好", {"a": b"2", "b": b""}, {"b"}, "written: ['a']"),
        (2, "无法完成：xlperf 内部出错（KeyError：1）。", {"a": b"1"}, set(), "KeyError"),
        (2, "无法完成：内存不够。", {"a": b"1"}, set(), "内存不够"),
        (-9, "", {"a": b"1"}, set(), "exit code -9"),
    ],
)
def test_how_a_command_may_end(code: int, said: str, after: dict[str, bytes], may: set[str], wrong: str) -> None:
    told = how_wrong(code, said, {"a": b"1"}, after, may)
    assert wrong in told if wrong else told == ""


def test_a_table_name_that_lost_its_columns_is_explained(sources: Path) -> None:
    """Found by an early campaign: the name of a row table moved to where no header is."""
    content: dict[str, str | bytes] = dict(entries((sources / "demo.xlsx").read_bytes()))
    text = str(content["xl/workbook.xml"], "utf-8")  # type: ignore[arg-type]
    moved = re.sub(r"(<definedName [^>]*name=\"xp_indicators\"[^>]*>[^!]*!)[^<]*", r"\1$XFC$900:$XFD$905", text)
    assert moved != text
    with pytest.raises(TemplateError, match="恢复表头和各列"):
        open_form(pack(content | {"xl/workbook.xml": moved}))
