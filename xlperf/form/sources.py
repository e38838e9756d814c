"""Where a rule or a dated figure comes from. A citation that is not in `sources.toml` is refused at import."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from xlperf.errors import UnknownNameError


class Evidence(StrEnum):
    """How sure we are that the source says it."""

    PUBLISHED = "published"
    SYSTEM = "system"
    SECONDARY = "secondary"
    UNCONFIRMED = "unconfirmed"

    @property
    def text(self) -> str:
        return _EVIDENCE_TEXT[self]


_EVIDENCE_TEXT = {
    Evidence.PUBLISHED: "见于已公开的文件或报表",
    Evidence.SYSTEM: "见于政府信息系统公布的规则",
    Evidence.SECONDARY: "见于他人引述，未见原文",
    Evidence.UNCONFIRMED: "业内通行做法，尚未核到正式条文",
}


OF_THE_FORM = "form"  # the source of a rule that follows from the form itself


class Source(NamedTuple):
    """A document, or one clause of it."""

    id: str
    title: str
    number: str
    clause: str
    evidence: Evidence

    @property
    def name(self) -> str:
        """The document alone: 项目支出绩效评价管理办法（财预〔2020〕10号）."""
        return f"{self.title}（{self.number}）" if self.number else self.title

    @property
    def reference(self) -> str:
        """The document and the clause."""
        return f"{self.name}，{self.clause}" if self.clause else self.name

    @property
    def text(self) -> str:
        """The document, the clause and how sure we are of it."""
        return f"{self.reference}［{self.evidence.text}］"


@cache
def sources() -> MappingProxyType[str, Source]:
    """Every known source by id."""
    table = tomllib.loads(Path(__file__).with_name("sources.toml").read_text("utf-8"))
    return MappingProxyType(
        {
            key: Source(key, row["title"], row.get("number", ""), row.get("clause", ""), Evidence(row["evidence"]))
            for key, row in table.items()
        }
    )


def cite(source_id: str) -> Source:
    """The source with this id; raises `UnknownNameError` if there is none."""
    try:
        return sources()[source_id]
    except KeyError:
        raise UnknownNameError(f"引用了未登记的依据：{source_id}（见 xlperf/form/sources.toml）") from None
