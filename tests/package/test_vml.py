"""Notes as Excel wants them drawn: prefixes declared, ids in blocks of their own, boxes inside the grid."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl.comments import Comment

from tests.package.books import (
    MAIN,
    PACKAGE,
    RELS,
    STRICT_MAIN,
    STRICT_RELS,
    TYPE,
    book,
    changed,
    entries,
    pack,
    parts,
    sheet,
)
from tests.package.fidelity import unsound
from xlperf.errors import WorkbookError
from xlperf.package import Ref, Workbook
from xlperf.package.look import Layout

V, X = "{urn:schemas-microsoft-com:vml}", "{urn:schemas-microsoft-com:office:excel}"
O = "{urn:schemas-microsoft-com:office:office}"  # noqa: E741 - as everybody calls it
AUTHOR = "审核"


def saved_by_openpyxl(sheets: int = 2) -> bytes:
    """Each sheet has a comment; every drawing claims the first block of ids, and declares its prefixes where used."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for number in range(1, sheets + 1):
        page = made.create_sheet(f"表{number}")
        page["A1"] = number
        page["B2"].comment = Comment("原有批注", "王")
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def noted(blob: bytes, notes: dict[str, list[Ref]]) -> bytes:
    workbook = Workbook.open(blob)
    for title, refs in notes.items():
        workbook.set_notes(title, AUTHOR, dict.fromkeys(refs, "应为 5"))
    return workbook.to_bytes()


def drawings(blob: bytes) -> dict[str, ElementTree.Element]:
    return {name: ElementTree.fromstring(data) for name, data in entries(blob).items() if name.endswith(".vml")}


def ids(drawing: ElementTree.Element) -> list[int]:
    return [int(shape.attrib["id"].removeprefix("_x0000_s")) for shape in drawing.iter(V + "shape")]


def blocks(drawing: ElementTree.Element) -> list[int]:
    named = next(drawing.iter(O + "idmap")).attrib["data"]
    return [int(each) for each in named.split(",")]


def test_notes_in_a_drawing_of_openpyxl() -> None:
    blob = saved_by_openpyxl()
    places = {"表1": [Ref(1, 1), Ref(3, 3)], "表2": [Ref(4, 4)]}
    first = noted(blob, places)
    assert unsound(blob, first) == []
    for drawing, count in zip(drawings(first).values(), (3, 2), strict=True):
        shapes = list(drawing.iter(V + "shape"))
        assert len(shapes) == count
        assert all(shape.find(X + "ClientData") is not None for shape in shapes)
        assert all(each // 1024 in blocks(drawing) for each in ids(drawing))
    page = openpyxl.load_workbook(io.BytesIO(first))["表1"]
    assert page["A1"].comment.text == "应为 5"
    assert page["B2"].comment.text == "原有批注"
    assert noted(first, places) == first
    cleared = noted(first, {"表1": [], "表2": []})
    assert entries(cleared) == entries(blob)
    assert changed(blob, cleared) == set()


def test_no_id_of_ours_is_in_a_block_of_another_drawing() -> None:
    """Both drawings of openpyxl claim block 1; ours get one each."""
    first, second = drawings(noted(saved_by_openpyxl(), {"表1": [Ref(5, 5)], "表2": [Ref(5, 5)]})).values()
    assert (blocks(first), blocks(second)) == ([1, 2], [1, 3])
    assert set(ids(first)[1:]) == {2049}
    assert set(ids(second)[1:]) == {3073}


def test_new_drawings_have_blocks_of_their_own() -> None:
    first = noted(book(), {"表": [Ref(1, 1)], "乙": [Ref(1, 1)]})
    assert [blocks(each) for each in drawings(first).values()] == [[1], [2]]
    assert [ids(each) for each in drawings(first).values()] == [[1025], [2049]]
    assert unsound(book(), first) == []


@pytest.mark.parametrize(
    ("count", "expected"), [(1, [1]), (1023, [1]), (1024, [1, 3]), (2046, [1, 3]), (2047, [1, 3, 4])]
)
def test_a_block_has_room_for_1023_notes(count: int, expected: list[int]) -> None:
    blob = noted(book(), {"表": [Ref(1, 1)], "乙": [Ref(1, 1)]})
    many = noted(blob, {"表": [Ref(number, 1) for number in range(1, count + 1)]})
    first, second = drawings(many).values()
    assert blocks(first) == expected
    assert blocks(second) == [2]
    assert len(set(ids(first))) == count
    assert unsound(blob, many) == []
    assert noted(many, {"表": [Ref(1, 1)]}) == blob


def test_a_block_with_room_of_the_drawing_itself_is_used() -> None:
    """As Excel does: only one drawing, so the ids go on behind those of the notes that are there."""
    first = noted(saved_by_openpyxl(1), {"表1": [Ref(5, 5), Ref(6, 6)]})
    (drawing,) = drawings(first).values()
    assert blocks(drawing) == [1]
    assert ids(drawing) == [1026, 1027, 1028]


def vml(idmap: str, *numbers: int) -> str:
    shapes = "".join(
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202"><x:ClientData ObjectType="Note"><x:Row>{at}</x:Row>'
        "<x:Column>8</x:Column></x:ClientData></v:shape>"
        for at, number in enumerate(numbers)
    )
    spaces = (
        'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel"'
    )
    layout = f'<o:shapelayout v:ext="edit">{idmap}</o:shapelayout>'
    return f'<xml {spaces}>{layout}<v:shapetype id="_x0000_t202"/>{shapes}</xml>'


def with_drawing(drawing: str, other: str = "") -> bytes:
    """A sheet with this drawing and a comments part without comments, and perhaps another drawing, of a header."""
    rels = (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELS}/vmlDrawing" Target="../drawings/vmlDrawing1.vml"/>'
        f'<Relationship Id="rId2" Type="{RELS}/comments" Target="../comments1.xml"/></Relationships>'
    )
    extra: dict[str, str | bytes] = {
        "xl/worksheets/_rels/sheet1.xml.rels": rels,
        "xl/drawings/vmlDrawing1.vml": drawing,
        "xl/comments1.xml": f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>',
    }
    if other:
        extra["xl/drawings/vmlDrawing2.vml"] = other
    types = (
        '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
        f'<Override PartName="/xl/comments1.xml" ContentType="{TYPE}.comments+xml"/>'
    )
    return book(sheet(tail='<legacyDrawing r:id="rId1"/>'), extra=extra, overrides=types)


IDMAPS = {
    "one block": ('<o:idmap v:ext="edit" data="1"/>', (1025,), "1", 1026),
    "other quotes": ("<o:idmap data='1' v:ext='edit'/>", (1025,), "1", 1026),
    "blanks": ('<o:idmap v:ext="edit" data="1, 2"/>', (1025, 2049), "1, 2", 1026),
    "the first is full": ('<o:idmap v:ext="edit" data="1,2"/>', (2047, 2050), "1,2", 2051),
    "all are full": ('<o:idmap v:ext="edit" data="1,2"/>', (2047, 3071), "1,2,3", 3073),
    "a block that is only named": ('<o:idmap v:ext="edit" data="1,2"/>', (2047,), "1,2,3", 3073),
    "none named": ("", (5121,), None, 5122),
    "nothing in it": ('<o:idmap v:ext="edit" data="7"/>', (), "7", 7169),
}


@pytest.mark.parametrize("name", IDMAPS)
def test_which_id_a_note_gets(name: str) -> None:
    idmap, numbers, named, expected = IDMAPS[name]
    blob = with_drawing(vml(idmap, *numbers))
    first = noted(blob, {"表": [Ref(5, 5)]})
    drawing = entries(first)["xl/drawings/vmlDrawing1.vml"].decode()
    assert ids(ElementTree.fromstring(drawing))[-1] == expected
    found = re.search(r"data=[\"']([^\"']*)", drawing)
    assert (found and found[1]) == named
    assert noted(first, {"表": [Ref(5, 5)]}) == first
    assert entries(noted(first, {"表": []}))["xl/drawings/vmlDrawing1.vml"].decode() == vml(idmap, *numbers)
    assert unsound(blob, first) == []


def test_drawings_of_headers_and_controls_count_too() -> None:
    blob = with_drawing(vml('<o:idmap v:ext="edit" data="1"/>', 1025), vml('<o:idmap v:ext="edit" data="2,3"/>', 2049))
    full = noted(blob, {"表": [Ref(number, 1) for number in range(1, 1100)]})
    assert blocks(drawings(full)["xl/drawings/vmlDrawing1.vml"]) == [1, 4]


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        (Ref(1, 1), (1, 0, 4, 3)),
        (Ref(10, 3), (3, 8, 6, 11)),
        (Ref(1, 16_379), (16_379, 0, 16_382, 3)),
        (Ref(1, 16_384), (16_380, 0, 16_383, 3)),
        (Ref(1_048_576, 1), (1, 1_048_572, 4, 1_048_575)),
        (Ref(1_048_576, 16_384), (16_380, 1_048_572, 16_383, 1_048_575)),
    ],
)
def test_boxes_stay_inside_the_grid(ref: Ref, expected: tuple[int, ...]) -> None:
    """Left column, top row, right column, bottom row, from 0."""
    (drawing,) = drawings(noted(book(), {"表": [ref]})).values()
    anchor = next(drawing.iter(X + "Anchor")).text or ""
    numbers = [int(each) for each in anchor.split(",")]
    assert tuple(numbers[::2]) == expected
    row, col = (next(drawing.iter(X + name)).text for name in ("Row", "Column"))
    assert (row, col) == (str(ref.row - 1), str(ref.col - 1))


def test_a_long_note_at_the_foot_of_the_sheet() -> None:
    workbook = Workbook.open(book())
    workbook.set_notes("表", AUTHOR, {Ref(1_048_576, 1): "长\n" * 16_000})
    (drawing,) = drawings(workbook.to_bytes()).values()
    numbers = [int(each) for each in (next(drawing.iter(X + "Anchor")).text or "").split(",")]
    assert 0 <= numbers[2] < numbers[6] == 1_048_575


# Strict files


def strict_book() -> bytes:
    content = parts(sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    return pack(
        {name: str(data).replace(MAIN, STRICT_MAIN).replace(RELS, STRICT_RELS) for name, data in content.items()}
    )


def test_a_strict_file_keeps_its_kind() -> None:
    blob = strict_book()
    workbook = Workbook.open(blob)
    workbook.set_notes("表", AUTHOR, {Ref(1, 1): "应为 5"})
    workbook.add_blank_sheet("审核结果", Layout([5]))
    after = entries(workbook.to_bytes())
    rels = after["xl/worksheets/_rels/sheet1.xml.rels"].decode()
    assert f'Type="{RELS}/vmlDrawing"' in rels  # old drawings have no strict form
    assert f'Type="{STRICT_RELS}/comments"' in rels
    root = ElementTree.fromstring(after["xl/worksheets/sheet1.xml"])
    drawing = root.find(f"{{{STRICT_MAIN}}}legacyDrawing")
    assert drawing is not None
    assert f"{{{STRICT_RELS}}}id" in drawing.attrib
    assert ElementTree.fromstring(after["xl/worksheets/sheet3.xml"]).tag == f"{{{STRICT_MAIN}}}worksheet"
    assert f'Type="{STRICT_RELS}/worksheet" Target="/xl/worksheets/sheet3.xml"' in (
        after["xl/_rels/workbook.xml.rels"].decode()
    )
    assert unsound(blob, workbook.to_bytes()) == []
    again = Workbook.open(workbook.to_bytes())
    again.set_notes("表", AUTHOR, {})
    again.remove_sheet("审核结果")
    assert entries(again.to_bytes()) == entries(blob)


def test_a_usual_file_stays_one() -> None:
    workbook = Workbook.open(book())
    workbook.add_blank_sheet("审核结果", Layout([5]))
    root = ElementTree.fromstring(entries(workbook.to_bytes())["xl/worksheets/sheet3.xml"])
    assert root.tag == f"{{{MAIN}}}worksheet"


def test_a_drawing_that_is_none_is_refused() -> None:
    with pytest.raises(WorkbookError, match="批注的图形部件无法识别"):
        noted(with_drawing("<html/>"), {"表": [Ref(1, 1)]})
