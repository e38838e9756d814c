r"""What is printed, and to where. stdout is the result, stderr is talk; all of it passes through here.

Text of cells and file names may hold signs that a terminal obeys or does not show (ESC, BEL, line ends, marks of
direction, zero-width characters): they are printed as visible escapes, `\x1b`, `\n`, `\u202e`. In JSON they are
`\u` escapes, so that the data stay exact. A path that is printed is therefore exact only as JSON.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from xlperf.text import expression

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

# The categories Cc, Cf, Cs, Zl and Zp of Unicode, and the letters and marks that have no shape.
_UNSEEN = (
    "\x00-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff"
)
_HIDDEN = expression(f"[{_UNSEEN}]")
_HIDDEN_IN_JSON = expression(f"(?!\n)[{_UNSEEN}]")


def visible(text: str) -> str:
    """The text with what cannot be seen, or what a terminal would obey, as escapes."""
    return _HIDDEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def say(line: object = "", *, err: bool = False) -> None:
    """Print one line."""
    stream = sys.stderr if err else sys.stdout
    if stream is None:
        return
    if err and sys.stdout is not None:
        sys.stdout.flush()  # where both go to one place, in the order in which they were said
    stream.write(f"{visible(str(line))}\n")
    stream.flush()


def say_all(lines: Iterable[object], *, err: bool = False) -> None:
    """Print them, one a line."""
    for line in lines:
        say(line, err=err)


def say_csv(text: str) -> None:
    """Print rows for a spreadsheet program; by the mark at the head it knows that they are UTF-8."""
    if sys.stdout is None:
        return
    rows = "\n".join(map(visible, text.splitlines()))
    mark = "\ufeff" if sys.stdout.encoding.lower().startswith("utf") else ""
    sys.stdout.write(f"{mark}{rows}\n")
    sys.stdout.flush()


def say_json(data: object) -> None:
    """Print data for programs; in ASCII where the stream cannot show the characters."""
    import json  # not at the top: most commands do without, and start-up is felt

    if sys.stdout is None:
        return
    text = json.dumps(data, ensure_ascii=False, indent=2)
    text = _HIDDEN_IN_JSON.sub(lambda found: json.dumps(found[0])[1:-1], text)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(data, indent=2)
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class _Sink(io.RawIOBase):
    """A standard stream that takes everything: its reader may have gone, its disk may be full."""

    def __init__(self, raw: io.RawIOBase) -> None:
        self._raw = raw
        self.failure: OSError | None = None

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._raw.fileno()

    def isatty(self) -> bool:
        return self._raw.isatty()

    def write(self, data: ReadableBuffer, /) -> int | None:
        if self.failure is None:
            try:
                return self._raw.write(data)
            except OSError as error:
                self.failure = error
        return memoryview(data).nbytes

    @property
    def is_closed_pipe(self) -> bool:
        """Windows says EINVAL of a pipe whose reader has gone."""
        gone = (errno.EPIPE, errno.ESHUTDOWN, errno.EINVAL) if sys.platform == "win32" else (errno.EPIPE,)
        return self.failure is not None and self.failure.errno in gone


_sinks: dict[str, _Sink] = {}


def escape_what_cannot_be_shown() -> None:
    """A console that cannot show a sign must not stop the work."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def guard_streams() -> None:
    """For a process: no standard stream can fail any more, and none is missing.

    A file that is opened would otherwise get the number of a closed stream and receive what is printed.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdout = _guarded("stdout", sys.stdout)
    sys.stderr = _guarded("stderr", sys.stderr)
    if not sys.warnoptions:
        import warnings

        warnings.simplefilter("ignore")  # of libraries, in English, about files


def _guarded(name: str, stream: TextIO | None) -> TextIO:
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    raw: io.RawIOBase = getattr(stream.buffer, "raw", stream.buffer)  # type: ignore[assignment]  # -u: it is the raw one
    sink = _sinks[name] = _Sink(raw)
    return io.TextIOWrapper(
        io.BufferedWriter(sink),
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def all_said() -> bool:
    """Has everything so far gone where it should?"""
    sys.stdout.flush()
    sink = _sinks.get("stdout")
    return sink is None or sink.failure is None


def finish() -> bool:
    """Was all of the result handed over, as far as somebody wanted it? If not, it is said."""
    sys.stdout.flush()
    sink = _sinks.get("stdout")
    if sink is None or sink.failure is None or sink.is_closed_pipe:
        return True
    full = sink.failure.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
    reason = "磁盘已满" if full else sink.failure.strerror or str(sink.failure)
    say(f"无法完成：结果没有能全部输出（{reason}）。请换一个地方输出后再运行一次。", err=True)
    return False
