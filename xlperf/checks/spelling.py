"""5xx: how texts are written: typos, characters typed twice, length, problems and measures that are counted."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.checks.rule import Mismatch, Severity, check
from xlperf.derive.seen import Seen
from xlperf.form.record import Record, Stated
from xlperf.prose.numbering import Numbering
from xlperf.prose.spelling import Spelling

_PEOPLE = ("preparer", "phone")


@check("XLP520", Severity.INFO, "错别字", "words are misspelt", cites="field-practice")
def words_misspelt(record: Record, spelling: Spelling) -> Iterator[Mismatch]:
    """正文、目标、原因、名称里有一定是写错的词。

    为何：正式上报的材料不应有错别字，复核时会退回改正。
    改法：改成所说的写法。
    反例：建立建全制度；资金拔付；银行帐户；按排专人；既使困难也要完成。
    正例：安排、拨付、账户；书名号里的文件名称；人名；“按排名先后”“选拔付出”“既使群众受益，又使……”不是错字。
    """
    for cells in _written(record):
        typos, _ = spelling.mistakes(cells[0].text)
        if typos:
            told = "；".join(f"“{typo.word}”应为“{typo.right}”" for typo in typos)
            yield Mismatch.of_all(cells, f"{cells[0].label}里{told}。")


@check("XLP521", Severity.INFO, "重复的字或标点", "characters are typed twice", cites="field-practice")
def characters_doubled(record: Record, spelling: Spelling) -> Iterator[Mismatch]:
    """正文、目标、原因、名称里连着打了两次的字或标点。

    为何：多半是修改时没有删干净，复核时会退回改正。
    改法：删去多余的一个。
    反例：按时完成的的任务；已完成。。；培训、、检查；效果较好；。
    正例：“……”“——”；“有目的的活动”“的的确确”；书名号里的文件名称。
    """
    for cells in _written(record):
        _, doubled = spelling.mistakes(cells[0].text)
        if doubled:
            told = "、".join(f"“{each}”" for each in doubled)
            yield Mismatch.of_all(cells, f"{cells[0].label}里有{told}，多打了一个。")


def _written(record: Record) -> Iterator[list[Stated]]:
    """What a person wrote, but for names of people; a text that a table repeats from row to row counts once."""
    people = record.template.cells_of(*_PEOPLE)
    repeated: dict[tuple[str, str], list[Stated]] = {}
    for key, cell in record.stated.items():
        if cell.field.is_text and cell.text and not cell.field.derived and key not in people:
            table, _, column = key.rpartition("].")
            same = f"{table.partition('[')[0]}.{column}" if table else key
            repeated.setdefault((same, cell.text), []).append(cell)
    return iter(repeated.values())


@check("XLP522", Severity.WARNING, "文字超过规定字数", "text is longer than allowed", cites="form", each="longest")
def text_too_long(record: Record) -> Iterator[Mismatch]:
    """文字超过这种表限定的字数。

    为何：表上写明了字数，系统里超过的存不进去或被截断。
    改法：压缩到规定字数以内，细节写进报告。
    反例：四川的表，存在问题写了 230 字（不超过 200 字）。
    正例：不超过的；空格和换行不算字数；没有限定字数的表不核对。
    """
    for key, most in record.template.longest.items():
        cell = record[key]
        count = len("".join(cell.text.split()))
        if count > most:
            yield Mismatch(cell, f"{cell.label}写了 {count} 字，这种表不超过 {most} 字。")


@check(
    "XLP524",
    Severity.INFO,
    "改进措施少于存在的问题",
    "fewer measures than problems",
    cites="field-practice",
    reads=("@problems", "@plans"),
)
def fewer_measures_than_problems(seen: Seen, numbering: Numbering) -> Iterator[Mismatch]:
    """“存在的问题”列了几条，“改进措施”列的比它少。

    为何：每个问题都要有对应的措施；一条措施针对几个问题的，写明是哪几个。
    改法：补写措施，或说明对应关系。
    反例：问题写（一）（二）（三），措施只写 1. 2.。
    正例：措施一样多或更多；没有编号的不数；只数最外一层的编号；（二）写“原因分析”一类的不数。
    """
    template = seen.record.template
    problems, measures = (
        [cell for key in template.cells_of(role) if not (cell := seen[key]).is_blank] for role in ("problems", "plans")
    )
    if len(problems) != 1 or len(measures) != 1:
        return
    told, planned = (numbering.items(cells[0].text) for cells in (problems, measures))
    if told is not None and planned is not None and planned < told:
        sentence = f"{problems[0].label}写了 {told} 条，{measures[0].label}只有 {planned} 条，请逐条对应。"
        yield Mismatch(measures[0], sentence, None, (problems[0],))
