"""In which line a file says what: for every value of every TOML that we have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from xlperf.errors import At
from xlperf.form.written import parse_toml, read_toml, templates_folder

ROOT = Path(__file__).parents[2]
FILES = sorted([*templates_folder().glob("*.toml"), *ROOT.glob("xlperf/**/*.toml"), *ROOT.glob("tests/data/*.toml")])


def texts(value: Any, at: At = ()) -> Iterator[tuple[At, str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from texts(each, (*at, key))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_line_of_every_text(path: Path) -> None:
    written = read_toml(path)
    lines = written.text.splitlines()
    found = list(texts(written.data))
    assert found
    for at, text in found[:: max(1, len(found) // 60)]:
        first = text.split("\n")[0]
        line = lines[written.line(at) - 1]
        assert first in line or line.endswith('"""'), (at, line)


TEXT = """\
a = 1 # [no] = { section }
list = [ # 一
    '[', # [x]
    "]\\"",
    # 三
    { x = [1, 2], y = "}" },
]
[ s . "t" ]
"key = #" = '''
b = [''' # still
d.e = []
[[many]]
x = 1
[many.sub]
y = 2
[other]

[[many]]
x = 2
"""


@pytest.mark.parametrize(
    ("at", "line"),
    [
        (("a",), 1),
        (("absent",), 1),
        (("list", 1), 4),
        (("list", 2, "x"), 6),
        (("list", 2, "x", 1), 6),
        (("list", 2, "y"), 6),
        (("list", 5), 2),
        (("s",), 8),
        (("s", "t", "key = #"), 9),
        (("s", "t", "absent"), 8),
        (("s", "t", "d", "e"), 11),
        (("many",), 12),
        (("many", 0, "x"), 13),
        (("many", 0, "sub", "y"), 15),
        (("many", 1, "x"), 19),
        (("many", 1, "absent"), 18),
    ],
)
def test_lines(at: At, line: int) -> None:
    assert parse_toml(TEXT, "x.toml").line(at) == line
