"""`python -m tests.bench.project_years`: years of one unit each, its department form and the forms of its projects.

Every year is drawn clean, as people write it: names with other blanks and brackets, figures of the project forms in 元
where the department rounds to 万元, 预算数 as either budget, 业务工作经费 and the like with forms, no rows at all, a
project of two units, one of last year lying among them, a blank figure. On it nothing may be found by XLP422 to XLP427.
Then one fault at a time is seeded, and it has to be found at its cell, and nothing else. Exit 1 otherwise.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from tests.bench.faults.clean import MODES, clean
from xlperf.amounts import parse_number
from xlperf.audit.running import Found, run_checks
from xlperf.checks.catalog import CHECKS
from xlperf.cli.together import Others, check_together
from xlperf.derive.seen import Seen
from xlperf.form.forms import load_template
from xlperf.form.record import record_from_values
from xlperf.report.files import Asked
from xlperf.workbook.actions import new_workbook
from xlperf.workbook.given import Given, as_given, held_against

DEPARTMENT, PROJECT = load_template("department_overall"), load_template("project_spending")
RULES = tuple(rule for rule in CHECKS if "project_forms" in rule.compared_with)
SEED = "projects"
_BESIDE = ("project_business", "project_operation", "project_other")
_STEP = Decimal("0.01")
_NEVER = "社区戏台修缮"  # shares no four characters with any name that is drawn

Form = dict[str, Any]
Place = tuple[str, str]  # code and key


class Year(NamedTuple):
    """A department form as `xlperf new --values` reads it, and the fields of its project forms, `year` among them."""

    department: dict[str, Any]
    forms: list[Form]
    rows: list[int]  # of each form the row that it belongs to, -1 for none
    shape: str

    @property
    def specials(self) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = self.department["project_special"]
        return rows


class Seeded(NamedTuple):
    """A year with a fault: where it has to be found, and where it may be found as well."""

    kind: str
    year: Year
    wanted: Place
    allowed: frozenset[str] = frozenset()  # codes
    words: str = ""


def amount(text: str | None) -> Decimal:
    found = parse_number(text or "")
    return Decimal(0) if found is None else found.value


def draw(number: int, seed: str = SEED) -> Year:
    """One clean year."""
    rng = random.Random(f"{seed}/{number}")
    values = clean(rng, MODES[number % 2])
    values["project_special"] = values["project_special"][:12]
    fields: dict[str, str] = values["fields"]
    shape = rng.choices(("rows", "covered", "total"), (5, 3, 2))[0]
    if not values["project_special"]:
        shape = "total" if shape == "rows" else shape
    for row in values["project_special"]:  # what `clean` cut off or left as nil
        row.setdefault("budget", row["actual"])
    truths = _truths(rng, values, exact=number % 2 == 0)
    if shape != "covered":
        fields |= {f"{line}_{column}": "" for line in _BESIDE for column in ("budget", "actual")}
    lines = [] if shape != "covered" else _lines(rng, fields)
    whole = [*truths, *lines]
    fields["project_budget"] = f"{sum((budget for _, budget, _ in whole), Decimal(0)).quantize(_STEP)}"
    fields["project_actual"] = f"{sum((spent for _, _, spent in whole), Decimal(0)).quantize(_STEP)}"
    forms, rows = [], []
    means = rng.choice(("opening_budget", "annual_budget"))
    for index, (name, budget, spent) in enumerate(whole):
        for form in _forms(rng, name, budget, spent, means, values["year"]):
            forms.append(form)
            rows.append(index if index < len(truths) else -1)
    numbering = rng.choice(("{}", "（{1}）{0}", "{1}.{0}"))
    for index, row in enumerate(values["project_special"], 1):
        row["name"] = numbering.format(row["name"], index)
    if shape == "total":
        values["project_special"], rows = [], [-1] * len(rows)
    for key in ("section_2_1", "section_2_2", "section_3_1"):
        fields[key] = ""
    _say_how_many(rng, fields, values["year"], len(whole))
    if forms and rng.random() < 0.3:
        forms.append(dict(rng.choice(forms), project_name=_NEVER, year=values["year"] - 1))
        rows.append(-2)
    return Year(values, forms, rows, shape)


def _truths(rng: random.Random, values: Mapping[str, Any], *, exact: bool) -> list[tuple[str, Decimal, Decimal]]:
    """The rows' figures; in exact years some are rounded, each up for another that is rounded down."""
    found = [(row["name"], amount(row["budget"]), amount(row["actual"])) for row in values["project_special"]]
    for first in range(0, len(found) - 1, 2) if exact else ():
        off = Decimal(rng.randint(0, 49)).scaleb(-4)
        (name, budget, spent), (other, its_budget, its_spent) = found[first : first + 2]
        if spent > 1 and its_spent > 1:
            found[first : first + 2] = (name, budget, spent + off), (other, its_budget, its_spent - off)
    return found


def _lines(rng: random.Random, fields: Mapping[str, str]) -> list[tuple[str, Decimal, Decimal]]:
    """Projects that together are 业务工作经费 and the other lines."""
    found = []
    for line in _BESIDE:
        budget, spent = amount(fields.get(f"{line}_budget")), amount(fields.get(f"{line}_actual"))
        if budget or spent:
            share = rng.choice((None, Decimal("0.4")))
            part = (budget * (share or 0)).quantize(_STEP), (spent * (share or 0)).quantize(_STEP)
            if share is not None and all(part):
                found.append((f"{line}甲类事项", *part))
                budget, spent = budget - part[0], spent - part[1]
            found.append((f"{line}其余事项", budget, spent))
    return found


def _forms(
    rng: random.Random, name: str, budget: Decimal, spent: Decimal, means: str, year: int
) -> Iterator[dict[str, Any]]:
    """The form of a project; now and then two, of the units that share it."""
    other = budget + rng.choice((0, 0, Decimal("3.5")))
    figures = {"opening_budget": other, "annual_budget": other, means: budget, "annual_spent": spent}
    shares: tuple[Decimal, ...] = (Decimal(1),)
    if rng.random() < 0.06 and budget > 10 and spent > 10:
        shares = (Decimal("0.3"), Decimal("0.7"))
    left = dict(figures)
    for number, share in enumerate(shares, 1):
        own = {key: (value * share).quantize(_STEP) if share != 1 else value for key, value in figures.items()}
        own = left if number == len(shares) else own
        left = {key: value - own[key] for key, value in left.items()}
        yield {
            "project_name": _written(rng, name, year),
            "implementing_unit": f"第{number}单位",
            **{key: f"{value:f}" for key, value in own.items()},
        }


def _written(rng: random.Random, name: str, year: int) -> str:
    return rng.choice((name, name, f"{name[:2]} {name[2:]}", f"{year}年{name}", f"{name}　", f"“{name}”"))


def _say_how_many(rng: random.Random, fields: dict[str, str], year: int, count: int) -> None:
    said = rng.choice(("", f"2.项目支出情况。{year}年共实施{count}个项目。", f"全年项目共{count}个，均已完成。"))
    scoped = rng.choice(
        ("", f"其中重点项目{count + 3}个。", f"安排{count + 2}个重点项目。", f"上年共实施{count + 1}个项目。")
    )
    fields["section_2_2"] = said + scoped


def found_in(year: Year) -> tuple[list[Found], int]:
    """What the rules about project forms find, and how much they leave open."""
    forms = []
    for number, form in enumerate(year.forms):
        fields = {key: value for key, value in form.items() if key != "year"}
        record = record_from_values({"year": form.get("year", year.department["year"]), "fields": fields}, PROJECT)
        forms.append(as_given(record, f"{number}.xlsx"))
    record = held_against(record_from_values(year.department, DEPARTMENT), Given(projects=tuple(forms)))
    found, not_run = run_checks(Seen(record), RULES)
    return found, len(not_run)


def places_in(year: Year) -> set[Place]:
    return {(each.rule.code, each.mismatch.at.key) for each in found_in(year)[0]}


# Faults, each with a chooser that says whether the year can have it


def _own(year: Year) -> list[int]:
    """Forms of the only form of a row with figures."""
    return [
        number
        for number, row in enumerate(year.rows)
        if row >= 0 and year.rows.count(row) == 1 and amount(year.specials[row]["actual"]) > 1
    ]


def _shifted(rng: random.Random, text: str, beside: int = 1) -> str:
    """Another amount, by more than the rounding of so many figures and their total explains."""
    value, least = amount(text), _STEP * (beside + 1)
    slips = (value + least, value * 10, value + 1, value / 2 + 7, value + Decimal("0.9"))
    return f"{rng.choice([each for each in slips if abs(each - value) >= least]):f}"


def changed_spending(rng: random.Random, year: Year) -> Seeded | None:
    if not (own := _own(year)):
        return None
    number = rng.choice(own)
    row = year.rows[number]
    at = rng.choice(("form", "row"))
    holder, key = (year.forms[number], "annual_spent") if at == "form" else (year.specials[row], "actual")
    holder[key] = _shifted(rng, holder[key])
    total = frozenset(("XLP426",)) if at == "row" else frozenset[str]()  # the total no longer follows the rows
    return Seeded("amount", year, ("XLP422", f"project_special[{row}].actual"), total)


def changed_budget(rng: random.Random, year: Year) -> Seeded | None:
    if not (own := _own(year)):
        return None
    number = rng.choice(own)
    form, row = year.forms[number], year.rows[number]
    for key in ("opening_budget", "annual_budget"):
        form[key] = f"{amount(form[key]) + 2 * amount(year.specials[row]['budget']) + 11:f}"
    return Seeded("budget", year, ("XLP422", f"project_special[{row}].budget"))


def changed_without_rows(rng: random.Random, year: Year) -> Seeded | None:
    own = [number for number, row in enumerate(year.rows) if row == -1]
    if year.shape != "total" or not own:
        return None
    form = year.forms[rng.choice(own)]
    form["annual_spent"] = _shifted(rng, form["annual_spent"], len(own))
    return Seeded("total", year, ("XLP426", "project_actual"))


def missing(rng: random.Random, year: Year) -> Seeded | None:
    if not (own := _own(year)):
        return None
    number = rng.choice(own)
    row = year.rows[number]
    del year.forms[number], year.rows[number]
    return Seeded("missing", year, ("XLP423", f"project_special[{row}].name"))


def twice(rng: random.Random, year: Year) -> Seeded | None:
    if not (own := _own(year)):
        return None
    number = rng.choice(own)
    row = year.rows[number]
    copy = dict(year.forms[number])
    if rng.random() < 0.5:
        copy["annual_spent"] = _shifted(rng, copy["annual_spent"])
    place = rng.randint(0, len(year.forms))
    year.forms.insert(place, copy)
    year.rows.insert(place, row)
    return Seeded("twice", year, ("XLP425", f"project_special[{row}].name"), frozenset(), "2 张项目自评表")


def renamed(rng: random.Random, year: Year) -> Seeded | None:
    if not (own := _own(year)):
        return None
    number = rng.choice(own)
    row = year.rows[number]
    name = year.specials[row]["name"]
    new = rng.choice((f"{name[:-4]}项目", f"{name}（续）", _NEVER))
    year.forms[number]["project_name"] = new
    near = "" if new == _NEVER else "可能是同一项目"
    allowed = frozenset(("XLP424",)) if new == _NEVER else frozenset[str]()
    return Seeded("renamed", year, ("XLP423", f"project_special[{row}].name"), allowed, near)


def extra(rng: random.Random, year: Year) -> Seeded | None:
    if year.shape != "rows" or not year.specials:
        return None
    year.forms.append({"project_name": _NEVER, "annual_budget": "8", "opening_budget": "8", "annual_spent": "7.77"})
    year.rows.append(-1)
    return Seeded("extra", year, ("XLP424", "project_actual"), frozenset(), _NEVER)


def miscounted(rng: random.Random, year: Year) -> Seeded | None:
    if not any(row != -2 for row in year.rows):
        return None
    year.department["fields"]["section_2_1"] = f"{year.department['year']}年我单位共有{rng.choice((60, 77))}个项目。"
    return Seeded("count", year, ("XLP427", "section_2_1"))


FAULTS: tuple[Callable[[random.Random, Year], Seeded | None], ...] = (
    changed_spending,
    changed_budget,
    changed_without_rows,
    missing,
    twice,
    renamed,
    extra,
    miscounted,
)


def seeded(number: int, seed: str = SEED) -> Iterator[Seeded]:
    """The year with each fault that it can have."""
    year = draw(number, seed)
    for fault in FAULTS:
        found = fault(random.Random(f"{seed}/{number}/{fault.__name__}"), deepcopy(year))
        if found is not None:
            yield found


def judged(fault: Seeded) -> str:
    """What is wrong with what was found; empty if the fault was found, and nothing was invented."""
    findings, _ = found_in(fault.year)
    places = {(each.rule.code, each.mismatch.at.key): each.mismatch.message for each in findings}
    if fault.wanted not in places or fault.words not in places[fault.wanted]:
        return f"missed {fault.wanted}: {list(places.items())}"
    beyond = [place for place in places if place != fault.wanted and place[0] not in fault.allowed]
    return f"invented {beyond}: {[places[each] for each in beyond]}" if beyond else ""


def blanked(number: int, seed: str = SEED) -> Year:
    """The clean year with one figure that nobody filled in."""
    year = draw(number, seed)
    rng = random.Random(f"{seed}/{number}/blank")
    if year.forms:
        del rng.choice(year.forms)["annual_spent"]
    return year


def in_files(year: Year, folder: Path) -> set[Place]:
    """What is found where every form is a workbook of its own, as `check --projects` reads them."""
    book = folder / "部门.xlsx"
    new_workbook(year.department).save(book)
    paths = []
    for number, form in enumerate(year.forms):
        own = {"template": PROJECT.id, "year": form.get("year", year.department["year"])}
        own["fields"] = {key: value for key, value in form.items() if key != "year"}
        paths.append(folder / f"{number}.xlsx")
        new_workbook(own).save(paths[-1])
    together = check_together(book, Others(paths), Asked(), None)
    assert not any(each.error for each in together.files)
    codes = {rule.code for rule in RULES}
    (own_form,) = together.files[0].forms
    return {(each.code, each.key) for each in own_form.report.findings if each.code in codes}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.project_years", description=__doc__)
    parser.add_argument("--count", type=int, default=200, help="years (default %(default)s)")
    parser.add_argument("--seed", default=SEED, help="(default %(default)s)")
    parser.add_argument("--files", type=int, default=10, help="of them as workbooks too (default %(default)s)")
    options = parser.parse_args()
    start, wrong = time.monotonic(), 0
    counts: Counter[str] = Counter()
    for number in range(options.count):
        year = draw(number, options.seed)
        counts[f"years of shape {year.shape}"] += 1
        counts["project forms"] += len(year.forms)
        for kind, each in (("clean", year), ("blank", blanked(number, options.seed))):
            findings, open_ = found_in(each)
            counts[f"{kind}: findings"] += len(findings)
            counts[f"{kind}: not run"] += open_
            wrong += bool(findings)
            for finding in findings:
                print(f"{number} {kind}: {finding.rule.code} {finding.mismatch.at.key} {finding.mismatch.message}")
        for fault in seeded(number, options.seed):
            counts[f"fault {fault.kind}"] += 1
            said = judged(fault)
            if number < options.files and not said:
                with TemporaryDirectory() as folder:
                    counts["faults in workbooks"] += 1
                    read, drawn = in_files(fault.year, Path(folder)), places_in(fault.year)
                    said = f"in workbooks {read}, not {drawn}" if read != drawn else ""
            if said:
                wrong += 1
                print(f"{number} {fault.kind}: {said}")
    for name, count in sorted(counts.items()):
        print(f"{name:28}{count:>8}")
    print(f"{wrong} wrong, {time.monotonic() - start:.1f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
