"""Documents as no program would write them: a sentence or a result, never a traceback. The seed is fixed."""

from __future__ import annotations

import copy
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.intake.forms import word_form
from xlperf.errors import XlperfError
from xlperf.form.template import Template
from xlperf.intake.gather import gather
from xlperf.intake.readers.opening import read_document

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
KINDS = (
    "p r t tc tr tbl tcPr pPr rPr trPr sdt sdtContent ins del moveFrom smartTag customXml vMerge hMerge gridSpan "
    "gridBefore cellDel hidden txbxContent fldChar sym br strike vanish vertAlign pStyle rStyle numPr altChunk sup den"
).split()
VALUES = [
    "",
    "0",
    "1",
    "-1",
    "9" * 12,
    "restart",
    "continue",
    "superscript",
    "begin",
    "separate",
    "end",
    "Normal",
    "１",
]
TEXTS = ["38¹", "①", "2021年部门整体支出绩效自评表", "评价年度：一九", "三级指标", "得分", "决算数", "１２", "-", ""]
TIMES = 60


def mutated(root: Any, chance: random.Random) -> None:
    nodes = [node for node in root.iter() if isinstance(node.tag, str) and node is not root]
    for _ in range(chance.randint(1, 10)):
        node = chance.choice(nodes)
        kind = chance.choice(KINDS)
        match chance.randrange(7):
            case 0 if node.getparent() is not None:
                node.getparent().remove(node)
            case 1:
                node[:] = []
            case 2:
                node.tag = W + kind
            case 3:
                etree.SubElement(node, W + kind).set(W + chance.choice(["val", "fldCharType"]), chance.choice(VALUES))
            case 4 if node.getparent() is not None:
                around = etree.Element(W + kind)
                node.addprevious(around)
                around.append(node)
            case 5 if node.getparent() is not None:
                node.addnext(copy.deepcopy(node))
            case _:
                node.text = chance.choice(TEXTS)


@pytest.mark.parametrize("seed", range(4))
def test_no_traceback(seed: int, tmp_path: Path, template: Template) -> None:
    chance = random.Random(seed)
    source, path = word_form(tmp_path / "表.docx"), tmp_path / "坏.docx"
    read = 0
    for _ in range(TIMES // 4):
        with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                if name == "word/document.xml":
                    root = etree.fromstring(content)
                    mutated(root, chance)
                    content = etree.tostring(root)
                new.writestr(name, content)
        try:
            read += bool(gather([read_document(path)], template).entries)
        except XlperfError as error:
            assert "坏.docx" in str(error)
    assert read > TIMES // 8
