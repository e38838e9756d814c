"""Spellings that mean the same, made one before a text is read, each as long as it was: no place in the text moves."""

from __future__ import annotations

import re

from xlperf.text import expression, half_width, years_in_digits

HALF_WIDTH = half_width(".%")
_FULL_WIDTH = expression("[０-９．％]")
_MADE_UP = expression("[，,](?:由|主要由)(?=[^。；;\n]{2,300}?(?:构成|组成)(?:[。；;，,\n]|$))")
_CLOSING = expression("截[至止](?P<year>(?:19|20)[0-9]{2}年)(?P<day>度?(?:12月(?:31日?|[底末])|[末底])止?)")
_PARTS = {"由": "其中", "主要由": "主要包括"}


def folded(text: str) -> str:
    """Digits of half width; 二〇二二年 in digits; 其中 for 由……构成; of 截至2022年12月31日 the year that is over."""
    plain = years_in_digits(text.translate(HALF_WIDTH) if _FULL_WIDTH.search(text) else text)
    if "构成" in plain or "组成" in plain:
        plain = _MADE_UP.sub(lambda found: _PARTS[found[0][1:]], plain)
    return _CLOSING.sub(_year_alone, plain) if "截" in plain else plain


def _year_alone(found: re.Match[str]) -> str:
    return f"　　{found['year']}{'　' * len(found['day'])}"
