"""Folders of forms as units hand them in, with known faults: ours and other places', alone and with projects."""

from __future__ import annotations

import itertools
import random
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench import project_years
from tests.bench.faults.faults import KINDS, Case, apply, make_plan
from tests.bench.faults.measure import grave
from tests.intake.drawn import document, table
from tests.intake.laid_out import as_word, as_workbook
from tests.labels.published import PUBLISHED
from tests.random_forms import workbook_of
from xlperf.audit.run import audit
from xlperf.form.forms import load_template
from xlperf.form.record import record_from_values
from xlperf.labels.recognised import recognise, record_of
from xlperf.workbook.actions import new_workbook, open_form

DEPARTMENT, PROJECT = "department_overall", "project_spending"
_FIRST, _SECOND = "青白红黄紫金银玉石沙", "山河湖海江溪泉林原岭滩桥门城关塘洲湾坪坝"
_BODIES = ("档案局", "统计局", "审计局", "科技局", "民政局", "林业局", "水利局", "交通局", "教育局", "医保局")
_CHANGES = {  # in a published form, what is written otherwise, and by which rule that is told
    "D2": ("其他资金 | 0", "其他资金 | 7", "XLP201"),
    "D3": ("| 7.6 |", "| 7.9 |", "XLP306"),
    "D6": ("合计 | | | | 100 | | | 98", "合计 | | | | 100 | | | 99", "XLP305"),
}
_DRAWN = 16
_IN_WORD = {"D3", "D5", "D6", "C1", "C2", "C3", "C4", "C6", "C7", "C8"}  # whose merged cells are rectangles
Place = tuple[str, str]  # code and address; "" for any


class Form(NamedTuple):
    """A file: what has to be found in it, and whether anything else that is grave may be."""

    name: str
    unit: str
    wanted: frozenset[Place]
    allowed: frozenset[Place] | None  # None: not looked at


def units(seed: str) -> Iterator[str]:
    names = [f"{one}{two}县{body}" for one in _FIRST for two in _SECOND for body in _BODIES]
    random.Random(seed).shuffle(names)
    yield from names


def make(folder: Path, count: int, seed: str = "review") -> list[Form]:
    """About `count` files below `folder`, made by a process for each core: what is known of each."""
    names = units(seed)

    def some(share: int) -> list[str]:
        return list(itertools.islice(names, share))

    own, project, others, years = (count * share // 100 for share in (45, 10, 25, 20))
    parts: list[tuple[Callable[..., Iterator[Form]], tuple[Any, ...]]] = [
        (_with_projects, (folder / "重点单位", years, f"{seed}/years", some(years))),
        (_elsewhere, (folder / "各乡镇", others, some(others))),
        (_own, (folder / "绩效股", project, f"{seed}/project", some(project), PROJECT)),
    ]
    halves = some(own // 2), some(own // 2 + 1)
    parts[:0] = [
        (_own, (folder / f"预算股{half + 1}", own, f"{seed}/own", halves[half], DEPARTMENT, half)) for half in (0, 1)
    ]
    with ProcessPoolExecutor() as pool:
        waiting = [pool.submit(_made, *each) for each in parts]
        return [form for each in waiting for form in each.result()]


def _made(part: Callable[..., Iterator[Form]], given: tuple[Any, ...]) -> list[Form]:
    return list(part(*given))


def _own(
    folder: Path, count: int, seed: str, names: Iterable[str], kind: str, half: int | None = None
) -> Iterator[Form]:
    """Workbooks of ours, of every two one without a fault; the first ones in an archive. `half`: of them only that."""
    folder.mkdir(parents=True)
    template = load_template(kind)
    plan = make_plan(seed, _DRAWN, count // 2, 0, kind=kind)  # a drawing takes as long as twenty forms that share it
    faulty = [(case, faults) for case in plan for faults in case.faults]
    if half is not None:
        middle = len(faulty) // 2
        faulty = faulty[middle:] if half else faulty[:middle]
    forms = [each for pair in zip(faulty, [(case, ()) for case, _ in faulty], strict=True) for each in pair]
    packed = len(forms) // 10
    with zipfile.ZipFile(folder / "补报.zip", "w") as archive:
        for number, ((case, faults), unit) in enumerate(zip(forms, names, strict=False)):
            values = _values(case, faults, unit)
            name = f"{unit}{values['year']}年{'项目' if kind == PROJECT else '部门整体'}支出绩效自评表.xlsx"
            blob = workbook_of(values, template)
            if number < packed:
                archive.writestr(f"补报/{name}", blob)
            else:
                (folder / name).write_bytes(blob)
            yield Form(name, unit, *_known(values, blob, faults, case))


def _values(case: Case, faults: Any, unit: str) -> dict[str, Any]:
    values = apply(KINDS[case.kind].clean(random.Random(case.seed), case.mode), faults)
    values["unit_name"] = unit
    for row in values["indicators"]:
        if row.get("deviation_note"):
            row["deviation_note"] = f"{unit[:2]}：{row['deviation_note']}"  # people do not write word for word alike
    if case.kind == PROJECT:
        values["fields"] |= {"department": unit, "implementing_unit": unit}
    else:
        values["fields"] = {key: text for key, text in values["fields"].items() if not key.endswith("unit_name")}
    return values


def _known(values: dict[str, Any], blob: bytes, faults: Any, case: Case) -> tuple[frozenset[Place], frozenset[Place]]:
    """By an audit of the figures alone, without a workbook: what the fault brings, and all that is grave."""
    template = load_template(case.kind)
    found = grave(audit(record_from_values(_without_blank_rows(values), template)))
    places = open_form(blob, "x.xlsx").record
    every = frozenset((each.code, places[each.key].at) for each in found)
    if not faults:
        return frozenset(), every
    before = _before(case.kind, case.seed, case.mode)
    wanted = frozenset((each.code, places[each.key].at) for each in found if (each.code, each.key) not in before)
    return wanted, every


def _without_blank_rows(values: dict[str, Any]) -> dict[str, Any]:
    """As a reader of the workbook has it: a row in which nothing is written is none."""

    def written(rows: list[Any]) -> list[Any]:
        return [row for row in rows if not isinstance(row, dict) or any(str(each).strip() for each in row.values())]

    return {key: written(value) if isinstance(value, list) else value for key, value in values.items()}


@cache
def _before(kind: str, seed: str, mode: str) -> frozenset[Place]:
    """What is grave in the form without a fault, by code and key."""
    sound = _values(Case(seed, mode, (), kind), (), "某县某局")
    found = grave(audit(record_from_values(_without_blank_rows(sound), load_template(kind))))
    return frozenset((each.code, each.key) for each in found)


def _elsewhere(folder: Path, count: int, units_of: Sequence[str]) -> Iterator[Form]:
    """Forms of other places in Excel and Word, every third of them with a fault where one is known."""
    folder.mkdir(parents=True)
    order, names = list(PUBLISHED), iter(units_of)
    for number in range(count):
        layout = order[number % len(order)]
        drawn, unit = PUBLISHED[layout].drawn, next(names)
        change = _CHANGES.get(layout) if number // len(order) % 2 else None
        if change is not None:
            drawn = drawn.replace(change[0], change[1], 1)
        for old in ("某县档案局", "某县档案馆"):
            drawn = drawn.replace(old, unit)
        as_file, suffix = (as_word, "docx") if number % 3 == 2 and layout in _IN_WORD else (as_workbook, "xlsx")
        name = f"{unit}自评表{layout}.{suffix}"
        as_file(drawn, folder / name)
        found = grave(audit(record_of(recognise(document(table(drawn))), "x")))
        every = frozenset((each.code, "") for each in found)
        wanted = frozenset({(change[2], "")}) if change is not None else frozenset()
        yield Form(name, unit, wanted, every)


def _with_projects(folder: Path, count: int, seed: str, units_of: Sequence[str]) -> Iterator[Form]:
    """Departments with the forms of their projects in a folder each, of every two one with a fault between them."""
    names = iter(units_of)
    number = made = 0
    while made < count:
        seeded = list(project_years.seeded(number, seed)) if number % 2 else []
        fault = seeded[number // 2 % len(seeded)] if seeded else None
        year = fault.year if fault is not None else project_years.draw(number, seed)
        number += 1
        if not year.forms:
            continue
        unit = next(names)
        home = folder / unit
        (home / "项目").mkdir(parents=True)
        values = year.department | {"unit_name": unit}
        values["fields"] = {key: text for key, text in values["fields"].items() if not key.endswith("unit_name")}
        blob = new_workbook(values).to_bytes()
        (home / f"{unit}部门自评表.xlsx").write_bytes(blob)
        for place, form in enumerate(year.forms):
            fields = {key: value for key, value in form.items() if key != "year"}
            own = {"template": PROJECT, "year": form.get("year", values["year"])}
            own["fields"] = fields | {"department": unit}
            (home / "项目" / f"项目{place + 1}.xlsx").write_bytes(workbook_of(own, load_template(PROJECT)))
        made += 1 + len(year.forms)
        places = open_form(blob, "x.xlsx").record
        wanted = frozenset({(fault.wanted[0], places[fault.wanted[1]].at)}) if fault is not None else frozenset()
        beyond = fault.allowed if fault is not None else frozenset[str]()
        between = frozenset(rule.code for rule in project_years.RULES)
        allowed: frozenset[Place] = wanted | {(code, "") for code in beyond} | {("not", code) for code in between}
        yield Form(f"{unit}部门自评表.xlsx", unit, wanted, allowed)
