"""The .xlsx/.xlsm file as a package: read it, change only what is meant, save it in one step.

Knows nothing about forms and figures; needs nothing but the standard library.
"""

from xlperf.package.address import (
    Area,
    Ref,
    area_text,
    column_letters,
    in_file,
    parse_area,
    parse_ref,
    quoted_title,
    ref_text,
    split_reference,
)
from xlperf.package.formulas import Reference, references
from xlperf.package.patch import Value
from xlperf.package.reader import Cell, CellKind
from xlperf.package.workbook import Workbook

__all__ = [
    "Area",
    "Cell",
    "CellKind",
    "Ref",
    "Reference",
    "Value",
    "Workbook",
    "area_text",
    "column_letters",
    "in_file",
    "parse_area",
    "parse_ref",
    "quoted_title",
    "ref_text",
    "references",
    "split_reference",
]
