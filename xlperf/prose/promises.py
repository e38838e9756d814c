"""What the texts of a goal form say: of which documents, of unit prices, by what means, and of how much money."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from xlperf.prose.lexicon import amount
from xlperf.text import expression, half_width

_CITED = expression(r"《[^》]+》|[〔\[［（(【]\s?20\d\d\s?[〕\]］）)】]|第?\s?\d{1,4}\s?[号期]")
_WORKED_OUT = expression(
    r"\d[^。；\n×*]{0,12}[×✕╳*＊][^。；\n]{0,8}\d|\d\S{0,4}[xX]\s?\d|元\s?/|单价|[每/][\u4e00-\u9fff]{1,4}\s?\d[\d.,]{0,9}\s?万?元"
)
# Words of the reasons and goals of a project form, not of a report: they are not read, only looked for.
_MEANS = expression(r"通过|依托|借助")
_ENDS = expression(
    r"达[成到]|实现|提[高升]|改善|保障|促进|推[动进]|解决|满足|增强|确保|形成|建[成立]|完成|降低|减少|不断|有效"
)
_NOTHING = expression(r"[\s—\-/／无]*(?:不适用|不涉及)?[\s。]*")
_WHOLE = r"(?:项目|资金|投资|预算)?(?:总投资|总金额|总预算|总概算|资金总额|投资总额|预算总额)"
_OF_YEAR = (
    r"(?P<year>(?:(?P<named>20\d\d)年度?|本年度?|年度|当年|今年)[^\d，。；,;\n]{0,4}"
    r"(?:申请|安排|预算)(?:财政)?(?:资金|拨款|经费)?)"
)
_AMOUNT = expression(
    rf"(?:{_OF_YEAR}|{_WHOLE})(?:金额|总额|数)?(?:[为是共计达：:]|人民币){{0,3}}"
    r"(?P<digits>\d[\d,]{0,14}(?:\.\d{1,6})?)(?P<unit>亿元|万元|元)(?!/|以[上内下]|左右|每)"
)
_PLAIN = half_width(".,/")


class ProjectMoney(NamedTuple):
    """An amount in 万元 that a text states of the whole project, or of the form's year."""

    value: Decimal
    places: int
    is_of_year: bool
    quote: str


def is_cited(text: str) -> bool:
    """Does it name a document, or say that there is none to name?"""
    return bool(_CITED.search(text) or _NOTHING.fullmatch(text))


def is_worked_out(text: str) -> bool:
    """Does it tell a price and how many, or say that there is nothing to work out?"""
    return bool(_WORKED_OUT.search(text.translate(_PLAIN)) or _NOTHING.fullmatch(text))


def says_how(text: str) -> bool:
    """By what means, and to what end?"""
    means = _MEANS.search(text)
    return means is not None and _ENDS.search(text, means.end()) is not None


def amounts_of_project(text: str, year: int | None) -> Iterator[ProjectMoney]:
    """The amounts that a text states of the whole project or of `year`; none of parts or of about so much."""
    plain = "".join(text.translate(_PLAIN).split(" "))
    for found in _AMOUNT.finditer(plain):
        if found["named"] in (None, str(year)):
            digits, unit = found["digits"].replace(",", ""), found["unit"]
            yield ProjectMoney(*amount(f"{digits} {unit}"), bool(found["year"]), found[0])
