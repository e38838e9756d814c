"""The workbook that is open in a spreadsheet program: fill, check, clear and freeze it in place.

A form is read once (`snapshot`), worked on exactly as a file is, and what is to change is written at the end
(`writing`), so that a mistake found on the way leaves the workbook untouched. `run` and what follows it do so
through xlwings; `hosts.calc` does in LibreOffice. Excel forgets its undoable steps when another program writes; xlwings
Lite sends all changes in one batch, for Excels that can undo one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from xlperf.errors import TemplateError, WorkbookError, XlperfError
from xlperf.form.record import Record
from xlperf.form.template import NAME_PREFIX
from xlperf.hosts.excel import walking
from xlperf.hosts.excel.platforms import bytes_of
from xlperf.hosts.excel.snapshot import Snapshot, at_once, take
from xlperf.hosts.excel.writing import Edits, Notes, SheetEdits, Write, apply
from xlperf.hosts.rows import RowEdits, insertion, placeholder_rows
from xlperf.labels.reading import Passage
from xlperf.package import Area, Cell, Ref, Value
from xlperf.package.address import bounding_area
from xlperf.package.look import Layout
from xlperf.package.richtext import Run
from xlperf.workbook import actions
from xlperf.workbook.after_audit import message_after
from xlperf.workbook.astray import LeftOut
from xlperf.workbook.audited import Audited
from xlperf.workbook.binding import Binding, Place, bind, read_record
from xlperf.workbook.drafts import waiting_drafts
from xlperf.workbook.marks import explanations_in

if TYPE_CHECKING:
    import xlwings as xw

TITLE = "xlperf 绩效自评审核"
_SHOWN = 8  # lines of one kind in a message box
_NOT_OURS = (
    "{}：不是由填报模板新建的工作簿，或者别的软件保存时去掉了各项的定位，不能直接处理。"
    "表里已有数字的，先把它导入一份新的工作簿，没有认出的会逐项列出；也可以新建一份从头填。"
)
NO_UNDO = "Excel 不能撤销程序写入的内容，不想保留的，请不保存就关闭。"


class LiveBook:
    """An open workbook as it was read, offering what `package.Workbook` does; edits are collected for `apply`."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.name = snapshot.name
        self.edits = Edits()
        self._snapshot = snapshot
        self._sheets = list(snapshot.sheets)

    # Reading

    @property
    def sheets(self) -> tuple[str, ...]:
        return tuple(self._sheets)

    @property
    def names(self) -> tuple[tuple[str, str, Area], ...]:
        return self._snapshot.names

    @property
    def broken_names(self) -> tuple[str, ...]:
        return self._snapshot.broken_names

    @property
    def linked_files(self) -> tuple[str, ...]:
        return self._snapshot.linked_files

    @property
    def since_1904(self) -> bool:
        return self._snapshot.since_1904

    def cells(self, sheet: str) -> Mapping[Ref, Cell]:
        return MappingProxyType(self._snapshot.sheets[sheet].cells)

    def rich_texts(self, sheet: str) -> Mapping[Ref, tuple[Run, ...]]:
        """None: a running program hands over the whole text of a cell, not its fonts."""
        return {}

    def merges(self, sheet: str) -> tuple[Area, ...]:
        return self._snapshot.sheets[sheet].merges

    def number_format(self, cell: Cell) -> str:
        return self._snapshot.formats[cell.style]

    def hidden_state(self, sheet: str) -> str:
        return "visible" if self._snapshot.sheets[sheet].is_visible else "hidden"

    def hidden_rows(self, sheet: str) -> frozenset[int]:
        return self._snapshot.sheets[sheet].hidden_rows

    def hidden_cols(self, sheet: str) -> frozenset[int]:
        return self._snapshot.sheets[sheet].hidden_cols

    # Collecting edits

    def write(self, sheet: str, ref: Ref, value: Value, *, formula: str | None = None, wrap: bool = False) -> None:
        """Set one cell; the value of a formula is left to the program."""
        self._of(sheet).writes[ref] = Write(value, formula, wrap)

    def set_rows(self, sheet: str, first_row: int, rows: Sequence[Sequence[Value]]) -> None:
        """Replace the contents of every row from `first_row` on; for a sheet that is ours alone."""
        known = self._snapshot.sheets.get(sheet)
        old = [ref for ref in known.cells if ref.row >= first_row] if known else []
        edits = self._of(sheet)
        edits.emptied = bounding_area(old) if old else None
        edits.fitted = (first_row, first_row + len(rows) - 1) if rows else None
        for row, values in enumerate(rows, first_row):
            for col, value in enumerate(values, 1):
                if value is not None:
                    edits.writes[Ref(row, col)] = Write(value)

    def set_links(self, sheet: str, links: Mapping[Ref, str]) -> None:
        """Have cells lead to the place they show, such as `表1!G12`.

        A formula and not a hyperlink, which would bring a cell style that `clear` could not take away again.
        """
        writes = self._of(sheet).writes
        for ref, place in links.items():
            text = place.replace('"', '""')
            writes[ref] = Write(place, f'HYPERLINK("#{text}","{text}")', ref in writes and writes[ref].wrap)

    def set_highlights(self, sheet: str, tag: str, fills: Mapping[str, Collection[Ref]]) -> None:
        """Replace the conditional formats that carry the tag by these: colour such as "FFC7CE" -> cells."""
        self._of(sheet).highlights[tag] = {color: list(refs) for color, refs in fills.items() if refs}

    def set_notes(
        self, sheet: str, author: str, notes: Mapping[Ref, str], known_by: re.Pattern[str] | None = None
    ) -> frozenset[Ref]:
        """Replace the author's notes by these. Which cells carry somebody else's is found out when writing."""
        self._of(sheet).notes = Notes(author, known_by, dict(notes))
        return frozenset()

    def add_blank_sheet(self, title: str, layout: Layout) -> None:
        """Append a sheet of ours."""
        self._sheets.append(title)
        self.edits.added[title] = layout

    def remove_sheet(self, title: str) -> None:
        """Take a sheet away, or empty it where formulas or names of others lead to it: they would be broken."""
        if self._snapshot.is_referred_to(title):
            self.set_rows(title, 1, [])
            return
        self._sheets.remove(title)
        self.edits.sheets.pop(title, None)
        self.edits.removed.append(title)

    def _of(self, sheet: str) -> SheetEdits:
        if sheet not in self._sheets:
            raise WorkbookError(f"{self.name}：没有名为“{sheet}”的工作表。请把工作表改回原来的名字。")
        return self.edits.sheets.setdefault(sheet, SheetEdits())


class LiveForm(NamedTuple):
    """A form in a workbook that is open; `undo` tells the user how to take a result back."""

    book: LiveBook
    binding: Binding
    record: Record
    undo: str
    left: tuple[Passage, ...] = ()  # such a form is found by its names


Work = Callable[[LiveForm, str | None], str]


async def run(work: Work, book: xw.Book, variant: str | None = None, *, lite: bool = False) -> str:
    """Read the workbook, do the work and write what it wants changed; answers a sentence for the user.

    Raises `XlperfError` before anything is written. In xlwings Lite everything that reads must be awaited; elsewhere
    nothing waits, and `fill`, `check`, `clear` and `freeze` below need no event loop.
    """
    if work is freezing:
        book.app.calculate()  # by hand, as some have it, old results would be kept for ever
    message, edits = worked(work, await take(book, lite), variant, NO_UNDO)
    await apply(book, edits, lite)
    if work is checking:
        walking.show_results(book)
    return message


def worked(work: Work, snapshot: Snapshot, variant: str | None, undo: str) -> tuple[str, Edits]:
    """A work done on what was read: the sentence for the user, and what is to be written."""
    book = LiveBook(snapshot)
    if not any(name.startswith(NAME_PREFIX) for name, _, _ in book.names):
        raise TemplateError(_NOT_OURS.format(book.name))
    binding = bind(book)
    message = work(LiveForm(book, binding, read_record(book, binding), undo), variant)
    return message, book.edits


def filling(form: LiveForm, variant: str | None) -> str:
    """Work of `run`: the derived cells, as formulas."""
    changed = actions.fill(form, variant=variant)
    corrected = [each for each in changed if each.corrects]
    lines = [f"填充完成：更新了 {len(changed)} 个计算项。"]
    if corrected:
        lines.append(f"其中 {len(corrected)} 个原来填的数不同，已更正：")
        lines += [each.line for each in corrected[:_SHOWN]]
        lines += ["  ……"] if len(corrected) > _SHOWN else []
    lines += _told(actions.unfilled(form, variant), "没有填，原样保留")
    return "\n".join([*lines, form.undo])


def checking(form: LiveForm, variant: str | None) -> str:
    """Work of `run`: audit, and mark what was found."""
    report, explanations = actions.check(form, variant)
    actions.mark(form, report, explanations)
    return message_after(
        Audited(report, explanations, form.left), [place.address for place in waiting_drafts(form.book)]
    )


def clearing(form: LiveForm, _variant: str | None) -> str:
    """Work of `run`: take all marks away; what the user wrote stays."""
    written = sum(bool(each.text.strip()) for each in explanations_in(form.book))
    actions.clear(form)
    kept = f"{written} 条审核说明留在“审核结果”里，下次审核接着用。" if written else ""
    return f"已清除全部审核标记。{kept}"


def clearing_all(form: LiveForm, _variant: str | None) -> str:
    """Work of `run`: take all marks away, and what the user wrote."""
    actions.clear(form, explanations=True)
    return "已清除全部审核标记和审核说明。"


def freezing(form: LiveForm, variant: str | None) -> str:
    """Work of `run`: formulas into values, for handing in."""
    doubtful = actions.reliable_record(form, variant)[1]
    lines = [f"已把 {actions.freeze(form, variant)} 个公式固定为数值。"]
    lines += _told(doubtful, "放在别的项目的行里，只按原来显示的固定")
    return "".join([*lines, form.undo]) if len(lines) == 1 else "\n".join([*lines, form.undo])


def adding(role: str, cursor: Place | None) -> Work:
    """A work of `run`: a row for the table of a role, below the row of the cursor."""

    def work(form: LiveForm, _variant: str | None) -> str:
        added = insertion(form.book, form.binding, role, cursor)
        form.book.edits.rows = RowEdits(added.insertion)
        return f"已增加一行：{added.where}。{_moved(form)}{form.undo}"

    return work


def dropping(form: LiveForm, _variant: str | None) -> str:
    """Work of `run`: take away the rows of row tables that hold nothing."""
    dropped = placeholder_rows(form.book, form.binding)
    named = f"另有 {dropped.named} 行空着但印有指标类别或写有内容，没有删。" if dropped.named else ""
    if not dropped.total:
        return f"没有可以删除的“……”行和空行。{named}"
    form.book.edits.rows = RowEdits(None, dropped.rows)
    places = "、".join(f"“{sheet}” {len(rows)} 行" for sheet, rows in dropped.rows.items())
    return f"已删除“……”行和空行：{places}。{named}{_moved(form)}{form.undo}"


def _moved(form: LiveForm) -> str:
    """Where an audit has listed addresses, which do not follow."""
    return "下面各行的行号变了，“审核结果”里的位置请再审核一次更新。" if explanations_in(form.book) else ""


def _told(cells: Sequence[LeftOut], what: str) -> list[str]:
    """Cells that a work left out, as many as a message box can show."""
    if not cells:
        return []
    lines = [f"有 {len(cells)} 格{what}，请先核对表中各行的名称和数字："]
    lines += [each.line for each in cells[:_SHOWN]]
    return [*lines, *(["  ……"] if len(cells) > _SHOWN else [])]


def fill(book: xw.Book, variant: str | None = None) -> str:
    """Fill the derived cells of an open workbook."""
    return at_once(run(filling, book, variant))


def check(book: xw.Book, variant: str | None = None) -> str:
    """Audit an open workbook, mark what was found and bring it up."""
    walking.forget(book)
    return at_once(run(checking, book, variant))


def walk(book: xw.Book, *, back: bool = False) -> str:
    """Go to the next item of 审核结果 in an open workbook, or to the one before."""
    return at_once(walking.walk(book, back=back))


def clear(book: xw.Book, *, explanations: bool = False) -> str:
    """Take all marks of an open workbook away, and the `explanations` that the user wrote."""
    walking.forget(book)
    return at_once(run(clearing_all if explanations else clearing, book))


def freeze(book: xw.Book, variant: str | None = None) -> str:
    """Turn the formulas of an open workbook into values."""
    return at_once(run(freezing, book, variant))


def hand_in(book: xw.Book, variant: str | None = None) -> str:
    """Write 上报本 beside an open workbook, which is left alone."""
    from xlperf.hosts.beside import require_saved
    from xlperf.hosts.handing_in import write_copy

    book.app.calculate()
    path = Path(book.fullname)
    require_saved(path if path.is_file() else Path(), "上报本")
    return write_copy(bytes_of(book), path, variant)


def told(error: Exception) -> str:
    """What to tell a user who pressed a button."""
    if isinstance(error, XlperfError):
        return f"无法完成：{error}"
    return (
        f"没有做完：{error or type(error).__name__}\n"
        "如果正在编辑单元格，请按回车后再试；如果工作表受保护，请先撤消保护。"
        "做了一半的标记，再点一次“审核”或“清除”就会换掉。仍不行，请把这段文字发给维护者。"
    )
