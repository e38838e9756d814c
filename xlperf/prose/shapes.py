"""What the sections of words in a form's TOML may say, as the shapes of form/shapes.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlperf.prose import project_parts
from xlperf.prose.claims import LISTS
from xlperf.prose.indicator_words import IndicatorWords
from xlperf.prose.other_units import OtherUnits

PATTERN = {"kinds!": str, "example!": str, "says!": [str]}
_STAFF = ("quota", "kind", "service", "actual", "uncounted", "foreign", "part", "filler")
OF_WORDS: Mapping[str, Any] = {
    "reasons": {"none": [str], "words": [str], "shortest": int, "plain": int},
    "indicator_words": {name: [str] for name in IndicatorWords._fields},
    "claims": {name: [str] for name in LISTS},
    "project_parts": {name: [str] for name in project_parts.LISTS},
    "other_units": {name: [str] for name in OtherUnits._fields},
    "staff": {**{name: [str] for name in _STAFF}, "patterns": {str: PATTERN}},
}
