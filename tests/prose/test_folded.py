"""One spelling for those that mean the same, and every place of the text where it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.costs import grows_linearly
from xlperf.prose.folded import folded


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("２０２３年支出５．５％", "2023年支出5.5%"),
        ("二〇二三年、二○二二年", "2023年、2022年"),
        ("支出为8万元，由人员经费5万元、公用经费3万元构成。", "支出为8万元其中人员经费5万元、公用经费3万元构成。"),
        ("支出为8万元，主要由人员经费5万元组成。", "支出为8万元主要包括人员经费5万元组成。"),
        ("支出为8万元，由财政局拨付。", "支出为8万元，由财政局拨付。"),
        ("支出为8万元，由于人员增加。另由三部分构成。", "支出为8万元，由于人员增加。另由三部分构成。"),
        ("截至2023年12月31日，支出8万元。", "　　2023年　　　　　　，支出8万元。"),
        ("截止2023年底，支出8万元。", "　　2023年　，支出8万元。"),
        ("截至2023年6月30日，支出8万元。", "截至2023年6月30日，支出8万元。"),
    ],
)
def test_spellings(text: str, plain: str) -> None:
    assert folded(text) == plain


@given(st.text(alphabet="２％二〇○零O三年，由主要构成组。截至止2023年12月31日末度底 \n", max_size=60))
def test_no_place_moves(text: str) -> None:
    assert len(folded(text)) == len(text)


@pytest.mark.parametrize("atom", ["，由构", "截至", "二〇", "，主要由a"])
def test_it_is_linear(atom: str) -> None:
    grows_linearly(folded, lambda n: "构成" + atom * n, 400, cheap=0.05)
