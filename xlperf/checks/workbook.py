"""7xx: the workbook itself: formulas, labels and what is hidden. Facts come from the host that opened it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from xlperf.amounts import UNSEEN, seen_text
from xlperf.checks.matters import Across
from xlperf.checks.rule import MAY_BE_BLANK, Mismatch, Severity, check, some
from xlperf.derive.expression import NOT_COMPUTABLE_TEXT
from xlperf.form.integrity import AlteredLabel, Integrity, Replaced
from xlperf.form.record import Stated, show
from xlperf.form.template import split_row_key

_SHOWN = 6
_NO_BREAK = "\xa0"
_MANY = 4  # figures held as text from which on a sheet is told of as a whole, if they are most of its figures


def _some(words: Iterable[str]) -> str:
    return some(dict.fromkeys(words), _SHOWN, " 等 {} 处")


def _right(each: Replaced) -> Decimal | str:
    return NOT_COMPUTABLE_TEXT if each.expected is None else each.expected


def _typed(each: Replaced) -> str:
    return f"={each.formula}" if each.formula else each.stated.shown


def _leaves_out_rows(each: Replaced) -> bool:
    return bool(each.left_out) and all(split_row_key(cell.key) for cell in each.left_out)


def _together(found: list[Replaced], sentence: str) -> Mismatch:
    """One item for all cells of a kind that is only worth knowing."""
    return Mismatch.of_all((each.stated for each in found), sentence, Severity.INFO)


@check(
    "XLP701",
    Severity.ERROR,
    "公式被直接填写的数盖掉",
    "formula was overwritten by a figure",
    cites="form",
)
def formula_overwritten(integrity: Integrity) -> Iterator[Mismatch]:
    """自动计算的单元格里直接填了数，与按表中数据算出的不符；相符的合并为一条提示。

    为何：公式被盖掉以后，改动明细时这一格不再跟着变，错了也看不出来。
    改法：用“填充”恢复公式；数字有出入的，先核对构成它的各项。
    反例：其他计算项都是公式，人员经费增长率直接填了 22.24%，按表中数据应为 49.38%。
    正例：上报前整份固定为数值的表、按已有数据新建而尚未计算过的表不算；四舍五入允许的差异不算不符。
    """
    wrong = [each for each in integrity.constants if not each.possible]
    agreeing = [each for each in integrity.constants if each.possible]
    for each in wrong:
        expected = _right(each)
        shown = show(expected, each.stated.field)
        sentence = f"{each.stated.label}原由公式计算，现直接填了 {_typed(each)}，按表中数据应为 {shown}。"
        yield Mismatch(each.stated, sentence, expected, each.operands)
    if agreeing:
        names = _some(f"{each.stated.label} {each.stated.at}" for each in agreeing)
        sentence = f"有 {len(agreeing)} 个计算项是直接填的数，不再随明细变化，目前与计算结果相符：{names}。"
        yield _together(agreeing, sentence)


@check(
    "XLP702",
    Severity.ERROR,
    "公式被改动",
    "formula is not the form's own",
    cites="form",
)
def formula_altered(integrity: Integrity) -> Iterator[Mismatch]:
    """计算项的公式与表样不同，并且漏掉了应取的数，或者算出的结果不同；结果相同的合并为一条提示。

    为何：公式改过以后，取数范围和口径就与别的单位不同，合计可能漏项。
    改法：用“填充”恢复表样的公式。
    反例：三公经费的公式改成只加公务用车和出国，漏了公务接待。
    正例：写法不同但取数齐全、结果相同的只作提示；大小写、空格、$、引号的差别不算改动，其他口径的公式和
    PERF_ 函数也不算。
    """
    agreeing = []
    for each in integrity.formulas:
        if _leaves_out_rows(each):
            continue  # rows outside a total have a rule of their own
        if not each.left_out and each.possible:
            agreeing.append(each)
            continue
        why = f"没有取到{_some(cell.label for cell in each.left_out)}" if each.left_out else ""
        if each.expected != "" and not each.possible:
            right = show(_right(each), each.stated.field)
            why += f"{'，' if why else ''}显示 {each.stated.shown}，按表样的公式应为 {right}"
        sentence = f"{each.stated.label}的公式被改成 ={each.formula[:200]}，与表样不同{'：' if why else ''}{why}。"
        yield Mismatch(each.stated, sentence, _right(each) if each.expected != "" else None, each.operands)
    if agreeing:
        names = _some(f"{each.stated.label} {each.stated.at}" for each in agreeing)
        yield _together(agreeing, f"有 {len(agreeing)} 个计算项的公式写法与表样不同，取数和结果相同：{names}。")


@check(
    "XLP703",
    Severity.ERROR,
    "有的行没有计入合计",
    "row is outside the totals",
    cites="form",
)
def row_outside_total(integrity: Integrity) -> Iterator[Mismatch]:
    """明细表下方加的行、或填在栏目旁边的数不在合计之内，或者合计的公式漏掉了表中的行。

    为何：加在“……”下面、或紧贴表头插入的行，公式的范围不会随之扩大，合计就少了；插入的行没有合并，数容易填错了格。
    改法：把这一行移到“……”之上，把数移到栏目的第一格，或用“填充”恢复合计的公式。
    反例：在专项资金“……”的下面加了一行，预算数 5.00，项目支出合计没有它；插入的行里，数填在了 B、D 列。
    正例：行加在“……”之上；下面的行没有数，或写明是小计、合计；合计的公式已经取到它。
    """
    for row in integrity.stray_rows:
        figures = "、".join(cell.shown for cell in row.figures)
        names = _some(cell.label for cell in row.figures)
        if row.beside:
            sentence = (
                f"{row.place} 的 {'、'.join(row.beside)} 列有数 {figures}，"
                f"但这张表的各栏在 {'、'.join(row.columns)} 列，没有计入{names}，"
                f"同一行的其他数也可能填错了栏。请复制上面一行的格式，再逐栏核对。"
            )
        else:
            sentence = f"{row.place} 有数 {figures}，但在明细表“……”行的下面，没有计入{names}。请移到“……”之上。"
        yield Mismatch.of_all(row.figures, sentence)
    by_rows: dict[tuple[int, ...], list[Replaced]] = {}
    for each in integrity.formulas:
        if _leaves_out_rows(each):
            by_rows.setdefault(_rows(each.left_out), []).append(each)
    for totals in by_rows.values():
        yield _leaving_out_rows(totals)


def _rows(cells: tuple[Stated, ...]) -> tuple[int, ...]:
    return tuple(sorted(key[1] for cell in cells if (key := split_row_key(cell.key))))


def _leaving_out_rows(totals: list[Replaced]) -> Mismatch:
    """One item for all totals that leave out the same rows."""
    first, *others = totals
    rows = _some(f"{cell.label.partition('·')[0]}（{cell.at} {cell.shown}）" for cell in first.left_out)
    names = _some(each.stated.label for each in totals)
    expected = _right(first) if not first.possible else None
    related = (*first.left_out, *(each.stated for each in others))
    return Mismatch(first.stated, f"{names}的公式没有取到 {rows}，合计少算了这些行。", expected, related)


@check(
    "XLP704",
    Severity.WARNING,
    "数字是以文字存放的",
    "number is stored as text",
    cites="form",
    settles=Across.FORM,
)
def number_stored_as_text(cells: Mapping[str, Stated]) -> Iterator[Mismatch]:
    """单元格里看着是数，其实是文字（常见于从别的系统导出，或用了全角数字、带着看不见的字符）；整张表都是这样的合为一条。

    为何：公式看不见文字，合计和比率会悄悄漏掉它。
    改法：在 Excel 中选中单元格，用左上角的提示“转换为数字”，或重新输入半角数字。
    反例：全年预算数是文字“251.06”；编制数写成全角“２８”；平台导出的{base}里全部数字都是文字。
    正例：数值 251.06；——、无等不适用的写法；指标值、完成值本来就按文字填写；年份写成“2022年”或日期的只作提示。
    """
    if not any(cell.as_text for cell in cells.values()):
        return
    by_sheet: dict[str, tuple[list[Stated], list[Stated]]] = {}
    for cell in cells.values():
        if cell.as_text and cell.field.type == "year" and not seen_text(cell.text).strip().isdecimal():
            sentence = (
                f"{cell.label}写成“{cell.text}”，按 {cell.shown} 年审核；表中标题的公式要用四位数的年份，"
                f"请把单元格格式设为“常规”，改填 {cell.shown}。"
            )
            yield Mismatch(cell, sentence, cell.number, (), Severity.INFO)
        elif (
            cell.is_number and cell.at and (cell.as_text or not cell.field.derived)
        ):  # what a formula shows says nothing
            by_sheet.setdefault(cell.at.rpartition("!")[0].strip("'"), ([], []))[cell.as_text].append(cell)
    for sheet, (numbers, texts) in by_sheet.items():
        if len(texts) >= _MANY and len(texts) > len(numbers):
            yield _texts_of_sheet(sheet, texts)
        else:
            yield from map(_text, texts)


def _texts_of_sheet(sheet: str, texts: list[Stated]) -> Mismatch:
    first, *others = texts
    names = _some(f"{cell.label} {cell.at.rpartition('!')[2]}“{seen_text(cell.text).strip()}”" for cell in texts)
    unseen = _named(dict.fromkeys(name for cell in texts for name in _unseen_in(cell.text)))
    sentence = f"{sheet}有 {len(texts)} 格数字是文字，表中的公式看不见它们：{names}{unseen}。"
    return Mismatch(first, sentence, first.number, tuple(others))


def _text(cell: Stated) -> Mismatch:
    unseen = _unseen_in(cell.text)
    text = seen_text(cell.text).strip()
    width = "" if text.isascii() else "（有全角字符）"
    sentence = f"{cell.label}的“{text}”是文字不是数{width}{_named(unseen)}，表中的公式看不见它。"
    return Mismatch(cell, sentence, cell.number)


def _named(names: Iterable[str]) -> str:
    return f"（{'、'.join(names)}）" if names else ""


def _unseen_in(text: str) -> list[str]:
    """Where a figure has characters that nobody sees, and which: 前面有看不见的字符 U+200B."""
    signs = dict.fromkeys(sign for sign in text if sign in UNSEEN or sign == _NO_BREAK)
    if not signs:
        return []
    core = text.strip(f"{UNSEEN}{_NO_BREAK} ")
    start = text.index(core)
    parts = {"前面": text[:start], "中间": core, "后面": text[start + len(core) :]}
    places = "、".join(place for place, part in parts.items() if any(sign in part for sign in signs))
    kinds = "、".join("不间断空格" if sign == _NO_BREAK else f"看不见的字符 U+{ord(sign):04X}" for sign in signs)
    return [f"{places}有{kinds}"]


@check(
    "XLP705",
    Severity.ERROR,
    "单元格是错误值",
    "cell shows an error value",
    cites="form",
)
def error_value(integrity: Integrity, cells: Mapping[str, Stated]) -> Iterator[Mismatch]:
    """单元格显示 #DIV/0!、#REF!、#NAME?、#VALUE! 等错误值。

    为何：错误值会传给所有用到它的合计，报表也不能这样上报。
    改法：错误值在计算项里的用“填充”恢复公式；在填报项里的直接改填数字。
    反例：执行率显示 #DIV/0!。
    正例：分母为 0 时显示 ——；由别的格子传来的错误值只在源头报一次。
    """
    for key, passed_on in integrity.errors.items():
        cell, others = cells[key], tuple(cells[each] for each in passed_on)
        spread = f"，并且传给了{_some(each.label for each in others)}" if others else ""
        yield Mismatch(cell, f"{cell.label}显示错误值 {cell.text}{spread}。", None, others)


@check(
    "XLP706",
    Severity.WARNING,
    "引用了其他工作簿",
    "workbook is linked to another workbook",
    cites="field-practice",
)
def linked_to_another_workbook(integrity: Integrity, year: Stated = MAY_BE_BLANK) -> Iterator[Mismatch]:
    """公式取自别的工作簿，或文件里带有指向别的文件的链接。

    为何：收表的人没有那个文件，数字无法核对，打开时还会变成旧数或错误值。
    改法：把取来的数改填为数值；在“数据—编辑链接”中断开链接。
    反例：全年执行数的公式是 ='[决算.xlsx]汇总'!C5。
    正例：只引用本工作簿各表的公式。
    """
    files = _some(name.replace("\\", "/").rpartition("/")[2] for name in integrity.linked_files)
    named = f"（{files}）" if files else ""
    for cell in integrity.external:
        yield Mismatch(cell, f"{cell.label}的公式取自别的工作簿{named}，收表的人打开后取不到数。")
    if integrity.linked_files and not integrity.external:
        yield Mismatch(year, f"工作簿里有指向其他文件的链接{named}，请在“数据—编辑链接”中断开。")


@check(
    "XLP707",
    Severity.WARNING,
    "表样文字被改动",
    "printed label was altered",
    cites="form",
)
def label_altered(integrity: Integrity) -> Iterator[Mismatch]:
    """填报格旁边的项目名称或栏名与表样不同；成了同一张表另一个项目的名称，就是错误。

    为何：格子按名称识别，名称旁的文字一改，填的数就可能被当成另一个项目。
    改法：恢复表样的文字；确需更名的，在审核说明中写明。
    反例：“出国经费”一行的文字改成了“公务接待”。
    正例：空格、换行、标点、序号、年份、括号里的说明有出入的不算；行移动、插入行、合并单元格不算。
    """
    swapped = [each for each in integrity.labels if each.of_another]
    altered = [each for each in integrity.labels if not each.of_another]
    for each in swapped:
        sentence = (
            f"{each.at} 表样是“{each.printed}”，现在写的是“{each.found[:60]}”，"
            f"那是另一个项目的名称；旁边的数仍按“{each.beside.label}”处理，请核对是否填错了行。"
        )
        yield Mismatch(each.beside, sentence, severity=Severity.ERROR)
    if altered:
        sentence = f"表样文字有改动：{_some(map(_change_of_label, altered))}。"
        yield Mismatch.of_all((each.beside for each in altered), sentence)


def _change_of_label(each: AlteredLabel) -> str:
    now = f"改成“{each.found[:60]}”" if each.found else "被删去"
    return f"{each.at}“{each.printed}”{now}"


@check(
    "XLP708",
    Severity.WARNING,
    "隐藏的行、列或表里有数",
    "figures are hidden",
    cites="field-practice",
)
def figures_hidden(integrity: Integrity) -> Iterator[Mismatch]:
    """隐藏的工作表、行或列里，或者合并单元格下面盖住的格子里，有不为 0 的数。

    为何：打印出来看不见，合计却算了进去，看的人对不上。
    改法：取消隐藏，或取消合并；不需要的数清空。
    反例：{base}第 15 行被隐藏，里面有业务工作经费 12.00；C11 与 C10 合并，C11 里还存着 8.00。
    正例：隐藏的行全是 0 或空白；合并单元格只隐藏了一部分；几行合用一个分值，下面没有别的数。
    """
    for each in integrity.hidden:
        figures = _some(f"{cell.label} {cell.shown}" for cell in each.cells)
        counted = "审核时没有算它，表中的公式却会把它算进去。" if each.covered else ""
        yield Mismatch.of_all(each.cells, f"{each.place}，里面有数：{figures}。{counted}")


@check(
    "XLP709",
    Severity.WARNING,
    "公式没有重新计算",
    "formula shows an old result",
    cites="form",
    settles=Across.FORM,
)
def formula_not_recalculated(integrity: Integrity) -> Iterator[Mismatch]:
    """公式是对的，保存在文件里的结果却是旧的；其他规则按重新计算的数审核。

    为何：用别的软件改了数而没有重算，不重算的程序（预览、汇总）读到的仍是旧数。
    改法：在 Excel 或 WPS 中打开，按 F9 重算后保存；或用“填充”。
    反例：人员经费由 100.00 改为 109.33，增减额仍显示 26.81，重算应为 36.14。
    正例：结果与公式一致；从未计算过、没有结果的公式；操作数是文字、重算也不会变的另有规则。
    """
    for each in integrity.stale:
        expected = _right(each)
        right = show(expected, each.stated.field)
        sentence = f"{each.stated.label}的公式没有重新计算：文件里存的是 {each.stated.shown}，重算应为 {right}。"
        yield Mismatch(each.stated, sentence, expected, each.operands)
