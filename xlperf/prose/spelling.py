"""Words that are certainly misspelt, and characters that were typed twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from xlperf.text import expression

_NOTHING = r"(?!)"
_TITLE = expression(r"《[^《》]{0,200}》")
_SENTENCE_ENDS = "。；;！!？?\n"


class Misspelt(NamedTuple):
    """A word as it stands in a text, and what it should be; "" of what should stand there once."""

    word: str
    right: str


class Spelling(NamedTuple):
    """The section `[spelling]` of a template; a form without it has none of them."""

    typos: Mapping[str, tuple[str, ...]]  # by the typo: what is right, then the phrases in which it is no typo
    doubled: Mapping[str, tuple[str, ...]]  # by what stands twice: the phrases in which it may
    pattern: re.Pattern[str]

    def mistakes(self, text: str) -> tuple[tuple[Misspelt, ...], tuple[str, ...]]:
        """Typos, and what was typed twice, each once, in the order of the text; titles in 《》 are left alone."""
        if not self.pattern.search(text):
            return (), ()
        bare = _TITLE.sub(lambda title: "\0" * len(title[0]), text)
        typos: dict[Misspelt, None] = {}
        doubled: dict[str, None] = {}
        for match in self.pattern.finditer(bare):
            word = match[0]
            if word in self.typos:
                right, *unless = self.typos[word]
                if not any(_is_in(phrase, word, bare, match.start()) for phrase in unless):
                    typos[Misspelt(word, right)] = None
            elif not any(_is_in(phrase, word, bare, match.start()) for phrase in self.doubled[word]):
                doubled[word] = None
        return tuple(typos), tuple(doubled)


def _is_in(phrase: str, word: str, text: str, at: int) -> bool:
    """Does the word at this place belong to the phrase? What stands behind … comes later in the sentence."""
    head, *later = phrase.split("…")
    start = at - head.find(word)
    if start < 0 or not text.startswith(head, start):
        return False
    at = start + len(head)
    rest = text[at : min(_ends(text, at), default=len(text))]
    place = 0
    for part in later:
        place = rest.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return True


def _ends(text: str, at: int) -> Iterator[int]:
    return (place for end in _SENTENCE_ENDS if (place := text.find(end, at)) >= 0)


def parse_spelling(spec: Mapping[str, Any]) -> Spelling:
    typos, doubled = ({word: tuple(rest) for word, rest in spec.get(name, {}).items()} for name in ("typos", "doubled"))
    words = "|".join(re.escape(word) for word in sorted((*typos, *doubled), key=len, reverse=True))
    return Spelling(typos, doubled, expression(words or _NOTHING))
