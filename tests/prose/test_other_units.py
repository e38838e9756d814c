"""Of which other units a report says what it says of its own, and which it only mentions."""

from __future__ import annotations

import pytest

from xlperf.form.forms import load_template
from xlperf.prose.other_units import OtherUnit, parse_other_units

UNITS = load_template("department_overall").words.other_units


@pytest.mark.parametrize(
    ("own", "text", "names"),
    [
        (
            "北塔区教育局",
            "北塔区水利局2023年度部门整体支出251.06万元。北塔区水利局主要职责：贯彻法规。",
            ["北塔区水利局"],
        ),
        ("北塔区教育局", "区水利局内设办公室。区水利局核定编制20名。", ["区水利局"]),
        ("北塔区教育局", "大祥区教育局内设机构3个。大祥区教育局核定编制20名。", ["大祥区教育局"]),
        ("北塔区发展和改革局", "区林业和草原局内设机构3个。区林业和草原局总编制20名。", ["区林业和草原局"]),
        ("北塔区教育局", "水利局内设机构3个。水利局核定编制20名。", ["水利局"]),
        ("邵阳市北塔区体育局", "教育局内设机构3个。教育局核定编制20名。", ["教育局"]),
        ("北塔区第一中学", "北塔区第二中学主要职责。北塔区第二中学内设机构。", ["北塔区第二中学"]),
        ("北塔区教育局", "北塔区水利局主要职责：贯彻法规。", []),  # once
        ("北塔区教育局", "会同北塔区水利局检查，与北塔区水利局联合发文，北塔区水利局的支持很大。", []),
        ("北塔区人力资源和社会保障局", "区人社局2023年度部门整体支出。区人社局主要职责。", []),
        ("邵阳市北塔区教育局", "教育局内设机构3个。区教育局核定编制20名。", []),
        ("北塔区民政局", "区财政局2023年度部门整体支出绩效自评要求。区财政局部门预算批复。", []),
        ("北塔区第一中学", "我校隶属北塔区教育局。北塔区教育局主要职责。北塔区教育局内设机构。", []),
        ("北塔区水利局", "北塔区水库管理中心主要职责。北塔区水库管理中心编制数5人。", []),
        ("北塔区水利局", "办公室主要职责。办公室核定编制3名。", []),
        ("某县水利局", "北塔区教育局主要职责。北塔区教育局内设机构。", []),
        ("", "北塔区教育局主要职责。北塔区教育局内设机构。", []),
        ("北塔区街道办事处", "经济发展局主要职责。经济发展局核定编制3名。", []),
    ],
)
def test_units(own: str, text: str, names: list[str]) -> None:
    assert [unit.name for unit in UNITS.in_report((text,), (own,))] == names


def test_what_is_quoted() -> None:
    (found,) = UNITS.in_report(("区水利局内设机构3个。区水利局核定编制20名。",), ("北塔区教育局",))
    assert found == OtherUnit("区水利局", "区水利局内设机构", 2)


def test_a_form_without_the_words_knows_none() -> None:
    assert parse_other_units({}).in_report(("水利局主要职责。水利局内设机构。",), ("区教育局",)) == ()
