"""A fast part of the campaigns of `tests.package.hostile`; the full ones are run by hand."""

from __future__ import annotations

import os
import random
import re
import zipfile
from pathlib import Path

import pytest

from tests.limited import limited
from tests.package import hostile
from tests.package.books import book, entries, pack, parts, sheet
from xlperf.errors import TemplateError
from xlperf.workbook.actions import open_form

FILES = 600


def test_damaged_files_end_in_a_result_or_a_sentence() -> None:
    results, found = hostile.campaign(range(FILES), min(2, os.cpu_count() or 1))
    assert found == []
    assert min(results["read"], results["refused"]) > FILES // 5, "the damage is too small or too great"


def test_mutations_are_the_same_every_time() -> None:
    blob = hostile.seeds()[1]
    assert hostile.mutate(blob, random.Random(3)) == hostile.mutate(blob, random.Random(3))


def _bomb(path: Path) -> None:
    """A gibibyte of blanks in a megabyte, where the first sheet should be."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts(sheet()).items():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w") as file:
            for _ in range(1024):
                file.write(b" " * (1 << 20))


_ENTITIES = '<!DOCTYPE x [<!ENTITY a "' + "a" * 1000 + '">' + "".join(
    f'<!ENTITY {name} "{f"&{inner};" * 100}">' for inner, name in zip("abcde", "bcdef", strict=True)
) + "]>"  # fmt: skip
HOSTILE = {
    "entity bomb": _ENTITIES + sheet('<row><c t="str"><v>&f;</v></c></row>'),
    "outside entity": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + sheet("<row><c><v>&a;</v></c></row>"),
    "outside type": '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">' + sheet(),
    "deep": sheet("<row>" * 100_000),
    "endless number": sheet(f'<row r="{"9" * 100_000}"/>'),
}


@pytest.mark.parametrize("kind", ["bomb", "traversal", "twice", "truncated", *HOSTILE])
def test_the_command_line_refuses_in_one_sentence(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "坏.xlsx"
    good = book(sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    if kind == "bomb":
        _bomb(path)
    elif kind == "traversal":
        path.write_bytes(pack({"../../evil.xml": "x", **parts(sheet())}))
    elif kind == "twice":
        path.write_bytes(pack({"xl/Workbook.xml": "x", **parts(sheet())}))
    else:
        path.write_bytes(good[: len(good) // 2] if kind == "truncated" else book(HOSTILE[kind]))
    before = path.read_bytes()
    code, said, memory = limited("check", path)
    assert code == 2, said
    assert "Error" not in said and said.count("\n") == 1 and "坏.xlsx" in said
    assert memory < 1024
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_table_name_that_lost_its_columns_is_explained() -> None:
    """Found by seed 196: the name of a row table moved to where no header is."""
    content: dict[str, str | bytes] = dict(entries(hostile.seeds()[0]))
    text = entries(hostile.seeds()[0])["xl/workbook.xml"].decode()
    moved = re.sub(r"(<definedName name=\"xp_indicators\"[^>]*>[^!]*!)[^<]*", r"\1$XFC$900:$XFD$905", text)
    assert moved != text
    with pytest.raises(TemplateError, match="恢复表头和各列"):
        open_form(pack(content | {"xl/workbook.xml": moved}))
