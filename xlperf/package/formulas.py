"""Moving a formula: what a member of a shared formula says, given what its master says."""

from __future__ import annotations

import re

from xlperf.package.address import MAX_COLUMN, MAX_ROW, column_letters, column_number

# Strings, quoted sheet names and structured references are skipped whole; so is every longer word (a name, a
# function like LOG10, a sheet like S1!), which leaves only true references to be moved.
_TOKEN = r"""
    "(?:[^"]|"")*" | '(?:[^']|'')*' | \[(?:[^\[\]]|\[[^\]]*\])*\]
    | (?<![\w.$])(?:
        (?P<cell>\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6})
      | (?P<cols>\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3})
      | (?P<rows>\$?[1-9][0-9]{0,6}:\$?[1-9][0-9]{0,6})
      )(?![\w.(!\[])
    | [^\W\d][\w.\\?]* | [0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?
    """
_PART = re.compile(r"(\$?)([A-Za-z]{1,3}|[0-9]+)")


def move(formula: str, rows: int, cols: int) -> str:
    """The formula as it reads that many rows down and columns to the right."""

    def shift(match: re.Match[str]) -> str:
        fixed, text = match.groups()
        if fixed:
            return match[0]
        if text.isdigit():
            return str((int(text) + rows - 1) % MAX_ROW + 1)
        return column_letters((column_number(text) + cols - 1) % MAX_COLUMN + 1)

    def token(match: re.Match[str]) -> str:
        if match.lastgroup is None:
            return match[0]
        try:
            return _PART.sub(shift, match[0])
        except ValueError:  # ZZZ1 is a name, not a cell
            return match[0]

    return re.compile(_TOKEN, re.VERBOSE).sub(token, formula)
