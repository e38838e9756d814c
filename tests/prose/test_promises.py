"""What texts of goal forms say: documents, prices, means, and the money of the whole project or of one year."""

from __future__ import annotations

from decimal import Decimal

import pytest

from xlperf.prose.promises import amounts_of_project, is_cited, is_worked_out, says_how


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("《公共图书馆法》", True),
        ("省财政厅通知（某财教〔2023〕15号）", True),
        ("某财教[2023]15号", True),
        ("区政府常务会议纪要第12期", True),
        ("不适用", True),
        ("/", True),
        ("根据工作需要", False),
        ("根据上级要求和2024年工作安排", False),
        ("依据相关文件精神", False),
    ],
)
def test_documents(text: str, cited: bool) -> None:
    assert is_cited(text) is cited


@pytest.mark.parametrize(
    ("text", "worked_out"),
    [
        ("购置图书 4000 册 × 60 元 = 24 万元", True),
        ("图书4000册*60元/册", True),
        ("6人x2000", True),
        ("图书60元／册，共4000册", True),
        ("每册60元，4000册", True),
        ("单价60元，数量4000册", True),
        ("不适用", True),
        ("根据往年支出情况测算，需要24万元", False),
        ("财政拨款24万元，自筹3万元", False),
    ],
)
def test_prices(text: str, worked_out: bool) -> None:
    assert is_worked_out(text) is worked_out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("通过购置图书，提高居民的阅读率", True),
        ("依托乡镇站点，建成阅读网络", True),
        ("提高居民的阅读率", False),
        ("通过政府采购购置图书", False),
        ("提高质量，通过验收", False),
    ],
)
def test_means(text: str, says: bool) -> None:
    assert says_how(text) is says


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("项目总投资为 66 万元", [("66", False)]),
        ("资金总额600,000元，其中购书24万元", [("60.0000", False)]),
        ("项目总投资1.2亿元，2024年申请财政资金 3,000.5 万元", [("12000", False), ("3000.5", True)]),
        ("2024年度预算安排资金共计60万元", [("60", True)]),
        ("本年申请资金60万元", [("60", True)]),
        ("2023年安排资金50万元", []),
        ("总投资约70万元，资金总额70万元以内", []),
        ("本年培训 60 万元产值的企业", []),
        ("每年安排资金60万元左右", []),
        ("购书24万元", []),
    ],
)
def test_money(text: str, found: list[tuple[str, bool]]) -> None:
    said = [(each.value, each.is_of_year) for each in amounts_of_project(text, 2024)]
    assert said == [(Decimal(value), is_of_year) for value, is_of_year in found]
