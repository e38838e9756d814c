"""The TOML of a form as a whole: its own file laid over the form that it `extends` and the shared files that it `uses`.

A section is laid over the others' key by key, at every depth; a value or a list takes the place of the other one. Of
[[sums]], [[included]] and [[sheets]] one with the same total, whole or title takes the other's place; the rest, and
all [[agreements]], come after the others', a sheet before 勾稽关系 and 审核结果. `without` names what falls away
first, as fields.phone, sheets.TITLE or agreements.XLP404; what the other files say elsewhere of a cell that fell away
goes too, but for sheets that show it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from xlperf.errors import At, TemplateError
from xlperf.form.written import CALLED_BY, Laid, Origin, Written, read_toml

_WRITTEN = {"control", "results"}  # sheets that are not filled in: they stay behind the others
_OF_ITS_FILE = ("extends", "uses", "without")
FileOf = Callable[[str], Path | None]  # the file of a form by its ID


def laid(own: Written, file_of: FileOf = lambda form_id: None, above: tuple[Path, ...] = ()) -> Laid:
    """A file over those that it names.

    Raises `TemplateError` where it names something that is not there.
    """
    alone = Laid(own.data, (own,), _origins(own))
    below = Laid({}, (), {})
    if "extends" in own.data:
        path = _extended(own, file_of)
        if path is None or path in above:
            reason = (
                "没有这种表（写表的编号，或 .toml 文件的路径）" if path is None else "几种表互相依据，没有一种自成一体"
            )
            raise TemplateError(alone.refusal(("extends",), reason))
        if "id" not in own.data:
            raise TemplateError(alone.refusal((), "缺少 id：依据别的表，也要有自己的编号"))
        below = laid(read_toml(path), file_of, (*above, path))
    for place, name in enumerate(_texts(own, "uses")):
        path = own.beside(name)
        if path is None:
            raise TemplateError(alone.refusal(("uses", place), f"没有文件 {name}"))
        if all(file.file != path.name for file in below.files):  # the form that it extends may use it already
            below = _over(read_toml(path)._replace(shared=True), below)
    return _reduced(own, below) if "without" in own.data else _over(own, below)


def _texts(own: Written, key: str) -> list[str]:
    """A list of texts; what else stands there is told when the form is proven."""
    listed = own.data.get(key, ())
    return [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []


def _extended(own: Written, file_of: FileOf) -> Path | None:
    name = own.data["extends"]
    if not isinstance(name, str):
        return None
    path = own.folder / name if name.endswith(".toml") else file_of(name)
    return path.resolve() if path is not None and path.is_file() else None


def _origins(file: Written) -> dict[str, list[Origin]]:
    lists = {section: file.data.get(section) for section in CALLED_BY}
    return {
        section: [(file, place) for place in range(len(each))]
        for section, each in lists.items()
        if isinstance(each, list)
    }


def _over(own: Written, below: Laid) -> Laid:
    data = {key: each for key, each in below.data.items() if key not in _OF_ITS_FILE}
    origins = {section: [*each] for section, each in below.origins.items()}
    for section, mine in own.data.items():
        if section not in CALLED_BY or not isinstance(mine, list):
            data[section] = _merged(data.get(section), mine)
            continue
        entries = data[section] = [*data.get(section, ())]
        known = origins.setdefault(section, [])
        for place, entry in enumerate(mine):
            others = [(n, other) for n, other in enumerate(entries) if known[n][0] is not own]
            same = next((n for n, other in others if _replaces(entry, other, section)), None)
            is_written = (n for n, other in others if section == "sheets" and _WRITTEN & other.keys())
            first = next(is_written, len(entries)) if same is None else same
            last = first if same is None else same + 1
            entries[first:last], known[first:last] = [entry], [(own, place)]
    return Laid(data, (own, *below.files), origins)


def _merged(below: Any, own: Any) -> Any:
    if isinstance(below, dict) and isinstance(own, dict):
        return {**below, **{key: _merged(below.get(key), each) for key, each in own.items()}}
    return own


def _replaces(entry: Any, other: Any, section: str) -> bool:
    name = CALLED_BY[section]
    return section != "agreements" and isinstance(entry, dict) and name in entry and entry[name] == other.get(name)


# Doing without


def _reduced(own: Written, below: Laid) -> Laid:
    """A form over what lies below it but for what it does without, and what spoke of that."""
    from copy import deepcopy

    from xlperf.form.mistakes import refuse_shape, wrong_references

    refuse_shape(_over(own, below))
    data = deepcopy(dict(below.data))
    fewer = Laid(data, below.files, {section: [*each] for section, each in below.origins.items()})
    for place, path in enumerate(own.data["without"]):
        if not _drop(fewer, path):
            raise TemplateError(_over(own, below).refusal(("without", place), f"所依据的文件里没有 {path}"))
    while wrong := wrong_references(data, _over(own, fewer).data):
        for at in sorted(wrong, reverse=True):
            _forget(fewer, at)
    return _over(own, fewer)


def _drop(form: Laid, path: str) -> bool:
    """Take away what a path of `without` names; False where there is no such thing."""
    section, _, name = path.partition(".")
    if section not in CALLED_BY or not name:
        data: Any = form.data
        *outer, last = path.split(".")
        for step in outer:
            data = data.get(step, {}) if isinstance(data, dict) else {}
        return isinstance(data, dict) and data.pop(last, None) is not None
    called = CALLED_BY[section]
    found = [place for place, entry in enumerate(form.data.get(section, ())) if entry[called] == name]
    for place in reversed(found):
        _forget(form, (section, place))
    return bool(found)


def _forget(form: Laid, at: At) -> None:
    """Take away what stands at a place."""
    if len(at) == 2 and at[0] in form.origins:
        del form.origins[str(at[0])][int(at[1])]
    data: Any = form.data
    *outer, last = at
    for step in outer:
        data = data[step]
    del data[last]
