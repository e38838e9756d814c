"""One random form: its grid as `tests.intake.drawn` writes it, and what each of its cells must be read as."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_NAMES = (
    "培训场次 预算完成率 设备购置数 资金使用合规性 分值达标率 预算执行率 居民满意度 资金到位率 得分公示率 项目总成本 "
    "乡镇培训 三公经费变动率 目标完成率"
).split()
_FILLED = {"project_name": "老旧小区改造", "department": "某县住建局", "implementing_unit": "某县房管中心"}
_MONEY = ("opening_budget", "annual_budget", "annual_spent")
_NOTES = {"A": ("（A）", "(A)", "A"), "B": ("（B）", "(B)", "B"), "R": ("（B/A）", "(%)", "（B/A×100%）", "（B/A，%）")}
_KINDS = {"annual_budget": "A", "annual_spent": "B", "execution_rate": "R", "target": "A", "actual": "B"}


class Item(NamedTuple):
    """A cell: its text, what it must be read as, and over how many columns and rows it reaches."""

    text: str = ""
    key: str = ""
    cols: int = 1
    rows: int = 1


class Form(NamedTuple):
    """`expected`: by row and column from 1, the text of a cell and its key (funding rows without their number)."""

    year: int
    unit: str
    grid: list[list[str]]
    expected: Mapping[tuple[int, int], tuple[str, str]]
    headings: Mapping[str, str]


def draw(seed: int, words: Mapping[str, Sequence[str]]) -> Form:
    return _Drawing(random.Random(seed), words).form()


class _Drawing:
    def __init__(self, dice: random.Random, words: Mapping[str, Sequence[str]]) -> None:
        self.dice, self.words = dice, words
        self.year = dice.randint(2019, 2024)
        self.unit = "元" if dice.random() < 0.2 else "万元"
        self.headings: dict[str, str] = {}

    def form(self) -> Form:
        money, rows = self.money(), self.indicators()
        width = max(sum(item.cols for item in line) for line in (money[0], rows[0]))
        lines = [*self.fields(width), *_stretched(money, width, at_end=False)]
        lines += [*self.goals(width), *_stretched(rows, width, at_end=True)]
        grid, expected = _laid(lines, width)
        return Form(self.year, self.unit, grid, expected, self.headings)

    def heading(self, what: str) -> str:
        """A spelling, dressed up as typists do: letters of a formula, the unit, a blank or a line break in it."""
        text = self.headings[what] = self.dice.choice(self.words[what]).replace("{y}", str(self.year))
        kind = _KINDS.get(what, "")
        if kind and self.dice.random() < 0.3:
            text += self.dice.choice(_NOTES[kind])
        elif what in _MONEY and self.dice.random() < 0.1:
            text += f"（{self.unit}）"
        if self.dice.random() < 0.08 and len(text) > 3:
            text = text[:2] + self.dice.choice("／ 　") + text[2:]
        return text

    def fields(self, width: int) -> list[list[Item]]:
        """One at least: without any, nothing says of which project the form is."""
        chosen = [key for key in _FILLED if self.dice.random() < 0.8] or ["project_name"]
        return [[Item(self.heading(key)), Item(_FILLED[key], key, width - 1)] for key in chosen]

    def money(self) -> list[list[Item]]:
        columns = [key for key, share in zip(_MONEY, (0.8, 0.85, 1), strict=True) if self.dice.random() < share]
        if len(columns) == 1:
            columns.insert(0, "annual_budget")
        rate = ["execution_rate"] if self.dice.random() < 0.9 else []
        points = ["execution_weight", "execution_score"] if self.dice.random() < 0.7 else []
        between = bool(points) and self.dice.random() < 0.5
        columns += [points[0], *rate, points[1]] if between else [*rate, *points]
        heads = [self.heading(key) for key in columns]
        if self.dice.random() < 0.12:
            heads = [f"{number}{text}" for number, text in zip("①②③④⑤⑥⑦⑧", heads, strict=False)]
        amount = self.dice.uniform(5, 900)
        names = self.dice.sample(self.words["part"], self.dice.randint(0, 3))
        body = [[Item(self.heading("whole"), "", 2), *(self.figure(key, amount) for key in columns)]]
        for name in names:
            figures = (self.figure(key, amount / 3) for key in columns)
            parts = (item._replace(key=f"funding.{item.key}") if item.key in _MONEY else Item() for item in figures)
            body.append([Item(name, "funding.source", 2), *parts])
        if names and self.dice.random() < 0.1:
            body = [*body[1:], body[0]]
        side = Item(f"{self.dice.choice(self.words['side'])}（{self.unit}）", "", 1, 1 + len(body))
        if self.dice.random() < 0.25:  # a heading above all columns
            top = [side._replace(rows=side.rows + 1), Item("", "", 2, 2), Item("预算执行情况", "", len(columns))]
            return [top, [Item(text) for text in heads], *body]
        return [[side, Item("", "", 2), *map(Item, heads)], *body]

    def figure(self, key: str, amount: float) -> Item:
        shares = {"opening_budget": 0.9, "annual_budget": 1.0, "annual_spent": 0.93}
        if key in shares:
            return Item(f"{amount * shares[key] * (10000 if self.unit == '元' else 1):.2f}", key)
        return Item({"execution_weight": "10", "execution_rate": "93.00%", "execution_score": "9.3"}[key], key)

    def goals(self, width: int) -> list[list[Item]]:
        if self.dice.random() < 0.3:
            return []
        half, rest = (width - 1) // 2, width - 1 - (width - 1) // 2
        heads = [Item(self.heading("goal_expected"), "", half), Item(self.heading("goal_actual"), "", rest)]
        texts = [Item("完成改造任务。", "goal_expected", half), Item("改造任务已全部完成。", "goal_actual", rest)]
        return [[Item("年度总体目标", "", 1, 2), *heads], texts]

    def indicators(self) -> list[list[Item]]:
        has_levels, in_parts = self.dice.random() < 0.88, self.dice.random() < 0.5
        two_rows = in_parts and self.dice.random() < 0.5
        target = ["sign", "target", "unit"] if in_parts else ["target"]
        scored = self.dice.random() < 0.92
        weighted = scored and self.dice.random() < 0.85
        weight = ["weight"] if weighted else []
        values = [*weight, *target, "actual"] if self.dice.random() < 0.25 else [*target, "actual", *weight]
        values += ["score"] if scored else []
        values += ["deviation_note"] if self.dice.random() < 0.6 else []
        lead = ["level1", "level2"] if has_levels else []
        names = self.dice.sample(_NAMES, self.dice.randint(3, 7))
        head = self.header([*lead, "level3"], values, two_rows, len(names))
        body = [self.row(number, name, bool(lead), values, in_parts, len(names)) for number, name in enumerate(names)]
        before = 2 + len(lead) + values.index("weight" if weighted else "score") if scored else 0
        is_last = scored and values.index("score") - (values.index("weight") if weighted else 0) in (0, 1)
        if scored and is_last and self.dice.random() < 0.75:
            total = [Item(self.heading("total"), "", before)]
            total += [Item("100", "total_weight")] if weighted else []
            total += [Item("96.5", "total_score")]
            total += [Item()] * (len(values) - values.index("score") - 1)
            return [*head, *body, total]
        return [*head, *body]

    def header(self, names: Sequence[str], values: Sequence[str], two_rows: bool, count: int) -> list[list[Item]]:
        side = Item("绩效指标", "", 1, count + 1 + two_rows)
        tall = 2 if two_rows else 1
        if not two_rows:
            return [[side, *(Item(self.heading(key)) for key in (*names, *values))]]
        upper = [side, *(Item(self.heading(key), "", 1, tall) for key in names)]
        above = Item(self.dice.choice(("年度指标值", "绩效目标", "年度目标值", "指标值")), "", 3)
        upper += [above if key == "sign" else Item(self.heading(key), "", 1, 2) for key in values if key not in _LOWER]
        lower = [Item("指标值" if key == "target" else self.heading(key)) for key in values if key in ("sign", *_LOWER)]
        return [upper, lower]

    def row(
        self, number: int, name: str, levels: bool, values: Sequence[str], in_parts: bool, count: int
    ) -> list[Item]:
        row: list[Item] = []
        if levels and number in (0, 2):
            points = "（50分）" if self.dice.random() < 0.2 else ""
            row.append(Item(("产出指标", "", "效益指标")[number] + points, "", 1, 2 if number == 0 else count - 2))
        if levels:
            row.append(Item(self.dice.choice("数量指标 质量指标 时效指标 成本指标".split())))
        start = f"indicators[{number}]."
        row.append(Item(self.dice.choice(["", "", "", f"指标{number + 1}：", "★"]) + name, f"{start}level3"))
        is_word, figure = self.dice.random() < 0.2, self.dice.randint(2, 99)
        whole = self.dice.choice((f"≥{figure}次", f"{figure}", f"{figure}%", f"={figure}个"))
        texts = {
            "sign": "定性" if is_word else self.dice.choice("≥≤＝≧"),
            "target": "及时" if is_word else str(figure) if in_parts else whole,
            "unit": "" if is_word else self.dice.choice("次%个"),
            "actual": "及时" if is_word else str(figure),
            "weight": "10",
            "score": self.dice.choice(("10", "9.5")),
            "deviation_note": self.dice.choice(("", "", "进度稍慢，已加快")),
        }
        return [*row, *(Item(texts[key], f"{start}{key}" if texts[key] else "") for key in values)]


_LOWER = ("target", "unit")  # below the heading that stands above sign, value and unit


def _stretched(lines: list[list[Item]], width: int, *, at_end: bool) -> list[list[Item]]:
    """The lines of a block as wide as the form: the last column is wider, or that of the labels.

    The second line of a header has neither: they reach down into it.
    """
    spare = width - sum(item.cols for item in lines[0])
    has_two = any(item.rows == 2 and item.cols for item in lines[0][1:])
    found = []
    for number, line in enumerate(lines):
        place = len(line) - 1 if at_end else int(number == 0)
        wide = [item._replace(cols=item.cols + spare) if at == place else item for at, item in enumerate(line)]
        found.append(line if has_two and number == 1 else wide)
    return found


def _laid(
    lines: Sequence[Sequence[Item]], width: int
) -> tuple[list[list[str]], dict[tuple[int, int], tuple[str, str]]]:
    grid = [["" for _ in range(width)] for _ in lines]
    taken: set[tuple[int, int]] = set()
    expected: dict[tuple[int, int], tuple[str, str]] = {}
    for row, line in enumerate(lines):
        col = 0
        for item in line:
            while (row, col) in taken:
                col += 1
            for down in range(item.rows):
                for right in range(item.cols):
                    taken.add((row + down, col + right))
                    grid[row + down][col + right] = "<" if right else "^"
            grid[row][col] = item.text
            if item.key and item.text:
                expected[row + 1, col + 1] = item.text, item.key
            col += item.cols
    return grid, expected
