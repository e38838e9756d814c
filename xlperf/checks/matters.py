"""What one written explanation, or one correction, settles: the matter that several findings are about.

A rule says with `settles` that its findings are of a matter, or how far it speaks of one thing itself; `audit.items`
gathers them. What wants an explanation or a correction of its own, such as the points of each indicator, is of none.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple


class Across(Enum):
    """Which findings of a matter are one thing."""

    ROWS = auto()  # those that name the same rows, whatever the column: this year and last year
    SUMS = auto()  # those of a row and of the wholes and parts of it, at whatever depth
    SHEET = auto()
    FORM = auto()


class Matter(NamedTuple):
    """What findings are about, of one rule or of several, in the words of the form."""

    title: str
    across: Across


OVERSPENT = Matter("决算超过预算", Across.SUMS)
"""A whole spent more than its budget because its parts did; that is also why a cost indicator should not be full."""
CHANGED = Matter("没有写明比上年增减的原因", Across.SUMS)
"""The change of a whole is that of its parts; a reason that only repeats the change is none."""
PROJECT_SHARE = Matter("项目支出预算与全年预算数对不上", Across.FORM)
"""The annual budget less the basic expenditure is not the budget of the projects: also seen in that it equals spending
to the cent, while that of the projects does not."""
OPERATING_SCOPE = Matter("公用经费两处的口径不同", Across.ROWS)
"""What one table counts and the other does not is the same this year and last year."""
