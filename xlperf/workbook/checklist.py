"""The sheet 核对清单: every rule and every sentence with figures, and whether it was compared; on request only."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xlperf.audit.ledger import Ledger
from xlperf.form.record import brief
from xlperf.workbook.listing import PLACE, Column, Line, Listing, ListingBook, NamedBook, clear_list, renew_list

_COLUMNS = (
    Column("序号", 6),
    Column(PLACE, 18),
    Column("核对什么", 50),
    Column("结果", 40),
    Column("规则", 10),
)
CHECKLIST = Listing("核对清单", _COLUMNS, printed=4, former=(("序号", "规则", "核对什么", PLACE, "结果"),))
_MOST_CELLS = 6


def write_checklist(book: NamedBook, ledger: Ledger) -> None:
    """The whole ledger, on a sheet of its own. Raises `WorkbookError` where somebody else's bears its name."""
    found = list(_rows(ledger))
    rows: list[Line] = [[Decimal(number), *row] for number, (row, _) in enumerate(found, 1)]
    renew_list(book, CHECKLIST, [*rows, ["", "", ledger.line]], [at for _, at in found])


def clear_checklist(book: ListingBook) -> None:
    """Take the sheet away, if there is one of ours: once the form is audited anew it is no longer true."""
    clear_list(book, CHECKLIST)


def _rows(ledger: Ledger) -> Iterator[tuple[Line, str]]:
    """Each row without its number, and the address that it leads to."""
    for rule in ledger.rules:
        yield ("", rule.title, rule.told(_MOST_CELLS), rule.code), ""
    for each in ledger.sentences:
        reason = f"（{each.reason}）" if each.reason else ""
        at = each.place if "!" in each.place else ""
        yield (each.place, brief(each.quote), f"{each.told}{reason}", ""), at
