"""`Workbook`: one open file. Reading shows the file as it was opened; edits are collected until saving.

What only writing needs is imported when something is written: most runs only check.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from xlperf.errors import SaveError, WorkbookError
from xlperf.package.address import MAX_COLUMN, MAX_ROW, Area, Ref, ref_text
from xlperf.package.bookxml import (
    append_sheet,
    blank_sheet,
    calculation_chain,
    linked_files,
    remove_signature,
    request_recalculation,
    title_refusal,
)
from xlperf.package.budget import Of
from xlperf.package.edits import Output, SheetEdits
from xlperf.package.look import Layout, Look
from xlperf.package.opening import explained, open_parts, read_file
from xlperf.package.parts import Parts
from xlperf.package.patch import Edit, Fault, Value, Write, plan_rehoming, refusal, replace_rows, sheet_xml, write_cells
from xlperf.package.reader import Cell, SheetContent, SheetEntry, read_names, read_sheet, read_structure
from xlperf.package.richtext import Run
from xlperf.package.runs import Texts, read_texts
from xlperf.package.sheet import SheetXml
from xlperf.package.styles import Styles, styles_part
from xlperf.package.xmltext import MAX_TEXT

if TYPE_CHECKING:
    from xlperf.package.save import Target


class Workbook:
    """An .xlsx or .xlsm file. Open it with `Workbook.open`."""

    def __init__(self, parts: Parts, path: Path | None, name: str) -> None:
        self.path = path
        self.name = name
        self._parts = parts
        self._origin = None if path is None else os.path.realpath(path)
        self._on_disk = parts.archive.blob
        self._edits: dict[str, SheetEdits] = {}
        self._contents: dict[str, SheetContent] = {}
        self._string_table: Texts | None = None
        self._style_table: Styles | None = None
        self._formats: dict[int, str] = {}
        with self._explained():
            self._structure = read_structure(parts)

    @classmethod
    def open(cls, source: Path | bytes, name: str | None = None) -> Workbook:
        """Open a file, or bytes already in memory; `name` is what messages call it."""
        path = None if isinstance(source, bytes) else Path(source)
        name = name or (path.name if path else "工作簿")
        blob = source if isinstance(source, bytes) else read_file(Path(source), name)
        return cls(open_parts(blob, name), path, name)

    def _explained(self, what: str = "") -> AbstractContextManager[None]:
        return explained(self.name, what)

    # Reading

    @property
    def sheets(self) -> tuple[str, ...]:
        """The titles in the order of the tabs."""
        return tuple(self._structure.sheets)

    @property
    def names(self) -> tuple[tuple[str, str, Area], ...]:
        """(name, sheet, area) of every workbook-wide name for cells."""
        return self._names[0]

    @property
    def broken_names(self) -> tuple[str, ...]:
        """The names whose cells were deleted."""
        return self._names[1]

    @cached_property
    def _names(self) -> tuple[tuple[tuple[str, str, Area], ...], tuple[str, ...]]:
        with self._explained("名称"):
            return read_names(self._parts.tree(self._structure.part), self.sheets)

    @property
    def since_1904(self) -> bool:
        """Are dates counted from 1904 in this file, as old programs on the Mac count them?"""
        return self._structure.since_1904

    @property
    def signed(self) -> bool:
        return any(name.lower().startswith("_xmlsignatures/") for name in self._parts.names())

    def hidden_state(self, sheet: str) -> str:
        """visible, hidden or veryHidden."""
        return self._entry(sheet).state

    def cells(self, sheet: str) -> Mapping[Ref, Cell]:
        """Every cell with a value or a formula; cells that are only formatted are left out."""
        return MappingProxyType(self._content(sheet).cells)

    def rich_texts(self, sheet: str) -> Mapping[Ref, tuple[Run, ...]]:
        """The runs of every cell whose text is in several fonts; the cell itself has all of it, flattened."""
        return MappingProxyType(self._content(sheet).rich)

    def merges(self, sheet: str) -> tuple[Area, ...]:
        return tuple(self._content(sheet).merges)

    def hidden_rows(self, sheet: str) -> frozenset[int]:
        return frozenset(self._content(sheet).hidden_rows)

    def hidden_cols(self, sheet: str) -> frozenset[int]:
        return frozenset(self._content(sheet).hidden_cols)

    @property
    def linked_files(self) -> tuple[str, ...]:
        """What other workbooks the file has links to, as it names them; they are never opened."""
        with self._explained("外部链接"):
            return linked_files(self._parts, self._structure.part)

    def number_format(self, cell: Cell) -> str:
        if cell.style not in self._formats:
            with self._explained("样式"):
                self._formats[cell.style] = self._read_styles().number_format(cell.style)
        return self._formats[cell.style]

    def is_struck(self, cell: Cell) -> bool:
        """Does the cell's own font strike its text out?"""
        with self._explained("样式"):
            return self._read_styles().is_struck(cell.style)

    def _read_styles(self) -> Styles:
        if self._style_table is None:
            parts = self._parts.copy()  # a workbook without styles gets some, but not for being read
            part = self._styles_part(parts)
            self._style_table = Styles(parts.read(part), parts.tree(part))
        return self._style_table

    def notes(self, sheet: str) -> Mapping[Ref, tuple[str, str]]:
        """(author, text) of every note."""
        from xlperf.package.notes import all_notes

        with self._explained(f"“{sheet}”的批注"):
            return MappingProxyType(all_notes(self._parts, self._entry(sheet).part))

    def _entry(self, sheet: str) -> SheetEntry:
        entry = self._structure.sheets.get(sheet)
        if entry is None:
            raise WorkbookError(
                f"{self.name}：没有名为“{sheet}”的工作表，现有：{'、'.join(self.sheets)}。请把工作表改回原来的名字。"
            )
        return entry

    def _content(self, sheet: str, *, rows: bool = True) -> SheetContent:
        content = self._contents.get(sheet)
        if content is None or (rows and not content.has_rows):
            with self._explained(f"工作表“{sheet}”"):
                data = self._parts.read(self._entry(sheet).part)
                content = self._contents[sheet] = read_sheet(data, self._strings, rows=rows)
                content.has_rows |= rows
                self._count(content)
        return content

    def _count(self, content: SheetContent) -> None:
        budget = self._parts.archive.budget
        budget.spend(Of.STORED_CELLS, len(content.cells))
        budget.spend(Of.CHARACTERS, sum(len(cell.text) for cell in content.cells.values()))
        budget.spend(Of.MERGES, len(content.merges))

    def _strings(self) -> Texts:
        if self._string_table is None:
            part = self._parts.related(self._structure.part, "sharedStrings")
            self._string_table = read_texts(self._parts.read(part)) if part else Texts([], {})
        return self._string_table

    # Collecting edits

    def write(
        self,
        sheet: str,
        ref: Ref,
        value: Value | Fault,
        *,
        formula: str | None = None,
        number_format: str | None = None,
        wrap: bool = False,
    ) -> None:
        """Set one cell; the style stays. A str is always text. None without a formula empties the cell."""
        if isinstance(value, float):
            raise TypeError("floats are not written: use Decimal")
        if not (1 <= ref.row <= MAX_ROW and 1 <= ref.col <= MAX_COLUMN):
            raise WorkbookError(f"{self.name}：工作表“{sheet}”没有第 {ref.row} 行第 {ref.col} 列。")
        formula = formula and formula.removeprefix("=")
        if reason := refusal(self._content(sheet, rows=False), ref, value, formula):
            raise WorkbookError(f"{self.name}：单元格 {sheet}!{ref_text(ref)} {reason}")
        self._of(sheet).write(ref, Write(value, formula, number_format, wrap), self._parts.archive.budget)

    def written(self, sheet: str) -> Mapping[Ref, Write]:
        """The cells written so far, which `cells` does not show."""
        return self._edits[sheet].writes if sheet in self._edits else {}

    def set_rows(self, sheet: str, first_row: int, rows: Sequence[Sequence[Value]]) -> None:
        """Replace every row from `first_row` on; for a sheet that is ours alone."""
        if first_row < 1 or first_row - 1 + len(rows) > MAX_ROW:
            raise WorkbookError(f"{self.name}：工作表“{sheet}”放不下 {len(rows)} 行。")
        longest = max((len(v) for row in rows for v in row if isinstance(v, str)), default=0)
        if longest > MAX_TEXT:
            raise WorkbookError(f"{self.name}：要写入“{sheet}”的文字超过 Excel 上限 {MAX_TEXT} 字。")
        self._of(sheet).rows = (first_row, [list(row) for row in rows])

    def set_links(self, sheet: str, links: Mapping[Ref, str]) -> None:
        """Replace our internal links (their tooltip is "xlperf"); a link is a place like `'表1'!G12`."""
        self._of(sheet).links = dict(links)

    def set_highlights(
        self, sheet: str, tag: str, fills: Mapping[str, Collection[Ref]], conditions: Mapping[Ref, str] | None = None
    ) -> None:
        """Replace the conditional formats that carry the tag by these: the code of a look, such as "FFC7CE" -> cells.

        A cell with a condition, a formula, has the colour only while that holds.
        """
        colored = {color: list(refs) for color, refs in fills.items() if refs}
        self._of(sheet).highlights[tag] = colored, dict(conditions or {})

    def set_notes(
        self, sheet: str, author: str, notes: Mapping[Ref, str], known_by: re.Pattern[str] | None = None
    ) -> frozenset[Ref]:
        """Replace the author's notes by these; answers the cells left alone because of somebody's comment.

        A note that begins as `known_by` says is the author's too, whoever the program that wrote it named.
        """
        from xlperf.package.notes import Writer, foreign_refs

        writer = Writer(author, known_by)
        with self._explained(f"“{sheet}”的批注"):
            theirs = foreign_refs(self._parts, self._entry(sheet).part, writer)
        if any(len(text) > MAX_TEXT for text in notes.values()):
            raise WorkbookError(f"{self.name}：要写入“{sheet}”的批注超过 {MAX_TEXT} 字。")
        self._of(sheet).notes[writer] = dict(notes)
        return frozenset(theirs & set(notes))

    def add_sheet(self, title: str, sheet_xml: bytes, layout: Layout | None = None) -> None:
        """Append a sheet; unlike other edits this one is there at once, so that its rows can be set."""
        if reason := title_refusal(title, self.sheets):
            raise WorkbookError(f"{self.name}：{reason}")
        with self._explained("新工作表"):
            part = append_sheet(self._parts, self._structure, title, sheet_xml, layout)
        self._structure.sheets[title] = SheetEntry(title, part, "visible")
        self._edits[title] = SheetEdits(is_new=True, layout=layout)

    def add_blank_sheet(self, title: str, layout: Layout) -> None:
        """Append a sheet of ours."""
        self.add_sheet(title, blank_sheet(layout, self._structure.strict), layout)

    def remove_sheet(self, title: str) -> None:
        """Take the last sheet away, at once; of any other, what counts sheets by position would go wrong.

        A sheet that formulas, names or links elsewhere refer to is emptied instead: they would be broken.
        """
        from xlperf.package.removal import remove_sheet

        self._entry(title)
        if title != self.sheets[-1] or len(self.sheets) == 1:
            raise WorkbookError(f"{self.name}：“{title}”不是最后一张工作表，不能去掉。")
        with self._explained("工作表清单"):
            self._edits.pop(title, None)
            if self.is_referred_to(title):
                self.set_rows(title, 1, [])
                self.set_links(title, {})
                return
            remove_sheet(self._parts, self._structure, title)
        self._contents.pop(title, None)
        del self._structure.sheets[title]

    def is_referred_to(self, title: str) -> bool:
        """Does a formula, a name, a link or a chart elsewhere lead to the sheet, with all edits made?"""
        from xlperf.package.removal import is_referred_to

        return is_referred_to(self._applied(), self._structure, title)

    def _of(self, sheet: str) -> SheetEdits:
        self._entry(sheet)
        return self._edits.setdefault(sheet, SheetEdits())

    # Applying them

    def to_bytes(self, *, drop_signature: bool = False) -> bytes:
        """The file with all edits; the very bytes that were opened if they change nothing."""
        parts = self._applied()
        with self._explained():
            blob = parts.to_bytes()
            if not self.signed or blob is parts.archive.blob:
                return blob
            if not drop_signature:
                raise SaveError(
                    f"{self.name}：工作簿带有数字签名，改动会使签名失效，因此没有保存。"
                    "确认可以去掉签名的，请加 --drop-signature。"
                )
            remove_signature(parts)
            return parts.to_bytes()

    def _applied(self) -> Parts:
        """The parts with all edits."""
        parts = self._parts.copy()
        output = Output(parts)
        for sheet, edits in self._edits.items():
            with self._explained(f"工作表“{sheet}”"):
                self._apply(output, sheet, edits)
        if output.styles is not None:
            with self._explained():
                parts.write(self._styles_part(parts), output.styles.data)
        return parts

    def settle(self, change: Callable[[Parts], None] | None = None) -> None:
        """Make the edits collected so far part of what is read; then `change` the parts themselves, all or nothing."""
        parts = self._applied()
        with self._explained():
            if change is not None:
                change(parts)
            structure = read_structure(parts)
        self._parts, self._structure = parts, structure
        self._edits, self._contents, self._formats = {}, {}, {}
        parts.archive.budget.forget(Of.STORED_CELLS, Of.CHARACTERS, Of.MERGES)
        self._string_table = self._style_table = None
        self.__dict__.pop("_names", None)

    def save(self, target: Path | Target, *, drop_signature: bool = False) -> None:
        """Write the result; the target is replaced in one step or not at all.

        Raises `SaveError` if somebody changed the workbook's own file since it was opened, another since its claim.
        """
        from xlperf.package.save import Target, claim, save_atomically

        content = self.to_bytes(drop_signature=drop_signature)
        place = target if isinstance(target, Target) else claim(Path(target))
        if str(place.real) != self._origin:
            save_atomically(place, content, source=self.path)
            return
        save_atomically(place, content, read=self._on_disk)
        self._on_disk = content

    def _apply(self, output: Output, sheet: str, edits: SheetEdits) -> None:
        from xlperf.package.extras import add_rules, set_highlights, set_links
        from xlperf.package.notes import set_notes
        from xlperf.package.removal import stands_apart

        parts, part = output.parts, self._entry(sheet).part
        xml = sheet_xml(parts, part)
        if edits.rows is not None:
            xml = replace_rows(xml, *edits.rows)
        if edits.writes:
            before = xml
            xml = self._write_cells(output, sheet, xml, edits)
            cells = self._content(sheet).cells
            if xml is not before and not stands_apart(parts, self._structure, sheet, edits, cells):
                self._recalculate(parts, sheet, edits.writes)
        for tag, (fills, conditions) in edits.highlights.items():
            formats = [(self._styles(output).differential(Look.of(code)), refs) for code, refs in sorted(fills.items())]
            xml = set_highlights(xml, tag, formats, conditions)
        if edits.layout.rules:
            xml = add_rules(xml, [(self._styles(output).differential(rule.look), rule) for rule in edits.layout.rules])
        if edits.links is not None:
            xml = set_links(xml, edits.links)
        parts.write(part, xml.data)
        parts.outlines[part] = xml
        for writer, notes in edits.notes.items():
            set_notes(parts, part, writer, notes, self._structure.strict)

    def _write_cells(self, output: Output, sheet: str, xml: SheetXml, edits: SheetEdits) -> SheetXml:
        writes = edits.writes
        plan: dict[Ref, Edit] = {**plan_rehoming(self._content(sheet, rows=False).shared, writes), **writes}
        return write_cells(xml, plan, lambda style, code, wrap: self._styles(output).derive(style, code, wrap))

    def _styles(self, output: Output) -> Styles:
        if output.styles is None:
            part = self._styles_part(output.parts)
            output.styles = Styles(output.parts.read(part), output.parts.tree(part))
        return output.styles

    def _styles_part(self, parts: Parts) -> str:
        return styles_part(parts, self._structure.part, strict=self._structure.strict)

    def _recalculate(self, parts: Parts, sheet: str, writes: Mapping[Ref, Write]) -> None:
        """Have the next program recompute what depends on the written cells."""
        request_recalculation(parts, self._structure.part)
        if chain := calculation_chain(parts, self._structure.part):
            cells = self._content(sheet).cells
            if any(write.formula or (ref in cells and cells[ref].formula) for ref, write in writes.items()):
                parts.detach(self._structure.part, chain)
