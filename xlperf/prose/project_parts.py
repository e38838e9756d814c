"""What a number of projects is made of by the text itself: 其中基本支出类5个、发展类6个; or a list of names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from xlperf.text import expression

LISTS = ("divided", "listed", "kinds", "overlapping", "others")
_NUMBER = r"[0-9]{1,3}|[一二三四五六七八九十]{1,3}"
_PART = expression(rf"(?P<kind>[^0-9]{{1,16}}?)(?:项目)?(?:共有?|有|为)?(?P<number>{_NUMBER})个(?:项目)?")
_BETWEEN = expression(r"[，,、；;]|和(?=[^，,、；;。]{1,16}(?:[0-9]|[一二三四五六七八九十])个)")
_AMOUNT = expression(r"[，,]?(?:共计?|计|资金|合计|金额)?[0-9][0-9.]{0,14}[万亿]?元|[（(][^（）()]{0,40}[）)]")
_WITH_AMOUNTS = expression(r"[^0-9，、；：:]{2,30}[0-9](?:[0-9,.]{0,14}[0-9])?[万亿]?元")
_ITEM_ENDS = expression("[，、；]")
_IN_ALL = expression("合计|共计|总计|共|计")
_SIGNS = expression("[，,；;：:]")
_LONGEST = 400
_LONGEST_NAME = 30


class Parts(NamedTuple):
    """The numbers that a text gives of the kinds of projects, and the words that say so."""

    numbers: tuple[int, ...]
    quote: str


class ProjectParts(NamedTuple):
    """The section `[project_parts]` of a template."""

    divided: tuple[str, ...] = ()  # what follows divides all projects among its parts
    listed: tuple[str, ...] = ()  # what follows names all of them
    kinds: tuple[str, ...] = ()  # a part whose name ends so is a kind of projects, and its kinds are all of them
    overlapping: tuple[str, ...] = ()  # a part whose name has one of these may be within another, or not all are told
    others: tuple[str, ...] = ()  # the text goes on with parts that it does not count, or does not name

    def kinds_in(self, rest: str) -> Parts | None:
        """The parts of a number of projects by the words behind it; None where they need not be all or may overlap."""
        told = _AMOUNT.sub("", rest.partition("。")[0].partition("\n")[0][:_LONGEST])
        head = next((word for word in (*self.divided, "其中", "包括", "") if _begins(told, word)), "")
        behind = told.lstrip("，,、：:；;（(").removeprefix(head).lstrip("：:，,")
        found: list[tuple[str, int]] = []
        quoted: list[str] = []
        for piece in _BETWEEN.split(behind):
            part = _PART.fullmatch(piece.strip("）) "))
            if part is None:
                break
            found.append((part["kind"], number(part["number"])))
            quoted.append(piece)
        is_divided = head in self.divided or all(kind.endswith(self.kinds) for kind, _ in found)
        is_partial = any(word in told for word in self.others)
        overlaps = any(word in kind for kind, _ in found for word in self.overlapping)
        if len(found) < 2 or len(dict(found)) < len(found) or not is_divided or is_partial or overlaps:
            return None
        return Parts(tuple(count for _, count in found), f"{head}{'、'.join(quoted)}")

    def names_in(self, rest: str) -> tuple[int, int] | None:
        """The least and most names that a list behind a number of projects has: 和 may stand within a name.

        None where the words behind are no such list, or may not name all of them.
        """
        listed = rest.partition("。")[0].partition("\n")[0][:_LONGEST]
        told = _AMOUNT.sub("", listed)
        head = next((word for word in self.listed if told.startswith(word)), "")
        items = [each for each in _ITEM_ENDS.split(listed.removeprefix(head).lstrip("：:")) if not _IN_ALL.match(each)]
        if head and len(items) > 1 and all(map(_WITH_AMOUNTS.fullmatch, items)) and not self._goes_on(told):
            return len(items), len(items) + sum(each.count(word) for each in items for word in "和及与")
        names = told.removeprefix(head).lstrip("：:").split("、")
        is_list = all(0 < len(name) <= _LONGEST_NAME and not _SIGNS.search(name) for name in names)
        if not head or len(names) < 2 or not is_list or self._goes_on(told):
            return None
        joined = sum(name.count(word) for name in names for word in "和及与")
        return len(names), len(names) + joined

    def _goes_on(self, told: str) -> bool:
        return any(word in told for word in self.others)


def parse_project_parts(spec: Mapping[str, Any]) -> ProjectParts:
    """A form without the section reads no parts."""
    return ProjectParts(**{name: tuple(spec.get(name, ())) for name in LISTS})


def number(text: str) -> int:
    """12, 五, 两, 十, 十二, 二十."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.replace("两", "二").rpartition("十")
    digits = {sign: value for value, sign in enumerate("一二三四五六七八九", 1)}
    return (digits.get(tens, 1) if ten else 0) * 10 + digits.get(ones, 0)


def _begins(told: str, word: str) -> bool:
    return told.lstrip("，,、：:；;（(").startswith(word)
