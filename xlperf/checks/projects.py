"""4xx: the project forms of a unit against its department form, where they are given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from xlperf.amounts import ZERO, may_add_up
from xlperf.checks.project_forms import (
    BUDGETS,
    SPENT,
    Held,
    Line,
    Project,
    ProjectForm,
    Projects,
    held,
    is_open,
    near,
    projects_of,
)
from xlperf.checks.rule import MAY_BE_BLANK, Mismatch, NotDecided, Outcome, Severity, check, some
from xlperf.derive.engine import parts_of
from xlperf.derive.seen import Seen
from xlperf.form.record import Record, State, Stated
from xlperf.form.template import PROJECTS
from xlperf.prose.project_names import project_key
from xlperf.prose.projects import project_counts

Forms = tuple[Record, ...]
_MOST = 6  # forms that one sentence names


@check(
    "XLP422",
    Severity.ERROR,
    "专项的金额与项目自评表不一致",
    "amount of a project differs from its own form",
    cites="form",
    reads=(PROJECTS,),
)
def project_amount_differs(
    project_forms: Forms, record: Record, seen: Seen, budget_column_means: str
) -> Iterator[Outcome]:
    """部门表一行专项的预算数、决算数，与这个项目的自评表不是同一个数；给出 --projects 时核对。

    为何：一个项目的预算和支出，部门的表和项目的表说的是同一笔钱。
    改法：以批复的预算、决算为准，改正填错的一处。
    反例：应急指挥中心一行决算数 37.44，项目自评表全年执行数 34.74。
    正例：两处相同；项目表以元填列、四舍五入后相同；预算数等于项目表的年初预算数或全年预算数（口径规定了是哪一种的只与
    那一种核对）；几个实施单位各填一张的，各张之和等于这一行；空白的不比较；决算数写“——”而项目表有支出的只请核实。
    """
    for project in projects_of(record, project_forms).named:
        if not project.lines or not project.forms:
            continue
        if len(project.lines) > 1:
            yield NotDecided(tuple(line.name for line in project.lines), "有同名的几行，分不清哪一张项目表是哪一行的")
            continue
        (line,) = project.lines
        for cell, columns in ((line.actual, (SPENT,)), (line.budget, BUDGETS[budget_column_means])):
            yield from _compared(cell, columns, project, seen)
        yield from _denied(line.actual, project.forms)


def _compared(cell: Stated, columns: Sequence[str], project: Project, seen: Seen) -> Iterator[Outcome]:
    """An amount of a row against its form; of forms given twice it may be that of any, of shared ones of all."""
    if is_open(cell):
        yield NotDecided((cell,), "")
    if not cell.is_number:
        return
    each = [project.forms] if project.is_shared else []
    if project.is_twice or not project.is_shared:
        each += [(form,) for form in project.forms]
    found = held(cell, [[form.cell(column) for form in forms] for column in columns for forms in each])
    yield from _open(found, project.forms[0])
    if found.is_wrong:
        yield _unequal(cell, found, seen)


def _denied(cell: Stated, forms: Sequence[ProjectForm]) -> Iterator[Mismatch]:
    """—— where the project's own form has spent something."""
    spent = tuple(form.cell(SPENT) for form in forms if form.cell(SPENT).is_number and form.cell(SPENT).value)
    if cell.state is State.NOT_APPLICABLE and spent:
        told = "、".join(f"{each.shown}（{each.at}）" for each in spent)
        sentence = f"{cell.label}填 {cell.text}，项目自评表的{spent[0].field.label}是 {told}。"
        yield Mismatch(cell, sentence, None, spent, Severity.WARNING)


def _open(found: Held, form: ProjectForm) -> Iterator[NotDecided]:
    """What is missing for a decision: cells that are blank, or columns that such a form does not have."""
    blank = tuple(cell for cell in found.missing if is_open(cell))
    if blank:
        yield NotDecided(blank, "")
    elif found.missing:
        yield NotDecided((form.name,), f"项目表没有“{found.missing[0].label}”一栏，不能断定部门表的数不对")


def _unequal(cell: Stated, found: Held, seen: Seen) -> Mismatch:
    assert found.gap is not None
    told = "、".join(f"{part.shown}（{part.at}）" for part in found.cells)
    together = f"合计 {found.gap.expected}" if len(found.cells) > 1 else ""
    sentence = (
        f"{cell.label}填 {cell.shown}，项目自评表的{found.cells[0].field.label}是 {told}{together}，"
        f"相差 {cell.value - found.gap.expected}"
    )
    if _is_disproved(cell, found.cells, seen):
        return Mismatch(cell, f"{sentence}；照项目表填，各行之和正好等于合计。", found.gap.expected, found.cells)
    return Mismatch(cell, f"{sentence}，两者不能同时成立。", None, found.cells)


def _is_disproved(cell: Stated, instead: Sequence[Stated], seen: Seen) -> bool:
    """Does the typed total of the rows add up with the form's amount, and not with the row's?"""
    record = seen.record
    part = f"{cell.key.partition('[')[0]}[].{cell.key.rpartition('.')[2]}"
    for each in record.template.sums:
        if part in each.parts and each.total not in record.follows and seen[each.total].is_number:
            parts, unknown = parts_of(each, record, seen.cells)
            others = [part for part in parts if part.is_number and part.key != cell.key]
            total = seen[each.total]
            if not unknown and may_add_up(total, [*others, *instead]) and not may_add_up(total, [*others, cell]):
                return True
    return False


@check(
    "XLP423",
    Severity.WARNING,
    "专项没有项目自评表",
    "project of the department form has no form of its own",
    cites="caiyu-2020-10",
    reads=(PROJECTS,),
)
def project_without_form(project_forms: Forms, record: Record) -> Iterator[Outcome]:
    """部门表列有金额的专项，给出的文件里没有同名的项目自评表；给出 --projects 时核对。

    为何：一个项目一张自评表，漏了一张，部门的项目支出就有一部分没有自评。
    改法：补上这个项目的自评表；名称写得不一样的，改成同一个全称；按规定不填的（如涉密），在审核说明中写明。
    反例：部门表列了应急指挥中心、信息化建设两行，只给出信息化建设的自评表。
    正例：名称只差空格、标点、本年年份；预算数、决算数都是 0 或空白的行；名称相近的只提示可能是同一项目，不当作同一个。
    """
    projects = projects_of(record, project_forms)
    alike = near(projects, record.year)
    for line in (line for project in projects.without_form for line in project.lines):
        sentence = f"专项“{line.name.text}”{_amounts(line)}没有项目自评表"
        forms = alike.get(line.name.key, ())
        if forms:
            named = "、".join(f"“{form.name.text}”（{form.told}）" for form in forms)
            sentence += f"；给出的{named}在部门表里没有对应的行，可能是同一项目，是的话请把名称改一致"
        elif others := [form for form in projects.of_other_years if _is_of(form, line, record)]:
            sentence += f"；给出的是 {others[0].record.year} 年的（{others[0].place}）"
        if projects.nameless_forms:
            sentence += f"；另有 {len(projects.nameless_forms)} 张没有写项目名称（{projects.nameless_forms[0].place}）"
        yield Mismatch(line.name, f"{sentence}。", None, _cells_of(forms))
    if projects.nameless_lines:
        yield NotDecided(tuple(line.name for line in projects.nameless_lines), "")


def _is_of(form: ProjectForm, line: Line, record: Record) -> bool:
    return project_key(form.name.text, form.record.year) == project_key(line.name.text, record.year)


def _cells_of(forms: Sequence[ProjectForm]) -> tuple[Stated, ...]:
    """The cells that a sentence about forms speaks of: an explanation holds while they are as they were."""
    return tuple(cell for form in forms for cell in (form.name, *form.figures))


def _amounts(line: Line) -> str:
    told = "，".join(f"{cell.field.label} {cell.shown}" for cell in (line.budget, line.actual) if cell.is_number)
    return f"（{told}）"


@check(
    "XLP424",
    Severity.WARNING,
    "项目自评表在部门表里没有对应的行",
    "project form belongs to no row of the department form",
    cites="caiyu-2020-10",
    reads=(PROJECTS,),
)
def form_without_project(
    project_forms: Forms, record: Record, project_actual: Stated = MAY_BE_BLANK
) -> Iterator[Outcome]:
    """部门表逐项列了专项，给出的项目自评表却有一张在其中找不到；给出 --projects 时核对。

    为何：自评的项目应当都在部门的项目支出里；找不到的，或者漏列一行，或者名称写错，或者不是本单位本年的项目。
    改法：补列这一行，或者改正名称；不是本单位本年项目的，不要一起给出。
    反例：给出三张项目自评表，部门表只有其中两个项目的行。
    正例：部门表没有逐项列出专项（只有合计，或只填业务工作经费、运行维护经费、其他事业类发展资金）；这几行有数、没有
    对应行的项目表加起来不超过它们；别的年度的项目表不核对。
    """
    projects = projects_of(record, project_forms)
    told = {id(form.record) for forms in near(projects, record.year).values() for form in forms}
    left = [form for project in projects.without_line for form in project.forms if id(form.record) not in told]
    for form in projects.of_other_years:
        yield NotDecided((form.record["year"],), f"“{form.name.text}”是 {form.record.year} 年的项目表，没有核对")
    for form in projects.nameless_forms:
        yield NotDecided((form.name._replace(at=form.place),), "")
    if not left or not _is_itemised(projects) or _is_within(left, record):
        return
    named = some((f"“{form.name.text}”（{form.told}）" for form in left), _MOST, " 等 {} 张")
    sentence = f"{{base}}逐项列了专项，没有列{named}，这{'张' if len(left) == 1 else '些'}项目自评表没有对应的行。"
    yield Mismatch(project_actual, sentence, None, _cells_of(left))


def _is_itemised(projects: Projects) -> bool:
    return any(project.lines for project in projects.named) or bool(projects.nameless_lines)


def _is_within(forms: Sequence[ProjectForm], record: Record) -> bool:
    """May these be projects that the lines beside the rows sum up, 业务工作经费 and the like?"""
    beside = [cell for cell in _beside(record, "actual") if cell.is_number and cell.value]
    spent = [form.cell(SPENT) for form in forms if form.cell(SPENT).is_number]
    least = sum((cell.interval.low for cell in spent), ZERO)
    return bool(beside) and least <= sum((cell.interval.high for cell in beside), ZERO)


def _beside(record: Record, column: str) -> list[Stated]:
    return [record[key] for key in record.template.beside(PROJECTS, column)]


@check(
    "XLP425",
    Severity.WARNING,
    "同一项目有几张自评表",
    "one project has several forms",
    cites="field-practice",
    reads=(PROJECTS,),
)
def project_given_twice(
    project_forms: Forms, record: Record, project_actual: Stated = MAY_BE_BLANK
) -> Iterator[Mismatch]:
    """给出的项目自评表里，同一个项目有两张；给出 --projects 时核对。

    为何：一个项目一张自评表；两张数字不同，不知道以哪一张为准，数字相同，汇总时会算两次。
    改法：只留一张；是两个项目的，把名称写清楚（一期、二期）。
    反例：两个文件都是“应急指挥中心”，全年执行数一张 37.44，一张 34.74。
    正例：名称不同的一期、二期；由不同实施单位各填一张，各张之和等于部门表这一行，或者部门表没有逐项列出；别的年度的不算。
    """
    unlisted = []
    for project in projects_of(record, project_forms).named:
        if project.is_twice:
            told = "、".join(form.told for form in project.forms)
            same = "数字相同" if _are_equal(project.forms) else "数字不同"
            sentence = f"“{project.forms[0].name.text}”有 {len(project.forms)} 张项目自评表，{same}：{told}"
            cells = _cells_of(project.forms)
            if project.lines:
                yield Mismatch(project.lines[0].name, f"{sentence}。", None, cells)
            else:
                unlisted.append((sentence, cells))
    if unlisted:
        told = some((sentence for sentence, _ in unlisted), _MOST, " 等 {} 个项目")
        yield Mismatch(project_actual, f"{told}。", None, tuple(cell for _, cells in unlisted for cell in cells))


def _are_equal(forms: Sequence[ProjectForm]) -> bool:
    columns = (*BUDGETS["either"], SPENT)
    return len({tuple(form.cell(column).number for column in columns) for form in forms}) == 1


@check(
    "XLP426",
    Severity.ERROR,
    "各项目自评表之和与项目支出不一致",
    "project forms together differ from project spending",
    cites="form",
    reads=(PROJECTS,),
)
def project_forms_off_total(
    project_forms: Forms,
    record: Record,
    budget_column_means: str,
    project_actual: Stated = MAY_BE_BLANK,
    project_budget: Stated = MAY_BE_BLANK,
) -> Iterator[Outcome]:
    """各项目自评表的全年执行数（全年预算数）加起来，不是部门表的项目支出；给出 --projects 时核对。

    为何：项目支出就是各个项目的支出之和，两边说的是同一笔钱。
    改法：核对合计，看是哪一张项目表填错，或者还有哪一个项目没有填自评表、没有列入部门表。
    反例：部门表项目支出决算数 37.44，没有逐项列出；三张项目自评表全年执行数合计 34.74。
    正例：四舍五入允许的差额；差额只是因为某一行与它的项目表不同（由 XLP422 指出）；有的专项没有项目表、有的项目表没有
    对应的行、业务工作经费等几行没有项目表，项目表没有包括全部项目支出，不核对；有一张没有填的也不核对。
    """
    projects = projects_of(record, project_forms)
    if not projects.forms:
        return
    for total, columns in ((project_actual, (SPENT,)), (project_budget, BUDGETS[budget_column_means])):
        if is_open(total):
            yield NotDecided((total,), "")
        if not total.is_number:
            continue
        column = total.key.rpartition("_")[2]
        beside = [cell for cell in _beside(record, column) if cell.is_number and cell.value]
        if reason := _not_all(projects, beside):
            yield _not_compared(total, reason)
            continue
        found = held(total, [[form.cell(each) for form in projects.forms] for each in columns])
        yield from _open(found, projects.forms[0])
        with_rows = held(total, [_with_rows(projects, column, each) for each in columns])
        if not found.is_wrong or not with_rows.is_wrong or with_rows.gap is None:
            continue  # it only follows the rows, of which XLP422 speaks
        if beside and with_rows.gap.expected < total.value:
            yield _not_compared(total, f"{beside[0].label}不一定都有项目表")
        else:
            yield _off_total(total, found, len(projects.forms))


def _not_compared(total: Stated, reason: str) -> NotDecided:
    return NotDecided((total,), f"{reason}，各项目表之和没有与{total.label}核对")


def _not_all(projects: Projects, beside: Sequence[Stated]) -> str:
    """Why the forms need not be all of the projects; empty where they have to be, or may be with the lines `beside`."""
    if any(project.is_twice for project in projects.named):
        return "同一项目有几张项目表"
    if missing := projects.without_form:
        return (
            f"“{missing[0].lines[0].name.text}”没有项目表" if len(missing) == 1 else f"{len(missing)} 个专项没有项目表"
        )
    if not _is_itemised(projects):
        return ""
    if projects.nameless_lines or projects.nameless_forms:
        return "有的项目没有写名称"
    return "有的项目表没有对应的行" if projects.without_line and not beside else ""


def _with_rows(projects: Projects, column: str, of_forms: str) -> list[Stated]:
    """What there is to add up where the rows are taken as they are, and only the other projects by their forms."""
    parts: list[Stated] = []
    for project in projects.named:
        own = [line.actual if column == "actual" else line.budget for line in project.lines]
        if len(own) == 1 and own[0].is_number:
            parts += own
        else:
            parts += (form.cell(of_forms) for form in project.forms)
    return [*parts, *(form.cell(of_forms) for form in projects.nameless_forms)]


def _off_total(total: Stated, found: Held, count: int) -> Mismatch:
    assert found.gap is not None
    expected: Decimal = found.gap.expected
    sentence = (
        f"{count} 张项目自评表的{found.cells[0].field.label}合计 {expected}，{{base}}的{total.label}填 {total.shown}，"
        f"相差 {total.value - expected}，两者不能同时成立。"
    )
    return Mismatch(total, sentence, None, found.cells)


@check(
    "XLP427",
    Severity.WARNING,
    "正文的项目个数与项目自评表不符",
    "number of projects in the text is not that of the forms",
    cites="field-practice",
    reads=(PROJECTS,),
)
def project_count_differs(project_forms: Forms, record: Record, seen: Seen) -> Iterator[Mismatch]:
    """报告写“共有N个项目”，N 既不是项目自评表的张数，也不是部门表列出的项目数；给出 --projects 时核对。

    为何：报告、部门表、项目自评表说的是同一批项目，个数应当相同。
    改法：数清项目，改正正文；说的只是其中一部分的，写明是哪一部分。
    反例：正文写“共实施5个项目”，部门表列了 3 行，给出 3 张项目自评表。
    正例：个数等于其中一种；说明了范围的不比较（3个重点项目、100万元以上的项目、其中2个、上年、市级）；同一项目两张的算一个。
    """
    projects = projects_of(record, project_forms)
    listed = [each for each in projects.named if each.lines]
    beside = [cell for cell in _beside(record, "actual") if cell.is_number and cell.value]
    forms = sum(bool(each.forms) for each in projects.named) + len(projects.nameless_forms)
    shared = sum(len(each.forms) for each in projects.named if each.is_shared and not each.is_twice)
    rows = len(listed) + len(projects.nameless_lines)
    known = {forms, forms + shared, rows, rows + len(beside), rows + len(projects.without_line)}
    for key in dict.fromkeys(record.template.cells_of("projects", "results")) if forms else ():
        counts = project_counts(seen[key].text, record.template.prose, record.year)
        if wrong := dict.fromkeys(f"“{said.quote}”" for said in counts if said.number not in known):
            told = f"给出的项目自评表是 {forms} 个项目的，{{base}}列了 {rows} 行"
            yield Mismatch(seen[key], f"{seen[key].label}写{some(wrong, _MOST, ' 等 {} 处')}，{told}。")
