"""What the first check would be slow for, done before it: modules imported, the form read, the sample looked through.

In steps, so that who drops a file meanwhile waits for one of them at most. Nothing is kept but what Python keeps.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

_steps: list[Iterator[None]] = []


def import_checks() -> None:
    """What is imported before anybody is told that the program is ready: as much as few notice."""
    import xlperf.checks.catalog  # noqa: F401


def warm(sample: str) -> bool:
    """One step; False where there is none left."""
    if not _steps:
        _steps.append(_on(Path(sample)))
    is_more = next(_steps[0], True) is None
    gc.collect()  # as after every question: memory that once grew never shrinks
    gc.freeze()
    return is_more


def stop() -> None:
    """There is a file: what the sample needed is given back."""
    _steps[:] = [iter(())]


def _on(sample: Path) -> Iterator[None]:
    from xlperf.form.forms import default_template

    yield
    default_template()
    from xlperf.workbook.several import check_forms, mark_forms, open_forms

    yield
    forms = open_forms(sample)
    yield
    audited = check_forms(forms, None)
    yield
    mark_forms(forms, audited)
    yield
    forms[0].book.to_bytes()
    del forms, audited
    yield
    from xlperf.page.drawing import drawn

    drawn(sample)
