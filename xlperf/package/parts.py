"""The parts of a package and what ties them together: relationships and content types."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple
from urllib.parse import unquote
from xml.parsers.expat import ExpatError

from xlperf.package.archive import Archive, Damaged
from xlperf.package.budget import Of
from xlperf.package.sheet import SheetXml
from xlperf.package.sound import check_part
from xlperf.package.xmltext import Node, append_child, count_elements, element, parse_tree, splice, to_utf8

CONTENT_TYPES = "[Content_Types].xml"
TRANSITIONAL_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
TRANSITIONAL_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_NO_RELS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)


class Rel(NamedTuple):
    id: str
    kind: str  # the last word of the type, the same in the strict and the usual format
    target: str  # part name, or the address if external
    external: bool


class Parts:
    """An archive and the changes made to it so far."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._changed: dict[str, bytes | None] = {}
        self._read: dict[str, bytes] = {}
        self._trees: dict[str, tuple[bytes, Node]] = {}
        self._rels: dict[str, tuple[Node, list[Rel]]] = {}
        self.outlines: dict[str, SheetXml] = {}
        self.comment = archive.comment

    def copy(self) -> Parts:
        other = Parts(self.archive)
        other._changed = dict(self._changed)
        other._read = self._read
        other._trees = dict(self._trees)
        other._rels = dict(self._rels)
        other.outlines = dict(self.outlines)
        other.comment = self.comment
        return other

    def actual(self, name: str) -> str | None:
        """The part's own spelling, None if there is no such part."""
        found = self.archive.find(name) or name
        if found in self._changed:
            return None if self._changed[found] is None else found
        return self.archive.find(name)

    def names(self) -> list[str]:
        names = [entry.name for entry in self.archive.entries] + list(self._changed)
        return [name for name in dict.fromkeys(names) if self._changed.get(name, b"") is not None]

    def read(self, name: str) -> bytes:
        """The part in UTF-8."""
        found = self.actual(name)
        if found is None:
            raise Damaged(f"缺少 {name}")
        changed = self._changed.get(found)
        if changed is not None:
            return changed
        if found not in self._read:
            data = to_utf8(self.archive.read(found))
            if data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
                self.archive.budget.spend(Of.ELEMENTS, count_elements(data))
            self._read[found] = data
        return self._read[found]

    def write(self, name: str, content: bytes) -> None:
        found = self.actual(name)
        if found is None or self.read(found) != content:
            self._changed[self.archive.find(name) or name] = content

    def remove(self, name: str) -> None:
        if (found := self.archive.find(name)) is not None:
            self._changed[found] = None
        else:
            self._changed.pop(name, None)

    def to_bytes(self) -> bytes:
        """The package; raises `Damaged` when a part that was changed would not be XML."""
        old = {entry.name for entry in self.archive.entries}
        replaced = {
            name: content
            for name, content in self._changed.items()
            if name in old and content is not None and self._read.get(name) != content
        }
        removed = {name for name, content in self._changed.items() if content is None}
        added = {name: new for name, new in self._changed.items() if name not in old and new is not None}
        if not (replaced or removed or added) and self.comment == self.archive.comment:
            return self.archive.blob
        for name, content in (replaced | added).items():
            check_part(name, content)
        return self.archive.rebuild(replaced, removed, added, self.comment)

    def tree(self, name: str) -> Node:
        """The part as XML; parsed once as long as it stays the same."""
        data = self.read(name)
        known = self._trees.get(name)
        if known is None or known[0] is not data:
            self.archive.budget.limit(Of.NODES, count_elements(data))
            known = self._trees[name] = data, parse_tree(data)
        return known[1]

    def rels(self, part: str) -> list[Rel]:
        name = self.actual(rels_name(part))
        if name is None:
            return []
        root = self.tree(name)
        known = self._rels.get(name)
        if known is None or known[0] is not root:
            known = self._rels[name] = root, [self._rel(part, node.attrs) for node in root.all("Relationship")]
        return known[1]

    def related(self, part: str, kind: str) -> str:
        """The first part of a kind (`styles`) that `part` is related to; "" if there is none. It may be missing."""
        return next((rel.target for rel in self.rels(part) if rel.kind == kind and not rel.external), "")

    def _rel(self, part: str, attrs: Mapping[str, str]) -> Rel:
        external = attrs.get("TargetMode") == "External"
        target = attrs.get("Target", "")
        target = target if external else self._resolve(part, target)
        return Rel(attrs.get("Id", ""), attrs.get("Type", "").rpartition("/")[2], target, external)

    def _resolve(self, part: str, target: str) -> str:
        target = target.replace("\\", "/")
        path = target if target.startswith("/") else f"{part.rpartition('/')[0]}/{target}"
        steps: list[str] = []
        for step in path.split("/"):
            if step == "..":
                del steps[-1:]
            elif step not in ("", "."):
                steps.append(step)
        name = "/".join(steps)
        return self.actual(name) or self.actual(unquote(name)) or name

    def add_rel(self, part: str, kind: str, target: str, base: str) -> str:
        """Relate `part` to `target` (a part name); answers the new id."""
        name = rels_name(part)
        data = self.read(name) if self.actual(name) else _NO_RELS
        root = self.tree(name) if self.actual(name) else parse_tree(data)
        taken = {node.attrs.get("Id", "").lower() for node in root.children}
        number = next(n for n in range(1, len(taken) + 2) if f"rid{n}" not in taken)
        attrs = {"Id": f"rId{number}", "Type": f"{base}/{kind}", "Target": "/" + target}
        new = element(root.prefix + "Relationship", attrs)
        self.write(name, append_child(data, root, new.encode()))
        return attrs["Id"]

    def drop_rels(self, part: str, targets: Collection[str]) -> None:
        name = self.actual(rels_name(part))
        if name is None:
            return
        data = self.read(name)
        nodes = self.tree(name).all("Relationship")
        gone = [
            (node.start, node.end, b"")
            for node in nodes
            if node.attrs.get("TargetMode") != "External"
            and self._resolve(part, node.attrs.get("Target", "")) in targets
        ]
        if gone:
            data = splice(data, gone)
            if data == _NO_RELS:
                self.remove(name)
            else:
                self.write(name, data)

    def add_content_type(self, part: str, content_type: str) -> None:
        data = self.read(CONTENT_TYPES)
        root = self.tree(CONTENT_TYPES)
        attrs = {"PartName": "/" + part, "ContentType": content_type}
        self.write(CONTENT_TYPES, append_child(data, root, element(root.prefix + "Override", attrs).encode()))

    def drop_content_types(self, parts: Collection[str]) -> None:
        data = self.read(CONTENT_TYPES)
        wanted = {"/" + part.lower() for part in parts}
        gone = [
            (node.start, node.end, b"")
            for node in self.tree(CONTENT_TYPES).all("Override")
            if node.attrs.get("PartName", "").lower() in wanted
        ]
        self.write(CONTENT_TYPES, splice(data, gone))

    def detach(self, owner: str, part: str) -> None:
        """Remove a part together with what its owner and the package say about it."""
        self.drop_rels(owner, {part})
        self.drop_content_types({part})
        self.remove(part)

    def owners(self, part: str) -> list[str]:
        """The parts that have a relationship to this one; "" is the package itself."""
        files = [name for name in self.names() if name.endswith(".rels")]
        return [owner for owner in map(_owner, files) if any(_leads_to(rel, part) for rel in self.rels(owner))]

    def drop(self, part: str) -> dict[str, set[str]]:
        """Remove a part, every relationship to it and its content type, and what only it was related to.

        Answers, by owner, the IDs of the relationships that are gone: an element that names one of them is left to the
        caller.
        """
        gone: dict[str, set[str]] = {}
        for owner in self.owners(part):
            gone[owner] = {rel.id for rel in self.rels(owner) if _leads_to(rel, part)}
            self.drop_rels(owner, {part})
        below = [rel.target for rel in self.rels(part) if not rel.external]
        self.drop_content_types({part})
        self.remove(part)
        self.remove(rels_name(part))
        for each in below:
            if self.actual(each) and not self.owners(each):
                self.drop(each)
        return gone


def _owner(rels: str) -> str:
    folder, _, name = rels.rpartition("/")
    return f"{folder.removesuffix('_rels')}{name.removesuffix('.rels')}"


def _leads_to(rel: Rel, part: str) -> bool:
    return not rel.external and rel.target == part


def rels_name(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def owner_of(rels: str) -> str:
    """The part that a part of relationships speaks for; "" is the package itself."""
    folder, _, name = rels.rpartition("/")
    return f"{folder.removesuffix('_rels')}{name.removesuffix('.rels')}"


def main_part(parts: Parts) -> str:
    """The part that a package is about; its folder tells the kind of document."""
    try:
        return parts.related("", "officeDocument")
    except Damaged:
        raise
    except (ValueError, KeyError, IndexError, ExpatError) as error:
        raise Damaged("压缩包目录已损坏") from error
