"""A new .xlsm: the buttons, which macros they run, and that nothing else differs from the .xlsx."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.hosts.libreoffice import Office
from tests.workbooks import new_bytes
from xlperf import cli
from xlperf.form.forms import load_template
from xlperf.form.record import values_of
from xlperf.hosts.commands import COMMANDS
from xlperf.udf import runpython
from xlperf.udf.buttons import with_buttons
from xlperf.workbook.actions import check, clear, fill, mark, open_form

TEMPLATE = load_template("department_overall")
DRAWN = re.compile(rb"<drawing [^>]*(?:/>|></drawing>)")
SHEETS = ["填表说明", "收支情况", "基础数据表", "自评表", "自评报告", "勾稽关系"]
LABELS = {
    "填充": "fill_book",
    "审核": "check_book",
    "下一处": "next_book",
    "上一处": "previous_book",
    "清除": "clear_book",
    "增加指标行": "add_indicator_book",
    "上报本": "hand_in_book",
    "生成报告": "report_book",
}


def new(folder: Path, name: str) -> Path:
    target = folder / name
    with pytest.raises(SystemExit) as left:
        cli.main(["new", str(target), "--year", "2023", "--unit", "某某局"])
    assert left.value.code == 0
    return target


def entered(path: Path) -> dict[str, str]:
    """What a person has typed."""
    stated = open_form(path).record.stated
    return {key: cell.shown for key, cell in stated.items() if not cell.is_blank and not cell.field.derived}


def parts(path: Path | bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(path) if isinstance(path, bytes) else path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_buttons_stand_beside_every_form(tmp_path: Path) -> None:
    files = parts(new(tmp_path, "自评.xlsm"))
    drawings = [files[f"xl/drawings/drawing{number}.xml"].decode() for number in range(2, len(SHEETS) + 2)]
    for drawing in drawings:
        shapes = re.findall(r'macro="([^"]*)".*?<a:t>([^<]*)</a:t>', drawing)
        assert {text: macro for macro, text in shapes if macro} == {
            text: f"[0]!{name}" for text, name in LABELS.items()
        }
        assert drawing.count('fPrintsWithSheet="0"') == len(shapes) == len(LABELS) + 1
        assert "Import Functions" in shapes[-1][1]
    assert f"xl/drawings/drawing{len(SHEETS) + 2}.xml" not in files


def test_every_macro_is_a_script_of_runpython() -> None:
    for command in COMMANDS:
        assert callable(getattr(runpython, command.macro))
    assert {*LABELS.values()} <= {command.macro for command in COMMANDS}


def test_nothing_else_differs(tmp_path: Path) -> None:
    plain, with_macros = (parts(new(tmp_path, name)) for name in ("自评.xlsx", "自评.xlsm"))
    assert b"sheet.macroEnabled.main+xml" in with_macros["[Content_Types].xml"]
    assert not [name for name in with_macros if "vba" in name.lower()], "no macro travels with the file"
    for name, content in plain.items():
        if name.startswith("xl/worksheets/sheet"):
            assert DRAWN.sub(b"", with_macros[name]) == DRAWN.sub(b"", content)
        elif name != "[Content_Types].xml":
            assert with_macros[name] == content
    assert [name for name in plain if name.startswith("xl/drawings/drawing")] == ["xl/drawings/drawing1.xml"]  # charts


def test_it_opens_and_is_worked_on_like_any_other(office: Office, tmp_path: Path) -> None:
    source = new(tmp_path, "自评.xlsm")
    assert openpyxl.load_workbook(source).sheetnames[1 : len(SHEETS) + 1] == SHEETS
    (converted,) = office.convert([source], "xlsx", tmp_path / "out")
    assert entered(converted) == entered(source)
    form = open_form(source)
    fill(form)
    mark(form, *check(form))
    marked = open_form(form.book.to_bytes())
    clear(marked)
    drawings = {name: content for name, content in parts(source).items() if "drawing" in name}
    cleared = parts(marked.book.to_bytes())
    assert {name: cleared[name] for name in drawings} == drawings


def test_values_and_buttons_together(beita_values: dict[str, Any]) -> None:
    blob = new_bytes(beita_values)
    assert values_of(open_form(with_buttons(blob, TEMPLATE)).record) == values_of(open_form(blob).record)


@pytest.mark.parametrize("name", ["自评.xls", "自评.xlsb", "自评"])
def test_other_names_are_refused(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["new", str(tmp_path / name)])
    assert left.value.code == 2
    assert ".xlsm" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
