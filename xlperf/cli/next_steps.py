"""What to do next: the line with which every command ends, on stderr."""

from __future__ import annotations

from pathlib import Path

from xlperf.cli.output import all_said, say

STEPS = {
    "new": "打开 {file}，填好浅黄色的格，保存后审核：xlperf check {file}",
    "fill": "打开 {file} 看一遍算出的数，再审核：xlperf check {file}",
    "check wrong": "改正标“错误”的各格后再审核一次；要把问题标在表里：xlperf check {file} -o {marked}",
    "check marked": "打开 {marked}，照“审核结果”逐条改正或写审核说明，保存后再审核：xlperf check {marked} --in-place",
    "check commented": "用 Word 打开 {marked}，照批注改正，保存后再审核：xlperf check {marked}",
    "check open": "没有必须改正的；“核实”的请写明原因：xlperf check {file} -o {marked}，写在“审核说明”一栏",
    "check clean": "可以做上报本了：xlperf freeze {file} --final",
    "check unfilled": "没有必须改正的；自动计算的格还空着，先算出来：xlperf fill {file} --in-place",
    "check document": "在原文件里改正后再审核一次：xlperf check {file}",
    "check several": "各份文件改正后，把它们一起再审核一次。",
    "check variants": "用其中一种口径审核：xlperf check {file} --variant 编号",
    "review": "打开 {file}，先看“总览”，再在“单位清单”里筛选“待改正”；重新报送后再审核一次，会列出哪些已经了结。",
    "clear": "接着填报，改好后再审核：xlperf check {file}",
    "clear document": "改好后再审核：xlperf check {file}",
    "freeze": "打开 {file} 看一遍，打印或报送；要改请改原来的工作簿。",
    "final": "打开 {file} 看一遍，打印或报送；要改请改原来的工作簿，再做一次上报本。",
    "values": "存成 数据.json 后可以再用：xlperf new 新.xlsx --values 数据.json",
    "demo": "开始填自己的：xlperf new 自评.xlsx --year 年度 --unit 单位名称",
    "import": "打开 {file}，核对“导入记录”里标“请核对”的各项，再审核：xlperf check {file}",
    "report": "用 Word 打开 {file}，补上“〔请填写：…〕”，再与工作簿核对：xlperf check {book} {file}",
    "roll": "打开 {file}，照“沿用核对”逐格核对浅紫色的格，填本年的数，再审核：xlperf check {file}",
    "rules": "看一条规则为什么这样规定、怎样改：xlperf explain 代码",
    "variants": "用其中一种口径审核：xlperf check 自评.xlsx --variant 编号",
    "explain": "改好后再审核：xlperf check 自评.xlsx",
    "forms": "新建其中一种：xlperf new 文件名.xlsx --template 编号",
    "layouts": "用其中一种式样读表：xlperf check 表.xlsx --layout 编号",
    "addin build": "照上面的说明装好，在单元格里试 =PERF_GRADE(95)，应显示“优”。",
    "addin status": "有“✗”的照后面的说明处理，再运行一次 xlperf addin status。",
    "addin install": "照上面的步骤在 Excel 里做完，再运行 xlperf addin status 检查。",
    "addin uninstall": "重新启动 Excel。要再装：xlperf addin install",
    "page build": "双击 {file} 打开看一看；用邮件或 U 盘交给别人，打开就能用，不用装什么。",
    "template build": "检查生成的表：xlperf template lint",
    "template wrong": "照列出的行号改正，再运行一次 xlperf template lint。",
    "template sound": "新建一份看看：xlperf new 文件名.xlsx --template {file}",
    "template preview": "打开图片看一遍；要改就改 .toml，再检查：xlperf template lint {file}",
}


def tell_next(step: str, **files: object) -> None:
    """Say the step after a command; `files`: what it names, {file} {book} {marked}.

    Only once all results are out: where nobody reads them, or a disk is full, there is no next step.
    """
    if not all_said():
        return
    say(f"下一步：{STEPS[step].format(**{name: _typed(each) for name, each in files.items()})}", err=True)


def marked_copy(path: Path) -> Path:
    """Where a marked copy of a workbook would stand."""
    return path.with_name(f"{path.stem}_审核{path.suffix}")


def _typed(file: object) -> str:
    """As it is typed in a terminal: in quotes where it has blanks."""
    text = str(file)
    return f'"{text}"' if any(map(str.isspace, text)) else text
