"""A second review of the same folder: what was handed in again, what is settled, what is new."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from xlperf.review.store import Store

NEW_UNIT, AGAIN, UNCHANGED, GONE = "新报送", "重新报送", "未变", "这次没有"
NEW, STILL = "新出现", "仍在"
_OPEN = "('to_correct', 'to_explain', 'changed')"


class Since(NamedTuple):
    """A unit since the review before: what became of its files, and how many findings are settled, left and new."""

    unit: str
    year: int | None
    state: str
    settled: int
    still: int
    new: int
    before: str  # how it stood then
    now: str


class Settled(NamedTuple):
    """A finding of the review before that is gone or explained."""

    unit: str
    year: int | None
    code: str
    title: str
    label: str
    message: str
    how: str


def pair_units(store: Store) -> None:
    """Fill `temp.pair` with the units of both reviews, by name and year where that tells them, else by files too."""
    for statement in (
        "DROP TABLE IF EXISTS temp.named",
        """CREATE TEMP TABLE named AS SELECT unit.id AS id, 0 AS side,
           unit.key || '|' || coalesce(unit.year, '') || '|' || unit.kind AS name,
           unit.folder || '|' || unit.files AS place FROM unit WHERE id IN (SELECT id FROM temp.now)
           UNION ALL SELECT unit.id, 1, unit.key || '|' || coalesce(unit.year, '') || '|' || unit.kind,
           unit.folder || '|' || unit.files FROM unit WHERE id IN (SELECT id FROM temp.before)""",
        "CREATE INDEX temp.named_name ON named(name, side)",
        "DROP TABLE IF EXISTS temp.plain",
        """CREATE TEMP TABLE plain AS SELECT name FROM temp.named WHERE name NOT LIKE '|%' GROUP BY name
           HAVING sum(side = 0) <= 1 AND sum(side = 1) <= 1""",
        "CREATE INDEX temp.plain_name ON plain(name)",
        "DROP TABLE IF EXISTS temp.pair",
        """CREATE TEMP TABLE pair AS SELECT max(CASE side WHEN 0 THEN id END) AS now,
           max(CASE side WHEN 1 THEN id END) AS before FROM (SELECT id, side, CASE WHEN name IN
           (SELECT name FROM temp.plain) THEN name ELSE name || '|' || place END AS called FROM temp.named)
           GROUP BY called""",
        "CREATE INDEX temp.pair_now ON pair(now)",
    ):
        store.db.execute(statement)


def since(store: Store) -> Iterator[Since]:
    """Each unit of either review; after `pair_units`."""
    query = f"""SELECT coalesce(one.unit, other.unit), coalesce(one.year, other.year),
        CASE WHEN other.id IS NULL THEN '{NEW_UNIT}' WHEN one.id IS NULL THEN '{GONE}'
             WHEN one.digest = other.digest THEN '{UNCHANGED}' ELSE '{AGAIN}' END,
        (SELECT count(*) FROM finding old WHERE old.unit = other.id AND old.standing IN {_OPEN} AND one.id IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM finding new WHERE new.unit = one.id AND new.identity = old.identity
                           AND new.standing IN {_OPEN})),
        (SELECT count(*) FROM finding new WHERE new.unit = one.id AND new.standing IN {_OPEN} AND EXISTS
           (SELECT 1 FROM finding old WHERE old.unit = other.id AND old.identity = new.identity)),
        (SELECT count(*) FROM finding new WHERE new.unit = one.id AND new.standing IN {_OPEN} AND other.id IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM finding old WHERE old.unit = other.id AND old.identity = new.identity)),
        coalesce(other.status, ''), coalesce(one.status, '')
        FROM temp.pair LEFT JOIN unit one ON one.id = pair.now LEFT JOIN unit other ON other.id = pair.before
        ORDER BY coalesce(one.folder, other.folder), 1, 2, coalesce(one.files, other.files)"""
    yield from (Since(*row) for row in store.rows(query))


def states(store: Store) -> dict[int, str]:
    """By the number of a unit, what became of it since the review before; after `pair_units`."""
    query = f"""SELECT pair.now, CASE WHEN other.id IS NULL THEN '{NEW_UNIT}'
        WHEN one.digest = other.digest THEN '{UNCHANGED}' ELSE '{AGAIN}' END
        FROM temp.pair JOIN unit one ON one.id = pair.now LEFT JOIN unit other ON other.id = pair.before"""
    return dict(store.rows(query))


def settled(store: Store) -> Iterator[Settled]:
    """The findings that are settled since; after `pair_units`."""
    query = f"""SELECT other.unit, other.year, old.code, old.title, old.label, old.message,
        CASE WHEN EXISTS (SELECT 1 FROM finding new WHERE new.unit = one.id AND new.identity = old.identity)
             THEN '已写明原因' ELSE '已改正' END
        FROM temp.pair JOIN unit one ON one.id = pair.now JOIN unit other ON other.id = pair.before
        JOIN finding old ON old.unit = other.id WHERE old.standing IN {_OPEN} AND NOT EXISTS
        (SELECT 1 FROM finding new WHERE new.unit = one.id AND new.identity = old.identity AND new.standing IN {_OPEN})
        ORDER BY other.folder, other.unit, other.year, old.id"""
    yield from (Settled(*row) for row in store.rows(query))
