"""The blank document that reports fill is what python-docx builds today."""

from __future__ import annotations

from xlperf.report.official import skeleton_path
from xlperf.report.skeleton import build_skeleton


def test_what_lies_there_is_what_is_built() -> None:
    """Renewed by `python -m xlperf.report.skeleton`."""
    assert skeleton_path().read_bytes() == build_skeleton()
