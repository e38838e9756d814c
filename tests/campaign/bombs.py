"""Files of some KB that would take minutes or gigabytes, by kind; and what is no file at all.

Each writes one file; most are refused in a sentence, and some are odd but not too much.
"""

from __future__ import annotations

import os
import random
import re
import zipfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tests.intake.test_word import made, p, r, tbl, tc
from tests.package.books import book, entries, pack, parts, sheet
from xlperf.form.forms import example_of
from xlperf.package import column_letters
from xlperf.workbook.actions import new_workbook

_SHEET = "xl/worksheets/sheet1.xml"
_FIELD = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
_HEADS = ("三级指标", "年度指标值", "实际完成值", "分值", "得分")


_OF_FORMS = (
    "check", "check -o", "fill", "fill --in-place", "clear", "freeze", "freeze --redact", "values", "roll", "report",
    "import",
)  # fmt: skip
_IMPORT = ("import",)


class Bomb(NamedTuple):
    """What is written, and the words of the refusal; without words it may as well be read."""

    suffix: str
    write: Callable[[Path], object]
    says: str = ""
    commands: tuple[str, ...] = ("check", "import")


def _values() -> dict[str, Any]:
    values: dict[str, Any] = example_of("department_overall")
    return values


@cache
def _form() -> dict[str, bytes]:
    return entries(new_workbook(_values()).to_bytes())


def _blob(make: Callable[[], bytes]) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(make())


# Workbooks


def _with_rows(path: Path, rows: Iterable[bytes]) -> None:
    """The form with more rows at the end of its first sheet, which are never held all at once."""
    content = dict(_form())
    head, tail = content.pop(_SHEET).split(b"</sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
        with archive.open(_SHEET, "w") as file:
            file.write(head)
            for each in rows:
                file.write(each)
            file.write(b"</sheetData>" + tail)


def _giant_sheet(path: Path) -> None:
    """327 MB of rows, so unlike one another that the part is not taken for a bomb."""
    chance = random.Random(0)
    piece = b"".join(b'<row><c t="n"><v>%d</v></c></row>' % chance.randrange(10**9) for _ in range(800))
    _with_rows(path, (piece for _ in range((327 << 20) // len(piece) + 1)))


def _many(path: Path, formulas: str) -> None:
    """As many cells as are read; in these columns with a formula."""
    line = "".join(
        f'<c r="{letter}{{0}}">{"<f>A1+{0}</f>" if letter in formulas else ""}<v>{{0}}</v></c>'
        for letter in "ABCDEFGHIJ"
    )
    _with_rows(path, (f'<row r="{row}">{line.format(row)}</row>'.encode() for row in range(2000, 51_000)))


def _blanks(path: Path) -> None:
    """A gibibyte of blanks in a megabyte, where the first sheet should be."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts(sheet()).items():
            if name != _SHEET:
                archive.writestr(name, content)
        with archive.open(_SHEET, "w") as file:
            for _ in range(1024):
                file.write(b" " * (1 << 20))


def _formatted(code: str) -> Bomb:
    """The form with another number format wherever it has one."""

    def make() -> bytes:
        content: dict[str, str | bytes] = dict(_form())
        new = f'formatCode="{code}"'.encode()
        content["xl/styles.xml"] = re.sub(rb'formatCode="[^"]*"', lambda _: new, _form()["xl/styles.xml"])
        return pack(content)

    return Bomb("xlsx", _blob(make), commands=_OF_FORMS)


def _wide() -> bytes:
    rows = "".join(
        f'<row r="{row}">'
        + "".join(
            f'<c r="{column_letters(col)}{row}" t="inlineStr"><is><t>{_HEADS[col % 5]}</t></is></c>'
            for col in range(1, 4001)
        )
        + "</row>"
        for row in (1, 2)
    )
    return book(sheet(rows))


def _indicators(count: int, score: str) -> bytes:
    values = _values()
    row = values["indicators"][0] | {"target": "≥98", "actual": "50", "weight": "0.1", "score": score}
    values["indicators"] = [row | {"level3": f"指标{number}"} for number in range(count)]
    return new_workbook(values).to_bytes()


def _broken(content: str) -> Bomb:
    return Bomb("xlsx", _blob(lambda: book(content)), "坏.xlsx")


def _in_cells(text: str) -> bytes:
    values = _values()
    values["fields"] |= dict.fromkeys(("annual_budget", "preparer", "goal_expected", "thrift_measures"), text)
    return new_workbook(values).to_bytes()


_ENTITIES = '<!DOCTYPE x [<!ENTITY a "' + "a" * 1000 + '">' + "".join(
    f'<!ENTITY {name} "{f"&{inner};" * 100}">' for inner, name in zip("abcde", "bcdef", strict=True)
) + "]>"  # fmt: skip
_GOOD = sheet('<row r="1"><c r="A1"><v>1</v></c></row>')
_RUBY = f"<si><r><t>甲</t></r>{'<rPh/>' * 60_000}<r><t>乙</t></r></si>"
_ROW = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'

WORKBOOKS: dict[str, Bomb] = {
    "a sheet of 327 MB": Bomb("xlsx", _giant_sheet, "解压后的内容太大，超过上限 128 MB", commands=_OF_FORMS),
    "a gibibyte of blanks": Bomb("xlsx", _blanks, "坏.xlsx"),
    "490,000 formulas": Bomb("xlsx", lambda path: _many(path, "ABCDEFGHIJ"), commands=_OF_FORMS),
    "49,000 formulas and 441,000 figures": Bomb("xlsx", lambda path: _many(path, "A"), commands=_OF_FORMS),
    "4,000 columns": Bomb("xlsx", _blob(_wide), "一张表的列太多，超过上限 256 个", _IMPORT),
    "a format of brackets": _formatted("[" * 8000),
    "a format of escapes": _formatted(r"\a" * 40 + "&quot;"),
    "a format of quotes": _formatted("&quot;" * 8001),
    "a format of sections": _formatted(";" * 8000),
    "phonetic guides": Bomb("xlsx", _blob(lambda: book(sheet(_ROW), strings=_RUBY))),
    "800 wrong indicators": Bomb("xlsx", _blob(lambda: _indicators(800, "0.1")), commands=_OF_FORMS),
    "1,000 indicators": Bomb("xlsx", _blob(lambda: _indicators(1000, "0.05")), commands=_OF_FORMS),
    "escapes in cells": Bomb("xlsx", _blob(lambda: _in_cells("x\x1b[31m\a\u202e" * 2000)), commands=_OF_FORMS),
    "long sentences in cells": Bomb("xlsx", _blob(lambda: _in_cells("比上年增长5%，" * 4000)), commands=_OF_FORMS),
    "cells full of text": Bomb("xlsx", _blob(lambda: _in_cells("甲5" * 16_000)), commands=_OF_FORMS),
    "entities of entities": _broken(_ENTITIES + sheet('<row><c t="str"><v>&f;</v></c></row>')),
    "an entity outside": _broken('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + _GOOD),
    "a type outside": _broken('<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">' + _GOOD),
    "rows in rows": _broken(sheet("<row>" * 100_000)),
    "an endless number": _broken(sheet(f'<row r="{"9" * 100_000}"/>')),
    "a way out": Bomb("xlsx", _blob(lambda: pack({"../../evil.xml": "x", **parts(sheet())})), "坏.xlsx"),
    "a part twice": Bomb("xlsx", _blob(lambda: pack({"xl/Workbook.xml": "x", **parts(sheet())})), "坏.xlsx"),
    "half of a file": Bomb("xlsx", _blob(lambda: book(_GOOD)[: len(book(_GOOD)) // 2]), "坏.xlsx"),
    "cells in cells": Bomb("xlsx", _blob(lambda: book(sheet('<row r="1"><c r="A1"><c r="B1"/></c></row>')))),
    "a pipe": Bomb("xlsx", os.mkfifo, "不是普通文件"),
    "a folder": Bomb("xlsx", Path.mkdir, "这是一个文件夹"),
    "the endless device": Bomb("xlsx", lambda path: path.symlink_to("/dev/zero"), "不是普通文件"),
}  # fmt: skip


# Documents


def _document(body: str) -> bytes:
    """A Word document of raw XML that nothing has taken apart."""
    content: dict[str, str | bytes] = dict(entries(made(p("甲"))))
    before, after = entries(made(p("甲")))["word/document.xml"].split(b"<w:body>")
    content["word/document.xml"] = before + b"<w:body>" + body.encode() + after
    return pack(content)


def _without(pattern: bytes, blob: bytes) -> bytes:
    content: dict[str, str | bytes] = dict(entries(blob))
    content["word/document.xml"] = re.sub(pattern, b"", entries(blob)["word/document.xml"], flags=re.DOTALL)
    return pack(content)


def _nested(count: int) -> str:
    return "<w:tbl><w:tr><w:tc>" * count + p("甲") + (p("") + "</w:tc></w:tr></w:tbl>") * count


_CHANGES = "<w:ins>" * 50 + r("1") + "</w:ins>" * 50
_BOX = p("<w:r><w:pict><v:shape><v:textbox><w:txbxContent/></v:textbox></v:shape></w:pict></w:r>")

DOCUMENTS: dict[str, Bomb] = {
    "54 MB of empty paragraphs": Bomb("docx", _blob(lambda: _document("<w:p/>" * 9_000_000)), "XML 元素"),
    "4,000 columns in Word": Bomb("docx", _blob(lambda: made(tbl(tc("甲") * 4000))), "一张表的列太多"),
    "10,000 open fields": Bomb("docx", _blob(lambda: _document(p(_FIELD * 10_000 + r("甲") * 100_000) + p("乙")))),
    "tables in tables": Bomb("docx", _blob(lambda: _document(_nested(60)))),
    "thousands of tables in tables": Bomb("docx", _blob(lambda: _document(_nested(5000))), "坏.docx"),
    "no body": Bomb("docx", _blob(lambda: _without(rb"<w:body>.*</w:body>", made(p("甲")))), "坏.docx"),
    "an empty body": Bomb("docx", _blob(lambda: _without(rb"(?<=<w:body>).*(?=</w:body>)", made(p("甲")))), "坏.docx"),
    "an empty box": Bomb("docx", _blob(lambda: made(_BOX))),
    "changes in changes": Bomb("docx", _blob(lambda: _document(p(_CHANGES * 2000)))),
    "a paragraph of 5 MB": Bomb("docx", _blob(lambda: _document(p(r("比上年增长5%，" * 250_000))))),
    "100,000 lines": Bomb("txt", _blob(lambda: ("\t甲\n" + "乙\n" * 100_000).encode()), "段落和行太多，超过上限"),
    "15,000 lines added to one cell": Bomb("txt", _blob(lambda: ("\t甲\n" + "乙\n" * 15_000).encode())),
    "a line of 5 MB": Bomb("txt", _blob(lambda: ("2023年预算5万元，" * 250_000).encode())),
    "a million tabs": Bomb("txt", _blob(lambda: b"\t" * 1_000_000 + "\n甲\t乙".encode()), "太多"),
    "zero bytes": Bomb("txt", _blob(lambda: bytes(1_000_000))),
    "a pipe for a document": Bomb("docx", os.mkfifo, "不是普通文件"),
    "a text from the endless device": Bomb("txt", lambda path: path.symlink_to("/dev/zero"), "不是普通文件"),
}  # fmt: skip
