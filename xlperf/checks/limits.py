"""What is at most something in another cell: a part of one table and the whole of another, staff and its quota."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.amounts import exceeds
from xlperf.checks.relations import Apart
from xlperf.checks.rule import MAY_BE_BLANK, Mismatch, Severity, check
from xlperf.derive.seen import Seen
from xlperf.form.record import Stated
from xlperf.form.relations import AGREEMENTS


@check(
    "XLP414",
    Severity.WARNING,
    "政府采购金额大于公用经费与项目支出之和",
    "procurement exceeds operating cost and projects",
    relation=AGREEMENTS,
    cites="form",
)
def procurement_exceeds_spending(apart: Apart) -> Iterator[Mismatch]:
    """政府采购金额超过了公用经费与项目支出的合计。

    为何：政府采购是公用经费和项目支出中的一部分，不另外相加，也不会超过两者之和（含资本性支出的除外）。
    改法：核对采购金额的口径和单位（元/万元）。
    反例：采购 195.31，公用 92.01，项目 37.44。
    正例：采购 95.31，公用 92.01，项目 37.44。
    """
    yield from apart.exceeding()


@check(
    "XLP419",
    Severity.ERROR,
    "{base}的分项大于其他表的总额",
    "a part in the base data exceeds the whole in another table",
    relation=AGREEMENTS,
    cites="form",
)
def part_exceeds_whole_elsewhere(apart: Apart) -> Iterator[Mismatch]:
    """{base}的公用经费、三公经费或项目支出，大于其他表里包含它的总额。

    为何：公用经费（一般商品和服务支出）是基本支出的一部分，三公经费、项目支出是全年支出的一部分，不会大于总额。
    改法：核对两处的数和单位（元/万元），改正填错的一处。
    反例：公用经费决算 920.10，{finance}基本支出 213.62；上年公用经费 837.20，上年基本支出 162.49。
    正例：公用经费 92.01，基本支出 213.62；项目支出在其他表也填了数的，由核对三处项目支出的规则负责。
    """
    yield from apart.exceeding("，分项不会大于总额")


@check(
    "XLP611",
    Severity.WARNING,
    "在职人数超过编制",
    "more staff than the quota allows",
    cites="hunan-indicators-2018",
)
def staff_over_quota(staff_quota: Stated, staff_actual: Stated, seen: Seen) -> Iterator[Mismatch]:
    """实际在职人数大于编制数，在职人员控制率高于 100%。

    为何：在职人员控制率 = 在职 ÷ 编制，湖南的评分标准每超 1 个百分点扣 0.5 分。
    改法：核对编制数和在职人数；确属超编的，在审核说明中写明原因（如机构改革、军转安置）。
    反例：编制 8，在职 9。
    正例：编制 8，在职 8；在职少于编制；报告的人员编制情况写明了“其中2人使用县级周转编制”“军转安置”一类的缘由。
    """
    texts = (seen[key].text for key in seen.record.template.cells_of("staff") if key in seen.cells)
    explained = any(word in text for text in texts for word in seen.record.template.words.staff.elsewhere)
    if exceeds(staff_actual, staff_quota) and not explained:
        sentence = f"{staff_actual.label}为 {staff_actual.shown}，编制数为 {staff_quota.shown}，须说明原因。"
        yield Mismatch(staff_actual, sentence, None, (staff_quota,))


@check(
    "XLP612",
    Severity.WARNING,
    "楼堂馆所超批复或超概算",
    "building larger or dearer than approved",
    cites="hunan-indicators-2018",
)
def building_over_approved(
    building_area_approved: Stated = MAY_BE_BLANK,
    building_area_actual: Stated = MAY_BE_BLANK,
    building_investment_approved: Stated = MAY_BE_BLANK,
    building_investment_actual: Stated = MAY_BE_BLANK,
) -> Iterator[Mismatch]:
    """楼堂馆所的实际规模大于批复规模，或实际投资大于预算投资。

    为何：规模控制率、投资概算控制率超过 100% 的要扣分，须说明原因。
    改法：核对批复文件；确属超规模、超概算的，在审核说明中写明调整批复的文号。
    反例：批复 1000 ㎡，实际 1100 ㎡。
    正例：实际 980 ㎡；没有楼堂馆所、各格空白或填 ——。
    """
    pairs = ((building_area_approved, building_area_actual), (building_investment_approved, building_investment_actual))
    for approved, actual in pairs:
        if approved.is_number and actual.is_number and exceeds(actual, approved):
            sentence = f"{actual.label}为 {actual.shown}，大于{approved.label} {approved.shown}，须说明原因。"
            yield Mismatch(actual, sentence, None, (approved,))


@check(
    "XLP617",
    Severity.WARNING,
    "大于不应超过的数",
    "a figure exceeds the one that bounds it",
    relation=AGREEMENTS,
    cites="form",
)
def figure_above_its_bound(apart: Apart) -> Iterator[Mismatch]:
    """已执行数、预计执行数大于预算数，或者到年底的预计数小于已经执行的数；本年度申请的金额大于项目总额。

    为何：无预算不支出；全年的数包括已经执行的数，除了退回资金，不会更小；一年的钱是项目总额的一部分。
    改法：核对两处的数和单位（元/万元）；确有待下达的追加、退回等情况的，在审核说明中写明。
    反例：调整后预算数 62.00，1—7月执行数 63.48；1—7月执行数 33.48，全年预计执行数 31.20；项目总金额 150，本年度 180。
    正例：执行数等于预算数；全年预计执行数介于已执行数和预算数之间；一年做完的项目，本年度金额等于总金额。
    """
    yield from apart.exceeding("，须说明原因")
