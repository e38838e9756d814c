"""Findings that have one reason, the cells that may be it, and how that is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from xlperf.audit.costs import COSTS
from xlperf.audit.domains import Domain, Identity
from xlperf.audit.slips import MOST
from xlperf.checks.rule import Cause
from xlperf.form.record import Stated

_SHOWN = 3


class Suspect(NamedTuple):
    """A smallest set of cells that, once corrected, settles a group.

    `values`: what would stand there, written as the form writes it; "" where no single figure follows, and for a target
    or a result, which are evidence and not for us to choose. `slips`: for each cell how its figure may have come about,
    the most plausible first; `joint`: what explains all the cells together. `cost`: the less, the more plausible.
    `domains`: where the figures may lie.
    """

    keys: tuple[str, ...]
    cells: tuple[str, ...]
    values: tuple[str, ...]
    slips: tuple[tuple[Cause, ...], ...]
    cost: Decimal
    domains: tuple[Domain, ...]
    joint: Cause | None = None

    @property
    def causes(self) -> tuple[Cause, ...]:
        """At most three, of whichever cell."""
        if self.joint is not None:
            return (self.joint,)
        return tuple(cause for causes in self.slips for cause in causes)[:MOST]

    def causes_of(self, key: str) -> tuple[Cause, ...]:
        """What is said of one of its cells alone."""
        return self.slips[self.keys.index(key)] if key in self.keys else ()

    @property
    def cause(self) -> Cause | None:
        return self.causes[0] if self.causes else None

    def unexplained(self) -> Suspect:
        """The same cells, for which no slip is convincing."""
        count = len(self.keys)
        cost = COSTS["unexplained"] * count
        return self._replace(values=("",) * count, slips=((),) * count, joint=None, cost=cost)


class Group(NamedTuple):
    """Identities that fail for one reason, and who may be the reason, the most plausible first."""

    number: int
    suspects: tuple[Suspect, ...]
    failing: tuple[Identity, ...]

    @property
    def tied(self) -> int:
        """How many suspects are as plausible as the first."""
        return sum(each.cost == self.suspects[0].cost for each in self.suspects)

    @property
    def leading(self) -> tuple[Suspect, ...]:
        """The first suspect and those that are as plausible."""
        return self.suspects[: self.tied]

    @property
    def culprit(self) -> Suspect | None:
        """The one suspect that stands out; None while others are as plausible."""
        return self.suspects[0] if self.tied == 1 else None

    def reported(self) -> Iterator[tuple[str, str]]:
        """Rule and cell of each finding that is the failure of one of these identities."""
        for each in self.failing:
            for rule in each.rules:
                for key in (*each.keys, *each.said_of):
                    yield rule.code, key

    def unexplained(self) -> Group:
        """The same suspects, of which nobody can say more."""
        return self._replace(suspects=tuple(each.unexplained() for each in self.suspects))


def told(group: Group, cells: Mapping[str, Stated]) -> str:
    """A group in a sentence or two: the cell to blame, what it should say and why; the others that are as plausible."""
    if group.culprit is not None:
        return _told(group.culprit, cells)
    tied = group.leading
    if rests_on_evidence(group, cells):
        return f"请与原始资料核对：{'、'.join(stated(cells[key]) for each in tied[:_SHOWN] for key in each.keys)}。"
    if not any(each.causes or any(each.values) for each in tied) and len(tied[0].keys) > 1:
        return f"要改 {len(tied[0].keys)} 处才能全部相符，改法不止一种，请逐一核对。"
    shown = "；".join(_told(each, cells).rstrip("。") for each in tied[:_SHOWN])
    more = f"；等 {group.tied} 种可能" if group.tied > _SHOWN else ""
    ways = "一处" if all(len(each.keys) == 1 for each in tied) else "一种"
    return f"只改以下{ways}就能全部相符，请逐一核对：{shown}{more}。"


def _told(suspect: Suspect, cells: Mapping[str, Stated]) -> str:
    parts = [
        stated(cells[key]) + (f"，应为 {value}" if value else "") + "".join(f"：{cause.text}" for cause in causes[:1])
        for key, value, causes in zip(suspect.keys, suspect.values, suspect.slips, strict=True)
    ]
    ending = f"：{suspect.joint.text}" if suspect.joint else "。"
    return "，并且".join(part.rstrip("。") for part in parts) + ending


def stated(cell: Stated) -> str:
    """人员经费（本年数）填 452.85."""
    return f"{cell.label}填 {cell.shown or '（空白）'}"


def rests_on_evidence(group: Group, cells: Mapping[str, Stated]) -> bool:
    """Could only a target or a result be wrong, which are what they are, whatever points were given for them?"""
    suspected = (cells[key] for each in group.leading for key in each.keys)
    return all(cell.field.is_text and not cell.is_blank for cell in suspected)
