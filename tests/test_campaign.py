"""A draw of each campaign of `tests.campaign`; the full ones are run apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaign import inputs
from tests.campaign.bombs import DOCUMENTS, WORKBOOKS
from tests.campaign.processes import Plan, planned
from tests.campaign.running import Job
from tests.campaign.tally import KINDS, Failure, Tally, campaign
from tests.hosts.libreoffice import Office

SEED = 12


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory, office: Office) -> Path:
    folder = tmp_path_factory.mktemp("campaign") / "inputs"
    inputs.prepare(folder, office)
    return folder


def drawn(kind: str, count: int, sources: Path, folder: Path) -> Tally:
    return campaign(Job(kind, sources, folder, SEED), range(count), jobs=2, office=0)


def test_damaged_documents(sources: Path, tmp_path: Path) -> None:
    tally = drawn("documents", 80, sources, tmp_path)
    assert tally.failures == []
    ends = tally.outcomes()
    assert min(ends["read"], ends["refused"]) > 10, "the damage is too small or too great"


def test_damaged_workbooks(sources: Path, tmp_path: Path) -> None:
    tally = drawn("workbooks", 4, sources, tmp_path)
    assert tally.failures == []
    assert min(tally.outcomes()[end] for end in ("clean", "findings", "refused")) > 0
    assert tally.opened["openpyxl and calamine"] > 5


def test_random_arguments(sources: Path, tmp_path: Path) -> None:
    tally = drawn("functions", 400, sources, tmp_path)
    assert tally.failures == []
    assert min(tally.outcomes()[end] for end in ("value", "error value")) > 100


@pytest.mark.parametrize(
    ("bomb", "command"),
    [
        ("a gibibyte of blanks", "check"),
        ("entities of entities", "check"),
        ("an entity outside", "import"),
        ("rows in rows", "import"),
        ("a way out", "check"),
        ("a part twice", "check"),
        ("a format of escapes", "check"),
        ("cells full of text", "check -o"),
        ("54 MB of empty paragraphs", "import"),
        ("10,000 open fields", "import"),
        ("no body", "import"),
        ("15,000 lines added to one cell", "import"),
        ("a pipe", "values of new"),
        ("a pipe for a document", "against"),
    ],
)
def test_hostile_files(bomb: str, command: str, sources: Path, tmp_path: Path) -> None:
    assert planned(Plan(bomb, command), tmp_path, sources / "demo.xlsx").failure == ""


def test_the_damage_depends_on_the_seed_alone(sources: Path) -> None:
    for source in sorted(path for path in sources.iterdir() if path.is_file()):
        job = Job("documents", sources, sources, SEED)
        assert inputs.damaged(source, job.chance(3)) == inputs.damaged(source, job.chance(3))


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    """A file that is refused where it was to be read, and the other way round, are failures, and are counted."""
    said = planned(Plan("a folder", "check"), tmp_path, tmp_path)
    assert said.failure == "" and said.outcome == "refused"
    assert {name for name in KINDS} == {"documents", "workbooks", "processes", "functions"}
    assert not set(WORKBOOKS) & set(DOCUMENTS)
    tally = Tally()
    assert tally.failures == [] and Failure(1, "a", "b").index == 1
