"""Do the TOML of a form and its .xlsx agree?"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell

from xlperf.form.grid import TEMPLATE_KEY
from xlperf.form.template import NAME_PREFIX, Table, Template
from xlperf.workbook.marks import RESULTS_NAME


def lint_template(template: Template, workbook_bytes: bytes) -> list[str]:
    """Every disagreement between the template and its workbook, as a sentence; none if they agree."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes))
    names = {name: each for name, each in book.defined_names.items() if name.startswith(NAME_PREFIX)}
    known = {RESULTS_NAME, *(NAME_PREFIX + key for key in (*template.fields, *template.tables, TEMPLATE_KEY))}
    problems = [f"缺少名称 {name}" for name in sorted(known - names.keys())]
    problems += [f"名称 {name} 在模板中没有对应的项目" for name in sorted(names.keys() - known)]
    places: dict[str, tuple[str, Any]] = {}
    for name, defined in names.items():
        try:
            ((title, area),) = defined.destinations
            places[name] = title, book[title][area.replace("$", "")]
        except (ValueError, KeyError, IndexError):
            problems.append(f"名称 {name} 没有指向一块单元格：{defined.attr_text}")
    problems += _lint_fields(template, places)
    for key, table in template.tables.items():
        if NAME_PREFIX + key in places:
            problems += _lint_table(table, *places[NAME_PREFIX + key])
    return problems


def _lint_fields(template: Template, places: Mapping[str, tuple[str, Any]]) -> Iterator[str]:
    taken: dict[str, str] = {}
    for name, (title, cell) in places.items():
        spec = template.fields.get(name.removeprefix(NAME_PREFIX))
        if spec is None:
            continue
        if isinstance(cell, tuple):
            yield f"名称 {name}（{spec.label}）应指向一个单元格，现在指向一块区域"
            continue
        at = f"{title}!{cell.coordinate}"
        if at in taken:
            yield f"名称 {taken[at]} 和 {name} 指向同一个单元格 {at}"
        taken[at] = name
        if spec.derived and cell.data_type != "f":
            yield f"{at}（{spec.label}）应由公式计算，但单元格里没有公式"


def _lint_table(table: Table, title: str, area: Any) -> Iterator[str]:
    """Headings in the order of the columns; a heading may also name the whole table and leave the others blank."""
    header = area[0] if isinstance(area, tuple) else (area,)
    heads = [cell for cell in header if not isinstance(cell, MergedCell)]
    if len(heads) != len(table.columns):
        yield f"表“{table.label}”应有 {len(table.columns)} 栏，{title} 的表头有 {len(heads)} 栏"
        return
    for head, column in zip(heads, table.columns.values(), strict=True):
        text = "".join(str(head.value or "").split())
        if text and column.label not in text and table.label not in text:
            yield f"{title}!{head.coordinate} 的表头“{text}”与栏目“{column.label}”不一致"
