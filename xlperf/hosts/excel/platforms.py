"""What xlwings has no member for and each platform does in its own way: sheet protection, old hyperlinks, 1904.

The template locks its derived cells without a password, and a program is kept out of them like anyone else. So the
protection is taken off while results are written and put back as it was. xlwings Lite reaches neither: there a
protected sheet refuses, and links that the file host left on 审核结果 stay.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from xlperf.errors import WorkbookError

if TYPE_CHECKING:
    import xlwings as xw

_ALLOWED = (
    "AllowFormattingCells AllowFormattingColumns AllowFormattingRows AllowInsertingColumns AllowInsertingRows "
    "AllowInsertingHyperlinks AllowDeletingColumns AllowDeletingRows AllowSorting AllowFiltering "
    "AllowUsingPivotTables"
).split()


@contextmanager
def unprotected(sheets: Iterable[xw.Sheet]) -> Iterator[None]:
    """Without protection for a while; raises `WorkbookError` before anything is written if a password is set."""
    with ExitStack() as stack:
        for sheet in sheets:
            protect_again = _lift(sheet)
            if protect_again is not None:
                stack.callback(protect_again)
        yield


def forget_links(cells: xw.Range) -> None:
    """Take hyperlinks away and leave the cells as they look."""
    native = cells.api
    clear = getattr(native, "ClearHyperlinks", None) or getattr(native, "clear_hyperlinks", None)
    if clear is not None:
        clear()


def counts_from_1904(book: xw.Book) -> bool | None:
    """Does the workbook count its dates from 1904? None where the platform does not say."""
    native = book.api
    if hasattr(native, "Date1904"):  # Windows
        return bool(native.Date1904)
    if hasattr(native, "date_1904"):  # macOS
        return bool(native.date_1904.get())
    return None


def bytes_of(book: xw.Book) -> bytes:
    """The workbook as it is now, as a file; where the platform makes no copies, as it was last saved.

    Raises `OSError` where it was never saved, or only to an address of the web.
    """
    native = book.api
    if not hasattr(native, "SaveCopyAs"):  # macOS
        return Path(book.fullname).read_bytes()
    with TemporaryDirectory() as folder:
        copy = Path(folder) / book.name
        native.SaveCopyAs(str(copy))
        return copy.read_bytes()


def chosen_file(app: xw.App, title: str, suffixes: Sequence[str]) -> Path | None:
    """The file that the user chooses; None if he chooses none.

    Raises `WorkbookError` where the platform has no window for it.
    """
    native = app.api
    if hasattr(native, "GetOpenFilename"):  # Windows
        kinds = f"{title},{';'.join(f'*{suffix}' for suffix in suffixes)}"
        name = native.GetOpenFilename(kinds, 1, title)
        return Path(name) if isinstance(name, str) else None
    if sys.platform == "darwin":
        script = f'POSIX path of (choose file with prompt "{title}")'
        done = subprocess.run(["osascript", "-e", script], capture_output=True, text=True, check=False)
        return Path(done.stdout.strip()) if done.returncode == 0 and done.stdout.strip() else None
    raise WorkbookError("这里不能选文件。请用命令行：xlperf import，或 xlperf check 自评.xlsx --against 报告.docx。")


def _lift(sheet: xw.Sheet) -> Callable[[], None] | None:
    """What protects the sheet again as it was; None where it is not protected or nobody can tell (xlwings Lite)."""
    native = sheet.api
    if hasattr(native, "ProtectContents"):  # Windows
        return _lift_windows(sheet, native)
    if hasattr(native, "protect_contents"):  # macOS
        return _lift_mac(sheet, native)
    return None


def _lift_windows(sheet: xw.Sheet, native: Any) -> Callable[[], None] | None:
    if not native.ProtectContents:
        return None
    rules = {name: getattr(native.Protection, name) for name in _ALLOWED}
    rules |= {"DrawingObjects": native.ProtectDrawingObjects, "Scenarios": native.ProtectScenarios}
    _try(native.Unprotect, "")  # without an argument Excel would ask for the password
    if native.ProtectContents:
        raise _locked(sheet)
    return lambda: native.Protect(Contents=True, **rules)


def _lift_mac(sheet: xw.Sheet, native: Any) -> Callable[[], None] | None:
    if not native.protect_contents.get():
        return None
    names = [_snake(name).removesuffix("s" if name.endswith("Tables") else "") for name in _ALLOWED]
    rules = {name: getattr(native.protection_object, name).get() for name in names}
    rules |= {"drawing_objects": native.protect_drawing_objects.get(), "scenarios": native.protect_scenarios.get()}
    _try(native.unprotect, password="")
    if native.protect_contents.get():
        raise _locked(sheet)
    return lambda: native.protect_worksheet(worksheet_contents=True, **rules)


def _try(unprotect: Callable[..., object], *args: str, **options: str) -> None:
    """Whether it worked is asked afterwards: every platform fails in its own way."""
    try:
        unprotect(*args, **options)
    except Exception:
        return


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _locked(sheet: xw.Sheet) -> WorkbookError:
    return WorkbookError(
        f"{sheet.book.name}：工作表“{sheet.name}”设有保护密码，不能写入，工作簿没有改动。"
        "请先用“审阅—撤消工作表保护”输入密码取消保护，完成后再重新保护。"
    )
