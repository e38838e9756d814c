"""What the page asks for: files lie in a folder in memory, and the command line is run on them.

Nothing is audited or written here: `ask` runs the command that a person would type, so that the page finds what the
command line finds and makes the same bytes. Questions and answers are JSON; files go by their names in `FOLDER`.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from xlperf.errors import XlperfError
from xlperf.page.roles import BOOK, beside, book_of

FOLDER = Path("/desk")
Main = Callable[[Sequence[str]], Any]
"""The way into the command line, which always exits."""
Asked = Mapping[str, Any]

_BOOKS = (".xlsx", ".xlsm")
_MARKED = (*_BOOKS, ".docx")
_MADE, _WRITTEN = Path("made"), Path("written")  # what commands wrote; workbooks with explanations from the page
_NEXT = "下一步："  # what to type next, which nobody can in a page
_SUFFIXES = {
    **{"mark": "_审核", "fill": "_已填", "final": "_上报", "clear": "_清除", "freeze": "_数值", "roll": "_下一年"},
    **{"report": "_报告", "letter": "_审核意见", "findings": "_问题", "import": "_导入"},
}


def ask(main: Main, question: str) -> str:
    """Answer a question: `{"do": "check", …}` → `{"code", "said", "told", "made": [names], …}`.

    `code` is the exit code: 0 clean, 1 findings, 2 it could not be done, and then `told` says why. `said` is what the
    command printed, `told` what it said beside; `made` are the files that it wrote.
    """
    asked = json.loads(question)
    os.chdir(FOLDER)
    for folder in (_MADE, _WRITTEN):
        folder.mkdir(exist_ok=True)
    try:
        answer = _ANSWERS[asked["do"]](main, asked)
    except XlperfError as error:
        answer = {"code": 2, "said": "", "told": str(error), "made": []}
    except (MemoryError, RecursionError):
        answer = {"code": 2, "said": "", "told": "内存不够，没有完成。请检查文件是否大得不正常。", "made": []}
    gc.collect()  # a page stays open: what a run leaves behind would make the memory grow, which never shrinks
    gc.freeze()  # and what stays, modules and tables, need not be looked through again
    return json.dumps(answer, ensure_ascii=False)


def forget() -> None:
    """Give back what only the files of before have use for: the formulas of a workbook, taken apart, are 3 MB."""
    if formula := sys.modules.get("xlperf.package.formula"):
        for each in vars(formula).values():
            if hasattr(each, "cache_clear"):
                each.cache_clear()
    gc.collect()


def rehearsal(sample: str, others: Sequence[str]) -> Iterator[Asked]:
    """Questions that between them use all that a page can do, on the sample; see `compiling`."""
    yield {"do": "check", "files": [sample]}
    yield {"do": "draw", "file": sample}
    marked = _named(sample, "mark")
    yield {"do": "explain", "file": marked, "name": sample, "texts": {"0": "原因"}}
    yield from ({"do": each, "file": sample} for each in ("fill", "final", "clear", "freeze", "roll", "report"))
    yield {"do": "letter", "file": sample, "files": [sample]}
    yield {"do": "new", "template": None, "year": 2025, "unit": "某某局"}
    yield {"do": "findings", "file": marked}
    yield {"do": "check", "files": [sample, *others]}
    for other in others:
        yield {"do": "import", "files": [other]}


def _run(main: Main, arguments: Sequence[str], made: Sequence[str] = ()) -> dict[str, Any]:
    for name in made:
        Path(name).unlink(missing_ok=True)
    said, told = io.StringIO(), io.StringIO()
    code = 0
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(told):
        try:
            main(arguments)
        except SystemExit as end:
            code = int(end.code or 0)
    written = [name for name in made if Path(name).is_file()]
    sentences = [line for line in told.getvalue().splitlines() if line.strip() and not line.startswith(_NEXT)]
    return {
        "code": code,
        "said": said.getvalue(),
        "told": "\n".join(sentences).replace(f"{_MADE}/", ""),
        "made": written,
    }


def _named(name: str, what: str, suffix: str = "") -> str:
    """A copy's name, as the command line calls it; what is marked twice is named once."""
    path = PurePath(name)
    stem = path.stem.removesuffix(_SUFFIXES["mark"])
    return str(_MADE / f"{stem}{_SUFFIXES[what]}{suffix or path.suffix}")


def _options(asked: Asked) -> list[str]:
    found = []
    for name in ("variant", "layout", "previous"):
        if asked.get(name):
            found += [f"--{name}", asked[name]]
    return found


def _check(main: Main, asked: Asked) -> dict[str, Any]:
    """`files`: one, marked in a copy of its own, or several of one unit, which are looked through together.

    `roles`: what each of several is, as an earlier answer has it; otherwise they are told by what stands in them. Where
    they have roles, the BOOK is checked against the others; see `page.roles`. `marked` are the marked copies by file.
    """
    files: Sequence[str] = asked["files"]
    roles: Mapping[str, str] = asked.get("roles") or {}
    if len(files) > 1 and not roles:
        from xlperf.page.telling import roles_of  # what reads documents is felt in a page

        roles = roles_of([Path(name) for name in files])
    command = ["check", "--format", "json", *_options(asked)]
    if roles or len(files) == 1:
        book = book_of(files, roles) if roles else files[0]
        made = [_named(book, "mark")] if PurePath(book).suffix.lower() in _MARKED else []
        answer = _run(main, [*command, book, *(["-o", *made] if made else []), *beside(files, roles)], made)
        marked = {PurePath(book).name: name for name in answer["made"]}
    else:
        for name in files:
            shutil.copyfile(name, _MADE / PurePath(name).name)
        names = [PurePath(name).name for name in files]
        os.chdir(_MADE)
        answer = _run(main, [*command, *names, "--in-place"])
        os.chdir(FOLDER)
        marked = {name: str(_MADE / name) for name in names if PurePath(name).suffix.lower() in _MARKED}
        answer["made"] = list(marked.values())
    return answer | _explained(answer["said"]) | {"marked": marked, "roles": roles}


def _explained(said: str) -> dict[str, Any]:
    """Of every rule that found something: what it is called, why it is held, what to do, on whose authority."""
    from xlperf.checks.catalog import RULES
    from xlperf.form.forms import load_template
    from xlperf.form.sources import cite

    report = json.loads(said) if said else {}
    rules: dict[str, dict[str, Any]] = {}
    for file in report.get("files", [report]):
        template = load_template(file["template"]) if file.get("template") else None
        for finding in file.get("findings", ()):
            rule = RULES.get(finding["code"])
            if rule is None or template is None or finding["code"] in rules:
                continue
            docs = rule.docs(template)
            cited = [cite(each).text for each in finding["cites"]]
            rules[rule.code] = {
                "title": rule.titled(template),
                "english": rule.title_en,
                "why": docs["为何"],
                "remedy": docs["改法"],
                "cites": cited,
            }
    return {"rules": rules}


def _copy(name: str, command: Sequence[str], suffix: str = "") -> Callable[[Main, Asked], dict[str, Any]]:
    def answer(main: Main, asked: Asked) -> dict[str, Any]:
        made = _named(asked["file"], name, suffix)
        takes_variant = name in ("fill", "final", "report")
        variant = ["--variant", asked["variant"]] if asked.get("variant") and takes_variant else []
        return _run(main, [*command, asked["file"], *variant, "-o", made], [made])

    return answer


def _letter(main: Main, asked: Asked) -> dict[str, Any]:
    """The letter on `file`, one of `files`, held against the others where it is the BOOK by their `roles`."""
    roles = asked.get("roles") or {}
    others = beside(asked["files"], roles) if roles.get(PurePath(asked["file"]).name) == BOOK else []
    made = _named(asked["file"], "letter", ".docx")
    command = ["check", asked["file"], "--format", "json", *_options(asked), "--letter", made, *others]
    return _run(main, command, [made]) | {"said": ""}


def _explain(main: Main, asked: Asked) -> dict[str, Any]:
    """`texts`: what the user writes beside the items of the marked `file`, by their places in the list of items.

    It is written where she would write it in Excel; what it settles the next `check` of the file says.
    """
    from xlperf.page.answers import write_texts

    written = _WRITTEN / PurePath(asked["name"]).name
    write_texts(Path(asked["file"]), {int(place): text for place, text in asked["texts"].items()}, written)
    return {"code": 0, "said": "", "told": "", "made": [str(written)]}


def _new(main: Main, asked: Asked) -> dict[str, Any]:
    made = str(_MADE / "自评.xlsx")
    options = []
    for name in ("template", "year", "unit"):
        if asked.get(name):
            options += [f"--{name}", str(asked[name])]
    return _run(main, ["new", made, *options], [made])


def _import(main: Main, asked: Asked) -> dict[str, Any]:
    made = _named(asked["files"][0], "import", ".xlsx")
    return _run(main, ["import", *asked["files"], "-o", made, "--format", "json"], [made])


def _draw(main: Main, asked: Asked) -> dict[str, Any]:
    from xlperf.page.drawing import drawn

    return {"code": 0, "said": "", "told": "", "made": [], "drawing": drawn(Path(asked["file"]))}


def _findings(main: Main, asked: Asked) -> dict[str, Any]:
    from xlperf.page.answers import only_results

    made = _named(asked["file"], "findings", ".xlsx")
    Path(made).write_bytes(only_results(Path(asked["file"])))
    return {"code": 0, "said": "", "told": "", "made": [made]}


def choices() -> dict[str, list[list[str]]]:
    """The layouts, the forms that can be started and the variants, by id and title.

    Asked when the page is built: to read all forms would take a page seconds and memory that it keeps.
    """
    from xlperf.form.forms import form_ids, load_template
    from xlperf.labels.layouts import layouts

    forms = [load_template(each) for each in form_ids()]
    variants: dict[str, str] = {}
    for form in forms:
        variants |= form.variants
    return {
        "layouts": [[each.id, f"{each.title}（{each.place}）"] for each in layouts()],
        "forms": [[each.id, each.title] for each in forms],
        "variants": [[name, title] for name, title in variants.items()],
    }


_ANSWERS: Mapping[str, Callable[[Main, Asked], dict[str, Any]]] = {
    "check": _check,
    "draw": _draw,
    "explain": _explain,
    "findings": _findings,
    "fill": _copy("fill", ["fill"]),
    "final": _copy("final", ["freeze", "--final"], ".xlsx"),
    "freeze": _copy("freeze", ["freeze"]),
    "clear": _copy("clear", ["clear"]),
    "roll": _copy("roll", ["roll"], ".xlsx"),
    "report": _copy("report", ["report"], ".docx"),
    "letter": _letter,
    "new": _new,
    "import": _import,
}
