"""Random forms: as people fill them in, with blanks and marks of what does not apply, and clean ones with faults.

A form is the JSON that `xlperf new --values` accepts.
"""

from __future__ import annotations

import json
import random
from decimal import Decimal
from functools import lru_cache
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.bench.faults.clean import clean
from tests.bench.faults.faults import apply, make_plan
from xlperf.derive.engine import compute
from xlperf.form.forms import load_template
from xlperf.form.record import record_from_values
from xlperf.form.template import Template
from xlperf.workbook.actions import open_form, write_record
from xlperf.workbook.blank import build_workbook

Values = dict[str, Any]
TEMPLATE = load_template("department_overall")

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
    {"level3": st.sampled_from(["甲", "乙", "丙"]), "target": targets, "actual": results, "weight": weights},
    optional={"score": weights},
)
projects = st.fixed_dictionaries(
    {"name": st.sampled_from(["应急指挥中心", "信息化建设"])},
    optional={"prior_actual": amounts, "budget": amounts, "actual": amounts},
)
OUTPUT, BENEFIT, SATISFACTION = "产出指标（50分）", "效益指标（30分）", "满意度指标\n（10分）"
NUMBER, QUALITY, SOCIAL, SERVED = "数量指标", "质量\n指标", "社会效益指标", "服务对象满意度指标"
# The levels of the indicators, and how many projects. Few, for it is drawing a form that takes time, not filling it in.
SHAPES: list[tuple[list[tuple[str, str]], int]] = [
    ([], 0),
    ([], 3),
    ([(OUTPUT, NUMBER)], 1),
    ([(BENEFIT, SOCIAL)] * 2, 2),
    ([(OUTPUT, NUMBER), (BENEFIT, SOCIAL), (SATISFACTION, SERVED)], 0),
    ([(OUTPUT, NUMBER), (OUTPUT, QUALITY), (OUTPUT, QUALITY)], 1),
    ([(OUTPUT, NUMBER), (OUTPUT, QUALITY), (BENEFIT, SOCIAL), (SATISFACTION, SERVED)], 2),
    ([(SATISFACTION, SERVED), (OUTPUT, NUMBER), (SATISFACTION, SERVED), (OUTPUT, NUMBER)], 1),
    ([(OUTPUT, NUMBER)] * 3 + [(BENEFIT, SOCIAL)] * 2 + [(SATISFACTION, SERVED)], 3),
    ([(OUTPUT, QUALITY), (BENEFIT, QUALITY), (BENEFIT, SOCIAL), (OUTPUT, NUMBER), (BENEFIT, SOCIAL)], 0),
]


def inputs(template: Template) -> list[str]:
    """Keys a person types figures into."""
    kinds = ("money", "number", "score")
    return [key for key, field in template.fields.items() if field.type in kinds and not field.derived]


def records(template: Template) -> st.SearchStrategy[Values]:
    """Values as people fill them in: many blanks, zeros, n/a marks, stated derived figures among them."""
    stated = st.sampled_from([key for key, field in template.fields.items() if field.derived and not field.is_text])
    fields = st.dictionaries(st.one_of(st.sampled_from(inputs(template)), stated), amounts, min_size=20)
    return st.sampled_from(SHAPES).flatmap(lambda shape: _shaped(fields, *shape))


def _shaped(
    fields: st.SearchStrategy[dict[str, str]], levels: list[tuple[str, str]], count: int
) -> st.SearchStrategy[Values]:
    indicators = st.tuples(*(st.builds(_below, st.just(own), rows) for own in levels))
    return st.fixed_dictionaries(
        {
            "fields": fields,
            "indicators": indicators.map(list),
            "project_special": st.lists(projects, min_size=count, max_size=count),
        }
    )


def _below(levels: tuple[str, str], row: dict[str, str]) -> dict[str, str]:
    return {"level1": levels[0], "level2": levels[1]} | row


def blank_forms(count: int, chosen: int | None = None) -> list[Values]:
    """Forms with many blanks, zeros and marks of what does not apply: other ones in every run, or by a seed."""
    drawn: dict[str, Values] = {}  # now and then the same is drawn again

    @settings(max_examples=2 * count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(records(TEMPLATE))
    def draw(values: Values) -> None:
        drawn[json.dumps(values)] = values

    (draw if chosen is None else seed(chosen)(draw))()
    assert len(drawn) >= count
    return list(drawn.values())[:count]


def faulty_forms(count: int, chosen: str) -> list[Values]:
    """Clean forms, exact and rounded, and the same with one or two faults."""
    forms = []
    for case in make_plan(chosen, count // 4, count, count // 4):
        values = clean(random.Random(case.seed), case.mode)
        forms += [values, *(apply(values, faults) for faults in case.faults)]
    return random.Random(chosen).sample(forms, count)


def with_points(values: Values) -> Values:
    """Blank points that follow from target and result are filled in, as `fill` does: the audit takes them for given."""
    computed = compute(record_from_values(values, TEMPLATE))
    for number, row in enumerate(values["indicators"]):
        if "score" not in row and (earned := computed.get(f"indicators[{number}].score")) is not None:
            row["score"] = str(earned)
    return values


def workbook_of(values: Values) -> bytes:
    """What `new_workbook` makes, its formulas without results; forms with the same rows share the drawing."""
    levels = TEMPLATE.tables["indicators"].fill_down
    shape: Values = {key: values[key] for key in ("year",) if key in values} | {
        "indicators": [{level: row.get(level, "") for level in levels} for row in values.get("indicators", ())],
        "project_special": [{} for _ in values.get("project_special", ())],
    }
    form = open_form(_drawn(json.dumps(shape)))
    write_record(form, record_from_values(values, TEMPLATE))
    return form.book.to_bytes()


@lru_cache(maxsize=100)
def _drawn(shape: str) -> bytes:
    record = record_from_values(json.loads(shape), TEMPLATE)
    year = record["year"].number
    has_rows = any(record.row_counts.values())
    return build_workbook(TEMPLATE, year=None if year is None else int(year), record=record if has_rows else None)
