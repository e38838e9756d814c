"""However the labels are typed, the columns ordered and the cells merged: the same figures in the same keys."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.drawn import document, grid, table
from tests.labels.test_tables import FOREIGN
from xlperf.form.forms import load_template
from xlperf.labels.tables import read_tables

TEMPLATE = load_template("department_overall")
SPACES = [" ", "　", "\n", "\t", "\u200b", "\xa0"]
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})

BASE = """
    经费控制情况 | 2022年决算数 | 2023年预算数 | 2023年决算数
    三公经费 | 0.10 | 0.30 | 0
    公务用车购置和维护经费 | 0.11 | 0.12 | 0.13
    公车购置 | 0.14 | 0.15 | 0.16
    公车运行维护 | 0.17 | | 0.19
    出国经费 | | |
    公务接待 | 0.21 | 0.22 | ——
    项目支出： | 1 | 42 | 37.44
    业务工作经费 | 2 | 3 | 4
    运行维护经费 | 5 | 6 | 7
    市级专项资金（一个专项一行） | | |
    某专项 | 8 | 9 | 10
    其他事业类发展资金 | 11 | 12 | 13
    公用经费 | 83.72 | 9.50 | 92.01
    办公费 | 5.33 | 2 | 5.36
    水费、电费、差旅费 | 0.09 | 0.20 | 1.14
    会议费、培训费 | 0 | 0 | 0.20
    政府采购金额 | —— | 33.3 | 95.31
    部门基本支出预算调整 | —— | 14 | 15
"""
EXECUTION = """
    项目 | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
    年度资金总额 | 128.90 | 251.06 | 250.06 | 10 | 99.60% | 9.96
"""
FINANCE = """
    项目 | 上年数（2022年） | 年初预算数（2023年） | 本年数（2023年） | 增减额 | 增长率 | 变动原因
    收入合计 | 1 | 2 | 3 | 4 | 5% | 原因甲
    支出合计 | 6 | 7 | 8 | 9 | 10% | 原因乙
    基本支出 | 11 | 12 | 13 | 14 | 15% |
    项目支出 | 16 | | 18 | 19 | —— | 原因丙
"""
INDICATORS = """
    一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
    产出指标 | 数量指标 | 甲 | ≥1 | 2 | 11 | 10 | 某原因
    产出指标 | 数量指标 | 乙 | ≥3 | 4 | 13 | 12 |
    产出指标 | 质量指标 | 丙 | 100% | 99% | 15 | 14 |
    效益指标 | 社会效益指标 | 丁 | 按时 | 按时 | 17 | 16 | 又一原因
    满意度指标 | 服务对象满意度指标 | 戊 | ≥95 | 96 | 19 | 18 |
"""
NUMBERINGS = ["", "1、", "（一）", "其中：", "①", "２．", "一、", "(3)", "- "]


def values(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    reading = read_tables(document(table(rows)), TEMPLATE)
    assert reading.left == ()
    return {entry.key: entry.value for entry in reading.entries}


def typed(label: str, rnd: random.Random, numbered: bool = True) -> str:
    """The label as somebody may have typed it."""
    signs = "".join(sign + (rnd.choice(SPACES) if rnd.random() < 0.2 else "") for sign in label)
    signs = signs.translate(WIDE) if rnd.random() < 0.3 else signs
    before = (rnd.choice(NUMBERINGS) if numbered else "") + rnd.choice(["", "  ", "　"])
    return before + signs + rnd.choice(["", "：", " "])


@pytest.mark.parametrize("drawn", [BASE, EXECUTION, FINANCE, INDICATORS], ids=["base", "execution", "finance", "rows"])
@given(seed=st.integers(0, 10**6))
def test_columns_in_any_order(drawn: str, seed: int) -> None:
    """The column of labels too, and 分值 before or after the values."""
    rows = grid(drawn)
    order = list(range(len(rows[0])))
    random.Random(seed).shuffle(order)
    assert values([[row[at] for at in order] for row in rows]) == values(rows)


@pytest.mark.parametrize("drawn", [BASE, EXECUTION, FINANCE], ids=["base", "execution", "finance"])
@given(seed=st.integers(0, 10**6))
def test_labels_typed_in_any_way(drawn: str, seed: int) -> None:
    rows, rnd = grid(drawn), random.Random(seed)
    own = [label for label, *_ in rows]
    changed = [
        [typed(label, rnd, numbered=bool(n)) if label != "某专项" else label, *cells]
        for n, (label, *cells) in enumerate(rows)
    ]
    changed[0] = [typed(head, rnd, numbered=False) for head in rows[0]]
    assert values(changed) == values(rows), own


@given(seed=st.integers(0, 10**6))
def test_heads_of_indicators_typed_in_any_way(seed: int) -> None:
    rows, rnd = grid(INDICATORS), random.Random(seed)
    assert values([[typed(head, rnd, numbered=False) for head in rows[0]], *rows[1:]]) == values(rows)


@given(seed=st.integers(0, 10**6))
def test_levels_merged_or_blank(seed: int) -> None:
    """A level stands once: in a merged cell, or above blank ones."""
    rows, rnd = grid(INDICATORS), random.Random(seed)
    once = [list(row) for row in rows]
    for number in range(2, len(rows)):
        for depth in (0, 1):
            if rows[number][: depth + 1] == rows[number - 1][: depth + 1] and rnd.random() < 0.8:
                once[number][depth] = rnd.choice(["^", ""]) if once[number - 1][depth] != "" else ""
    assert values(once) == values(rows)


@given(seed=st.integers(0, 10**6))
def test_blank_rows_and_placeholders_say_nothing(seed: int) -> None:
    rnd = random.Random(seed)
    for drawn in (BASE, INDICATORS):
        rows = grid(drawn)
        wide = len(rows[0])
        padded = [rows[0]]
        for row in rows[1:]:
            if rnd.random() < 0.3:
                name = ["", "", "……", *[""] * (wide - 3)] if drawn == INDICATORS else ["……", *[""] * (wide - 1)]
                padded.append(rnd.choice([name, [""] * wide]))
            padded.append(row)
        assert values(padded) == values(rows)


@given(seed=st.integers(0, 10**6))
def test_label_columns_split_in_two(seed: int) -> None:
    """The label is merged over two columns, or stands in the second one beside a blank or a 其中 merged downwards."""
    rows, rnd = grid(BASE), random.Random(seed)
    split = [[label, "<", *cells] if rnd.random() < 0.5 else ["", label, *cells] for label, *cells in rows[1:]]
    assert values([[rows[0][0], "<", *rows[0][1:]], *split]) == values(rows)


@given(
    drawn=st.sampled_from([BASE, EXECUTION, FINANCE]),
    row=st.integers(1, 3),
    col=st.integers(1, 3),
    word=st.sampled_from(["某某费", "其他", "合计数", "1234"]),
)
def test_a_figure_of_an_unknown_row_or_column_is_listed(drawn: str, row: int, col: int, word: str) -> None:
    """Nothing of it goes elsewhere: the other figures are those that were there before."""
    rows = grid(drawn)
    known = values(rows)
    strange = [[*line[:col], str(9000 + n) if n else word, *line[col:]] for n, line in enumerate(rows)]
    strange.insert(min(row, len(rows)), [word, *["8888"] * (len(rows[0]))])
    reading = read_tables(document(table(strange)), TEMPLATE)
    assert {entry.key: entry.value for entry in reading.entries} == known
    listed = " ".join(passage.text for passage in reading.left)
    assert all(str(9000 + n) in listed for n in range(1, len(rows)))
    assert "8888" in listed


@given(st.sampled_from(sorted(FOREIGN)), st.integers(0, 10**6))
def test_foreign_tables_in_any_order(name: str, seed: int) -> None:
    rows = grid(FOREIGN[name])
    order = list(range(len(rows[0])))
    random.Random(seed).shuffle(order)
    reading = read_tables(document(table([[row[at] for at in order] for row in rows])), TEMPLATE)
    assert (reading.entries, len(reading.left)) == ((), 1)
