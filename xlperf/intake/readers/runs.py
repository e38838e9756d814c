"""The text inside one w:p, as Word shows it with all changes accepted, and what else was met on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

# What the fonts Symbol and Wingdings show under these codes; "≥" of old documents often is one of them.
_SYMBOLS = {
    "symbol": {
        0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xD7: "·", 0xA5: "∞", 0xB0: "°",
        0x2D: "−", 0x2B: "+", 0x3D: "=", 0x3C: "<", 0x3E: ">", 0x25: "%",
    },
    "wingdings": {0xA8: "□", 0xFE: "☑", 0xFD: "☒", 0xFC: "√", 0xFB: "×", 0x6F: "□", 0x6C: "●", 0x6E: "■", 0xD8: "➢"},
    "wingdings 2": {0xA3: "□", 0x52: "☑", 0x54: "☒", 0x50: "√", 0x4F: "×"},
}  # fmt: skip
_UNKNOWN = "\ufffd"
_SIGNS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
_NOTES = {"footnoteReference": "脚注", "endnoteReference": "尾注", "commentReference": "批注"}
_LEFT_OUT = {
    "图片": "有 {} 张图片或图表，其中的文字和数字没有读入。",
    "嵌入的文件": "有 {} 个嵌入的文件（如 Excel 表格），没有读入，请单独导入。",
    "编号": "有 {} 段用了自动编号，编号本身没有读入。",
    "隐藏的文字": "有 {} 处隐藏的文字，没有读入。",
    "被合并的文字": "有 {} 个合并单元格里盖住了文字，没有读入，请在 Word 中核对。",
    "符号": f"有 {{}} 个特殊符号认不出，以“{_UNKNOWN}”代替，请核对。",
}
_PICTURES = frozenset(("pic", "imagedata", "chart", "relIds"))
_SILENT = frozenset(("pPr", "rPr", "sdtPr", "instrText", "delInstrText", "delText", "rt", "rubyPr"))


class Found:
    """What a document has besides its plain text; each becomes a sentence."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def is_prompt(self, sdt: Any) -> bool:
        """A content control that shows nothing but its invitation to type."""
        return any(is_on(mark) for mark in properties(sdt, "sdtPr", "showingPlcHdr"))

    def remarks(self) -> tuple[str, ...]:
        count = self.counts
        sentences = []
        if count["插入"] or count["删除"]:
            sentences.append(
                f"文档有没有接受的修订（插入 {count['插入']} 处，删除 {count['删除']} 处），"
                "按全部接受后的文字读入，请在 Word 中核对。"
            )
        if count["文本框"]:
            sentences.append(f"有 {count['文本框']} 个文本框，文字接在它所在的段落或表格之后读入。")
        notes = "、".join(f"{count[kind]} 条{kind}" for kind in _NOTES.values() if count[kind])
        if notes:
            sentences.append(f"有 {notes}，没有读入。")
        sentences += [text.format(count[kind]) for kind, text in _LEFT_OUT.items() if count[kind]]
        return tuple(sentences)


def inline_text(p: Any, found: Found, boxes: list[Any]) -> str:
    """The text of a paragraph; the w:txbxContent of text boxes anchored in it are added to `boxes`."""
    found.counts["编号"] += bool(properties(p, "pPr", "numPr"))
    return "".join(_pieces(p, found, boxes, []))


def _pieces(parent: Any, found: Found, boxes: list[Any], fields: list[bool]) -> Iterator[str]:
    """`fields`: for each complex field that is open, whether its result has begun; only that is shown."""
    for child in elements(parent):
        kind = local(child)
        if kind == "t":
            if all(fields):
                yield child.text or ""
        elif kind in _SIGNS:
            if all(fields):
                yield _SIGNS[kind]
        elif kind == "fldChar":
            _turn(child, fields)
        elif kind == "sym":
            yield _symbol(child, found)
        elif kind in ("del", "moveFrom"):
            found.counts["删除"] += 1
        elif kind == "txbxContent":
            boxes.append(child)
        elif kind in _PICTURES:
            found.counts["图片"] += 1
        elif kind == "object":
            found.counts["嵌入的文件"] += 1
        elif kind in _NOTES:
            found.counts[_NOTES[kind]] += 1
        elif kind == "AlternateContent":
            yield from _pieces(chosen(child), found, boxes, fields)
        elif kind == "r" and _is_hidden(child):
            found.counts["隐藏的文字"] += 1
        elif kind == "sdt" and found.is_prompt(child):
            continue
        elif kind not in _SILENT:
            found.counts["插入"] += kind in ("ins", "moveTo")
            yield "/" if kind == "den" else ""  # a fraction stays apart: 36.14/73.19
            yield from _pieces(child, found, boxes, fields)


def _turn(mark: Any, fields: list[bool]) -> None:
    turn = attribute(mark, "fldCharType")
    if turn == "begin":
        fields.append(False)
    elif fields and turn == "separate":
        fields[-1] = True
    elif fields and turn == "end":
        fields.pop()


def _symbol(mark: Any, found: Found) -> str:
    try:
        code = int(attribute(mark, "char"), 16) & 0xFF
    except ValueError:
        code = -1
    shown = _SYMBOLS.get(attribute(mark, "font").lower(), {}).get(code)
    found.counts["符号"] += shown is None
    return shown or _UNKNOWN


def _is_hidden(run: Any) -> bool:
    return any(is_on(mark) for mark in properties(run, "rPr", "vanish"))


def has_text(tc: Any) -> bool:
    return any(on(each) and local(each) == "t" and (each.text or "").strip() for each in tc.iter())


# Elements are told apart by their local names: the strict format and the usual one differ in their namespaces only.


def on(element: Any) -> bool:
    """An element, and not an instruction or entity in between."""
    return isinstance(element.tag, str)


def elements(parent: Any) -> Iterator[Any]:
    return (child for child in parent if on(child))


def local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def attribute(element: Any, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def value_of(element: Any) -> str:
    return attribute(element, "val")


def is_on(mark: Any) -> bool:
    return value_of(mark) not in ("0", "false", "off")


def named(parent: Any, name: str, through: Collection[str]) -> Iterator[Any]:
    """Children of that name, also those inside content controls and the like."""
    for child in elements(parent):
        kind = local(child)
        if kind == name:
            yield child
        elif kind == "sdt" or kind in through:
            yield from named(child, name, through)


def properties(element: Any, group: str, kind: str = "") -> list[Any]:
    """What w:rPr, w:pPr and their like (`group`) say of an element."""
    marks = [mark for child in elements(element) if local(child) == group for mark in elements(child)]
    return [mark for mark in marks if local(mark) == kind] if kind else marks


def chosen(alternate: Any) -> Any:
    """Of mc:AlternateContent the first that holds anything; the others say the same for older programs."""
    return next((choice for choice in elements(alternate) if len(choice)), alternate)
