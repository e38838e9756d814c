"""What no single unit shows: the same hand-in, project or words in two of them, and scores and sums that stand out."""

from __future__ import annotations

import json
import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from xlperf.checks.rule import Severity
from xlperf.review.control import COLUMNS, Control
from xlperf.review.store import Store

_MOST_NAMED = 6
_MOST_ALIKE = 20  # units with one indicator: beyond that it is prescribed, not copied
_FEWEST_ROWS, _SHARE = 5, Decimal("0.6")  # of the indicators of the unit with fewer
_FEWEST_UNITS = 10  # of one band of execution, to say what is usual there
_BANDS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.9999, 1.0001)
_SPREAD, _LEAST_APART = 3.5 * 1.4826, 5.0  # robust standard deviations, points
_LOW_RATE, _HIGH_SCORE = 0.5, 90.0
_WHERE = "unit.id IN (SELECT id FROM temp.now)"


class Across(NamedTuple):
    """`kind`: what was compared; `units`: those concerned."""

    kind: str
    severity: Severity
    units: str
    text: str


TWICE, SAME_FILE, PROJECTS, TEXTS, INDICATORS, OUTLIERS, SUMS = (
    "报送两次",
    "文件相同",
    "同一项目",
    "文字相同",
    "指标雷同",
    "得分与执行率",
    "控制数",
)


def across(store: Store, control: Control | None = None) -> Iterator[Across]:
    """Everything that is found between the units of a review."""
    yield from _twice(store)
    yield from _same_file(store)
    yield from _projects(store)
    yield from _texts(store)
    yield from _indicators(store)
    yield from _outliers(store)
    if control is not None:
        yield from _sums(store, control)


def _named(names: Sequence[str]) -> str:
    shown = "、".join(names[:_MOST_NAMED])
    return f"{shown} 等 {len(names)} 个" if len(names) > _MOST_NAMED else shown


def _twice(store: Store) -> Iterator[Across]:
    """The forms of one unit and year in two places, or twice in one."""
    query = f"""SELECT unit.key, unit.year, unit.unit, unit.folder FROM unit JOIN (SELECT key, year FROM unit
                WHERE {_WHERE} AND kind = '部门' AND key <> '' AND score <> '' GROUP BY key, year HAVING count(*) > 1)
                twice ON twice.key = unit.key AND twice.year IS unit.year WHERE {_WHERE} AND unit.kind = '部门'
                AND unit.score <> '' ORDER BY unit.key, unit.year, unit.folder, unit.files"""
    for rows in _by_first(store.rows(query), 2):
        unit, year, count = rows[0][2], rows[0][1], len(rows)
        folders = "、".join(dict.fromkeys(row[3] for row in rows))
        told = f"{f'{year} 年' if year else ''}的自评表报送了 {count} 次（{folders}），请确认以哪一次为准。"
        yield Across(TWICE, Severity.WARNING, unit, told)
    query = f"""SELECT unit.unit, unit.year, group_concat(form.file, '、') FROM unit JOIN form ON form.unit = unit.id
                WHERE {_WHERE} AND form.kind = '部门' AND form.score <> '' AND form.file LIKE '%.xls%'
                GROUP BY unit.id HAVING count(DISTINCT form.file) > 1 ORDER BY unit.folder, unit.unit, unit.files"""
    for unit, year, files in store.rows(query):
        told = (
            f"{f'{year} 年' if year else ''}有几份工作簿都是部门自评表：{files}。已放在一起核对，请确认以哪一份为准。"
        )
        yield Across(TWICE, Severity.INFO, unit or files, told)


def _same_file(store: Store) -> Iterator[Across]:
    """Files with the same bytes in the hand-ins of two units."""
    query = f"""SELECT file.digest, file.shown, min(file.shown) OVER (PARTITION BY file.digest) AS first FROM file
                JOIN unit ON file.run = unit.run AND file.mark = unit.mark WHERE {_WHERE} AND file.size > 0
                AND file.digest IN
                (SELECT digest FROM file WHERE digest <> '' GROUP BY digest HAVING count(DISTINCT shown) > 1)
                GROUP BY file.digest, file.shown ORDER BY first, file.digest, file.shown"""
    for rows in _by_first(store.rows(query)):
        if len(rows) > 1:
            shown = "、".join(row[1] for row in rows)
            yield Across(SAME_FILE, Severity.WARNING, "", f"这 {len(rows)} 份文件内容完全相同：{shown}。")


def _projects(store: Store) -> Iterator[Across]:
    """Projects of one name in two units; with the same budget it is probably one project, told of twice."""
    query = f"""SELECT project.key, unit.unit, unit.key, project.name, project.annual FROM project
                JOIN unit ON unit.id = project.unit WHERE {_WHERE} AND project.key IN
                (SELECT project.key FROM project JOIN unit ON unit.id = project.unit WHERE {_WHERE}
                 GROUP BY project.key HAVING count(DISTINCT unit.key) > 1) ORDER BY project.key, unit.key,
                unit.folder, unit.files, project.name, project.annual"""
    for rows in _by_first(store.rows(query)):
        of_unit: dict[str, str] = {key: unit or "（没有写单位名称）" for _, unit, key, _, _ in rows}
        amounts: dict[str, set[str]] = defaultdict(set)
        for _, _, key, _, annual in rows:
            if annual and Decimal(annual):
                amounts[format(Decimal(annual).normalize(), "f")].add(key)
        same = [amount for amount, keys in amounts.items() if len(keys) > 1]
        if same:
            told = f"项目“{rows[0][3]}”全年预算数都是 {'、'.join(same)} 万元，可能是同一个项目报了两次。"
            yield Across(PROJECTS, Severity.WARNING, _named(list(of_unit.values())), told)
        else:
            told = f"{len(of_unit)} 个单位都有项目“{rows[0][3]}”，金额不同；由几个单位实施的，请核对各自的部分。"
            yield Across(PROJECTS, Severity.INFO, _named(list(of_unit.values())), told)


def _by_first(rows: Iterator[tuple[str, ...]], cells: int = 1) -> Iterator[list[tuple[str, ...]]]:
    """Rows that follow one another with the same first `cells`."""
    group: list[tuple[str, ...]] = []
    for row in rows:
        if group and group[0][:cells] != row[:cells]:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _texts(store: Store) -> Iterator[Across]:
    """Long texts that two units have word for word, their own names aside."""
    query = f"""SELECT said.sign, unit.unit, unit.key, said.sort, said.text FROM said JOIN unit ON unit.id = said.unit
                WHERE {_WHERE} AND said.sign IN (SELECT said.sign FROM said JOIN unit ON unit.id = said.unit
                WHERE {_WHERE} GROUP BY said.sign HAVING count(DISTINCT unit.key) > 1) ORDER BY said.sign, unit.key,
                unit.folder, unit.files, said.text"""
    for rows in _by_first(store.rows(query)):
        names = list({key: unit or "（没有写单位名称）" for _, unit, key, _, _ in rows}.values())
        sort, text = rows[0][3], " ".join(rows[0][4].split())
        quoted = text if len(text) <= 60 else f"{text[:60]}…"
        severity = Severity.WARNING if sort == "原因" else Severity.INFO
        told = f"{sort}一字不差：“{quoted}”。请核对是不是照抄的，各单位的情况是否真的相同。"
        yield Across(TEXTS, severity, _named(names), told)


def _indicators(store: Store) -> Iterator[Across]:
    """Units most of whose indicators are the same: name, target and result."""
    for statement in (
        "DROP TABLE IF EXISTS temp.rare",
        "CREATE TEMP TABLE rare(sign TEXT, unit INT)",
        f"""INSERT INTO temp.rare SELECT sign, unit FROM indicator WHERE unit IN (SELECT id FROM temp.now) AND sign IN
            (SELECT sign FROM indicator WHERE unit IN (SELECT id FROM temp.now) GROUP BY sign
             HAVING count(*) BETWEEN 2 AND {_MOST_ALIKE})""",
        "CREATE INDEX temp.rare_sign ON rare(sign)",
    ):
        store.db.execute(statement)
    query = """SELECT min(one.unit, other.unit), max(one.unit, other.unit), pairs.same,
               (SELECT count(*) FROM indicator WHERE unit = one.id),
               (SELECT count(*) FROM indicator WHERE unit = other.id) FROM
               (SELECT a.unit AS first, b.unit AS second, count(*) AS same FROM temp.rare a JOIN temp.rare b
                ON a.sign = b.sign AND a.unit < b.unit GROUP BY a.unit, b.unit HAVING count(*) >= ?) AS pairs
               JOIN unit one ON one.id = first JOIN unit other ON other.id = second
               WHERE one.key <> other.key ORDER BY 1, 2, pairs.same, 4, 5"""
    for one, other, same, first, second in store.rows(query, _FEWEST_ROWS):
        fewer = min(first, second)
        if same >= _SHARE * fewer:
            told = f"{same} 个指标的名称、指标值、完成值完全相同（较少的一方共 {fewer} 个），请核对是不是照抄的。"
            yield Across(INDICATORS, Severity.WARNING, f"{one}、{other}", told)


def _outliers(store: Store) -> Iterator[Across]:
    """Scores that are far from those of units that have spent as much of their budgets."""
    query = f"""SELECT unit, CAST(score AS REAL), CAST(rate AS REAL), score FROM unit
                WHERE {_WHERE} AND kind = '部门' AND score <> '' AND rate <> '' ORDER BY folder, unit, year, files"""
    bands: dict[int, list[tuple[str, float, float, str]]] = defaultdict(list)
    for unit, score, rate, shown in store.rows(query):
        bands[sum(rate >= edge for edge in _BANDS)].append((unit, score, rate, shown))
    for _, units in sorted(bands.items()):
        usual = statistics.median(score for _, score, _, _ in units)
        spread = statistics.median(abs(score - usual) for _, score, _, _ in units)
        is_known = len(units) >= _FEWEST_UNITS
        for unit, score, rate, shown in units:
            told = f"执行率 {rate:.2%}，自评 {shown} 分"
            if rate < _LOW_RATE and score >= _HIGH_SCORE:
                yield Across(
                    OUTLIERS, Severity.WARNING, unit, f"{told}：预算用了不到一半，自评仍在 90 分以上，请核对。"
                )
            elif is_known and abs(score - usual) > max(_SPREAD * spread, _LEAST_APART):
                side = "高" if score > usual else "低"
                said = f"{told}；执行率相近的 {len(units)} 个单位一般是 {usual:.2f} 分左右，明显偏{side}，请核对。"
                yield Across(OUTLIERS, Severity.INFO, unit, said)


def _sums(store: Store, control: Control) -> Iterator[Across]:
    """Each unit's amounts against those it was given, and all together against the total."""
    query = f"""SELECT key, unit, opening, annual, spent, files FROM unit WHERE {_WHERE} AND kind IN ('部门', '报告')
                AND key <> '' ORDER BY key, (score = ''), folder, files"""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    counted: dict[str, int] = defaultdict(int)
    blank: dict[str, list[str]] = defaultdict(list)
    found: set[str] = set()
    for key, unit, *amounts, files in store.rows(query):
        if key in found:
            continue  # handed in twice: the first counts, and it is told of elsewhere
        found.add(key)
        own = dict(zip(COLUMNS, amounts, strict=True))
        if control.units and key not in control.units:
            yield Across(SUMS, Severity.WARNING, unit, f"控制数里没有这个单位（{'、'.join(json.loads(files))}）。")
        for column, heading in COLUMNS.items():
            text = own[column]
            if not text:
                blank[column].append(unit)
                continue
            sums[column] += Decimal(text)
            counted[column] += 1
            wanted = control.units.get(key, ("", {}))[1].get(column)
            if wanted is not None and abs(wanted - Decimal(text)) >= Decimal("0.01"):
                told = f"{heading}填 {text} 万元，控制数是 {wanted} 万元，相差 {Decimal(text) - wanted} 万元。"
                yield Across(SUMS, Severity.ERROR, unit, told)
    for key, (name, _) in control.units.items():
        if key not in found:
            yield Across(SUMS, Severity.WARNING, name, "控制数里有这个单位，没有收到或没有读出它的自评表。")
    total = control.total or _total(control)
    for column, wanted in total.items():
        yield _against_total(column, wanted, sums[column], (counted[column], blank[column]))


def _total(control: Control) -> dict[str, Decimal]:
    total: dict[str, Decimal] = defaultdict(Decimal)
    for _, amounts in control.units.values():
        for column, amount in amounts.items():
            total[column] += amount
    return total


def _against_total(column: str, wanted: Decimal, own: Decimal, units: tuple[int, list[str]]) -> Across:
    count, blank = units
    heading = COLUMNS[column]
    missing = f"；另有 {len(blank)} 个单位没有这个数（{_named(blank)}），没有计入" if blank else ""
    if abs(own - wanted) < Decimal("0.01"):
        return Across(
            SUMS, Severity.INFO, "全部单位", f"{heading}：{count} 个单位合计 {own} 万元，与控制数一致{missing}。"
        )
    told = f"{heading}：{count} 个单位合计 {own} 万元，控制数 {wanted} 万元，相差 {own - wanted} 万元{missing}。"
    return Across(SUMS, Severity.ERROR, "全部单位", told)
