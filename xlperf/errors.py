"""Our own failures as a tree. The exit code sits on the class; messages are Chinese and meant for the user."""

from __future__ import annotations

At = tuple[str | int, ...]  # a place in a form's TOML: keys and, in lists, numbers from 0


class XlperfError(Exception):
    """Something the user can understand and act on; the command line prints it and exits with `exit_code`."""

    exit_code = 2


class WorkbookError(XlperfError):
    """A workbook (or one cell of it) cannot be opened, read or changed."""


class SaveError(XlperfError):
    """The result cannot be written; the old file is as it was."""


class TemplateError(XlperfError):
    """The workbook does not carry the template's names, or the template contradicts itself.

    `at`: where in the form's TOML; empty where the message says it or nobody knows.
    """

    def __init__(self, message: str, at: At = ()) -> None:
        super().__init__(message)
        self.at = at


class DocumentError(XlperfError):
    """A form or report (.docx, .xls, .txt ...) cannot be read, or its like is not read at all."""


class ValuesError(XlperfError):
    """A `--values` file has an unknown key or a value of the wrong type."""


class UnknownNameError(XlperfError):
    """The user named a rule, template, variant or source that does not exist."""


class UnsupportedError(XlperfError):
    """What was asked for does not exist on this system."""
