"""The menu's commands as LibreOffice loads them: this file lies at the top of the extension, like the functions'.

The package is imported when a command is given, not when a menu opens.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uno
import unohelper
from com.sun.star.frame import DispatchResultEvent, XDispatchProvider, XNotifyingDispatch
from com.sun.star.lang import XInitialization, XServiceInfo

from xlperf.udf.calc_menu import ENTRIES, HANDLER, HANDLER_SERVICE, TITLE, Entry

if TYPE_CHECKING:
    from xlperf.hosts.beside import Made

_COMMANDS = {each.url: each for each in ENTRIES}
_FAILURE, _SUCCESS = 0, 1  # com.sun.star.frame.DispatchResultState
_OK, _YES_NO_CANCEL = 1, 4  # com.sun.star.awt.MessageBoxButtons
_CANCEL, _YES, _NO = 0, 2, 3  # com.sun.star.awt.MessageBoxResults


class Menu(unohelper.Base, XInitialization, XDispatchProvider, XNotifyingDispatch, XServiceInfo):  # type: ignore[misc]
    """One for each window. A macro that dispatches a command is answered by the sentence a user reads."""

    def __init__(self, context: Any) -> None:
        self.context = context
        self.frame: Any = None

    def initialize(self, arguments: tuple[Any, ...]) -> None:
        self.frame = arguments[0] if arguments else None

    def queryDispatch(self, url: Any, target: str, flags: int) -> Any:
        return self if url.Complete in _COMMANDS else None

    def queryDispatches(self, requests: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(self.queryDispatch(each.FeatureURL, each.FrameName, each.SearchFlags) for each in requests)

    def dispatch(self, url: Any, arguments: Any) -> None:
        self._do(_COMMANDS[url.Complete], arguments)

    def dispatchWithNotification(self, url: Any, arguments: Any, listener: Any) -> None:
        done, message = self._do(_COMMANDS[url.Complete], arguments)
        if listener is not None:
            listener.dispatchFinished(DispatchResultEvent(self, _SUCCESS if done else _FAILURE, message))

    def addStatusListener(self, listener: Any, url: Any) -> None:
        """Every command is always there."""

    def removeStatusListener(self, listener: Any, url: Any) -> None:
        pass

    def _do(self, entry: Entry, arguments: Any) -> tuple[bool, str]:
        """A macro that says `Keep` (true or false) or `File` has answered, and is not asked."""
        from xlperf.errors import XlperfError
        from xlperf.hosts.excel import live

        self._end_typing()
        said = [_YES if each.Value else _NO for each in arguments or () if each.Name == "Keep"]
        answer = said[0] if said else self._ask(entry.command.question) if entry.command.question else _YES
        if answer == _CANCEL:
            return False, "没有清除。"
        try:
            file = self._file(entry, arguments) if entry.command.asks_file else None
            if entry.command.asks_file and file is None:
                return False, "没有选文件。"
            message = self._done(entry, file, is_kept=answer == _YES)
        except Exception as error:
            if not isinstance(error, XlperfError):
                traceback.print_exc(file=sys.stderr)  # for whoever is asked for help
            message, done = live.told(error), False
        else:
            done = True
        if not (done and entry.command.walks):
            self._tell(message, "INFOBOX" if done else "ERRORBOX")
        return done, message

    def _done(self, entry: Entry, file: Path | None, *, is_kept: bool) -> str:
        from xlperf.form.template import INDICATORS, PROJECTS
        from xlperf.hosts.calc import document, files
        from xlperf.hosts.commands import help_text
        from xlperf.hosts.excel import live
        from xlperf.hosts.taking_in import comparing

        model = self.frame.getController().getModel()
        if entry.name == "help":
            return help_text()
        if entry.command.walks:
            return self._walked(model, back=entry.name == "previous")
        if entry.name == "hand_in":
            return files.hand_in(model, entry.step)
        if entry.name == "report":
            return files.report(model, entry.step).message
        if entry.name == "next_year":
            return self._opened(files.next_year(model, entry.step))
        if entry.name == "import" and file is not None:
            return self._opened(files.taken_in(model, entry.step, file))
        if entry.name == "compare" and file is not None:
            return document.run(comparing(file), model, entry.step)
        clearing = live.clearing if is_kept else live.clearing_all
        works: dict[str, live.Work] = {
            "fill": live.filling,
            "check": live.checking,
            "clear": clearing,
            "freeze": live.freezing,
        }
        works["drop_placeholders"] = live.dropping
        for name, role in (("add_indicator", INDICATORS), ("add_project", PROJECTS)):
            works[name] = live.adding(role, files.cursor_of(model))
        message = document.run(works[entry.name], model, entry.step)
        if entry.name in ("check", "clear"):
            self._list_is_new(model, is_there=entry.name == "check")
        return message

    def _walked(self, model: Any, *, back: bool) -> str:
        """What the window that floats shows; where no window is to be seen, there is none."""
        from xlperf.hosts.calc import floating, walking
        from xlperf.workbook.walk import told

        walk = walking.walk(model, back=back)
        if self._is_seen():
            floating.show(model, walk)
        return told(walk.stops, walk.step)

    def _list_is_new(self, model: Any, *, is_there: bool) -> None:
        from xlperf.hosts.calc import floating, walking

        floating.close(model)
        if is_there:
            walking.show_results(model)

    def _file(self, entry: Entry, arguments: Any) -> Path | None:
        """The file to be worked on: the one that a macro gives, or the one that the user chooses."""
        from xlperf.hosts.calc import files

        said = [each.Value for each in arguments or () if each.Name == "File"]
        if said:
            return Path(uno.fileUrlToSystemPath(said[0]))
        return files.choose_file(self.context, entry.command.asks_file, entry.name) if self._is_seen() else None

    def _opened(self, made: Made) -> str:
        """The new workbook is shown, where there is a window to be seen."""
        from xlperf.hosts.calc import files

        if self._is_seen():
            desktop = self.context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", self.context)
            files.show_file(desktop, made.path)
        return made.message

    def _end_typing(self) -> None:
        """What is being typed goes into its cell, as before Calc's own commands; this one changes nothing else."""
        helper = self.context.ServiceManager.createInstanceWithContext(
            "com.sun.star.frame.DispatchHelper", self.context
        )
        helper.executeDispatch(self.frame, ".uno:Calculate", "", 0, ())

    def _ask(self, question: str) -> int:
        """The answer; a macro that gives the command where no window is to be seen keeps what the user wrote."""
        return self._box(question, "QUERYBOX", _YES_NO_CANCEL, otherwise=_YES)

    def _tell(self, message: str, kind: str) -> None:
        self._box(message, kind, _OK, otherwise=_OK)

    def _box(self, message: str, kind: str, buttons: int, otherwise: int) -> int:
        """In a window, where there is one to be seen."""
        if not self._is_seen():
            return otherwise
        window = self.frame.getContainerWindow()
        box_type = uno.Enum("com.sun.star.awt.MessageBoxType", kind)
        box = window.getToolkit().createMessageBox(window, box_type, buttons, TITLE, message)
        answer = box.execute()
        box.dispose()
        return int(answer)

    def _is_seen(self) -> bool:
        window = self.frame.getContainerWindow() if self.frame is not None else None
        return window is not None and bool(window.isVisible())

    def getImplementationName(self) -> str:
        return HANDLER

    def supportsService(self, name: str) -> bool:
        return name == HANDLER_SERVICE

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return (HANDLER_SERVICE,)


g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(Menu, HANDLER, (HANDLER_SERVICE,))
