"""Which spellings of an indicator's name are one."""

from __future__ import annotations

import pytest

from xlperf.prose.indicator_names import indicator_key


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("购置图书", "指标1：购置图书", True),
        ("购置图书", "★购置图书（15分）", True),
        ("购置图书", "2、购置 图书", True),
        ("购置图书", "2024年购置图书", True),
        ("购置图书(册)", "购置图书（册）", True),
        ("购置图书", "2023年购置图书", False),
        ("一期工程合格率", "二期工程合格率", False),
        ("指标1：购置图书", "指标2：举办活动", False),
        ("购置图书", "购置图书数量", False),
    ],
)
def test_keys(one: str, other: str, is_same: bool) -> None:
    assert (indicator_key(one, 2024) == indicator_key(other, 2024)) is is_same
