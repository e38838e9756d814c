"""`python -m tests.bench.thread_years`: a project from its goals over its monitoring to its self-evaluation, by years.

Every year is drawn clean, as people type the same thing three times: names with other numbering, stars and blanks,
targets in other signs, units and dates, rows in another order, indicators said to be none, goals in each layout, money
in 元 rounded elsewhere, a project over several years. On it the rules about the thread and about goals find nothing.
Then one change at a time is seeded, and it has to be found at its cell, and nothing else. Exit 1 otherwise.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from tests.places import DATA
from xlperf.audit.running import Found, run_checks
from xlperf.checks.catalog import CHECKS
from xlperf.cli.together import Others, check_together
from xlperf.derive.seen import Seen
from xlperf.form.forms import load_template
from xlperf.form.record import Record, record_from_values
from xlperf.report.files import Asked
from xlperf.workbook.actions import new_workbook
from xlperf.workbook.given import Given, as_given, held_against

THREAD = tuple(rule for rule in CHECKS if {"approved", "monitoring"}.intersection(rule.compared_with))
OF_GOALS = tuple(rule for rule in CHECKS if rule.function.__module__.endswith(".goals"))
RULES = (*THREAD, *OF_GOALS)
SEED = "thread"
Values = dict[str, Any]
Place = tuple[str, str, str]  # form, code, key


class Measure(NamedTuple):
    """An indicator with the ways its one target is written, what was reached by the summer, and what in the end."""

    level1: str
    level2: str
    name: str
    targets: tuple[str, ...]
    easier: str
    harder: str
    so_far: str
    actual: str
    short: str  # of the target
    counts: bool = False  # things of which there can only be more


POOL = tuple(
    Measure(**each | {"targets": tuple(each["targets"])})
    for each in tomllib.loads((DATA / "thread.toml").read_text("utf-8"))["measures"]
)
ADDED = Measure("产出指标", "数量指标", "编印乡土读本", ("≥2种",), "", "", "", "2种", "")
NONE = {"level1": "效益指标", "level2": "生态效益指标", "level3": "不适用", "target": "不适用"}


class Year(NamedTuple):
    """The three forms as `xlperf new --values` reads them; `measures` in the goals' order."""

    goals: Values
    monitoring: Values
    own: Values
    measures: list[Measure]

    def row(self, form: str, measure: Measure) -> int:
        """Where an indicator stands in a form."""
        return next(
            n
            for n, row in enumerate(getattr(self, form)["indicators"])
            if measure.name in row["level3"].replace(" ", "")
        )


class Seeded(NamedTuple):
    """A year with a change, where it has to be found, and what may be found as well."""

    kind: str
    year: Year
    wanted: frozenset[Place]
    words: str = ""


def draw(number: int, seed: str = SEED) -> Year:
    """One clean year."""
    rng = random.Random(f"{seed}/{number}")
    measures = rng.sample(POOL, rng.randint(4, len(POOL)))
    whole = rng.random() < 0.5  # one year, or three of which this is the first
    ends = "2024年12月31日" if whole else "2026年12月31日"
    budget = Decimal(rng.randint(2000, 90000)).scaleb(-2)
    name = rng.choice(("公共图书馆免费开放", "2024年公共图书馆（总馆）免费开放", "公共图书馆免费开放专项经费"))
    head = {"project_name": name, "department": "北山区文化旅游广电体育局"}
    asked = budget if whole else budget * 3
    goals: Values = {
        "template": "goals",
        "year": 2024,
        "unit_name": "北山区图书馆",
        "fields": head
        | {
            "starts_on": rng.choice(("2024年1月1日", "2024年1月", "2024-01-01")),
            "ends_on": ends,
            "funds": f"{asked:f}",
            "basis": rng.choice(("《公共图书馆法》", "某财教〔2023〕15号", "区政府会议纪要第12期")),
            "overview": rng.choice(
                (
                    "",
                    f"总投资{asked:f}万元。",
                    f"项目资金总额 {asked * 10000:,.0f} 元，其中购书 3 万元。",
                    "总投资约 7 万元。",
                )
            ),
            "goal_expected": "通过购置图书、举办活动，提高居民的阅读率。",
            "goal_long_term": rng.choice(("", "不适用", "通过三年努力，建成全区阅读网络。")),
        },
        "schedule": [{"content": "采购", "starts_on": "2024年3月", "ends_on": rng.choice(("2024年3月", "2024年10月"))}],
        "indicators": [_row(rng, each) for each in measures],
    }
    spent = (budget * Decimal("0.97")).quantize(Decimal("0.01"))
    rounded = rng.choice((Decimal(0), Decimal("0.0034")))
    monitoring: Values = {
        "template": "monitoring",
        "year": 2024,
        "fields": head
        | {
            "project_name": rng.choice((name, f" {name.replace('2024年', '')}")),
            "opening_budget": f"{budget + rounded:f}",
            "annual_budget": f"{budget:f}",
            "annual_spent": f"{(budget * Decimal('0.54')).quantize(Decimal('0.01')):f}",
            "forecast_spent": f"{budget:f}",
        },
        "indicators": [
            _row(rng, each)
            | {"actual": each.so_far, "forecast": each.targets[0], "likelihood": rng.choice(("确定能", "有可能"))}
            for each in _shuffled(rng, measures)
        ],
    }
    own: Values = {
        "template": "project_spending",
        "year": 2024,
        "fields": head
        | {
            "project_name": rng.choice((name, f"1、{name}")),
            "opening_budget": f"{budget:f}",
            "annual_budget": f"{budget:f}",
            "annual_spent": f"{spent:f}",
        },
        "indicators": [_row(rng, each, points=True) | {"actual": each.actual} for each in _shuffled(rng, measures)],
    }
    for values in (goals, monitoring, own):
        if rng.random() < 0.3:
            values["indicators"].append(dict(NONE))
    return Year(goals, monitoring, own, measures)


def _shuffled(rng: random.Random, measures: list[Measure]) -> list[Measure]:
    return rng.sample(measures, len(measures)) if rng.random() < 0.4 else measures


def _row(rng: random.Random, measure: Measure, *, points: bool = False) -> dict[str, str]:
    """An indicator as somebody types it."""
    spelling = rng.choice(("{}", "{}", "指标1：{}", "★{}", "（2）{}", "{}（15分）", "2024年{}", "{} "))
    level1 = f"{measure.level1}（50分）" if points and rng.random() < 0.5 else measure.level1
    return {
        "level1": level1,
        "level2": measure.level2,
        "level3": spelling.format(measure.name),
        "target": rng.choice(measure.targets),
    }


def found_in(year: Year) -> dict[str, list[Found]]:
    """What the rules find in each of the three forms."""

    def told(values: Values, given: Given) -> tuple[Record, list[Found]]:
        record = held_against(record_from_values(values, load_template(values["template"])), given)
        return record, run_checks(Seen(record), RULES)[0]

    goals, of_goals = told(year.goals, Given())
    given = Given(goals=(as_given(goals, "goals.xlsx"),))
    monitoring, of_monitoring = told(year.monitoring, given)
    _, of_own = told(year.own, given._replace(monitoring=(as_given(monitoring, "monitoring.xlsx"),)))
    return {"goals": of_goals, "monitoring": of_monitoring, "own": of_own}


def places_in(year: Year) -> dict[Place, str]:
    return {
        (form, each.rule.code, each.mismatch.at.key): each.mismatch.message
        for form, findings in found_in(year).items()
        for each in findings
    }


# Changes, each with the place where it has to be found; `_any` is an indicator of the year


def _any(rng: random.Random, year: Year, **wanted: bool) -> Measure | None:
    return rng.choice([each for each in year.measures if each.counts or not wanted.get("counts")] or [None])


def _set(year: Year, form: str, measure: Measure, column: str, text: str) -> str:
    row = year.row(form, measure)
    getattr(year, form)["indicators"][row][column] = text
    return f"indicators[{row}].{column}"


def _retargeted(
    kind: str, words: str, text: Callable[[Measure], str]
) -> Callable[[random.Random, Year], Seeded | None]:
    """A target that is another one: in the self-evaluation, or in the monitoring and with it there."""

    def change(rng: random.Random, year: Year) -> Seeded | None:
        measure = _any(rng, year)
        assert measure is not None
        new = text(measure)
        if not new:
            return None
        forms = rng.choice((("own",), ("monitoring", "own"), ("monitoring",)))
        for form in forms:
            _set(year, form, measure, "target", new)
        if "own" in forms and kind in ("raised", "reversed"):  # whatever was reached: nobody says that it was not
            _set(year, "own", measure, "deviation_note", "目标在年中提高")
        places = {(form, "XLP428", f"indicators[{year.row(form, measure)}].target") for form in forms}
        return Seeded(kind, year, frozenset(places), words)

    return change


def _reversed(measure: Measure) -> str:
    first = measure.targets[0]
    turned = first.translate(str.maketrans("≥≤", "≤≥"))
    return turned if turned != first else ""


def dropped(rng: random.Random, year: Year) -> Seeded | None:
    measure = _any(rng, year)
    assert measure is not None
    rows = year.own["indicators"]
    gone = rows.pop(year.row("own", measure))
    level = gone["level1"].partition("（")[0]
    if measure.level1 != level:
        return None
    left = [n for n, row in enumerate(rows) if row["level1"].partition("（")[0] == level] or range(len(rows))
    return Seeded("dropped", year, frozenset({("own", "XLP429", f"indicators[{left[-1]}].level3")}), measure.name)


def added(rng: random.Random, year: Year) -> Seeded:
    row = rng.randint(0, len(year.own["indicators"]))
    year.own["indicators"].insert(row, _row(rng, ADDED) | {"actual": ADDED.actual})
    return Seeded("added", year, frozenset({("own", "XLP429", f"indicators[{row}].level3")}), ADDED.name)


def renamed(rng: random.Random, year: Year) -> Seeded | None:
    measure = _any(rng, year)
    assert measure is not None
    key = _set(year, "own", measure, "level3", rng.choice((f"{measure.name}情况", f"全区{measure.name}")))
    return Seeded("renamed", year, frozenset({("own", "XLP429", key)}), "可能是改了名称")


def not_reached(rng: random.Random, year: Year) -> Seeded | None:
    """What was certain in the summer, without a reason why it was not done."""
    measure = _any(rng, year)
    assert measure is not None
    _set(year, "monitoring", measure, "likelihood", "确定能")
    key = _set(year, "own", measure, "actual", measure.short)
    return Seeded("not reached", year, frozenset({("own", "XLP434", key)}), "没有完成")


def hopeless(rng: random.Random, year: Year) -> Seeded | None:
    measure = _any(rng, year)
    assert measure is not None
    _set(year, "monitoring", measure, "likelihood", "完全不可能")
    return Seeded(
        "hopeless", year, frozenset({("own", "XLP434", f"indicators[{year.row('own', measure)}].actual")}), "完成了"
    )


def fewer(rng: random.Random, year: Year) -> Seeded | None:
    """Less in the year than by the summer; a reason is given why the target was missed."""
    measure = _any(rng, year, counts=True)
    if measure is None:
        return None
    figure = measure.so_far.rstrip("册场人次")
    key = _set(year, "own", measure, "actual", measure.so_far.replace(figure, str(int(figure) * 2 // 3)))
    _set(year, "own", measure, "deviation_note", "因闭馆改造，下半年停止服务")
    return Seeded("fewer", year, frozenset({("own", "XLP435", key)}))


def opening(rng: random.Random, year: Year) -> Seeded | None:
    value = Decimal(year.own["fields"]["opening_budget"])
    year.own["fields"]["opening_budget"] = f"{rng.choice((value * 10, value + 3, value - Decimal('0.07'))):f}"
    places = {("own", "XLP432", "opening_budget")}
    if year.goals["fields"]["ends_on"].startswith("2024"):
        places.add(("own", "XLP433", "opening_budget"))
    return Seeded("opening budget", year, frozenset(places))


def asked(rng: random.Random, year: Year) -> Seeded | None:
    """More was asked for than approved, by a project of one year; its text says so too."""
    if not year.goals["fields"]["ends_on"].startswith("2024"):
        return None
    year.goals["fields"] |= {"funds": f"{Decimal(year.goals['fields']['funds']) + 20:f}", "overview": ""}
    return Seeded("asked", year, frozenset({(form, "XLP433", "opening_budget") for form in ("monitoring", "own")}))


def spent(rng: random.Random, year: Year) -> Seeded | None:
    by_then = Decimal(year.monitoring["fields"]["annual_spent"])
    year.own["fields"]["annual_spent"] = f"{by_then - Decimal('0.05'):f}"
    places = {("own", code, "annual_spent") for code in ("XLP436", "XLP437")}
    return Seeded("spent", year, frozenset(places))


def forecast(rng: random.Random, year: Year) -> Seeded | None:
    value = Decimal(year.own["fields"]["annual_spent"]) * Decimal("0.85")
    year.own["fields"]["annual_spent"] = f"{value.quantize(Decimal('0.01')):f}"
    return Seeded("forecast", year, frozenset({("own", "XLP437", "annual_spent")}))


def called(rng: random.Random, year: Year) -> Seeded | None:
    year.own["fields"]["project_name"] = "公共图书馆（总馆）免费开放专项经费项目"
    if year.goals["fields"]["project_name"] == "2024年公共图书馆（总馆）免费开放专项经费项目":
        return None
    return Seeded("name", year, frozenset({("own", "XLP431", "project_name")}))


def groundless(rng: random.Random, year: Year) -> Seeded:
    year.goals["fields"]["basis"] = rng.choice(("根据工作需要", "按照上级要求和2024年工作安排"))
    return Seeded("basis", year, frozenset({("goals", "XLP116", "basis")}))


def aimless(rng: random.Random, year: Year) -> Seeded:
    year.goals["fields"]["goal_expected"] = rng.choice(("做好免费开放工作。", "通过政府采购购置图书。"))
    return Seeded("means", year, frozenset({("goals", "XLP118", "goal_expected")}))


def misstated(rng: random.Random, year: Year) -> Seeded | None:
    """Of several years the form has but one amount, which need not be that of the whole."""
    if not year.goals["fields"]["ends_on"].startswith("2024"):
        return None
    wrong = Decimal(year.goals["fields"]["funds"]) + 9
    said = rng.choice((f"项目总投资为{wrong:f}万元。", f"本年度安排财政资金 {wrong * 10000:,.0f} 元。"))
    year.goals["fields"]["overview"] = said
    return Seeded("text", year, frozenset({("goals", "XLP512", "overview")}))


def backwards(rng: random.Random, year: Year) -> Seeded:
    if rng.random() < 0.5:
        year.goals["schedule"][0] |= {"starts_on": "2024年11月"}
        return Seeded("dates", year, frozenset({("goals", "XLP618", "schedule[0].ends_on")}))
    year.goals["fields"]["starts_on"] = "2027年1月1日"
    year.goals["fields"]["overview"] = ""
    return Seeded("dates", year, frozenset({("goals", "XLP618", "ends_on")}))


def late(rng: random.Random, year: Year) -> Seeded | None:
    """A deadline after the end, the same in all three forms."""
    measure = next((each for each in year.measures if each.level2 == "时效指标"), None)
    if measure is None:
        return None
    deadline = f"{int(year.goals['fields']['ends_on'][:4]) + 1}年1月底前"
    for form in ("goals", "monitoring", "own"):
        _set(year, form, measure, "target", deadline)
    return Seeded("late", year, frozenset({("goals", "XLP619", f"indicators[{year.row('goals', measure)}].target")}))


CHANGES: tuple[Callable[[random.Random, Year], Seeded | None], ...] = (
    _retargeted("lowered", "降低了", lambda measure: measure.easier),
    _retargeted("raised", "提高了", lambda measure: measure.harder),
    _retargeted("reversed", "符号", _reversed),
    dropped,
    added,
    renamed,
    not_reached,
    hopeless,
    fewer,
    opening,
    asked,
    spent,
    forecast,
    called,
    groundless,
    aimless,
    misstated,
    backwards,
    late,
)


def seeded(number: int, seed: str = SEED) -> Iterator[Seeded]:
    """The year with each change that it can have."""
    for place, change in enumerate(CHANGES):
        found = change(random.Random(f"{seed}/{number}/{place}"), deepcopy(draw(number, seed)))
        if found is not None:
            yield found


def judged(change: Seeded) -> str:
    """What is wrong with what was found; empty if the change was found, and nothing was invented."""
    places = places_in(change.year)
    missed = [place for place in change.wanted if change.words not in places.get(place, "\0")]
    if missed:
        return f"missed {missed}: {list(places.items())}"
    beyond = places.keys() - change.wanted
    return f"invented {[(place, places[place]) for place in beyond]}" if beyond else ""


def in_files(year: Year, folder: Path) -> set[Place]:
    """What is found where every form is a workbook of its own, as `check --goals --monitoring` reads them."""
    for form in ("goals", "monitoring", "own"):
        new_workbook(getattr(year, form)).save(folder / f"{form}.xlsx")
    others = Others(goals=[folder / "goals.xlsx"], monitoring=[folder / "monitoring.xlsx"])
    together = check_together(folder / "own.xlsx", others, Asked(), None)
    codes = {rule.code for rule in RULES}
    return {
        (each.path.stem, finding.code, finding.key)
        for each in together.files
        for form in each.forms
        for finding in form.report.findings
        if finding.code in codes
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.thread_years", description=__doc__)
    parser.add_argument("--count", type=int, default=200, help="years (default %(default)s)")
    parser.add_argument("--seed", default=SEED, help="(default %(default)s)")
    parser.add_argument("--files", type=int, default=5, help="of them as workbooks too (default %(default)s)")
    options = parser.parse_args()
    start, wrong = time.monotonic(), 0
    counts: Counter[str] = Counter()
    for number in range(options.count):
        year = draw(number, options.seed)
        counts["years"] += 1
        counts["indicators"] += len(year.measures)
        clean = places_in(year)
        wrong += bool(clean)
        for place, message in clean.items():
            print(f"{number} clean: {place} {message}")
        for change in seeded(number, options.seed):
            counts[f"change {change.kind}"] += 1
            said = judged(change)
            if number < options.files and not said:
                with TemporaryDirectory() as folder:
                    counts["changes in workbooks"] += 1
                    read, drawn = in_files(change.year, Path(folder)), set(places_in(change.year))
                    said = f"in workbooks {read}, not {drawn}" if read != drawn else ""
            if said:
                wrong += 1
                print(f"{number} {change.kind}: {said}")
    for name, count in sorted(counts.items()):
        print(f"{name:28}{count:>8}")
    print(f"{wrong} wrong, {time.monotonic() - start:.1f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
