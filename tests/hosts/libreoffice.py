"""LibreOffice Calc as the real spreadsheet program: recalculate workbooks, draw them, and work in them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xlperf.udf.calc_extension import extension

# Recalculate always: by default Calc keeps the cached values of a file, and a wrong formula would go unnoticed.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode"><value>0</value></prop></item>
{more}</oor:items>
"""
# A window as our users have it, that asks nothing by itself.
SEEN = """<item oor:path="/org.openoffice.Office.Linguistic/General">
<prop oor:name="UILocale"><value>zh-CN</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale"><value>zh-CN</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="FirstRun"><value>false</value></prop>
<prop oor:name="ShowTipOfTheDay"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Save/Document">
<prop oor:name="WarnAlienFormat"><value>false</value></prop></item>
"""


class Office:
    """One profile of a LibreOffice; `settings` are further ones of it."""

    def __init__(self, folder: Path, settings: str = "") -> None:
        program = shutil.which("soffice")
        assert program, "LibreOffice (soffice) is missing: run `bash tests/run`, which installs it"
        self.program = program
        self.profile = folder / "profile"
        (self.profile / "user").mkdir(parents=True)
        (self.profile / "user" / "registrymodifications.xcu").write_text(_PROFILE.format(more=settings), "utf-8")

    def convert(self, sources: Sequence[Path], to: str, folder: Path) -> list[Path]:
        """Open each file, recalculate it and save it as `to` in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        command = [self.program, "--headless", "--norestore", f"-env:UserInstallation={self.profile.as_uri()}"]
        result = subprocess.run(
            [*command, "--convert-to", to, "--outdir", str(folder), *map(str, sources)],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        results = [folder / f"{source.stem}.{to.partition(':')[0]}" for source in sources]
        missing = [path.name for path in results if not path.exists()]
        assert not missing, f"LibreOffice did not convert {missing}: {result.stderr}"
        return results

    def session(self, jobs: Sequence[tuple[str, dict[str, Any]]]) -> list[Any]:
        """Install the extension, do the jobs of calc_session.py in one run; what each of them gave."""
        content, result = self.profile.with_name("xlperf.oxt"), self.profile.with_name("result.json")
        content.write_bytes(extension())
        plan = {
            "soffice": self.program,
            "profile": self.profile.as_uri(),
            "extension": content.as_uri(),
            "jobs": jobs,
            "result": str(result),
        }
        command = [python_with_uno(), str(Path(__file__).with_name("calc_session.py"))]
        given = json.dumps(plan)
        done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=600, check=False)
        assert done.returncode == 0, done.stderr
        found: list[Any] = json.loads(result.read_text("utf-8"))
        return found


def python_with_uno() -> str:
    """The system's Python or LibreOffice's own: seldom that of the tests."""
    for program in ("/usr/bin/python3", "/opt/libreoffice/program/python", sys.executable):
        if Path(program).exists():
            done = subprocess.run([program, "-c", "import uno"], capture_output=True, check=False)
            if done.returncode == 0:
                return program
    raise AssertionError("no Python with the module uno: run `bash tests/run`, which installs python3-uno")
