"""The derived cells: one function each, from which the Python value, its interval and the native formula come."""

from __future__ import annotations

from xlperf.derive import rates, scores
from xlperf.derive.derivation import Derivation, members

DERIVATIONS: tuple[Derivation, ...] = (*members(rates, Derivation), *members(scores, Derivation))
