"""One page and one browser for all tests of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.page.browser import Browser, started
from tests.page.modules import modules
from xlperf.package.save import claim
from xlperf.page.build import build_page


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page, built anew."""
    path = tmp_path_factory.mktemp("page") / "xlperf.html"
    build_page(claim(path), modules())
    return path


@pytest.fixture(scope="session")
def browser(page: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium with the page open; it fails, it does not skip, where there is none."""
    with started(tmp_path_factory.mktemp("browser")) as chromium:
        chromium.open(page)
        yield chromium
