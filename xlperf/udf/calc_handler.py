"""The menu's commands as LibreOffice loads them: this file lies at the top of the extension, like the functions'.

The package is imported when a command is given, not when a menu opens.
"""

from __future__ import annotations

import sys
import traceback
from typing import Any

import uno
import unohelper
from com.sun.star.frame import DispatchResultEvent, XDispatchProvider, XNotifyingDispatch
from com.sun.star.lang import XInitialization, XServiceInfo

from xlperf.udf.calc_menu import COMMANDS, HANDLER, HANDLER_SERVICE, TITLE, Command

_COMMANDS = {each.url: each for each in COMMANDS}
_FAILURE, _SUCCESS = 0, 1  # com.sun.star.frame.DispatchResultState
_OK = 1  # com.sun.star.awt.MessageBoxButtons.BUTTONS_OK


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
        self._do(_COMMANDS[url.Complete])

    def dispatchWithNotification(self, url: Any, arguments: Any, listener: Any) -> None:
        done, message = self._do(_COMMANDS[url.Complete])
        if listener is not None:
            listener.dispatchFinished(DispatchResultEvent(self, _SUCCESS if done else _FAILURE, message))

    def addStatusListener(self, listener: Any, url: Any) -> None:
        """Every command is always there."""

    def removeStatusListener(self, listener: Any, url: Any) -> None:
        pass

    def _do(self, command: Command) -> tuple[bool, str]:
        from xlperf.errors import XlperfError
        from xlperf.hosts.calc import document
        from xlperf.hosts.excel import live

        works = {"fill": live.filling, "check": live.checking, "clear": live.clearing, "freeze": live.freezing}
        self._end_typing()
        try:
            message = document.run(works[command.name], self.frame.getController().getModel(), command.step)
        except Exception as error:
            if not isinstance(error, XlperfError):
                traceback.print_exc(file=sys.stderr)  # for whoever is asked for help
            message, done = live.told(error), False
        else:
            done = True
        self._tell(message, "INFOBOX" if done else "ERRORBOX")
        return done, message

    def _end_typing(self) -> None:
        """What is being typed goes into its cell, as before Calc's own commands; this one changes nothing else."""
        helper = self.context.ServiceManager.createInstanceWithContext(
            "com.sun.star.frame.DispatchHelper", self.context
        )
        helper.executeDispatch(self.frame, ".uno:Calculate", "", 0, ())

    def _tell(self, message: str, kind: str) -> None:
        """In a window, where there is one to be seen."""
        window = self.frame.getContainerWindow() if self.frame is not None else None
        if window is None or not window.isVisible():
            return
        box_type = uno.Enum("com.sun.star.awt.MessageBoxType", kind)
        box = window.getToolkit().createMessageBox(window, box_type, _OK, TITLE, message)
        box.execute()
        box.dispose()

    def getImplementationName(self) -> str:
        return HANDLER

    def supportsService(self, name: str) -> bool:
        return name == HANDLER_SERVICE

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return (HANDLER_SERVICE,)


g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(Menu, HANDLER, (HANDLER_SERVICE,))
