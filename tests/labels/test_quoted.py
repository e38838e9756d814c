"""A finding about a text stands at the paragraph whose words it quotes, where that is one."""

from __future__ import annotations

import pytest

from tests.intake.drawn import document
from xlperf.audit.ledger import ledger_of
from xlperf.audit.run import audit
from xlperf.intake.standing import forms_in
from xlperf.labels.quoted import sentences_placed, with_quotes

HEAD = (
    "某县某中心2021年度部门整体支出绩效自评报告",
    "二、部门整体支出管理及使用情况",
    "（一）预算执行、使用、管理总体情况",
)
PLACED = [
    # the paragraphs behind the heading, and where the finding of XLP504 stands
    (("2021年各项支出按批复的预算执行。", "培训费36.14万，按规定列支。"), "第5段“36.14万”"),
    (("培训费36.14万，按规定列支。", "2021年各项支出按批复的预算执行。"), "第4段“36.14万”"),
    (("各项支出按预算执行。", "培训费36.14万。", "其中培训费36.14万。"), "第4段"),  # two paragraphs have the words
]


@pytest.mark.parametrize(("lines", "place"), PLACED)
def test_a_finding_stands_at_the_words_that_it_quotes(lines: tuple[str, ...], place: str) -> None:
    read = document(*HEAD, *lines)
    (form,) = forms_in(read)
    found = with_quotes(audit(form.record), read).findings
    assert [each.at for each in found if each.code == "XLP504"] == [place]


def test_a_sentence_stands_at_its_paragraph() -> None:
    read = document(*HEAD, "各项支出按预算执行。", "2021年公务接待费决算8.60万元。")
    (form,) = forms_in(read)
    sentences = ledger_of(audit(form.record)).sentences
    assert [each.place for each in sentences_placed(sentences, read)] == ["第5段"]
