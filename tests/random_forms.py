"""Random forms: as people fill them in, with blanks and marks of what does not apply, and clean ones with faults.

A form is the JSON that `xlperf new --values` accepts.
"""

from __future__ import annotations

import io
import json
import random
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

import hypothesis
import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.cell_range import CellRange

from tests.bench.faults.faults import KINDS, apply, make_plan
from xlperf.derive.engine import compute
from xlperf.form.forms import load_template
from xlperf.form.record import record_from_values
from xlperf.form.template import FUNDING, INDICATORS, PROJECTS, Table, Template
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
rates = st.sampled_from(["90%", "89.14%", "100%", "0", "0%", "——", "105.5%"])
NAMES = {FUNDING: ["当年财政拨款", "上年结转资金", "其他资金"], PROJECTS: ["应急指挥中心", "信息化建设"]}
# What a cell of a row may hold, by its type and, of texts, by its column; text that nothing follows from stays blank.
DRAWN = {"money": amounts, "score": weights, "rate": rates}
TEXTS = {"target": targets, "actual": results, "forecast": results}
OUTPUT, BENEFIT, SATISFACTION = "产出指标（50分）", "效益指标（30分）", "满意度指标\n（10分）"
NUMBER, QUALITY, SOCIAL, SERVED = "数量指标", "质量\n指标", "社会效益指标", "服务对象满意度指标"
# The levels of the indicators, and how many rows each other table has. Few, for it is drawing a form that takes time,
# not filling it in.
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
    stated = [key for key, field in template.fields.items() if field.derived and not field.is_text]
    keys = [*map(st.sampled_from, (inputs(template), stated))]
    known = len(inputs(template)) + len(stated)
    fields = st.dictionaries(st.one_of(keys), amounts, min_size=min(20, known // 2))
    rows = {key: _rows_of(template, table) for key, table in template.tables.items()}
    return st.sampled_from(SHAPES).flatmap(lambda shape: _shaped(template, fields, rows, *shape))


def _rows_of(template: Template, table: Table) -> st.SearchStrategy[dict[str, str]]:
    """A row with its name and what must be there; its money, rates and points may be blank."""
    names = next((NAMES[role] for role in NAMES if template.table(role) is table), ["甲", "乙", "丙"])
    columns = table.columns.items()
    cells = {key: TEXTS.get(key) if field.is_text else DRAWN.get(field.type) for key, field in columns}
    drawn = {key: cell for key, cell in cells.items() if cell is not None}
    always: dict[str, st.SearchStrategy[str]] = {table.row_label: st.sampled_from(names)}
    always |= {key: drawn.pop(key) for key in (*TEXTS, "weight") if key in drawn and table.fill_down}
    return st.fixed_dictionaries(always, optional=drawn)


def _shaped(
    template: Template,
    fields: st.SearchStrategy[dict[str, str]],
    rows: dict[str, st.SearchStrategy[dict[str, str]]],
    levels: list[tuple[str, str]],
    count: int,
) -> st.SearchStrategy[Values]:
    tables = {
        key: st.tuples(*(st.builds(_below, st.just(own), rows[key]) for own in levels)).map(list)
        if table.fill_down
        else st.lists(rows[key], min_size=count, max_size=count)
        for key, table in template.tables.items()
    }
    return st.fixed_dictionaries({"fields": fields, **tables})


def _below(levels: tuple[str, str], row: dict[str, str]) -> dict[str, str]:
    return {"level1": levels[0], "level2": levels[1]} | row


def blank_forms(count: int, template: Template = TEMPLATE, seed: str = "") -> list[Values]:
    """Forms with many blanks, zeros and marks of what does not apply; without a seed others in every run."""
    drawn: dict[str, Values] = {}  # now and then the same is drawn again

    @settings(max_examples=2 * count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(records(template))
    def draw(values: Values) -> None:
        drawn[json.dumps(values)] = values

    (hypothesis.seed(seed)(draw) if seed else draw)()
    assert len(drawn) >= count
    return list(drawn.values())[:count]


def faulty_forms(count: int, seed: str, template: Template = TEMPLATE) -> list[Values]:
    """Clean forms, exact and rounded, and the same with one or two faults."""
    forms = []
    for case in make_plan(seed, max(1, count // 4), count, count // 4, kind=template.id):
        values = KINDS[case.kind].clean(random.Random(case.seed), case.mode)
        forms += [values, *(apply(values, faults) for faults in case.faults)]
    return random.Random(seed).sample(forms, count)


def random_forms(template: Template, count: int, seed: str = "") -> list[Values]:
    """Half of them clean or with a fault, half with many blanks; some rows of indicators share their points."""
    half = blank_forms(count // 2, template, seed)
    drawn = half if template.table(INDICATORS) is None else [with_points(values, template) for values in half]
    if template.id in KINDS:
        return [*faulty_forms(count - count // 2, seed or "forms", template), *map(sharing_points, drawn)]
    return [
        *map(partial(adding_up, template), blank_forms(count - count // 2, template, seed and f"{seed}/sums")),
        *drawn,
    ]


def adding_up(template: Template, values: Values) -> Values:
    """The same with totals that are the sums of their parts, where any of these has a figure."""
    record = record_from_values(values, template)
    for each in reversed(template.sums):  # the parts of a total before it
        cells = [record[key] for part in each.parts for key in _cells(values, part)]
        figures = [cell.value for cell in cells if cell.is_number]
        if figures and each.same is None:
            values["fields"][each.total] = f"{sum(figures):f}"
            record = record_from_values(values, template)
    return values


def _cells(values: Values, part: str) -> list[str]:
    table, _, column = part.partition("[].")
    return [f"{table}[{number}].{column}" for number in range(len(values[table]))] if column else [part]


def sharing_points(values: Values) -> Values:
    """Where the second indicator stands on the level of the first, points of both in one cell; see `workbook_of`."""
    rows = values["indicators"][:2]
    if len(rows) == 2 and rows[0].get("level2") == rows[1].get("level2"):
        rows[1].pop("weight", None)
        rows[1].pop("score", None)
    return values


def with_points(values: Values, template: Template = TEMPLATE) -> Values:
    """Blank points that follow from target and result are filled in, as `fill` does: the audit takes them for given."""
    computed = compute(record_from_values(values, template))
    for number, row in enumerate(values["indicators"]):
        if "score" not in row and (earned := computed.get(f"indicators[{number}].score")) is not None:
            row["score"] = str(earned)
    return values


def workbook_of(values: Values, template: Template = TEMPLATE) -> bytes:
    """What `new_workbook` makes, its formulas without results; forms with the same rows share the drawing.

    An indicator without points, not even blank ones, shares those of the row above it in merged cells.
    """
    shape: Values = {key: values[key] for key in ("year",) if key in values}
    for key, table in template.tables.items():
        shape[key] = [{level: row.get(level, "") for level in table.fill_down} for row in values.get(key, ())]
    scored = template.has("indicators[].weight")
    rows = values.get("indicators", ()) if scored else ()
    shared = tuple(number for number, row in enumerate(rows) if number and not {"weight", "score"} & set(row))
    form = open_form(_drawn(template, json.dumps(shape), shared))
    write_record(form, record_from_values(values, template))
    return form.book.to_bytes()


@lru_cache(maxsize=100)
def _drawn(template: Template, shape: str, shared: tuple[int, ...]) -> bytes:
    record = record_from_values(json.loads(shape), template)
    year = record["year"].number
    has_rows = any(record.row_counts.values())
    blob = build_workbook(template, year=None if year is None else int(year), record=record if has_rows else None)
    return _merged(blob, shared) if shared else blob


def _merged(blob: bytes, shared: tuple[int, ...]) -> bytes:
    """The cells of weight and score of these indicators merged with those above."""
    binding = open_form(blob).binding
    book = openpyxl.load_workbook(io.BytesIO(blob))
    for number in shared:
        for column in ("weight", "score"):
            place = binding.place(f"indicators[{number}].{column}")
            area = CellRange(None, place.ref.col, place.ref.row - 1, place.ref.col, place.ref.row)
            book[place.sheet].merge_cells(area.coord)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
