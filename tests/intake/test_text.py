"""Plain text: which lines are paragraphs, which are cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.forms import TEXT
from xlperf.errors import DocumentError
from xlperf.intake.readers.opening import read_document
from xlperf.labels.blocks import Document, Paragraph, Table


def read(tmp_path: Path, content: str | bytes, name: str = "报告.txt") -> Document:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_document(path)


def drawn(document: Document) -> list[str | list[list[str]]]:
    """Paragraphs as they are, tables as rows of texts."""
    found: list[str | list[list[str]]] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            found.append(block.text)
            continue
        rows: dict[int, list[str]] = {}
        for cell in block.cells:
            rows.setdefault(cell.row, []).append(cell.text)
        found.append(list(rows.values()))
    return found


def test_the_published_report() -> None:
    document = read_document(TEXT)
    paragraphs = [block for block in document.blocks if isinstance(block, Paragraph)]
    base, evaluation = [block for block in document.blocks if isinstance(block, Table)]
    assert (len(paragraphs), paragraphs[0], paragraphs[-1].place) == (63, ("第1段", "北塔区委网信办"), "第63段")
    assert [len({cell.row for cell in table.cells}) for table in (base, evaluation)] == [24, 30]
    at = {(cell.row, cell.col): cell.text for cell in base.cells}
    assert [at[3, col] for col in range(4)] == ["三公经费", "0", "0.30", "0"]
    assert [at[12, col] for col in range(4)] == ["3、市级专项资金\n（一个专项一行）", "", "", ""]
    assert [at[19, col] for col in range(4)] == ["政府采购金额", "——", "33.3", "95.31"]
    at = {(cell.row, cell.col): cell.text for cell in evaluation.cells}
    assert [at[2, col] for col in range(8)] == ["", "年度资金总额", "128.90", "251.06", "251.06", "10", "100%", "10"]
    assert at[10, 8] == "偏差原因\n分析及\n改进措施"
    assert [at[21, col] for col in range(9)] == [
        "", "", "社会效\n益指标", "筑牢网络安全屏障", "≥98", "98", "15", "14", "",
    ]  # fmt: skip
    assert [at[29, col] for col in range(4)] == ["总分", "100", "98", ""]
    assert {cell.place for cell in base.cells if cell.row == 3} == {
        "第4行第1列",
        "第4行第2列",
        "第4行第3列",
        "第4行第4列",
    }


def test_every_line_of_the_published_report_is_there() -> None:
    """No character but white space is lost or comes twice."""
    document = read_document(TEXT)
    texts = [
        text
        for block in document.blocks
        for text in ([block.text] if isinstance(block, Paragraph) else [cell.text for cell in block.cells])
    ]
    assert "".join("".join(texts).split()) == "".join(TEXT.read_text("utf-8").split())


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(codec: str, tmp_path: Path) -> None:
    text = TEXT.read_text("utf-8")
    assert read(tmp_path, text.encode(codec)).blocks == read_document(TEXT).blocks


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends(line_end: str, tmp_path: Path) -> None:
    text = TEXT.read_text("utf-8").replace("\n", line_end)
    assert read(tmp_path, text.encode()).blocks == read_document(TEXT).blocks


TABLES = {
    "cells on lines of their own, a blank line between rows": (
        "\t项目\n\t预算数\n\n\t三公经费\n\t0.30\n", [[["项目", "预算数"], ["三公经费", "0.30"]]],
    ),
    "a row a line, as pasted from a workbook": (
        "项目\t预算数\n三公经费\t0.30\n\t1\n", [[["项目", "预算数"], ["三公经费", "0.30"], ["", "1"]]],
    ),
    "a cell goes on where the next follows directly": (
        "\t资金\n\t1\n\n\t专项资金\n\n（一个专项一行，按资金来源分别填列清楚）\n\t2\n",
        [[["资金", "1"], ["专项资金\n（一个专项一行，按资金来源分别填列清楚）", "2"]]],
    ),
    "a broken label at the end of a row": (
        "\t得分\n\t偏差原因\n\n分析及\n\n改进措施\n\n\t5\n\t无\n",
        [[["得分", "偏差原因\n分析及\n改进措施"], ["5", "无"]]],
    ),
    "a note between two tables belongs to neither": (
        "\t甲\n\t1\n\n\t乙\n\t2\n\n说明：本表只填报财政拨款安排的支出，单位为万元。\n\n\t丙\n\t3\n\n\t丁\n\t4\n",
        [[["甲", "1"], ["乙", "2"]], "说明：本表只填报财政拨款安排的支出，单位为万元。", [["丙", "3"], ["丁", "4"]]],
    ),
    "two blank lines end a table": (
        "\t甲\n\t1\n\n\t乙\n\t2\n\n\n附件2\n\n\t丙\n\t3\n\n\t丁\n\t4\n",
        [[["甲", "1"], ["乙", "2"]], "附件2", [["丙", "3"], ["丁", "4"]]],
    ),
    "a moved-in line is a paragraph": ("\t我办无政府性基金预算支出。\n", ["我办无政府性基金预算支出。"]),
    "so are several": ("\t一是甲。\n\n\t二是乙。\n\n\t三是丙。\n", ["一是甲。", "二是乙。", "三是丙。"]),
    "words set apart by tabs are one line": (
        "填表人：×××\t填报日期：2024年7月30日\n", ["填表人：××× 填报日期：2024年7月30日"],
    ),
    "blank lines of full-width spaces are blank": ("甲\n　　\n乙\n", ["甲", "乙"]),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLES)
def test_what_is_a_table(case: str, tmp_path: Path) -> None:
    text, wanted = TABLES[case]
    assert drawn(read(tmp_path, text)) == wanted


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "空的"),
        (b"\n \r\n\t\n", "没有文字"),
        (b"\xef\xbb\xbf", "没有文字"),
        (b"\x00\x01\x02\x03" * 50, "不是文字文件"),
        (b"\x81\x82\xff\xff", "不是文字文件"),
        ("<html><table><tr><td>三公经费</td></tr></table></html>".encode("gb18030"), "网页"),
        (b'<?xml version="1.0"?><Workbook/>', "XML"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "网页"),
    ],
)
def test_what_is_no_text(content: bytes, says: str, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=says):
        read(tmp_path, content)
