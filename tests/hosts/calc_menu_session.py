"""Gives the menu's commands in a real LibreOffice Calc, as `calc_session` does the functions.

A plan is a list of steps, each with its arguments; the answers, one for each step, are written to its `result`.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import uno
from calc_session import Office, install  # type: ignore[import-not-found]
from com.sun.star.beans import PropertyValue

OUR_RULE = 'N("xlperf")=0'


class Session:
    """One document at a time, in an office with the extension."""

    def __init__(self, office: Any) -> None:
        self.office = office
        self.book: Any = None

    def open(self, url: str, hidden: bool) -> None:
        if self.book is not None:
            self.book.close(True)
        how = PropertyValue("Hidden", 0, hidden, 0)
        self.book = self.office.service("com.sun.star.frame.Desktop").loadComponentFromURL(url, "_blank", 0, (how,))

    def save(self, url: str) -> None:
        self.book.storeToURL(url, (PropertyValue("FilterName", 0, "Calc MS Excel 2007 XML", 0),))

    def give(self, url: str, keep: bool | None = None, file: str = "") -> Any:
        """A command of the menu: did it succeed, what does it say, in how many seconds; the rest as macros say it."""
        said = {"Keep": keep, "File": file or None}
        given = tuple(PropertyValue(name, 0, value, 0) for name, value in said.items() if value is not None)
        frame = self.book.CurrentController.Frame
        start = time.perf_counter()
        done = self.office.service("com.sun.star.frame.DispatchHelper").executeDispatch(frame, url, "_self", 0, given)
        return done.State == 1, done.Result, time.perf_counter() - start

    def accepts_input(self) -> Any:
        return self.book.CurrentController.Frame.ContainerWindow.isEnabled()

    def press(self, url: str, **arguments: Any) -> None:
        """A command of Calc's own, as a key or a menu gives it to the window."""
        frame = self.book.CurrentController.Frame
        given = tuple(PropertyValue(name, 0, value, 0) for name, value in arguments.items())
        self.office.service("com.sun.star.frame.DispatchHelper").executeDispatch(frame, url, "", 0, given)

    def select(self, sheet: str, area: str) -> None:
        self.view(sheet)
        self.book.CurrentController.select(self.book.Sheets.getByName(sheet).getCellRangeByName(area))

    def type(self, sheet: str, cell: str, text: str) -> None:
        """As a person does: a locked cell refuses."""
        self.select(sheet, cell)
        self.press(".uno:EnterString", StringName=text)

    def view(self, sheet: str) -> None:
        self.book.CurrentController.setActiveSheet(self.book.Sheets.getByName(sheet))

    def insert_row(self, sheet: str, row: int) -> None:
        """Above the given one."""
        self.book.Sheets.getByName(sheet).Rows.insertByIndex(row - 1, 1)

    def state(self, looked_at: str) -> Any:
        """What a user sees: the content of cells, notes, colours (shown ones on one sheet), protection."""
        sheets = [self.book.Sheets.getByIndex(index) for index in range(self.book.Sheets.Count)]
        contents, noted = {}, []
        for sheet in sheets:
            used = sheet.createCursor()
            used.gotoEndOfUsedArea(False)
            end = used.getRangeAddress()
            area = sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)
            contents[sheet.Name] = [area.getFormulaArray(), area.getDataArray()]
            for note in (sheet.Annotations.getByIndex(index) for index in range(sheet.Annotations.Count)):
                noted.append(f"{sheet.Name}!{chr(65 + note.Position.Column)}{note.Position.Row + 1}")
        return {
            "contents": contents,
            "noted": sorted(noted),
            "colours": [self._formats(sheet) for sheet in sheets],
            "colours shown": self._highlighted(self.book.Sheets.getByName(looked_at)),
            "protection": self.protection(),
        }

    def windows(self) -> Any:
        """The names of all files that stand open."""
        frames = self.office.service("com.sun.star.frame.Desktop").getFrames()
        models = (frames.getByIndex(index).getController().getModel() for index in range(frames.Count))
        return sorted(model.getURL().rpartition("/")[2] for model in models)

    def undo(self) -> None:
        self.book.UndoManager.undo()

    def redo(self) -> None:
        self.book.UndoManager.redo()

    def steps(self) -> Any:
        """The undo list, the newest first."""
        return self.book.UndoManager.getAllUndoActionTitles()

    def protection(self) -> Any:
        sheets = [self.book.Sheets.getByIndex(index) for index in range(self.book.Sheets.Count)]
        return [[sheet.Name, sheet.isProtected()] for sheet in sheets]

    def unprotect(self, sheet: str) -> None:
        self.book.Sheets.getByName(sheet).unprotect("")

    def password(self, sheet: str) -> None:
        self.unprotect(sheet)
        self.book.Sheets.getByName(sheet).protect("秘密")

    def note(self, sheet: str, address: str, text: str) -> None:
        home = self.book.Sheets.getByName(sheet)
        home.Annotations.insertNew(home.getCellRangeByName(address).CellAddress, text)

    def write(self, sheet: str, address: str, text: str) -> None:
        self.book.Sheets.getByName(sheet).getCellRangeByName(address).setString(text)

    def formula(self, sheet: str, address: str, formula: str) -> None:
        """In Calc's own spelling."""
        self.book.Sheets.getByName(sheet).getCellRangeByName(address).setFormula(formula)

    def adjusts_heights(self) -> Any:
        """Do rows grow with what is typed into them?"""
        return self.book.IsAdjustHeightEnabled

    def remove(self, sheet: str) -> None:
        self.book.Sheets.removeByName(sheet)

    def highlighted(self) -> Any:
        """The cells that a window shows highlighted, with their colours."""
        sheets = (self.book.Sheets.getByIndex(index) for index in range(self.book.Sheets.Count))
        return {place: color for sheet in sheets for place, color in self._highlighted(sheet).items()}

    def _highlighted(self, sheet: Any) -> Any:
        found = {}
        styles = self.book.StyleFamilies.getByName("CellStyles")
        alike = sheet.CellFormatRanges
        for cells in (alike.getByIndex(index) for index in range(alike.Count)):
            rules = cells.ConditionalFormat
            for rule in (rules.getByIndex(index) for index in range(rules.Count)):
                if rule.Formula1 == OUR_RULE:
                    place, color = cells.RangeAddress, styles.getByName(rule.StyleName).CellBackColor
                    for row in range(place.StartRow, place.EndRow + 1):
                        for col in range(place.StartColumn, place.EndColumn + 1):
                            found[f"{sheet.Name}!{chr(65 + col)}{row + 1}"] = f"FF{color:06X}"
        return found

    def _formats(self, sheet: Any) -> Any:
        """The conditional formats as a file will have them: how many rules, and the style of one, for each cell."""
        found = []
        for each in sheet.ConditionalFormats.getConditionalFormats():
            rules, style = each.Count, each.getByIndex(0).StyleName  # not for each cell: asking the office takes long
            found += [
                [[row, col], rules, style]
                for area in each.Range.RangeAddresses
                for row in range(area.StartRow, area.EndRow + 1)
                for col in range(area.StartColumn, area.EndColumn + 1)
            ]
        return sorted(found)

    def format(self, sheet: str, area: str) -> None:
        """A conditional format of the user's own, red above 5000."""
        cells = self.book.Sheets.getByName(sheet).getCellRangeByName(area)
        rules = cells.ConditionalFormat
        greater = uno.Enum("com.sun.star.sheet.ConditionOperator", "GREATER")
        values = {"Operator": greater, "Formula1": "5000", "StyleName": "Bad"}
        rules.addNew(tuple(PropertyValue(name, 0, value, 0) for name, value in values.items()))
        cells.ConditionalFormat = rules

    def menu(self) -> Any:
        """Every menu of extensions, as the configuration has it: title, where, and title and URL of its entries."""
        access = self._configured("OfficeMenuBar")
        menus = (access.getByName(name) for name in access.ElementNames)
        return [[each.Title, each.Context, _entries(each.Submenu)] for each in menus]

    def toolbar(self) -> Any:
        """Title and URL of the entries of the only toolbar of extensions."""
        access = self._configured("OfficeToolBar")
        (name,) = access.ElementNames
        return _entries(access.getByName(name))

    def _configured(self, kind: str) -> Any:
        provider = self.office.service("com.sun.star.configuration.ConfigurationProvider")
        path = PropertyValue("nodepath", 0, f"/org.openoffice.Office.Addons/AddonUI/{kind}", 0)
        return provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", (path,))


def _entries(entries: Any) -> Any:
    return [(entries.getByName(each).Title, entries.getByName(each).URL) for each in entries.ElementNames]


if __name__ == "__main__":
    given = json.load(sys.stdin)
    install(given)
    running = Office(given)
    try:
        session = Session(running)
        answers = [getattr(session, name)(*arguments) for name, *arguments in given["steps"]]
    finally:
        running.close()
    Path(given["result"]).write_text(json.dumps(answers), "utf-8")
