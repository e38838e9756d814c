"""Fixtures for all tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.command import Run, called
from tests.hosts.libreoffice import Office
from xlperf.form.forms import example_of, load_template
from xlperf.form.record import Record, record_from_values
from xlperf.form.template import Template

settings.register_profile("unclocked", deadline=None)  # how long an example takes is the machine's affair
settings.load_profile("unclocked")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks for the fixture `office` needs LibreOffice; others say so with the marker."""
    for item in items:
        if isinstance(item, pytest.Function) and "office" in item.fixturenames:
            item.add_marker(pytest.mark.libreoffice)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A headless LibreOffice; the test fails, it does not skip, where there is none."""
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="session")
def template() -> Template:
    return load_template("department_overall")


@pytest.fixture(scope="session")
def beita_values() -> dict[str, Any]:
    """The published figures that `xlperf demo` ships."""
    values: dict[str, Any] = example_of("department_overall")
    return values


@pytest.fixture(scope="session")
def beita(beita_values: dict[str, Any], template: Template) -> Record:
    return record_from_values(beita_values, template)


@pytest.fixture(scope="session")
def hunan(template: Template) -> Record:
    """The second real form, of 2018."""
    text = (Path(__file__).parent / "golden" / "hunan_2018.json").read_text("utf-8")
    return record_from_values(json.loads(text), template)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the command line in an own folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: called(capsys, *arguments)
