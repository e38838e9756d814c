"""Is a reason written? A mark such as 无 or —— fills the cell and gives none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Reasons(NamedTuple):
    """What a template says of reasons, as data."""

    none: frozenset[str]  # whole texts that give no reason, without blanks and signs
    words: tuple[str, ...]  # one of these makes even a very short text a reason
    shortest: int  # characters of a reason that has none of the words
    plain: int = 0  # the same of one that says plainly why

    def given(self, text: str) -> bool:
        """Is there anything that could be a reason? Signs alone (——, ., /) are none."""
        said = bare(text)
        return bool(said) and said not in self.none

    def says_little(self, text: str) -> bool:
        """A reason, but too short to tell anything: 3 characters, and none of the words that reasons begin with."""
        return self.given(text) and len(bare(text)) < self.shortest and not any(word in text for word in self.words)

    def is_vague(self, text: str) -> bool:
        """A reason, not so short that it tells nothing, and yet too short to say why without any of those words."""
        is_short = self.shortest <= len(bare(text)) < self.plain
        return self.given(text) and is_short and not any(word in text for word in self.words)


def parse_reasons(spec: Mapping[str, Any]) -> Reasons:
    """The section `[reasons]` of a template; without it only signs are no reason."""
    none, words = frozenset(map(bare, spec.get("none", ()))), tuple(spec.get("words", ()))
    return Reasons(none, words, spec.get("shortest", 0), spec.get("plain", 0))


def bare(text: str) -> str:
    """The letters and digits of a text: signs and blanks say nothing."""
    return "".join(letter for letter in text if letter.isalnum()).upper()
