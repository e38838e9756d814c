"""What an accountant is shown, and the words that have no place there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from xlperf.form.forms import form_ids, load_template


@cache
def _forbidden() -> re.Pattern[str]:
    keys = {key for name in form_ids() for key in (*load_template(name).fields, *load_template(name).tables)}
    return re.compile(
        r"xlperf [a-z]+|命令行|(?<![-\w])-(?:-[a-z]|[a-z] )|XLP\d{3}|\bxp_|\b(?:Python|JSON|TOML|pip|traceback)\b"
        rf"|\b(?:{'|'.join(sorted(key for key in keys if '_' in key))})\b|\w\[\d+\]\.\w",
        re.ASCII | re.IGNORECASE,
    )


def out_of_place(text: str) -> list[str]:
    """Commands, options, codes of rules, keys and names of ours, and what programs are written in."""
    return _forbidden().findall(text)


def complaints(texts: Iterator[tuple[str, str]]) -> list[str]:
    """Of texts with where they are shown, those that have such words."""
    return [f"{where}: {text[:80]!r} has {found}" for where, text in texts if (found := out_of_place(text))]
