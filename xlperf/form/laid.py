"""The TOML of a form as a whole: its own file laid over that of the form which it `extends`.

A section is laid over the other's key by key, at every depth; a value or a list takes the place of the other's. Of
[[sums]], [[included]] and [[sheets]] one with the same total, whole or title takes the other's place; the rest, and
all [[agreements]], come after the other's. `without` names what falls away first, as fields.phone,
series.finance.rows.income_service, sheets.收支情况 or agreements.XLP404; what the other form says elsewhere of a cell
that fell away goes with it, but for the sheets that show it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from xlperf.errors import At, TemplateError
from xlperf.form.written import Written, read_toml

CALLED_BY = {"sums": "total", "included": "whole", "agreements": "rule", "sheets": "title"}
_OF_ITS_FILE = ("extends", "without")
Origin = tuple[Written, int]  # the file of an entry of a list, and its place there


class Laid(NamedTuple):
    """What a form says, and who says it."""

    data: Mapping[str, Any]
    files: tuple[Written, ...]  # its own first, then that of the form it extends, and so on
    origins: Mapping[str, list[Origin]]  # by section that is a list, of each entry

    def refusal(self, at: At, reason: str) -> str:
        """What is wrong at a place of the data, with file, line and key."""
        entries = self.origins.get(str(at[0]), []) if at else []
        if len(at) > 1 and isinstance(at[1], int) and at[1] < len(entries):
            file, place = entries[at[1]]
            return file.refusal((at[0], place, *at[2:]), reason)
        return max(self.files, key=lambda file: _depth(file.data, at)).refusal(at, reason)


FileOf = Callable[[str], Path | None]  # the file of a form by its ID


def laid(own: Written, folder: Path, file_of: FileOf, above: tuple[Path, ...] = ()) -> Laid:
    """A form's file over those that it extends; paths in it are relative to `folder`.

    Raises `TemplateError` where it extends or does without something that is not there.
    """
    alone = Laid(own.data, (own,), _origins(own))
    if "extends" not in own.data:
        return alone
    path = _extended(own, folder, file_of)
    if path is None or path in above:
        reason = "没有这种表（写表的编号，或 .toml 文件的路径）" if path is None else "几种表互相依据，没有一种自成一体"
        raise TemplateError(alone.refusal(("extends",), reason))
    if "id" not in own.data:
        raise TemplateError(alone.refusal((), "缺少 id：依据别的表，也要有自己的编号"))
    base = laid(read_toml(path), path.parent, file_of, (*above, path))
    if "without" in own.data:
        base = _reduced(base, own.data["without"], alone)
    return _over(own, base)


def _extended(own: Written, folder: Path, file_of: FileOf) -> Path | None:
    name = own.data["extends"]
    if not isinstance(name, str):
        return None
    path = folder / name if name.endswith(".toml") else file_of(name)
    return path.resolve() if path is not None and path.is_file() else None


def _origins(file: Written) -> dict[str, list[Origin]]:
    lists = {section: file.data.get(section) for section in CALLED_BY}
    return {
        section: [(file, place) for place in range(len(each))]
        for section, each in lists.items()
        if isinstance(each, list)
    }


def _depth(data: Any, at: At) -> int:
    """How much of a place a file has."""
    for deep, step in enumerate(at):
        try:
            data = data[step]
        except (LookupError, TypeError):
            return deep
    return len(at)


def _over(own: Written, base: Laid) -> Laid:
    data = {key: each for key, each in base.data.items() if key not in _OF_ITS_FILE}
    origins = {section: [*each] for section, each in base.origins.items()}
    for section, mine in own.data.items():
        if section not in CALLED_BY or not isinstance(mine, list):
            data[section] = _merged(data.get(section), mine)
            continue
        entries = data[section] = [*data.get(section, ())]
        known = origins.setdefault(section, [])
        for place, entry in enumerate(mine):
            same = next((n for n, other in enumerate(entries) if _replaces(entry, other, section)), len(entries))
            entries[same : same + 1], known[same : same + 1] = [entry], [(own, place)]
    return Laid(data, (own, *base.files), origins)


def _merged(base: Any, own: Any) -> Any:
    if isinstance(base, dict) and isinstance(own, dict):
        return {**base, **{key: _merged(base.get(key), each) for key, each in own.items()}}
    return own


def _replaces(entry: Any, other: Any, section: str) -> bool:
    name = CALLED_BY[section]
    return section != "agreements" and isinstance(entry, dict) and name in entry and entry[name] == other.get(name)


# Doing without


def _reduced(base: Laid, paths: Any, own: Laid) -> Laid:
    """The form that is extended without what the other one does without, and what spoke of it."""
    from copy import deepcopy

    from xlperf.form.mistakes import refuse_shape, wrong_references

    refuse_shape(base.data, base.refusal)
    data = deepcopy(dict(base.data))
    origins = {section: [*each] for section, each in base.origins.items()}
    for place, path in enumerate(paths if isinstance(paths, list) else ()):
        if not isinstance(path, str) or not _drop(data, origins, path):
            raise TemplateError(own.refusal(("without", place), f"{base.files[0].file} 里没有 {path}"))
    while wrong := wrong_references(data):
        for at in sorted(wrong, reverse=True):
            _forget(data, origins, at)
    return Laid(data, base.files, origins)


def _drop(data: dict[str, Any], origins: dict[str, list[Origin]], path: str) -> bool:
    section, _, name = path.partition(".")
    if section not in CALLED_BY or not name:
        *outer, last = path.split(".")
        for step in outer:
            data = data.get(step, {}) if isinstance(data, dict) else {}
        return isinstance(data, dict) and data.pop(last, None) is not None
    called = CALLED_BY[section]
    found = [place for place, entry in enumerate(data.get(section, ())) if entry[called] == name]
    for place in reversed(found):
        _forget(data, origins, (section, place))
    return bool(found)


def _forget(data: Any, origins: dict[str, list[Origin]], at: At) -> None:
    """Take away what stands at a place."""
    if len(at) == 2 and at[0] in origins:
        del origins[str(at[0])][int(at[1])]
    *outer, last = at
    for step in outer:
        data = data[step]
    del data[last]
