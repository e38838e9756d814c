"""1xx: what is missing, unreadable or left over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlperf.amounts import is_mark, parse_number, round_half_up, seen_text
from xlperf.checks.matters import Across
from xlperf.checks.placeholders import in_row_of, is_unfilled
from xlperf.checks.relations import asked_for
from xlperf.checks.rule import MAY_BE_BLANK, Mismatch, Severity, check, some
from xlperf.derive.seen import Seen
from xlperf.form.integrity import InspectedRecord, Integrity
from xlperf.form.record import Record, State, Stated, show
from xlperf.form.relations import Kind, Relation
from xlperf.form.template import BASE, INDICATORS, PROJECTS, columns, split_row_key
from xlperf.prose.reasons import Reasons
from xlperf.prose.year_words import YEARS
from xlperf.text import expression

_STRAY = ".。,，、;；:： '’”\""
_CURRENCY = "¥￥$＄€£'‘“\" "
_POINTS = expression("[.。．]+")
_BUILDING = ("year", "area_approved", "area_actual", "investment_approved", "investment_actual")


@check("XLP101", Severity.ERROR, "必填项未填", "required cell is blank", cites="form", settles=Across.SHEET)
def required_cell_blank(cells: Mapping[str, Stated], record: Record) -> Iterator[Mismatch]:
    """基本信息、预算数或指标要素没有填。

    为何：预算数、执行数、编制、总体目标和指标的分值、得分等缺一项，后面的计算和审核就无从谈起。
    改法：在所指单元格填入数据；确实没有的金额填 0，不适用的填 ——。
    反例：全年预算数空白。
    正例：全年预算数 251.06；编制不适用时填 ——。一行里空着几格的，合并为一条。
    """
    blank: dict[str, list[Stated]] = {}
    for key, cell in cells.items():
        if not cell.field.required:
            continue
        if is_unfilled(cell):
            yield Mismatch(cell, f"{cell.label}是必填项，只有表样的提示“{cell.text}”，还没有填写。")
        elif record[key].is_blank:
            row, _ = record.template.row_and_column(key)
            blank.setdefault(row if split_row_key(key) else key, []).append(cell)
    for found in blank.values():
        names = "、".join((found[0].label, *(cell.field.label for cell in found[1:])))  # 覆盖率·完成值、得分
        yield Mismatch.of_all(found, f"{names}是必填项，现为空白。")


def _is_total_of_lines(each: Relation) -> bool:
    return each.blank_is_nil and each.same is None and not each.total.startswith("total_")


@check(
    "XLP102",
    Severity.ERROR,
    "合计有数而明细全空",
    "total is given but its lines are blank",
    each="totals",
    of=lambda each: each.kind is Kind.SUM and each.same is None,
    cites="form",
    settles=Across.ROWS,
)
def total_without_lines(total: Stated = MAY_BE_BLANK, parts: tuple[Stated, ...] = ()) -> Iterator[Mismatch]:
    """合计行填了数，构成它的各行却全是空白。

    为何：报表要求按项目或类别逐行填列，只有合计无法核对钱花在哪里。
    改法：把构成合计的各行补上，一个专项一行；没有的填 0。
    反例：项目支出 37.44，业务工作、运行维护、专项、其他各行全空。
    正例：项目支出 37.44，专项“应急指挥中心”37.44；或合计本身为 0。
    """
    if not total.field.derived or not total.is_number or total.value == 0:
        return  # rows of the report may be stated without their parts; only the form's own totals need lines
    if parts and all(part.is_blank for part in parts):
        names = "、".join(part.label for part in parts)
        yield Mismatch(total, f"{total.label}填 {total.shown}，但其明细（{names}）全部空白。", related=parts)


@check(
    "XLP103",
    Severity.INFO,
    "明细有数而合计未填",
    "lines are given but their total is blank",
    each="totals",
    of=_is_total_of_lines,
    cites="form",
    settles=Across.FORM,
)
def lines_without_total(
    record: Record, total: Stated = MAY_BE_BLANK, parts: tuple[Stated, ...] = ()
) -> Iterator[Mismatch]:
    """各行填了数，合计行却空着。

    为何：合计行空白时，汇总和与其他表的核对都会漏掉这一块。
    改法：用“填充”自动算出，或按各行之和填写。
    反例：业务工作经费 320，项目支出合计空白。
    正例：项目支出合计 320；或各行与合计都空白；合计是公式，只是文件里还没有算出的结果。
    """
    filled = [part for part in parts if part.is_number]
    if not filled or not record[total.key].is_blank:
        return
    if isinstance(record, InspectedRecord) and total.key in record.integrity.uncalculated:
        return  # not blank: the next program to open it calculates it
    blank = record[total.key]
    if total.is_number:
        yield Mismatch(blank, f"{total.label}未填，按明细合计为 {total.shown}。", total.value, tuple(filled))
    else:
        yield Mismatch(blank, f"{total.label}未填，而其下各行有数。", None, tuple(filled))


@check(
    "XLP104",
    Severity.ERROR,
    "数字无法识别",
    "figure cannot be read as a number",
    cites="form",
)
def figure_not_readable(cells: Mapping[str, Stated], record: Record) -> Iterator[Mismatch]:
    """应填数字的单元格里是认不出的文字，或是还没有算出结果的公式。

    为何：多打的小数点、夹带的文字会使这一格不参与任何计算，合计悄悄变小。
    改法：改成纯数字（单位写在表头），不适用的填 ——。
    反例：“7.50.”、“约30”、“¥38.00”、“40。00”；评价年度填的是 44562。
    正例：7.50；——；-；不涉及；空白；数字前后有看不见的字符；评价年度写成“2022年度”“二〇二二年”；表样自己的公式没有算出结果的，
    按它的各项算出。
    """
    unreadable = [cell for cell in cells.values() if cell.state is State.UNREADABLE]
    pending = [cell for cell in unreadable if not cell.text]
    if pending:
        severity = None if any(cell.field.required for cell in pending) else Severity.WARNING
        yield Mismatch.of_all(pending, _not_calculated(pending), severity)
    for cell in unreadable:
        if not cell.text or _shows_error(cell.key, record):
            continue  # #DIV/0! and the like have a rule of their own
        if cell.field.type == "year":
            yield Mismatch(cell, _no_year(cell))
            continue
        sentence = f"{cell.label}填的是“{cell.text}”，不是一个能识别的数字，凡用到它的计算都未进行。"
        likely = parse_number(_likely(cell.text))
        if likely is None or "%" in cell.text:
            yield Mismatch(cell, sentence)
            continue
        sentence += f"如应为 {show(likely.value, cell.field)}，请改正。"
        actual = cells.get(f"{cell.key.removesuffix('_budget')}_actual")
        if actual is not None and actual.is_number and 0 < likely.value < actual.value:
            rate = round_half_up(actual.value / likely.value * 100, 2)
            sentence += f"那样的话 {actual.label} {actual.shown} 是预算的 {rate}%，须说明原因。"
        yield Mismatch(cell, sentence, likely.value)


def _shows_error(key: str, record: Record) -> bool:
    return isinstance(record, InspectedRecord) and record.integrity.is_error(key)


def _not_calculated(pending: list[Stated]) -> str:
    names = some((cell.label for cell in pending), 4, " 等 {} 格")
    return f"{names}是公式，文件里还没有算出的结果，凡用到它的计算都未进行。请用 Excel 或 WPS 打开并保存一次后再审核。"


def _no_year(cell: Stated) -> str:
    number = parse_number(cell.text)
    serial = "多半是日期存成的序号，" if number is not None and number.value > max(YEARS) else ""
    return (
        f"{cell.label}填的是“{cell.text}”，不是年份，{serial}凡用到它的核对都未进行。"
        "请把单元格格式设为“常规”，改填四位数的年份，如 2023。"
    )


def _likely(text: str) -> str:
    """Without what a slip of the hand or an export adds to a figure, and with the full stop that was meant."""
    return _POINTS.sub(".", seen_text(text).strip().lstrip(_CURRENCY).rstrip(_STRAY))


@check(
    "XLP106",
    Severity.WARNING,
    "填表人或填报日期未填",
    "preparer or date is missing",
    cites="form",
    settles=Across.SHEET,
)
def preparer_or_date_missing(preparer: Stated = MAY_BE_BLANK, filled_on: Stated = MAY_BE_BLANK) -> Iterator[Mismatch]:
    """表尾的填表人、填报日期空着。

    为何：报表须有责任人和日期才能受理。
    改法：补填表人和填报日期。
    反例：填表人空白。
    正例：填表人“×××”，填报日期“2024年7月30日”。
    """
    for cell in (preparer, filled_on):
        if cell.is_blank:
            yield Mismatch(cell, f"{cell.label}未填。")


@check(
    "XLP107",
    Severity.INFO,
    "表中留有“……”占位行",
    "placeholder rows were left in the table",
    cites="form",
)
def placeholder_row_left(record: Record) -> Iterator[Mismatch]:
    """已填好的明细表里还留着“……”占位行。

    为何：正式上报的表不应留样表的占位行；但留着不影响计算。
    改法：在 Excel 中删除这些行，或在确定不再加行后清空。
    反例：指标已填 7 行，其间仍有“……”行。
    正例：没有占位行；或整张表尚未填写。
    """
    for table, places in record.placeholders.items():
        if places and record.row_counts[table]:
            first = record[f"{table}[0].{record.template.tables[table].row_label}"]
            first = first._replace(at=in_row_of(first.at, places[0]))
            label = record.template.tables[table].label
            yield Mismatch(first, f"{label}中还有占位行：{some(places, 6, '等')}。")


@check(
    "XLP108",
    Severity.WARNING,
    "没有填结转结余",
    "carry-over is not stated",
    cites="final-accounts-review",
)
def carryover_not_stated(
    income_total_current: Stated,
    expenditure_total_current: Stated,
    carryover_opening: Stated = MAY_BE_BLANK,
    carryover_closing: Stated = MAY_BE_BLANK,
) -> Iterator[Mismatch]:
    """填了本年收入和支出，年初、年末结转结余都空着。

    为何：不写结转结余，收支是否平衡、预算完成率多少都无从核对。
    改法：填年初、年末结转和结余，没有的填 0。
    反例：收入 251.06，支出 251.06，结转结余两格空白。
    正例：两格都填 0；收支还没有填。
    """
    if carryover_opening.is_blank and carryover_closing.is_blank:
        sentence = "填了本年收入和支出，但年初、年末结转和结余都未填；没有的请填 0。"
        yield Mismatch(carryover_opening, sentence, None, (carryover_closing,))


@check(
    "XLP109",
    Severity.INFO,
    "应填 0 或 —— 的格子空着",
    "cells are blank that should say 0 or n/a",
    cites="form",
    reads=(BASE,),
)
def blank_beside_figures(seen: Seen) -> Iterator[Mismatch]:
    """{base}同一列里有的填 0、有的空着。

    为何：空白可能是没有，也可能是漏填，读表的人分不清。
    改法：没有的填 0，不适用的填 ——。
    反例：公务接待填 0，出国经费空白。
    正例：整行整列都没有填；都填了 0。
    """
    template = seen.record.template
    rows, years = template.series_of(BASE)
    elsewhere = template.cells_of("adjustment")
    keys = (f"{row}_{year}" for row in rows for year in years)
    table = [seen[key] for key in keys if key not in elsewhere]
    blank = [cell for cell in table if cell.is_blank]
    if blank and any(cell.is_number for cell in table):
        names = some((cell.label for cell in blank), 4, " 等")
        sentence = f"{{base}}有 {len(blank)} 格空白（{names}），没有的请填 0，不适用的填 ——。"
        yield Mismatch.of_all(blank, sentence)


@check(
    "XLP110",
    Severity.WARNING,
    "指标没有写所属级别",
    "indicator stands under no level",
    cites="form",
    reads=columns(INDICATORS, "level1", "level2", "level3", "weight"),
)
def indicator_without_level(indicators: tuple[Mapping[str, Stated], ...]) -> Iterator[Mismatch]:
    """列出了三级指标，所属的一级指标（或二级指标）空着。

    为何：没有一级指标的行不计入产出、效益、满意度的分值合计，那些合计会悄悄变小。
    改法：补写一级指标、二级指标；合并单元格的，写在合并区的第一行。
    反例：“开展网络安全检查”一行的一级指标空白。
    正例：一级、二级指标都有；同一级别只在第一行写出、以下各行合并；只缺二级指标的只作提示。
    """
    rows = [row for row in indicators if not row["level3"].is_blank or row["weight"].is_number]
    without_first = [row["level1"] for row in rows if row["level1"].is_blank]
    without_second = [row["level2"] for row in rows if row["level2"].is_blank and not row["level1"].is_blank]
    for blank, severity in ((without_first, None), (without_second, Severity.INFO)):
        if blank:
            sentence = f"有 {len(blank)} 个指标没有写{blank[0].field.label}，如 {blank[0].label}。"
            yield Mismatch.of_all(blank, sentence, severity)


@check(
    "XLP111",
    Severity.WARNING,
    "楼堂馆所数据没有填全",
    "building block is half filled",
    cites="form",
    reads=tuple(f"building_{name}" for name in _BUILDING),
)
def building_half_filled(cells: Mapping[str, Stated]) -> Iterator[Mismatch]:
    """楼堂馆所控制情况填了一部分，其余空着。

    为何：批复与实际、规模与投资缺一项，控制率就算不出；没有完工年度，看不出是不是当年完工的项目。
    改法：把完工年度、批复和实际的规模、投资补齐，不适用的填 ——；没有楼堂馆所的整块留空。
    反例：批复规模 1000，实际规模空白。
    正例：五格都填了；只写了完工年度；各数都是 0。
    """
    year, *figures = (cells[f"building_{name}"] for name in _BUILDING)
    blank = [cell for cell in (year, *figures) if cell.is_blank]
    filled = [cell for cell in figures if cell.is_number and cell.value != 0]
    if blank and filled:
        names = "、".join(cell.label for cell in blank)
        yield Mismatch(
            blank[0], f"楼堂馆所填了{filled[0].label} {filled[0].shown}，但{names}未填。", None, tuple(filled)
        )


@check(
    "XLP112",
    Severity.INFO,
    "专项资金行有空格",
    "figures of a special fund are blank",
    each=f"{PROJECTS}[]",
    cites="form",
    settles=Across.SHEET,
)
def special_fund_half_filled(
    _name: Stated = MAY_BE_BLANK,
    _prior_actual: Stated = MAY_BE_BLANK,
    _budget: Stated = MAY_BE_BLANK,
    _actual: Stated = MAY_BE_BLANK,
) -> Iterator[Mismatch]:
    """列出了专项，上年决算数、预算数或决算数空着。

    为何：空白可能是没有，也可能是漏填；漏填的专项使项目支出合计变小。
    改法：没有的填 0，不适用的填 ——。
    反例：专项“应急指挥中心”，预算数 42，决算数空白。
    正例：三格都填了；新增的专项上年决算数填 0。
    """
    figures = [_prior_actual, _budget, _actual]
    blank = [cell for cell in figures if cell.is_blank]
    named = not _name.is_blank
    if blank and (named or len(blank) < len(figures)):
        names = "、".join(cell.field.label for cell in blank)
        sentence = f"{blank[0].label.partition('·')[0]}的{names}空着，没有的请填 0，不适用的填 ——。"
        yield Mismatch.of_all(blank, sentence)


@check(
    "XLP113",
    Severity.WARNING,
    "沿用上年的草稿尚未核对",
    "draft carried over from last year was not reviewed",
    cites="field-practice",
)
def draft_not_reviewed(integrity: Integrity) -> Iterator[Mismatch]:
    """从上年的工作簿带来的指标、指标值、报告文字等，还是原样，也没有标明已核对。

    为何：照搬上年的目标和文字是最常见的毛病，年份虽已更新，内容未必还成立。
    改法：逐格核对，改成本年的内容；确实不变的，在“沿用核对”表的最后一栏填“是”。
    反例：自评报告各段从上年带来，一个字没有改。
    正例：改过的格、填了“是”的格；标记已经去掉的表。每张表合并为一条。
    """
    by_sheet: dict[str, list[Stated]] = {}
    for cell in integrity.drafts:
        by_sheet.setdefault(cell.at.rpartition("!")[0], []).append(cell)
    for sheet, cells in by_sheet.items():
        names = some((cell.label for cell in cells), 4, " 等")
        yield Mismatch.of_all(cells, f"{sheet}有 {len(cells)} 格沿用上年的内容，还没有核对：{names}。")


@check(
    "XLP115",
    Severity.ERROR,
    "应写明的没有写",
    "a text is missing where another cell asks for it",
    relation=Kind.REQUIRED,
    cites="form",
)
def required_explanation_missing(record: Record, reasons: Reasons) -> Iterator[Mismatch]:
    """表里有的格一填就要写明原因，原因却空着，或只写“无”；表样规定必有的一类指标填了“不适用”。

    为何：勾选了偏差的原因，或者写明目标不一定能完成，就要说明是怎么回事，下一步才好采取措施；有的地方规定，数量、质量、时效、
    成本、社会效益指标每个项目都要有。
    改法：补写原因；没有偏差的，去掉勾选，或改正所填的可能性。必有的指标照项目内容写出一个。
    反例：完成目标可能性“有可能”，原因说明空白；人员保障打“√”，原因说明“无”；数量指标一行的三级指标填“不适用”。
    正例：完成目标可能性“确定能”，五类原因都空着，不需要说明；打了“√”并写明“活动部两人调离”；生态效益指标填“不适用”。
    """
    for each in record.template.related(Kind.REQUIRED):
        for cell, asking in asked_for(each, record):
            if cell.is_blank and cell.field.required:
                continue  # XLP101 asks for it
            if not reasons.given(cell.text) or is_mark(cell.text, record.template.not_applicable):
                lack = f"只写“{cell.text}”" if cell.text else "为空白"
                sentence = f"{asking.label}填了“{asking.shown}”，须写明{each.note}，而{cell.label}{lack}。"
                yield Mismatch(cell, sentence, None, (asking,))
