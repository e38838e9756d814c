"""The buttons of a new .xlsm: what stands on them and which macro each runs.

The macros are not in the file: Import Functions of the xlwings add-in makes them of `xlperf.udf.runpython`. A file that
brought its own would have to be trusted by everybody who is sent one.
"""

from __future__ import annotations

from xlperf.form.template import Template
from xlperf.hosts.commands import COMMANDS, HINT
from xlperf.package.buttons import Button, macro_enabled

_WIDTH, _HEIGHT = 96, 30
_ROWS = 2  # from one to the next: two rows of a form are higher than a button


def with_buttons(blob: bytes, template: Template) -> bytes:
    """A new workbook, with the buttons to the right of every form."""
    sheets = [spec for spec in template.sheets if "widths" in spec]
    return macro_enabled(blob, {spec["title"]: _behind_column(len(spec["widths"])) for spec in sheets})


def _behind_column(last: int) -> list[Button]:
    main = [each for each in COMMANDS if each.is_main]
    buttons = [
        Button(each.title, each.macro, each.color, 1 + place * _ROWS, last + 1, _WIDTH, _HEIGHT)
        for place, each in enumerate(main)
    ]
    return [*buttons, Button(HINT, "", "", 1 + len(main) * _ROWS, last + 1, 2 * _WIDTH, 2 * _HEIGHT)]
