"""What is cut out of each text of a workbook's parts: by what the text is, not only by what it says."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from urllib.parse import quote, unquote

from xlperf.package.parts import Parts
from xlperf.package.texts import Cuts, Find, Where
from xlperf.report.comments import OURS
from xlperf.report.identifiers import with_renamed
from xlperf.report.names import Names
from xlperf.report.redact import Cut, applied, cuts
from xlperf.report.sections import words

PARAGRAPHS = ("si", "is", "p", "text")
BOXES = ("textbox",)

# Elements and attributes that hold who did something: withheld, whoever it is.
_PERSONS = {
    ("author", ""), ("creator", ""), ("lastModifiedBy", ""), ("Manager", ""), ("HyperlinkBase", ""),
    ("fileSharing", "userName"), ("pivotCacheDefinition", "refreshedBy"), ("scenario", "user"),
    ("userInfo", "name"), ("absPath", "url"), ("webPublishItem", "author"),
}  # fmt: skip
_AUTHORS = ("author", "creator", "lastModifiedBy", "Manager")
_HEADERS = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
# Attributes that people write or read; any other is only looked at if it is not plain ASCII or has an @.
_WORDS = {
    "name", "descr", "title", "tooltip", "display", "prompt", "promptTitle", "error", "errorTitle", "caption", "alt",
    "comment", "description", "help", "statusBar", "location", "url", "href", "string", "sourceName", "uniqueName",
    "value", "connection", "command", "Target",
}  # fmt: skip
_FIGURE = re.compile(r"[+-]?[0-9]*\.?[0-9]*(?:[eE][+-]?[0-9]+)?")
# The folders of somebody's computer: C:\Users\…\, file:///…/, \\server\…\, /home/…/
_FOLDERS = re.compile(
    r"""(?<![\w./:-])(?:file:/{0,5}(?:[A-Za-z]:)?[\\/]?|[A-Za-z]:[\\/]|\\\\|/(?:home|Users|mnt|media)/)[^"'<>|*?\n\[\]]{0,300}[\\/]"""
)
_SCHEMES = re.compile("(?:mailto|tel|sms|callto|sip|weixin|skype):", re.IGNORECASE)


def authors_of(parts: Parts) -> frozenset[str]:
    """Who made or changed the file, or wrote notes in it; not our own marks."""
    found: set[str] = set()
    for name in parts.names():
        if "comments" in name.lower() and name.endswith(".xml"):
            for group in parts.tree(name).all("authors"):
                found |= {node.text.strip() for node in group.all("author")}
        elif name.lower().endswith(("core.xml", ".psmdcp", "app.xml")):
            found |= {node.text.strip() for node in parts.tree(name).children if node.name in _AUTHORS}
    return frozenset(each for each in found if each and each not in OURS and not each.startswith("tc="))


class Masker:
    """Says of each text what is to be cut out, and counts in how many something was."""

    def __init__(
        self, names: Names, kept: Collection[str], renamed: Mapping[str, str], authors: Collection[str]
    ) -> None:
        self.names, self.kept, self.renamed = names, kept, renamed
        self.authors = tuple(authors)
        self.count = 0

    def finder(self, *, is_sheet: bool) -> Find:
        """For the texts of one part."""
        items: set[str] = set()

        def find(where: Where, text: str) -> Cuts:
            if where.element == "v" and not where.attribute and _is_figure(where, text, is_sheet):
                return ()
            if (new := _withheld(where, text)) is None and where.element == "Relationship":
                new = self.target(where, text)
            if new is None:
                before = _FOLDERS.sub("", text) if where.attribute else text
                before = with_renamed(where, before, self.renamed)
                found = self.cuts(where, before)
                if where.element == "s" and where.attribute == "v":
                    new = _apart(applied(before, found), items)
                elif before == text:
                    self.count += bool(found)
                    return found
                else:
                    new = applied(before, found)
            self.count += new != text
            return () if new == text else (Cut(0, len(text), new),)

        return find

    def target(self, where: Where, text: str) -> str:
        """A hyperlink or the path of a linked file: masked as it reads without %E5%BC%A0, and without its folders."""
        whole = unquote(text)
        read = _FOLDERS.sub("", whole)
        found = self.cuts(where, read)
        return text if read == whole and not found else quote(applied(read, found), safe="/:?#[]@!$&'()*+,;=%~")

    def cuts(self, where: Where, text: str) -> list[Cut]:
        if text in self.kept:
            return []
        if where.attribute and where.attribute not in _WORDS and text.isascii() and "@" not in text:
            return []
        found = cuts(text, self.names, header=where.element in _HEADERS)
        if where.element == "text":  # Excel begins a note with its author
            author = next((each for each in self.authors if text.startswith((f"{each}:", f"{each}："))), None)
            if author is not None:
                found = [
                    Cut(0, len(author), words()["redact"]["withheld"]),
                    *(e for e in found if e.start >= len(author)),
                ]
        return found


def _is_figure(where: Where, text: str, is_sheet: bool) -> bool:
    """The number of a cell or of a shared string; that of a point of a chart."""
    return where.outer_attrs.get("t") != "str" if is_sheet else _FIGURE.fullmatch(text.strip()) is not None


def _withheld(where: Where, text: str) -> str | None:
    """What stands instead of a text that tells a person by what it is; None of any other."""
    if where.element == "Relationship":
        if where.attribute != "Target" or where.attrs.get("TargetMode") != "External":
            return text
        scheme = _SCHEMES.match(text)
        return scheme[0] if scheme else None
    if (where.element, where.attribute) not in _PERSONS or text in OURS:
        return None
    return str(words()["redact"]["withheld"]) if where.element == "author" else ""


def _apart(text: str, taken: set[str]) -> str:
    """No two items of a pivot table's list may be alike."""
    number, new = 1, text
    while new in taken:
        number += 1
        new = f"{text}{number}"
    taken.add(new)
    return new
