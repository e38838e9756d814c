"""Works in a window of a real LibreOffice Calc, on a screen of its own, with the keys of a keyboard.

As `calc_menu_session`, a plan is a list of steps. What a person would wait for is waited for, and how long it took is
the answer; a picture of the screen is kept after every step that asks for one.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from calc_menu_session import Session  # type: ignore[import-not-found]
from calc_session import Office, install  # type: ignore[import-not-found]

WIDTH, HEIGHT = 1366, 768  # what a small office screen has
LONGEST = 30.0  # seconds until something must have happened
_MOST_LOOKS, _LOOKS_ALIKE = 30, 4  # at the screen, until a picture is taken
MESSAGE, FLOATING = "绩效自评", "绩效自评：逐处查看"
Condition = Callable[[], bool]


class Screen:
    """An X server whose pixels lie in a file, a keyboard, and a window manager that says which window has it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        read, write = os.pipe()
        size = ["-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-fbdir", str(folder), "-nolisten", "tcp"]
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(write), *size], pass_fds=[write], stderr=2)
        os.close(write)
        with os.fdopen(read) as told:
            self.display = f":{told.readline().strip()}"
        own = os.environ | {"DISPLAY": self.display}
        self.manager = subprocess.Popen(["openbox"], env=own, stdout=2, stderr=2)
        start = time.perf_counter()
        while self.keyboard("get_num_desktops").strip() in ("", "0"):  # what is said while there is none
            if self.manager.poll() is not None or time.perf_counter() - start > LONGEST:
                self.server.kill()
                raise SystemExit("the window manager did not start")
            time.sleep(0.05)

    def keyboard(self, *arguments: str) -> str:
        environment = os.environ | {"DISPLAY": self.display}
        done = subprocess.run(["xdotool", *arguments], env=environment, capture_output=True, text=True, check=False)
        return done.stdout

    def settle(self) -> None:
        """Until nothing has changed for a while, or something that blinks goes on and on."""
        file, before, same = self.folder / "Xvfb_screen0", b"", 0
        for _ in range(_MOST_LOOKS):
            seen = file.read_bytes()
            same = same + 1 if seen == before else 0
            if same == _LOOKS_ALIKE:
                return
            before = seen
            time.sleep(0.05)

    def picture(self, path: Path) -> None:
        path.write_bytes(png((self.folder / "Xvfb_screen0").read_bytes()))

    def close(self) -> None:
        for process in (self.manager, self.server):
            process.terminate()
            process.wait(10)


def png(dump: bytes) -> bytes:
    """A picture of what an X server keeps of its screen (XWD, 32 bits a pixel, blue first)."""
    header = struct.unpack(">25I", dump[:100])
    size, width, height, line, colors = header[0], header[4], header[5], header[12], header[19]
    start = size + 12 * colors
    rows = []
    for row in range(height):
        pixels = dump[start + row * line : start + row * line + 4 * width]
        rgb = bytearray(3 * width)
        rgb[0::3], rgb[1::3], rgb[2::3] = pixels[2::4], pixels[1::4], pixels[0::4]
        rows.append(b"\0" + bytes(rgb))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"".join(rows), 6)) + chunk(b"IEND", b"")


class Window(Session):  # type: ignore[misc]
    """One document in a window."""

    book: Any

    def __init__(self, office: Any, screen: Screen, pictures: Path) -> None:
        super().__init__(office)
        self.screen, self.pictures, self.taken = screen, pictures, 0
        self.toolkit = office.service("com.sun.star.awt.Toolkit")

    def done(self, name: str, *arguments: Any) -> Any:
        """A step; how long it took stands beside the pictures."""
        start = time.perf_counter()
        answer = getattr(self, name)(*arguments)
        with (self.pictures / "seconds.txt").open("a", encoding="utf-8") as file:
            file.write(f"{time.perf_counter() - start:6.2f}  {name} {' '.join(map(str, arguments))}\n")
        return answer

    def open_seen(self, url: str) -> Any:
        start = time.perf_counter()
        self.open(url, False)
        self.wait(lambda: self.book.CurrentController is not None)
        name = self.book.getTitle()
        self.wait(lambda: bool(self.screen.keyboard("search", "--name", name)))
        self.screen.keyboard("search", "--name", name, "windowactivate", "--sync")
        return time.perf_counter() - start

    def wait(self, happened: Condition) -> float:
        start = time.perf_counter()
        while not happened():
            if time.perf_counter() - start > LONGEST:
                self.picture("waited in vain")
                raise SystemExit(f"what was waited for did not happen; see {self.pictures}")
            time.sleep(0.01)
        return time.perf_counter() - start

    def keys(self, *names: str) -> None:
        self.screen.keyboard("key", *names)

    def picture(self, name: str) -> None:
        """Once all is drawn: nothing changes any more but a cursor that blinks."""
        self.toolkit.processEventsToIdle()
        self.screen.settle()
        self.taken += 1
        self.screen.picture(self.pictures / f"{self.taken:02} {name}.png")

    def enter(self, name: str, text: str) -> Any:
        """Go to a named cell by the name box, and type into it; what the cell shows then, and the seconds."""
        start = time.perf_counter()
        self.keys("ctrl+shift+t", "ctrl+a")
        self.screen.keyboard("type", "--delay", "15", name)
        self.keys("Return")
        cells = self.book.NamedRanges.getByName(name).getReferredCells()
        self.wait(lambda: self.at() == _place(cells))
        return self.type_here(text), time.perf_counter() - start

    def type_here(self, text: str) -> Any:
        """Into the cell that is selected; what it shows then."""
        sheet, column, row = self.at()
        cell = self.book.Sheets.getByName(sheet).getCellByPosition(column, row)
        before = cell.String
        self.screen.keyboard("type", "--delay", "15", text)
        self.keys("Return")
        self.wait(lambda: cell.String != before)
        return cell.String

    def at(self) -> list[Any]:
        """Where the cursor is: sheet, column, row from 0."""
        return _place(self.book.CurrentSelection)

    def walk(self, key: str) -> Any:
        """下一处 or 上一处: the seconds, where it led, and what the window says."""
        said, place = self.floating(), self.at()
        start = time.perf_counter()
        self.keys(key)
        self.wait(lambda: self.floating() != said or self.at() != place)
        seconds = time.perf_counter() - start
        self.wait(lambda: self.floating() != "")
        return seconds, self.at(), self.floating()

    def floating(self) -> str:
        """The text of the window that floats, "" of none."""
        return max(self.texts_in(FLOATING), key=lambda text: text.count("\n"), default="")

    def press_there(self, *names: str) -> None:
        """Keys in the window that floats."""
        self.screen.keyboard("search", "--name", FLOATING, "windowactivate", "--sync")
        self.keys(*names)

    def texts_in(self, title: str) -> list[str]:
        """What is to be read in the windows with this title; one may go while it is looked at."""
        found: list[str] = []
        for number in range(self.toolkit.getTopWindowCount()):
            with contextlib.suppress(Exception):
                context = self.toolkit.getTopWindow(number).AccessibleContext
                if title == context.getAccessibleName():
                    found += _texts(context)
        return found

    def command(self, place: int, picture: str, answer: str = "") -> Any:
        """The command at this place of the menu, by keys, and the key that answers its question: what its message says,
        and after how many seconds.
        """
        count = self.toolkit.getTopWindowCount()
        self.keys("alt+j")
        self.wait(lambda: self.toolkit.getTopWindowCount() > count)
        self.keys(*["Down"] * (place - 1))
        start = time.perf_counter()
        self.keys("Return")
        self.wait(lambda: self.message() != "")
        if answer:
            asked, start = self.message(), time.perf_counter()
            self.keys(answer)
            self.wait(lambda: self.message() not in ("", asked))
        seconds, message = time.perf_counter() - start, self.message()
        self.picture(picture)
        self.keys("Return")
        self.wait(lambda: self.message() == "")
        return message, seconds

    def message(self) -> str:
        """Of the box that is up, "" of none."""
        return max(self.texts_in(MESSAGE), key=len, default="")

    def undone_and_redone(self, times: int) -> Any:
        """The last step taken back and done again, by keys; the seconds of the slowest."""
        slowest = 0.0
        steps = self.steps()
        for _ in range(times):
            for key, left in (("ctrl+z", len(steps) - 1), ("ctrl+y", len(steps))):
                start = time.perf_counter()
                self.keys(key)
                self.wait(lambda left=left: len(self.steps()) == left)  # type: ignore[misc]
                slowest = max(slowest, time.perf_counter() - start)
        return slowest

    def store(self) -> Any:
        start = time.perf_counter()
        self.keys("ctrl+s")
        self.wait(lambda: not self.book.isModified())
        return time.perf_counter() - start

    def texts_of(self, sheet: str) -> Any:
        home = self.book.Sheets.getByName(sheet)
        used = home.createCursor()
        used.gotoEndOfUsedArea(False)
        end = used.getRangeAddress()
        return home.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow).getDataArray()

    def sheets(self) -> Any:
        return self.book.Sheets.ElementNames

    def close_book(self) -> Any:
        """With its window; is the office still there?"""
        self.book.setModified(False)
        self.book.close(True)
        self.book = None
        return self.office.service("com.sun.star.frame.Desktop") is not None


def _place(cells: Any) -> list[Any]:
    address = cells.getRangeAddress()
    return [cells.getSpreadsheet().getName(), address.StartColumn, address.StartRow]


def _texts(context: Any) -> list[str]:
    """All that is to be read in a window."""
    text = context.getText() if hasattr(context, "getText") else context.getAccessibleName()
    found = [text] if text else []
    for number in range(min(context.getAccessibleChildCount(), 100)):
        found += _texts(context.getAccessibleChild(number).getAccessibleContext())
    return found


def main(plan: Any) -> None:
    missing = [name for name in ("Xvfb", "xdotool", "openbox") if not shutil.which(name)]
    if not Path(plan["soffice"]).resolve().with_name("libvclplug_genlo.so").exists():
        missing.append("the windows of LibreOffice (libreoffice-core in place of libreoffice-core-nogui)")
    if missing:
        raise SystemExit(f"{' and '.join(missing)} missing: run `bash tests/run`, which installs it")
    install(plan)
    screen = Screen(Path(plan["screen"]))
    try:
        office = Office(plan, display=screen.display)
        try:
            session = Window(office, screen, Path(plan["pictures"]))
            answers = [session.done(name, *arguments) for name, *arguments in plan["steps"]]
        except BaseException:
            office.kill()  # it may wait for an answer that nobody gives
            raise
        session.close_book()
        office.close()
    finally:
        screen.close()
    Path(plan["result"]).write_text(json.dumps(answers), "utf-8")


if __name__ == "__main__":
    main(json.load(sys.stdin))
