"""The text inside one w:p, as Word shows it with all changes accepted, and what else was met on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from xlperf.intake.readers.fonts import Font, Fonts
from xlperf.intake.readers.nodes import attribute, chosen, is_on, local, properties
from xlperf.labels.blocks import Aside, told_asides
from xlperf.labels.reading import Passage
from xlperf.package.richtext import LeftOut, Run

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
    "样式": "文档的样式已损坏，读不出来：由样式设为删除线、上下标或隐藏的文字也当作正文读入了，请在 Word 中核对。",
    "被合并的文字": "有 {} 个合并单元格里盖住了文字，没有读入，请在 Word 中核对。",
    "符号": f"有 {{}} 个特殊符号认不出，以“{_UNKNOWN}”代替，请核对。",
}
_COUNTED = {
    **_NOTES,
    **dict.fromkeys(("del", "moveFrom"), "删除"),
    **dict.fromkeys(("pic", "imagedata", "chart", "relIds"), "图片"),
    "object": "嵌入的文件",
}
_SCRIPTS = frozenset(("sup", "sub"))  # of a formula
_SILENT = frozenset(("pPr", "rPr", "sdtPr", "instrText", "delInstrText", "delText", "rt", "rubyPr"))


class Found:
    """What a document has besides its plain text; each becomes a sentence."""

    def __init__(self, fonts: Fonts | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self.fonts = fonts or Fonts()
        self.counts["样式"] += not self.fonts.readable
        self.asides: list[Aside] = []
        self._prompts: dict[Element, bool] = {}

    def aside(self, place: str, left_out: Iterable[LeftOut]) -> None:
        self.asides += (Aside(place, each) for each in left_out)

    def left(self) -> tuple[Passage, ...]:
        """What is struck out."""
        return told_asides(self.asides)[1]

    def is_prompt(self, sdt: Element) -> bool:
        """A content control that shows nothing but its invitation to type."""
        if sdt not in self._prompts:  # every cell of a table in it asks
            self._prompts[sdt] = any(is_on(mark) for mark in properties(sdt, "sdtPr", "showingPlcHdr"))
        return self._prompts[sdt]

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
        return (*sentences, *told_asides(self.asides)[0])


class _Fields:
    """The complex fields that are open; only the result of a field is shown."""

    def __init__(self) -> None:
        self._begun: list[bool] = []  # has the result of each begun?
        self._waiting = 0

    @property
    def show(self) -> bool:
        return not self._waiting

    def turn(self, turn: str) -> None:
        if turn == "begin":
            self._begun.append(False)
            self._waiting += 1
        elif self._begun and turn == "separate":
            self._waiting -= not self._begun[-1]
            self._begun[-1] = True
        elif self._begun and turn == "end":
            self._waiting -= not self._begun.pop()


def inline_runs(p: Element, found: Found, boxes: list[Element]) -> list[Run]:
    """The text of a paragraph; the w:txbxContent of text boxes anchored in it are added to `boxes`."""
    return [run for _, run in inline_texts(p, found, boxes)]


def inline_texts(p: Element, found: Found, boxes: list[Element]) -> list[tuple[Element, Run]]:
    """The same, each stretch with the element that shows it: a w:t or m:t, or what stands for a sign."""
    found.counts["编号"] += bool(properties(p, "pPr", "numPr"))
    return list(_pieces(p, found, boxes, _Fields(), found.fonts.of_paragraph(p)))


def _pieces(
    parent: Element, found: Found, boxes: list[Element], fields: _Fields, font: Font
) -> Iterator[tuple[Element, Run]]:
    """`font` is that of what stands around."""
    for child in parent:
        kind = local(child)
        if kind == "t":
            if fields.show and child.text:
                yield child, _run(child.text, font)
        elif kind in _SIGNS:
            if fields.show:
                yield child, _run(_SIGNS[kind], font)
        elif kind == "fldChar":
            fields.turn(attribute(child, "fldCharType"))
        elif kind == "sym":
            yield child, _run(_symbol(child, found), font)
        elif kind in _COUNTED:
            found.counts[_COUNTED[kind]] += 1
        elif kind == "txbxContent":
            boxes.append(child)
        elif kind == "AlternateContent":
            yield from _pieces(chosen(child), found, boxes, fields, font)
        elif kind == "r":
            own = found.fonts.of_run(child, font)
            if own.hidden:
                found.counts["隐藏的文字"] += 1
            else:
                yield from _pieces(child, found, boxes, fields, own)
        elif kind not in _SILENT and not (kind == "sdt" and found.is_prompt(child)):
            found.counts["插入"] += kind in ("ins", "moveTo")
            if kind == "den":  # a fraction stays apart: 36.14/73.19
                yield child, _run("/", font)
            inner = font._replace(raised=True) if kind in _SCRIPTS else font
            yield from _pieces(child, found, boxes, fields, inner)


def _run(text: str, font: Font) -> Run:
    return Run(text, bool(font.struck), bool(font.raised))


def _symbol(mark: Element, found: Found) -> str:
    try:
        code = int(attribute(mark, "char"), 16) & 0xFF
    except ValueError:
        code = -1
    shown = _SYMBOLS.get(attribute(mark, "font").lower(), {}).get(code)
    found.counts["符号"] += shown is None
    return shown or _UNKNOWN


def has_text(tc: Element) -> bool:
    return any(local(each) == "t" and (each.text or "").strip() for each in tc.iter())
