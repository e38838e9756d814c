"""A mistake in a form's TOML is told with file, line and key, whichever section it stands in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from xlperf.errors import TemplateError
from xlperf.form.forms import form_ids, listed_forms, load_template, proven
from xlperf.form.relations import AGREEMENT_WORDS
from xlperf.form.shapes import FORM
from xlperf.form.written import parse_toml

WHOLE = """\
id = "whole"
title = "全表"
edition = "测试"
unit = "万元"
cites = "field-practice"
default_variant = "strict"
not_applicable = ["——"]
placeholder_rows = ["……"]
masked = ["note", "items.name"]

[mistaken]
total = ["fees"]
[roles.tables]
projects = "items"
[roles.sheets]
base = "表一"

[reasons]
none = ["无"]
words = ["因"]
shortest = 4

[fields]
year = { label = "年度", type = "year", required = true }
unit_name = { label = "单位", type = "text" }
total = { label = "合计", type = "money", role = "derived" }
fees = { label = "会费", type = "money" }
grants = { label = "补助", type = "money" }
budget = { label = "预算", type = "money" }
note = { label = "说明", type = "text" }

[series.rows]
type = "money"
columns = { prior = "上年", current = "本年", change = "增减" }
derived_columns = ["change"]
defaults = { pay_prior = "——" }
[series.rows.rows]
pay = "人员"

[tables.items]
label = "明细"
row_label = "name"
[tables.items.columns]
name = { label = "名称", type = "text" }
amount = { label = "金额", type = "money" }

[[sums]]
total = "total"
parts = ["fees", "grants"]
over = [""]
elsewhere = { fees = ["budget"] }

[[included]]
whole = "budget"
parts = ["items[].*"]
over = ["amount"]

[[agreements]]
rule = "XLP404"
left = ["fees"]
right = ["last_year:pay"]
when = [["total", "fees", "grants"]]

[[required_when]]
cell = "note"
filled = ["grants"]
says = { unit_name = ["代管"] }

[next_year]
kept = ["unit_name"]
[next_year.series]
rows = { prior = "current" }
[next_year.tables.items]
kept = ["name"]

[prose]
increase = ["增加"]
items = { "会费" = "fees" }
[prose.cells]
rows = { prior = "prior" }
[prose.also]
fees = { current = ["fees"] }

[figures.full]
title = "满分"
value = "100"
cites = "field-practice"
status = "published"
[figures.base]
title = "分母"
cell = "budget"
choices = { budget = "预算", fees = "会费" }
cites = "field-practice"
status = "published"

[variants.strict]
title = "严"
figures.full = { value = "90", cites = "field-practice", status = "published" }
[variants.mild]
title = "宽"
like = "strict"
[variants.mild.from.2025]
full = { value = "80", cites = "field-practice", status = "published" }

[staff]
quota = ["编制"]
[staff.patterns]
quota = { kinds = "Q", example = "编制20名。", says = ["quota 20"] }

[[sheets]]
title = "表一"
widths = [18, 12, 12, 12]
rows = [
    ["#{year}年表", "<"],
    [{ height = 30 }, "年度", "$year", "单位", "$unit_name"],
    ["会费", "$fees", "补助", "$grants"],
    ["合计", "$total", "预算", "$budget"],
    ["人员", "$pay_prior", "$pay_current", "$pay_change"],
    ["名称", "金额"],
    ["$items.name", "$items.amount"],
    ["说明", ">$note"],
    ["$template", "<"],
]
[sheets.blank_rows]
items = [["……"]]
[sheets.hints]
note = "写明原因。"

[indicator_words]
undone = ["未完成"]
[indicator_kinds]
completion = ["完成率"]
[project_parts]
kinds = ["类"]
[other_units]
endings = ["局"]
[claims]
wholly = ["全部完成"]
[target_words]
about = ["约"]
[spelling]
typos = { "拔付" = ["拨付"] }
[numbering]
styles = ["（一）"]
[longest]
note = 200

[text_words]
offices = ["内设机构"]
[[text_words.complete]]
whole = "expenditure_total"
must = ["basic", "project_spending"]
"""


def told(text: str) -> str:
    with pytest.raises(TemplateError) as caught:
        proven(parse_toml(text, "whole.toml"))
    return str(caught.value)


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_the_form_has_every_section_and_no_mistake() -> None:
    written = parse_toml(WHOLE, "whole.toml")
    assert {key.removesuffix("!") for key in FORM} - {"extends", "uses", "without", "labels", "report"} == set(
        written.data
    )
    assert proven(written).id == "whole"


@pytest.mark.parametrize("form_id", form_ids())
def test_the_listed_forms_have_none(form_id: str) -> None:
    assert form_id in [form.id for form in listed_forms()]


def test_an_agreement_may_say_all_that_is_read() -> None:
    assert {key.removesuffix("!") for key in FORM["agreements"][0]} == AGREEMENT_WORDS


HEADERS = [line for line in WHOLE.splitlines() if line.startswith("[")]


@pytest.mark.parametrize("header", [each for each in HEADERS if "." in each or each.startswith("[[")])
def test_a_misspelt_key_in_any_section(header: str) -> None:
    """Where a section lists keys of its own: those that name something are told what they might name."""
    text = WHOLE.replace(f"{header}\n", f"{header}\nrolle_ = 1\n", 1)
    first, *_ = told(text).splitlines()
    place = header.strip("[]").replace("sheets.", "sheets[0].")
    place = f"{place}[0]" if header.startswith("[[") else place
    assert first.startswith(f"whole.toml 第 {line_of(text, 'rolle_')} 行 {place}.rolle_："), first


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        # the file itself
        ('unit = "万元"', 'unit = "万元', 'unit = "万元', "文字里有不能用的字符，或引号没有配对"),
        ('unit = "万元"', "unit = 万元", "unit = 万元", "= 的后面不是值，文字要加引号"),
        ('unit = "万元"', 'unit = "万元"\ntitle = "又"', 'title = "又"', "这个键写了两次"),
        ("[reasons]", "[fields]\n[reasons]", "[fields]\nyear", "这一节写了两次"),
        ("[reasons]", "reasons]", "reasons]", "键的后面应是 ="),
        # keys: unknown, missing, of a wrong kind
        ("edition", "editoin", "id", "缺少 edition"),
        ("edition", "editoin", "editoin", "editoin：不认识的键；是不是 edition？"),
        ("[figures.full]", "[figure.full]", "[figure.full]", "figure：不认识的键；是不是 figures？"),
        ('fees = { label = "会费", type', 'fees = { label = "会费", tpye', "fees = {", "fields.fees：缺少 type"),
        ('fees = { label = "会费", type', 'fees = { label = "会费", tpye',
         "tpye", "fields.fees.tpye：不认识的键；是不是 type？"),
        ('label = "会费", type = "money"', 'label = "会费", type = "moeny"',
         "moeny", "fields.fees.type：没有这种类型 moeny"),
        ("required = true", 'required = "yes"', '"yes"', "fields.year.required：应是真假（true、false），现为文字"),
        ("shortest = 4", "shortest = true", "shortest", "reasons.shortest：应是整数，现为真假（true、false）"),
        ("shortest = 4", "shortest = 4.5", "shortest", "reasons.shortest：应是整数，现为数"),
        ('none = ["无"]', 'none = "无"', "none =", "reasons.none：应是列表 […]，现为文字"),
        ('none = ["无"]', "none = [1979-05-27]", "none =", "reasons.none[0]：应是文字，现为日期"),
        ('edition = "测试"', 'edition = ["测试"]', "edition", "edition：应是文字，现为列表 […]"),
        ('fees = { label = "会费", type = "money" }', 'fees = "会费"',
         "fees =", "fields.fees：应是一组 键 = 值，现为文字"),
        ("fees = {", "Fees = {", "Fees", "fields.Fees：Fees 不能作键"),
        # what names something that is not there
        ('cites = "field-practice"', 'cites = "field-practise"', "cites", "cites：没有依据 field-practise"),
        ('default_variant = "strict"', 'default_variant = "strikt"', "strikt", "default_variant：没有口径 strikt"),
        ('"items.name"]', '"items.nmae"]', "masked", "masked[1]：没有项目 items.nmae；是不是 items.name？"),
        ('total = ["fees"]', 'total = ["fee"]', '["fee"]', "mistaken.total[0]：没有项目 fee；是不是 fees？"),
        ('projects = "items"', 'projects = "item"', "projects", "roles.tables.projects：没有明细表 item"),
        ('projects = "items"', 'project = "items"', "project =", "roles.tables.project：没有这种角色 project"),
        ('base = "表一"', 'base = "表二"', "表二", "roles.sheets.base：没有工作表 表二；可用：表一"),
        ('derived_columns = ["change"]', 'derived_columns = ["chance"]',
         "chance", "series.rows.derived_columns[0]：没有列 chance"),
        ("pay_prior = ", "pay_before = ", "pay_before", "series.rows.defaults.pay_before：没有项目 pay_before"),
        ('row_label = "name"', 'row_label = "naem"', "naem", "tables.items.row_label：没有栏目 naem"),
        ('total = "total"', 'total = "totals"', "totals", "sums[0].total：没有项目 totals；是不是 total？"),
        ('parts = ["fees", "grants"]', 'parts = ["fees", "grant"]', '"grant"', "sums[0].parts[1]：没有项目 grant"),
        ('over = ["amount"]', 'over = ["amuont"]', "items[].*", "included[0].parts[0]：没有项目 items[].amuont"),
        ('over = [""]', 'over = [""]\nsame = "level"', "same", "sums[0].same：各部分所在的明细表没有栏目 level"),
        ("elsewhere = { fees", "elsewhere = { fee", "{ fee =", "sums[0].elsewhere.fee：没有项目 fee"),
        ('rule = "XLP404"', 'rule = "404"', "rule", "agreements[0].rule：404 不是规则的编号"),
        ('left = ["fees"]', 'left = ["fee"]', 'left', "agreements[0].left[0]：没有项目 fee；是不是 fees？"),
        ('"last_year:pay"', '"last_year:wage"',
         "last_year", "agreements[0].right[0]：last_year:wage 要用到 wage_prior、wage_current、wage_change，其中"),
        ('when = [["total", "fees"', 'when = [["total", "fee"', "when", "agreements[0].when[0][1]：没有项目 fee"),
        ('cell = "note"', 'cell = "nota"', "nota", "required_when[0].cell：没有项目 nota；是不是 note？"),
        ('says = { unit_name', 'says = { unit', "says", "required_when[0].says.unit：没有项目 unit"),
        ('filled = ["grants"]', 'filled = ["items.name"]',
         "[[required_when]]", "required_when：note 与 filled、says 里的栏目应在同一张明细表里"),
        ('kept = ["unit_name"]', 'kept = ["unit"]', 'kept = ["unit"]', "next_year.kept[0]：没有项目 unit"),
        ('rows = { prior = "current" }', 'rows = { prior = "curent" }',
         "curent", "next_year.series.rows.prior：没有列 curent"),
        ('kept = ["name"]', 'kept = ["nam"]', '"nam"', "next_year.tables.items.kept[0]：没有栏目 nam"),
        ('rows = { prior = "prior" }', 'row = { prior = "prior" }', "row =", "prose.cells.row：没有系列 row"),
        ('current = ["fees"] }', 'current = ["fee"] }', '["fee"] }', "prose.also.fees.current[0]：没有项目 fee"),
        ('like = "strict"', 'like = "strikt"', "strikt", "variants.mild.like：没有口径 strikt"),
        ("figures.full = {", "figures.ful = {", "figures.ful =", "variants.strict.figures.ful：没有法定数值 ful"),
        ("note = \"写", "notes = \"写", "notes", "sheets[0].hints.notes：没有项目 notes；是不是 note？"),
        ('["说明", ">$note"]', '["说明", ">$nota"]', "$nota", "sheets[0].rows[7][1]：没有项目 nota"),
        ('"#{year}年表"', '"#{yaer}年表"', "{yaer}", "sheets[0].rows[0][0]：没有项目 yaer；是不是 year？"),
        # what contradicts itself
        ('year = { label = "年度", type = "year"', 'year = { label = "年度", type = "number"',
         "[fields]", "fields：每种表都要有 year"),
        ('pay = "人员"', 'pay = "人员"\n[fields.pay_prior]\nlabel = "重复"\ntype = "money"',
         "pay =", "series.rows.rows.pay：项目 pay_prior 定义了两次"),
        ("[figures.base]", "[figures.fees]", "[figures.fees]", "figures.fees：fees 既是项目又是法定数值的名字"),
        ('value = "100"', 'cell = "fees"\nvalue = "100"',
         "[figures.full]", "figures.full：应有 value 或 cell，只能有一个"),
        ("choices = {", "# choices = {", "[figures.base]", "figures.base：指一个格子，须在 choices 中列出可用的格子"),
        ('fees = "会费" }', 'fee = "会费" }', "fee =", "figures.base.choices.fee：没有项目 fee；是不是 fees？"),
        ('like = "strict"', 'like = "mild"\nreplaces = ["strict"]',
         "replaces", "variants.mild.replaces：strict 还在用"),
        ("mild.from.2025]", "mild.from.spring]",
         "mild.from.spring]", "variants.mild.from.spring：from 之后应是一个年份"),
        ('value = "80", ', "",
         "full = { cites", "variants.mild.from.2025.full：应写成 value（与默认的同类）、cites、status"),
        # the layout
        ("widths = [18, 12, 12, 12]\n", "", "[[sheets]]", "sheets[0]：缺少 widths"),
        ('["$template", "<"]', '["模板", "<"]', "[[sheets]]", "sheets：各张工作表里都没有 $template"),
        ('    ["说明", ">$note"],\n', "", "[[sheets]]", "sheets：各张工作表里都没有 $note"),
        ('["说明", ">$note"]', '["说明", ">$note", "$note"]', ">$note", "sheets[0].rows[7]：项目 note 出现了两次"),
        ('["说明", ">$note"]', '["说明", ">$note", "a", "b", "c"]',
         ">$note", "sheets[0].rows[7]：模板工作表“表一”中“说明”一行多于 4 格"),
        ('["说明", ">$note"]', '["<", ">$note"]',
         ">$note", "sheets[0].rows[7]：模板工作表“表一”第 8 行第 1 格的“<”没有可并入的格"),
        ('items = [["……"]]', 'items = [["一", "……"]]', "items = [[", "sheets[0].blank_rows.items[0]：应有 1 个"),
    ],
)  # fmt: skip
def test_a_mistake(old: str, new: str, at: str, said: str) -> None:
    text = WHOLE.replace(old, new, 1)
    assert text != WHOLE
    lines = told(text).splitlines()
    start = f"whole.toml 第 {line_of(text, at)} 行"
    assert any(line.startswith(start) and said in line for line in lines), (start, said, lines)


def test_all_mistakes_of_a_kind_are_told_at_once() -> None:
    """One in a line, up to twenty."""
    text = WHOLE.replace("type = ", "tpye = ")  # unknown and missing, in 7 fields, a series and 2 columns
    assert len(told(text).splitlines()) == 20
    lines = told(text.replace("title = ", "titel = ")).splitlines()  # of the form, 2 figures, 2 variants and a sheet
    assert (len(lines), lines[-1]) == (21, "……另有 12 处")


def test_a_form_by_its_path(tmp_path: Path) -> None:
    """The file is called as its user called it; one that Windows saved is read."""
    path = tmp_path / "表.toml"
    path.write_text(WHOLE.replace('"money"', '"moeny"', 1), "utf-8")
    with pytest.raises(TemplateError, match=f"^{re.escape(str(path))} 第 26 行 fields.total.type：没有这种类型"):
        load_template(str(path))
    path.write_bytes(WHOLE.replace("\n", "\r\n").encode("utf-8-sig"))
    assert load_template(str(path)).title == "全表"
    other = tmp_path / "另一表.toml"
    other.write_bytes(WHOLE.encode("gb18030"))
    with pytest.raises(TemplateError, match="不是 UTF-8"):
        load_template(str(other))
