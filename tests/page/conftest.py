"""One page and one browser for all tests of it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.page.browser import Browser, Kind, started
from tests.page.modules import modules
from xlperf.package.save import claim
from xlperf.page.build import build_page

_MOST_SECONDS = 600


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `python -m tests.page checks` gives; a run of all tests does not know them, and takes Chromium."""
    parser.addoption("--browser", choices=("chrome", "firefox"), default="chrome")
    parser.addoption("--program", help="the browser's program, where it is not the one on the PATH")
    parser.addoption("--page", type=Path, help="a page that is built already")


@pytest.fixture(scope="session")
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page, built anew, once for all processes of a run."""
    built: Path | None = request.config.getoption("--page", None)
    if built:
        return built
    base = tmp_path_factory.getbasetemp()
    path = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "xlperf.html"
    building = path.with_suffix(".building")
    end = time.monotonic() + _MOST_SECONDS
    while not path.is_file():
        try:
            building.mkdir()
        except FileExistsError:
            assert time.monotonic() < end, "another process did not build it"
            time.sleep(0.2)
            continue
        try:
            build_page(claim(path), modules())
        finally:
            building.rmdir()
    return path


@pytest.fixture(scope="session")
def kind(request: pytest.FixtureRequest) -> Kind:
    """The browser that all of this runs in: Chromium, unless another one is asked for."""
    return Kind(request.config.getoption("--browser", "chrome"), request.config.getoption("--program", None))


@pytest.fixture(scope="session")
def browser(page: Path, kind: Kind, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser with the page open; it fails, it does not skip, where there is none."""
    with started(tmp_path_factory.mktemp("browser"), kind) as found:
        found.open(page)
        yield found
