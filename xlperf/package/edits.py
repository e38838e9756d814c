"""What is to change, collected until the workbook is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from xlperf.package.address import Ref
from xlperf.package.budget import Budget, Of
from xlperf.package.look import Layout
from xlperf.package.parts import Parts
from xlperf.package.patch import Value, Write

if TYPE_CHECKING:
    from xlperf.package.notes import Writer
    from xlperf.package.parts import Parts
    from xlperf.package.styles import Styles


class SheetEdits:
    """Cells, whole rows, links, conditional formats by tag and notes by writer."""

    def __init__(self, *, is_new: bool = False, layout: Layout | None = None) -> None:
        self.is_new = is_new  # the sheet was added just now
        self.layout = layout or Layout(())  # of a sheet that was
        self.writes: dict[Ref, Write] = {}
        self.rows: tuple[int, list[list[Value]]] | None = None
        self.links: dict[Ref, str] | None = None
        self.highlights: dict[str, tuple[dict[str, list[Ref]], Mapping[Ref, str]]] = {}
        self.notes: dict[Writer, dict[Ref, str]] = {}

    def write(self, ref: Ref, write: Write, budget: Budget) -> None:
        """Raises `WorkbookError` for more cells of one sheet than are rewritten in some seconds."""
        self.writes[ref] = write
        budget.limit(Of.WRITTEN_CELLS, len(self.writes))


class Output:
    """The file in the making."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.styles: Styles | None = None
