"""Names of projects as they are typed in two places: which are the same, and which may be meant for the same."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from xlperf.text import expression

_NUMBERING = expression(
    r"^(?:其中[：:]?|[（(][0-9０-９一二三四五六七八九十]{1,3}[）)]|第?[0-9０-９一二三四五六七八九十]{1,3}(?:[、，,）)]|[.．](?![0-9０-９]))|[①-⑳])*"
)
_YEAR = expression(r"(?<![0-9])(20[0-9]{2})(?![0-9])年?度?")
# Behind the name proper: 网络安全专项资金 and 网络安全项目 may be one.
_KIND = expression(r"(?:项目|专项|经费|资金|支出|补助|工作|业务|费|类)+$")
_ORDER = frozenset("0123456789一二三四五六七八九十东西南北中上下甲乙丙丁")  # 一期 and 二期 are two projects
_SHORTEST = 4  # characters that a name has to have in common with a longer one
_ALIKE = 0.75  # of the characters of both, at least


@lru_cache(maxsize=4096)
def project_key(name: str, year: int | None) -> str:
    """What two spellings of one project's name have in common: letters and digits, no numbering, not this year."""
    unnumbered = _NUMBERING.sub("", "".join(name.split()), count=1) or name
    folded = "".join(sign for sign in unicodedata.normalize("NFKC", unnumbered) if sign.isalnum()).casefold()
    without = _YEAR.sub(lambda found: "" if int(found[1]) == year else found[0], folded)
    return without or folded


@lru_cache(maxsize=1 << 16)
def may_be_one(one: str, other: str) -> bool:
    """Are two keys so near that a person should look whether they are one project? They are not taken for one."""
    from difflib import SequenceMatcher  # only where names differ: start-up is felt

    short, long = sorted((_KIND.sub("", each) or each for each in (one, other)), key=len)
    if short == long:
        return True
    changes = [each for each in SequenceMatcher(None, short, long, autojunk=False).get_opcodes() if each[0] != "equal"]
    if any(_ORDER.intersection(short[a:b] + long[c:d]) for _, a, b, c, d in changes):
        return False
    common = len(short) - sum(b - a for _, a, b, _, _ in changes)
    if len(short) >= _SHORTEST and common == len(short):
        return True
    return common >= _SHORTEST - 1 and 2 * common >= _ALIKE * (len(short) + len(long))
