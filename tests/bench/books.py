"""The workbooks that are measured; README.md says why these."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Iterator, Mapping
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Any

from tests.bench.faults.clean import clean
from tests.intake.laid_out import YUNNAN, as_workbook
from xlperf.form.forms import example_of
from xlperf.intake.chosen import choose, gathered
from xlperf.intake.readers.opening import read_document
from xlperf.intake.record_sheet import book_of
from xlperf.package import Workbook, column_letters
from xlperf.workbook.actions import new_workbook

STRAY_ROWS = 1_048_576
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def form() -> bytes:
    """The published example, deflated as spreadsheet programs save it."""
    return deflated(new_workbook(_published()).to_bytes())


def twenty_forms() -> bytes:
    """A form with 180 indicators and 200 projects, and sheets of other figures up to 20 times the form's cells."""
    data = _published()
    data["indicators"] = [row | {"level3": f"{row['level3']}（{n}）"} for n in range(20) for row in data["indicators"]]
    data["project_special"] = [
        {"name": f"专项资金项目{n}", "prior_actual": f"{n}.25", "budget": f"{n + 3}.50", "actual": f"{n + 1}.75"}
        for n in range(1, 201)
    ]
    book = new_workbook(data)
    missing = 20 * cell_count(form()) - cell_count(book.to_bytes())
    width, sheets = 12, 4
    for number in range(1, sheets + 1):
        book.add_sheet(f"明细{number}", _filler(missing // width // sheets, width))
    return deflated(book.to_bytes())


def clean_form(parts: int) -> dict[str, Any]:
    """A form without a fault: 10 indicators and 2 projects, each divided into so many parts."""
    data = clean(random.Random(CLEAN_SEED))
    return data | {table: [part for row in data[table] for part in _divided(row, parts)] for table in _DIVIDED}


CLEAN_SEED = "bench/41"  # of a department whose every indicator has full points
_DIVIDED = {
    "indicators": ("level3", "weight", "score"),
    "project_special": ("name", "prior_actual", "budget", "actual"),
}


def _divided(row: dict[str, str], parts: int) -> Iterator[dict[str, str]]:
    """Rows of equal points or amounts; the last one takes what is left over."""
    name, *columns = next(columns for columns in _DIVIDED.values() if columns[0] in row)
    whole = {column: Decimal(row[column].replace(",", "")) for column in columns}
    share = {column: (value / parts).quantize(Decimal("0.01"), ROUND_DOWN) for column, value in whole.items()}
    for number in range(1, parts):
        yield row | {name: f"{row[name]}（{number}）"} | {column: str(value) for column, value in share.items()}
    yield row | {column: str(whole[column] - share[column] * (parts - 1)) for column in columns}


def foreign_form(kind: str, path: Path) -> bytes:
    """A form of Yunnan without a fault in the file `path`, with 18 indicators; and the same one in a workbook of ours.

    Of a form with faults most of the time goes into their causes, whatever it stands in.
    """
    *head, last = YUNNAN.strip().split("\n")
    for old, new in (("| 30 | 30 |", "| 5 | 5 |"), ("| 30 | 27 |", "| 5 | 5 |"), ("94%", "95%")):
        head = [line.replace(old, new) for line in head]
    names = ("补助人次", "补助及时率", "家长满意度")
    rows = [line.replace(name, f"{name}{n}") for n in range(6) for name, line in zip(names, head[-3:], strict=True)]
    drawn = "\n".join([*head[:-3], *rows, last.replace("97（", "100（")])
    if kind == "department":
        drawn = drawn.replace("项目支出", "部门整体支出").replace("项目名称", "部门名称")
    intake = gathered(choose([read_document(as_workbook(drawn, path))]))
    return deflated(book_of(intake).book.to_bytes())


def stray_rows() -> bytes:
    """Every row of a sheet formatted, one empty formatted cell in each, no value anywhere."""
    rows = (f'<row r="{r}" s="1" customFormat="1"><c r="A{r}" s="1"/></row>' for r in range(1, STRAY_ROWS + 1))
    book = Workbook.open(form())
    book.add_sheet("散落格式", _sheet(""))
    return deflated(book.to_bytes(), {f"xl/worksheets/sheet{len(book.sheets)}.xml": _sheet("".join(rows))})


def cell_count(blob: bytes) -> int:
    book = Workbook.open(blob)
    return sum(len(book.cells(title)) for title in book.sheets)


def deflated(blob: bytes, replaced: Mapping[str, bytes] | None = None) -> bytes:
    content = replaced or {}
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blob)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content.get(name) or old.read(name))
    return buffer.getvalue()


def _published() -> dict[str, Any]:
    text = json.dumps(example_of("department_overall"))
    data: dict[str, Any] = json.loads(text)
    return data


def _filler(rows: int, width: int) -> bytes:
    """Per row two texts, nine amounts and their sum as a formula."""
    lines = []
    for row in range(1, rows + 1):
        texts = "".join(
            f'<c r="{letters}{row}" s="1" t="inlineStr"><is><t>第{row}项 &amp; {letters}</t></is></c>'
            for letters in ("A", "B")
        )
        numbers = "".join(
            f'<c r="{column_letters(col)}{row}" s="2"><v>{row * col}.{row % 90 + 10}</v></c>' for col in range(3, width)
        )
        total = f'<c r="{column_letters(width)}{row}" s="2"><f>SUM(C{row}:K{row})</f><v>{row * 63}</v></c>'
        lines.append(f'<row r="{row}" spans="1:{width}">{texts}{numbers}{total}</row>')
    return _sheet("".join(lines))


def _sheet(rows: str) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()
