"""The menu of the extension: what it offers, and the configuration that puts it into Calc's menu bar."""

from __future__ import annotations

from typing import NamedTuple

from xlperf.hosts.commands import COMMANDS, Command
from xlperf.udf.calc_xcu import branch, component_data, node, prop, text

TITLE = "绩效自评"
PROTOCOL = "org.xlperf.calc:"
HANDLER = "org.xlperf.calc.Menu"
HANDLER_SERVICE = "com.sun.star.frame.ProtocolHandler"


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
    """Addons.xcu: the menu, of spreadsheets only."""
    entries = "".join(
        node(f"m{number}", prop("URL", each.url) + text("Title", each.title) + prop("Target", "_self"))
        for number, each in enumerate(ENTRIES, 1)
    )
    ours = text("Title", TITLE) + prop("Context", "com.sun.star.sheet.SpreadsheetDocument")
    menu = node("org.xlperf.calc", f"{ours}{branch('Submenu', entries)}")
    return component_data("Addons", branch("AddonUI", branch("OfficeMenuBar", menu)))


def protocol_handler() -> str:
    """ProtocolHandler.xcu: who carries the commands out."""
    ours = node(HANDLER, prop("Protocols", f"{PROTOCOL}*"))
    return component_data("ProtocolHandler", branch("HandlerSet", ours))
