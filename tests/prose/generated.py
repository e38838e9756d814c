"""Sentences of all patterns with random items, amounts and words, and what each states; and traps that state nothing.

`python -m tests.prose.generated [--count 3000] [--traps 1500] [--seed 1]` reads them and tells what went wrong.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from xlperf.form.forms import load_template
from xlperf.intake.figures import read_figures
from xlperf.labels.reading import Section
from xlperf.prose import Statement, statements
from xlperf.prose.tidy import tidied

YEAR, NAME = 2023, "北塔区委网信办"
SECTION = "section_2_1"
_UP, _DOWN = ("增加", "增长", "上升", "提高"), ("减少", "下降", "降低")
_SLOT = re.compile("<([a-zA-Z_]+)([0-9]?)>")
_UNITS = (("万元", 0), ("万元", 0), ("万元", 0), ("万", 0), ("元", 4), ("亿元", -4))


class Case(NamedTuple):
    """A sentence, and what it states: item, column and base, value, and whether of a part of the money only."""

    pattern: str
    text: str
    says: tuple[tuple[str, str, Decimal, bool], ...]


class Outcome(NamedTuple):
    """What was read of a case: `wrong` is stated otherwise than the sentence does, `missed` is not read."""

    case: Case
    wrong: tuple[str, ...]
    missed: tuple[str, ...]


@cache
def data() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def cases(kind: str, count: int, seed: int) -> Iterator[Case]:
    """So many of a kind, pattern or trap, each pattern in turn."""
    chance = Random(f"{kind} {seed}")
    patterns = data()[kind]
    for number in range(count):
        yield drawn(patterns[number % len(patterns)], chance)


def drawn(pattern: Mapping[str, Any], chance: Random) -> Case:
    """One sentence of a pattern."""
    written: dict[str, str] = {}
    values: dict[str, Decimal] = {}
    items: dict[str, str] = {}

    def fill(slot: re.Match[str]) -> str:
        name, number = slot.groups()
        key = name + number
        if name in data()["choice"]:
            return str(chance.choice(data()["choice"][name]))
        if name == "d":
            values.setdefault(key, Decimal(chance.choice((1, -1))))
            return chance.choice(_UP if values[key] > 0 else _DOWN)
        if key not in written:
            written[key] = _drawn_slot(name, key, chance, values, items)
        return written[key]

    text = _SLOT.sub(fill, chance.choice(pattern["text"]))
    said = (each.split() for each in pattern.get("says", ()))
    used = {f"{name}{number}" for name, number in re.findall("([a-zA-Z]+)([0-9])", " ".join((*written, *values)))}
    return Case(pattern["name"], text, tuple(_said(each, values, items) for each in said if _is_used(each, used)))


def _drawn_slot(name: str, key: str, chance: Random, values: dict[str, Decimal], items: dict[str, str]) -> str:
    if name == "a":
        text, values[key] = _amount(chance)
    elif name == "r":
        rate = Decimal(chance.randrange(0, 20000)).scaleb(-2)
        text, values[key] = f"{rate}{chance.choice('%%％')}", rate.scaleb(-2)
    elif name == "n":
        text = str(chance.randrange(1, 12))
    else:
        words = data()["items"][name]
        text = chance.choice([word for word in words if words[word] not in items.values()])
        items[key] = words[text]
    return text


def _amount(chance: Random) -> tuple[str, Decimal]:
    """An amount as someone writes it, and what it is in 万元."""
    amount = Decimal(chance.randrange(0, 10 ** chance.randrange(2, 8))).scaleb(-2)
    unit, shift = chance.choice(_UNITS)
    shifted = amount.scaleb(shift)
    text = f"{shifted:,f}" if chance.random() < 0.2 else f"{shifted:f}"
    return text + chance.choice(("", "", "", " ")) + unit, amount


def _is_used(said: Sequence[str], used: set[str]) -> bool:
    needed = [part.lstrip("-") for part in said[1:] if re.fullmatch("-?[a-z][0-9]", part)]
    return all(part in used for part in needed)


def _said(
    said: Sequence[str], values: Mapping[str, Decimal], items: Mapping[str, str]
) -> tuple[str, str, Decimal, bool]:
    stem, _, column = said[0].partition(".")
    value = Decimal(1)
    for part in said[1:]:
        if part == "部分":
            continue
        sign, part = (-1, part[1:]) if part.startswith("-") else (1, part)
        if part == "持平":
            number = Decimal(0)
        elif part in values:
            number = values[part]
        else:
            number = Decimal(part.rstrip("%")).scaleb(-2 if part.endswith("%") else 0)
        value *= sign * number
    return items.get(stem, stem), column, value, "部分" in said


def read(text: str) -> list[Statement]:
    """As `intake.figures` reads it."""
    return list(statements(tidied(text).text, load_template("department_overall").prose, YEAR, (NAME,)))


def outcome(case: Case) -> Outcome:
    """What was read of a case against what it states, and against the cells that are filled from it."""
    left = list(case.says)
    wrong = []
    for said in read(case.text):
        match = next((each for each in left if _is(said, each)), None)
        if match is None:
            wrong.append(f"{said.stem}.{said.column}/{said.of} {said.value} {said.scope}")
        else:
            left.remove(match)
    wrong += _wrong_cells(case)
    return Outcome(case, tuple(wrong), tuple(f"{stem}.{column} {value}" for stem, column, value, _ in left))


def _is(said: Statement, expected: tuple[str, str, Decimal, bool]) -> bool:
    stem, column, value, of_a_part = expected
    column, _, of = column.partition("/")
    columns = ("", "current") if column == "?" else (column,)
    return (
        said.stem in stem.split("|")
        and said.column in columns
        and said.of == of.replace("?", "")
        and said.value == value
        and bool(said.scope) == of_a_part
    )


def _wrong_cells(case: Case) -> Iterator[str]:
    """The cells of 收支情况 that are filled though the sentence does not state them, or otherwise."""
    template = load_template("department_overall")
    found = read_figures([Section(SECTION, case.text, "报告")], template, YEAR, (NAME,))
    allowed = {(cell, value) for stem, column, value, _ in case.says for cell in _cells(stem, column)}
    for entry in found.entries:
        if entry.key.endswith("_reason") and case.says:
            continue
        text = entry.value
        value = Decimal(text.rstrip("%")).scaleb(-2) if text.endswith("%") else _number(text)
        if (entry.key, value) not in allowed:
            yield f"{entry.key} = {text}"


def _number(text: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(r"-?[0-9.]+", text) else None


def _cells(stem: str, column: str) -> tuple[str, ...]:
    if stem.startswith("carryover"):
        return (stem,)
    column = column.removesuffix("/prior").replace("?", "current")
    whole = load_template("department_overall").prose.scoped.get(stem, stem)
    return (f"{whole}_{column}", *((f"{whole}_change",) if column == "growth_rate" else ()))  # 持平


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--traps", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shown", type=int, default=2, help="failures shown of each pattern")
    given = parser.parse_args()
    for kind, count in (("pattern", given.count), ("trap", given.traps)):
        read_cases = [outcome(each) for each in cases(kind, count, given.seed)]
        failed = [each for each in read_cases if each.wrong or each.missed]
        shown: Counter[str] = Counter()
        for each in failed:
            shown[each.case.pattern] += 1
            if shown[each.case.pattern] <= given.shown:
                print(f"{each.case.pattern}：{each.case.text}\n    wrong {each.wrong} missed {each.missed}")
        print(", ".join(f"{name} {number}" for name, number in shown.most_common()))
        in_wrong_key = sum(bool(each.wrong) for each in read_cases)
        print(f"{kind}: {count - len(failed)} of {count} right, {in_wrong_key} with a wrong key or value")


if __name__ == "__main__":
    main()
