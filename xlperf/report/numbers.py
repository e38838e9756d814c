"""Telephones, ID numbers, bank cards, e-mail and chat addresses in a plain text (see `report.plain`).

Digits are read in groups with at most three blanks, hyphens or dots between them, and every row of groups is asked
whether it is a number of a person; so it does not matter how somebody grouped them. No group is asked about more than
some twenty rows, whatever the text. Amounts, dates and the codes of documents and units are no such numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from xlperf.report.plain import Span
from xlperf.report.sections import words

_CHAIN = re.compile(r"[0-9]+(?:[ .·_()-]{1,3}[0-9]+)*")
_GROUP = re.compile("[0-9]+")
_LONGEST = 19  # digits, of a bank card

_IDENTITY = re.compile(r"[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]")
_OLD_IDENTITY = re.compile(
    r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])[0-9]{6}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}"
)
_MOBILE = re.compile("(?:(?:00)?86|0)?(1[3-9][0-9]{9})")
_MOBILE_GROUPS = {
    (11,), (3, 4, 4), (3, 3, 5), (3, 5, 3), (3, 8), (7, 4), (4, 4, 3), (4, 3, 4), (3, 4, 2, 2), (3, 2, 2, 2, 2),
}  # fmt: skip
_LAND_LINE = re.compile("0(?:10|2[0-9])[1-9][0-9]{7}|0[3-9][0-9]{2}[1-9][0-9]{6,7}")
_SERVICE_LINE = re.compile("[48]00[0-9]{7}")
_DATE = re.compile("(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_EXTENSION = re.compile("[ ]?(?:-{1,2}|转分机|转|分机|ext[.]?|/)[ ]?[0-9]{1,5}(?![0-9])")
_NEXT = re.compile("[ )]{0,3}(?:[/、,;或和及与]|[ ]|\n)[ (]{0,3}")
_IN_CHINESE = re.compile(
    "(?<![零〇○一二三四五六七八九])[一幺][三四五六七八九][零〇○一幺二三四五六七八九]{9}(?![零〇○一二三四五六七八九])"
)
# Bounded repeats: a text of 32,767 letters must not cost minutes.
_MAIL = re.compile(
    r"[A-Za-z0-9._%+-]{0,64}[ ]?@[ ]?[A-Za-z0-9\u4e00-\u9fff-]{1,63}(?:\.[A-Za-z0-9\u4e00-\u9fff-]{1,63}){1,4}"
    r"|[A-Za-z0-9._%+-]{1,64}[ ]?(?:#|[\[(]at[\])]|[ ]at[ ]|艾特)[ ]?(?:(?:vip\.)?(?:qq|163|126|139|189|sina|sohu|gmail"
    r"|hotmail|outlook|foxmail|aliyun|yeah)\.(?:com|cn|net)|[A-Za-z0-9-]{1,30}\.gov\.cn)"
)
_CREDIT_CODE = re.compile("(?<![0-9A-Za-z])[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Za-z])")
_PASSPORT = re.compile(r"(?:护照|通行证|军官证|港澳证)(?:号码|号)?[ :为是]{0,4}([A-Za-z]{1,2}[0-9]{7,9})(?![0-9])")
_PLATE = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][ ·-]?"
    "(?=[A-HJ-NP-Z]{0,2}[0-9]{3})[A-HJ-NP-Z0-9]{5,6}(?![A-Za-z0-9])"
)

_UNIT = re.compile(
    "[ ]?[百千万亿]{0,2}(?:[元圆人户吨米亩件册株次辆台套%‰条项家]|美元|欧元|港元|平方|立方|公里|千|公顷|字节|度(?!假))"
)
_OF_MONEY = re.compile(
    "(?:[¥$]|RMB|人民币|金额|合计|总计|共计|总额|总数|(?:预算|决算|执行)数?|支出|收入|资金|经费|拨款|余额|结余|面积|数量)"
    r"[ ]{0,2}(?:\([^()]{1,6}\))?[ ]{0,2}[:为是计]?[ ]{0,2}$"
)
_OF_CODE = re.compile(
    "(?:编号|编码|代码|文号|项目号|合同号|发票号?|批次号?|序号|流水号|税号|单号|凭证号?|证书号?|登记号|备案号|许可证号?"
    "|图号|型号|版本号?|票号|识别号|第)"
    "(?:码|为|是|:|[ ]|\\([^()]{1,6}\\)){0,3}$"
)
_OF_IDENTITY = re.compile(r"(?:身份证|公民|证件|居民|身份)[^0-9]{0,10}$")
_OF_CARD = re.compile(r"(?:银行卡|卡号|工资卡|公务卡|一卡通|社保卡|储蓄卡|信用卡)[^0-9]{0,6}$")
_WORD_BEFORE = re.compile("[A-Za-z]{1,16}[.:]?$")
_WORDS_BEFORE = frozenset("tel phone mobile mob cell fax wx vx qq t m p f id no wechat weixin".split())


class _Titles(NamedTuple):
    phone: re.Pattern[str]  # at the end of what stands before a number
    chat: re.Pattern[str]


@cache
def _titles() -> _Titles:
    spec = words()["redact"]
    phones = "|".join(sorted(map(re.escape, spec["phone_titles"]), key=len, reverse=True))
    chats = "|".join(sorted(map(re.escape, spec["chat_titles"]), key=len, reverse=True))
    return _Titles(
        re.compile(rf"(?:{phones})(?:号码|号)?(?:[ :为是.+(]|\n|\([^()0-9]{{1,8}}\)){{0,6}}$"),
        re.compile(
            rf"(?<![A-Za-z])(?:{chats})(?:号码|账号|帐号|号|ID|id)?"
            r"(?:[ ]{0,2}[:为是][ \n]{0,3}|[ ]{1,2}(?=[a-z]{1,20}[0-9_-])|(?=[a-z]{1,20}[0-9_]|[0-9]))"
            r"([A-Za-z0-9][A-Za-z0-9_-]{4,29})(?![A-Za-z0-9_-]|[元万亿年月日人条次个%])"
        ),
    )


def personal_numbers(text: str) -> list[Span]:
    """Where in a plain text numbers and addresses of persons stand; the spans may overlap."""
    found = [match.span() for pattern in (_MAIL, _IN_CHINESE, _PLATE) for match in pattern.finditer(text)]
    found += [match.span(1) for pattern in (_PASSPORT, _titles().chat) for match in pattern.finditer(text)]
    end = -1
    for chain in _CHAIN.finditer(text):
        for span in _of_chain(text, [_moved(each.span(), chain.start()) for each in _GROUP.finditer(chain[0])], end):
            if not _is_in_credit_code(text, span):
                found.append(span)
                end = span[1]
    return found


def _is_in_credit_code(text: str, span: Span) -> bool:
    """Is this part of the 18 characters that tell a unit?"""
    near = _CREDIT_CODE.finditer(text, max(0, span[0] - 18), span[1] + 18)
    return any(each.start() <= span[0] < each.end() and not _IDENTITY.fullmatch(each[0]) for each in near)


def is_personal(digits: str) -> bool:
    """Does a whole number look like somebody's telephone, ID or bank card?"""
    return digits.isdigit() and bool(
        (_MOBILE.fullmatch(digits) and len(digits) == 11)
        or _IDENTITY.fullmatch(digits)
        or _OLD_IDENTITY.fullmatch(digits)
        or (16 <= len(digits) <= _LONGEST and digits.startswith("62"))
    )


def _moved(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by


def _of_chain(text: str, groups: list[Span], before: int) -> Iterator[Span]:
    """The numbers among groups of digits; `before`: where the last number of a person ended."""
    at = 0
    while at < len(groups):
        span = _longest(text, groups[at : at + _LONGEST], before) if groups[at][0] >= before else None
        if span is None:
            at += 1
            continue
        yield span
        before = span[1]
        while at < len(groups) and groups[at][0] < before:
            at += 1


def _longest(text: str, groups: list[Span], before: int) -> Span | None:
    """The longest number that begins with the first of these groups."""
    start = groups[0][0]
    if _is_code(text, start) or _is_fraction(text, start):
        return None
    titled = _titles().phone.search(text, max(0, start - 24), start) is not None or (
        0 <= before <= start and _NEXT.fullmatch(text, before, start) is not None
    )
    found = None
    digits, sizes = "", []
    for first, last in groups:
        digits += text[first:last]
        sizes.append(last - first)
        if len(digits) > _LONGEST:
            break
        end = _end_of(text, digits, tuple(sizes), (start, last), titled)
        if end is not None and not _is_amount(text, start, end):
            found = _begin(text, start, end), end
    return found


def _end_of(text: str, digits: str, sizes: tuple[int, ...], span: Span, titled: bool) -> int | None:
    """Where a number of these digits, in groups of these sizes, ends; None if it is no person's."""
    start, end = span
    dotted = "." in text[start:end]
    if not dotted and len(digits) in (15, 17, 18) and (last := _end_of_identity(text, digits, end)):
        return last
    if (match := _MOBILE.fullmatch(digits)) and _grouped(sizes, len(digits) - len(match[1])):
        return None if dotted and len(sizes) < 3 else end
    land_line = digits[2:].removeprefix("86") if digits.startswith("0086") else digits.removeprefix("86")
    if land_line != digits:
        land_line = "0" + land_line.lstrip("0")
    if _LAND_LINE.fullmatch(land_line) and (sizes[0] in (2, 3, 4) or len(sizes) == 1):
        return _with_extension(text, end)
    if _SERVICE_LINE.fullmatch(digits) and (sizes[0] in (3, 4) or digits.startswith("400")):
        return _with_extension(text, end)
    if (
        not dotted
        and 16 <= len(digits) <= _LONGEST
        and (_is_card(digits) or _OF_CARD.search(text, max(0, start - 16), start))
    ):
        return end
    if titled and 6 <= len(digits) <= 8 and sizes[:2] not in ((4, 1), (4, 2)) and not _DATE.fullmatch(digits):
        return _with_extension(text, end)
    return None


def _end_of_identity(text: str, digits: str, end: int) -> int | None:
    if len(digits) == 17:
        letter = re.compile("[ -]{0,2}[Xx](?![0-9A-Za-z])").match(text, end)
        return letter.end() if letter and _IDENTITY.fullmatch(digits + "X") else None
    pattern = _IDENTITY if len(digits) == 18 else _OLD_IDENTITY
    return end if pattern.fullmatch(digits) else None


def _grouped(sizes: tuple[int, ...], prefix: int) -> bool:
    """Is this how people group a mobile number, with so many digits of a prefix before it?"""
    if prefix and sizes[0] == prefix:
        sizes, prefix = sizes[1:], 0
    return (sizes[0] - prefix, *sizes[1:]) in _MOBILE_GROUPS


def _with_extension(text: str, end: int) -> int:
    extension = _EXTENSION.match(text, end)
    return extension.end() if extension and not _UNIT.match(text, extension.end()) else end


def _begin(text: str, start: int, end: int) -> int:
    """A + and the bracket that is closed within a number are part of it."""
    if text[start - 1 : start] == "+":
        start -= 1
    return start - (text[start - 1 : start] == "(" and ")" in text[start:end])


def _is_card(digits: str) -> bool:
    """A card of 银联, or of another house if the check digit is right."""
    if digits.startswith("62"):
        return True
    doubled = [int(each) * (1 + at % 2) for at, each in enumerate(reversed(digits))]
    return digits[0] in "3459" and sum(each // 10 + each % 10 for each in doubled) % 10 == 0


def _is_fraction(text: str, start: int) -> bool:
    """Do these digits stand behind the point of a figure, or behind letters of a code?"""
    if start > 1 and text[start - 1] == "." and text[start - 2].isdigit():
        return True
    word = _WORD_BEFORE.search(text, max(0, start - 18), start)
    return word is not None and word[0].rstrip(".:").lower() not in _WORDS_BEFORE and word[0][-1] not in ".:"


def _is_code(text: str, start: int) -> bool:
    return _OF_CODE.search(text, max(0, start - 24), start) is not None and not _OF_IDENTITY.search(
        text, max(0, start - 16), start
    )


def _is_amount(text: str, start: int, end: int) -> bool:
    if _UNIT.match(text, end) or _OF_MONEY.search(text, max(0, start - 20), start):
        return True
    rest = text[end : end + 8]
    return re.match(r"[0-9A-Za-z]*[0-9]|\.[0-9]{1,6}(?![0-9.])", rest) is not None
