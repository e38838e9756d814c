"""Which kind of indicator a row is by the names of its levels, and what the words of each kind say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from xlperf.prose.indicator_names import bare_name
from xlperf.prose.indicator_words import has_number
from xlperf.text import expression, half_width

_NARROW = half_width("/.-")
_NUMBER_IN_NAME = expression(r"\d(?!\d{0,3}年)")
_CHINESE = "一二两三四五六七八九十百千半"
# 12月, 30日内, 两周, 15个工作日, 2023.12, 12.31前, 20231231, 2次/年; 3分 are points.
_TIME = expression(
    rf"[\d{_CHINESE}](?:个|个?工作)?(?:年|月|日|天|周|星期|季度|小时|分钟)|(?:19|20)\d\d(?!\d)|20\d\d[01]\d|\d[./-]\d{{1,2}}[./-]?\d{{0,2}}前"
    r"|/(?:年|月|日|天|周|季度?)"
)
_BRACKETED_UNIT = expression(r"[（(](?:年|月|日|天|周|小时|分钟|工作日)[）)]")


class IndicatorKinds(NamedTuple):
    """The section `[indicator_kinds]` of a template; a form without it knows none of them."""

    levels: Mapping[str, tuple[str, ...]] = MappingProxyType({})  # first levels, each with the words that tell it
    kinds: Mapping[str, tuple[str, ...]] = MappingProxyType({})  # second levels, in the order in which they are tried
    beside: tuple[str, ...] = ()  # a first level that is none: execution stands in the table too
    none: tuple[str, ...] = ()  # in place of a target: there is no such indicator
    completion: tuple[str, ...] = ()  # ends of names: how much was done, not how well
    counted: tuple[str, ...] = ()  # units of how often, how many
    how_well: tuple[str, ...] = ()  # names that speak of quality whatever their ends or units are
    times: tuple[str, ...] = ()  # words that say when, beside dates
    on_time: tuple[str, ...] = ()  # names of what share was in time
    planned: tuple[str, ...] = ()  # in the time that some plan tells
    counters: tuple[str, ...] = ()  # behind a number in words: 两场
    hollow: tuple[str, ...] = ()  # ends of names of benefits that no percentage measures
    measured: tuple[str, ...] = ()  # names that a percentage measures all the same
    core: tuple[str, ...] = ()  # how 是否核心指标 begins where it is one
    hollow_least: str = ""  # from this percentage on it is no growth

    def level(self, name: str) -> str:
        """The first level that a name means, without its points; "" for one that is of another tree, or blank."""
        return next((level for level, words in self.levels.items() if any(word in name for word in words)), "")

    def kinds_of(self, name: str) -> tuple[str, ...]:
        """The kinds that the name of a second level tells; several where it names several: 经济、社会效益指标."""
        return _kinds_of(tuple(self.kinds.items()), "".join(name.split()))

    def is_beside(self, name: str) -> bool:
        return any(word in name for word in self.beside)

    def is_none(self, target: str) -> bool:
        return "".join(target.split()) in self.none

    def is_only(self, kind: str, name: str) -> bool:
        return self.kinds_of(name) == (kind,)

    def tells_completion(self, name: str) -> bool:
        """完成率 of a quality: how much was done, where the name says nothing of how well."""
        return bare_name(name).endswith(self.completion or ("\0",)) and not self.tells_how_well(name)

    def tells_how_well(self, name: str) -> bool:
        return any(word in name for word in self.how_well)

    def tells_time(self, name: str, target: str) -> bool:
        """A date, a span or a frequency in the name or the target, or a share of what was done in time."""
        texts = [text.translate(_NARROW) for text in (name, target)]
        if any(_TIME.search(text) or any(word in text for word in self.times) for text in texts):
            return True
        measures = has_number(target)
        return measures and (any(word in name for word in self.on_time) or bool(_BRACKETED_UNIT.search(name)))

    def leaves_it_to_a_plan(self, *texts: str) -> bool:
        """在计划时间内完成: the time stands elsewhere."""
        return any(word in text for text in texts for word in self.planned)

    def tells_number(self, name: str, target: str) -> bool:
        """In the target, in digits or words, or in the name: 培训不少于5场."""
        if has_number(target) or _NUMBER_IN_NAME.search(bare_name(name)):
            return True
        return any(
            figure + counter in text for text in (name, target) for figure in _CHINESE for counter in self.counters
        )

    def is_hollow(self, name: str) -> bool:
        """社会效益显著: a benefit that a high percentage does not measure."""
        return bare_name(name).endswith(self.hollow or ("\0",)) and not any(word in name for word in self.measured)


def parse_indicator_kinds(spec: Mapping[str, Any]) -> IndicatorKinds:
    found: dict[str, Any] = {}
    for name in IndicatorKinds._fields:
        value = spec.get(name, ())
        if isinstance(value, Mapping):
            found[name] = MappingProxyType({key: tuple(words) for key, words in value.items()})
        elif value:
            found[name] = value if isinstance(value, str) else tuple(value)
    return IndicatorKinds(**found)


@lru_cache(maxsize=1024)
def _kinds_of(kinds: Iterable[tuple[str, tuple[str, ...]]], name: str) -> tuple[str, ...]:
    """A word that is understood is taken out, so that 社会公众满意度 is no social benefit."""
    found = []
    for kind, words in kinds:
        for word in words:
            if word in name:
                found.append(kind)
                name = name.replace(word, "|")
    return tuple(dict.fromkeys(found))
