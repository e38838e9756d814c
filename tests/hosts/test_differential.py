"""Python value = native formula as LibreOffice Calc computes it, cell by cell."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hosts.libreoffice import Office
from xlperf.engine import compute, steps_of
from xlperf.hosts.file import FillAs, fill, new_workbook, open_form
from xlperf.record import Record
from xlperf.template import Template, load_template

TEMPLATE = load_template("department_overall")
RECORDS = 200
CHUNK = 40


def assert_same(expected: Record, recalculated: Path) -> int:
    """Every derived cell of the recalculated file shows the Python value; returns how many were computed."""
    found = open_form(recalculated).record
    values = compute(expected)
    for step in steps_of(expected):
        value, shown = values.get(step.key), found[step.key]
        where = f"{recalculated.name} {step.key} at {shown.at}"
        if isinstance(value, Decimal):
            assert shown.number == value, f"{where}: Python {value}, Calc {shown.text!r}"
        elif value is not None:
            assert shown.text == value, f"{where}: Python {value}, Calc {shown.text!r}"
        elif step.field.derived:
            assert shown.text == expected[step.key].text or shown.number == expected[step.key].number, where
    return len(values)


def fill_file(values: dict[str, Any], folder: Path, name: str) -> tuple[Record, Path]:
    """Make a workbook of the values, fill it with formulas, and return what it stated before."""
    form = open_form(new_workbook(values).to_bytes())
    fill(form)
    target = folder / name
    form.book.save(target)
    return form.record, target


def test_beita(office: Office, tmp_path: Path, beita_values: dict[str, Any]) -> None:
    record, filled = fill_file(beita_values, tmp_path, "beita.xlsx")
    (recalculated,) = office.convert([filled], "xlsx", tmp_path / "out")
    assert assert_same(record, recalculated) >= 35
    found = open_form(recalculated).record
    assert found["personnel_growth_rate"].shown == "49.38%"
    assert found["total_score"].number == 98
    assert found["grade"].text == "优"


def test_all_derived_cells_are_formulas_when_filled(beita_values: dict[str, Any]) -> None:
    form = open_form(new_workbook(beita_values).to_bytes())
    fill(form)
    filled = open_form(form.book.to_bytes())
    values = compute(form.record)
    for step in steps_of(form.record):
        place = filled.binding.place(step.key)
        cell = filled.book.cells(place.sheet)[place.ref]
        if step.key in values:
            assert cell.formula, f"{step.key} has no formula"


def test_fill_as_value_writes_no_formula(beita_values: dict[str, Any]) -> None:
    form = open_form(new_workbook(beita_values).to_bytes())
    fill(form, FillAs.VALUE)
    filled = open_form(form.book.to_bytes())
    for key, value in compute(form.record).items():
        place = filled.binding.place(key)
        cell = filled.book.cells(place.sheet)[place.ref]
        assert cell.formula is None, key
        assert filled.record[key].number == value or filled.record[key].text == value, key


amounts = st.one_of(
    st.integers(0, 300_000).map(lambda cents: f"{Decimal(cents) / 100:.2f}"),
    st.sampled_from(["0", "0.00", "——", "100", "8.5", "1234567.89", "-3.21"]),
)
targets = st.sampled_from(
    [
        "≥98",
        "98%以上",
        "不少于2次",
        "≦5%",
        "≤10天",
        "26次",
        "100%",
        "2023年12月前",
        "控制在合理范围内",
        "1000人次",
        "0",
        "≥95%",
    ]
)
results = st.sampled_from(
    ["98", "97.5", "98%", "1", "2次", "3%", "7.5%", "12天", "26次", "100%", "10月", "按时完成", "0"]
)
weights = st.integers(1, 40).map(lambda halves: str(Decimal(halves) / 2))
rows = st.fixed_dictionaries(
    {
        "level1": st.sampled_from(["产出指标（50分）", "效益指标（30分）", "满意度指标\n（10分）"]),
        "level2": st.sampled_from(["数量指标", "质量\n指标", "社会效益指标", "服务对象满意度指标"]),
        "level3": st.sampled_from(["甲", "乙", "丙"]),
        "target": targets,
        "actual": results,
        "weight": weights,
    },
    optional={"score": weights},
)
projects = st.fixed_dictionaries(
    {"name": st.sampled_from(["应急指挥中心", "信息化建设"])},
    optional={"prior_actual": amounts, "budget": amounts, "actual": amounts},
)


def inputs(template: Template) -> list[str]:
    """Keys a person types figures into."""
    kinds = ("money", "number", "score")
    return [key for key, field in template.fields.items() if field.type in kinds and not field.derived]


def records(template: Template) -> st.SearchStrategy[dict[str, Any]]:
    """Values as people fill them in: many blanks, zeros, n/a marks, stated derived figures among them."""
    stated = st.sampled_from([key for key, field in template.fields.items() if field.derived and not field.is_text])
    return st.fixed_dictionaries(
        {
            "fields": st.dictionaries(st.one_of(st.sampled_from(inputs(template)), stated), amounts, min_size=20),
            "indicators": st.lists(rows, max_size=6),
            "project_special": st.lists(projects, max_size=3),
        }
    )


def test_random_records(office: Office, tmp_path: Path) -> None:
    """200 fresh records a run."""
    drawn: list[dict[str, Any]] = []

    @settings(max_examples=RECORDS, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(records(TEMPLATE))
    def draw(values: dict[str, Any]) -> None:
        drawn.append(values)

    draw()
    assert len(drawn) >= RECORDS
    filled = [fill_file(values, tmp_path, f"r{number:03}.xlsx") for number, values in enumerate(drawn)]
    computed = 0
    for start in range(0, len(filled), CHUNK):
        chunk = filled[start : start + CHUNK]
        results = office.convert([path for _, path in chunk], "xlsx", tmp_path / "out")
        computed += sum(assert_same(record, path) for (record, _), path in zip(chunk, results, strict=True))
    assert computed > 10 * RECORDS
