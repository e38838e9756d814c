"""What the first check would be slow for, done before it: modules imported, the form read, the sample looked through.

In steps, so that who drops a file meanwhile waits for one of them at most. Nothing is kept but what Python keeps.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_steps: list[Iterator[None]] = []


def import_all() -> None:
    """What every check needs, the form that most will bring among it."""
    import xlperf.cli.check
    import xlperf.cli.checked
    import xlperf.cli.printed
    import xlperf.page.drawing
    import xlperf.workbook.results
    import xlperf.workbook.several  # noqa: F401
    from xlperf.form.forms import default_template

    default_template()


def warm(sample: str) -> bool:
    """One step; False where there is none left."""
    if not _steps:
        _steps.append(_on(Path(sample)))
    return next(_steps[0], True) is None


def _on(sample: Path) -> Iterator[None]:
    from xlperf.page.drawing import drawn
    from xlperf.workbook.several import check_forms, mark_forms, open_forms

    forms = open_forms(sample)
    yield
    audited = check_forms(forms, None)
    yield
    mark_forms(forms, audited)
    yield
    forms[0].book.to_bytes()
    del forms, audited
    yield
    drawn(sample)
