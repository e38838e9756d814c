"""Reports and forms taken in: as a new workbook, or held against the one that is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from xlperf.errors import DocumentError
from xlperf.form.record import shortened
from xlperf.hosts.beside import Made, free_target
from xlperf.workbook import actions

if TYPE_CHECKING:
    from xlperf.hosts.excel.live import LiveForm
    from xlperf.intake.gather import Intake
    from xlperf.labels.blocks import Document

SOURCES = (".docx", ".xlsx", ".xls", ".doc", ".txt")
REPORTS = (".docx", ".doc", ".txt")
_LONGEST = 60  # of a sentence that is quoted
_LOOKED_FOR = (
    "要找的是：{base}（有“预算数”“决算数”等列和“三公经费”“公用经费”等行）、{evaluation}（“年度资金总额”一行，"
    "以及“三级指标”“得分”等列）、{finance}表（有“本年数”“增减额”等列），"
    "或者按“一、部门、单位基本情况”等分章的自评报告。请检查是否选错了文件。"
)
_LOOKED_FOR_FORM = (
    "要找的是有“全年执行数、执行率”或“三级指标、实际完成值、得分”这样的表头的表。请检查是否选错了文件或模板。"
)
_NO_LABELS = (
    "模板 {0} 没有写 labels，只认得出由它新建的工作簿（单独导入，{0}.toml 与工作簿放在一起）；"
    "要读别的文件，在它的 TOML 里加一行 labels = …，写法见 docs/contributing.md。"
)


def in_own_form(sources: Sequence[Path], template_id: str | None = None) -> tuple[Intake, str] | None:
    """What a workbook of somebody's own form holds, read by its names, and where it goes; None of any other file."""
    from xlperf.form.forms import load_template
    from xlperf.intake.own_book import own_intake

    wanted = None if template_id is None else load_template(template_id)
    own = own_intake(sources[0], wanted) if len(sources) == 1 else None
    if own is None:
        return None
    form, intake = own
    return intake, f"按工作簿里的模板编号读入，填入“{form.title}”工作簿（模板 {form.id}）。"


def gathered(documents: Sequence[Document], names: str, template_id: str | None = None) -> tuple[Intake, str]:
    """What the documents hold, and a sentence that says into which form it goes.

    Raises `DocumentError` that calls them by their `names` where nothing is recognised.
    """
    from xlperf.form.forms import default_template, load_template
    from xlperf.intake import chosen as choosing
    from xlperf.report.returned import without_generated

    wanted = None if template_id is None else load_template(template_id)
    chosen = choosing.choose(documents, wanted)
    template = chosen.template
    intake = without_generated(choosing.gathered(chosen), template)
    if all(entry.key == "year" for entry in intake.entries):
        looked_for = template.said(_LOOKED_FOR) if template.id == default_template().id else _LOOKED_FOR_FORM
        if template.labels is None:
            looked_for = _NO_LABELS.format(template.id)
        raise DocumentError(f"{names}：没有认出任何一张表，也没有认出报告正文。{looked_for}")
    found = f"认出的是《{chosen.found}》，" if chosen.found else ""
    return intake, f"{found}填入“{template.title}”工作簿（模板 {template.id}）。"


def import_file(source: Path) -> Made:
    """A new workbook beside the file, of what it holds; raises `XlperfError`, and then nothing is written."""
    from xlperf.intake.readers.opening import read_document
    from xlperf.intake.record_sheet import book_of

    intake, told = in_own_form([source]) or gathered([read_document(source)], source.name)
    opened = book_of(intake)
    target = free_target(source, "_导入", ".xlsx")
    opened.book.save(target)
    unsure = sum(not entry.sure for entry in intake.entries)
    lines = [
        f"已导入成新的工作簿：{target.path.name}（与 {source.name} 在同一个文件夹）。{told}",
        f"认出 {len(intake.entries)} 项，其中 {unsure} 项请核对；没有认出的 {len(intake.left)} 处也列在“导入记录”里。",
    ]
    return Made(target.path, "\n".join([*lines, *filter(None, [intake.figures.line])]))


def comparing(report: Path) -> Callable[[LiveForm, str | None], str]:
    """A work of `live.run`: hold a report against the open workbook, and list what they do not agree on."""

    def work(form: LiveForm, variant: str | None) -> str:
        from xlperf.checks.rule import Severity
        from xlperf.intake.narrative import of_tables
        from xlperf.intake.readers.opening import read_document
        from xlperf.report.between import Source, hold_report
        from xlperf.workbook.comparison import COMPARISON, write_comparison

        document = read_document(report)
        record, _ = actions.reliable_record(form, variant)
        held = hold_report(document, [Source(form.book.name, [of_tables(record)])], variant)
        if not held.is_compared:
            raise DocumentError(held.nothing_compared(report.name))
        compared = f"{report.name}：{held.ledger(report.name).line}"
        rows: list[Sequence[Decimal | str]] = [
            [
                f"{each.severity.sign} {each.severity.text}",
                each.at,
                each.message,
                each.stated,
                each.expected,
                each.place,
                shortened(each.quote, _LONGEST),
                each.code,
            ]
            for each in held.found
        ]
        last = "" if rows else "没有发现不符的地方；"
        write_comparison(form.book, [*rows, ["", "", f"{last}{compared}"]], [each.at for each in held.found])
        apart = [each for each in held.found if not each.is_of_text_alone]
        counts = "，".join(f"{level.text} {sum(each.severity is level for each in apart)}" for level in Severity)
        alone = len(held.found) - len(apart)
        own = f"；正文自身的问题 {alone} 处" if alone else ""
        return "\n".join(
            [
                f"对照完成：报告与工作簿不符 {len(apart)} 处：{counts}{own}。",
                compared,
                f"详见工作表“{COMPARISON.sheet}”；点“清除”可去掉。{form.undo}",
            ]
        )

    return work
