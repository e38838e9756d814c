"""What runs in Pyodide when the page is built: byte code of this very Python, and of its library what is needed.

Needed is what the program imports anywhere, and what was imported when each command had run once on the sample, from
the byte code as the page has it.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import json
import marshal
import sys
import zipfile
from pathlib import Path
from types import CodeType
from typing import Any

_APP, _LIBRARY, _PACKED = Path("/app"), Path("/library.zip"), Path("/app.bin")
_UNCHECKED = (0b01).to_bytes(4, "little") + bytes(8)  # a hash that is never compared: there is no source
_EPOCH = (1980, 1, 1, 0, 0, 0)
_OF_PYODIDE = ("_pyodide", "pyodide", "pyodide_js", "_sysconfigdata")


def compiled(plan: str) -> None:
    """Write the library and the packed program; `plan` as `build._plan` has it, in JSON."""
    wanted = json.loads(plan)
    for path in sorted(_APP.rglob("*.py")):
        optimize = 0 if path.is_relative_to(_APP / "xlperf" / "checks") else 2  # whose docstrings are shown
        path.with_suffix(".pyc").write_bytes(_code(path.read_bytes(), str(path), optimize))
        path.unlink()
    _PACKED.write_bytes(_packed())
    _run_each_command(wanted)
    for name in wanted["imports"]:
        if name in sys.stdlib_module_names and name not in wanted["never"]:
            _import(name)
    for name in wanted["library"]:
        _import(name)
    archive = f"/lib/python{sys.version_info[0]}{sys.version_info[1]}.zip"
    used = {name for name, module in sys.modules.items() if str(getattr(module, "__file__", "")).startswith(archive)}
    used |= set(wanted["library"])
    _LIBRARY.write_bytes(_library(archive, used))


def _import(name: str) -> None:
    try:
        importlib.import_module(name)
    except ImportError:
        print(f"not in this Python: {name}", file=sys.stderr)  # winreg and its like


def _run_each_command(wanted: dict[str, Any]) -> None:
    """So that what is imported late is there: each on the sample, and on what it made."""
    desk = importlib.import_module("xlperf.page.desk")
    main = importlib.import_module("xlperf.cli").main
    sample = Path(wanted["sample"])
    desk.FOLDER.mkdir(parents=True, exist_ok=True)
    for name in wanted["samples"]:
        (desk.FOLDER / Path(name).name).write_bytes(Path(name).read_bytes())
    for asked in desk.rehearsal(sample.name, [Path(name).name for name in wanted["samples"]]):
        answer = json.loads(desk.ask(main, json.dumps(asked)))
        if answer["code"] == 2:
            raise RuntimeError(f"{asked}: {answer['told']}")


def _code(source: bytes, name: str, optimize: int) -> bytes:
    """Byte code without the table of its lines, a quarter of it: nobody sees a traceback in a page."""
    code = _without_lines(compile(source, name, "exec", dont_inherit=True, optimize=optimize))
    return importlib.util.MAGIC_NUMBER + _UNCHECKED + marshal.dumps(code)


def _without_lines(code: CodeType) -> CodeType:
    inner = (_without_lines(each) if isinstance(each, CodeType) else each for each in code.co_consts)
    return code.replace(co_consts=tuple(inner), co_linetable=b"")


def _library(archive: str, used: set[str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(archive) as given, zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as made:
        for name in sorted(given.namelist()):
            if not name.endswith(".py"):
                continue
            module = name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
            if module in used or module.startswith(_OF_PYODIDE):
                made.writestr(zipfile.ZipInfo(f"{name}c", _EPOCH), _code(given.read(name), f"{archive}/{name}", 2))
    return buffer.getvalue()


def _packed() -> bytes:
    """The files of the program one behind the other, before them their names, places and lengths."""
    listed: list[tuple[str, int, int]] = []
    content = bytearray()
    for path in sorted(path for path in _APP.rglob("*") if path.is_file()):
        data = path.read_bytes()
        listed.append((str(path.relative_to(_APP)), len(content), len(data)))
        content += data
    head = json.dumps(listed).encode()
    return len(head).to_bytes(4, "little") + head + content
