"""The XML schemas of ECMA-376 (transitional) on files, or on one of every kind of output.

    python -m tests.package.schemas DIR [FILE...]

DIR holds sml.xsd, wml.xsd and the others as the standard publishes them: OfficeOpenXML-XMLSchema-Transitional.zip of
Part 4, and beside them or in a folder opc-xsd those of Part 2. They are not ours to ship, so this is no test; what it
says beyond accepted.toml is a fault. Strict files and VML have other schemas and are passed over.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from lxml import etree

from tests.outputs import new_books, next_year, outputs_of, reports_of, saved_by_openpyxl
from tests.package.books import entries
from tests.package.validators import Said, plain, unaccepted

XSD = "xsd"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_XML = "http://www.w3.org/XML/1998/namespace"
_XML_ATTRIBUTES = (
    f'<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" targetNamespace="{_XML}">'
    '<xsd:attribute name="space"/><xsd:attribute name="lang"/></xsd:schema>'
)
_OFFICE = "http://schemas.openxmlformats.org"
_SCHEMAS = {
    f"{_OFFICE}/spreadsheetml/2006/main": "sml",
    f"{_OFFICE}/wordprocessingml/2006/main": "wml",
    f"{_OFFICE}/drawingml/2006/main": "dml-main",
    f"{_OFFICE}/drawingml/2006/spreadsheetDrawing": "dml-spreadsheetDrawing",
    f"{_OFFICE}/drawingml/2006/chart": "dml-chart",
    f"{_OFFICE}/officeDocument/2006/extended-properties": "shared-documentPropertiesExtended",
    f"{_OFFICE}/officeDocument/2006/custom-properties": "shared-documentPropertiesCustom",
    f"{_OFFICE}/package/2006/content-types": "opc-contentTypes",
    f"{_OFFICE}/package/2006/relationships": "opc-relationships",
}


class _Files(etree.Resolver):  # type: ignore[misc]
    """The files of the folder; they import the attributes of XML itself without saying from where."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def resolve(self, url: str, public_id: object, context: object) -> Any:
        name = url.rpartition("/")[2]
        return self.resolve_string(_XML_ATTRIBUTES if name == "xml.xsd" else self.text(name), context)

    def text(self, name: str) -> bytes:
        found = next(path for path in (self.folder / name, self.folder / "opc-xsd" / name) if path.exists())
        said = f'namespace="{_XML}"'.encode()
        return found.read_bytes().replace(said + b"/>", said + b' schemaLocation="xml.xsd"/>')


class Schemas:
    """The schemas of a folder, each compiled when the first part needs it."""

    def __init__(self, folder: Path) -> None:
        self.files = _Files(folder)
        self.compiled: dict[str, Any] = {}

    def _schema(self, name: str) -> Any:
        if name not in self.compiled:
            parser = etree.XMLParser(no_network=True)
            parser.resolvers.add(self.files)
            text = self.files.text(f"{name}.xsd")
            self.compiled[name] = etree.XMLSchema(etree.fromstring(text, parser, base_url=f"{name}.xsd"))
        return self.compiled[name]

    def said(self, blob: bytes) -> Counter[Said]:
        found: Counter[Said] = Counter()
        for part, data in entries(blob).items():
            if not part.endswith((".xml", ".rels")):
                continue
            root = understood(etree.fromstring(data))
            name = _SCHEMAS.get(etree.QName(root).namespace or "")
            if name and not (schema := self._schema(name)).validate(etree.ElementTree(root)):
                found.update(plain(XSD, part, error.message) for error in schema.error_log)
        return found


def understood(root: Any) -> Any:
    """A part as a program sees it that knows no extension: what may be ignored is gone, fallbacks are taken."""
    ignored: set[str] = set()
    for each in root.iter(etree.Element):
        ignored |= {each.nsmap.get(prefix, "") for prefix in (each.attrib.pop(f"{_MC}Ignorable", "")).split()}
    for each in list(root.iter(etree.Element)):
        for name in [name for name in each.attrib if etree.QName(name).namespace in ignored]:
            del each.attrib[name]
        if etree.QName(each).namespace in ignored and each.getparent() is not None:
            each.getparent().remove(each)
    for alternate in list(root.iter(f"{_MC}AlternateContent")):
        for child in alternate.iterfind(f"{_MC}Fallback/*"):
            alternate.addprevious(child)
        alternate.getparent().remove(alternate)
    return root


def _every_kind(folder: Path) -> list[Path]:
    made = new_books(folder)
    books = [made["new values.xlsx"].path, made["new values.xlsm"].path]
    foreign = saved_by_openpyxl(books[0], folder / "openpyxl.xlsx")
    for book in books:
        made |= outputs_of(book, folder)
    made |= outputs_of(foreign, folder, foreign, freeze=False)
    made |= next_year(books[0], folder) | reports_of(books[0], folder)
    return [each.path for each in made.values()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("schemas", type=Path, metavar="DIR")
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE")
    options = parser.parse_args()
    schemas = Schemas(options.schemas)
    faults = 0
    with tempfile.TemporaryDirectory() as folder:
        paths = options.files or _every_kind(Path(folder))
        for path in paths:
            for said in unaccepted(schemas.said(path.read_bytes())):
                faults += 1
                print(f"{path.name}: {said.part}: {said.text}", file=sys.stderr)
    print(f"{len(paths)} files, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
