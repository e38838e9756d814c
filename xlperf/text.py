"""Regular expressions that are compiled when they are first used: of those that a check imports it needs half."""

from __future__ import annotations

import re
from typing import Any, AnyStr, Generic, cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")


class Deferred(Generic[AnyStr]):
    """Stands for the compiled expression, whose methods it takes on as soon as one of them is asked for."""

    def __init__(self, pattern: AnyStr, flags: int) -> None:
        self.pattern: AnyStr = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = self.compiled()
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)

    def compiled(self) -> re.Pattern[AnyStr]:
        return re.compile(self.pattern, self.flags)


def expression(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, for the constants of modules; only its methods that look for something can be used."""
    return cast("re.Pattern[AnyStr]", Deferred(pattern, flags))
