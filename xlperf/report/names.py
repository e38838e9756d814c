"""Names of persons in a plain text (see `report.plain`): those that follow a title, and where a name stands again."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import NamedTuple

from xlperf.report.plain import HAN, Span
from xlperf.report.sections import words

_RUN = re.compile(f"{HAN}+")
_DOTTED = re.compile(f"{HAN}{{1,10}}(?:[ ]?·[ ]?{HAN}{{1,12}}){{1,4}}")
_LATIN = re.compile(f"[A-Z][a-z]{{1,20}}(?:[ -][A-Z][a-z]{{1,20}}){{0,3}}(?![A-Za-z0-9_:]|{HAN})")
_SPACED = re.compile(f"(?:[ ]{{1,4}}{HAN}{{1,2}}(?!{HAN})){{1,3}}")
_SEPARATOR = re.compile("[ \n]{0,6}(?::|为|是|,|-{1,2}|_+)?[ \n_]{0,6}")
_BRACKETS = re.compile(r"[ ]{0,2}\(([^()\n]{1,12})\)")
_NEXT = re.compile("[ ]{0,4}(?:[、,/;&|与和及]|[ ]|\n)[ \n]{0,4}")
_CONTACT = re.compile(
    "[ ,;(:]{0,4}(?:(?:联系|办公|固定|移动)?(?:电话|手机|座机|方式)|邮箱|微信|[Tt][Ee][Ll]|[+]?[0-9][0-9-]{6})"
)
_LABEL = re.compile(r"[ ]{0,2}(?:\([^()\n]{1,6}\))?[ ]{0,2}:")
_LONGEST_RUN = 40


class _Lexicon(NamedTuple):
    """What words.toml says of names, ready for use."""

    titles: re.Pattern[str]  # groups: a title where a form has room for a person, or one that begins sentences as well
    title_words: tuple[str, ...]
    cuts: re.Pattern[str]  # what ends a name that is written on without a blank
    before: re.Pattern[str]  # a name before （联系人） or 同志
    honorifics: tuple[str, ...]
    signed: tuple[str, ...]
    offices: tuple[str, ...]
    no_names: tuple[str, ...]
    doubles: tuple[str, ...]
    surnames: frozenset[str]


@cache
def _lexicon() -> _Lexicon:
    spec = words()["redact"]
    titles = sorted((*spec["titles"], *spec["ranks"]), key=len, reverse=True)
    own = "|".join(map(_spread, sorted(spec["titles"], key=len, reverse=True)))
    ranks = "|".join(map(_spread, sorted(spec["ranks"], key=len, reverse=True)))
    ends = sorted(
        {
            *titles,
            *spec["phone_titles"],
            *spec["honorifics"],
            *spec["number_titles"],
            "联系",
            "职务",
            "地址",
            "邮编",
            "部门",
        }
    )
    return _Lexicon(
        re.compile(f"({own})|(?<!副)({ranks})|副({ranks})"),
        tuple(titles),
        re.compile("|".join(map(re.escape, sorted(ends, key=len, reverse=True)))),
        re.compile(
            rf"(?<!{HAN})({HAN}{{2,4}})"
            rf"(?:[ ]?\([^()\n]{{0,6}}(?:{'|'.join(titles)})\)|(?={'|'.join(spec['honorifics'])}))"
        ),
        tuple(spec["honorifics"]),
        tuple(spec["signed"]),
        tuple(spec["offices"]),
        tuple(spec["no_names"].split()),
        tuple(spec["double_surnames"].split()),
        frozenset(spec["surnames"]),
    )


def _spread(title: str) -> str:
    """填 表 人 is printed so as well."""
    return "[ ]{0,2}".join(title)


class _Found(NamedTuple):
    name: str  # without blanks
    end: int
    cut: str = ""  # the word that ended it


def names_after_titles(text: str) -> set[str]:
    """The names that follow a title, each of a list of them; those before （联系人）; those before 同志."""
    found: set[str] = set()
    for match in _lexicon().titles.finditer(text):
        found |= set(_after(text, match.end(), bool(match[1])))
    found |= set(_before_titles(text))
    return found


def is_title(text: str) -> bool:
    """Is this a title and nothing else, 项目负责人（签字）： included?"""
    bare = re.sub(r"[ \n:_]|\([^()]*\)", "", text)
    words_of = _lexicon()
    for word in words_of.signed:
        bare = bare.removesuffix(word) or bare
    return 2 <= len(bare) <= 12 and bare.endswith(words_of.title_words) and _RUN.fullmatch(bare) is not None


def _after(text: str, at: int, personal: bool) -> Iterator[str]:
    at, marked, inside = _signed(text, at)
    yield from inside
    separator = _SEPARATOR.match(text, at)
    assert separator
    sign = separator[0].strip(" \n_")
    start = separator.end()
    strict = sign != ":" or not personal
    first = _name_at(text, start, strict=strict)
    if first is None or (_LABEL.match(text, first.end) and not first.cut):
        return
    if (
        not separator[0]
        and not marked
        and first.cut not in _lexicon().honorifics
        and not _CONTACT.match(text, first.end)
    ):
        return  # 局长高度重视: what follows at once begins a sentence more often than it is a name
    yield from _parts(first.name, strict=strict)
    if first.cut:
        return
    end = first.end
    while (joint := _NEXT.match(text, end)) and (found := _name_at(text, joint.end(), strict=True)):
        if _LABEL.match(text, found.end):
            return
        yield from _parts(found.name, strict=True)
        if found.cut:
            return
        end = found.end


def _signed(text: str, at: int) -> tuple[int, bool, list[str]]:
    """Behind 签字 or a bracket after a title; whether it was there; the names in the bracket."""
    marked = False
    inside: list[str] = []
    for word in _lexicon().signed:
        if text.startswith(word, at):
            at, marked = at + len(word), True
            break
    while bracket := _BRACKETS.match(text, at):
        found = _name_at(bracket[1], 0, strict=True)
        if found and found.end == len(bracket[1]):
            inside += _parts(found.name, strict=True)
        at, marked = bracket.end(), True
    return at, marked, inside


def _before_titles(text: str) -> Iterator[str]:
    for match in _lexicon().before.finditer(text):
        if _is_name(match[1], strict=True):
            yield match[1]


def _name_at(text: str, at: int, *, strict: bool) -> _Found | None:
    """The name, or names joined by 和, that begin here; strict: a surname must begin it."""
    if match := _DOTTED.match(text, at):
        name = re.sub("[ ]", "", match[0])
        cut = _lexicon().cuts.search(name, name.rindex("·") + 2)
        name = name[: cut.start()] if cut else name
        return None if _begins_otherwise(name) else _Found(name, match.end(), cut[0] if cut else "")
    if not strict and (match := _LATIN.match(text, at)):
        return _Found(match[0], match.end())
    run = _RUN.match(text, at, at + _LONGEST_RUN)
    if run is None:
        return None
    name, end, cut = run[0], run.end(), None
    words_of = _lexicon()
    if name in words_of.surnames or name in words_of.doubles:
        more = _SPACED.match(text, end)
        parts = re.findall(f"{HAN}+", more[0]) if more else []
        joined = name
        for part in parts:
            longest = 4 if name in words_of.doubles else 3
            if len(joined) + len(part) > longest or (len(part) > 1 and joined != name):
                break
            joined += part
            end = text.index(part, end) + len(part)
        name = joined
    else:
        cut = words_of.cuts.search(name, 2)
        if cut:
            name, end = name[: cut.start()], run.start() + cut.start()
    return _Found(name, end, cut[0] if cut else "") if any(True for _ in _parts(name, strict=strict)) else None


def _parts(name: str, *, strict: bool) -> Iterator[str]:
    """张三和李四 are two."""
    if "·" in name or name.isascii() or _is_name(name, strict=strict):
        yield name
        return
    for joint in re.finditer("[和与及]", name):
        one, other = name[: joint.start()], name[joint.end() :]
        if _is_name(one, strict=True) and _is_name(other, strict=True):
            yield from (one, other)
            return


def _is_name(name: str, *, strict: bool) -> bool:
    words_of = _lexicon()
    if not 2 <= len(name) <= 5 or "×" in name or _begins_otherwise(name) or name.endswith(words_of.offices):
        return False
    if any(title in name for title in words_of.title_words):
        return False
    if name.startswith(words_of.doubles):
        return 3 <= len(name) <= 5
    if name[0] in words_of.surnames:
        return len(name) <= 3 or (len(name) == 4 and (not strict or name[1] in words_of.surnames))
    return not strict and len(name) <= 4 and not any(word in name for word in words_of.no_names if len(word) > 1)


def _begins_otherwise(name: str) -> bool:
    return name.startswith(_lexicon().no_names)


def whole_names(text: str) -> set[str]:
    """The names in the cell beside or under a title, which holds names and nothing else; else none."""
    found: set[str] = set()
    for each in re.split("[、,;/|&\n]| {2,}", text.strip()):
        name = _name_at(each.strip(), 0, strict=False)
        rest = each.strip()[name.end :] if name else each
        if name is None or (rest and not name.cut and not re.fullmatch(r"[ ]?\([^()]*\)|[ ]?[0-9+-]{6,20}", rest)):
            return set()
        found |= set(_parts(name.name, strict=False))
    return found


def surname_of(name: str) -> str:
    return name[:2] if name.startswith(_lexicon().doubles) and len(name) > 2 else name[:1]


class Names:
    """Names to be found again, wherever they stand, with blanks between their characters too."""

    def __init__(self, names: Collection[str]) -> None:
        self._by_first: dict[str, list[re.Pattern[str]]] = {}
        for name in sorted(names, key=len, reverse=True):
            self._by_first.setdefault(name[0], []).append(_again(name))
        first = "".join(map(re.escape, self._by_first))
        self._firsts = re.compile(f"[{first}]") if first else None

    def spans(self, text: str) -> Iterator[Span]:
        """Where they stand, the surname left out."""
        at = 0
        while self._firsts and (first := self._firsts.search(text, at)):
            at = first.start() + 1
            for pattern in self._by_first[first[0]]:
                if match := pattern.match(text, first.start()):
                    yield match.span(1)
                    at = match.end()
                    break


def _again(name: str) -> re.Pattern[str]:
    surname = surname_of(name)
    gap = "[ ·]{0,2}"
    first, rest = (gap.join(map(re.escape, part)) for part in (surname, re.sub("[ ·]", "", name[len(surname) :])))
    before, after = ("(?<![A-Za-z])", "(?![A-Za-z])") if name.isascii() else ("", "")
    return re.compile(f"{before}{first}({gap}{rest}){after}")
