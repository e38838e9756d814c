"""The command `report`: the workbook's narrative report as a Word document."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("report", short_help="生成自评报告")
@click.argument("book", metavar="BOOK", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", metavar="REPORT.docx", type=click.Path(path_type=Path), required=True, help="写到哪个文件。"
)
@click.option(
    "--redact",
    is_flag=True,
    help="公开用：隐去填表人、“联系人：”“负责人：”等之后的姓名、电话、身份证号、电子邮箱。"
    "没有写在这些字样之后的其他姓名、单位名称、地址、账号不隐去，请自行检查。",
)
@click.option("--variant", metavar="ID", help="评分口径，用 xlperf variants 查看。")
def report_command(book: Path, output: Path, redact: bool, variant: str | None) -> None:
    """由工作簿生成自评报告（.docx），附基础数据表和自评表。

    自评报告中写好的各段照原文；空白而有数字的各段由“收支情况”等表生成；其余空白处写“〔请填写：…〕”。
    """
    from xlperf.errors import SaveError
    from xlperf.hosts import file
    from xlperf.package.save import save_atomically
    from xlperf.report.sections import left_to_write
    from xlperf.report.word import build_report

    if output.suffix.lower() != ".docx":
        raise SaveError(f"{output}：自评报告的文件名应以 .docx 结尾。")
    if output.exists():
        raise SaveError(f"{output}：文件已存在，没有覆盖。请换一个文件名，或先移走原文件。")
    record = file.open_form(book).record
    save_atomically(output, build_report(record, redact=redact, variant=variant))
    for each in left_to_write(record, variant):
        click.echo(f"  待写：{each}", err=True)
    click.echo(output)
