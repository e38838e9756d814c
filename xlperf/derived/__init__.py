"""The derived cells: one function each, from which the Python value, its interval and the native formula come."""

from __future__ import annotations

from xlperf.catalog import Derivation, members
from xlperf.derived import rates, scores

DERIVATIONS: tuple[Derivation, ...] = (*members(rates, Derivation), *members(scores, Derivation))
