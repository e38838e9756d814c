"""`check BOOK --projects … --goals … --monitoring … --against …`: what each of a unit's files is to the BOOK."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath

BOOK, AGAINST, PROJECTS = "book", "against", "projects"
_OPTIONS = (PROJECTS, "goals", "monitoring", AGAINST)


def book_of(files: Sequence[str], roles: Mapping[str, str]) -> str:
    """The BOOK among `files`; a copy with explanations has the name of its file."""
    return next(each for each in files if roles.get(PurePath(each).name) == BOOK)


def beside(files: Sequence[str], roles: Mapping[str, str]) -> list[str]:
    """The options by which a person would name the others."""
    options = []
    for role in _OPTIONS:
        if given := [each for each in files if roles.get(PurePath(each).name) == role]:
            options += [f"--{role}", *given]
    return options
