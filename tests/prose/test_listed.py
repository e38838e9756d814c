"""Totals and what 其中 lists behind them: which lists are whole, and which sums cannot be."""

from __future__ import annotations

import pytest

from xlperf.form.forms import load_template
from xlperf.prose import statements
from xlperf.prose.listed import unequal_lists

TEMPLATE = load_template("department_overall")


def gaps(text: str) -> list[tuple[str, str, bool]]:
    """Of each list that is wrong: the whole, what its parts come to, whether that is more than can be."""
    said = list(statements(text, TEMPLATE.prose, 2023))
    found = unequal_lists(text, said, TEMPLATE.prose, TEMPLATE.words.text_words, 2023)
    return [(each.whole.stem, f"{sum(part.value for part in each.parts):f}", each.is_more) for each in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2023年支出合计799.12万元，其中：人员经费434.89万元，公用经费77.4万元，项目支出286.83万元。", []),
        (
            "2023年支出合计799.12万元，其中：人员经费434.89万元，公用经费77.4万元，项目支出268.83万元。",
            [("expenditure_total", "781.12", False)],
        ),
        ("2023年支出合计799.12万元。其中：基本支出512.29万元，项目支出286.83万元。", []),
        (
            "2023年支出合计799.12万元。其中：基本支出512.29万元，项目支出296.83万元。",
            [("expenditure_total", "809.12", True)],
        ),
        # a list in a list
        (
            "2023年支出合计799.12万元，其中：基本支出512.29万元（其中：人员经费434.89万元，公用经费77.41万元），"
            "项目支出286.83万元。",
            [],  # 512.29 against 512.30: both are rounded
        ),
        # rounding
        ("2023年支出合计799.1万元，其中：基本支出512.29万元，项目支出286.83万元。", []),
        ("2023年支出合计0.08亿元，其中：基本支出512.29万元，项目支出286.83万元。", []),
        # not all of it
        ("2023年支出合计799.12万元，其中：人员经费434.89万元，公用经费77.4万元。", []),
        ("2023年支出合计799.12万元，其中主要：基本支出500万元，项目支出200万元等。", []),
        ("2023年基本支出512.29万元，其中：工资福利支出400万元，商品和服务支出100万元。", []),
        (
            "2023年基本支出512.29万元，其中：工资福利支出400万元，商品和服务支出150万元。",
            [("basic", "550", True)],
        ),
        ("2023年支出合计799.12万元，其中：基本支出500万元，项目支出200万元等。", []),
        ("2023年支出合计799.12万元。收支平衡。其中：基本支出512.29万元，项目支出296.83万元。", []),
        ("2023年项目支出286.83万元，其中：委员调研36.3万元，基本支出5万元。", []),
        ("2023年支出合计799.12万元，其中主要：基本支出500万元，项目支出200万元。", []),
        ("2023年项目支出286.83万元，其中：委员调研336.3万元。", []),
        # last year's amount before 其中, and another whole before it
        (
            "2023年三公经费决算7.84万元，较上年9.12万元减少1.28万元；其中：公务接待费5.44万元；公务用车运行维护费2.60万元。",
            [("sangong", "8.04", True)],
        ),
        (
            "2023年年初项目支出600万元；年末部门决算支出1902.36万元，其中：基本支出1202.36万元，项目支出700万元。",
            [],
        ),
        # a total behind the names and amounts
        ("共2个项目，分别是：甲项目180万元，乙项目1,220万元，合计支出1,400万元。", []),
        ("共2个项目，分别是：甲项目180万元，乙项目220万元，合计支出500万元。", [("", "400", False)]),
        ("共3个项目：甲项目180万元，乙项目220万元，其余合计500万元。", []),
        # a grand total that is less than what it consists of
        ("2023年支出总计100万元，其中基本支出60.5万元，项目支出50.5万元。", [("支出总计", "111.0", True)]),
        ("2023年支出总计100万元，其中基本支出40.5万元，项目支出50.5万元。", []),
        # the text ends without a sign
        (
            "2023年支出合计799.12万元，其中：基本支出512.29万元，项目支出296.83万元",
            [("expenditure_total", "809.12", True)],
        ),
        (
            "2023年支出合计799.12万元。其中：基本支出512.29万元，项目支出296.83万元",
            [("expenditure_total", "809.12", True)],
        ),
        ("2023年支出合计799.12万元，其中：基本支出512.29万元，（另拨5万元）项目支出200万元。", []),
        # figures in between that nobody understood
        ("2023年支出合计799.12万元，其中：基本支出512.29万元，某某支出5万元，项目支出200万元。", []),
        # budgets with budgets
        (
            "2023年三公经费年初预算10.00万元，其中：公务接待费4.00万元，公务用车购置及运行维护费4.00万元，因公出国（境）费0万元。",
            [("sangong", "8.00", False)],
        ),
        # projects under names of their own
        ("2023年项目支出286.83万元，其中：委员调研36.3万元，综合治理1万元，网络运维5万元。", []),
        ("2023年项目支出286.83万元，其中：委员调研136.3万元，综合治理161万元。", [("project_spending", "297.3", True)]),
        ("2023年项目支出286.83万元，其中：省级资金186.3万元，委员调研161万元。", []),
        ("2023年支出合计799.12万元。", []),
    ],
)
def test_lists(text: str, found: list[tuple[str, str, bool]]) -> None:
    assert gaps(text) == found


def test_parts_that_have_sentences_of_their_own() -> None:
    said = (
        "2023年三公经费决算10.00万元。因公出国（境）费决算0万元。"
        "公务用车购置及运行维护费决算{}万元。公务接待费决算5.00万元。"
    )
    assert gaps(said.format("6.00")) == [("sangong", "11.00", True)]
    assert gaps(said.format("5.00")) == []
    vehicles = "2023年公务用车购置及运行维护费决算6.00万元。公务用车购置费决算2.00万元。公务用车运行维护费决算{}万元。"
    assert gaps(vehicles.format("5.00")) == [("vehicle", "7.00", True)]
    assert gaps(vehicles.format("4.00")) == []
    assert gaps("2023年三公经费决算10.00万元。公务用车购置及运行维护费决算6.00万元。公务接待费决算5.00万元。") == []


@pytest.mark.parametrize("each", TEMPLATE.words.text_words.complete, ids=lambda each: each.whole)
def test_the_parts_of_a_set_are_words_of_the_prose_and_parts_of_their_whole(each: object) -> None:
    whole, must, may = (getattr(each, name) for name in ("whole", "must", "may"))
    stems = {stem for part in (*must, *may) for stem in part}
    assert stems <= TEMPLATE.prose.parts[whole]
