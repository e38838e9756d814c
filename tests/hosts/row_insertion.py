"""Inserting and deleting rows as a user does, in LibreOffice Calc, which moves names and formulas along."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.hosts.libreoffice import Office

_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub ChangeRows(source, target, sheet, row, action)
  Dim options(0) As New com.sun.star.beans.PropertyValue
  options(0).Name = &quot;Hidden&quot;
  options(0).Value = True
  book = StarDesktop.loadComponentFromURL(source, &quot;_blank&quot;, 0, options())
  page = book.Sheets.getByName(sheet)
  page.unprotect(&quot;&quot;)
  If action = &quot;insert&quot; Then page.Rows.insertByIndex(CLng(row) - 1, 1)
  If action = &quot;delete&quot; Then page.Rows.removeByIndex(CLng(row) - 1, 1)
  options(0).Name = &quot;FilterName&quot;
  options(0).Value = &quot;Calc MS Excel 2007 XML&quot;
  book.storeToURL(target, options())
  book.close(True)
End Sub
</script:module>
"""


def insert_row(office: Office, source: Path, target: Path, sheet: str, row: int) -> Path:
    """Save `source` as `target` with a new row above the given one."""
    return change_rows(office, source, target, sheet, row, "insert")


def change_rows(office: Office, source: Path, target: Path, sheet: str, row: int, action: str) -> Path:
    """The same, or `delete` that row."""
    module = office.profile / "user" / "basic" / "Standard" / "Module1.xba"
    if not module.exists():  # the profile gets its library when the program runs for the first time
        office.convert([source], "xlsx", target.parent / "first run")
    module.write_text(_MODULE, "utf-8")
    arguments = ", ".join(f'"{value}"' for value in (source.as_uri(), target.as_uri(), sheet, row, action))
    command = [office.program, "--headless", "--norestore", f"-env:UserInstallation={office.profile.as_uri()}"]
    result = subprocess.run(
        [*command, f"macro:///Standard.Module1.ChangeRows({arguments})"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert target.exists(), f"LibreOffice did not {action} a row: {result.stderr}"
    return target
