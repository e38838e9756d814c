"""The commands of the extension: the configuration that puts them into Calc's menu bar, a toolbar and on keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from xlperf.hosts.commands import COMMANDS, Command
from xlperf.udf.calc_xcu import branch, component_data, node, prop, text

TITLE = "绩效自评"
PROTOCOL = "org.xlperf.calc:"
HANDLER = "org.xlperf.calc.Menu"
HANDLER_SERVICE = "com.sun.star.frame.ProtocolHandler"
CALC = "com.sun.star.sheet.SpreadsheetDocument"
TOOLBAR = "org.xlperf.calc.toolbar"


class Entry(NamedTuple):
    """An entry of the menu: the command's name stands in its URL."""

    command: Command

    @property
    def name(self) -> str:
        return self.command.name

    @property
    def title(self) -> str:
        return self.command.title

    @property
    def url(self) -> str:
        return PROTOCOL + self.name

    @property
    def step(self) -> str:
        """As the undo list calls it."""
        return f"{TITLE}：{self.title}"


ENTRIES = tuple(map(Entry, COMMANDS))


def addons() -> str:
    """Addons.xcu: the menu and the toolbar, of spreadsheets only."""
    ours = text("Title", f"{TITLE}(~J)") + prop("Context", CALC)
    menu = node("org.xlperf.calc", f"{ours}{branch('Submenu', _grouped(ENTRIES))}")
    main = tuple(each for each in ENTRIES if each.command.is_main)
    bar = node(TOOLBAR, _grouped(main, prop("Context", CALC)))
    return component_data("Addons", branch("AddonUI", branch("OfficeMenuBar", menu) + branch("OfficeToolBar", bar)))


def _grouped(entries: Sequence[Entry], more: str = "") -> str:
    """Entries with a line between groups; Calc takes them in the order of their names."""
    nodes: list[str] = []
    for place, each in enumerate(entries):
        if place and each.command.group != entries[place - 1].command.group:
            nodes.append(prop("URL", "private:separator"))
        nodes.append(prop("URL", each.url) + text("Title", each.title) + prop("Target", "_self") + more)
    return "".join(node(f"m{number:02}", each) for number, each in enumerate(nodes, 1))


def toolbar() -> str:
    """CalcWindowState.xcu: what the toolbar is called, and that it is there."""
    state = text("UIName", TITLE) + prop("Visible", "true") + prop("Docked", "true")
    own = node(f"private:resource/toolbar/addon_{TOOLBAR}", state)
    return component_data("CalcWindowState", branch("UIElements", branch("States", own)), "org.openoffice.Office.UI")


def accelerators() -> str:
    """Accelerators.xcu: the keys, of spreadsheets only."""
    keys = "".join(node(each.command.key, text("Command", each.url)) for each in ENTRIES if each.command.key)
    ours = branch("PrimaryKeys", branch("Modules", branch(CALC, keys)))
    return component_data("Accelerators", ours)


def protocol_handler() -> str:
    """ProtocolHandler.xcu: who carries the commands out."""
    ours = node(HANDLER, prop("Protocols", f"{PROTOCOL}*"))
    return component_data("ProtocolHandler", branch("HandlerSet", ours))
