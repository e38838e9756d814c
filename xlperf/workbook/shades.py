"""The grounds that tell in a workbook of ours what a cell is, as RGB."""

from __future__ import annotations

INPUT, DERIVED, HEADING = "FFF9DB", "DDE6F0", "F2F2F2"
