"""A whole report with random figures, wordings and outline, as lines, as text and as a Word file.

Its figures are counted as they are drawn. What it is made of is data: whole.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import docx

from xlperf.text import FULL_WIDTH

_SLOT = re.compile(r"<([a-zA-Z_]+(?:[+-]1)?)(?:\.([a-z]+))?>")
_MONEY = (
    "income_general_budget income_service income_superior_subsidy income_government_fund personnel public"
    " project_spending"
).split()
_INCOME = _MONEY[:4]
_COLUMNS = ("prior", "opening", "current")
_UP, _DOWN = ("增长", "上升", "增加"), ("下降", "减少", "降低")
_DIGITS = "一二三四五六七八九十"
# How chapters, sections and what is below are numbered; "" is not at all, W by the word processor.
STYLES = {
    "official": ("{c}、", "（{c}）", "{n}."),
    "parts": ("第{c}部分　", "{c}、", "（{c}）"),
    "digits": ("{n}. ", "（{n}）", ""),
    "decimals": ("{n}、", "{up}.{n} ", ""),
    "dotted": ("{c}．", "（{c}）", "{n}、"),
    "half width": ("{c}、", "({c})", "({n})"),
    "chapters": ("第{c}章 ", "{c}、", "{n}."),
    "not numbered": ("", "", ""),
    "by the word processor": ("W", "W", "W"),
}


class Said(NamedTuple):
    """A figure that the report states of a cell: its key and value in 万元 or as a fraction, as written, its line."""

    key: str
    value: Decimal | str
    written: str
    line: str


class Line(NamedTuple):
    """A paragraph, and the cell that its text belongs to; "" of what has none, None where that is not certain."""

    text: str
    key: str | None = None
    numbered: bool = False  # by the word processor
    is_heading: bool = False


@dataclass
class Written:
    """A report: its lines, what they state, and how many figures are in them."""

    name: str
    lines: list[Line] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    others: list[Said] = field(default_factory=list)  # figures that no cell has
    figures: int = 0
    has_table: bool = False


@cache
def data() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("whole.toml").read_text("utf-8"))


class Writer:
    """Writes one report; everything about it is drawn when it begins."""

    def __init__(self, number: int, seed: int) -> None:
        self.chance = Random(f"{seed} {number}")
        self.year = self.chance.randrange(2018, 2026)
        self.unit = self._one(data()["choice"]["units"])
        self.own = self._one(data()["choice"]["own"])
        self.facts = _facts(self.chance)
        self.staff = {"quota": self.chance.randrange(8, 200)}
        self.staff["actual"] = self.staff["quota"] + self.chance.randrange(-7, 3)
        self.score = Decimal(self.chance.randrange(6000, 10001)).scaleb(-2).quantize(Decimal(self._one(["1", "0.1"])))
        self.grade = self._one(["优", "良", "优秀", "良好", "中"])
        self.unit_of_money = self._one(["万元"] * 5 + ["元"])
        self.grouped, self.spaced, self.wide = (self.chance.random() < share for share in (0.15, 0.1, 0.05))
        self.style = self._one(list(STYLES))
        self.outline = self._one(data()["outlines"])
        self.has_sections = self.chance.random() < 0.75
        self.has_small = self.chance.random() < 0.4
        self.counts = [0, 0, 0]
        self.written = Written(f"{number} {self.outline['name']}, {self.style}")

    def _one(self, choices: Sequence[Any]) -> Any:
        return self.chance.choice(choices)

    def report(self) -> Written:
        title = self._fill(self._one(self.outline["title"]))
        self.written.lines += [Line(line, is_heading=True) for line in title.split("\n")]
        chapters = [each for each in self.outline["chapters"] if not each.get("odd") or self.chance.random() < 0.5]
        for other in self.chance.sample(data()["between"], self.chance.randrange(0, 3)):
            chapters.insert(self.chance.randrange(1, len(chapters) + 1), other)
        if self.outline.get("contents"):
            self._contents(chapters)
        moved = self._moved(chapters)
        if "preface" in moved.values() or self.chance.random() < 0.4:
            self._passage("preface", None)
            self._moved_to("preface", moved, None)
        for chapter in chapters:
            self._chapter(chapter, moved)
        return self.written

    def _moved(self, chapters: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        """Passages that stand in another's section, by name."""
        there = {
            name for each in chapters for part in (each, *each.get("sections", ())) for name in part.get("about", ())
        }
        found = {}
        for name, places in data()["moves"].items():
            places = [place for place in places if place in there or place == "preface"]
            if places and self.chance.random() < 0.2:
                found[name] = self._one(places)
        return found

    def _contents(self, chapters: Sequence[Mapping[str, Any]]) -> None:
        self.written.lines.append(Line("目录", is_heading=True))
        for number, chapter in enumerate(chapters, 1):
            said = self._fill(chapter["said"][0])
            self.written.lines.append(Line(f"第{_DIGITS[number - 1]}部分　{said}……{number}", is_heading=True))

    def _chapter(self, chapter: Mapping[str, Any], moved: Mapping[str, str]) -> None:
        is_known = "key" in chapter or "sections" in chapter
        self._heading(0, self._one(chapter["said"]))
        sections = chapter.get("sections", ())
        flat = sections and not self.has_sections
        for section in sections:
            key = chapter.get("key") if flat else section["key"]
            if not flat:
                self._heading(1, self._one(section["said"]))
            self._passages(section["about"], key, moved, two=not flat)
        if chapter.get("table"):
            self.written.has_table = True
            self.written.lines += [
                Line("收入支出决算总表", is_heading=True),
                Line("公开表　单位：万元", is_heading=True),
            ]
        untold = "" if self._is_told() else None
        self._passages(chapter.get("about", ()), chapter.get("key", untold if not is_known else None), moved)

    def _is_told(self) -> bool:
        """Can a heading in unknown words be told from text?"""
        return self.style not in ("not numbered", "by the word processor")

    def _passages(self, about: Sequence[str], key: str | None, moved: Mapping[str, str], *, two: bool = False) -> None:
        for name in about:
            if name not in moved:
                self._passage(name, key, small=two and len(about) > 1)
            self._moved_to(name, moved, key)

    def _moved_to(self, place: str, moved: Mapping[str, str], key: str | None) -> None:
        for name, to in moved.items():
            if to == place:
                self._passage(name, key)

    def _heading(self, depth: int, said: str) -> None:
        self.counts[depth] += 1
        self.counts[depth + 1 :] = [0] * (2 - depth)
        sign = STYLES[self.style][depth]
        number = self.counts[depth]
        is_automatic = sign == "W"
        sign = "" if is_automatic else sign.format(c=_in_words(number), n=number, up=self.counts[max(depth - 1, 0)])
        self.written.lines.append(Line(f"{sign}{self._fill(said)}", None, is_automatic, is_heading=True))

    def _passage(self, name: str, key: str | None, *, small: bool = False) -> None:
        spec = data()["passages"][name]
        if small and self.has_small and "below" in spec:
            self._heading(2, spec["below"])
        for line in self._one(spec["text"]).split("\n"):
            starts = [(each, len(each)) for each in (self.written.said, self.written.others)]
            text = self._fill(line)
            for figures, start in starts:
                figures[start:] = [each._replace(line=text) for each in figures[start:]]
            self.written.lines.append(Line(text, key))

    # What stands in a sentence

    def _fill(self, text: str) -> str:
        return _SLOT.sub(lambda slot: self._slot(slot[1], slot[2] or ""), text)

    def _slot(self, name: str, part: str) -> str:
        years = {"Y": self.year, "Y-1": self.year - 1, "Y+1": self.year + 1}
        if name in years:
            return str(years[name])
        if name in ("unit", "own"):
            return str(getattr(self, name))
        if name == "tel":
            return f"0739-{self.chance.randrange(1000000, 9999999)}"
        if name in ("m", "doc"):
            return str(self.chance.randrange(1, 12))
        if name in data()["choice"]:
            return self._fill(self._one(data()["choice"][name]))
        return self._figure(name, part)

    def _figure(self, name: str, part: str) -> str:
        if part in ("dir", "grow", "span", "reason"):
            return self._word(name, part)
        if name == "grade":
            self.written.said.append(Said("report_grade", self.grade, self.grade, ""))
            return str(self.grade)
        self.written.figures += 1
        if name in ("n", "x", "p"):
            drawn = self.chance.randrange(1, {"n": 40, "x": 10**7, "p": 10000}[name])
            amount = Decimal(drawn).scaleb(-2)
            written = str(drawn) if name == "n" else f"{amount}%" if name == "p" else self._amount(amount)
            self.written.others.append(Said("", amount, written, ""))
            return written
        if name in self.staff:
            return self._said(f"staff_{name}", Decimal(self.staff[name]), str(self.staff[name]))
        if name == "score":
            return self._said("report_score", self.score, str(self.score))
        key = name if not part else f"{name}_{'growth_rate' if part == 'rate' else part}"
        value = self.facts[key]
        if part == "rate":
            return self._said(key, value, f"{abs(value).scaleb(2):f}%")
        return self._said(key, value, self._amount(abs(value)))

    def _said(self, key: str, value: Decimal, text: str) -> str:
        written = text.translate(FULL_WIDTH) if self.wide else text
        self.written.said.append(Said(key, value, written, ""))
        return written

    def _word(self, name: str, part: str) -> str:
        is_up = self.facts[f"{name}_change"] > 0
        if part == "reason":
            reason = str(self._one(data()["choice"]["why"]))
            self.written.said.append(Said(f"{name}_reason", reason, reason, ""))
            return reason
        if part == "span":
            return "增幅" if is_up else "降幅"
        if part == "dir":
            return "增加" if is_up else "减少"
        return str(self._one(_UP if is_up else _DOWN))

    def _amount(self, value: Decimal) -> str:
        """In 万元, as this report writes amounts."""
        value = value.scaleb(4).quantize(Decimal(1)) if self.unit_of_money == "元" else value
        digits = f"{value:,f}" if self.grouped else f"{value:f}"
        return f"{digits}{' ' * self.spaced}{self.unit_of_money}"


def _in_words(number: int) -> str:
    return _DIGITS[number - 1] if number <= 10 else f"十{_DIGITS[number - 11]}"


def _facts(chance: Random) -> dict[str, Decimal]:
    """A year's 收支情况 in which everything adds up, and nothing stays as it was."""
    found: dict[str, Decimal] = {}
    for column in _COLUMNS:
        for stem in _MONEY:
            found[f"{stem}_{column}"] = Decimal(chance.randrange(500, 300000)).scaleb(-2)
        found[f"income_total_{column}"] = sum((found[f"{stem}_{column}"] for stem in _INCOME), Decimal(0))
        found[f"basic_{column}"] = found[f"personnel_{column}"] + found[f"public_{column}"]
        found[f"expenditure_total_{column}"] = found[f"basic_{column}"] + found[f"project_spending_{column}"]
    found["carryover_opening"] = Decimal(chance.randrange(10**6, 2 * 10**6)).scaleb(-2)
    found["carryover_closing"] = (
        found["carryover_opening"] + found["income_total_current"] - found["expenditure_total_current"]
    )
    for stem in (*_MONEY, "income_total", "basic", "expenditure_total"):
        change = found[f"{stem}_current"] - found[f"{stem}_prior"]
        found[f"{stem}_change"] = change
        found[f"{stem}_growth_rate"] = (change / found[f"{stem}_prior"]).quantize(Decimal("0.0001"))
    return found


def as_text(report: Written, path: Path) -> Path:
    lines = [each.text for each in report.lines]
    if report.has_table:
        at = next(number for number, line in enumerate(lines) if line.startswith("公开表")) + 1
        lines[at:at] = ["\t项目", "\t行次", "\t决算数", "", "\t一、外交支出", "\t12", "\t77.5", ""]
    path.write_text("\n".join(lines), "utf-8")
    return path


def as_word(report: Written, path: Path) -> Path:
    document = docx.Document()
    for line in report.lines:
        document.add_paragraph(line.text, "List Number" if line.numbered else None)
        if line.text.startswith("公开表"):
            table = document.add_table(2, 3)
            for cell, text in zip(table._cells, ("项目", "行次", "决算数", "一、外交支出", "12", "77.5"), strict=True):
                cell.text = text
    document.save(str(path))
    return path
