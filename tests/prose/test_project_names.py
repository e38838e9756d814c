"""Which names are one project, and which are only told as perhaps one."""

from __future__ import annotations

import pytest

from xlperf.prose.project_names import may_be_one, project_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("网络安全 专项资金", "网络安全专项资金"),
        ("信息化建设（一期）", "信息化建设(一期)"),
        ("2023年度网络安全", "网络安全"),
        ("“法治宣传”项目", "法治宣传项目"),
        ("ＩＴ运维", "it运维"),
        ("（1）网络安全", "网络安全"),
        ("3.网络安全", "其中：①网络安全"),
        ("二、网络安全", "网络\n安全"),
    ],
)
def test_one_name(one: str, other: str) -> None:
    assert project_key(one, 2023) == project_key(other, 2023)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("信息化建设（一期）", "信息化建设（二期）"),
        ("2022年网络安全", "网络安全"),
        ("网络安全专项资金", "网络安全项目"),
        ("网络安全", "网络建设"),
        ("12023号项目", "1号项目"),
        ("3.15消费者权益日", "15消费者权益日"),
        ("一事一议奖补", "事一议奖补"),
    ],
)
def test_names_that_are_not_one(one: str, other: str) -> None:
    assert project_key(one, 2023) != project_key(other, 2023)


def test_what_is_no_name() -> None:
    assert project_key("……", 2023) == project_key(" ", 2023) == ""
    assert project_key("（1）", 2023) == "1"
    assert project_key("2023年度", 2023) == "2023年度"  # a name all the same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("网络安全专项资金", "网络安全项目"),
        ("应急指挥中心", "应急指挥中心建设"),
        ("困难学生生活补助", "困难学生补助"),
        ("城乡居民养老保险补助", "城乡居民养老保险补贴"),
    ],
)
def test_names_that_may_be_one(one: str, other: str) -> None:
    assert may_be_one(project_key(one, 2023), project_key(other, 2023))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("信息化建设一期", "信息化建设二期"),
        ("东区道路养护", "西区道路养护"),
        ("2021年人才引进", "2022年人才引进"),
        ("网络安全", "法治宣传"),
        ("档案", "档案管理系统建设"),
        ("水利设施专项资金", "养老服务专项资金"),
        ("专项资金", "工作经费"),
    ],
)
def test_names_of_two_projects(one: str, other: str) -> None:
    assert not may_be_one(project_key(one, 2023), project_key(other, 2023))
