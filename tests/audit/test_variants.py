"""Variants are data: each passes what it prescribes and not what another does, and a slip in the data is refused."""

from __future__ import annotations

import json
import re
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import book
from tests.cli.test_commands import refuse
from tests.command import Result, Run
from tests.places import contents
from tests.workbooks import new_bytes
from xlperf.audit.run import audit
from xlperf.audit.variants import Outcome, audit_all, own_figures
from xlperf.checks.rule import Severity
from xlperf.cli.variants import outcome_lines
from xlperf.derive.engine import compute
from xlperf.errors import TemplateError, UnknownNameError
from xlperf.form.forms import load_template, proven
from xlperf.form.record import Record, record_from_values
from xlperf.form.sources import Evidence, sources
from xlperf.form.template import Template
from xlperf.form.written import parse_toml, templates_folder
from xlperf.workbook.actions import fill, open_form

__all__ = ["Result", "book"]  # fixtures of the command line's own tests
TEMPLATE = load_template("department_overall")
Values = dict[str, Any]


def record(values: Values) -> Record:
    return record_from_values(values, TEMPLATE)


def levels(execution: str, **weights: str) -> Values:
    """A table of weights; the levels by their first words in the form."""
    names = {"cost": "成本指标", "output": "产出指标", "benefit": "效益指标", "satisfaction": "满意度指标"}
    rows = [{"level1": f"{names[level]}（{weight}分）", "weight": weight} for level, weight in weights.items()]
    return {"fields": {"execution_weight": execution}, "indicators": rows}


def over_limit(score: str) -> Values:
    """6% where at most 5% was wanted, for 10 points: 8 by `linear`, 8.33 by `ratio`."""
    return {"indicators": [{"target": "≤5%", "actual": "6%", "weight": "10", "score": score, "deviation_note": "有"}]}


def executed(rate: str) -> Values:
    """90% of 全年预算数, 112.5% of 年初预算数."""
    fields = {"opening_budget": "80", "annual_budget": "100", "annual_spent": "90", "execution_rate": rate}
    return {"fields": fields}


def project_budget(amount: str) -> Values:
    """年初 255.62 = 213.62 + 42, 全年 251.06 = 213.62 + 37.44."""
    fields = {"expenditure_total_opening": "255.62", "basic_opening": "213.62", "project_budget": amount}
    return {"fields": fields | {"annual_budget": "251.06", "nature_basic": "213.62"}}


def partly(score: str) -> Values:
    actual = "部分达成预期指标并具有一定效果"
    return {"indicators": [{"actual": actual, "weight": "10", "score": score, "deviation_note": "有"}]}


def graded(year: int) -> Values:
    """65 points are 中, but not in Sichuan from 2025 on."""
    return {"year": year, "fields": {"total_score": "65", "grade": "中"}}


def exceeded(score: str) -> Values:
    """Half as much again as was wanted, and no reason."""
    return {"indicators": [{"target": "≥100人", "actual": "150人", "weight": "10", "score": score}]}


NATIONAL = levels("10", output="50", benefit="30", satisfaction="10")
COST = levels("10", cost="20", output="40", benefit="20", satisfaction="10")
YUNNAN = levels("10", output="40", benefit="30", satisfaction="20")
HUBEI = levels("20", output="40", benefit="30", satisfaction="10")
NINGXIA = levels("10", output="25", benefit="30", satisfaction="35")
CITY_PROJECTS = {"indicators": [{"level1": "产出指标", "weight": "40"}, {"level1": "效果指标", "weight": "20"}]}
CITY_DEPARTMENTS = {"indicators": [{"level1": "重点履职", "weight": "50"}, {"level1": "效益指标", "weight": "40"}]}
LINEAR, RATIO = over_limit("8"), over_limit("8.33")

# passes under the first variant, is found by the rule under the second
CASES = [
    ("hunan-linear", NATIONAL, "XLP302", "cost-2021-linear"),
    ("hunan-linear", NATIONAL, "XLP323", "hubei"),
    ("hunan-linear", LINEAR, "XLP307", "hunan-ratio"),
    ("hunan-linear", executed("90%"), "XLP202", "execution-on-opening"),
    ("hunan-linear", partly("6"), "XLP320", None),
    ("hunan-linear", project_budget("42"), "XLP402", "hunan-adjusted-budget"),
    ("hunan-linear", project_budget("37.44"), "XLP402", "hunan-opening-budget"),
    ("hunan-ratio", RATIO, "XLP307", "hunan-linear"),
    ("as-stated", YUNNAN, "XLP302", "hunan-linear"),
    ("as-stated", HUBEI, "XLP323", "hunan-linear"),
    ("hunan-opening-budget", project_budget("42"), "XLP402", "hunan-adjusted-budget"),
    ("hunan-adjusted-budget", project_budget("37.44"), "XLP402", "hunan-opening-budget"),
    ("execution-on-opening", executed("112.50%"), "XLP202", "hunan-linear"),
    ("as-stated-on-opening", executed("112.50%"), "XLP202", "as-stated"),
    ("bands-before-2020", partly("5"), "XLP320", "hunan-linear"),
    ("cost-2021-linear", COST, "XLP302", "hunan-linear"),
    ("cost-2021-linear", LINEAR, "XLP307", "cost-2021-ratio"),
    ("cost-2021-ratio", COST, "XLP302", "hunan-ratio"),
    ("cost-2021-ratio", RATIO, "XLP307", "cost-2021-linear"),
    ("sichuan-city-projects-linear", CITY_PROJECTS, "XLP302", "hunan-linear"),
    ("sichuan-city-departments-linear", CITY_DEPARTMENTS, "XLP302", "hunan-linear"),
    ("yunnan-linear", YUNNAN, "XLP302", "hunan-linear"),
    ("yunnan-linear", NATIONAL, "XLP302", "cost-2021-linear"),
    ("yunnan-linear", LINEAR, "XLP307", "yunnan-ratio"),
    ("yunnan-ratio", YUNNAN, "XLP302", "cost-2021-ratio"),
    ("yunnan-ratio", RATIO, "XLP307", "yunnan-linear"),
    ("hubei", HUBEI, "XLP323", "sichuan-ratio"),
    ("hubei", RATIO, "XLP307", "hunan-linear"),
    ("hubei", partly("5"), "XLP320", "hunan-linear"),
    ("sichuan-linear", graded(2024), "XLP318", None),
    ("hunan-linear", graded(2025), "XLP318", "sichuan-linear"),
    ("sichuan-extremes-linear", exceeded("0"), "XLP308", "sichuan-linear"),
    ("sichuan-linear", exceeded("10"), "XLP329", "sichuan-extremes-linear"),
    *(
        (f"{place}-{convention}", values, code, other.format(place=place))
        for place in ("ningxia", "sichuan", "chongqing")
        for convention, values, code, other in [
            ("linear", NINGXIA, "XLP302", "hunan-linear"),
            ("linear", NATIONAL, "XLP323", "hubei"),
            ("linear", LINEAR, "XLP307", "{place}-ratio"),
            ("ratio", NINGXIA, "XLP302", "hunan-ratio"),
            ("ratio", RATIO, "XLP307", "{place}-linear"),
        ]
    ),
]


def found(values: Values, code: str, variant: str) -> list[str]:
    return [each.message for each in audit(record(values), variant).findings if each.code == code]


@pytest.mark.parametrize(("variant", "values", "code", "other"), CASES)
def test_what_one_prescribes_another_refuses(variant: str, values: Values, code: str, other: str | None) -> None:
    assert found(values, code, variant) == []
    if other is not None:
        assert found(values, code, other)


def test_every_variant_has_a_case() -> None:
    assert {variant for variant, *_ in CASES} == set(TEMPLATE.variants)


@pytest.mark.parametrize("variant", TEMPLATE.variants)
def test_weights_add_up(variant: str) -> None:
    """Where the levels are known they exhaust the points together with execution."""
    figures = {name: figure.value for name, figure in TEMPLATE.figures_of(variant).items()}
    of_levels = sum(map(int, figures["standard_level_weights"].values()))
    whole, execution = int(figures["standard_total_weight"]), int(figures["standard_execution_weight"])
    assert of_levels in (0, whole - execution)


@pytest.mark.parametrize("variant", TEMPLATE.variants)
def test_every_figure_is_dated(variant: str) -> None:
    for figure in TEMPLATE.dated_figures(variant):
        assert sources()[figure.source.id] == figure.source
        assert isinstance(figure.status, Evidence)
        assert figure.title
        assert figure.shown


@pytest.mark.parametrize("variant", TEMPLATE.variants)
def test_the_convention_for_reverse_indicators_is_never_silent(variant: str) -> None:
    convention = TEMPLATE.figures_of(variant)["reverse_convention"].value
    assert ("反向指标线性" if convention == "linear" else "反向指标比例") in TEMPLATE.variants[variant]


def test_evidence_is_no_better_than_the_source() -> None:
    order = [Evidence.UNCONFIRMED, Evidence.SECONDARY, Evidence.SYSTEM, Evidence.PUBLISHED]
    for variant in TEMPLATE.variants:
        for figure in TEMPLATE.dated_figures(variant):
            assert order.index(figure.status) <= order.index(figure.source.evidence), (variant, figure.name)


# What a variant does to the figures


def test_the_year_of_the_form_chooses() -> None:
    fields = {"total_score": "65"}
    for year, word in ((2024, "中"), (2025, "差"), (2026, "差"), (None, "中"), (-1, "中")):
        values = record({"fields": fields} | ({"year": year} if year else {}))
        assert compute(values, "sichuan-linear")["grade"] == word, year
        assert compute(values)["grade"] == "中", year


def test_native_formula_of_the_grade_follows_variant_and_year(beita_values: Values) -> None:
    for year, floor in ((2024, 60), (2025, 70)):
        form = open_form(new_bytes({**beita_values, "year": year}))
        fill(form, variant="sichuan-linear")
        form = open_form(form.book.to_bytes())
        place = form.binding.place("grade")
        formula = form.book.cells(place.sheet)[place.ref].formula
        assert formula is not None
        assert f'>={floor},"中"' in formula, formula


def test_an_audit_cites_the_source_of_the_year() -> None:
    (finding,) = (f for f in audit(record(graded(2025)), "sichuan-linear").findings if f.code == "XLP318")
    assert finding.cites == ("chuancaiji-2025-5", "caiyu-2020-10-grades")


def test_points_of_an_extreme_result() -> None:
    """70% to below 130% of the target count as ever, beyond that nothing is earned."""
    for actual, default, zero in (
        ("69", "6.90", "0"),
        ("70", "7.00", "7.00"),
        ("129", "10.00", "10.00"),
        ("130", "10.00", "0"),
    ):
        row = {"target": "≥100", "actual": actual, "weight": "10"}
        values = record({"indicators": [row]})
        for variant, points in (("sichuan-linear", default), ("sichuan-extremes-linear", zero)):
            assert Decimal(str(compute(values, variant)["indicators[0].score"])) == Decimal(points), (actual, variant)


def test_only_the_known_part_is_checked() -> None:
    """Of Ningxia's four numbers only the first can be placed: the levels are left alone, execution and the sum not."""
    assert found(NATIONAL, "XLP302", "ningxia-linear") == found(YUNNAN, "XLP302", "ningxia-linear") == []
    wrong = levels("15", output="25", benefit="30", satisfaction="35")
    assert found(wrong, "XLP323", "ningxia-linear")
    assert found(wrong, "XLP301", "ningxia-linear")


def test_cost_as_a_level_of_its_own() -> None:
    """It is in the total, and in none of the form's level totals: 成本指标 there is the second level of 产出指标."""
    rows = [
        {"level1": "成本指标", "level2": "经济成本指标", "weight": "20", "score": "20"},
        {"level1": "产出指标", "level2": "数量指标", "weight": "40", "score": "39"},
    ]
    fields = {"execution_weight": "10", "execution_score": "10"}
    values = compute(record({"fields": fields, "indicators": rows}), "cost-2021-linear")
    assert [str(values[key]) for key in ("total_weight", "total_score", "output_weight", "output_score")] == [
        *("70.00", "69.00"),
        *("40.00", "39.00"),
    ]
    assert "output_cost_weight" not in values


def test_findings_cite_what_the_variant_goes_by() -> None:
    (finding,) = (f for f in audit(record(HUBEI), "sichuan-linear").findings if f.code == "XLP323")
    assert finding.cites == ("weights-sichuan", "caiyu-2020-10")
    (finding,) = (f for f in audit(record(HUBEI)).findings if f.code == "XLP323")
    assert finding.cites == ("caiyu-2020-10",)


def test_execution_is_measured_on_the_variants_budget() -> None:
    fields = {"opening_budget": "80", "annual_budget": "100", "annual_spent": "90", "execution_weight": "10"}
    values = record({"fields": fields})
    default, opening = compute(values), compute(values, "execution-on-opening")
    assert [str(default[key]) for key in ("execution_rate", "execution_score")] == ["0.9000", "9.00"]
    assert [str(opening[key]) for key in ("execution_rate", "execution_score")] == ["1.1250", "10.00"]
    (finding,) = (f for f in audit(values, "execution-on-opening").findings if f.code == "XLP607")
    assert "年初预算数 80.00 的 112.50%" in finding.message
    assert [f for f in audit(values).findings if f.code == "XLP607"] == []


def test_a_rate_on_the_other_base_names_both() -> None:
    (message,) = found(executed("90%"), "XLP202", "execution-on-opening")
    assert "年初预算数 80.00" in message


def test_missing_base_is_asked_for() -> None:
    fields = {"annual_budget": "100", "annual_spent": "90", "execution_rate": "90%"}
    blank = {each.blank for each in audit(record({"fields": fields}), "execution-on-opening").not_run}
    assert ("opening_budget",) in blank
    assert "execution_rate" not in compute(record({"fields": fields}), "execution-on-opening")


def test_native_formula_follows_the_variant(beita_values: Values) -> None:
    form = open_form(new_bytes(beita_values))
    place = form.binding.place("execution_rate")
    cell, _ = form.binding.references(place.sheet)
    for variant, base in ((None, "annual_budget"), ("execution-on-opening", "opening_budget")):
        fill(form, variant=variant)
        form = open_form(form.book.to_bytes())
        formula = form.book.cells(place.sheet)[place.ref].formula
        assert formula is not None
        assert f"{cell('annual_spent')}/{cell(base)}" in formula


def test_meaning_of_the_budget_column() -> None:
    """An opening total that is all basic spending contradicts a project budget, unless that was granted later."""
    fields = {"expenditure_total_opening": "213.62", "basic_opening": "213.62", "project_budget": "42"}
    values = {"fields": fields | {"annual_budget": "255.62", "nature_basic": "213.62"}}
    assert found(values, "XLP403", "hunan-linear") == found(values, "XLP403", "hunan-adjusted-budget") == []
    assert found(values, "XLP403", "hunan-opening-budget")
    assert found(values, "XLP402", "hunan-opening-budget") == [], "said once"
    (message,) = found(project_budget("37.44"), "XLP402", "hunan-opening-budget")
    assert "255.62" in message
    assert "42" in message
    beside = project_budget("42")["fields"] | {"project_spending_opening": "40"}
    (message,) = found({"fields": beside}, "XLP402", "hunan-opening-budget")
    assert "40.00" in message


# The published example


def at_weight(*rows: int) -> set[tuple[str, str]]:
    return {("XLP302", f"indicators[{row}].weight") for row in rows}


BEITA: dict[str, tuple[set[tuple[str, str]], set[tuple[str, str]]]] = {
    # 项目预算 42 fits neither reading; under each of them one of the two findings remains
    "hunan-opening-budget": (set(), {("XLP402", "project_budget")}),
    "hunan-adjusted-budget": (set(), {("XLP403", "expenditure_total_opening")}),
    # 251.06 of 128.90: a rate of 194.77% where 100% is stated
    "execution-on-opening": ({("XLP202", "execution_rate"), ("XLP607", "annual_spent")}, set()),
    "cost-2021": (at_weight(0, 6), set()),
    "sichuan-city-projects": (at_weight(0), set()),
    "yunnan": (set(), set()),
    "hubei": ({("XLP323", "execution_weight")}, set()),
}


@pytest.fixture(scope="module")
def outcomes(beita: Record) -> tuple[Outcome, ...]:
    return audit_all(beita)


@pytest.mark.parametrize("variant", TEMPLATE.variants)
def test_beita_under_every_variant(outcomes: tuple[Outcome, ...], variant: str) -> None:
    """What it has more and less than by default; where nothing is listed, nothing."""
    (outcome,) = (each for each in outcomes if each.variant == variant)
    added, removed = ({(f.code, f.key) for f in found} for found in (outcome.added, outcome.removed))
    place = variant.removesuffix("-linear").removesuffix("-ratio").replace("as-stated-on", "execution-on")
    assert (added, removed) == BEITA.get(place, (set(), set()))
    assert outcome.sent_back


def test_audit_all_is_the_audit_of_each(beita: Record, outcomes: tuple[Outcome, ...]) -> None:
    assert [each.variant for each in outcomes] == list(TEMPLATE.variants)
    for each in outcomes:
        report = audit(beita, each.variant)
        assert (each.report.variant, each.report.findings) == (each.variant, report.findings)
        assert each.report.not_run == report.not_run


def test_sent_back_means_an_error() -> None:
    by_variant = {each.variant: each for each in audit_all(record(NATIONAL))}
    for each in by_variant.values():
        assert each.sent_back == any(f.severity is Severity.ERROR for f in each.report.findings)


# The data itself


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("figures.reverse_convention = {", "figures.reverse_convenion = {", "reverse_convenion"),
        ("figures.reverse_convention = {", "figure.reverse_convention = {", "figure"),
        ('{ value = "ratio", cites = "reverse-ratio"', '{ value = "raito", cites = "reverse-ratio"', "raito"),
        ('{ value = "ratio", cites = "reverse-ratio"', '{ value = 3, cites = "reverse-ratio"', "reverse_convention"),
        ('{ value = "ratio", cites = "reverse-ratio"', '{ valeu = "ratio", cites = "reverse-ratio"', "value"),
        ('{ cell = "opening_budget"', '{ value = "opening_budget"', "execution_base"),
        ('{ cell = "opening_budget"', '{ cell = "opening_bugdet"', "opening_bugdet"),
        ('opening_budget = "年初预算数" }', 'opening_bugdet = "年初预算数" }', "opening_bugdet"),
        ('title = "满分"', 'title = "满分"\nsince = "2020"', "since"),
        ("from.2025]", "from.spring]", "spring"),
        ("from.2025]\ngrade_bands", "from.2025]\ngrade_band", "grade_band"),
        (
            "from.2025]\n",
            'from.2025]\nexecution_base = { cell = "opening_budget", cites = "execution-base", status = "system" }\n',
            "execution_base",
        ),
        ('replaces = ["hubei-linear"', 'replaces = ["hunan-linear"', "hunan-linear"),
        ('like = "yunnan-linear"', 'like = "yunan-linear"', "yunan-linear"),
        ('like = "cost-2021-linear"', 'like = "yunnan-linear"', "yunnan-linear"),  # stands below it
        ('default_variant = "hunan-linear"', 'default_variant = "hunan"', "hunan"),
    ],
)
def test_a_slip_is_refused(old: str, new: str, says: str) -> None:
    """In a form's own file: the conventions that forms share may say more than one form has."""
    form, shared = (
        (templates_folder() / name).read_text("utf-8") for name in ("department_overall.toml", "scoring.toml")
    )
    assert old in shared
    head, _, tables = shared.replace(old, new, 1).partition("\n[")
    own = form.replace(', "scoring.toml"', "")
    with pytest.raises(TemplateError, match=says):
        proven(parse_toml(f"{head}\n{own}\n[{tables}", "department_overall.toml"))


def test_unknown_variant_lists_the_known(beita: Record) -> None:
    with pytest.raises(UnknownNameError, match=r"nowhere.*hunan-linear、hunan-ratio.*chongqing-ratio"):
        audit(beita, "nowhere")


# The command line


def test_variants_command(run: Run) -> None:
    result = run("variants")
    assert result.code == 0
    for variant, title in TEMPLATE.variants.items():
        assert f"{variant}  {title}" in result.out
    assert "成本指标 20、产出指标 40、效益指标 20、满意度指标 10" in result.out
    assert "等级的下限（2025年度起）：优 90、良 80、中 70、差 0" in result.out
    assert result.out.count("（默认）") == 1
    listed = json.loads(run("variants", "--format", "json").out)
    assert [each["id"] for each in listed] == list(TEMPLATE.variants)
    assert [each["default"] for each in listed].count(True) == 1
    for each in listed:
        assert [figure["name"] for figure in each["figures"]] == [f.name for f in own_figures(TEMPLATE, each["id"])]
        assert all(
            {*figure} == {"name", "title", "value", "since", "cites", "source", "status"} for figure in each["figures"]
        )


def test_explain_says_what_is_unconfirmed(run: Run) -> None:
    lines = run("explain", "XLP302").out.splitlines()
    (cost,) = (line for line in lines if "成本指标 20" in line)
    assert "cost-2021-linear、cost-2021-ratio" in cost
    assert "尚未核到正式条文" in cost
    (yunnan,) = (line for line in lines if "口径 yunnan-linear" in line)
    assert "不核对" in yunnan
    assert "尚未核到正式条文" in yunnan
    (hubei,) = (line for line in lines if "口径 hubei" in line)
    assert "尚未核到正式条文" not in hubei


@pytest.mark.parametrize(
    ("code", "figure", "status"),
    [
        ("XLP312", "完成值为指标值的多少倍起提醒 = 1.2", Evidence.SYSTEM),
        ("XLP312", "完成值为指标值的多少倍起须写原因 = 1.3", Evidence.SYSTEM),
        ("XLP607", "执行率低于多少须核实 = 0.9", Evidence.PUBLISHED),
        ("XLP318", "等级的下限 = 优 90、良 80、中 60、差 0", Evidence.SECONDARY),
        ("XLP318", "2025年度起） = 优 90、良 80、中 70、差 0", Evidence.SECONDARY),
        ("XLP302", "yunnan-linear、yunnan-ratio", Evidence.UNCONFIRMED),
        ("XLP320", "（占分值的比例） = 达成 0.8—1、部分达成 0.6—0.8、未达成 0—0.6", Evidence.SYSTEM),
        ("XLP320", "（口径 bands-before-2020）", Evidence.PUBLISHED),
        ("XLP320", "（口径 hubei）", Evidence.PUBLISHED),
        ("XLP603", "预算调整率超过多少须核实 = 0.3", Evidence.PUBLISHED),
        ("XLP603", "预算调整率超过多少作提示 = 0.1", Evidence.UNCONFIRMED),
        ("XLP607", "（口径 execution-on-opening、as-stated-on-opening） = 年初预算数，北京市早期", Evidence.PUBLISHED),
        ("XLP307", "时的计分 = 按超出的比例线性扣分", Evidence.SYSTEM),
        ("XLP329", "（口径 sichuan-extremes-linear） = 不得分", Evidence.SECONDARY),
        ("XLP306", "76% 得 7.6 分", Evidence.PUBLISHED),
        ("XLP609", "公用经费控制率", Evidence.UNCONFIRMED),
        ("XLP318", "是否也用于单位自评，未见原文", Evidence.SECONDARY),
    ],
)
def test_explain_tells_how_sure_a_figure_is(run: Run, code: str, figure: str, status: Evidence) -> None:
    (line,) = (line for line in run("explain", code).out.splitlines() if figure in line)
    assert line.endswith(f"［{status.text}］")


def test_explain_names_no_article() -> None:
    """The numbers of articles were never checked against the text."""
    assert not any(re.search(r"第[一二三四五六七八九十百\d]+条", source.text) for source in sources().values())


def column_starts(line: str, words: list[str]) -> list[int]:
    """Where the words begin on a screen."""
    wide = [2 if unicodedata.east_asian_width(letter) in "FWA" else 1 for letter in line]
    return [sum(wide[: line.index(word)]) for word in words]


def test_all_variants(run: Run, book: Path, tmp_path: Path) -> None:
    before = contents(tmp_path)
    result = run("check", book, "--all-variants")
    assert result.code == run("check", book).code == 1
    assert contents(tmp_path) == before
    head, *lines, _, _ = result.out.splitlines()
    assert [line.split()[0] for line in lines] == list(TEMPLATE.variants)
    starts = column_starts(head, ["名称", "结论"])
    for line, title in zip(lines, TEMPLATE.variants.values(), strict=True):
        assert column_starts(line, [title, "会被退回"]) == starts
    (hubei,) = (line for line in lines if line.startswith("hubei"))
    assert "XLP323" in hubei


def test_all_variants_in_json(run: Run, book: Path) -> None:
    result = json.loads(run("check", book, "--all-variants", "--format", "json").out)
    assert {*result} == {"schema", "file", "template", "default", "variants", "unread", "ledger"}
    default = json.loads(run("check", book, "--format", "json").out)
    assert result["default"] == default["variant"]
    assert result["variants"][0]["counts"] == default["counts"]
    for each in result["variants"]:
        assert {*each} == {"id", "title", "sent_back", "counts", "added", "removed"}
        whole = sum(each["counts"][severity] for severity in Severity)
        assert whole == len(default["findings"]) + len(each["added"]) - len(each["removed"])
        assert each["sent_back"] == (each["counts"]["error"] > 0)
        assert all({*found} == {"code", "severity", "at", "key", "message"} for found in each["added"])


def test_all_variants_exits_as_the_default_does(run: Run) -> None:
    """A form by Hubei's weights: clean there, an error by default; and a form by the default's."""
    for values, code in ((HUBEI, 1), (NATIONAL, 0)):
        Path("values.json").write_text(json.dumps(complete(values), ensure_ascii=False), "utf-8")
        Path("form.xlsx").unlink(missing_ok=True)
        assert run("new", "form.xlsx", "--values", "values.json").code == 0
        result = run("check", "form.xlsx", "--all-variants")
        assert (result.code, run("check", "form.xlsx").code) == (code, code), result.out
        assert run("check", "form.xlsx", "--variant", "hubei").code == 1 - code


def complete(values: Values) -> Values:
    """A form with nothing else to find at error."""
    rows = [
        {
            **row,
            "level2": "数量指标",
            "level3": f"指标{number}",
            "target": "≥95%",
            "actual": "96%",
            "score": row["weight"],
        }
        for number, row in enumerate(values["indicators"])
    ]
    fields = {
        **{"staff_quota": "8", "staff_actual": "8", "opening_budget": "100", "annual_budget": "100"},
        **{"annual_spent": "100", "goal_expected": "目标", "goal_actual": "完成"},
        **values["fields"],
    }
    return {"year": 2023, "unit_name": "某局", "fields": fields, "indicators": rows}


@pytest.mark.parametrize("option", [("--variant", "hunan-ratio"), ("-o", "out.xlsx"), ("--in-place",)])
def test_all_variants_goes_alone(run: Run, book: Path, option: tuple[str, ...]) -> None:
    refuse(run, "check", book, "--all-variants", *option, says=("--all-variants", "--variant"))


@pytest.mark.parametrize("command", ["fill", "check", "freeze"])
def test_unknown_variant_is_refused(run: Run, book: Path, command: str) -> None:
    target = () if command == "check" else ("-o", "out.xlsx")
    refuse(run, command, book, "--variant", "nowhere", *target, says=("nowhere", "hunan-linear", "yunnan-ratio"))


@pytest.mark.parametrize("old", ["hubei-linear", "hubei-ratio"])
@pytest.mark.parametrize("command", ["fill", "check", "freeze"])
def test_a_variant_that_was_replaced_says_which_to_use(run: Run, book: Path, command: str, old: str) -> None:
    target = () if command == "check" else ("-o", "out.xlsx")
    refuse(run, command, book, "--variant", old, *target, says=(old, "代替", "--variant hubei"))


def test_outcome_lines_of_a_blank_form() -> None:
    """Required cells are blank under every variant alike."""
    lines = list(outcome_lines(audit_all(record({}))))
    assert len(lines) == len(TEMPLATE.variants) + 2
    assert all("XLP" not in line for line in lines)


def test_template_fixture_is_the_one_tested(template: Template) -> None:
    assert template is TEMPLATE
