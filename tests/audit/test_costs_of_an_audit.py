"""A form with many rows, all of them wrong, takes time in proportion to its rows."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.audit.test_localize import COLUMNS, FORM
from tests.command import called
from tests.costs import grows_linearly
from xlperf.audit.run import audit
from xlperf.derive.engine import recalculated
from xlperf.form.forms import load_template
from xlperf.form.integrity import InspectedRecord, Integrity
from xlperf.form.record import Record, record_from_values
from xlperf.package import Workbook
from xlperf.workbook import several
from xlperf.workbook.actions import check, new_workbook, open_form

pytestmark = pytest.mark.slow

TEMPLATE = load_template("department_overall")
LEVELS = (("产出指标", "数量指标"), ("效益指标", "社会效益指标"), ("满意度指标", "服务对象满意度指标"))

# target, result, weight, points, reason
INDICATORS = {
    "points for more than was reached": ("≥90%", "81%", "10", "10", ""),
    "points beyond the weight": ("≥90%", "95%", "10", "12", ""),
    "points taken off what was reached": ("≥90%", "95%", "10", "7", ""),
    "weight and points exchanged": ("≥90%", "95%", "7", "10", ""),
    "targets and results in words": ("按时完成", "已完成", "10", "12", ""),
    "nothing wrong but the totals": ("≥90%", "95%", "10", "10", ""),
}
# last year, budget, spent; the totals say something else
FUNDS = {
    "spent more than budgeted": ("100.00", "100.00", "150.00"),
    "all the same": ("8.88", "8.88", "8.88"),
    "not a figure": ("100.00", "一百", "100.00"),
}


def form(indicators: list[Any], funds: list[Any]) -> dict[str, Any]:
    return {**copy.deepcopy(FORM), "indicators": indicators, "project_special": funds}


def indicators(count: int, *texts: str) -> list[Any]:
    return [dict(zip(COLUMNS, (*LEVELS[i % 3], f"指标{i}", *texts), strict=True)) for i in range(count)]


def funds(count: int, *amounts: str) -> list[Any]:
    columns = ("prior_actual", "budget", "actual")
    return [{"name": f"专项{i}", **dict(zip(columns, amounts, strict=True))} for i in range(count)]


def with_indicators(count: int, *texts: str) -> Record:
    return record_from_values(form(indicators(count, *texts), FORM.get("project_special", [])), TEMPLATE)


def with_funds(count: int, *amounts: str) -> Record:
    return record_from_values(form(FORM["indicators"], funds(count, *amounts)), TEMPLATE)


def computed(record: Record, *, totals: bool) -> Record:
    """The record as a workbook has it whose points, and the totals too, are formulas."""
    points = {key for key in record.stated if key.endswith("].score")}
    derived = {key for key, cell in record.stated.items() if cell.field.derived}
    live = InspectedRecord.of(record, Integrity(follows=frozenset(points | derived if totals else points)))
    return recalculated(live, {})


@pytest.mark.parametrize("texts", INDICATORS.values(), ids=INDICATORS)
def test_many_wrong_indicators(texts: tuple[str, ...]) -> None:
    assert audit(with_indicators(8, *texts)).findings
    grows_linearly(audit, lambda n: with_indicators(n, *texts), 60)


@pytest.mark.parametrize("totals", [True, False], ids=["totals computed", "totals typed"])
def test_many_indicators_whose_points_are_formulas(totals: bool) -> None:
    texts = INDICATORS["points for more than was reached"]
    grows_linearly(audit, lambda n: computed(with_indicators(n, *texts), totals=totals), 60)


def test_a_typed_total_of_a_thousand_computed_points_is_audited() -> None:
    texts = INDICATORS["points for more than was reached"]
    assert audit(computed(with_indicators(1000, *texts), totals=False)).findings


@pytest.mark.parametrize("amounts", FUNDS.values(), ids=FUNDS)
def test_many_special_funds_off_their_totals(amounts: tuple[str, ...]) -> None:
    assert audit(with_funds(8, *amounts)).findings
    grows_linearly(audit, lambda n: with_funds(n, *amounts), 60)


def with_many_rows(n: int) -> dict[str, Any]:
    rows = indicators(n, *INDICATORS["points for more than was reached"])
    return form(rows, funds(n // 2, *FUNDS["spent more than budgeted"]))


def test_a_workbook_for_many_rows() -> None:
    """As when so many are imported: a sheet is drawn for them, with names and hints."""
    grows_linearly(lambda form: new_workbook(form).to_bytes(), with_many_rows, 120)


def test_the_check_of_a_workbook_with_many_rows() -> None:
    grows_linearly(
        lambda blob: check(open_form(blob, "form.xlsx")), lambda n: new_workbook(with_many_rows(n)).to_bytes(), 40
    )


def calls(of: object, name: str, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> int:
    """How often a function is called while something is done."""
    count = 0
    function = getattr(of, name)

    def counted(*given: Any) -> Any:
        nonlocal count
        count += 1
        return function(*given)

    with monkeypatch.context() as patched:
        patched.setattr(of, name, counted)
        act()
    return count


def test_merged_cells_are_looked_through_by_sheets_not_by_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    def times(rows: int) -> int:
        blob = new_workbook(with_many_rows(rows)).to_bytes()
        return calls(Workbook, "merges", monkeypatch, lambda: check(open_form(blob, "form.xlsx")))

    assert 0 < times(4) == times(40)


def test_a_form_is_inspected_once_for_a_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    book = tmp_path / "form.xlsx"
    new_workbook(FORM).save(book)
    assert calls(several, "inspect", monkeypatch, lambda: called(capsys, "check", book)) == 1
