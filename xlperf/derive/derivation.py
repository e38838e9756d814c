"""What a derivation is: the cells it computes, the function, and its operands by the names of its parameters."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any, NamedTuple, TypeVar

from xlperf.form.sources import Source, cite

_T = TypeVar("_T")


class Parameter(NamedTuple):
    name: str
    optional: bool
    may_be_absent: bool = False  # its default is an ellipsis: a form need not have it


class Derivation(NamedTuple):
    """How the cells matching `pattern` are computed. The function works on Decimals, Intervals and formula text."""

    pattern: str
    function: Callable[..., Any]
    parameters: tuple[Parameter, ...]
    source: Source
    formula: Callable[..., str | None] | None  # for a function that cannot run on cell references

    @property
    def name(self) -> str:
        return self.function.__name__


def derived(
    pattern: str, *, cites: str, formula: Callable[..., str | None] | None = None
) -> Callable[[Callable[..., Any]], Derivation]:
    """Make a function the derivation of a key, or of all keys matching `*_suffix` or `table[].column`.

    Parameters are keys; in a family `_current` stands for the key with the same stem. Parameters that name a
    dated figure of the template receive its value, or the cell that it names.
    """

    def wrap(function: Callable[..., Any]) -> Derivation:
        return Derivation(pattern, function, parameters_of(function), cite(cites), formula)

    return wrap


def members(module: ModuleType, kind: type[_T]) -> tuple[_T, ...]:
    """All values of a kind that a module defines, in the order of its lines."""
    return tuple(value for value in vars(module).values() if isinstance(value, kind))


def parameters_of(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    """By the code itself: over a hundred signatures would be felt at start-up."""
    assert isinstance(function, FunctionType)
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    defaults = function.__defaults__ or ()
    required = len(names) - len(defaults)
    return tuple(
        Parameter(name, place >= required, place >= required and defaults[place - required] is ...)
        for place, name in enumerate(names)
    )
