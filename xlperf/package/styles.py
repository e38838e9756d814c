"""styles.xml: number formats are read, formats are found or added, nothing is ever renumbered."""

from __future__ import annotations

from functools import cached_property

from xlperf.package.archive import Damaged
from xlperf.package.look import SIZE, Look
from xlperf.package.parts import STRICT_MAIN, STRICT_RELS, TRANSITIONAL_MAIN, TRANSITIONAL_RELS, Parts
from xlperf.package.xmltext import (
    Node,
    append_child,
    element,
    insert_child,
    is_true,
    parse_tree,
    splice,
    with_attribute,
)

MAX_FORMATS = 65_490
_ORDER = "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst"
_BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"', 37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;[Red]-#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
_MEMBERS = {"numFmts": "numFmt", "fonts": "font", "cellXfs": "xf", "dxfs": "dxf"}
# The others depend on the language Excel runs in: they are read, but not used for anything new.
_REUSABLE = {code: number for number, code in reversed(_BUILT_IN.items()) if number < 14 or 45 <= number <= 49}

MINIMAL = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{main}">'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>'
)


class Styles:
    """styles.xml and what is to be added; every index stays as it is."""

    def __init__(self, data: bytes, root: Node | None = None) -> None:
        self._data = data
        self.root = root or parse_tree(data)
        self._derived: dict[tuple[int, str | None, bool], int] = {}
        self._known: dict[str, list[bytes]] = {}
        self._places: dict[str, dict[bytes, int]] = {}
        numbers = self.root.first("numFmts")
        self.codes = {
            int(node.attrs["numFmtId"]): node.attrs.get("formatCode", "")
            for node in (numbers.all("numFmt") if numbers else ())
        }
        formats = self.root.first("cellXfs")
        self.formats = list(formats.all("xf")) if formats else []

    def number_format(self, style: int) -> str:
        if not 0 <= style < len(self.formats):
            return "General"
        number = int(self.formats[style].attrs.get("numFmtId", 0))
        return self.codes.get(number) or _BUILT_IN.get(number, "General")

    def is_struck(self, style: int) -> bool:
        if not 0 <= style < len(self.formats):
            return False
        number = int(self.formats[style].attrs.get("fontId", 0))
        return number in self._struck_fonts

    @cached_property
    def _struck_fonts(self) -> frozenset[int]:
        fonts = self.root.first("fonts")
        marks = [font.first("strike") for font in (fonts.all("font") if fonts else ())]
        return frozenset(at for at, mark in enumerate(marks) if mark and is_true(mark.attrs.get("val", "1")))

    def derive(self, style: int, number_format: str | None, wrap: bool) -> int:
        """The index of the same format with another number format, perhaps as a cell of a list of ours."""
        key = (style, number_format, wrap)
        if key not in self._derived:
            self._derived[key] = self._derive(*key)
        return self._derived[key]

    def _derive(self, style: int, number_format: str | None, wrap: bool) -> int:
        if not self.formats:
            raise Damaged("样式表里没有单元格格式")
        base = self.formats[style if 0 <= style < len(self.formats) else 0]
        old = new = self._slice(base)
        if wrap and not is_true((base.first("alignment") or base).attrs.get("wrapText")):
            new = _wrapped(_with_head(new, {"applyAlignment": "1"}))
        if number_format is not None and number_format != self.number_format(style):
            new = _with_head(new, {"numFmtId": str(self._number(number_format)), "applyNumberFormat": "1"})
        if wrap and (font := self._font(base)) is not None:
            new = _with_head(new, {"fontId": str(font), "applyFont": "1"})
        return style if old == new else self._find_or_add("cellXfs", new)

    def _font(self, base: Node) -> int | None:
        """The index of a format's font in the size of lists; None where it has that or says none."""
        number = int(base.attrs.get("fontId", 0))
        group = self.root.first("fonts")
        fonts = list(group.all("font")) if group else []
        own = fonts[number].first("sz") if 0 <= number < len(fonts) else None
        if own is None or own.attrs.get("val") == str(SIZE):
            return None
        tag = element(f"{self.root.prefix}sz", {"val": str(SIZE)}).encode()
        whole, start = self._slice(fonts[number]), fonts[number].start
        return self._find_or_add("fonts", splice(whole, [(own.start - start, own.end - start, tag)]))

    def differential(self, look: Look) -> int:
        """The index of a differential format with that look."""
        prefix = self.root.prefix

        def color(tag: str, rgb: str) -> str:
            return element(prefix + tag, {"rgb": rgb.upper().rjust(8, "F")})

        inner = ""
        if look.font or look.style:
            style = {"bold": element(f"{prefix}b", {}), "underlined": element(f"{prefix}u", {})}.get(look.style, "")
            inner += element(f"{prefix}font", {}, style + (color("color", look.font) if look.font else ""))
        if look.fill:
            pattern = element(f"{prefix}patternFill", {}, color("bgColor", look.fill))
            inner += element(f"{prefix}fill", {}, pattern)
        if look.frame:
            line = color("color", look.frame)
            sides = (element(f"{prefix}{side}", {"style": "thin"}, line) for side in ("left", "right", "top", "bottom"))
            inner += element(f"{prefix}border", {}, "".join(sides))
        return self._find_or_add("dxfs", element(prefix + "dxf", {}, inner).encode())

    def _number(self, code: str) -> int:
        if code in _REUSABLE:
            return _REUSABLE[code]
        for number, known in self.codes.items():
            if known == code:
                return number
        number = max([163, *self.codes]) + 1
        self.codes[number] = code
        attrs = {"numFmtId": str(number), "formatCode": code}
        self._find_or_add("numFmts", element(self.root.prefix + "numFmt", attrs).encode())
        return number

    def _find_or_add(self, group: str, new: bytes) -> int:
        known = self._known.get(group)
        if known is None:
            node = self.root.first(group)
            known = self._known[group] = [self._slice(child) for child in node.all(_MEMBERS[group])] if node else []
            self._places[group] = {each: at for at, each in reversed(list(enumerate(known)))}
        places = self._places[group]
        if new not in places:
            if len(known) >= MAX_FORMATS:
                raise Damaged("单元格样式已达 Excel 上限，请先清理多余样式")
            places[new] = len(known)
            known.append(new)
        return places[new]

    @property
    def data(self) -> bytes:
        """The part with everything added."""
        data = self._data
        # From the back: what lies before keeps its offsets.
        for group in sorted(self._known, key=_ORDER.split().index, reverse=True):
            node, known = self.root.first(group), self._known[group]
            count = str(len(known))
            if node is None:
                tag = self.root.prefix + group
                whole = element(tag, {"count": count}, b"".join(known).decode()).encode()
                data = insert_child(data, self.root, whole, _ORDER, group)
                continue
            added = b"".join(known[sum(1 for _ in node.all(_MEMBERS[group])) :])
            if added:
                data = append_child(data, node, added)
                if "count" in node.attrs:
                    stop = node.open_end - (node.close == node.end)
                    head = with_attribute(data[node.start : stop], "count", count)
                    data = splice(data, [(node.start, stop, head)])
        return data

    def _slice(self, node: Node) -> bytes:
        return self._data[node.start : node.end]


def _with_head(xml: bytes, attrs: dict[str, str]) -> bytes:
    end = parse_tree(xml).open_end
    head = xml[:end]
    for name, value in attrs.items():
        head = with_attribute(head, name, value)
    return head + xml[end:]


def _wrapped(xml: bytes) -> bytes:
    """Texts of a row begin at one height, however many lines each has."""
    root = parse_tree(xml)
    alignment = root.first("alignment")
    if alignment is not None:
        head = with_attribute(xml[alignment.start : alignment.open_end], "wrapText", "1")
        if "vertical" not in alignment.attrs:
            head = with_attribute(head, "vertical", "top")
        return splice(xml, [(alignment.start, alignment.open_end, head)])
    new = f'<{root.prefix}alignment vertical="top" wrapText="1"/>'.encode()
    if root.close == root.end:
        return append_child(xml, root, new)
    return splice(xml, [(root.open_end, root.open_end, new)])


def styles_part(parts: Parts, book: str, *, strict: bool) -> str:
    """The part with the workbook's styles; one is made where there is none.

    One that only its relationship has left is the workbook's all the same, and is related to it again.
    """
    found = next((rel.target for rel in parts.rels(book) if rel.kind == "styles" and parts.actual(rel.target)), None)
    if found is None:
        found = parts.actual("xl/styles.xml") or "xl/styles.xml"
        if not parts.actual(found):
            parts.write(found, MINIMAL.format(main=STRICT_MAIN if strict else TRANSITIONAL_MAIN).encode())
            parts.add_content_type(found, "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml")
        parts.add_rel(book, "styles", found, STRICT_RELS if strict else TRANSITIONAL_RELS)
    return found
