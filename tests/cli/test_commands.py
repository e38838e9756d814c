"""The command line as a user meets it: results, marks, exit codes, and what it says about bad input."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.books import again, parts, sheets, with_names
from tests.command import Run
from tests.places import contents
from tests.workbooks import edited
from xlperf.form.forms import load_template
from xlperf.form.record import values_of
from xlperf.workbook.actions import open_form

# What each command does


def test_demo(run: Run, tmp_path: Path) -> None:
    result = run("demo", "here")
    assert result.code == 0
    for words in ("162.49", "XLP404", "49.38%", "_审核.xlsx", "_已填.xlsx"):
        assert words in result.out
    names = {path.name for path in (tmp_path / "here").iterdir()}
    assert names == {"北塔区网信办2023.xlsx", "北塔区网信办2023_审核.xlsx", "北塔区网信办2023_已填.xlsx"}


def test_values_round_trip_every_key(run: Run, book: Path, beita_values: dict[str, Any]) -> None:
    exported = json.loads(run("values", book).out)
    assert exported["fields"].keys() == beita_values["fields"].keys()
    assert exported["indicators"] == beita_values["indicators"]
    given, back = (
        {key: cell for key, cell in open_form(path).record.stated.items() if not cell.is_blank}
        for path in (book, again(run, exported))
    )
    assert {k: (c.state, c.number, c.places, c.text) for k, c in given.items()} == {
        k: (c.state, c.number, c.places, c.text) for k, c in back.items()
    }


def test_values_round_trip_with_every_key_filled(run: Run) -> None:
    """A figure of its own for each key of the template, row tables included."""
    template = load_template("department_overall")
    sample = {"money": "12.34", "rate": "56.7%", "score": "7.5", "number": "8", "year": "2023", "text": "文字=1+1"}
    fields = {key: sample[field.type] for key, field in template.fields.items() if key not in ("year", "unit_name")}
    rows = {
        table: [{name: sample[field.type] for name, field in spec.columns.items()} for _ in range(3)]
        for table, spec in template.tables.items()
    }
    values = {"template": template.id, "year": 2023, "unit_name": "某单位", "fields": fields, **rows}
    exported = values_of(open_form(again(run, values)).record)
    assert exported == values


def test_new_blank(run: Run, tmp_path: Path) -> None:
    told = run("new", "yearless.xlsx", "--unit", "某局").err
    assert told.startswith("没有给出评价年度（--year）：请填在 填表说明!B4，标题随它变。\n下一步：")
    assert "year" not in json.loads(run("values", "yearless.xlsx").out)
    assert run("new", "blank.xlsx", "--year", 2024, "--unit", "某局").code == 0
    form = open_form(tmp_path / "blank.xlsx")
    stated = {key: cell.text for key, cell in form.record.stated.items() if not cell.is_blank}
    assert stated.pop("year") == "2024"
    assert [stated.pop(key) for key in ("unit_name", "base_unit_name", "report_unit_name")] == [
        "某局"
    ] * 3  # typed once
    assert stated == {
        "execution_weight": "10",
        "procurement_prior_actual": "——",
        "basic_adjustment_prior_actual": "——",
    }


def test_fill_writes_beside_the_input(run: Run, book: Path, tmp_path: Path) -> None:
    before = book.read_bytes()
    result = run("fill", book)
    assert result.code == 0
    assert book.read_bytes() == before
    assert result.out.strip().endswith("beita_已填.xlsx")
    record = open_form(tmp_path / "beita_已填.xlsx").record
    assert record["personnel_growth_rate"].shown == "49.38%"
    assert record["total_score"].shown == "98"


def test_fill_twice_changes_nothing(run: Run, book: Path) -> None:
    run("fill", book, "--in-place")
    first = book.read_bytes()
    assert run("fill", book, "--in-place").code == 0
    assert book.read_bytes() == first


def test_fill_never_changes_an_input(run: Run, book: Path) -> None:
    before = open_form(book).record
    run("fill", book, "--in-place")
    after = open_form(book).record
    inputs = [key for key, cell in before.stated.items() if not cell.field.derived]
    assert {key: after[key].text for key in inputs} == {key: before[key].text for key in inputs}


TEXT_FIGURES = {
    "annual_budget": "'251.06",
    "annual_spent": "'251.06",
    "staff_quota": "'２８",
    "execution_rate": "'100%",
}


def test_fill_turns_text_into_numbers_when_asked(run: Run, beita_values: dict[str, Any]) -> None:
    Path("texts.xlsx").write_bytes(edited(beita_values, {"write": TEXT_FIGURES}))
    assert run("fill", "texts.xlsx", "-o", "as_they_are.xlsx").code == 0
    assert [k for k, cell in open_form(Path("as_they_are.xlsx")).record.stated.items() if cell.as_text] == [
        "staff_quota",
        "annual_budget",
        "annual_spent",
    ]
    result = run("fill", "texts.xlsx", "-o", "numbers.xlsx", "--numbers")
    assert "把 4 格文字转换为数字。" in result.err
    before, after = (open_form(Path(name)) for name in ("texts.xlsx", "numbers.xlsx"))
    assert [cell for cell in after.record.stated.values() if cell.as_text] == []
    inputs = [key for key, cell in before.record.stated.items() if not cell.field.derived]
    assert {key: after.record[key].shown for key in inputs} == {key: before.record[key].shown for key in inputs}
    place = after.binding.place("execution_rate")
    assert after.book.cells(place.sheet)[place.ref].formula, "a figure that formulas see is read by them again"
    assert run("fill", "numbers.xlsx", "-o", "again.xlsx", "--numbers").code == 0
    assert sheets(Path("again.xlsx")) == sheets(Path("numbers.xlsx"))


def test_freeze_leaves_the_values_that_were_shown(run: Run, book: Path, tmp_path: Path) -> None:
    run("fill", book, "--in-place")
    shown = {key: cell.shown for key, cell in open_form(book).record.stated.items()}
    assert run("freeze", book, "-o", "frozen.xlsx").code == 0
    frozen = open_form(tmp_path / "frozen.xlsx")
    assert {key: cell.shown for key, cell in frozen.record.stated.items()} == shown
    formulas = [ref for sheet in frozen.book.sheets for ref, cell in frozen.book.cells(sheet).items() if cell.formula]
    assert formulas == []


def test_freeze_refuses_an_error_value(run: Run, book: Path) -> None:
    form = open_form(book)
    place = form.binding.place("source_other")
    form.book.write(place.sheet, place.ref, None, formula="1/0")
    form.book.save(book)
    refuse(run, "freeze", book, "--in-place", says=(place.address, "没有算出的值"))


def test_fill_and_clear_leave_every_input_cell_as_it_was(run: Run, book: Path) -> None:
    """By hash, over what the file stores in each input cell: kind, digits or text, formula and style."""

    def inputs() -> str:
        form = open_form(book)
        stored = [
            repr(form.book.cells(place.sheet).get(place.ref))
            for key, cell in form.record.stated.items()
            if not cell.field.derived
            for place in [form.binding.place(key)]
        ]
        return "\n".join(stored)

    before = inputs()
    for command in (("fill",), ("check",), ("fill",), ("clear",)):
        run(*command, book, "--in-place")
        assert inputs() == before


def test_clear_gives_back_the_sheets(run: Run, book: Path, tmp_path: Path) -> None:
    run("check", book, "-o", "marked.xlsx")
    assert sheets(tmp_path / "marked.xlsx") != sheets(book)
    assert run("clear", "marked.xlsx", "-o", "cleared.xlsx").code == 0
    assert sheets(tmp_path / "cleared.xlsx") == sheets(book)
    assert parts(tmp_path / "cleared.xlsx").keys() == parts(book).keys()


def test_rules_and_explain(run: Run) -> None:
    assert "XLP202" in run("rules").out
    assert {rule["code"] for rule in json.loads(run("rules", "--format", "json").out)} >= {"XLP101", "XLP603"}
    for name in ("XLP202", "xlp202", "rate-not-quotient"):
        assert "49.38%" in run("explain", name).out
    assert "尚未核到正式条文" in run("explain", "XLP312").out


def test_variant(run: Run) -> None:
    row = {
        "level1": "产出指标",
        "level3": "办结时间",
        "target": "≤10天",
        "actual": "12天",
        "weight": "10",
        "score": "8",
    }
    again(run, {"fields": {}, "indicators": [row]})
    for variant, severities in (("hunan-linear", set()), ("hunan-ratio", {"warning"})):
        report = json.loads(run("check", "again.xlsx", "--variant", variant, "--format", "json").out)
        assert {f["severity"] for f in report["findings"] if f["code"] == "XLP307"} == severities


def test_text_never_becomes_a_formula(run: Run) -> None:
    again(run, {"fields": {"section_4": "=1+1", "goal_actual": "@SUM(A1)", "thrift_measures": "+1", "section_5": "-1"}})
    form = open_form(Path("again.xlsx"))
    for key, text in (
        ("section_4", "=1+1"),
        ("goal_actual", "@SUM(A1)"),
        ("thrift_measures", "+1"),
        ("section_5", "-1"),
    ):
        place = form.binding.place(key)
        cell = form.book.cells(place.sheet)[place.ref]
        assert (cell.formula, cell.text) == (None, text)


# Bad input: a clear sentence, exit 2, nothing written


def refuse(run: Run, *arguments: object, says: tuple[str, ...]) -> None:
    before = contents(Path.cwd())
    result = run(*arguments)
    assert result.code == 2
    assert "Traceback" not in result.err
    for words in says:
        assert words in result.err
    assert contents(Path.cwd()) == before


@pytest.mark.parametrize("command", [("check",), ("fill",), ("values",), ("clear", "--in-place")])
@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("missing.xlsx", None, "missing.xlsx"),
        ("text.xlsx", b"hello", "另存为"),
        ("empty.xlsx", b"", "empty.xlsx"),
        ("old.xls", bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600, "另存为"),
        (
            "locked.xlsx",
            bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "密码",
        ),
    ],
)
def test_not_a_workbook(run: Run, command: tuple[str, ...], name: str, content: bytes | None, says: str) -> None:
    if content is not None:
        Path(name).write_bytes(content)
    refuse(run, *command, name, says=(name, says))


@pytest.mark.parametrize(
    "command", [("check",), ("fill",), ("import", "-o", "out.xlsx"), ("check", "book.xlsx", "--against")]
)
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("~$book.xlsx", "这是 Excel 打开文件时的临时锁定文件，请选 book.xlsx。"),
        (".~book.xlsx", "这是 WPS 打开文件时的临时锁定文件，请选 book.xlsx。"),
        (".~lock.book.xlsx#", "这是 LibreOffice 打开文件时的临时锁定文件，请选 book.xlsx。"),
        ("~$报告.docx", "这是 Word 打开文件时的临时锁定文件，请选它旁边名称以“报告.docx”结尾的文件。"),
    ],
)
def test_lock_files(run: Run, book: Path, command: tuple[str, ...], name: str, says: str) -> None:
    """What a program leaves beside the file that it has open; a workbook that somebody named so is read."""
    book.rename("book.xlsx")
    for content in (b"\x05User" + b" " * 160, b""):
        Path(name).write_bytes(content)
        refuse(run, *command, name, says=(name, says))
    Path("book.xlsx").rename("~$named.xlsx")
    assert run("check", "~$named.xlsx").code == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a named pipe")
def test_values_are_not_waited_for(run: Run, tmp_path: Path) -> None:
    os.mkfifo("values.json")
    refuse_ = run("new", "out.xlsx", "--values", "values.json")
    assert (refuse_.code, "不是普通文件，请指定一个 .json 文件" in refuse_.err) == (2, True)
    assert not Path("out.xlsx").exists()


def test_workbook_of_another_kind(run: Run, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.save(tmp_path / "empty.xlsx")
    refuse(run, "check", "empty.xlsx", says=("empty.xlsx", "所有工作表都是空的"))
    book.active.append(["姓名", "电话"])
    book.save(tmp_path / "other.xlsx")
    refuse(run, "check", "other.xlsx", says=("other.xlsx", "没有认出绩效自评表"))


DEFINED = re.compile(rb"<definedNames>.*</definedNames>", re.DOTALL)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda xml: xml.replace(b'"xp_annual_budget"', b'"gone"'), "缺少"),
    ],
)
def test_names_lost_but_the_figures_are_there(
    run: Run, book: Path, change: Callable[[bytes], bytes], says: str
) -> None:
    """The message says how to go on, and that way leads there."""
    tampered = with_names(book, change)
    refuse(run, "check", tampered, says=("xlperf import tampered.xlsx -o 新.xlsx", says))
    assert "不是 xlperf 的模板" not in run("check", tampered).err
    assert run("import", "tampered.xlsx", "-o", "新.xlsx").code == 0
    known = values_of(open_form(book).record)["fields"]
    assert {k: v for k, v in values_of(open_form(Path("新.xlsx")).record)["fields"].items() if k in known} == known


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: DEFINED.sub(b"", xml),  # saved by a library that drops them
        lambda xml: xml.replace(b"<definedName name=", b'<definedName localSheetId="0" name='),  # of one sheet only
    ],
)
def test_names_lost_altogether(run: Run, book: Path, change: Callable[[bytes], bytes]) -> None:
    """The form is found by its headings: the same errors at the same cells."""
    tampered = with_names(book, change)
    first, second = (json.loads(run("check", path, "--format", "json").out) for path in (book, tampered))
    errors = [
        {(each["code"], each["at"]) for each in one["findings"] if each["severity"] == "error"}
        for one in (first, second)
    ]
    assert errors[0] == errors[1]


def test_template_names_missing(run: Run, book: Path) -> None:
    tampered = with_names(book, lambda xml: xml.replace(b'"xp_annual_budget"', b'"gone"'))
    refuse(run, "check", tampered, says=("tampered.xlsx", "xp_annual_budget", "缺少"))


def test_two_names_on_one_cell(run: Run, book: Path) -> None:
    def same_cell(xml: bytes) -> bytes:
        start = xml.index(b'"xp_annual_budget"')
        reference = xml[xml.index(b">", start) + 1 : xml.index(b"<", start)]
        start = xml.index(b'"xp_annual_spent"')
        return xml[: xml.index(b">", start) + 1] + reference + xml[xml.index(b"<", start) :]

    refuse(run, "check", with_names(book, same_cell), says=("xp_annual_budget", "xp_annual_spent", "都指向"))


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ('{"fields": {"no_such_key": "1"}}', "no_such_key"),
        ('{"no_such_table": []}', "no_such_table"),
        ('{"fields": {"annual_budget": [1]}}', "annual_budget"),
        ('{"fields": {"annual_budget": true}}', "annual_budget"),
        ('{"fields": {"annual_budget": NaN}}', "NaN"),
        ('{"fields": []}', "fields"),
        ('{"indicators": {}}', "indicators"),
        ('{"indicators": [{"nope": 1}]}', "indicators[0]"),
        ('{"indicators": [{"score": {}}]}', "indicators[0].score"),
        ('{"template": 7}', "template"),
        ('{"template": "no_such_template"}', "no_such_template"),
        ('{"year": "去年"}', "year"),
        ("[1, 2]", "对象"),
        ("{", "JSON"),
    ],
)
def test_bad_values(run: Run, values: str, says: str) -> None:
    Path("bad.json").write_text(values, "utf-8")
    refuse(run, "new", "out.xlsx", "--values", "bad.json", says=(says,))


@pytest.mark.parametrize("command", ["fill", "check", "clear"])
def test_output_equals_input(run: Run, book: Path, command: str) -> None:
    refuse(run, command, book, "-o", book, says=("--in-place",))
    refuse(run, command, book, "-o", "./beita.xlsx", says=("--in-place",))
    refuse(run, command, book, "-o", "x.xlsx", "--in-place", says=("--in-place",))


@pytest.mark.parametrize("command", ["fill", "check", "clear", "freeze"])
def test_output_of_another_kind(run: Run, book: Path, command: str) -> None:
    """Excel opens a file of macros only by its own extension, and the other way round."""
    refuse(run, command, book, "-o", "out.xlsm", says=("out.xlsm", ".xlsx"))


def test_new_does_not_overwrite(run: Run, book: Path) -> None:
    refuse(run, "new", book, says=("已存在",))


@pytest.mark.parametrize("arguments", [("fill", "beita.xlsx", "-o"), ("check", "beita.xlsx", "-o"), ("new",)])
def test_folder_that_cannot_be_written(run: Run, book: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    folder = tmp_path / "readonly"
    folder.mkdir()
    folder.chmod(0o500)
    if os.access(folder, os.W_OK):
        folder = Path("/proc")  # root may write into any folder but this
    refuse(run, *arguments, folder / "out.xlsx", says=("out.xlsx",))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("check",), "BOOK"),
        (("nonsense",), "nonsense"),
        (("check", "x.xlsx", "--nope"), "--nope"),
        (("explain", "XLP999"), "XLP999"),
        (("check", "beita.xlsx", "--variant", "nowhere"), "nowhere"),
        (("clear", "beita.xlsx"), "--in-place"),
    ],
)
def test_wrong_usage(run: Run, book: Path, arguments: tuple[str, ...], says: str) -> None:
    refuse(run, *arguments, says=(says,))


def test_importing_xlperf_is_light() -> None:
    """No pandas, xlwings or openpyxl at start-up, neither for the package nor for `check`."""
    for statement in ("import xlperf", "import xlperf.cli.commands, xlperf.workbook.actions"):
        heavy = "('pandas', 'numpy', 'xlwings', 'openpyxl', 'lxml')"
        code = f"{statement}; import sys; print([name for name in {heavy} if name in sys.modules])"
        result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert result.stdout.strip() == "[]", statement


@pytest.mark.parametrize("command", [(), ("check",), ("import",), ("report",), ("roll",), ("addin",), ("new",)])
def test_help_is_in_chinese(run: Run, command: tuple[str, ...]) -> None:
    told = run(*command, "--help").out
    assert "用法：" in told
    assert "显示这段说明。" in told
    assert not [word for word in ("Show this", "required", "Options:", "Commands:") if word in told]
