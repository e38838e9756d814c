"""Numbers of offices against the names behind them; what can be counted in two ways is found fault with in neither."""

from __future__ import annotations

import pytest

from tests.costs import grows_linearly
from xlperf.form.forms import load_template
from xlperf.prose.offices import miscounted_offices
from xlperf.prose.text_words import parse_text

WORDS = load_template("department_overall").words.text_words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("设9个内设机构，分别为：综合科、项目科、服务科、财务科。", [(9, 4)]),
        ("设4个内设机构，分别为：综合科、项目科、服务科、财务科。", []),
        ("内设股室共五个：办公室、甲股、乙股、丙股，核定编制20名。", [(5, 4)]),
        ("内设科室６个（办公室、人事科、财务科、业务科、法规科）。", [(6, 5)]),
        ("局机关设4个职能股室，分别为办公室，人事股，财务股，编制12名。", [(4, 3)]),
        ("内设机构5个，分别为办公室；人事股；财务股；业务股。", [(5, 4)]),
        ("现有二级预算单位3个，即：某县甲中心、某县乙站。", [(3, 2)]),
        ("内设机构5个，分别为办公室;人事股;财务股;业务股。", [(5, 4)]),
        ("9个内设机构，分别为：综合科 、“项目科” 、服务科 、财务科 。", [(9, 4)]),
        ("设3个职能科室：人事、财务、业务，下属单位5个：甲中心、乙站、丙所、丁队。", [(5, 4)]),
        # what is one name, and what are two
        ("内设机构3个，包括办公室、计划、财务股和法规股。", []),
        ("内设机构4个，包括办公室、计划、财务股和法规股。", []),
        ("内设机构5个，包括办公室、计划、财务股和法规股。", [(5, 3)]),
        ("共有3个内设科室：办公室、人事科（党建办、工会）、财务科。", []),
        ("内设机构3个，包括计划、财务股、法规股。", []),
        ("内设机构2个，包括计划、财务股、法规股。", []),
        ("内设机构5个，分别为办公；人事股；财务股。", []),
        # several counts with one list
        ("内设5个科室和2个下属单位，分别为：办公室、A科、B科、C科、D科、E中心、F中心。", []),
        ("内设机构3个，下属单位2个，分别为：甲中心、乙站。", []),
        ("内设机构3个：办公室、甲股、乙股，下设2个中心。", []),
        ("内设机构4个：办公室、甲股、乙股，下设2个中心。", [(4, 3)]),
        # the number comes last
        ("内设办公室、理论股、新闻股、文艺股、文明创建股、网信股共计7个股室，下设服务中心一个事业单位。", [(7, 6)]),
        ("内设办公室、理论股、新闻股、文艺股、文明创建股、网信股共计6个股室，下设服务中心一个事业单位。", []),
        ("内设机构：办公室（人事科）、综合科、水科、大气科、审批科。共4个科室。", [(4, 5)]),
        ("设下列内设机构：办公室、法规科、财政科、机关党委，共4个。", []),
        ("内设机构：办公室、法规科、财政科、机关党委，共5个。", [(5, 4)]),
        ("局机关设办公室、政工室、法治股六个股室，下设15个司法所。", [(6, 3)]),
        ("内设综合科、高新科、成果科3个职能科室和甲中心1个事业单位。", []),
        ("内设办公室、人事股，计划、财务股4个股室。", []),
        ("内设办公室、人事股，计划、财务股3个股室。", []),
        ("内设办公室、人事股，计划、财务股5个股室。", [(5, 4)]),
        ("内设机构有办公室、人事股、财务股，另有县甲中心、县乙站2个事业单位。", []),
        ("内设办公室、财务股，3个派出机构。", []),
        ("内设办公室、财务股和3个派出机构。", []),
        ("内设办公室、规划科、财务科等6个科室。", []),  # some of them
        ("内设办公室、规划科、财务科等2个科室。", [(2, 3)]),
        # a comma within the list
        ("内设3个股室：办公室、人事股，计划、财务股。", []),
        ("内设4个股室：办公室、人事股，计划、财务股。", []),
        ("内设2个股室：办公室、人事股，计划、财务股。", [(2, 4)]),
        # no list, or not all of it
        ("内设科室10个。", []),
        ("内设机构6个，分别为办公室、人事科、财务科等。", []),
        ("内设机构6个，分别为办公室、人事科、财务科，等等。", []),
        ("内设机构9个，分别为：\n1.综合科\n2.项目科", []),
        ("共有3个项目，分别为：甲项目、乙项目。", []),
        ("设9个内设机构，分别承担人事、财务、业务工作。", []),
        ("", []),
    ],
)
def test_offices(text: str, found: list[tuple[int, int]]) -> None:
    assert [(each.number, len(each.names)) for each in miscounted_offices(text, WORDS)] == found


def test_what_is_quoted() -> None:
    (found,) = miscounted_offices("设4个内设机构，分别为：综合科、项目科、财务科。", WORDS)
    assert (found.quote, found.names) == ("4个内设机构，分别为", ("综合科", "项目科", "财务科"))


def test_a_form_without_the_words_finds_none() -> None:
    assert list(miscounted_offices("设9个内设机构，分别为：综合科、项目科。", parse_text({}))) == []


@pytest.mark.parametrize("atom", ["9个内设机构，", "科、", "（", "一", "内设机构9个（", "内设甲科、", "共4个科室"])
def test_it_is_linear(atom: str) -> None:
    grows_linearly(lambda text: list(miscounted_offices(text, WORDS)), lambda n: atom * n, 400, cheap=0.05)
