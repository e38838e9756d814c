"""A small bureau whose forms other tests review: one folder, written and reviewed once."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.intake.laid_out import as_word, as_workbook
from tests.labels.published import PUBLISHED
from xlperf.review.whole import Outcome, Wanted, run_review

GOOD, BAD = PUBLISHED["D2"].drawn, PUBLISHED["D2"].drawn.replace("其他资金 | 0", "其他资金 | 7")
ODD = '甲 & 乙　\'％＃ "引" é😀＋(1).xlsx'


class Bureau(NamedTuple):
    folder: Path
    summary: Path
    outcome: Outcome


def of_unit(drawn: str, unit: str) -> str:
    return drawn.replace("某县档案局", unit)


def hand_in(folder: Path) -> None:
    """Three units in folders of their own, a loose one, an archive, and what is no hand-in."""
    for unit, drawn in (("青山县档案局", GOOD), ("红河县水利局", BAD)):
        (folder / unit).mkdir(parents=True)
        as_workbook(of_unit(drawn, unit), folder / unit / "自评表.xlsx")
    (folder / "白石县民政局" / "项目").mkdir(parents=True)
    as_word(of_unit(PUBLISHED["D3"].drawn, "白石县民政局"), folder / "白石县民政局" / "自评表.docx")
    project = of_unit(PUBLISHED["C1"].drawn, "白石县民政局").replace("某县档案馆", "白石县殡仪馆")
    as_workbook(project, folder / "白石县民政局" / "项目" / "档案整理.xlsx")
    as_workbook(of_unit(GOOD, "黄土县审计局"), folder / ODD)
    inside = as_workbook(of_unit(BAD, "青山县档案局"), folder / "x.xlsx")
    with zipfile.ZipFile(folder / "补报.zip", "w") as archive:
        archive.write(inside, "补报/青山县档案局.xlsx")
        archive.writestr("补报/内.zip", b"PK")
    inside.unlink()
    (folder / "坏的.xlsx").write_bytes(b"PK\x03\x04" + bytes(100))
    (folder / "加密.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage\0".encode("utf-16-le"))
    (folder / "表.et").write_bytes(b"x")
    (folder / "~$自评表.xlsx").write_bytes(b"x")
    (folder / "青山县档案局" / "自评表 - 副本.xlsx").write_bytes((folder / "青山县档案局" / "自评表.xlsx").read_bytes())


@pytest.fixture(scope="session")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    home = tmp_path_factory.mktemp("review")
    hand_in(home / "报送")
    summary = home / "汇总.xlsx"
    return Bureau(home / "报送", summary, run_review(Wanted([str(home / "报送")], summary, jobs=2)))
