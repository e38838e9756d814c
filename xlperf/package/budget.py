"""What reading one file may cost: every reader counts what it takes in, and what is too much ends in a sentence.

A file of some KB can unpack to gigabytes, so that its size tells nothing. The limits are far beyond what people write
by hand, and such that a file within them is read in some seconds and less than a gibibyte of memory.
"""

from __future__ import annotations

from enum import Enum

from xlperf.errors import WorkbookError


class Of(Enum):
    """What is counted, over the whole file: how much there may be, and how it is called."""

    FILE_BYTES = 256 << 20, "文件"  # the file as it lies on the disk
    BYTES = 128 << 20, "解压后的内容"  # of the parts that are looked into; pictures are not
    ELEMENTS = 2_500_000, "XML 元素"  # looked at one after the other: a format in every row of a sheet is 2.1 million
    NODES = 800_000, "XML 元素和属性"  # held in memory all at once, as those of a Word document are
    STORED_CELLS = 500_000, "有内容的单元格"
    CHARACTERS = 20_000_000, "单元格中的文字"  # counted in every cell that shows them
    MERGES = 50_000, "合并单元格"
    WRITTEN_CELLS = 50_000, "要改写的单元格"  # all formulas of a workbook, where it is frozen
    TAGS = 800_000, "要逐个查看个人信息的 XML 标记"
    # Of a document whose tables and paragraphs are read by their words:
    DOCUMENT_BYTES = 32 << 20, "要读的内容"
    CELLS = 60_000, "表格的单元格"
    COLUMNS = 256, "一张表的列"
    PARAGRAPHS = 20_000, "段落和行"

    def __init__(self, most: int, words: str) -> None:
        self.most, self.words = most, words


_IN_BYTES = (Of.FILE_BYTES, Of.BYTES, Of.DOCUMENT_BYTES)


class Budget:
    """The budget of one file, whose name the sentence begins with."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._spent = dict.fromkeys(Of, 0)

    def spend(self, what: Of, count: int = 1) -> None:
        """Count so many more; raises `WorkbookError` where that is too much."""
        self._spent[what] += count
        self.limit(what, self._spent[what])

    def forget(self, *kinds: Of) -> None:
        """What was counted is read anew, changed by us, and is not to count twice."""
        self._spent |= dict.fromkeys(kinds, 0)

    def limit(self, what: Of, count: int) -> None:
        """Raise `WorkbookError` if there are more at one place than the whole file may have."""
        if count > what.most:
            raise WorkbookError(
                f"{self.name}：{what.words}太{'大' if what in _IN_BYTES else '多'}，超过上限 {_shown(what)}，没有读入。"
                "请打开它，只留下要用的表和文字，删去多余的内容，另存后再试。"
            )


def _shown(what: Of) -> str:
    if what in _IN_BYTES:
        return f"{what.most >> 20} MB"
    return f"{what.most // 10_000} 万个" if what.most >= 10_000 else f"{what.most} 个"
