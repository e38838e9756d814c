"""4xx: agreement between the tables and the report, and between years."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.amounts import Figure, Gap, agrees
from xlperf.checks.matters import OPERATING_SCOPE, PROJECT_SHARE, Across
from xlperf.checks.relations import Apart, sum_possible
from xlperf.checks.rule import MAY_BE_ABSENT, MAY_BE_BLANK, Mismatch, Severity, check
from xlperf.form.record import Stated
from xlperf.form.relations import AGREEMENTS


def differs(left: Figure, right: Figure) -> Gap | None:
    """A gap that rounding cannot explain."""
    gap = agrees(left, right)
    return gap if gap is not None and gap.impossible else None


@check(
    "XLP401",
    Severity.ERROR,
    "项目支出三处不一致",
    "project spending differs between the tables",
    relation=AGREEMENTS,
    cites="form",
)
def project_spending_differs(apart: Apart) -> Iterator[Mismatch]:
    """{base}、{evaluation}、{finance}的项目支出（决算）不是同一个数。

    为何：三处说的都是本年项目支出。
    改法：核对决算数，三处填同一个数；{evaluation}按预算填列的，核对全年预算数。
    反例：{base} 37.44，{evaluation} 30.00，{finance} 37.44。
    正例：三处都是 37.44；某一处空白时只比较其余两处；{evaluation}按预算填列、且预算与执行不同时不与它比较（看基本支出与
    项目支出之和是哪一个）。
    """
    yield from apart.unequal("，两者不能同时成立")


@check(
    "XLP402",
    Severity.ERROR,
    "项目支出预算与{evaluation}不符",
    "project budget agrees with neither reading of the budget",
    cites="form",
    settles=PROJECT_SHARE,
)
def project_budget_off_annual_budget(
    project_budget: Stated,
    annual_budget: Stated,
    nature_basic: Stated,
    budget_column_means: str,
    expenditure_total_opening: Stated = MAY_BE_ABSENT,
    opening_budget: Stated = MAY_BE_ABSENT,
    basic_opening: Stated = MAY_BE_ABSENT,
    project_actual: Stated = MAY_BE_ABSENT,
    annual_spent: Stated = MAY_BE_ABSENT,
    nature_project: Stated = MAY_BE_ABSENT,
    basic_adjustment_budget: Stated = MAY_BE_ABSENT,
    basic_adjustment_actual: Stated = MAY_BE_ABSENT,
    project_spending_opening: Stated = MAY_BE_ABSENT,
) -> Iterator[Mismatch]:
    """{base}的项目支出预算数，按年初预算还是按调整后预算理解，都与其他表对不上。

    为何：预算数可能是年初数，也可能是调整后数；与其中一种相符即可，两种都不符则必有一处填错；口径规定了是哪一种的，
    只与那一种核对。
    改法：先确定“预算数”的口径，再核对项目支出预算、基本支出和全年预算数。
    反例：全年预算 251.06，基本支出 213.62，项目预算 42（应为 37.44）。
    正例：项目预算 37.44；或年初总额 255.62 = 年初基本 213.62 + 项目 42；按支出性质分填的是执行数时不推算预算。
    """
    as_opening = project_spending_opening.is_number and not differs(project_budget, project_spending_opening)
    if as_opening and budget_column_means != "adjusted":
        return
    adjusted = ((annual_budget, nature_basic), (annual_budget, basic_adjustment_actual))
    opening = (
        (expenditure_total_opening, basic_opening),
        (opening_budget, basic_opening),
        (opening_budget, basic_adjustment_budget),
    )
    if budget_column_means == "opening":
        if not sum_possible(expenditure_total_opening, basic_opening):  # else XLP403 speaks of it
            yield from _off_opening_budget(project_budget, project_spending_opening, opening)
        return
    readings = adjusted if budget_column_means == "adjusted" else (*adjusted, *opening)
    if any(sum_possible(whole, basic, project_budget) for whole, basic in readings):
        return
    if sum_possible(annual_spent, nature_basic, nature_project) and not sum_possible(annual_spent, annual_budget):
        return
    expected = annual_budget.value - nature_basic.value
    if expected < 0:
        return
    sentence = (
        f"{project_budget.label}填 {project_budget.shown}，而{{evaluation}}全年预算数 {annual_budget.shown} - 基本支出 "
        f"{nature_basic.shown} = {expected}，相差 {project_budget.value - expected}"
    )
    sentence += "。" if budget_column_means == "adjusted" else "；按年初预算理解也对不上。"
    if project_actual.is_number and project_budget.value:
        percent = project_actual.value / project_budget.value * 100
        sentence += f"按所填预算，项目支出执行率为 {percent:.2f}%。"
    opening_known = basic_opening.is_number
    severity = None if opening_known or budget_column_means == "adjusted" else Severity.WARNING
    related = (annual_budget, nature_basic)
    yield Mismatch(project_budget, sentence, expected, related, severity)


def _off_opening_budget(
    project_budget: Stated,
    project_spending_opening: Stated,
    readings: tuple[tuple[Stated, Stated], ...],
) -> Iterator[Mismatch]:
    """The column is the opening budget: it has to agree with the opening figures alone, where there are any."""
    if project_spending_opening.is_number:
        if gap := differs(project_budget, project_spending_opening):
            other = f"{project_spending_opening.label}为 {project_spending_opening.shown}"
            sentence = f"{project_budget.label}填 {project_budget.shown}，按口径应为年初预算，而{other}。"
            yield Mismatch(project_budget, sentence, gap.expected, (project_spending_opening,))
        return
    stated = [(whole, basic) for whole, basic in readings if whole.is_number and basic.is_number]
    known = [(whole, basic) for whole, basic in stated if whole.value >= basic.value]
    if not known or any(sum_possible(whole, basic, project_budget) for whole, basic in known):
        return
    whole, basic = known[0]
    expected = whole.value - basic.value
    sentence = (
        f"{project_budget.label}填 {project_budget.shown}，按口径应为年初预算，而{whole.label} {whole.shown} - "
        f"{basic.label} {basic.shown} = {expected}，相差 {project_budget.value - expected}。"
    )
    yield Mismatch(project_budget, sentence, expected, (whole, basic))


@check(
    "XLP403",
    Severity.ERROR,
    "年初预算总额未含项目支出预算",
    "opening budget leaves out the project budget",
    cites="form",
)
def opening_budget_without_projects(
    expenditure_total_opening: Stated,
    basic_opening: Stated,
    project_budget: Stated,
    budget_column_means: str,
    opening_budget: Stated = MAY_BE_ABSENT,
    annual_budget: Stated = MAY_BE_ABSENT,
    nature_basic: Stated = MAY_BE_ABSENT,
    project_spending_opening: Stated = MAY_BE_ABSENT,
    basic_adjustment_actual: Stated = MAY_BE_ABSENT,
) -> Iterator[Mismatch]:
    """报告说年初预算全是基本支出，{base}却列有项目支出预算。

    为何：年初预算总额应包括基本支出和项目支出；如项目预算是年中追加的，则应与调整后预算相符；口径规定预算数指调整后
    预算的不核对。
    改法：核对年初预算总额、年初基本支出和项目支出预算的口径。
    反例：年初预算 213.62 = 基本支出 213.62，另有项目预算 42，而全年预算 251.06。
    正例：年初 255.62 = 213.62 + 42；或项目预算 37.44 是追加的，全年 251.06 = 213.62 + 37.44。
    """
    if project_budget.value == 0 or not sum_possible(expenditure_total_opening, basic_opening):
        return
    if budget_column_means == "adjusted":
        return
    adjusted = (nature_basic, basic_adjustment_actual)
    if budget_column_means == "either" and any(sum_possible(annual_budget, each, project_budget) for each in adjusted):
        return
    if project_spending_opening.is_number and project_spending_opening.value:
        return
    whole = basic_opening.value + project_budget.value
    others = "、".join(f"{cell.label} {cell.shown} " for cell in (opening_budget, annual_budget) if cell.is_number)
    sentence = (
        f"{expenditure_total_opening.label}填 {expenditure_total_opening.shown}，全部是基本支出，"
        f"而{{base}}列有项目支出预算 {project_budget.shown}；两者合计 {whole}"
        + (f"，与{others}也都不符。" if others else "。")
    )
    beside = (cell for cell in (opening_budget, annual_budget) if not cell.is_absent)
    related = (basic_opening, project_budget, *beside)
    yield Mismatch(expenditure_total_opening, sentence, None, related)


@check(
    "XLP404",
    Severity.ERROR,
    "年初预算数与{evaluation}不一致",
    "opening budget differs between report and self-evaluation",
    relation=AGREEMENTS,
    cites="form",
)
def opening_budget_differs(apart: Apart) -> Iterator[Mismatch]:
    """{finance}（报告）的年初预算总额与{evaluation}的年初预算数不是同一个数。

    为何：两处说的都是本年年初预算，不能同时成立。
    改法：以批复的年初预算为准，改正填错的一处。
    反例：报告 213.62，{evaluation} 128.90。
    正例：两处都是 128.90。
    """
    yield from apart.unequal("，两者不能同时成立", beside="{evaluation}")


@check(
    "XLP405",
    Severity.WARNING,
    "公用经费与{base}不一致",
    "operating cost differs between report and base data",
    relation=AGREEMENTS,
    cites="form",
    settles=OPERATING_SCOPE,
)
def operating_cost_differs(apart: Apart) -> Iterator[Mismatch]:
    """{finance}的公用经费与{base}的公用经费不同。

    为何：{base}只统计一般商品和服务支出，报告的公用经费可能还包括资本性支出，差额应能说清。
    改法：在审核说明中写明差额的构成；如无资本性支出，改正填错的一处。
    反例：报告 104.29，{base} 92.01，差额 12.28 未说明。
    正例：两处相同；差额已在审核说明中写明。
    """
    sentence = f"{apart.other.told()}，{apart.own.told('（{base}）')}，相差 {apart.difference}"
    yield from apart.told(f"{sentence}；后者只计一般商品和服务支出，差额须能说明。")


@check(
    "XLP409",
    Severity.INFO,
    "各表单位名称不一致",
    "name of the unit differs between the sheets",
    cites="form",
    settles=Across.FORM,
)
def unit_name_differs(
    unit_name: Stated, base_unit_name: Stated = MAY_BE_BLANK, report_unit_name: Stated = MAY_BE_BLANK
) -> Iterator[Mismatch]:
    """{evaluation}、{base}、自评报告的单位名称写法不同。

    为何：同一单位应使用同一个全称。
    改法：统一为单位法定全称。
    反例：“北塔区委网信办”与“中共邵阳市北塔区委网络安全和信息化委员会办公室”。
    正例：三处都用全称；空白的不比较。
    """
    for other in (base_unit_name, report_unit_name):
        if not other.is_blank and _compact(other) != _compact(unit_name):
            sentence = f"{other.label}为“{other.text}”，{{evaluation}}为“{unit_name.text}”。"
            yield Mismatch(other, sentence, unit_name.text, (unit_name,))


def _compact(cell: Stated) -> str:
    return "".join(cell.text.split())


@check(
    "XLP410",
    Severity.ERROR,
    "报告分数与{evaluation}总分不一致",
    "score in the report differs from the total",
    relation=AGREEMENTS,
    cites="form",
)
def report_score_differs(apart: Apart) -> Iterator[Mismatch]:
    """报告写的自评分数与{evaluation}总分不是同一个数。

    为何：两处说的是同一个总分。
    改法：以{evaluation}总分为准改报告。
    反例：报告 98，{evaluation} 96。
    正例：两处都是 98。
    """
    yield from apart.unequal(beside="{evaluation}")


@check(
    "XLP411",
    Severity.ERROR,
    "报告等次与{evaluation}等级不一致",
    "grade in the report differs from the self-evaluation",
    cites="form",
)
def report_grade_differs(report_grade: Stated, grade: Stated, grade_words: dict[str, str]) -> Iterator[Mismatch]:
    """报告写的绩效等次与{evaluation}等级不是同一档。

    为何：两处说的是同一个等级。
    改法：以总分对应的等级为准。
    反例：报告“良”，{evaluation}“优”。
    正例：报告“优秀”与{evaluation}“优”是同一档（用语不规范另作提示）。
    """
    words = [grade_words.get(cell.text, cell.text) for cell in (report_grade, grade)]
    if words[0] != words[1]:
        sentence = f"{report_grade.label}为“{report_grade.text}”，{{evaluation}}等级为“{grade.text}”。"
        yield Mismatch(report_grade, sentence, words[1], (grade,))


@check(
    "XLP412",
    Severity.ERROR,
    "支出合计与全年执行数不一致",
    "total spending differs from the year's execution",
    relation=AGREEMENTS,
    cites="form",
)
def spending_differs_from_execution(apart: Apart) -> Iterator[Mismatch]:
    """{finance}的本年支出合计与{evaluation}的全年执行数不是同一个数。

    为何：两处说的都是本年实际支出。
    改法：以决算数为准，改正填错的一处。
    反例：支出合计 251.06，全年执行数 261.06。
    正例：两处都是 251.06；四舍五入允许的差异只作提示。
    """
    yield from apart.told(f"{{evaluation}}{apart.own.told()}，{apart.other.told()}。", tail=True)


@check(
    "XLP413",
    Severity.ERROR,
    "基本支出两处不一致",
    "basic spending differs between the tables",
    relation=AGREEMENTS,
    cites="form",
)
def basic_spending_differs(apart: Apart) -> Iterator[Mismatch]:
    """{evaluation}按支出性质分的基本支出与{finance}的基本支出不是同一个数。

    为何：按执行数填列时，两处说的都是本年基本支出；按预算填列、且预算与执行不同时不比较（看基本支出与项目支出之和
    是哪一个）。
    改法：以决算数为准，改正填错的一处。
    反例：全年预算与执行都是 251.06，{evaluation}基本支出 203.62，{finance} 213.62。
    正例：两处都是 213.62；全年预算 260、执行 251.06 时，{evaluation}可以填预算的基本支出。
    """
    yield from apart.unequal()
