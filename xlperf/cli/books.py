"""The commands for a workbook of one's own: new, fill, clear, freeze, values, demo."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xlperf.cli.in_word import clear_document
from xlperf.cli.left import tell_beside, tell_left_out, tell_other_forms
from xlperf.cli.next_steps import tell_next
from xlperf.cli.options import (
    book_argument,
    drop_signature_option,
    in_place_option,
    output_option,
    redact_option,
    template_option,
    variant_option,
)
from xlperf.cli.output import say, say_all, say_json
from xlperf.errors import ValuesError
from xlperf.labels.blocks import WORD_SUFFIXES

if TYPE_CHECKING:
    from xlperf.workbook.astray import LeftOut

_NO_MACROS = (
    "写了 PERF_ 函数，而这是 .xlsx：Excel 的 Import Functions 要往工作簿里写代码，请先在 Excel 中另存为 .xlsm；"
    "xlwings Lite 和 LibreOffice 的加载项不需要。"
)
_MAX_VALUES = 64 << 20  # bytes
DEMO_NAME = "北塔区网信办2023"


@click.command(short_help="新建工作簿")
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@template_option
@click.option("--year", type=int, metavar="Y", help="评价年度。")
@click.option("--unit", metavar="NAME", help="预算单位名称。")
@click.option("--values", "values_file", type=click.Path(path_type=Path), metavar="FILE.json", help="要填入的数据。")
@click.option(
    "--goals",
    metavar="FORM",
    type=click.Path(path_type=Path),
    help="由这个项目的绩效目标表开始：带来项目名称、年度目标和各项指标、指标值。",
)
def new(
    out: Path,
    template_id: str | None,
    year: int | None,
    unit: str | None,
    values_file: Path | None,
    goals: Path | None,
) -> None:
    """新建一份空白（或带数据的）自评工作簿。

    --goals 与 --template project_spending（或 monitoring）同用，由目标表开始填自评表（监控表）。
    自己编的表样用 --template FORM.toml，做法见 workbook_templates/README.md。

    文件名以 .xlsm 结尾的，各表右边带一列按钮（填充、审核、下一处、上报本等），供装了 xlwings 加载项的 Excel 使用。
    """
    from xlperf.workbook.actions import new_workbook
    from xlperf.workbook.binding import bind
    from xlperf.workbook.targets import require_new

    target = require_new(out, ".xlsx", ".xlsm")
    if goals is not None and values_file is not None:
        raise click.UsageError("--goals 与 --values 只能用一个。")
    data = _read_values(values_file) if values_file else {}
    if goals is not None:
        data = _started(goals, template_id)
    given = {"template": template_id, "year": year, "unit_name": unit}
    data |= {key: value for key, value in given.items() if value is not None}
    book = new_workbook(data)
    if out.suffix.lower() == ".xlsm":
        from xlperf.package.save import save_atomically
        from xlperf.udf.buttons import with_buttons

        save_atomically(target, with_buttons(book.to_bytes(), bind(book).template))
    else:
        book.save(target)
    if data.get("year") in (None, ""):
        say(f"没有给出评价年度（--year）：请填在 {bind(book).place('year').address}，标题随它变。", err=True)
    tell_beside(bind(book).template, out)
    say(out)
    tell_next("new", file=out)


@click.command(short_help="填充计算项")
@book_argument
@output_option
@in_place_option
@drop_signature_option
@variant_option
@click.option(
    "--as",
    "how",
    type=click.Choice(["formula", "value", "udf"]),
    default="formula",
    help="写公式（默认）、写数值，或写 PERF_ 函数（要装好加载项的程序才会重算）。",
)
@click.option("--numbers", is_flag=True, help="先把以文字存放的数字转换为数字（从别的系统导出的表常是这样）。")
def fill(
    book: Path,
    output: Path | None,
    in_place: bool,
    drop_signature: bool,
    variant: str | None,
    how: str,
    numbers: bool,
) -> None:
    """算出并填入执行率、增长率、控制率、得分、总分、等级等计算项。"""
    from xlperf.udf.formulas import perf_formulas
    from xlperf.workbook import actions
    from xlperf.workbook.audited import variant_of
    from xlperf.workbook.several import open_forms
    from xlperf.workbook.targets import required_target

    target = required_target(book, output, in_place, "_已填")
    forms = list(open_forms(book))
    if numbers:
        from xlperf.workbook.numbers import to_numbers

        converted = [to_numbers(form) for form in forms]
        forms = [form for form, _ in converted]
        turned = [each for _, own in converted for each in own]
        say_all((f"  {each.at}  {each.label}：文字“{each.before}”→ {each.after}" for each in turned), err=True)
        say(f"把 {len(turned)} 格文字转换为数字。", err=True)
    changed: list[actions.Filled] = []
    left: list[LeftOut] = []
    for form in forms:
        own_variant = variant_of(form.record.template, variant, len(forms))
        changed += actions.fill(form, perf_formulas if how == "udf" else actions.FillAs(how), own_variant)
        left += actions.unfilled(form, own_variant)
    opened = forms[0].book
    opened.save(target, drop_signature=drop_signature)
    say_all((each.line for each in changed), err=True)
    say(f"更新了 {len(changed)} 个计算项。", err=True)
    tell_left_out(left, "没有填，原样保留")
    if how == "udf" and opened.name.lower().endswith(".xlsx"):
        say(_NO_MACROS, err=True)
    say(target)
    tell_next("fill", file=target)


@click.command(short_help="清除审核标记")
@book_argument
@output_option
@in_place_option
@drop_signature_option
@click.option("--explanations", is_flag=True, help="连同写好的审核说明一起去掉；不给的，说明留在“审核结果”里。")
@click.option("--drafts", is_flag=True, help="连同沿用上年的草稿标记（浅紫色底色和“沿用核对”表）一起去掉。")
def clear(
    book: Path, output: Path | None, in_place: bool, drop_signature: bool, explanations: bool, drafts: bool
) -> None:
    """去掉审核留下的底色、批注和结果，恢复原来的表；写好的审核说明留着，下次审核接着用。

    Word 文档（.docx）去掉审核加的批注，别人的批注不动。
    """
    from xlperf.workbook import actions
    from xlperf.workbook.drafts import clear_drafts
    from xlperf.workbook.marks import explanations_in
    from xlperf.workbook.targets import required_target

    target = required_target(book, output, in_place)
    if book.suffix.lower() in WORD_SUFFIXES:
        clear_document(book, target)
    else:
        form = actions.open_form(book)
        written = 0 if explanations else sum(bool(each.text.strip()) for each in explanations_in(form.book))
        actions.clear(form, explanations=explanations)
        if written:
            say(f"{written} 条审核说明留在“审核结果”里；要一起去掉请加 --explanations。", err=True)
        if drafts:
            clear_drafts(form.book)
        form.book.save(target, drop_signature=drop_signature)
    say(target)
    tell_next("clear document" if book.suffix.lower() in WORD_SUFFIXES else "clear", file=target)


@click.command(short_help="公式固定为数值，做上报本")
@book_argument
@output_option
@in_place_option
@drop_signature_option
@variant_option
@click.option(
    "--final",
    is_flag=True,
    help="另存上报本：只有数值，没有填报格的底色、标记、“……”行和辅助的工作表；先说明还有什么没有办完。原工作簿不动。"
    "不给 -o 的存成 <原名>_上报.xlsx。",
)
@redact_option
def freeze(
    book: Path,
    output: Path | None,
    in_place: bool,
    drop_signature: bool,
    variant: str | None,
    final: bool,
    redact: bool,
) -> None:
    """上报前把全部公式固定为数值，收到的人用什么软件打开都一样；--final 另存一份可以直接交的上报本。"""
    from xlperf.report.publishing import redact_workbook
    from xlperf.workbook import actions
    from xlperf.workbook.several import open_forms
    from xlperf.workbook.targets import required_target

    if final:
        from xlperf.cli.handing_in import final_target

        target = final_target(book, output, in_place)
    else:
        target = required_target(book, output, in_place)
    form, *others = open_forms(book)
    doubtful = actions.reliable_record(form, variant)[1]
    redactions = []
    if final:
        from xlperf.cli.handing_in import handed_in

        redactions = handed_in((form, *others), variant, target, redact=redact)
    else:
        count = actions.freeze(form, variant, others)
        redactions = [redact_workbook(each) for each in (form, *others)] if redact else []
        say(f"固定了 {count} 个公式。", err=True)
    form.book.save(target, drop_signature=drop_signature)
    tell_left_out(doubtful, "放在别的项目的行里，只按原来显示的固定")
    for each in redactions:
        say_all(each.lines(), err=True)
    say(target)
    tell_next("final" if final else "freeze", file=target)


@click.command(short_help="导出数据")
@book_argument
def values(book: Path) -> None:
    """把工作簿里的数据按原样导出为 JSON，可再交给 new --values。"""
    from xlperf.form.record import values_of
    from xlperf.workbook import actions

    form = actions.open_form(book)
    record, left = actions.reliable_record(form)
    say_json(values_of(record))
    tell_other_forms(form)
    tell_left_out(left, "没有导出")
    tell_next("values")


@click.command(short_help="演示")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path("xlperf-demo"))
def demo(folder: Path) -> None:
    """用一份已公开的真实报告演示：新建、审核、标注、填充。"""
    from xlperf.cli.printed import report_lines
    from xlperf.form.forms import example_of, form_ids
    from xlperf.package.save import make_folder
    from xlperf.workbook import actions

    data = example_of(form_ids()[0])
    make_folder(folder)
    original = folder / f"{DEMO_NAME}.xlsx"
    actions.new_workbook(data).save(original)
    form = actions.open_form(original)
    report, explanations = actions.check(form)
    actions.mark(form, report, explanations)
    marked = folder / f"{DEMO_NAME}_审核.xlsx"
    form.book.save(marked)
    form = actions.open_form(original)
    changed = actions.fill(form)
    filled = folder / f"{DEMO_NAME}_已填.xlsx"
    form.book.save(filled)

    say_all(("《2023年部门整体支出绩效自评报告》（已公开的真实报告，数据照原文）", ""))
    say_all(report_lines(report, explanations))
    say_all(("", "填充时更正的计算项："))
    corrected = [each for each in changed if each.corrects]
    say_all(each.line for each in corrected)
    say(f"  另有 {len(changed) - len(corrected)} 个空白的计算项已算出。")
    say_all(("", f"原始工作簿：{original}", f"审核后（请打开看）：{marked}", f"填充后：{filled}"))
    tell_next("demo")


def _started(goals: Path, template_id: str | None) -> dict[str, Any]:
    """What a new form begins with, from the goal form of the project."""
    from xlperf.cli.checked import read_forms
    from xlperf.errors import DocumentError
    from xlperf.form.forms import default_template, load_template
    from xlperf.workbook.audited import subject_of
    from xlperf.workbook.started import started_values

    records = read_forms(goals, "goals")
    if len(records) > 1:
        names = "、".join(f"“{subject_of(record)}”" for record in records)
        raise DocumentError(
            f"{goals.name}：里面有 {len(records)} 张目标表（{names}），请各存一份文件，一个项目一个工作簿。"
        )
    template = load_template(template_id) if template_id else default_template()
    return started_values(records[0], template)


def _read_values(path: Path) -> dict[str, Any]:
    import json

    from xlperf.package.opening import read_file

    blob = read_file(path, str(path), ".json 文件")  # never a pipe: nobody knows when that would end
    if len(blob) > _MAX_VALUES:
        raise ValuesError(
            f"{path}：超过 {_MAX_VALUES >> 20} MB，不像是 xlperf values 导出的数据。请检查是否选错了文件。"
        )
    try:
        data = json.loads(blob.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ValuesError(f"{path}：不是有效的 JSON（{error}）。可用 xlperf values 导出一份作样子。") from error
    if not isinstance(data, dict):
        raise ValuesError(f"{path}：最外层应为对象（{{…}}），现为 {type(data).__name__}。")
    return data


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} 不是数字")
