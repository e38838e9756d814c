"""Entries of LibreOffice's configuration, as an extension brings them."""

from __future__ import annotations

from xml.sax.saxutils import escape

XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def component_data(name: str, content: str, package: str = "org.openoffice.Office") -> str:
    """A whole .xcu file with entries for one part of the configuration."""
    return f"""{XML}<oor:component-data xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" oor:name="{name}" oor:package="{package}">
{content}</oor:component-data>
"""


def branch(name: str, content: str) -> str:
    """A node that is there already and receives more."""
    return f'<node oor:name="{name}">\n{content}</node>\n'


def node(name: str, content: str) -> str:
    """A node of ours."""
    return f'<node oor:name="{name}" oor:op="replace">\n{content}</node>\n'


def prop(name: str, value: str) -> str:
    """A value that nobody reads."""
    return f'<prop oor:name="{name}"><value>{escape(value)}</value></prop>\n'


def text(name: str, value: str) -> str:
    """A text for all: every language falls back to American English, and Chinese is what our users read."""
    return f'<prop oor:name="{name}"><value xml:lang="en-US">{escape(value)}</value></prop>\n'
