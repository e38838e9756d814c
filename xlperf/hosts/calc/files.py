"""What makes files of the document that is open in LibreOffice Calc, or takes one in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import uno

from xlperf.hosts.beside import Made, require_saved, write_next_year, write_report
from xlperf.hosts.calc.document import bytes_of
from xlperf.hosts.calc.highlights import properties
from xlperf.hosts.calc.progress import progress
from xlperf.hosts.handing_in import write_copy
from xlperf.hosts.taking_in import REPORTS, SOURCES, import_file
from xlperf.package import Ref
from xlperf.workbook.binding import Place

_ALL = "所有文件"
_Told = TypeVar("_Told")


def cursor_of(model: Any) -> Place | None:
    """The cell that is selected, the first of several; None where something else is."""
    selected = model.CurrentSelection
    if selected is not None and hasattr(selected, "getRangeAddresses"):
        places = selected.getRangeAddresses()
        place = places[0] if places else None
    else:
        place = getattr(selected, "RangeAddress", None)
    if place is None:
        return None
    return Place(model.Sheets.getByIndex(place.Sheet).Name, Ref(place.StartRow + 1, place.StartColumn + 1))


def hand_in(model: Any, step: str) -> str:
    """Write 上报本 beside the document, which is left alone; answers a sentence for the user.

    Raises `XlperfError`, and then nothing is written.
    """
    return _made(model, step, "上报本", write_copy)


def report(model: Any, step: str) -> Made:
    """Write 自评报告 beside the document; raises `XlperfError`, and then nothing is written."""
    return _made(model, step, "自评报告", write_report)


def next_year(model: Any, step: str) -> Made:
    """Write next year's workbook beside the document."""
    return _made(model, step, "下一年的工作簿", write_next_year)


def taken_in(model: Any, step: str, source: Path) -> Made:
    """Import a file as a new workbook beside it."""
    with progress(model.CurrentController.Frame, step, steps=1) as show:
        show("导入")
        return import_file(source)


def _made(model: Any, step: str, what: str, make: Callable[[bytes, Path], _Told]) -> _Told:
    url = model.getURL()
    path = Path(uno.fileUrlToSystemPath(url)) if url.startswith("file:") else Path()
    require_saved(path, what)
    with progress(model.CurrentController.Frame, step, steps=2) as show:
        show("读取")
        model.calculate()
        blob = bytes_of(model)
        show("写" + what)
        return make(blob, path)


def show_file(desktop: Any, path: Path) -> None:
    """Open a new workbook in a window of its own."""
    desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, properties())


def choose_file(context: Any, title: str, name: str) -> Path | None:
    """The file that the user chooses for a command; None if he chooses none."""
    picker = context.ServiceManager.createInstanceWithContext("com.sun.star.ui.dialogs.FilePicker", context)
    picker.setTitle(title)
    for label, suffixes in ((title, REPORTS if name == "compare" else SOURCES), (_ALL, ("",))):
        picker.appendFilter(label, ";".join(f"*{suffix}" for suffix in suffixes))
    chosen = picker.getSelectedFiles() if picker.execute() == 1 else ()
    return Path(uno.fileUrlToSystemPath(chosen[0])) if chosen else None
