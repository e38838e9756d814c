"""What the sections of words in a form's TOML may say, as the shapes of form/shapes.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlperf.prose import project_parts
from xlperf.prose.claims import LISTS
from xlperf.prose.indicator_words import IndicatorWords
from xlperf.prose.kinds import IndicatorKinds
from xlperf.prose.other_units import OtherUnits
from xlperf.prose.sayings import GROUPS
from xlperf.prose.target_words import LISTS as TARGETS
from xlperf.prose.text_words import SHAPE

PATTERN = {"kinds!": str, "example!": str, "says!": [str]}
SAYING = {"pattern!": str, "example!": str, "says!": [str]}
_STAFF = ("quota", "kind", "service", "actual", "uncounted", "foreign", "part", "filler", "elsewhere")
OF_WORDS: Mapping[str, Any] = {
    "reasons": {"none": [str], "words": [str], "shortest": int, "plain": int},
    "indicator_words": {name: [str] for name in IndicatorWords._fields},
    "indicator_kinds": {
        **{name: [str] for name in IndicatorKinds._fields},
        "levels": {str: [str]},
        "kinds": {str: [str]},
        "hollow_least": str,
    },
    "claims": {name: [str] for name in LISTS},
    "target_words": {name: [str] for name in TARGETS},
    "spelling": {"typos": {str: [str]}, "doubled": {str: [str]}},
    "numbering": {"styles": [str], "others": [str]},
    "text_words": SHAPE,
    "project_parts": {name: [str] for name in project_parts.LISTS},
    "other_units": {name: [str] for name in OtherUnits._fields},
    "staff": {**{name: [str] for name in _STAFF}, "patterns": {str: PATTERN}},
}
SAYINGS: Mapping[str, Any] = {
    group: {**{name: [str] for name in lists}, "patterns": {str: SAYING}} for group, lists in GROUPS.items()
}
