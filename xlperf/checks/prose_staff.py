"""5xx: the staff that the report's text speaks of."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.checks.narrative import Comparison, Slip, together
from xlperf.checks.rule import Mismatch, Severity, check
from xlperf.derive.seen import Seen
from xlperf.form.record import Stated
from xlperf.prose.staff import place_of, staff_in


@check(
    "XLP511",
    Severity.ERROR,
    "正文人数与{base}不符",
    "staff in the text differs from the base data",
    cites="form",
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
    if found := together(section_1_2, compared_staff(section_1_2, seen)):
        yield found


def compared_staff(section: Stated, seen: Seen) -> Iterator[Comparison]:
    """The numbers of posts and of staff in the section on them against those of the tables."""
    if section.key not in seen.record.template.cells_of("staff"):
        return
    taken = 0
    staff = staff_in(section.text, seen.record.template.words.staff, seen.unit_names, seen.record.year)
    for key, counts, what in (("staff_quota", staff.quota, "编制"), ("staff_actual", staff.actual, "在职")):
        cell = seen[key]
        if cell.is_number and counts:
            said = cell.value if cell.value in counts else max(counts)
            start, end = place_of(said, section.text)
            if end == taken and (again := place_of(said, section.text[end:]))[1]:  # 编制8名，在职8人
                start, end = end + again[0], end + again[1]
            taken = end
            sentence = f"{what} {said:f} 人，而{cell.label}为 {cell.shown}"
            slip = None if said == cell.value else Slip(sentence, cell.shown, cell)
            yield Comparison(section.text[start:end], start, end, (cell,), slip)
