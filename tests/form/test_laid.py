"""A form that extends another says only what differs; what it does without takes along what spoke of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.command import Run
from tests.places import DATA
from xlperf.audit.applicable import not_applicable
from xlperf.audit.run import audit
from xlperf.errors import TemplateError
from xlperf.form.forms import form_ids, load_template, proven
from xlperf.form.laid import laid
from xlperf.form.mistakes import refuse_names, wrong_references
from xlperf.form.record import Record, record_from_values
from xlperf.form.relations import AGREEMENTS
from xlperf.form.shapes import LABELS, names_of_template
from xlperf.form.template import Template
from xlperf.form.written import parse_toml, read_toml, templates_folder

SMALL = """\
id = "small"
title = "更小的表"
extends = "tiny.toml"
without = ["fields.note", "tables.items"]

[fields]
grants = { label = "拨款收入" }
gifts = { label = "捐赠收入", type = "money", required = true }

[[sums]]
total = "total"
parts = ["fees", "grants", "gifts"]
over = [""]

[[sheets]]
title = "小表"
widths = [18, 12]
rows = [
    ["年度", "$year"],
    ["单位", "$unit_name"],
    ["会费收入", "$fees"],
    ["拨款收入", "$grants"],
    ["捐赠收入", "$gifts"],
    ["合计", "$total"],
    ["模板编号", "$template"],
]
"""


def small(text: str = SMALL) -> Template:
    return proven(parse_toml(text, "small.toml", DATA))


def test_what_it_says_and_what_it_does_not_say() -> None:
    form, base = small(), load_template(str(DATA / "tiny.toml"))
    assert (form.id, form.title, form.edition, form.source) == ("small", "更小的表", base.edition, base.source)
    assert list(form.fields) == ["year", "unit_name", "total", "fees", "grants", "gifts"]
    assert form.fields["grants"] == base.fields["grants"]._replace(label="拨款收入")
    assert form.fields["fees"] == base.fields["fees"]
    assert form.tables == {}
    assert [each.parts for each in form.sums] == [("fees", "grants", "gifts")]
    assert [sheet["title"] for sheet in form.sheets] == [sheet["title"] for sheet in base.sheets]
    assert len(base.fields) == 6, "which is as it was"


def test_it_goes_through_the_commands(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_bytes((DATA / "tiny.toml").read_bytes())
    (tmp_path / "更小的表.toml").write_text(SMALL, "utf-8")
    values = {"year": 2024, "unit_name": "某协会", "fields": {"fees": "3", "gifts": "1", "total": "3"}}
    (tmp_path / "values.json").write_text(json.dumps(values), "utf-8")
    made = run("new", "表.xlsx", "--template", "更小的表.toml", "--values", "values.json")
    assert made.code == 0, made.err
    found = json.loads(run("check", "表.xlsx", "--format", "json").out)
    assert found["template"] == "small"
    assert [(each["code"], each["at"], each["expected"]) for each in found["findings"]] == [("XLP201", "小表!B6", "4")]
    assert run("fill", "表.xlsx", "-o", "填.xlsx").code == 0
    assert run("check", "填.xlsx").code == 0


TABLE = """\
id = "table_only"
title = "只有附表"
extends = "department_overall"
without = [
    "sheets.自评报告", "fields.report_unit_name", "fields.report_score", "fields.report_grade",
    "fields.section_1_1", "fields.section_1_2", "fields.section_1_3", "fields.section_1_4",
    "fields.section_2_1", "fields.section_2_2", "fields.section_2_3", "fields.section_2_4", "fields.section_2_5",
    "fields.section_3_1", "fields.section_3_2", "fields.section_4", "fields.section_5", "fields.section_6",
    "agreements.XLP419", "variants.hubei",
]
[variants.here]
title = "本地"
like = "hunan-linear"
figures.standard_total_weight = { value = "120", cites = "field-practice", status = "unconfirmed" }
"""


@pytest.fixture(scope="module")
def table_only() -> Template:
    return proven(parse_toml(TABLE, "table_only.toml"))


def test_the_attachments_without_the_report(table_only: Template, template: Template) -> None:
    assert set(template.fields) - set(table_only.fields) == {
        key for key in template.fields if key.startswith(("section_", "report_"))
    }
    assert [each.rule for each in table_only.related(*AGREEMENTS)] == [
        each.rule for each in template.related(*AGREEMENTS) if each.rule not in ("XLP410", "XLP419")
    ]
    assert table_only.sums == template.sums
    assert table_only.masked == template.masked - {"report_unit_name"}
    assert set(template.next_year.cells.keys) - set(table_only.next_year.cells.keys) == {
        key for key in template.next_year.cells.keys if key.startswith(("section_", "report_"))
    }
    assert [*table_only.variants] == [*(each for each in template.variants if each != "hubei"), "here"]
    assert table_only.figures_of("here")["standard_total_weight"].value == "120"
    assert {"XLP410", "XLP505", "XLP508"} <= set(not_applicable(table_only))


def test_its_findings_are_those_of_the_whole_form(
    table_only: Template, beita: Record, beita_values: dict[str, Any]
) -> None:
    fields = {key: value for key, value in beita_values["fields"].items() if key in table_only.fields}
    report = audit(record_from_values(beita_values | {"fields": fields}, table_only))
    whole = {
        (each.code, each.key) for each in audit(beita).findings if not each.key.startswith(("section_", "report_"))
    }
    assert {(each.code, each.key) for each in report.findings} == {
        each for each in whole if each[0] not in (*report.not_applicable, "XLP419")
    }
    assert len(whole) > 5


NOT_SHOWN = r"sheets：各张工作表里都没有 \$"
SHOWN = r"sheets\[[0-9]\]\.rows\[[0-9]+\]\[[0-9]\]：没有项目 "


@pytest.mark.parametrize(
    ("without", "told"),
    [
        ("prose", ""),
        ("figures.execution_base", ""),
        ("agreements.XLP204", ""),
        ("series.finance.rows.income_business", SHOWN + "income_business_"),
        ("series.finance.columns.opening", SHOWN + "[a-z_]+_opening；"),
        ("series.levels", SHOWN + "(output|benefit|satisfaction)_"),
        ("fields.annual_budget", SHOWN + "annual_budget"),
        ("tables.indicators", SHOWN + r"indicators\."),
        ("sheets.收支情况", NOT_SHOWN),
        (
            "tables.project_special.columns.budget",
            SHOWN + r"project_special\.budget|sums\[2\]\.parts\[2\]：没有项目 project_special\[\]\.budget",
        ),
    ],
)
def test_what_spoke_of_it_goes_too(without: str, told: str) -> None:
    """But for the sheets that show it."""
    text = f'id = "less"\nextends = "department_overall"\nwithout = ["{without}"]\n'
    if not told:
        assert proven(parse_toml(text, "less.toml")).id == "less"
        return
    with pytest.raises(TemplateError) as caught:
        proven(parse_toml(text, "less.toml"))
    for line in str(caught.value).splitlines()[:20]:
        assert re.match(rf"department_overall\.toml 第 [0-9]+ 行 ({told})", line), line


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"tiny.toml"', '"tinny.toml"', "small.toml 第 3 行 extends：没有这种表"),
        ('"tiny.toml"', '"no_such_form"', "small.toml 第 3 行 extends：没有这种表"),
        ('"tiny.toml"', "3", "small.toml 第 3 行 extends：没有这种表"),
        ('id = "small"\n', "", "small.toml 第 1 行：缺少 id"),
        ('"fields.note"', '"fields.remark"', "small.toml 第 4 行 without[0]：所依据的文件里没有 fields.remark"),
        ('"fields.note"', '"sheets.附表"', "small.toml 第 4 行 without[0]：所依据的文件里没有 sheets.附表"),
        ('"fields.note"', "3", "small.toml 第 4 行 without[0]：应是文字，现为整数"),
        ('"gifts"]', '"gift"]', "small.toml 第 12 行 sums[0].parts[2]：没有项目 gift；是不是 gifts？"),
        ('"$gifts"', '"$gift"', "small.toml 第 23 行 sheets[0].rows[4][1]：没有项目 gift；是不是 gifts？"),
        ('label = "捐赠收入", ', "", "small.toml 第 8 行 fields.gifts：缺少 label"),
        ("without = [", "sums = []\nwithout = [", "small.toml 第 11 行第 7 列：这一节写了两次"),
        ('"小表"', '"大表"', "tiny.toml 第 41 行 sheets[0].rows[8][1]：没有项目 note"),
        ('["模板编号", "$template"]', '["$year"]', "small.toml 第 25 行 sheets[0].rows[6]：项目 year 出现了两次"),
    ],
)
def test_a_mistake_is_told_in_the_file_that_has_it(old: str, new: str, told: str) -> None:
    text = SMALL.replace(old, new, 1)
    assert text != SMALL
    with pytest.raises(TemplateError) as caught:
        small(text)
    assert any(line.startswith(told) for line in str(caught.value).splitlines()), str(caught.value)


def test_forms_that_extend_each_other(tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / f"{name}.toml").write_text(f'id = "{name}"\nextends = "{other}.toml"\n', "utf-8")
    with pytest.raises(TemplateError, match=r"第 2 行 extends：几种表互相依据"):
        load_template(str(tmp_path / "a.toml"))


USING = """\
id = "using"
title = "用公用文件的表"
edition = "测试"
unit = "万元"
cites = "field-practice"
uses = ["prose.toml", "scoring.toml"]
default_variant = "yunnan-ratio"
without = ["variants.hubei"]
[fields]
year = { label = "年度", type = "year" }
unit_name = { label = "单位", type = "text" }
annual_budget = { label = "全年预算数", type = "money" }
note = { label = "说明", type = "text" }
[figures.adjustment_notice]
title = "提示"
value = "0.2"
cites = "field-practice"
status = "unconfirmed"
"""


def test_shared_files_say_nothing_of_cells_that_the_form_lacks(template: Template) -> None:
    form = proven(parse_toml(USING, "using.toml"))
    assert form.prose.words == template.prose.words
    assert set(form.prose.alone.values()) == {"annual_budget"} < set(template.prose.alone.values())
    assert form.meanings == {}
    assert form.words.reasons == template.words.reasons
    assert [*form.variants] == [each for each in template.variants if each != "hubei"]
    assert form.default_variant == "yunnan-ratio"
    own, whole = form.figures_of(None), template.figures_of("yunnan-ratio")
    assert set(whole) - set(own) == {"execution_base"}, "the budget that execution is measured on: it has one only"
    assert {name for name in own if own[name] != whole[name]} == {"adjustment_notice"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"prose.toml"', '"prosa.toml"', "using.toml 第 6 行 uses[0]：没有文件 prosa.toml"),
        (
            'without = ["variants.hubei"]',
            'without = ["variants.hubai"]',
            "using.toml 第 8 行 without[0]：所依据的文件里没有",
        ),
        (
            "[figures.adjustment_notice]",
            "[figures.annual_budget]",
            "using.toml 第 14 行 figures.annual_budget：annual_budget 既是",
        ),
    ],
)
def test_mistakes_beside_shared_files(old: str, new: str, told: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(told)):
        proven(parse_toml(USING.replace(old, new, 1), "using.toml"))


def test_what_shared_files_speak_of_is_in_one_of_our_forms() -> None:
    """For a single form nothing that is said there of other cells is a mistake; what none of them has is one."""
    wrong: list[set[str]] = []
    for form_id in form_ids():
        form = laid(read_toml(templates_folder() / f"{form_id}.toml"), lambda name: templates_folder() / f"{name}.toml")
        assert any(file.shared for file in form.files)
        template = load_template(form_id)
        assert template.labels is not None
        words = laid(read_toml(template.labels))
        own = words._replace(files=tuple(file._replace(shared=False) for file in words.files))
        wrong.append({str(place) for place in wrong_references(form.data, form.data)})
        try:
            refuse_names(own, names_of_template(template), LABELS)
        except TemplateError as error:
            wrong[-1] |= {line for line in str(error).splitlines() if line.startswith("labels.toml ")}
    assert set.intersection(*wrong) == set()


def test_a_further_sheet_stands_before_those_that_the_program_writes() -> None:
    """What is called as one below takes its place; two of one name in one file are both there, to be told of."""
    sheets = '[[sheets]]\ntitle = "附表"\nrows = []\n[[sheets]]\ntitle = "项目自评表"\nrows = []\n'
    text = f'id = "more"\nextends = "project_spending"\n{sheets}'
    form = laid(parse_toml(text, "more.toml"), lambda form_id: templates_folder() / f"{form_id}.toml")
    titles = ["首页", "填表说明", "项目自评表", "附表", "勾稽关系", "审核结果"]
    assert [sheet["title"] for sheet in form.data["sheets"]] == titles
    assert [form.origin(("sheets", number))[1] for number in (2, 3)] == [("sheets", 1), ("sheets", 0)]
    doubled = laid(parse_toml('[[sums]]\ntotal = "a"\n[[sums]]\ntotal = "a"\n', "doubled.toml"))
    assert len(doubled.data["sums"]) == 2
