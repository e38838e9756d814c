"""The TOML of a form as somebody wrote it, in one file or several: what it says, and in which line it says it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from xlperf.errors import At, TemplateError
from xlperf.text import expression

_STRING = r'"""(?:\\.|[^\\])*?"""' r"|'''.*?'''" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'"
_TOKEN = expression(rf"{_STRING}|\#[^\n]*|[A-Za-z0-9_+.:-]+|[\[\]{{}},=\n]", re.DOTALL)
_KEY = rf"(?:{_STRING}|[A-Za-z0-9_-]+)"
_HEADER = expression(rf"[ \t]*(\[\[?)([ \t]*{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*)")
_ENTRY = expression(rf"[ \t]*({_KEY}(?:[ \t]*\.[ \t]*{_KEY})*)[ \t]*=[ \t]*")
_PART = expression(_KEY)
_PLACE = expression(r" \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)$")
# Signs of a Chinese keyboard that stand where TOML has its own, and which those are.
_ASCII = dict(zip("，、；：＝。“”＂‘’＇［］【】｛｝＃　", ",,,==." + '"' * 3 + "'" * 3 + "[][]{}# ", strict=True))
_CHINESE = expression(f"[{''.join(_ASCII)}]")
_ASIDE = expression(rf"{_STRING}|\#[^\n]*", re.DOTALL)
_SYNTAX = {
    "Cannot overwrite a value": "这个键写了两次",
    "Cannot declare": "这一节写了两次，或前面已有同名的键",
    "Cannot mutate": "这一节写了两次，或前面已有同名的键",
    "Unclosed array": "方括号 [ 没有配对的 ]",
    "Unclosed inline table": "花括号 { 没有配对的 }",
    "Unterminated string": "引号没有配对",
    "Illegal character": "文字里有不能用的字符，或引号没有配对",
    "Expected '='": "键的后面应是 =",
    "Invalid value": "= 的后面不是值，文字要加引号",
    "Invalid initial character": "键只能由字母、数字、_ 和 - 组成，其他的要加引号",
    "Expected newline": "一个值的后面还有别的内容",
    "Invalid statement": "这一行既不是 [节] 也不是 键 = 值",
    "Duplicate inline table key": "这个键写了两次",
    "Expected ']": "节名的方括号 [ ] 没有配对",
    "Unescaped '\\'": "文字里的 \\ 要写成 \\\\，或者两边改用单引号",
}


def templates_folder() -> Path:
    """Where the templates lie: inside the installed package, or beside it in a checkout."""
    here = Path(__file__).parents[1]
    inside = here / "workbook_templates"
    return inside if inside.is_dir() else here.parent / "workbook_templates"


class Written(NamedTuple):
    """A file by the name that its user knows it by, with the folder in which files stand that it names.

    One that is `shared` by several forms may say more than one of them has.
    """

    file: str
    text: str
    data: Mapping[str, Any]
    folder: Path
    shared: bool = False

    def beside(self, name: str) -> Path | None:
        """A file that this one names: in its own folder, or beside our templates; None where there is none."""
        return next((path for path in (self.folder / name, templates_folder() / name) if path.is_file()), None)

    def line(self, at: At) -> int:
        """The line, from 1, in which a place of the data stands; of what is not written, where it is missing."""
        best, offset = 0, 0
        for written, start in _statements(self.text):
            if len(written) > best and written == at[: len(written)]:
                best, offset = len(written), start
        for step in at[best:]:
            inner = _inside(self.text, offset, step)
            if inner is None:
                break
            offset = inner
        return self.text.count("\n", 0, offset) + 1

    def refusal(self, at: At, reason: str) -> str:
        """What is wrong, with file, line and key."""
        return f"{self.file} 第 {self.line(at)} 行{' ' * bool(at)}{spelled(at)}：{reason}"


# Sections that are lists, and what an entry of them is called by.
CALLED_BY = {"sums": "total", "included": "whole", "agreements": "rule", "sheets": "title"}
Origin = tuple[Written, int]  # the file of an entry of a list, and its place there


class Laid(NamedTuple):
    """What a form says, and who says it."""

    data: Mapping[str, Any]
    files: tuple[Written, ...]  # its own first, then those below it
    origins: Mapping[str, list[Origin]]  # by section that is a list, of each entry

    def origin(self, at: At) -> tuple[Written, At]:
        """The file that says what stands at a place of the data, and the place there."""
        entries = self.origins.get(str(at[0]), []) if at else []
        if len(at) > 1 and isinstance(at[1], int) and at[1] < len(entries):
            file, place = entries[at[1]]
            return file, (at[0], place, *at[2:])
        return max(self.files, key=lambda file: _depth(file.data, at)), at

    def refusal(self, at: At, reason: str) -> str:
        """What is wrong, with file, line and key."""
        file, place = self.origin(at)
        return file.refusal(place, reason)


def _depth(data: Any, at: At) -> int:
    """How much of a place a file has."""
    for deep, step in enumerate(at):
        try:
            data = data[step]
        except (LookupError, TypeError):
            return deep
    return len(at)


def spelled(at: At) -> str:
    """As it would be said: fields.total.label, sums[2].parts[0], of lists from 0 as in the keys of rows."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in at).removeprefix(".")


def read_toml(path: Path, name: str = "") -> Written:
    """A TOML file; raises `TemplateError` with the line where it is none. `name` as the user knows it."""
    try:
        return parse_toml(path.read_text("utf-8-sig"), name or path.name, path.parent)
    except UnicodeDecodeError:
        raise TemplateError(f"{name or path.name}：不是 UTF-8 编码的文字文件，请另存为 UTF-8") from None


def parse_toml(text: str, name: str, folder: Path | None = None) -> Written:
    """The same of a text; the files that it names stand in `folder`, or beside our templates."""
    try:
        return Written(name, text, tomllib.loads(text), folder or templates_folder())
    except tomllib.TOMLDecodeError as error:
        told = list(_chinese_signs(text, name)) or [_not_toml(text, name, str(error))]
        raise TemplateError("\n".join(told)) from None


def _not_toml(text: str, name: str, said: str) -> str:
    place = _PLACE.search(said)
    line, column = (place[1], place[2]) if place and place[1] else (text.rstrip("\n").count("\n") + 1, "")
    where = f"第 {line} 行" + (f"第 {column} 列" if column else "")
    reason = next((chinese for english, chinese in _SYNTAX.items() if said.startswith(english)), "")
    return f"{name} {where}：{reason or f'不合 TOML 的写法（{_PLACE.sub(str(), said)}）'}"


def _chinese_signs(text: str, name: str) -> Iterator[str]:
    """Signs of a Chinese keyboard outside of texts and comments; not in a line where a text does not end."""
    rest = _ASIDE.sub(lambda found: re.sub("[^\n]", "-", found[0]), text)
    for number, line in enumerate(rest.split("\n"), 1):
        signs = list(_CHINESE.finditer(line))
        if signs and not re.search("[\"']", line[: signs[0].start()]):
            listed = "、".join(
                f"第 {sign.start() + 1} 列的 {sign[0]} 应是 {_said(_ASCII[sign[0]])}" for sign in signs[:3]
            )
            yield f"{name} 第 {number} 行：用了中文标点，TOML 只认英文标点：{listed}"


def _said(sign: str) -> str:
    return "空格" if sign == " " else sign


def _statements(text: str) -> Iterator[tuple[At, int]]:
    """The place of every section and of every key, and where in the text its value begins; of a section its line.

    What several headers name stands where the first does.
    """
    section: At = ()
    counts: dict[At, int] = {}
    at = 0
    while at < len(text):
        header, entry = _HEADER.match(text, at), _ENTRY.match(text, at)
        if header is not None:
            names = _names(header[2])
            section = ()
            for deep, name in enumerate(names, 1):
                section += (name,)
                yield section, at
                if header[1] == "[[" and deep == len(names):
                    counts[section] = counts.get(section, -1) + 1
                if section in counts:  # `sheets.hints` below the second [[sheets]] is ("sheets", 1, "hints")
                    section += (counts[section],)
                    yield section, at
            at = _line_end(text, header.end() - len(header[0].lstrip()))
        elif entry is not None:
            names = _names(entry[1])
            for deep in range(1, len(names) + 1):
                yield section + names[:deep], entry.end() if deep == len(names) else at
            at = _line_end(text, entry.end())
        else:
            at = _line_end(text, at)


def _names(written: str) -> tuple[str, ...]:
    return tuple(map(_unquoted, (found[0] for found in _PART.finditer(written))))


def _unquoted(word: str) -> str:
    return next(iter(tomllib.loads(f"{word} = 0"))) if word[0] in "\"'" else word


def _line_end(text: str, at: int) -> int:
    """Where the next statement begins: behind the line break that stands in no string and in no bracket."""
    depth = 0
    for token in _TOKEN.finditer(text, at):
        if token[0] == "\n" and depth == 0:
            return token.end()
        depth += (token[0] in "[{") - (token[0] in "]}")
    return len(text)


def _inside(text: str, at: int, step: str | int) -> int | None:
    """Where in the list or inline table that begins here an element begins, or the value of a key."""
    depth, count, begins, is_next = 0, 0, False, False
    for token in _TOKEN.finditer(text, at):
        sign = token[0]
        if sign == "\n" or sign[0] == "#":
            continue
        if depth == 0 and sign not in ("[", "{"):
            return None
        if is_next and sign != "=":
            return token.start()
        if depth == 1 and begins and sign not in ("]", "}"):
            begins = False
            if count == step:
                return token.start()
            is_next = sign not in ("[", "{") and _unquoted(sign) == step
        if sign in ("[", "{"):
            depth += 1
            begins = begins or depth == 1
        elif sign in ("]", "}"):
            depth -= 1
            if depth == 0:
                return None
        elif sign == "," and depth == 1:
            count, begins = count + 1, True
    return None
