"""The same job on any workbook, and proof that nothing else changed.

Every entry that differs must become, with what was intended taken out of it, the same bytes as before.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from xml.parsers import expat
from xml.sax.saxutils import unescape

from tests.package.books import entries, raw_entries
from tests.package.tags import Tag, cut, tags_of, unfold, without_attribute
from xlperf.package import CellKind, Ref, Workbook, parse_ref

NUMBER = Decimal("4711.25")
TEXT = "=xlperf 写入的文字"
FORMULA, CACHED = "SUM(1,4711)", Decimal(4712)
AUTHOR, NOTE, TAG = "xlperf 测试", "应为 4711.25\n<请核对>", "xlperf-test"
_MARK = f'N("{TAG}")=0'.encode()
_IDMAP = re.compile(rb"""(<(?:\w+:)?idmap\b[^<>]*\sdata=["'])([^"']*)""")
_GROWING = ("cellXfs", "dxfs", "numFmts", "authors", "commentList")


@dataclass(frozen=True, slots=True)
class Job:
    """What was written where."""

    sheet: str
    number: Ref
    text: Ref
    formula: Ref
    noted: bool
    blob: bytes

    @property
    def refs(self) -> tuple[Ref, ...]:
        return (self.number, self.text, self.formula)


def run_job(blob: bytes, sheet: str | None = None) -> Job:
    """A number (over one that is there), a text, a formula with its value, a highlight, a note and a link."""
    book = Workbook.open(blob)
    title = sheet or next((name for name in book.sheets if book.hidden_state(name) == "visible"), book.sheets[0])
    cells, inside = book.cells(title), book.merges(title)
    plain = (ref for ref, cell in sorted(cells.items()) if cell.kind is CellKind.NUMBER and cell.formula is None)
    number = next((ref for ref in plain if not any(area.contains(ref) for area in inside)), None)
    if b"pivotTable" in blob:  # a program that refreshes it on opening writes over the cell
        number = None
    free = (ref for ref in _first_cells() if ref not in cells and not any(area.contains(ref) for area in inside))
    number = number or next(free)
    text, formula = next(free), next(free)
    book.write(title, number, NUMBER, number_format="0.000")  # no date, so that every program shows it alike
    book.write(title, text, TEXT)
    book.write(title, formula, CACHED, formula=FORMULA, number_format="0.0000")
    book.set_highlights(title, TAG, {"FFC7CE": [number, formula]})
    refused = book.set_notes(title, AUTHOR, {number: NOTE})
    book.set_links(title, {text: "A1"})
    return Job(title, number, text, formula, number not in refused, book.to_bytes())


def _first_cells() -> Iterator[Ref]:
    return (Ref(row, col) for col in range(2, 400) for row in range(2, 40))


def differences(before: bytes, job: Job, sheet_part: str) -> list[str]:
    """What changed without having been asked for; an empty list is the proof."""
    old, new = raw_entries(before), raw_entries(job.blob)
    content, result = entries(before), entries(job.blob)
    found = unsound(before, job.blob)
    if [name for name in new if name in old] != [name for name in old if name in new]:
        found.append("the order of the entries")
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) == new.get(name):
            continue
        if name not in new:
            found += [] if name.lower().endswith("calcchain.xml") else [f"{name} is gone"]
        elif name not in old:
            # A sheet without relationships gets some, a workbook without styles too.
            ours = "xlperf-" in name or name.endswith((".rels", "styles.xml"))
            found += [] if ours else [f"{name} is new"]
        else:
            a, b = _plain(name, content[name], content[name], job, sheet_part), None
            b = _plain(name, result[name], content[name], job, sheet_part)
            found += [] if a == b else [f"{name}: {_first_difference(a, b)}"]
    return found


def _plain(name: str, data: bytes, before: bytes, job: Job, sheet_part: str) -> bytes:
    """An entry without what the job may put there; one that the job has no business with stays as it is."""
    data, before = _utf8(data), _utf8(before)
    low = name.replace("\\", "/").lower()
    if low == sheet_part.lower():
        return plain_sheet(data, before, job.refs)
    if low.endswith(("[content_types].xml", ".rels")):
        return cut(data, lambda tag: _comes_or_goes(tag, before))
    if low.endswith(".vml") or b"urn:schemas-microsoft-com:vml" in before:
        at = before.rfind(b"</xml")
        data = _IDMAP.sub(lambda match: _old_blocks(match, before), data)
        return before if data.startswith(before[:at]) and data.endswith(before[at:]) else data
    root = next(iter(tags_of(before).children)).name
    if root == "workbook":
        data = without_attribute(data, ["calcPr"], "fullCalcOnLoad")
        return cut(data, lambda tag: tag.name == "calcPr" and not tag.attrs)
    if root in ("styleSheet", "comments"):
        return _first_children(data, before)
    return data


def _old_blocks(now: re.Match[bytes], before: bytes) -> bytes:
    """The list of blocks of shape ids, where it only grew behind, as it was."""
    old = _IDMAP.search(before)
    return old[0] if old and now[2].startswith(old[2] + b",") else now[0]


def unsound(before: bytes, after: bytes) -> list[str]:
    """What a parser that knows name spaces refuses, and shape ids that no drawing or two drawings own.

    What was as bad before is not counted.
    """
    old, new = entries(before), entries(after)
    found = [
        f"{name}: {reason}"
        for name, data in new.items()
        if data != old.get(name)
        and (reason := _refused(name, data))
        and not (name in old and _refused(name, old[name]))
    ]
    return found + sorted(_wrong_ids(new) - _wrong_ids(old))


def _refused(name: str, data: bytes) -> str:
    if not name.lower().endswith((".xml", ".rels", ".vml")):
        return ""
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(data, True)
    except expat.ExpatError as error:
        return str(error)
    return ""


def _wrong_ids(content: Mapping[str, bytes]) -> set[str]:
    """Ids outside the blocks of their drawing, ids twice, blocks of two drawings."""
    wrong: set[str] = set()
    owners: dict[int, str] = {}
    for name, data in content.items():
        if not name.lower().endswith(".vml"):
            continue
        named = _IDMAP.search(data)
        blocks = {int(each) for each in named[2].split(b",") if each.strip()} if named else set()
        wrong |= {f"{name}: block {block} is that of {owners[block]}" for block in blocks & owners.keys()}
        owners |= dict.fromkeys(blocks, name)
        ids = [int(each) for each in re.findall(rb'[\s:]id="_x0000_s(\d+)"', data)]
        wrong |= {f"{name}: id {each} twice" for each in ids if ids.count(each) > 1}
        if named:
            wrong |= {f"{name}: id {each} outside {sorted(blocks)}" for each in ids if each // 1024 not in blocks}
    return wrong


def _comes_or_goes(tag: Tag, before: bytes) -> bool:
    """What lists our parts, the calculation chain, or styles where there were none."""
    path = tag.attrs.get("PartName", tag.attrs.get("Target", "")).lower()
    new_styles = path == "/xl/styles.xml" and path.encode() not in before
    return "xlperf-" in path or path.endswith("calcchain.xml") or new_styles


def plain_sheet(data: bytes, before: bytes, refs: Collection[Ref]) -> bytes:
    had_drawing = any(tag.name == "legacyDrawing" for tag in tags_of(before).walk())
    data = unfold(data, ["row", "sheetData", "hyperlinks"])
    cells = {cell.start for ref, cell in _cells(data) if ref in refs}
    rows = {str(ref.row) for ref in refs}

    def is_ours(tag: Tag) -> bool:
        return (
            (tag.name == "c" and tag.start in cells)
            or (tag.name == "hyperlink" and tag.attrs.get("tooltip") == "xlperf")
            or (tag.name == "conditionalFormatting" and _MARK in data[tag.start : tag.end])
            or (tag.name == "legacyDrawing" and not had_drawing)
        )

    def is_left_empty(tag: Tag) -> bool:
        new_row = tag.name == "row" and tag.attrs.keys() <= {"r"} and tag.attrs.get("r") in rows
        return tag.opened == tag.closed and (new_row or tag.name == "hyperlinks")

    return cut(without_attribute(cut(data, is_ours), ["row"], "spans"), is_left_empty)


def _cells(data: bytes) -> Iterator[tuple[Ref, Tag]]:
    row = 0
    for line in tags_of(data).all("row"):
        row = int(line.attrs.get("r", row + 1))
        col = 0
        for cell in line.children:
            if cell.name == "c":
                col = parse_ref(cell.attrs["r"]).col if "r" in cell.attrs else col + 1
                yield Ref(row, col), cell


def _first_children(data: bytes, before: bytes) -> bytes:
    """Groups that may grow, cut back to as many children as they had: nothing is renumbered or taken away."""
    had = {tag.name: len(tag.children) for tag in tags_of(before).walk() if tag.name in _GROWING}
    data = without_attribute(unfold(data, _GROWING), _GROWING, "count")
    gone = set()
    for tag in tags_of(data).walk():
        if tag.name in _GROWING:
            gone |= {child.start for child in islice(tag.children, had.get(tag.name, 0), None)}
            if tag.name not in had:
                gone.add(tag.start)
    return cut(data, lambda tag: tag.start in gone)


def _utf8(data: bytes) -> bytes:
    """As the writer has it: a changed part is UTF-8 whatever it was."""
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    return re.sub(rb'encoding="[^"]*"', b'encoding="UTF-8"', data.decode("utf-16").encode(), count=1)


def _first_difference(one: bytes, two: bytes) -> str:
    at = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    return f"at {at}: {one[max(0, at - 60) : at + 120]!r} became {two[max(0, at - 60) : at + 120]!r}"


def part_of(blob: bytes, title: str) -> str:
    """The entry a sheet is in, found without the package reader."""
    content = {name.replace("\\", "/"): data for name, data in entries(blob).items()}
    root = tags_of(_utf8(content.get("_rels/.rels", b"")))
    book = next(
        (tag.attrs["Target"] for tag in root.walk() if tag.attrs.get("Type", "").endswith("/officeDocument")),
        "xl/workbook.xml",
    ).lstrip("/")
    folder, _, name = book.rpartition("/")
    rels = tags_of(_utf8(content[f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"]))
    targets = {tag.attrs["Id"]: tag.attrs["Target"] for tag in rels.walk() if tag.name == "Relationship"}
    for tag in tags_of(_utf8(content[book])).walk():
        if tag.name == "sheet" and _unescape(tag.attrs["name"]) == title:
            rel_id = next(value for key, value in tag.attrs.items() if key.rpartition(":")[2] == "id")
            target = targets[rel_id].replace("\\", "/")
            path = target if target.startswith("/") else f"{folder}/{target}"
            steps: list[str] = []
            for step in path.split("/"):
                if step == "..":
                    steps.pop()
                elif step not in ("", "."):
                    steps.append(step)
            return "/".join(steps)
    raise LookupError(title)


def _unescape(text: str) -> str:
    text = re.sub(r"&#x([0-9A-Fa-f]+);", lambda match: chr(int(match[1], 16)), text)
    text = re.sub(r"&#([0-9]+);", lambda match: chr(int(match[1])), text)
    return unescape(text, {"&quot;": '"', "&apos;": "'"})
