"""Drives a real LibreOffice Calc over UNO: installs the extension, opens, edits, saves and reopens a workbook.

Run by a Python that has the module `uno`, seldom that of the tests: a plan as JSON comes in, and what Calc showed is
written to the plan's `result`.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno
import unohelper
from com.sun.star.beans import PropertyValue
from com.sun.star.task import XInteractionHandler
from com.sun.star.ucb import XCommandEnvironment


class Approving(unohelper.Base, XInteractionHandler, XCommandEnvironment):  # type: ignore[misc]
    """Says yes to "You are about to install ..."."""

    def getInteractionHandler(self) -> Any:
        return self

    def getProgressHandler(self) -> Any:
        return None

    def handle(self, request: Any) -> None:
        approve = uno.getTypeByName("com.sun.star.task.XInteractionApprove")
        next(each for each in request.getContinuations() if each.queryInterface(approve)).select()


class Office:
    """One run of soffice; the extension is known from the run after its installation."""

    def __init__(self, plan: Any) -> None:
        pipe = f"xlperf{os.getpid()}"
        profile = f"-env:UserInstallation={plan['profile']}"
        accept = f"--accept=pipe,name={pipe};urp;"
        self.process = subprocess.Popen([plan["soffice"], "--headless", "--norestore", profile, accept], stdout=2)
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
        for _ in range(600):
            try:
                self.context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
                return
            except Exception:
                time.sleep(0.1)
        self.process.kill()
        raise SystemExit("soffice did not answer")

    def service(self, name: str) -> Any:
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def close(self) -> None:
        with contextlib.suppress(Exception):  # the connection may break before the answer comes
            self.service("com.sun.star.frame.Desktop").terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()


def install(plan: Any) -> None:
    office = Office(plan)
    try:
        manager = office.context.getValueByName("/singletons/com.sun.star.deployment.ExtensionManager")
        manager.addExtension(plan["extension"], (), "user", None, Approving())
    finally:
        office.close()


def shown(sheet: Any, addresses: Any) -> Any:
    """Values of cells; an error as ["error", its number]."""
    cells = {address: sheet.getCellRangeByName(address) for address in addresses}
    return {address: value(cell) for address, cell in cells.items()}


def value(cell: Any) -> Any:
    if cell.getError():
        return ["error", cell.getError()]
    kind = cell.FormulaResultType2 if cell.Type.value == "FORMULA" else None
    return cell.Value if kind == 1 or cell.Type.value == "VALUE" else cell.String


def work(plan: Any) -> Any:
    office = Office(plan)
    try:
        desktop = office.service("com.sun.star.frame.Desktop")
        hidden = PropertyValue("Hidden", 0, True, 0)

        def load() -> Any:
            return desktop.loadComponentFromURL(plan["source"], "_blank", 0, (hidden,))

        book = load()
        sheet = book.Sheets.getByIndex(0)
        result = {"first": shown(sheet, plan["cells"])}
        for address, content in plan["edits"].items():
            sheet.getCellRangeByName(address).Value = content
        result["edited"] = shown(sheet, plan["cells"])
        result["formulas"] = {address: sheet.getCellRangeByName(address).Formula for address in plan["cells"]}
        book.storeToURL(plan["target"], (PropertyValue("FilterName", 0, "Calc MS Excel 2007 XML", 0),))
        book.close(True)
        plan["source"] = plan["target"]
        book = load()
        sheet = book.Sheets.getByIndex(0)
        result["again"] = shown(sheet, plan["cells"])
        result["formulas_again"] = {address: sheet.getCellRangeByName(address).Formula for address in plan["cells"]}
        book.close(True)
        result["wizard"] = wizard(office)
        return result
    finally:
        office.close()


def wizard(office: Any) -> Any:
    """What the function wizard shows of each function."""
    descriptions = office.service("com.sun.star.sheet.FunctionDescriptions")
    found = {}
    for index in range(descriptions.getCount()):
        entry = {each.Name: each.Value for each in descriptions.getByIndex(index)}
        if "PERF_" in entry["Name"].upper():
            arguments = [[each.Name, each.Description, each.IsOptional] for each in entry["Arguments"]]
            found[entry["Name"].upper()] = [entry["Description"], arguments]
    return found


if __name__ == "__main__":
    given = json.load(sys.stdin)
    install(given)
    Path(given["result"]).write_text(json.dumps(work(given)), "utf-8")
