"""`template lint FORM.toml` says of every mistake that people make in a form where it stands and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import Run
from tests.places import DATA
from xlperf.cli.linted import problems_of

GOOD = """\
id = "county"
title = "县级自评表"
edition = "2025年"
unit = "万元"
cites = "field-practice"
uses = ["scoring.toml"]
default_variant = "hunan-linear"

[fields]
year = { label = "年度", type = "year", required = true }
unit_name = { label = "部门名称", type = "text", required = true }
opening_budget = { label = "年初预算数", type = "money" }
annual_budget = { label = "全年预算数", type = "money", role = "derived" }
appropriation = { label = "当年财政拨款", type = "money" }
carried_over = { label = "上年结转资金", type = "money", default = "0" }
annual_spent = { label = "全年执行数", type = "money", required = true }
execution_rate = { label = "执行率", type = "rate", role = "derived" }
reason = { label = "未完成原因", type = "text" }

[tables.tasks]
label = "重点任务"
row_label = "name"
[tables.tasks.columns]
name = { label = "任务", type = "text" }
amount = { label = "金额", type = "money" }
note = { label = "说明", type = "text" }

[[sums]]
total = "annual_budget"
parts = ["appropriation", "carried_over"]
over = [""]

[[agreements]]
rule = "XLP404"
left = ["annual_spent"]
right = ["annual_budget"]
at_most = true

[[required_when]]
cell = "tasks.note"
filled = ["tasks.amount"]

[[sheets]]
title = "自评表"
widths = [16, 14, 14, 14]
rows = [
    ["#{year}年县级自评表"],
    ["部门名称", "$unit_name", "年度", "$year"],
    ["年初预算数", "$opening_budget"],
    ["当年财政拨款", "$appropriation", "上年结转资金", "$carried_over"],
    ["预算执行", "全年预算数", "全年执行数", "执行率"],
    ["^", "$annual_budget", "$annual_spent", "$execution_rate"],
    ["任务", "金额", "说明", "<"],
    ["$tasks.name", "$tasks.amount", ">$tasks.note", "<"],
    ["未完成原因", ">$reason"],
    ["模板编号", "$template"],
]
[sheets.blank_rows]
tasks = [["防汛"], ["……"]]
[sheets.hints]
reason = "执行率低于 90% 的写明原因。"

[[sheets]]
title = "审核结果"
results = true
rows = [["#审核结果"]]
"""

CASES = [
    # the writing of the file
    ('title = "县级自评表"', 'title = "县级自评表', "2", "引号没有配对"),
    ('title = "县级自评表"', "title = “县级自评表”", "2", "用了中文标点，TOML 只认英文标点：第 9 列的 “ 应是 \""),
    ('["appropriation", "carried_over"]', '["appropriation"，"carried_over"]', "30", "中文标点 ， 应是 ,"),
    ('title = "县级自评表"', "title = 县级自评表", "2", "= 的后面不是值，文字要加引号"),
    ("[tables.tasks]", "[tables.tasks", "20", "节名的方括号 [ ] 没有配对"),
    # words
    ("[tables.tasks]", "[table.tasks]", "20", "table 不认识的键 是不是 tables？"),
    ('unit_name = { label', 'unit_name = { lable', "11", "fields.unit_name.lable 不认识的键 是不是 label？"),
    ('"money", role = "derived"', '"moeny", role = "derived"', "13", "没有这种类型 moeny 是不是 money？"),
    ('"money", role = "derived"', '"money", role = "deriv"', "13", "没有这种角色 deriv 是不是 derived？"),
    ('id = "county"\n', "", "1", "缺少 id"),
    ('title = "县级自评表"\n', "", "1", "缺少 title"),
    ('id = "county"', 'id = "县级"', "1", "县级 不能作键：只能用小写字母、数字和 _"),
    ('cites = "field-practice"', 'cites = "anhui-2025"', "5", "没有依据 anhui-2025 没有登记的写 field-practice"),
    ('= "hunan-linear"', '= "hunan-liner"', "7", "没有口径 hunan-liner 是不是 hunan-linear？"),
    ('uses = ["scoring.toml"]', 'uses = ["scores.toml"]', "6", "没有文件 scores.toml"),
    ('unit = "万元"', 'unit = "万元"\nlabels = "county.labels.toml"', "5", "labels 没有文件 county.labels.toml"),
    ('unit = "万元"', 'unit = "万元"\nextends = "anhui"', "5", "extends 没有这种表 编号 .toml 文件的路径"),
    # what cells hold, and what they are computed from
    ('default = "0"', 'default = "没有"', "15", "“没有”不是数 default 应是数字"),
    ('total = "annual_budget"', 'total = "year_budget"', "29", "没有项目 year_budget 是不是 annual_budget？"),
    ('"carried_over"]', '"carryover"]', "30", "没有项目 carryover 是不是 carried_over？"),
    ('"carried_over"]', '"execution_rate"]', "30", "是 money（万元） execution_rate 是 rate（%） 不能相加"),
    ('"carried_over"]', '"annual_budget"]', "29", "循环相加 annual_budget 请改 parts"),
    ('over = [""]\n', 'over = [""]\n[[sums]]\ntotal = "annual_budget"\nparts = ["appropriation"]\nover = [""]\n',
     "33", "与第 28 行的 [[sums]] 同是“annual_budget”"),
    ('parts = ["appropriation", "carried_over"]\nover = [""]',
     'parts = ["tasks[].amount"]\nover = [""]\nsame = "level"',
     "32", "明细表没有栏目 level"),
    ('"未完成原因", type = "text"', '"未完成原因", type = "text", role = "derived"',
     "18", 'role = "derived" 没有说怎样算 [[sums]] 或去掉 role'),
    ('[[sums]]\ntotal = "annual_budget"', '[[included]]\nwhole = "annual_budget"', "13", "没有说怎样算"),
    ("execution_rate", "balance_rate", "17", "要由 balance、annual_budget 算出 没有 balance"),
    # relations
    ('rule = "XLP404"', 'rule = "XLP444"', "34", "没有核对各处同一个数的规则 XLP444 可用 XLP404"),
    ('left = ["annual_spent"]', 'left = ["annual_spend"]', "35", "没有项目 annual_spend 是不是 annual_spent？"),
    ('filled = ["tasks.amount"]', 'filled = ["tasks.amuont"]', "41", "没有项目 tasks.amuont 是不是 tasks.amount？"),
    ('filled = ["tasks.amount"]', 'filled = ["task.amount"]', "41", "没有项目 task.amount"),
    # the layout
    ('title = "审核结果"', 'title = "自评表"', "64", "与第 43 行的 [[sheets]] 同是“自评表” 改名"),
    ('title = "自评表"', 'title = "自评表（2025/2026）?"', "44", "Excel 不许用的 / ?"),
    ('title = "自评表"', f'title = "{"很长的名称" * 7}"', "44", "35 个字 最多 31 个 改短"),
    ('">$reason"', '">$raeson"', "55", "没有项目 raeson 是不是 reason？"),
    ('"#{year}年县级自评表"', '"#{yaer}年县级自评表"', "47", "没有项目 yaer 是不是 year？"),
    ('    ["未完成原因", ">$reason"],\n', "", "43", "各张工作表里都没有 $reason 在 rows 里给它一格 或去掉它的定义"),
    ('"模板编号", "$template"', '"模板编号", ""', "43", "各张工作表里都没有 $template"),
    ('"部门名称", "$unit_name"', '"$reason", "$unit_name"', "55", "项目 reason 出现了两次"),
    ('">$tasks.note", "<"', '"", "<"', "43", "各张工作表里都没有 $tasks.note"),
    ('["任务", "金额", "说明", "<"]', '["任务", "金额", "说明", "<", "备注"]',
     "53", "“任务”一行多于 4 格（写了 5 格） 在 widths 里加列"),
    ('["未完成原因", ">$reason"]', '["<", ">$reason"]', "55", "“<”没有可并入的格 “<”并入左边一格"),
    ('["#{year}年县级自评表"]', '["^", "#{year}年县级自评表"]', "47", "“^”没有可并入的格"),
    ('"$tasks.amount", ">$tasks.note", "<"]', '"$tasks.amount"],\n    ["", "", ">$tasks.note", "<"]',
     "55", "栏目分在两行 同一行"),
    ('["任务", "金额", "说明", "<"]', '["任务", "金额（万元）", "说明", "<"]',
     "53", "表头里没有“金额” 请改表头或 label"),
    ('["任务", "金额", "说明", "<"]', '["重点任务及其金额"]', "53", "表头的格比栏目少 任务、金额、说明"),
    ('["防汛"], ["……"]', '["防汛"], ["抗旱"]', "59", "没有“……”的行 在它上面插入新行"),
    ('["防汛"]', '["水利", "防汛"]', "59", "blank_rows.tasks[0] 应有 1 个"),
    ('reason = "执行率', 'reasons = "执行率', "61", "没有项目 reasons 是不是 reason？"),
    ("widths = [16, 14, 14, 14]\n", "", "43", "缺少 widths"),
    ('name = { label = "任务"', 'name = { label = "{year}年任务"', "24", "label 里的 {year} 不会换成年份 写在表头里"),
]  # fmt: skip


def problems(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "county.toml"
    path.write_text(text, "utf-8")
    return [each.replace(str(path), "county.toml") for each in problems_of(str(path))]


def test_a_good_form_has_none(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD) == []


@pytest.mark.parametrize(("good", "bad", "line", "words"), CASES, ids=range(len(CASES)))
def test_a_mistake_is_told_with_its_line_and_what_to_do(
    good: str, bad: str, line: str, words: str, tmp_path: Path
) -> None:
    assert good in GOOD
    told = problems(tmp_path, GOOD.replace(good, bad))
    there = [each for each in told if each.startswith(f"county.toml 第 {line} 行")]
    assert [each for each in there if all(word in each for word in words.split(" "))], told


def test_all_mistakes_are_told_at_once(run: Run, tmp_path: Path) -> None:
    """From above to below, and not only those of one kind."""
    text = GOOD
    for good, bad, *_ in (CASES[7], CASES[18], CASES[27], CASES[34], CASES[46]):
        text = text.replace(good, bad)
    (tmp_path / "county.toml").write_text(text, "utf-8")
    told = run("template", "lint", "county.toml")
    assert (told.code, told.err.splitlines()[0]) == (1, "6 处错误。")
    assert [line.split()[2] for line in told.out.splitlines()] == ["13", "29", "34", "43", "55", "59"]


def test_exit_codes(run: Run, tmp_path: Path) -> None:
    (tmp_path / "county.toml").write_text(GOOD, "utf-8")
    for form in ("county.toml", "goals"):
        told = run("template", "lint", form)
        assert (told.code, told.out, told.err.splitlines()[0]) == (0, "", "没有错误。")
    assert run("template", "lint", "没有.toml") == (2, "", "无法完成：找不到模板文件 没有.toml\n")


def own_form(tmp_path: Path, good: str, bad: str, name: str = "own_department.toml") -> list[str]:
    text = (DATA / "own_department.toml").read_text("utf-8")
    assert good in text
    (tmp_path / name).write_text(text.replace(good, bad), "utf-8")
    return problems_of(str(tmp_path / name))


@pytest.mark.parametrize(
    ("good", "bad", "words"),
    [
        ('indicators = "indicators"\n', "", "像是绩效指标 [roles.tables] indicators = \"indicators\" 都不核对"),
        ('"效益指标" = "30"', '"效益指标" = "35"', "加起来是 105，应为 100"),
        ('"效益指标（30分）", "社会', '"效益指标（35分）", "社会', "效益指标（35分） 写的是 30 改成一样"),
    ],
)  # fmt: skip
def test_what_would_leave_a_form_unchecked_is_told(good: str, bad: str, words: str, tmp_path: Path) -> None:
    told = own_form(tmp_path, good, bad)
    assert [each for each in told if all(word in each for word in words.split(" "))], told


def test_a_file_that_is_not_called_as_its_form(tmp_path: Path) -> None:
    assert own_form(tmp_path, "id =", "id =") == []
    (told,) = own_form(tmp_path, "id =", "id =", "改名.toml")
    assert "请改成 own_department.toml，或改 id" in told
