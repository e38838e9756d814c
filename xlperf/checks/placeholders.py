"""1xx: text of a sample that nobody has replaced: ≥XX人, 示例, 指标1, 请填写."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from xlperf.checks.rule import Mismatch, Severity, check, some
from xlperf.form.record import Record, Stated, shortened
from xlperf.form.template import Template, row_key
from xlperf.prose.old_figures import OPEN
from xlperf.text import expression

_LONGEST_SHOWN = 30
_UNIT = "[个次人名位项条件份家户起台套辆亩米天日周月年季场期册篇例处座栋吨元万亿千百%％‰]"


class _Piece(NamedTuple):
    """What a sample leaves, and the signs of which it has one: few texts have any, and they are quickly looked for."""

    signs: frozenset[str]
    pattern: re.Pattern[str]


class _Pieces(NamedTuple):
    """Several of them, with the signs of all."""

    signs: frozenset[str]
    each: tuple[_Piece, ...]

    @classmethod
    def of(cls, *pieces: _Piece) -> _Pieces:
        return cls(frozenset().union(*(piece.signs for piece in pieces)), pieces)

    def first(self, text: str) -> str:
        """The first of the pieces that a text holds, "" where it holds none."""
        if self.signs.isdisjoint(text):
            return ""
        for piece in self.each:
            if not piece.signs.isdisjoint(text) and (match := piece.pattern.search(text)):
                return match[0]
        return ""


_LETTER, _MARK = frozenset("XxＸｘ"), frozenset("×✕＊*")
_SAMPLE = _Piece(
    frozenset("请字"), expression(r"请填写|请输入|请在此|[（(]\s*(?:限|不超过)?\d+字(?:以内|以下|左右)?\s*[）)]")
)
_WORDS = r"(?:限|不超过)?\d{1,4}字(?:以内|以下|左右)?"
_PROMPT = expression(rf"[（(]?(?:请(?:在此)?(?:填写|输入)[^，,。；;]{{0,20}}(?:[，,]{_WORDS})?|{_WORDS})。?[）)]?。?")
_EXAMPLE = _Piece(frozenset("例指"), expression(r"示例|样例|^指标\s*[\d一二三四五六七八九十]+\s*[：:]?\s*[.…]*$"))
# X光, XXL and 3x5米 hold a letter; 201X年 and X个 a gap.
_LETTERS = _Piece(
    _LETTER,
    expression(rf"(?<![A-Za-z])[XxＸｘ]{{2,}}(?![A-Za-z])|(?<![A-Za-z\d])[XxＸｘ](?={_UNIT}|$)|[XxＸｘ](?=年)"),
)
_LETTERS_BEFORE_UNIT = _Piece(
    _LETTER, expression(rf"(?<![A-Za-z])[XxＸｘ]{{2,}}(?={_UNIT})|(?<![A-Za-z\d])[XxＸｘ](?={_UNIT})")
)
# 1.5×2米 and 100人×2次 multiply; *满意度 marks an important indicator.
_MARKS = _Piece(
    _MARK.union("某略"),
    expression(
        rf"[×✕＊*]{{2,}}|(?:^|[≥≤=＝<>＞＜≧≦（(：:、，,。；;于达成为到])[×✕＊*](?={_UNIT}|$)|某(?![些种类一])|略$|（略）"
    ),
)
_MARKS_BEFORE_UNIT = _Piece(_MARK, expression("[×✕＊*]{2,}(?=[万亿元%％年月日个项次户件台辆])"))
# A long text gives names that are hidden; one that is nothing but such signs tells nothing.
_ALONE = _Piece(_LETTER | _MARK | frozenset("某例"), expression(r"^\s*(?:[XxＸｘ×✕＊*某]+|示例|样例)[。.]?\s*$"))
_IN_LONG_TEXTS = (_LETTERS_BEFORE_UNIT, _MARKS_BEFORE_UNIT, _ALONE)


@check(
    "XLP114",
    Severity.WARNING,
    "留有样稿的占位文字",
    "text of a sample was not replaced",
    cites="field-practice",
)
def placeholder_text_left(record: Record) -> Iterator[Mismatch]:
    """指标值、指标名称或文字栏里还是“XX”“某”“示例”“指标1”“请填写”之类样稿里的文字。

    为何：样稿的占位文字不是本单位的内容，正式上报会被退回。
    改法：换成实际的名称、数量和文字；确实没有的，删去这一行。
    反例：指标值“≥XX人”“X个”；三级指标“指标1”“三级指标”；正文“（200字以内）”。
    沿用上年的文字里，上年的数换成了“〔…〕”，填上本年的数；还没有填的合为一条。
    正例：必填项里只有提示的，按没有填写另作错误；“指标1：培训人数”；“1.5×2米”；“X光机”；为公开而隐去的单位、姓名、电话、项目名称，如“×××”“某局”。
    """
    for cell, found in (*_in_fields(record), *_in_tables(record)):
        if not is_unfilled(cell):
            sentence = f"{cell.label}写“{shortened(cell.text, _LONGEST_SHOWN)}”，“{found}”像是样稿的占位文字。"
            yield Mismatch(cell, sentence)
    if waiting := [cell for cell in record.stated.values() if OPEN in cell.text]:
        count = sum(cell.text.count(OPEN) for cell in waiting)
        labels = [cell.label for cell in waiting]
        told = some(labels, 4, " 等 {} 格")
        yield Mismatch.of_all(waiting, f"沿用上年的文字里还有 {count} 处“{OPEN}”没有填上本年的数：{told}。")


def is_unfilled(cell: Stated) -> bool:
    """Does a required cell hold nothing but the form's prompt (请在此填写，200字以内)?"""
    if not cell.field.required or _SAMPLE.signs.isdisjoint(cell.text):
        return False
    return _PROMPT.fullmatch("".join(cell.text.split())) is not None


def _in_fields(record: Record) -> Iterator[tuple[Stated, str]]:
    """The texts outside of tables that hold a piece of a sample, each with the first one."""
    for key, pieces in _looked_for(record.template):
        if found := pieces.first(record[key].text):
            yield record[key], found


@cache
def _looked_for(template: Template) -> tuple[tuple[str, _Pieces], ...]:
    """The texts of a form outside of tables, each with what it may hold of a sample."""
    texts = (key for key, field in template.fields.items() if field.is_text)
    hidden, open_ = _Pieces.of(_SAMPLE), _Pieces.of(_SAMPLE, *_IN_LONG_TEXTS)
    return tuple((key, hidden if key in template.masked else open_) for key in texts)


def _in_tables(record: Record) -> Iterator[tuple[Stated, str]]:
    """The same of the rows, where a cell may also say no more than the heading of a column, or its end: 指标值."""
    for table, column, headings, pieces in _looked_for_in_tables(record.template):
        for index in record.rows(table):
            cell = record[row_key(table, index, column)]
            text = "".join(cell.text.split())
            if found := text if text in headings else pieces.first(text):
                yield cell, found


class _Column(NamedTuple):
    table: str
    column: str
    headings: frozenset[str]
    pieces: _Pieces


@cache
def _looked_for_in_tables(template: Template) -> tuple[_Column, ...]:
    """The columns of texts, each with what its cells may hold of a sample."""
    found = []
    for key, table in template.tables.items():
        labels = [field.label for field in table.columns.values()]
        headings = frozenset(label[cut:] for label in labels for cut in range(len(label) - 2))
        for column, field in table.columns.items():
            if field.is_text:
                pieces = _Pieces.of(_SAMPLE, *_pieces(column, f"{key}.{column}" in template.masked))
                found.append(_Column(key, column, headings, pieces))
    return tuple(found)


def _pieces(column: str, hidden: bool) -> tuple[_Piece, ...]:
    """A name may be hidden by ××× or 某; a long text tells of 某些 things and gives names that are hidden."""
    if hidden:
        return _EXAMPLE, _LETTERS
    return _IN_LONG_TEXTS if column.endswith(("_note", "_reason")) else (_EXAMPLE, _LETTERS, _MARKS)


def in_row_of(at: str, place: str) -> str:
    """自评表!C12 in the row of 自评表!13:13; as it is where it has no address."""
    sheet, _, ref = at.rpartition("!")
    column = ref.rstrip("0123456789")
    return f"{sheet}!{column}{place.rpartition(':')[2]}" if sheet else at
