"""5xx: the staff that the report's text speaks of."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.checks.narrative import Slip, together
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
    if found := together(section_1_2, staff_slips(section_1_2, seen)):
        yield found


def staff_slips(section: Stated, seen: Seen) -> Iterator[Slip]:
    """The numbers of posts and of staff in the section on them that are not those of the tables."""
    if section.key not in seen.record.template.cells_of("staff"):
        return
    said = staff_in(section.text, seen.record.template.staff, seen.unit_names, seen.record.year)
    for key, counts, what in (("staff_quota", said.quota, "编制"), ("staff_actual", said.actual, "在职")):
        cell = seen[key]
        if cell.is_number and counts and cell.value not in counts:
            start, end = place_of(max(counts), section.text)
            sentence = f"{what} {max(counts):f} 人，而{cell.label}为 {cell.shown}"
            yield Slip(section.text[start:end], start, end, sentence, cell.shown, cell, (cell,))
