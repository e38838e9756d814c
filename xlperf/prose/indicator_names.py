"""Names of indicators as they are typed in the forms of several seasons."""

from __future__ import annotations

from functools import lru_cache

from xlperf.prose.project_names import project_key
from xlperf.text import expression

_BEFORE = expression(r"^(?:\s|[★☆▲●◆■*#※△·-]|指标\s?[0-9０-９]{1,2}\s?[:：、.．)）])+")
_POINTS = expression(r"[（(]\s?[0-9０-９]{1,3}(?:[.．][0-9０-９]{1,2})?\s?分\s?[）)]\s?$")
_ASIDE = expression(r"[（(][^（）()]{0,20}[）)]$")


@lru_cache(maxsize=4096)
def indicator_key(name: str, year: int | None) -> str:
    """What two spellings of one indicator's name have in common: no numbering, star, points or year of the form."""
    return project_key(_POINTS.sub("", _BEFORE.sub("", name)), year)


@lru_cache(maxsize=4096)
def bare_name(name: str) -> str:
    """A name without blanks, numbering, star, points and what it says in brackets at its end."""
    return _ASIDE.sub("", "".join(_POINTS.sub("", _BEFORE.sub("", name)).split()))
