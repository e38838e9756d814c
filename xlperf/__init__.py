"""Fill and audit the 部门整体支出绩效自评 workbook.

>>> from pathlib import Path
>>> import xlperf
>>> form = xlperf.open_form(Path("自评.xlsx"))
>>> report, explanations = xlperf.check(form)
>>> for finding in report.findings:
...     if finding.code == "XLP202":
...         print(finding.at.partition("!")[2], finding.stated, "should be", finding.expected)
F13 0.2224 should be 0.4938

`check` inspects the workbook and audits its figures. `audit` is for a Record that stands in no workbook: it lists the
rules about the workbook itself among `not_run`.
"""

from __future__ import annotations

import sys
from types import ModuleType

TYPE_CHECKING = False  # what type checkers take for true; importing typing for it would be felt at start-up
if TYPE_CHECKING:
    from xlperf.audit.run import Report, audit
    from xlperf.checks.rule import Finding, Severity
    from xlperf.derive.engine import compute
    from xlperf.errors import XlperfError
    from xlperf.form.forms import load_template
    from xlperf.form.record import Record, record_from_values, values_of
    from xlperf.form.template import Template
    from xlperf.review.frames import review
    from xlperf.workbook.actions import Form, check, fill, new_workbook, open_form
    from xlperf.workbook.frame import to_frame

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
    "check",
    "compute",
    "fill",
    "load_template",
    "new_workbook",
    "open_form",
    "record_from_values",
    "review",
    "to_frame",
    "values_of",
]

_HOMES = {
    "xlperf.audit.run": ("Report", "audit"),
    "xlperf.checks.rule": ("Finding", "Severity"),
    "xlperf.derive.engine": ("compute",),
    "xlperf.errors": ("XlperfError",),
    "xlperf.workbook.frame": ("to_frame",),
    "xlperf.workbook.actions": ("Form", "check", "fill", "new_workbook", "open_form"),
    "xlperf.form.record": ("Record", "record_from_values", "values_of"),
    "xlperf.form.forms": ("load_template",),
    "xlperf.form.template": ("Template",),
    "xlperf.review.frames": ("review",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


class _Package(ModuleType):
    """Loads a public name when it is first asked for, so that the command line can answer Ctrl-C while modules load."""

    def __getattr__(self, name: str) -> object:
        if name not in _HOME_OF:
            raise AttributeError(f"module 'xlperf' has no attribute '{name}'")
        from importlib import import_module

        value: object = getattr(import_module(_HOME_OF[name]), name)
        self.__dict__[name] = value
        return value

    def __setattr__(self, name: str, value: object) -> None:
        """Keep `xlperf.audit` the function: importing the module of that name would put the module in its place."""
        if name in _HOME_OF and isinstance(value, ModuleType):
            return
        super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *__all__})


sys.modules[__name__].__class__ = _Package
