"""Fill and audit the 部门整体支出绩效自评 workbook.

>>> from pathlib import Path
>>> form = open_form(Path("自评.xlsx"))
>>> for finding in audit(form.record).findings:
...     print(finding.at, finding.message)
"""

from __future__ import annotations

from xlperf.audit import Report, audit
from xlperf.catalog import Finding, Severity
from xlperf.engine import compute
from xlperf.errors import XlperfError
from xlperf.hosts.file import Form, fill, new_workbook, open_form
from xlperf.record import Record, record_from_values, values_of
from xlperf.template import Template, load_template

__version__ = "0.1.0"
__all__ = [
    "Finding",
    "Form",
    "Record",
    "Report",
    "Severity",
    "Template",
    "XlperfError",
    "audit",
    "compute",
    "fill",
    "load_template",
    "new_workbook",
    "open_form",
    "record_from_values",
    "values_of",
]
