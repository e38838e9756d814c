"""Files that are open elsewhere, read-only, signed, protected, well hidden or absurdly long."""

from __future__ import annotations

import io
import multiprocessing
import resource
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.package.books import book, changed, entries, pack, parts, raw_entries, sheet
from tests.package.fidelity import differences, part_of, run_job
from tests.package.kitchen_sink import FORM, HIDDEN, kitchen_sink
from xlperf.errors import SaveError
from xlperf.package import Ref, Workbook
from xlperf.package.address import MAX_ROW

ORIGIN = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature"


def signed(blob: bytes) -> bytes:
    """The same workbook with a signature (which is of course not valid)."""
    content: dict[str, str | bytes] = dict(entries(blob))
    rel = f'<Relationship Id="rIdSig" Type="{ORIGIN}/origin" Target="_xmlsignatures/origin.sigs"/></Relationships>'
    content["_rels/.rels"] = entries(blob)["_rels/.rels"].decode().replace("</Relationships>", rel)
    content["_xmlsignatures/origin.sigs"] = b""
    content["_xmlsignatures/sig1.xml"] = "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'/>"
    content["_xmlsignatures/_rels/origin.sigs.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{ORIGIN}/signature" Target="sig1.xml"/></Relationships>'
    )
    return pack(content)


def edited(blob: bytes) -> Workbook:
    workbook = Workbook.open(blob)
    workbook.write(FORM, Ref(3, 2), Decimal(5))
    return workbook


def test_a_signed_workbook_is_saved_only_without_its_signature(tmp_path: Path) -> None:
    blob = signed(kitchen_sink())
    target = tmp_path / "签.xlsm"
    target.write_bytes(blob)
    with pytest.raises(SaveError, match="--drop-signature"):
        edited(blob).save(target)
    assert target.read_bytes() == blob
    edited(blob).save(target, drop_signature=True)
    after = target.read_bytes()
    assert not any("_xmlsignatures" in name for name in raw_entries(after))
    assert entries(after)["_rels/.rels"] == entries(kitchen_sink())["_rels/.rels"]
    plain = edited(kitchen_sink()).to_bytes()
    assert entries(after) == entries(plain)


def test_a_signed_workbook_without_changes_keeps_its_signature(tmp_path: Path) -> None:
    blob = signed(kitchen_sink())
    Workbook.open(blob).save(tmp_path / "x.xlsm", drop_signature=True)
    assert (tmp_path / "x.xlsm").read_bytes() == blob


@pytest.mark.parametrize("lock", ["~$签.xlsx", ".~lock.签.xlsx#"])
def test_a_file_open_in_a_program_is_not_replaced(tmp_path: Path, lock: str) -> None:
    target = tmp_path / "签.xlsx"
    target.write_bytes(kitchen_sink())
    (tmp_path / lock).write_bytes(b"")
    with pytest.raises(SaveError, match="请先关闭"):
        edited(target.read_bytes()).save(target)
    assert target.read_bytes() == kitchen_sink()
    assert Workbook.open(target).sheets  # reading is allowed
    edited(target.read_bytes()).save(tmp_path / "另存.xlsx")


def test_a_read_only_file_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "只读.xlsx"
    target.write_bytes(kitchen_sink())
    target.chmod(0o444)
    with pytest.raises(SaveError, match="只读"):
        edited(target.read_bytes()).save(target)
    assert target.read_bytes() == kitchen_sink()
    assert Workbook.open(target).sheets


PROTECTED = '<sheetProtection algorithmName="SHA-512" hashValue="aGFzaA==" saltValue="c2FsdA==" sheet="1" objects="1"/>'
STRUCTURE = '<workbookProtection workbookAlgorithmName="SHA-512" workbookHashValue="aGFzaA==" lockStructure="1"/>'


def test_protection_stays_as_it_is() -> None:
    content = parts(sheet('<row r="2"><c r="B2"><v>1</v></c></row>', tail=PROTECTED))
    content["xl/workbook.xml"] = str(content["xl/workbook.xml"]).replace("<sheets>", STRUCTURE + "<sheets>")
    blob = pack(content)
    job = run_job(blob)
    assert differences(blob, job, part_of(blob, job.sheet)) == []
    again = Workbook.open(job.blob)
    again.add_sheet("审核结果", sheet().encode())
    after = entries(again.to_bytes())
    assert PROTECTED in after["xl/worksheets/sheet1.xml"].decode()
    assert STRUCTURE in after["xl/workbook.xml"].decode()
    assert openpyxl.load_workbook(io.BytesIO(again.to_bytes())).security.lockStructure


def test_a_very_hidden_sheet_is_read_written_and_stays_hidden() -> None:
    blob = kitchen_sink()
    workbook = Workbook.open(blob)
    assert workbook.hidden_state(HIDDEN) == "veryHidden"
    assert workbook.cells(HIDDEN)[Ref(1, 1)].text == "内部"
    workbook.write(HIDDEN, Ref(1, 1), "改")
    after = workbook.to_bytes()
    assert changed(blob, after) == {"xl/worksheets/sheet4.xml"}  # the maker asks for recalculation already
    assert Workbook.open(after).hidden_state(HIDDEN) == "veryHidden"
    assert openpyxl.load_workbook(io.BytesIO(after))[HIDDEN].sheet_state == "veryHidden"


def _patch_a_million_rows(folder: str) -> int:
    """MiB for reading and patching the file."""
    source = Path(folder) / "长.xlsx"
    workbook = Workbook.open(source)
    assert list(workbook.cells("表")) == [Ref(1, 1)]
    workbook.write("表", Ref(MAX_ROW, 2), Decimal(7))
    workbook.write("表", Ref(500_000, 1), "=中")
    workbook.set_highlights("表", "t", {"FF0000": [Ref(1, 1)]})
    workbook.set_notes("表", "审核", {Ref(MAX_ROW, 2): "底"})
    workbook.save(source)
    cells = Workbook.open(source).cells("表")
    assert {ref: cell.text for ref, cell in cells.items()} == {
        Ref(1, 1): "1", Ref(500_000, 1): "=中", Ref(MAX_ROW, 2): "7",
    }  # fmt: skip
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


@pytest.mark.slow
def test_a_sheet_with_a_format_in_every_row(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{row}" s="1" customFormat="1"><c r="A{row}" s="1"/></row>' for row in range(2, MAX_ROW + 1)
    )
    first = '<row r="1"><c r="A1"><v>1</v></c></row>'
    blob = book(sheet(first + rows))
    (tmp_path / "长.xlsx").write_bytes(blob)
    del rows
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        memory = pool.apply_async(_patch_a_million_rows, (str(tmp_path),)).get(120)
    assert memory < 1024
    after = entries((tmp_path / "长.xlsx").read_bytes())["xl/worksheets/sheet1.xml"].decode()
    last = f'<c r="A{MAX_ROW}" s="1"/><c r="B{MAX_ROW}" s="1"><v>7</v></c></row></sheetData>'
    assert f'<row r="{MAX_ROW}" s="1" customFormat="1">{last}' in after
