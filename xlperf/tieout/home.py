"""首页: what is filled of what is required, what does not agree, the score, and what to do next, as live formulas.

Everything on it follows from the template: its required cells by sheet, the rows of 勾稽关系, the totals that next year
takes over. It has no cell that anybody fills.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from xlperf.derive.expression import level_sum_formula
from xlperf.form.grid import Cell
from xlperf.form.relations import Kind, Relation
from xlperf.form.template import BASE, INDICATORS, NAME_PREFIX, Template
from xlperf.tieout.pieces import ASKS, BLANK, FAILS, NOWHERE, UNDECIDABLE, Pieces, References, plus

WIDTHS = (8.6,) * 12  # so that A4 shows 11 points as 8
PROGRESS, NEXT, FIRST, CHARTS = "填报进度", "下一步", "先办这些（“勾稽关系”里不符的）", "图表所用的数"
PLOT_ROWS = 13
_ITEMS = 6
_MONEY, _RATE = "#,##0.00_ ", "0.00%"
_SHEET_COLUMNS, _ITEM_SPAN = 5, 5
CHART_COLUMNS = 4  # of a chart and of its figures


class Card(NamedTuple):
    """A figure at the top: what it is, how many columns it takes, its formula, and how it is shown."""

    title: str
    span: int
    formula: str
    number_format: str = ""


class Chart(NamedTuple):
    """What a chart shows: a name and two figures a row, as formulas; `first` is the first column that is drawn."""

    title: str
    heads: tuple[str, str]
    rows: tuple[tuple[str, str, str], ...]
    formats: tuple[str, str]
    first: int = 0


class Control(NamedTuple):
    """Where the rows of 勾稽关系 are: its title as a formula writes it, the first and the last of them."""

    sheet: str
    first: int
    last: int

    def column(self, letter: str) -> str:
        return f"{self.sheet}!${letter}${self.first}:${letter}${self.last}"

    def counted(self, *words: str) -> str:
        return plus(f'COUNTIF({self.column("H")},"{word}")' for word in words)


class Home(NamedTuple):
    """The sheet below its title: cards, the sheets with their required cells, charts."""

    cards: tuple[Card, ...]
    sheets: tuple[tuple[str, str, str], ...]  # title, how many cells are required, how many of them are blank
    charts: tuple[Chart, ...]
    rows: int  # of the two lists side by side
    is_controlled: bool  # with a list of what does not agree

    @property
    def list_head(self) -> int:
        """The row of the headings of the two lists, from 0, of the rows below the title."""
        return 4

    @property
    def plot(self) -> int:
        """The first row of the charts."""
        return self.list_head + self.rows + 2

    @property
    def data(self) -> int:
        """The row of the headings of the charts' figures."""
        return self.plot + PLOT_ROWS + 1


def required_keys(template: Template) -> dict[str, list[str]]:
    """By sheet, in its order, what has to be filled in: single cells, and columns of row tables as table[].column."""
    titles = Pieces(template, NOWHERE).titles
    found: dict[str, list[str]] = {}
    for key, field in template.fields.items():
        if field.required and not field.derived and key in titles:
            found.setdefault(titles[key], []).append(key)
    for table, spec in template.tables.items():
        for name, field in spec.columns.items():
            if field.required and not field.derived and table in titles:
                found.setdefault(titles[table], []).append(f"{table}[].{name}")
    return {spec["title"]: found[spec["title"]] for spec in template.sheets if spec["title"] in found}


def home_of(template: Template, references: References, control: Control | None) -> Home:
    """What the sheet says."""
    cells = Pieces(template, references)
    sheets = tuple((title, *_counts(cells, keys)) for title, keys in required_keys(template).items())
    execution, *others = _execution(cells), _levels(cells), _years(cells)
    charts = (*([execution] if execution.rows else []), *(each for each in others if len(each.rows) > 1))
    items = max(len(sheets) + 1, _ITEMS if control else 0)
    return Home(tuple(_cards(cells, control)), sheets, charts, items, control is not None)


@cache
def shape(template: Template) -> Home:
    """The same for those who ask only how it is laid out."""
    is_controlled = any(spec.get("control") for spec in template.sheets)
    return home_of(template, NOWHERE, Control("A", 1, 2) if is_controlled else None)


def _cards(cells: Pieces, control: Control | None) -> Iterator[Card]:
    template = cells.template
    found = [Card("评价年度", 1, cells.shown("year"))] if template.has("year") else []
    found += [
        Card(template.field(key).label, 1, cells.shown(key), _RATE if template.field(key).is_rate else "")
        for key in ("execution_rate", "total_score", "grade")
        if template.has(key)
    ]
    found.append(Card("必填未填（格）", 2, "{blank}"))
    if control:
        found.append(Card("✗ 须改正（行）", 1, control.counted(FAILS), "[Red]0;-0;0"))
        found.append(Card("核实（行）", 1, control.counted(ASKS)))
        found.append(Card("未能核对（行）", 1, control.counted(BLANK, UNDECIDABLE)))
    name = next((key for key in (*template.cells_of("subject", "names"), "unit_name") if template.has(key)), "")
    if name:
        rest = len(WIDTHS) - sum(card.span for card in found)
        yield Card(template.field(name).label, rest, cells.shown(name))
    yield from found


def _counts(cells: Pieces, keys: Sequence[str]) -> tuple[str, str]:
    """How many of the cells have to be filled in, and how many of them are blank; of a table in each row in use."""
    template = cells.template
    single = [key for key in keys if "[]." not in key]
    wanted, blank = [str(len(single))] if single else [], [f'({cells.cell(key)}="")*1' for key in single]
    for table in template.tables:
        columns = [key for key in keys if key.startswith(f"{table}[].")]
        if not columns:
            continue
        in_use = cells.rows_without(columns[0], lack="({0}={0})*1")
        lacking = plus(cells.blank_in([key]) for key in columns)
        if table == template.roles.get(INDICATORS):  # a form without any indicator is not filled in
            wanted.append(f"MAX(1,{in_use})*{len(columns)}")
            blank.append(f"IF({in_use}=0,{len(columns)},{lacking})")
        else:
            wanted.append(f"{in_use}*{len(columns)}")
            blank.append(f"({lacking})")
    return plus(wanted), plus(blank)


# Charts


def _execution(cells: Pieces) -> Chart:
    """Budgets and what was spent of them: the whole, then the totals of the series that has both."""
    template, rows = cells.template, list[tuple[str, str, str]]()
    pairs = [("全年", "annual_budget", "annual_spent")]
    stems, columns = template.series_of(BASE)
    if {"budget", "actual"} <= {*columns}:
        totals = {each.total for each in _totals(template)} - {*template.cells_of("adjustment")}
        stems = tuple(stem for stem in stems if f"{stem}_actual" in totals)
        pairs += [(template.field(f"{stem}_actual").row_label, f"{stem}_budget", f"{stem}_actual") for stem in stems]
    for name, budget, actual in pairs:
        if template.has(budget) and template.has(actual):
            below, above = cells.cell(budget), cells.cell(actual)
            rate = f'IF(COUNT({above},{below})<2,"",IF({below}>0,ROUND({above}/{below},4),""))'
            rows.append((name, cells.shown(actual), rate))
    return Chart("执行率", ("执行数", "执行率"), tuple(rows), (_MONEY, _RATE), first=1)


def _levels(cells: Pieces) -> Chart:
    """Points against weights: of the execution of the budget, then of each first level of the indicators."""
    template, table = cells.template, cells.template.table(INDICATORS)
    rows = list[tuple[str, str, str]]()
    if template.has("execution_weight") and template.has("execution_score"):
        rows.append(("预算执行", cells.shown("execution_weight"), cells.shown("execution_score")))
    if table is None or not table.fill_down or not {"weight", "score"} <= table.columns.keys():
        return Chart("得分与分值", ("分值", "得分"), (), ("", ""))
    level = table.fill_down[0]
    for label in dict.fromkeys(_first_levels(template, table.key)):
        mine = cells.rows_of_level(table.key, level, label)
        weight, score = (level_sum_formula(mine, cells.column(table.key, name), 2) for name in ("weight", "score"))
        rows.append((label, weight, score))
    return Chart("得分与分值", ("分值", "得分"), tuple(rows), ("", ""))


def _first_levels(template: Template, table: str) -> Iterator[str]:
    for spec in template.sheets:
        for row in spec.get("blank_rows", {}).get(table, ()):
            yield row[0].partition("（")[0].strip()


def _years(cells: Pieces) -> Chart:
    """Last year and this year: the totals that next year's form takes over."""
    template = cells.template
    totals = {each.total for each in _totals(template)}
    carried = template.next_year.cells.carried.items()
    row = template.row_and_column
    pairs = [(prior, key) for prior, key in carried if key in totals and row(prior)[0] == row(key)[0]]
    rows = ((template.field(key).row_label, cells.shown(prior), cells.shown(key)) for prior, key in pairs)
    return Chart("上年与本年（万元）", ("上年", "本年"), tuple(rows), (_MONEY, _MONEY))


def _totals(template: Template) -> Iterable[Relation]:
    """Of money, none that is a part of another."""
    sums = [each for each in template.related(Kind.SUM) if each.same is None]
    parts = {part for each in sums for part in each.parts}
    return (each for each in sums if each.total not in parts and template.field(each.total).type == "money")


# The grid


def home_rows(template: Template) -> list[list[Cell]]:
    """The rows below the title, without formulas."""
    home, lists = shape(template), list[list[Cell]]()
    heads = [cell for card in home.cards for cell in _wide(Cell("@heading", text=card.title), card.span)]
    values = [cell for card in home.cards for cell in _wide(Cell(number_format=card.number_format), card.span)]
    step = [Cell("@heading", text=NEXT), *_wide(Cell(indent=1), len(WIDTHS) - 1)]
    left = [
        *_wide(Cell("@heading", text=PROGRESS), 2),
        *(Cell("@heading", text=each) for each in ("应填", "已填", "未填")),
    ]
    right = [
        Cell("@heading", text="结果"),
        *_wide(Cell("@heading", text=FIRST), _ITEM_SPAN),
        Cell("@heading", text="差额"),
    ]
    lists.append([*left, *(right if home.is_controlled else [Cell("~")] * len(right))])
    for number in range(home.rows):
        name = [*(title for title, *_ in home.sheets), "合计"][number] if number <= len(home.sheets) else ""
        own = [*_wide(Cell(indent=1, text=name), 2), Cell(), Cell(), Cell()] if name else [Cell("~")] * _SHEET_COLUMNS
        item = [Cell(), *_wide(Cell(indent=1), _ITEM_SPAN), Cell(number_format=_MONEY)]
        lists.append([*own, *(item if home.is_controlled else [Cell("~")] * len(item))])
    rows = [heads, values, step, [Cell("~")] * len(WIDTHS), *lists]
    if home.charts:
        rows += [[Cell("~")] * len(WIDTHS) for _ in range(home.plot - len(rows) + PLOT_ROWS)]
        rows.append([Cell("##", text=CHARTS), *[Cell("<")] * (len(WIDTHS) - 1)])
        rows += [_data_row(home, number) for number in range(-1, max(len(each.rows) for each in home.charts))]
    return rows


def home_heights(template: Template) -> dict[int, float]:
    """Those of the rows that texts of some length come into, by row from 0, in points."""
    home = shape(template)
    return {1: 34.0, 2: 26.0} | dict.fromkeys(range(home.list_head + 1, home.list_head + 1 + home.rows), 46.0)


def _wide(cell: Cell, span: int) -> list[Cell]:
    return [cell, *[Cell("<")] * (span - 1)]


def _data_row(home: Home, number: int) -> list[Cell]:
    cells: list[Cell] = []
    for chart in home.charts:
        if number < 0:
            cells += _wide(Cell("@heading", text=chart.title), 2)
            cells += [Cell("@heading", text=head) for head in chart.heads]
        elif number < len(chart.rows):
            cells += _wide(Cell(indent=1, text=chart.rows[number][0]), 2)
            cells += [Cell(number_format=each) for each in chart.formats]
        else:
            cells += [Cell("~")] * CHART_COLUMNS
    return [*cells, *[Cell("~")] * (len(WIDTHS) - len(cells))]


def home_formulas(
    template: Template, references: References, control: Control | None, first: int
) -> dict[tuple[int, int], str]:
    """By row and column; `first` is the row below the title."""
    home = home_of(template, references, control)
    formulas: dict[tuple[int, int], str] = {}
    head = first + home.list_head
    total = head + len(home.sheets) + 1
    col = 1
    for card in home.cards:
        formulas[first + 1, col] = card.formula.format(blank=f"E{total}") if "{blank}" in card.formula else card.formula
        col += card.span
    for row, (_, wanted, blank) in enumerate(home.sheets, head + 1):
        formulas |= {(row, 3): wanted, (row, 4): f"C{row}-E{row}", (row, 5): blank}
    formulas |= {
        (total, col): f"SUM({each}{head + 1}:{each}{total - 1})" for col, each in ((3, "C"), (4, "D"), (5, "E"))
    }
    if control:
        for number in range(1, home.rows + 1):
            formulas |= {
                (head + number, col): _item(control, number, each) for col, each in ((6, "H"), (7, "C"), (12, "F"))
            }
    formulas[first + 2, 2] = _next(home, cells_year(template, references), control, head + 1)
    for place, chart in enumerate(home.charts):
        for row, (_, one, other) in enumerate(chart.rows, first + home.data + 1):
            formulas |= {(row, CHART_COLUMNS * place + 3): one, (row, CHART_COLUMNS * place + 4): other}
    return formulas


def cells_year(template: Template, references: References) -> str:
    """The cell of the year, or nothing."""
    return references.cell("year") if template.has("year") else ""


def _item(control: Control, number: int, letter: str) -> str:
    """Of the row of 勾稽关系 that comes as this one in the order of what to do."""
    found = f"LOOKUP(2,1/({control.column('I')}={number}),{control.column(letter)})"
    return f'IFERROR({found},"")'


def _next(home: Home, year: str, control: Control | None, first: int) -> str:
    steps = [(f'{year}=""', '"填写评价年度：只填一次，各表标题里的年份随之变化。"')] if year else []
    for row, (title, *_) in enumerate(home.sheets, first):
        steps.append((f"E{row}>0", f'"填写“{title}”：必填的还有 "&E{row}&" 格没有填。"'))
    if control:
        fails, asks, open_rows = (control.counted(*each) for each in ((FAILS,), (ASKS,), (BLANK, UNDECIDABLE)))
        steps.append((f"{fails}>0", f'"改正“勾稽关系”里的 ✗ "&{fails}&" 行，见下面“先办这些”。"'))
        steps.append((f"{asks}>0", f'"“勾稽关系”里有 "&{asks}&" 行要核实：写得出原因的写明原因，写不出的改正。"'))
        steps.append(
            (
                f"{open_rows}>0",
                f'"必填的都填了；“勾稽关系”里还有 "&{open_rows}&" 行未能核对，没有的填 0，不适用的填 ——。"',
            )
        )
    text = '"数都填了，也都相符。请审核一次，看看文字和指标，再存上报本。"'
    for condition, said in reversed(steps):
        text = f"IF({condition},{said},{text})"
    return text


def order_formula(row: int, first: int, last: int) -> str:
    """On 勾稽关系: in which order what does not agree is to be seen to, what must be corrected first."""
    fails = f'IF(H{row}="{FAILS}",COUNTIF(H${first}:H{row},"{FAILS}")'
    asks = f'IF(H{row}="{ASKS}",COUNTIF(H${first}:H${last},"{FAILS}")+COUNTIF(H${first}:H{row},"{ASKS}"),"")'
    return f"{fails},{asks})"


def home_leads(template: Template, first: int) -> dict[tuple[int, int], str]:
    """Cells that lead elsewhere: to a sheet by its title, to a cell by its name."""
    home = shape(template)
    head = first + home.list_head
    found = {(row, 1): title for row, (title, *_) in enumerate(home.sheets, head + 1)}
    if control := next((spec["title"] for spec in template.sheets if spec.get("control")), ""):
        found |= dict.fromkeys(((head + number, 6) for number in range(1, home.rows + 1)), control)
    if template.has("year"):
        col = 1
        for card in home.cards:
            if card.title == "评价年度":
                found[first + 1, col] = f"{NAME_PREFIX}year"
            col += card.span
    return found
