"""The only way into the command line. Nothing heavy is imported here, so that Ctrl-C is answered while modules load.

Every failure becomes a sentence and exit code 2. To be stopped counts as "could not run" too: whoever reads the exit
code knows three of them, and 130 would be a fourth. A reader that closes the pipe is no failure.
"""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False  # what type checkers take for true
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType
    from typing import NoReturn

COULD_NOT_RUN = 2
_COLLECTED_AFTER = 50_000  # new objects: modules and a form stay to the end, and looking through them would be felt
STOPPED = "已中止。"
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 clean, 1 findings, 2 could not run.

    Without arguments it is the process that was started, whose streams and signals it may take over.
    """
    if arguments is not None:
        from xlperf.cli.output import escape_what_cannot_be_shown

        escape_what_cannot_be_shown()
        sys.exit(_run(arguments, _Stop()))
    stop = _Stop()
    gc.set_threshold(_COLLECTED_AFTER)
    try:
        stop.listen()
        from xlperf.cli.output import finish, guard_streams

        guard_streams()
        code = _run(sys.argv[1:], stop)
        if not finish():
            code = COULD_NOT_RUN
        stop.ignore()
        gc.freeze()  # all of it goes with the process, and need not be looked through once more
    except KeyboardInterrupt:
        stop.now()
    sys.exit(code)


def _run(arguments: Sequence[str], stop: _Stop) -> int:
    try:
        from xlperf.cli.commands import cli

        stop.loading = False
        code = cli.main(list(arguments), "xlperf", standalone_mode=False)
    except SystemExit as end:
        code = end.code
    except BaseException as error:
        from xlperf.cli.failures import explain

        explain(STOPPED if stop.wanted else error)
        return COULD_NOT_RUN
    return code if isinstance(code, int) else 0


class _Stop:
    """What a signal to stop does: while modules load, end at once; later, let what is being saved be cleared away."""

    def __init__(self) -> None:
        self.loading = True
        self.wanted = False

    def listen(self) -> None:
        """Take the signals that would end the process; one that is ignored (nohup) stays so."""
        import signal

        for number in self._numbers():
            if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
                signal.signal(number, self._told)
        sys.unraisablehook = self._unraisable

    def ignore(self) -> None:
        """All is said and done, and the interpreter is not to be caught while it ends."""
        import signal

        for number in self._numbers():
            signal.signal(number, signal.SIG_IGN)

    def now(self) -> NoReturn:
        """End without any more of Python: it might be in the middle of anything."""
        try:
            sys.stderr.write(f"{STOPPED}\n")
            sys.stderr.flush()
        finally:
            os._exit(COULD_NOT_RUN)

    def _numbers(self) -> list[int]:
        import signal

        return [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]

    def _told(self, number: int, frame: FrameType | None) -> None:
        if self.loading or self.wanted:
            self.now()
        self.wanted = True
        raise KeyboardInterrupt

    def _unraisable(self, found: sys.UnraisableHookArgs) -> None:
        """An interrupt in a callback of the interpreter would be printed and forgotten."""
        if self.wanted:
            self.now()
