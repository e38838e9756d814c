"""Drives a real LibreOffice Calc over UNO: installs the extension, then opens, reads, edits and saves workbooks.

Run by a Python that has the module `uno`, seldom that of the tests: a plan as JSON comes in, a list of jobs in it, and
what each job gave is written to the plan's `result`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
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

    def __init__(self, plan: Any, *, display: str = "") -> None:
        """`display`: the X server where its windows are seen, drawn by LibreOffice itself; "" is headless."""
        pipe = f"xlperf{os.getpid()}"
        profile = f"-env:UserInstallation={plan['profile']}"
        accept = f"--accept=pipe,name={pipe};urp;"
        # Not the environment that `import uno` has changed, which leads to the office of this Python.
        seen = os.environ | ({"DISPLAY": display, "SAL_USE_VCLPLUGIN": "gen"} if display else {})
        how = ["--nologo", "--nodefault"] if display else ["--headless"]
        command = [plan["soffice"], *how, "--norestore", profile, accept]
        self.process = subprocess.Popen(command, stdout=2, env=seen, start_new_session=True)
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
        for _ in range(600):
            try:
                self.context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
                return
            except Exception:
                time.sleep(0.1)
        self.kill()
        raise SystemExit("soffice did not answer")

    def service(self, name: str) -> Any:
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def close(self) -> None:
        with contextlib.suppress(Exception):  # the connection may break before the answer comes
            self.service("com.sun.star.frame.Desktop").terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """With all that it started."""
        os.killpg(self.process.pid, signal.SIGKILL)


def install(plan: Any) -> None:
    office = Office(plan)
    try:
        manager = office.context.getValueByName("/singletons/com.sun.star.deployment.ExtensionManager")
        manager.addExtension(plan["extension"], (), "user", None, Approving())
    finally:
        office.close()


def load(office: Office, url: str) -> Any:
    hidden = PropertyValue("Hidden", 0, True, 0)
    return office.service("com.sun.star.frame.Desktop").loadComponentFromURL(url, "_blank", 0, (hidden,))


def cell_of(book: Any, address: str) -> Any:
    """The cell at an address such as `自评表!G12`."""
    title, _, ref = address.rpartition("!")
    return book.Sheets.getByName(title).getCellRangeByName(ref)


def shown(book: Any, addresses: Any) -> Any:
    return {address: value(cell_of(book, address)) for address in addresses}


def formulas(book: Any, addresses: Any) -> Any:
    return {address: cell_of(book, address).Formula for address in addresses}


def value(cell: Any) -> Any:
    """The value of a cell; an error as ["error", its number]."""
    if cell.getError():
        return ["error", cell.getError()]
    kind = cell.FormulaResultType2 if cell.Type.value == "FORMULA" else None
    return cell.Value if kind == 1 or cell.Type.value == "VALUE" else cell.String


# Jobs


def edit(office: Office, source: str, target: str, cells: Any, edits: Any) -> Any:
    """What cells show at first, after numbers were typed in, and after the workbook was saved and opened again."""
    book = load(office, source)
    result = {"first": shown(book, cells)}
    for address, content in edits.items():
        cell_of(book, address).Value = content
    result |= {"edited": shown(book, cells), "formulas": formulas(book, cells)}
    book.storeToURL(target, (PropertyValue("FilterName", 0, "Calc MS Excel 2007 XML", 0),))
    book.close(True)
    book = load(office, target)
    result |= {"again": shown(book, cells), "formulas_again": formulas(book, cells)}
    book.close(True)
    return result


def read(office: Office, source: str, sheets: Any) -> Any:
    """The lines of whole sheets, from A1 on; a cell with an error is null."""
    book = load(office, source)
    lines = {}
    for title in sheets:
        sheet = book.Sheets.getByName(title)
        used = sheet.createCursor()
        used.gotoEndOfUsedArea(False)
        end = used.getRangeAddress()
        lines[title] = sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow).getDataArray()
    book.close(True)
    return lines


def recalculate(office: Office, source: str, rounds: int) -> float:
    """The least number of milliseconds that it takes to compute every formula of a workbook anew."""
    book = load(office, source)
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        book.calculateAll()
        times.append(time.perf_counter() - start)
    book.close(True)
    return min(times) * 1000


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


JOBS = {each.__name__: each for each in (edit, read, recalculate, wizard)}


def work(plan: Any) -> Any:
    office = Office(plan)
    try:
        return [JOBS[name](office, **given) for name, given in plan["jobs"]]
    finally:
        office.close()


if __name__ == "__main__":
    plan = json.load(sys.stdin)
    install(plan)
    Path(plan["result"]).write_text(json.dumps(work(plan)), "utf-8")
