"""How plausible each explanation of a wrong figure is: what costs less is named first, what costs the same is a tie.

Set by hand so that the culprit of seeded faults comes first (`python -m tests.bench.faults`). A name is the kind of the
cause, and behind a colon which of its varieties. 0 would leave no doubt, 1 to 2 are the usual slips of the pen.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

_TABLE = {
    # Rates: the digits of a quotient seldom come about by chance, least of all those of figures that stand near.
    "wrong_base: last year of the row above": ("0.5", "a part's change is often divided by the whole's last year"),
    "wrong_base: this year of the row above": (
        "0.55",
        "the same mistake with the whole's other column, which is rarer",
    ),
    "wrong_base: this year": ("0.6", "the change divided by its own row's other year"),
    "wrong_base: figure of the other tables": ("0.6", "one of the few figures that look like the right denominator"),
    "wrong_base: last year of another row": ("0.8", "any row fits now and then: it must fit to the digit"),
    "wrong_base: this year of another row": ("0.85", "the same, and of the wrong year"),
    "wrong_numerator: this year": ("0.6", "a level divided where the change should be"),
    "wrong_numerator: figure of the other tables": ("0.7", "the denominator is mistaken sooner than what was spent"),
    "wrong_numerator: change of another row": ("0.8", "any row fits now and then: it must fit to the digit"),
    "share_not_growth: this year": ("0.6", "a share of the whole in the column of growth"),
    "share_not_growth: last year": ("0.65", "the same of last year, which nobody asks for"),
    "swapped_years: change by this year": ("0.7", "both years exchanged turn the sign and the base"),
    "swapped_years: change by last year": ("0.9", "only the sign is turned, which a wrong sign explains as well"),
    "reversed_division": ("0.8", "dividing the wrong way round gives a rate that looks odd to whoever types it"),
    "reversed_division: figure of the other tables": ("0.9", "two mistakes in one"),
    "wrong_row": ("0.9", "a whole rate of another row, to the digit"),
    "operands: a row between": ("0.01", "of the rows above the nearest is meant first"),
    "operands: not to the digit": ("1", "the quotient only rounds to the rate, as many do"),
    # Slips of the pen
    "transposed_digits": ("1", "neighbouring digits exchanged: the commonest slip that keeps all digits"),
    "sign": ("1", "one sign too many or too few"),
    "unit": ("1", "yuan for ten thousand yuan, or the point one place off"),
    "unit: digits lost": ("2.5", "so few digits are left that many figures would fit"),
    "extra_digit: doubled": ("1.5", "a key that was struck twice"),
    "missing_digit": ("1.8", "some digit fits in some place for nearly every figure"),
    "wrong_digit": ("2", "another digit fits for nearly every figure too, and looks less like the right one"),
    "extra_digit": ("2.2", "a digit that no neighbour explains"),
    "pen: not to the digit": ("0.3", "a figure that only rounding allows is less plausible than one that fits"),
    # Figures of another cell
    "stale_year": ("1.1", "last year's figure was left standing in its own row"),
    "outdated": ("1.2", "a copy of a computed figure that did not follow it"),
    "copied: into last year": ("1.3", "this year's figure typed into the column of last year"),
    "copied: from another table's year": ("1.4", "a figure of income or spending taken for this one"),
    "copied: from the same column": ("1.5", "the line above or below was read"),
    "copied: from elsewhere": ("1.6", "two figures are equal by chance sooner than they are copied across the form"),
    "copied: within the row": ("1.9", "what was budgeted is often what was spent"),
    "copied: nothing fits instead": ("1", "that two figures are equal says little where no single figure is missing"),
    # Several cells at once
    "exchanged": ("0.5", "two wrong figures, each of which is right in the other's place"),
    "missing_row": ("0.8", "all columns short of their totals in one table"),
    # Nothing else
    "left_out": ("5", "a reason that was not written is likelier than a figure that nothing explains"),
    "unexplained": ("9", "any explanation is better than none"),
    # Taken off
    "settles most": ("0.2", "of explanations as plausible, the one after which the fewest errors remain"),
}
COSTS: Mapping[str, Decimal] = {name: Decimal(cost) for name, (cost, _) in _TABLE.items()}


def kind_of(name: str) -> str:
    """The kind of cause that a name of the table stands for."""
    return name.partition(":")[0]
