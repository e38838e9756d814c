"""The results of a review as one HTML file that opens by double click: no program in it, none needed to make it.

The style, the gate for old browsers and the making of elements are those of the page that holds the program.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from xlperf import __version__
from xlperf.checks.catalog import RULES
from xlperf.form.forms import default_template
from xlperf.package.save import Target, save_atomically
from xlperf.review.across import Across
from xlperf.review.overview import Overview, charts_of
from xlperf.review.store import Store, store_of
from xlperf.review.summary import (
    ACROSS_COLUMNS,
    FINDING_COLUMNS,
    UNIT_COLUMNS,
    UNREAD_COLUMNS,
    Column,
    Link,
    Where,
    findings_in,
    relative,
    row_of,
    rules_in,
    totals_of,
    units_in,
    unread_in,
)

_WEB = Path(__file__).parent / "web"
_MOST = 100_000  # findings: so many a browser holds without effort
_SEVERITIES = ("错误", "核实", "提示")
_CUT = "只列{}，共 {} 项；全部 {} 项见汇总工作簿的“问题清单”。"
_OF_RULES = "问题：涉及单位最多的规则（单位数）"
_EXPORTS = re.compile(r"^export ", re.M)
_IMPORTS = re.compile(r"^import .*\n", re.M)


def write_folder_page(target: Target, summary: Path, across: Sequence[Across], letters: Path | None = None) -> None:
    """Write the last finished review whose `summary` this is; links lead from where the page stands.

    Raises `XlperfError` where no review has been finished, or the file cannot be written.
    """
    packed = io.BytesIO()
    with closing(Store(store_of(summary))) as store, gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as stream:
        for part in _results(store, across, Where(target.path.absolute(), letters.absolute() if letters else None)):
            stream.write(part.encode("utf-8"))
    filled = _parts() | {"RESULTS": base64.b64encode(packed.getbuffer()).decode("ascii")}
    page = (_WEB / "folder" / "folder.html").read_text("utf-8")
    save_atomically(target, re.sub(r"\{\{([A-Z]+)\}\}", lambda found: filled[found[1]], page).encode("utf-8"))


def _parts() -> dict[str, str]:
    """The style, the scripts and the policy that lets only these run."""
    style = "\n".join((_WEB / name).read_text("utf-8") for name in ("page.css", "folder/folder.css"))
    gate = (_WEB / "gate.js").read_text("utf-8")
    ways = _EXPORTS.sub("", (_WEB / "ui" / "dom.js").read_text("utf-8"))
    own = _IMPORTS.sub("", (_WEB / "folder" / "folder.js").read_text("utf-8"))
    script = f'(function () {{\n"use strict";\n{ways}\n{own}\n}})();\n'
    policy = (
        *("default-src 'none'", f"script-src {_hash(gate)} {_hash(script)}", f"style-src {_hash(style)}"),
        *("img-src data:", "connect-src 'none'", "form-action 'none'", "base-uri 'none'"),
    )
    return {"POLICY": "; ".join(policy), "STYLE": style, "GATE": gate, "SCRIPT": script}


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def _results(store: Store, across: Sequence[Across], where: Where) -> Iterator[str]:
    """JSON, some of it at a time: an array of rows can be long."""
    run = store.last_finished()
    store.select(run)
    rules = list(rules_in(store))
    totals = totals_of(store, run, across)
    counts = {name.removesuffix("（项）"): count for name, count in totals}
    shown, cut = _shown(counts)
    findings = ((number, row) for number, row in findings_in(store, run) if row[0] in shown)
    charts = charts_of(Overview(totals, {}, store, [(row[1], row[4]) for row in rules]))
    told = {
        "version": __version__,
        "status": f"单位 {totals[0][1]} 个；错误 {counts['错误']}，核实 {counts['核实']}，提示 {counts['提示']}",
        "totals": totals,
        "charts": [
            {"title": each.title, "rows": each.rows, "leads": "rules" if each.title == _OF_RULES else ""}
            for each in charts
        ],
        "rules": _explained(row[0] for row in rules),
    }
    yield json.dumps(told, ensure_ascii=False)[:-1]
    yield from _table("units", UNIT_COLUMNS, units_in(store, run, where), where)
    yield from _table("findings", FINDING_COLUMNS, _first(findings), where, cut)
    yield from _table("across", ACROSS_COLUMNS, ((0, row_of(each)) for each in across), where)
    yield from _table("unread", UNREAD_COLUMNS, ((0, row) for row in unread_in(store, run)), where)
    yield "}"


def _shown(counts: dict[str, int]) -> tuple[Sequence[str], str]:
    """Of which severities the findings are listed, the gravest first, and what is said of the others."""
    shown, total = 1, counts[_SEVERITIES[0]]
    while shown < len(_SEVERITIES) and total + counts[_SEVERITIES[shown]] <= _MOST:
        total += counts[_SEVERITIES[shown]]
        shown += 1
    every = sum(counts[each] for each in _SEVERITIES)
    named = "、".join(_SEVERITIES[:shown])
    return _SEVERITIES[:shown], _CUT.format(named, min(total, _MOST), every) if min(total, _MOST) < every else ""


def _first(rows: Iterable[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
    yield from (row for _, row in zip(range(_MOST), rows, strict=False))


def _table(
    name: str, columns: Sequence[Column], rows: Iterable[tuple[int, list[Any]]], where: Where, cut: str = ""
) -> Iterator[str]:
    """A table with its headings; each row begins with the number of its unit."""
    heads = [{"heading": each.heading, "format": each.format} for each in columns]
    yield f', "{name}": {{"cut": {json.dumps(cut)}, "columns": {json.dumps(heads)}, "rows": ['
    comma = ""
    for number, row in rows:
        cells = [_cell(each, where) for each in row]
        yield comma + json.dumps([number, *cells], ensure_ascii=False, separators=(",", ":"))
        comma = ","
    yield "]}"


def _cell(value: Any, where: Where) -> Any:
    return {"text": value.text, "href": _href(value.path, where.summary)} if isinstance(value, Link) else value


def _href(path: str, page: Path) -> str:
    """A path as an address, relative where it can be; a name never makes it one of another kind."""
    found = relative(path, page)
    if Path(found).is_absolute():
        return Path(found).as_uri()
    return f"./{quote(found.encode('utf-8', 'surrogateescape'))}"


def _explained(codes: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Of the rules with these codes, why they are held, what to do, on whose authority."""
    template = default_template()
    found = {}
    for code in dict.fromkeys(codes):
        rule = RULES.get(code)
        if rule is not None:
            docs = rule.docs(template)
            cites = [each.text for each in rule.sources]
            found[code] = {"why": docs["为何"], "remedy": docs["改法"], "cites": cites}
    return found
