"""The sections of words in a form's TOML, each as its reader understands it: a rule asks for one by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from xlperf.prose.claims import Claims, parse_claims
from xlperf.prose.indicator_words import IndicatorWords, parse_indicator_words
from xlperf.prose.kinds import IndicatorKinds, parse_indicator_kinds
from xlperf.prose.numbering import Numbering, parse_numbering
from xlperf.prose.other_units import OtherUnits, parse_other_units
from xlperf.prose.project_parts import ProjectParts, parse_project_parts
from xlperf.prose.reasons import Reasons, parse_reasons
from xlperf.prose.spelling import Spelling, parse_spelling
from xlperf.prose.staff import StaffWords, parse_staff
from xlperf.prose.target_words import TargetWords, parse_target_words
from xlperf.prose.text_words import TextWords, parse_text


class Words(NamedTuple):
    """By the name of the section; what a form does not say of a kind, its rules do not find."""

    reasons: Reasons
    indicator_words: IndicatorWords
    indicator_kinds: IndicatorKinds
    claims: Claims
    target_words: TargetWords
    spelling: Spelling
    numbering: Numbering
    text_words: TextWords
    project_parts: ProjectParts
    other_units: OtherUnits
    staff: StaffWords


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "reasons": parse_reasons,
    "indicator_words": parse_indicator_words,
    "indicator_kinds": parse_indicator_kinds,
    "claims": parse_claims,
    "target_words": parse_target_words,
    "spelling": parse_spelling,
    "numbering": parse_numbering,
    "text_words": parse_text,
    "project_parts": parse_project_parts,
    "other_units": parse_other_units,
    "staff": parse_staff,
}


def parse_words(form: Mapping[str, Any]) -> Words:
    """The sections of a form that are there."""
    return Words(**{name: read(form.get(name, {})) for name, read in _READERS.items()})
