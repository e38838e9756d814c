"""What validators of Office files say of a file, without what is accepted.

openxml-audit is what the Open XML SDK knows of the format, in Python: schemas, references between parts, identities.
"""

from __future__ import annotations

import re
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import count
from pathlib import Path
from typing import NamedTuple
from weakref import WeakKeyDictionary

from openxml_audit import FileFormat, OpenXmlValidator
from openxml_audit.package import OpenXmlPackage
from openxml_audit.semantic.constraints import cross_part

from tests.package.fidelity import unsound

_ACCEPTED = Path(__file__).with_name("accepted.toml")
AUDIT = "openxml-audit"
_NOTHING = b"PK\x05\x06" + bytes(18)  # the smallest .zip: what a new file was made from


class Said(NamedTuple):
    """One kind of finding of a validator; parts of one kind are one, so that a sheet more is no new kind."""

    validator: str
    part: str
    text: str


class Accepted(NamedTuple):
    validator: str
    part: str
    says: str
    writer: str
    reason: str

    def covers(self, said: Said) -> bool:
        return (
            said.validator == self.validator
            and re.fullmatch(self.part, said.part) is not None
            and re.search(self.says, said.text) is not None
        )


@cache
def accepted() -> tuple[Accepted, ...]:
    entries = tomllib.loads(_ACCEPTED.read_text("utf-8"))["accepted"]
    return tuple(Accepted(**entry) for entry in entries)


def plain(validator: str, part: str, text: str) -> Said:
    return Said(validator, re.sub(r"\d+", "#", part), re.sub(r"\d+", "#", text))


_numbers: WeakKeyDictionary[OpenXmlPackage, int] = WeakKeyDictionary()
_next = count()


def _number(package: OpenXmlPackage) -> int:
    return _numbers.setdefault(package, next(_next))


# openxml-audit 0.8 keeps what other parts hold by the id() of a package, which the next one may have again.
setattr(cross_part, "id", _number)  # noqa: B010


@cache
def _validator() -> OpenXmlValidator:
    return OpenXmlValidator(file_format=FileFormat.MICROSOFT_365, max_errors=0)


@cache
def audited(blob: bytes, suffix: str = ".xlsx") -> Counter[Said]:
    """Everything openxml-audit says of a file, warnings too; the same file is looked at once."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{suffix}"
        path.write_bytes(blob)
        return Counter(plain(AUDIT, each.part_uri, each.description) for each in _validator().validate(path).errors)


def new_faults(before: bytes | None, after: bytes, suffix: str = ".xlsx") -> list[str]:
    """What is said of a file, was not said of the one it was made from, and is not accepted."""
    said = audited(after, suffix)
    if before and unaccepted(said):  # else it does not matter what was said of the other
        said = said - audited(before, suffix)  # a new one: what is kept of a file must stay
    return [f"{each.part}: {each.text}" for each in unaccepted(said)] + unsound(before or _NOTHING, after)


def unaccepted(said: Iterable[Said]) -> list[Said]:
    return [each for each in said if not any(entry.covers(each) for entry in accepted())]
