"""5xx: the staff that the report's text speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from xlperf.checks.narrative import Slip, together
from xlperf.checks.rule import Mismatch, Severity, check
from xlperf.derive.seen import Seen
from xlperf.form.record import Record, Stated
from xlperf.text import FULL_WIDTH, expression, half_width

_HALF = half_width()
_SPACES = expression("[ 　]+")
# A number of people or posts, and the words before it up to the last mark: bounded, each begins at a digit.
_COUNT = expression(r"(?<![0-9.,])([0-9]{1,3}(?:,[0-9]{3}){1,2}|[0-9]{1,6})(?:名|人|个)(?![次均月天])")
_MARKS = expression("[，,。；;：:、（(）)\n]")
_BEFORE = 40
_VERBS = "(?:共有?|总共|合计|总计|为|是|有|达到?)*"
_SUBJECT = (
    "(?:[我本](?:单位|部门|[局委办厅院所会馆站队中心]{1,2})|单位|部门|全[局委办院所会]|目前|现|共|年末|年底"
    "|其中|截[至止])*"
)
_QUOTA = expression(
    f"{_SUBJECT}(?:核定|批复|批准|有|实有)*(?:人员|机构|总)?编制(?:人员|人)?(?:总数|总额|数|名额)?{_VERBS}"
)
_KIND_OF_QUOTA = expression(
    f"{_SUBJECT}(?:核定|批复|有)*(?:机关)?(行政|事业|参公|参照公务员法?管理|政法专项|全额|差额|机关工勤|工勤|后勤服务)(?:人员)?编制"
    f"(?:人员|人)?(?:总数|数|名额)?{_VERBS}"
)
_ACTUAL = expression(
    f"{_SUBJECT}(?:现有|实有|实际|年末)*(?:在职在编|在编在职|在职|在岗|在编|实有)"
    f"(?:干部职工|职工|干部|工作人员|人员)?(?:总人数|人数|总数|数)?{_VERBS}"
)
_OF_QUOTA, _OF_STAFF = expression("编制"), expression("在职|实有|在岗|在编")
_NOT_COUNTED = expression("退休|离休|聘|临时|遗属|编外|借调|劳务|合同|公益|派遣|抽调|挂职|借用")
_SERVICE = ("机关工勤", "工勤", "后勤服务")  # posts that some count with the quota and some do not


class _Staff(NamedTuple):
    """The figures that a text states as a whole; none where it is not certain which is the whole."""

    quota: frozenset[Decimal]
    actual: frozenset[Decimal]


@check(
    "XLP511",
    Severity.ERROR,
    "正文人数与{base}不符",
    "staff in the text differs from the base data",
    cites="shaoyang-form-2023",
    reads=("staff_quota", "staff_actual"),
)
def staff_in_text_differs(section_1_2: Stated, seen: Seen) -> Iterator[Mismatch]:
    """自评报告“人员编制情况”写的编制数、在职人数，与{base}不符。

    为何：同一时点的编制数和在职人数只有一个，在职人员控制率由它们算得。
    改法：按编制批文和年末在册人数核对，改正文或改表。
    反例：{base}编制数 8，正文写“核定编制18名”。
    正例：“行政编制5名、事业编制3名”合计 8；退休、聘用、临时人员和其中各项不是总数；下属单位、其他时点的人数不比较；
    写了几个总数、说不清哪个是的不比较。
    """
    found = list(staff_slips(section_1_2, seen))
    if found:
        yield together(section_1_2, [slip.sentence for slip in found], [slip.at for slip in found])


def staff_slips(section: Stated, seen: Seen) -> Iterator[Slip]:
    """The numbers of posts and of staff in the section on them that are not those of the tables."""
    if section.key not in seen.record.template.cells_of("staff"):
        return
    said = _read(section.text, seen.record)
    for key, counts, what in (("staff_quota", said.quota, "编制"), ("staff_actual", said.actual, "在职")):
        cell = seen.cells.get(key)
        if cell is not None and cell.is_number and counts and cell.value not in counts:
            count = f"{max(counts):f}"
            place = re.search(_spread(count), section.text)
            start, end = place.span() if place else (0, 0)
            sentence = f"{what} {count} 人，而{cell.label}为 {cell.shown}"
            yield Slip(section.text[start:end], start, end, sentence, cell.shown, cell, (cell,))


def _spread(count: str) -> str:
    """A pattern of a number of people as it may be written."""
    digits = r"[ 　,]*".join(f"[{digit}{digit.translate(FULL_WIDTH)}]" for digit in count)
    return rf"(?<![0-9０-９.]){digits}(?=[ 　]*(?:名|人|个))"


def _read(text: str, record: Record) -> _Staff:
    """What a text says of posts and of people in them."""
    plain = _SPACES.sub("", text.translate(_HALF))
    for name in (record[key].text for key in record.template.cells_of("names")):
        plain = plain.replace(name, "本单位") if len(name) > 2 else plain
    if record["year"].is_number:
        plain = re.sub(f"{record['year'].value:f}年(?:末|底|12月31?日?|度)?", "", plain)
    quotas: list[Decimal] = []
    kinds: dict[str, Decimal] = {}
    actuals: list[Decimal] = []
    doubtful = {"quota": False, "actual": False}
    last = 0
    for found in _COUNT.finditer(plain):
        words = plain[max(last, found.start() - _BEFORE) : found.start()]
        label = _MARKS.split(words.rstrip("：:"))[-1]
        last = found.end()
        count = Decimal(found[1].replace(",", ""))
        if _NOT_COUNTED.search(label):
            continue
        if _QUOTA.fullmatch(label):
            quotas.append(count)
        elif kind := _KIND_OF_QUOTA.fullmatch(label):
            doubtful["quota"] |= kind[1] in kinds
            kinds[kind[1]] = count
        elif _ACTUAL.fullmatch(label):
            actuals.append(count)
        else:
            doubtful["quota"] |= bool(_OF_QUOTA.search(label))
            doubtful["actual"] |= bool(_OF_STAFF.search(label))
    wholes = {*quotas} or ({sum(kinds.values(), Decimal(0))} if kinds else set())
    only = len(wholes) == 1 and not doubtful["quota"]
    if only and any(kind in _SERVICE for kind in kinds):
        wholes.add(sum((count for kind, count in kinds.items() if kind not in _SERVICE), Decimal(0)))
    one = len({*actuals}) == 1 and not doubtful["actual"]
    return _Staff(frozenset(wholes if only else ()), frozenset(actuals if one else ()))
