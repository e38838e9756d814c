"""One page and one browser for all tests of it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.page.browser import Browser, started
from tests.page.modules import modules
from xlperf.package.save import claim
from xlperf.page.build import build_page

_MOST_SECONDS = 600


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page, built anew, once for all processes of a run."""
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
def browser(page: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium with the page open; it fails, it does not skip, where there is none."""
    with started(tmp_path_factory.mktemp("browser")) as chromium:
        chromium.open(page)
        yield chromium
