"""1xx: text of a sample that nobody has replaced: ≥XX人, 示例, 指标1, 请填写."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from xlperf.checks.rule import Mismatch, Severity, check
from xlperf.form.record import Record, Stated, shortened
from xlperf.form.template import row_key
from xlperf.text import expression

_LONGEST_SHOWN = 30
_UNIT = "[个次人名位项条件份家户起台套辆亩米天日周月年季场期册篇例处座栋吨元万亿千百%％‰]"


class _Piece(NamedTuple):
    """What a sample leaves, and the signs of which it has one: few texts have any, and they are quickly looked for."""

    signs: frozenset[str]
    pattern: re.Pattern[str]

    def search(self, text: str) -> re.Match[str] | None:
        return None if self.signs.isdisjoint(text) else self.pattern.search(text)


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
_IN_LONG_TEXTS = (_LETTERS_BEFORE_UNIT, _MARKS_BEFORE_UNIT)


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
    正例：必填项里只有提示的，按没有填写另作错误；“指标1：培训人数”；“1.5×2米”；“X光机”；为公开而隐去的单位、姓名、电话、项目名称，如“×××”“某局”。
    """
    for cell, found in (*_in_fields(record), *_in_tables(record)):
        if not is_unfilled(cell):
            sentence = f"{cell.label}写“{shortened(cell.text, _LONGEST_SHOWN)}”，“{found}”像是样稿的占位文字。"
            yield Mismatch(cell, sentence)


def is_unfilled(cell: Stated) -> bool:
    """Does a required cell hold nothing but the form's prompt (请在此填写，200字以内)?"""
    return cell.field.required and _PROMPT.fullmatch("".join(cell.text.split())) is not None


def _in_fields(record: Record) -> Iterator[tuple[Stated, str]]:
    """The texts outside of tables that hold a piece of a sample, each with the first one."""
    for key, field in record.template.fields.items():
        if field.is_text:
            hidden = key in record.template.masked
            found = _first(record[key].text, (_SAMPLE,) if hidden else (_SAMPLE, *_IN_LONG_TEXTS))
            if found:
                yield record[key], found


def _in_tables(record: Record) -> Iterator[tuple[Stated, str]]:
    """The same of the rows, where a cell may also say no more than the heading of a column, or its end: 指标值."""
    for key, table in record.template.tables.items():
        headings = {field.label[cut:] for field in table.columns.values() for cut in range(len(field.label) - 2)}
        for column, field in table.columns.items():
            if not field.is_text:
                continue
            pieces = (_SAMPLE, *_pieces(column, f"{key}.{column}" in record.template.masked))
            for index in record.rows(key):
                cell = record[row_key(key, index, column)]
                text = "".join(cell.text.split())
                if found := text if text in headings else _first(text, pieces):
                    yield cell, found


def _pieces(column: str, hidden: bool) -> tuple[_Piece, ...]:
    """A name may be hidden by ××× or 某; a long text tells of 某些 things and gives names that are hidden."""
    if hidden:
        return _EXAMPLE, _LETTERS
    return _IN_LONG_TEXTS if column.endswith(("_note", "_reason")) else (_EXAMPLE, _LETTERS, _MARKS)


def _first(text: str, pieces: Iterable[_Piece]) -> str:
    found = next((match for piece in pieces if (match := piece.search(text))), None)
    return found[0] if found else ""
