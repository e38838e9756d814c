"""The bytes of one sheet and the tree of everything around its rows."""

from __future__ import annotations

import re
from functools import cached_property

from xlperf.package.archive import Damaged
from xlperf.package.xmltext import Node, parse_tree, tag_end, without_comments


class SheetXml:
    """A sheet's bytes with the tree of everything but its rows, which is found when somebody asks."""

    def __init__(self, data: bytes, *, checked: bool = False) -> None:
        self.data = data
        self._checked = checked

    @cached_property
    def root(self) -> Node:
        """The rows, nearly all of the bytes, are not even looked at."""
        shadow = without_comments(self.data)
        opening = re.search(rb"<((?:[A-Za-z_][\w.-]*:)?)sheetData(?=[\s/>])", shadow)
        gap = None
        if opening:
            after = tag_end(shadow, opening.start())
            close = shadow.rfind(b"</" + opening[1] + b"sheetData", after)
            if shadow[after - 2 : after] != b"/>" and close > 0:
                gap = (after, close)
        root = parse_tree(self.data, gap, checked=self._checked)
        if root.name not in ("worksheet", "dialogsheet", "macrosheet", "chartsheet"):
            raise Damaged("工作表的格式无法识别")
        return root

    @cached_property
    def sheet_data(self) -> Node | None:
        return self.root.first("sheetData")

    @property
    def rows(self) -> Node:
        if self.sheet_data is None:
            raise Damaged("这张工作表没有单元格区域（可能是图表工作表）")
        return self.sheet_data

    @property
    def prefix(self) -> str:
        return self.root.prefix

    def now(self, data: bytes) -> SheetXml:
        return self if data == self.data else SheetXml(data, checked=True)
