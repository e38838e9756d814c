"""What Node runs in the tests: the page's own parts, and what drives a browser.

`python -m tests.page.modules` installs them, into the environment of the tests, beside what pip installed.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from xlperf.page.build import WEB, install

FOLDER = Path(sys.prefix) / "node"
_MISSING = "missing: run `bash tests/run`, which installs it"


def modules() -> Path:
    """The folder with node_modules in it."""
    assert _is_current(), f"what Node needs is {_MISSING}"
    return FOLDER


def tool(*names: str) -> str:
    """The first of these programs that is there."""
    found = next(filter(None, map(shutil.which, names)), None)
    assert found, f"{names[0]} is {_MISSING}"
    return found


def _is_current() -> bool:
    lock = FOLDER / "package-lock.json"
    return lock.is_file() and lock.read_bytes() == (WEB / lock.name).read_bytes() and (FOLDER / "node_modules").is_dir()


if __name__ == "__main__" and not _is_current():
    install(FOLDER, for_tests=True)
