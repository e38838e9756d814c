"""The buttons of a new .xlsm: what stands on them and which macro each runs.

The macros are not in the file: Import Functions of the xlwings add-in makes them of `xlperf.udf.runpython`. A file that
brought its own would have to be trusted by everybody who is sent one.
"""

from __future__ import annotations

from xlperf.form.template import Template
from xlperf.package.buttons import Button, macro_enabled

_LABELS = (
    ("填充", "fill_book", "2E75B6"),
    ("审核", "check_book", "C00000"),
    ("清除", "clear_book", "7F7F7F"),
    ("冻结", "freeze_book", "548235"),
)
_HINT = "第一次使用，先在“xlwings”选项卡点 Import Functions。"
SIGNS = (*(f'"[0]!{macro}"' for _, macro, _ in _LABELS), _HINT)
"""What the shapes have in them, as the file says it: by these they are known."""
_WIDTH, _HEIGHT = 84, 30
_ROWS = 2  # from one to the next: two rows of a form are higher than a button


def with_buttons(blob: bytes, template: Template) -> bytes:
    """A new workbook, with the buttons to the right of every form."""
    sheets = [spec for spec in template.sheets if "widths" in spec]
    return macro_enabled(blob, {spec["title"]: _behind_column(len(spec["widths"])) for spec in sheets})


def _behind_column(last: int) -> list[Button]:
    buttons = [
        Button(text, macro, color, 1 + place * _ROWS, last + 1, _WIDTH, _HEIGHT)
        for place, (text, macro, color) in enumerate(_LABELS)
    ]
    return [*buttons, Button(_HINT, "", "", 1 + len(_LABELS) * _ROWS, last + 1, 2 * _WIDTH, 2 * _HEIGHT)]
