"""A form in Word is audited at table, row and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import Run
from tests.intake.laid_out import FOUND, NINGXIA, as_word
from xlperf.audit.run import audit
from xlperf.intake.readers.opening import read_document
from xlperf.intake.standing import forms_in
from xlperf.package import parse_ref


@pytest.mark.parametrize(("drawn", "expected"), FOUND.values(), ids=FOUND)
def test_what_is_found_and_where(drawn: str, expected: set[tuple[str, str]], tmp_path: Path) -> None:
    """The same as in a workbook: 表1 第9行第9列 is I9."""
    (form,) = forms_in(read_document(as_word(drawn, tmp_path / "表.docx")))
    report = audit(form.record)
    places = {(code, f"表1 第{ref.row}行第{ref.col}列") for code, at in expected for ref in [parse_ref(at)]}
    assert {(each.code, each.at) for each in report.findings if each.severity.rank == 0} == places


def test_the_command(tmp_path: Path, run: Run) -> None:
    path = as_word(NINGXIA, tmp_path / "表.docx")
    found = run("check", path)
    assert (found.code, "XLP330  表1 第2行第6列" in found.out) == (1, True)


def test_what_is_only_read_is_not_marked(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "表.txt"
    path.write_text("项目支出绩效自评表", "utf-8")
    refused = run("check", path, "-o", tmp_path / "审.txt")
    assert refused.code == 2
    assert "只能读，不能标注" in refused.err
    assert not (tmp_path / "审.txt").exists()
