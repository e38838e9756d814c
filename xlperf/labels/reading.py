"""What was understood of a document, with where it came from, and what was not."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """A key and its value as the document states it: "22.24%", "≥98", "——"; amounts in 万元.

    Rows of a table count from 0 in the document's order: `indicators[0].score`. `sure` is False where a person should
    look again; `note` then says why, and also says what was done to the value (元 turned into 万元).

    Where blank cells are kept, the value of one is "". `heading`: what the document calls the cell. `shared`: the cell
    is merged over several rows of a table. `stated` is the value with the unit of its own column: 92 beside % is 92%.
    `absent`: the table in which the row stands has no such column, which others have.
    """

    key: str
    value: str
    place: str  # 报告.docx 表2 第3行第2列 · 报告.docx 第12段“上升22.24%”
    sure: bool = True
    note: str = ""
    heading: str = ""
    shared: bool = False
    unit: str = ""  # that another column of the row gives
    absent: bool = False

    @property
    def stated(self) -> str:
        return f"{self.value}{self.unit}"


class Passage(NamedTuple):
    """Something with content that was not understood, or has no cell in the workbook; listed, never guessed."""

    place: str
    text: str
    reason: str


class Section(NamedTuple):
    """A part of the report's text: the key it goes to (`section_2_1`, `""` if none), and where it stands.

    `scope`: by its heading it speaks of this part of the unit's money, which may be all of it. `heading`: the words of
    one that nobody knows.
    """

    key: str
    text: str
    place: str
    scope: str = ""
    heading: str = ""


class Reading(NamedTuple):
    """All that one reader made of a document.

    `kept`: understood, and whole where it is: a share in the text, a figure that another table has. `understood`: the
    figures of a text that were, whatever became of them: which of its sections, where each begins and ends there.
    """

    entries: tuple[Entry, ...] = ()
    left: tuple[Passage, ...] = ()
    kept: tuple[Passage, ...] = ()
    understood: tuple[tuple[int, int, int], ...] = ()
