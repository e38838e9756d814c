"""The projects of a department: its rows and the project forms given, paired by name and by nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from xlperf.amounts import Gap, adds_up
from xlperf.form.record import Record, State, Stated, lacking
from xlperf.form.template import PROJECTS
from xlperf.prose.project_names import may_be_one, project_key

SPENT = "annual_spent"
# The column of a project form that 预算数 of the department's form may mean, by the dated figure that says it.
BUDGETS = {
    "either": ("annual_budget", "opening_budget"),
    "adjusted": ("annual_budget",),
    "opening": ("opening_budget",),
}
_UNIT = "implementing_unit"


class Line(NamedTuple):
    """A row of the department's form."""

    name: Stated
    budget: Stated
    actual: Stated

    @property
    def says_something(self) -> bool:
        """Has it an amount, so that there must be a project? 0 and —— say that there was none."""
        return any(cell.is_number and cell.value for cell in (self.budget, self.actual))


class ProjectForm(NamedTuple):
    """A project's own form, of the evaluated year or one that does not say."""

    name: Stated
    record: Record

    def cell(self, column: str) -> Stated:
        return self.record.cell(column)

    @property
    def place(self) -> str:
        """The cell with the name; of a form without one its file."""
        return self.name.at or self.record.source

    @property
    def figures(self) -> tuple[Stated, ...]:
        """What is told of it besides its name."""
        return tuple(cell for cell in (self.cell("annual_budget"), self.cell(SPENT)) if cell.is_number)

    @property
    def told(self) -> str:
        """Where it is and what it says: 甲.xlsx…，全年预算数 5.00，全年执行数 4.80."""
        return "，".join((self.place, *(f"{cell.field.label} {cell.shown}" for cell in self.figures)))


class Project(NamedTuple):
    """The rows and the forms that bear one name."""

    lines: tuple[Line, ...]
    forms: tuple[ProjectForm, ...]

    @property
    def is_shared(self) -> bool:
        """Is it one project that several units carry out, with a form each?"""
        units = {form.cell(_UNIT).text.strip() for form in self.forms} - {""}
        return len(self.forms) > 1 and len(units) == len(self.forms)

    @property
    def is_twice(self) -> bool:
        """Has it more forms than it can have? Those of several units have to come to the row's amount together."""
        if len(self.forms) <= max(len(self.lines), 1):
            return False
        return not self.is_shared or self.is_apart

    @property
    def is_apart(self) -> bool:
        """Is the row's spending another than that of all forms together? Not where a figure is missing."""
        parts = [form.cell(SPENT) for form in self.forms]
        if len(self.lines) != 1 or not all(cell.is_number for cell in (self.lines[0].actual, *parts)):
            return False
        gap = adds_up(self.lines[0].actual, parts)
        return gap is not None and gap.impossible


class Projects(NamedTuple):
    """All projects that have a name, and what has none or is of another year."""

    named: tuple[Project, ...]
    nameless_lines: tuple[Line, ...]
    nameless_forms: tuple[ProjectForm, ...]
    of_other_years: tuple[ProjectForm, ...]

    @property
    def forms(self) -> tuple[ProjectForm, ...]:
        """Of this year."""
        return (*(form for project in self.named for form in project.forms), *self.nameless_forms)

    @property
    def without_form(self) -> tuple[Project, ...]:
        return tuple(each for each in self.named if not each.forms and any(line.says_something for line in each.lines))

    @property
    def without_line(self) -> tuple[Project, ...]:
        return tuple(each for each in self.named if not each.lines)


def projects_of(record: Record, forms: Iterable[Record]) -> Projects:
    """The department's rows with the forms of the same name; see `project_key`."""
    lines: dict[str, list[Line]] = {}
    own: dict[str, list[ProjectForm]] = {}
    others = []
    table = record.template.table(PROJECTS)
    label = "" if table is None else table.row_label
    for row in record.rows_of(PROJECTS):
        line = Line(*(record.cell(f"{row}{column}") for column in (label, "budget", "actual")))
        lines.setdefault(project_key(line.name.text, record.year), []).append(line)
    for form in forms:
        each = ProjectForm(_name(form), form)
        if None not in (record.year, form.year) and record.year != form.year:
            others.append(each)
        else:
            own.setdefault(project_key(each.name.text, record.year), []).append(each)
    nameless = (line for line in lines.pop("", ()) if line.says_something)
    nameless_forms = own.pop("", ())
    named = tuple(Project(tuple(lines.get(key, ())), tuple(own.get(key, ()))) for key in {**lines, **own})
    return Projects(named, tuple(nameless), tuple(nameless_forms), tuple(others))


def _name(form: Record) -> Stated:
    """The cell that says what it is the form of."""
    cells = [form.cell(key) for key in form.template.cells_of("subject")]
    return next((cell for cell in cells if not cell.is_blank), cells[0] if cells else lacking("project_name"))


def near(projects: Projects, year: int | None) -> Mapping[str, tuple[ProjectForm, ...]]:
    """By the key of a row's name, forms without a row that may be meant for it: of a near name, or of its amounts."""
    left = [(line, form) for one in projects.without_form for line in one.lines[:1] for form in _first(projects)]
    found: dict[str, list[ProjectForm]] = {}
    for line, form in left:
        if may_be_one(project_key(line.name.text, year), project_key(form.name.text, year)):
            found.setdefault(line.name.key, []).append(form)
    equal = [(line, form) for line, form in left if has_amounts_of(line, form)]
    for line, form in equal:
        once = sum(line is other for other, _ in equal) == sum(form is other for _, other in equal) == 1
        if once and line.name.key not in found and not any(form in forms for forms in found.values()):
            found[line.name.key] = [form]
    return {key: tuple(forms) for key, forms in found.items()}


def _first(projects: Projects) -> Sequence[ProjectForm]:
    return [project.forms[0] for project in projects.without_line]


def has_amounts_of(line: Line, form: ProjectForm) -> bool:
    """Does the form state the very amounts of a row, and not nil?"""
    budgets = [form.cell(column) for column in BUDGETS["either"]]
    return bool(
        _is_same(line.actual, form.cell(SPENT)) and line.actual.value and any(_is_same(line.budget, b) for b in budgets)
    )


def _is_same(one: Stated, other: Stated) -> bool:
    return one.is_number and other.is_number and one.interval.meets(other.interval)


class Held(NamedTuple):
    """What a total is held against: the gap to the cells that come nearest to it, or the cells that are missing."""

    gap: Gap | None = None
    cells: tuple[Stated, ...] = ()
    missing: tuple[Stated, ...] = ()

    @property
    def is_wrong(self) -> bool:
        return not self.missing and self.gap is not None and self.gap.impossible


def held(total: Stated, readings: Sequence[Sequence[Stated]]) -> Held:
    """A figure against the sums of cells of which it must be one; what rounding allows is no gap.

    A reading that lacks a cell leaves open whether it would be the right one; —— is none of the amounts.
    """
    found = Held()
    missing: list[Stated] = []
    for reading in readings:
        cells = tuple(cell for cell in reading if cell.state is not State.NOT_APPLICABLE)
        unknown = [cell for cell in cells if not cell.is_number]
        missing += unknown
        if unknown or not cells:
            continue
        gap = adds_up(total, cells)
        if gap is None or not gap.impossible:
            return Held(None, cells)
        if found.gap is None:
            found = Held(gap, cells)
    return found._replace(missing=tuple(missing))


def is_open(cell: Stated) -> bool:
    """Is it blank or unreadable, so that somebody has to look?"""
    return cell.state in (State.BLANK, State.UNREADABLE)
