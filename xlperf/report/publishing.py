"""A workbook masked for publication: every part of the file is masked, dropped or named, none is passed over.

Masked: all texts, in cells, notes, headers, shapes, names of sheets, properties. Dropped: what readers do not need and
what tells persons without words (pictures of the first page, printers, earlier versions). Named, for somebody to look
at: what cannot be read (pictures, embedded files, macros) and figures that look like a telephone or an ID number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from xlperf.package import CellKind, Workbook
from xlperf.package.budget import Of
from xlperf.package.parts import CONTENT_TYPES, Parts, main_part, rels_name
from xlperf.package.reader import read_structure
from xlperf.package.strings import empty_unused_strings
from xlperf.package.texts import Where, rewrite_texts, without_references
from xlperf.package.xmltext import check_xml
from xlperf.report.identifiers import renamed_identifiers
from xlperf.report.masking import BOXES, PARAGRAPHS, Masker, authors_of
from xlperf.report.names import Names, whole_names
from xlperf.report.numbers import is_personal
from xlperf.report.plain import plain
from xlperf.report.redact import (
    names_in,
    names_of_record,
    withheld_digits,
    without_words_of_form,
)
from xlperf.report.titled import titled_cells
from xlperf.workbook.actions import Form
from xlperf.workbook.binding import Place

# By kind of relationship, what goes and what it is called.
_DROPPED = {
    "thumbnail": "缩略图",
    "custom-properties": "自定义属性",
    "customXml": "自定义 XML 数据",
    "printerSettings": "打印机设置",
    "threadedComment": "批注会话的作者（批注的文字还在）",
    "person": "批注会话的作者（批注的文字还在）",
    "documenttask": "任务分配",
    "revisionHeaders": "修订记录",
    "usernames": "修订记录",
    "attachedToolbars": "自定义工具栏",
}
# By the folder or suffix of a part that holds no text to mask, what it is called.
_UNREAD = {
    "/media/": "图片",
    "/embeddings/": "嵌入的文件",
    "vbaproject": "宏",
    "/activex/": "控件",
    "/ink/": "手写墨迹",
    "/model/": "数据模型",
}


class Redaction(NamedTuple):
    """What was done: how many texts were masked, what was dropped, and where something is left to be looked at."""

    masked: int
    dropped: tuple[str, ...]
    left: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """What the command line prints."""
        yield f"隐去了 {self.masked} 处个人信息。没有写在“联系人”“负责人”等字样旁边的姓名看不出来，请自行检查。"
        if self.dropped:
            yield f"去掉了：{'、'.join(self.dropped)}。"
        if self.left:
            yield "以下内容未隐去，请自行检查："
            yield from (f"  {each}" for each in self.left)


def redact_workbook(form: Form) -> Redaction:
    """Mask personal data in every part of a workbook; nothing is saved yet.

    Raises `WorkbookError` where a part is damaged.
    """
    book, record = form.book, form.record
    book.settle()
    template = record.template
    titled = {sheet: titled_cells(book.cells(sheet)) for sheet in book.sheets}
    numbers = {Place(sheet, ref) for sheet, found in titled.items() for ref in found.numbers}
    numbers |= {form.binding.place(key) for key in template.cells_of("phone") if form.binding.has(key)}
    for place in numbers:
        cell = book.cells(place.sheet).get(place.ref)
        if cell and (new := withheld_digits(cell.text)) != cell.text:
            book.write(place.sheet, place.ref, new)
    written = sum(place.ref in book.cells(place.sheet) for place in numbers)
    book.settle()

    personal = template.cells_of("preparer", "phone")
    kept = frozenset(
        cell.text for key, cell in record.stated.items() if cell.number is not None and key not in personal
    )
    done = _Publication(book, kept)
    found = set(names_of_record(record)).union(*(each.names for each in titled.values()))
    book.settle(lambda parts: done.run(parts, found, form))
    left = [*_figures_left(book), *done.left]
    return Redaction(done.masked + written, tuple(dict.fromkeys(done.dropped)), tuple(dict.fromkeys(left)))


def _figures_left(book: Workbook) -> Iterator[str]:
    """Figures are not touched, so one that may be a telephone or an ID number is named."""
    for sheet in book.sheets:
        for ref, cell in book.cells(sheet).items():
            if cell.kind is not CellKind.NUMBER or not is_personal(cell.text):
                continue
            if not set(book.number_format(cell)) & set(".,¥￥"):
                yield f"{Place(sheet, ref).address}：数字像是手机号、证件号或卡号"


class _Publication:
    """One workbook on its way to the public."""

    def __init__(self, book: Workbook, kept: frozenset[str]) -> None:
        self.book, self.kept = book, kept
        self.masked = 0
        self.dropped: list[str] = []
        self.left: list[str] = []

    def run(self, parts: Parts, found: set[str], form: Form) -> None:
        self.drop(parts)
        main = main_part(parts)
        sheets = [rel.target for rel in parts.rels(main) if rel.kind == "worksheet" and not rel.external]
        strings = parts.related(main, "sharedStrings")
        if parts.actual(strings):
            emptied = empty_unused_strings(parts, strings, [each for each in sheets if parts.actual(each)])
            if emptied is None:
                self.left.append(f"{strings}：可能还有改动之前的文字，没有清除")
            elif emptied:
                self.dropped.append("单元格改动之前的文字")
        names = Names(self.gather(parts, found, form))
        renamed = renamed_identifiers(parts, main, names)
        masker = Masker(names, self.kept, renamed, authors_of(parts))
        unread = [name for name in parts.names() if not _is_xml(parts, name)]
        for name in parts.names():
            if name not in unread and name != CONTENT_TYPES:
                self.mask(parts, name, masker, is_sheet=name in sheets)
        places = _places(parts)
        self.left += [f"{places.get(name, '工作簿')}：{_called(name)} {name.rpartition('/')[2]}" for name in unread]
        self.masked += masker.count

    def drop(self, parts: Parts) -> None:
        for name in parts.names():
            for owner in (owner for owner in parts.owners(name) if not name.endswith(".rels")):
                kind = next(rel.kind for rel in parts.rels(owner) if rel.target == name)
                if kind in _DROPPED and parts.actual(name):
                    self.dropped.append(_DROPPED[kind])
                    for user, ids in parts.drop(name).items():
                        _forget(parts, user, ids)
        reached = _reached(parts)
        for name in parts.names():
            if name not in reached and name != CONTENT_TYPES:
                self.dropped.append("没有用到的部件")
                parts.drop_content_types({name})
                parts.remove(name)
        if parts.comment:
            self.dropped.append("压缩包的备注")
            parts.comment = b""

    def gather(self, parts: Parts, found: set[str], form: Form) -> frozenset[str]:
        """The names that any text of any part tells, beside those found in cells."""
        lists: list[set[str]] = []

        def read(where: Where, text: str) -> tuple[()]:
            if not text.isascii() and len(text) > 1:
                header = where.element.endswith(("Header", "Footer"))
                found.update(names_in(text, header=header))
                if where.element == "formula1" and text.startswith('"'):
                    lists.append(
                        {name for each in text.strip('"').split(",") for name in whole_names(plain(each).text)}
                    )
            return ()

        for name in parts.names():
            if _is_xml(parts, name):
                data = parts.read(name)
                parts.archive.budget.spend(Of.TAGS, data.count(b"<"))
                rewrite_texts(data, read, PARAGRAPHS, BOXES)
        for author in authors_of(parts):
            found |= whole_names(plain(author).text)
        for choices in lists:  # of a cell where one chooses a person
            if choices & found:
                found |= choices
        return without_words_of_form(found, form.record.template)

    def mask(self, parts: Parts, name: str, masker: Masker, *, is_sheet: bool) -> None:
        data = parts.read(name)
        new = rewrite_texts(data, masker.finder(is_sheet=is_sheet), PARAGRAPHS, BOXES)
        if new == data:
            return
        if not name.lower().endswith(".vml"):
            check_xml(new)
        parts.write(name, new)


def _is_xml(parts: Parts, name: str) -> bool:
    if not name.lower().endswith((".xml", ".rels", ".vml", ".psmdcp")):
        return False
    try:
        parts.read(name).decode()
    except ValueError:
        return False
    return True


def _called(name: str) -> str:
    return next((called for part, called in _UNREAD.items() if part in f"/{name.lower()}"), "不能检查的内容")


def _reached(parts: Parts) -> set[str]:
    """All parts that the package leads to, with their relationships."""
    reached: set[str] = set()
    waiting = [""]
    while waiting:
        owner = waiting.pop()
        if parts.actual(rels_name(owner)):
            reached.add(parts.actual(rels_name(owner)) or "")
        for rel in parts.rels(owner):
            if not rel.external and rel.target not in reached and parts.actual(rel.target):
                reached.add(rel.target)
                waiting.append(rel.target)
    return reached


def _places(parts: Parts) -> dict[str, str]:
    """By part, the sheet that it is on."""
    places: dict[str, str] = {}
    sheets = read_structure(parts).sheets
    for sheet in sheets:
        waiting = [sheets[sheet].part]
        seen = set(waiting)
        while waiting:
            for rel in parts.rels(waiting.pop()):
                if not rel.external and rel.target not in seen:
                    seen.add(rel.target)
                    waiting.append(rel.target)
                    places.setdefault(rel.target, sheet)
    return places


def _forget(parts: Parts, owner: str, ids: set[str]) -> None:
    """Take the attribute that named a dropped part out of its owner: a printer's settings."""
    if not owner or not parts.actual(owner) or not _is_xml(parts, owner):
        return
    parts.write(owner, without_references(parts.read(owner), "pageSetup", ids))
