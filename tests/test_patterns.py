"""Every expression of the package and of the intake, on repeated atoms: none walks through a text more than once."""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import xlperf.intake
import xlperf.labels
import xlperf.package
from tests.costs import grows_linearly
from xlperf.form.forms import default_template
from xlperf.labels.lines import _spread
from xlperf.labels.words import known_labels
from xlperf.package import formulas, patch
from xlperf.text import Deferred

ROOMS = (xlperf.package, xlperf.labels, xlperf.intake)
ATOMS = (
    " ", "\n", "\t", "1", "0", "12", ".", "1.", ",", "1,", "-", "+", "%", "1%", "a", "A", "A1", "$A$1", "A:A", "_",
    "é", "'", '"', "''", '""', "'a", '"a', '"a"', "[", "]", "[a]", "[a", "[[", "[[a]", "(", "()", "(a", "（", "（一",
    "（一）", "!", "a!", "\\", "\\a", "!a", "/", ":", "：", ";", "；", "。", "、", "一", "一、", "十", "百", "点",
    "三百二十", "百分之", "1、", "1 ", "1 234", "1\u3000", "指标", "指标 ", "指标1：", "其", "其中", "其 中 ", "单位",
    "单位 ", "单位：", "填 表 人 ", "元", "万元", "年", "2023", "2023年", "月", "附", "关于", "整体支出", "①", "×",
    "是", "注", "<", ">", "<a", "<a ", "<a b", "<a b=", '<a b="', "<a b='", '<a "', "<a '", '"<a', '"<a\'', '\'"<a',
    '<a b="" ', "<a/>", "<a></a>", "<!--", "-->", "<!", "<?", "<?x", "?>", "<![CDATA[", "<?xml encoding=", "</",
    "</a ", "=", "a=", "a =", "a='", " r='", "<c", "<c ", "<c>", '<c r="A1"', '<c r="A1">', '<c r="A1"><v>',
    '<c r="A1"><f>', "<c><v>1", "</c", "</c ", "<row", "<row>", "<row ", "<row r='1'>", "<col ", "<mergeCell ",
    "<rPh>", "<rPh/>", "<si>", "<si/>", "<r>", "<t>", "<t ", "<v>", "<f ", "<v:shape ", "<x:Row>1", "<x:Row> ", "a:",
    "<a:", "_x0000_s1", "_x", "_x005F_", "&", "&#", "&#1", "&#x", "&lt;", "xmlns", " xmlns='", "\r", "\r\n",
)  # fmt: skip
DRAW = int(os.environ.get("XLPERF_EVERY_ATOM", "0")) or 4  # of the atoms every fourth; with XLPERF_EVERY_ATOM=1 all
SMALL = 400  # atoms; quadratic work on four times as many costs some ten times what is called cheap
CHEAP = 0.01  # seconds of the processor


def modules() -> Iterator[ModuleType]:
    for room in ROOMS:
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            yield importlib.import_module(found.name)


def patterns() -> dict[str, re.Pattern[Any]]:
    found = {
        f"{module.__name__}.{name}": value.compiled() if isinstance(value, Deferred) else value
        for module in modules()
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern | Deferred)
    }
    known = known_labels(default_template())
    return found | {
        "formulas.move": re.compile(formulas._TOKEN, re.VERBOSE),
        "patch.cell_pattern": patch.cell_pattern("x:"),
        "lines._spread": _spread(frozenset((*known.fields, *known.others))),
    }


PATTERNS = patterns()


def test_there_are_patterns() -> None:
    assert len(PATTERNS) >= 92


def is_anchored(name: str) -> bool:
    """Is it only ever asked about one place? Of another it is asked about every place of a text."""
    module, _, constant = name.rpartition(".")
    used = re.findall(rf"\b{constant}\.(\w+)\(", Path(sys.modules[module].__file__ or "").read_text("utf-8"))
    return bool(used) and set(used) <= {"match", "fullmatch"}


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_an_expression_is_linear(name: str) -> None:
    pattern = PATTERNS[name]
    anchored = name.startswith("xlperf.") and is_anchored(name)

    def find(text: str) -> None:
        given = text.encode() if isinstance(pattern.pattern, bytes) else text
        if anchored:
            for at in (0, 3):  # before and behind what does not match
                pattern.match(given, at)
                pattern.fullmatch(given, at)
        else:
            for _ in pattern.finditer(given):
                pass

    for atom in ATOMS[sorted(PATTERNS).index(name) % DRAW :: DRAW]:

        def repeated(n: int, atom: str = atom) -> str:
            return "<x>" + atom * n + "☃"

        try:
            grows_linearly(find, repeated, SMALL, cheap=CHEAP)
        except AssertionError as error:
            raise AssertionError(f"{name} on {atom!r}: {error}") from None
