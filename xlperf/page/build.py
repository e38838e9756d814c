"""`xlperf page build`: the program, a Python in WebAssembly and the page in one HTML file.

Node and npm do it in a folder of their own: Pyodide and esbuild are those of `web/package-lock.json` and come from
the registry that npm is set to, checked against the sums in the lock. The same program gives the same bytes.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from xlperf import __version__
from xlperf.errors import UnsupportedError
from xlperf.form.forms import example_of, form_ids
from xlperf.form.written import templates_folder
from xlperf.package.save import Target, save_atomically
from xlperf.page.desk import choices
from xlperf.workbook.actions import new_workbook

WEB = Path(__file__).parent / "web"
_PACKAGE = Path(__file__).parents[1]
_LIBRARIES = ("click", "cn2an", "proces", "openpyxl", "et_xmlfile", "xlrd")
# What no page can do: hosts and their add-ins, reviews of thousands, blank reports, tables by pandas, building pages.
_LEFT_OUT = (
    *("xlperf/hosts/calc", "xlperf/hosts/excel", "xlperf/docs.py", "xlperf/page/build.py", "xlperf/udf/addin.py"),
    *("xlperf/udf/excel.py", "xlperf/udf/runpython.py", "xlperf/report/skeleton.py", "cn2an/performance.py"),
    "click/testing.py",
)
_LEFT_OUT_LIKE = ("xlperf/udf/calc_*", "*_test.py", "xlperf/review/*")
_TAKEN = ("xlperf/review/__init__.py", "xlperf/review/opened.py", "xlperf/review/gather.py")
# Of the library: by its name where a codec or a traceback wants it, and what nothing in a page can use.
_LIBRARY = (
    *("encodings.gb18030", "encodings.gbk", "encodings.gb2312", "encodings.big5", "encodings.utf_16"),
    *("encodings.utf_16_le", "encodings.utf_16_be", "encodings.utf_32", "encodings.latin_1", "encodings.ascii"),
    *("encodings.cp1252", "encodings.cp936", "encodings.idna", "stringprep", "traceback", "linecache", "tokenize"),
)
_NEVER = ("subprocess", "multiprocessing", "asyncio", "socket", "ssl", "urllib.request", "http.client", "tkinter")
_SAMPLE = "北塔区网信办2023.xlsx"
_MOST_SECONDS = 900


def build_page(target: Target, modules: Path | None = None) -> dict[str, int]:
    """Write the page; returns the sizes in bytes, of all of it and of its parts as they are packed.

    `modules`: a folder in which `install` has been, otherwise that of the user's cache is used and filled.
    Raises `UnsupportedError` where Node or npm is missing or fails.
    """
    folder = modules or _cache()
    if not (folder / "node_modules" / "pyodide").is_dir():
        install(folder)
    with tempfile.TemporaryDirectory(prefix="xlperf-page-") as name:
        stage = Path(name)
        _lay_out(stage)
        out = stage / "page.html"
        parts = (folder / "node_modules").resolve()
        told = _run([_tool("node"), str(WEB / "pack.mjs"), str(stage), str(parts), str(out)], stage)
        save_atomically(target, out.read_bytes())
    sizes: dict[str, int] = json.loads(told.splitlines()[-1])
    return sizes


def install(folder: Path, *, for_tests: bool = False) -> None:
    """What the lock names into `folder`/node_modules; for tests, what drives a browser too."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(WEB / name, folder / name)
    omitted = () if for_tests else ("--omit=dev",)
    _run([_tool("npm"), "ci", *omitted, "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], folder)


def _cache() -> Path:
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return home / "xlperf" / f"page-{hashlib.sha256((WEB / 'package-lock.json').read_bytes()).hexdigest()[:16]}"


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise UnsupportedError(f"没有找到 {name}。做网页版要 Node 20 以上（连同 npm），装好以后再试。")
    return found


def _run(command: Sequence[str], folder: Path) -> str:
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, encoding="utf-8", check=False, timeout=_MOST_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise UnsupportedError(
            f"{Path(command[0]).name} 运行超过 {_MOST_SECONDS} 秒，没有完成。请检查网络后再试。"
        ) from error
    if done.returncode:
        raise UnsupportedError(
            f"{Path(command[0]).name} 没有完成（{' '.join(command[1:2])}）：{done.stderr.strip()[-1500:]}"
        )
    return done.stdout


def _lay_out(stage: Path) -> None:
    """app/ as it will stand in the memory of the page, web/, and plan.json."""
    app = stage / "app"
    for path in sorted(_PACKAGE.rglob("*")):
        inner = Path("xlperf") / path.relative_to(_PACKAGE)
        if path.suffix in (".py", ".toml") and not _is_left_out(inner.as_posix()):
            _copy(path, app / inner)
    for path in sorted(templates_folder().iterdir()):
        if path.suffix in (".toml", ".xlsx", ".docx"):
            _copy(path, app / "xlperf" / "workbook_templates" / path.name)
    licences = list(_licences("xlperf"))
    for library in _LIBRARIES:
        _take(library, app)
        licences += _licences(library)
    licences.append((WEB / "licences.txt").read_text("utf-8"))
    sample = app / "sample" / _SAMPLE
    sample.parent.mkdir()
    sample.write_bytes(new_workbook(example_of(form_ids()[0])).to_bytes())
    shutil.copytree(WEB, stage / "web", ignore=shutil.ignore_patterns("node_modules"))
    (stage / "plan.json").write_text(json.dumps(_plan(licences, _imports(app)), ensure_ascii=False), "utf-8")


def _imports(app: Path) -> set[str]:
    """The modules that the program imports anywhere."""
    found = set()
    for path in (app / "xlperf").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
    return found


def _plan(licences: Sequence[str], imports: Iterable[str]) -> dict[str, Any]:
    return {
        "version": __version__,
        "sample": f"/app/sample/{_SAMPLE}",
        "samples": [f"/app/sample/{_SAMPLE}"],
        "library": list(_LIBRARY),
        "imports": sorted(imports),
        "never": list(_NEVER),
        "choices": choices(),
        "licences": "\n\n".join(licences),
    }


def _is_left_out(name: str) -> bool:
    if name in _TAKEN:
        return False
    return any(name == each or name.startswith(f"{each}/") for each in _LEFT_OUT) or any(
        fnmatch(name, each) for each in _LEFT_OUT_LIKE
    )


def _copy(path: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, to)


def _take(library: str, app: Path) -> None:
    """Copy an installed package's modules."""
    for file in importlib.metadata.files(library) or ():
        inner = file.as_posix()
        if file.suffix in (".py", ".yaml") and inner.startswith(f"{library}/") and not _is_left_out(inner):
            _copy(Path(str(file.locate())), app / inner)


def _licences(library: str) -> Iterator[str]:
    """The texts of an installed package's licences, each under its name."""
    found = importlib.metadata.distribution(library)
    for file in found.files or ():
        if "icen" in file.name.lower() and ".dist-info" in file.as_posix():
            text = Path(str(file.locate())).read_text("utf-8")
            yield f"==== {library} {found.version}\n\n{text.strip()}"
