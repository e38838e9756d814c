"""Dates as spreadsheets keep them: days counted from the end of 1899 or, in workbooks of the 1904 system, from 1904."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

_FIRST_CERTAIN = 60  # before the 1st of March 1900 spreadsheets count a 29th of February that never was


def day_of(serial: Decimal, since_1904: bool) -> date | None:
    """The day that a stored number stands for; None where there is no such day."""
    first = date(1904, 1, 1) if since_1904 else date(1899, 12, 30 if serial >= _FIRST_CERTAIN else 31)
    if serial < 0:
        return None
    try:
        return first + timedelta(days=int(serial))
    except OverflowError:
        return None


def in_chinese(day: date) -> str:
    """2024年7月30日."""
    return f"{day.year}年{day.month}月{day.day}日"
