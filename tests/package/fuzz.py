"""A coverage-guided fuzzer on the reader and the writer.

    python -m tests.package.fuzz [FOLDER] [-max_total_time=600] [other libFuzzer options]

needs the package `atheris`. The fuzzer's bytes are a small workbook's parts, not a zip file: it would never get
past the checksums. FOLDER keeps what it learnt; findings are written to the current folder as `crash-…`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["xlperf.package"]):
    from tests.package.books import pack, parts, sheet
    from tests.package.touched import read, touch
    from xlperf.errors import XlperfError
    from xlperf.package import Ref, Workbook

_SHEET = sheet(
    '<row r="1" spans="1:3"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><f t="shared" ref="B1:B3" si="0">A1*2</f>'
    '<v>2</v></c><c r="C1" t="inlineStr"><is><r><t>x</t></r><rPh><t>y</t></rPh></is></c></row>'
    '<row r="2" hidden="1" s="2" customFormat="1"><c r="B2"><f t="shared" si="0"/><v>1</v></c><c t="b">'
    "<v>1</v></c></row>"
    '<row><c><f t="array" ref="A3:A4">1</f><v>1</v></c><c t="e"><v>#N/A</v></c><c t="str"><f>"a"</f><v>a</v></c></row>',
    head='<cols><col min="1" max="2" style="1" hidden="1"/></cols>',
    tail='<mergeCells><mergeCell ref="D1:E2"/></mergeCells><conditionalFormatting sqref="A1"><cfRule type="expression" '
    'priority="1"><formula>N("t")=0</formula></cfRule></conditionalFormatting><hyperlinks><hyperlink ref="A1" '
    'location="A1" tooltip="xlperf"/></hyperlinks><legacyDrawing r:id="rId1"/>',
)
_NOTES = (
    "<comments><authors><author>t</author><author>王</author></authors><commentList>"
    '<comment ref="A1" authorId="0"><text><t>x</t></text></comment>'
    '<comment ref="B9" authorId="1"><text><r><t>y</t></r></text></comment></commentList></comments>'
)
_VML = (
    '<xml><v:shape id="_x0000_s1025" type="#_x0000_t202"><x:ClientData ObjectType="Note"><x:Row>0</x:Row>'
    "<x:Column>0</x:Column></x:ClientData></v:shape></xml>"
)
_RELS = (
    '<Relationships><Relationship Id="rId1" Type="a/vmlDrawing" Target="../v.vml"/>'
    '<Relationship Id="rId2" Type="a/comments" Target="../c.xml"/></Relationships>'
)
_PARTS = parts(
    _SHEET,
    strings="<si><r><t>a_x0041_</t></r><rPh><t>k</t></rPh></si>",
    workbook_tail="<definedNames><definedName name='xp_a'>表!$A$1</definedName></definedNames><calcPr/>",
    extra={"xl/worksheets/_rels/sheet1.xml.rels": _RELS, "xl/c.xml": _NOTES, "xl/v.vml": _VML},
)
_SEPARATOR = b"\0\0"


def to_bytes(content: dict[str, str | bytes]) -> bytes:
    return _SEPARATOR.join(part if isinstance(part, bytes) else part.encode() for part in content.values())


def from_bytes(data: bytes) -> bytes:
    """A workbook whose parts are the pieces of the data."""
    return pack(_PARTS | dict(zip(_PARTS, data.split(_SEPARATOR), strict=False)), method=0)


def use(blob: bytes) -> None:
    try:
        book = Workbook.open(blob)
        for title in book.sheets:
            read(book, title)
            book.write(title, Ref(5, 1), "=x", wrap=True)
            touch(book, title, Ref(1, 2), formula="1+1")
        Workbook.open(book.to_bytes(drop_signature=True))
    except XlperfError:
        pass


def test_one(data: bytes) -> None:
    use(data if data.startswith(b"PK") else from_bytes(data))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "parts").write_bytes(to_bytes(_PARTS))
        (Path(folder) / "zip").write_bytes(pack(_PARTS))
        words = Path(folder) / "words.dict"
        names = "row c v f t s r si ref shared array inlineStr mergeCell sqref dxf cellXfs authorId Row Column".split()
        words.write_text("".join(f'"{name}"\n' for name in names) + '"<!DOCTYPE a>"\n"&#0;"\n"99999999999"\n')
        # The seeds last: libFuzzer writes what it learns into the first folder.
        options = ["-timeout=10", "-rss_limit_mb=1024", "-max_len=20000", f"-dict={words}"]
        atheris.Setup([sys.argv[0], *options, *sys.argv[1:], str(folder)], test_one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
