"""What is wrong with a form's TOML: every mistake with file, line and key. Imported only where there may be one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from xlperf.errors import At, TemplateError
from xlperf.form.grid import TEMPLATE_KEY, Filling, cell_key, lay_out
from xlperf.form.shapes import FORM, Names, names_of, unknown
from xlperf.form.template import Template
from xlperf.form.written import Laid

_MOST_TOLD = 20
_KINDS = {bool: "真假（true、false）", int: "整数", float: "数", str: "文字", dict: "一组 键 = 值", list: "列表 […]"}
_WHOLE = {"sums": "total", "included": "whole"}
Mistake = tuple[At, str]


class _Node(NamedTuple):
    """A value or key with the shape that it should have; none for a key that nothing provides for."""

    at: At
    value: Any
    shape: Any

    @property
    def kind(self) -> type:
        shape = self.shape
        if isinstance(shape, type):
            return shape
        return dict if isinstance(shape, dict) else list if isinstance(shape, list) else str

    @property
    def fits(self) -> bool:
        return isinstance(self.value, self.kind) and (not isinstance(self.value, bool) or self.kind is bool)


def refuse_mistakes(form: Laid) -> None:
    """Raise `TemplateError` with all mistakes in what a form says, one in a line; nothing if there are none.

    A shared file may speak of cells that this form does not have.
    """
    refuse_shape(form)
    names = names_of(form.data)
    refuse_names(form, names)
    for check in _CHECKS:
        refuse(form, _of_its_own(form, check(form.data, names)))


def refuse_shape(form: Laid, shape: Mapping[str, Any] = FORM) -> None:
    """The same for keys that are unknown or missing and values of a wrong kind only."""
    refuse(form, _of_shape(list(_nodes(form.data, shape))))


def refuse_names(form: Laid, names: Names, shape: Mapping[str, Any] = FORM) -> None:
    """The same for texts that name something which the form does not have."""
    refuse(form, _of_its_own(form, _of_names(_nodes(form.data, shape), names)))


def _of_its_own(form: Laid, found: Iterable[Mistake]) -> Iterator[Mistake]:
    """Without those of shared files; of a sheet of the form that is extended, with what to do."""
    for at, text in found:
        file, place = form.origin(at)
        if not file.shared:
            elsewhere = place[:1] == ("sheets",) and file is not form.files[0]
            yield at, f"{text}（请在 {form.files[0].file} 里另写这张工作表）" if elsewhere else text


def refuse_layout(form: Laid, template: Template) -> None:
    """The same for rows of a sheet that cannot be laid out."""
    filling = Filling(template, None, None)
    for number, spec in enumerate(template.sheets):
        widths = spec.get("widths") or [1] * max(map(len, spec["rows"]))
        try:
            lay_out(spec, filling, (), widths)
        except TemplateError as error:
            refuse(form, [(("sheets", number, *error.at), str(error))])


def refuse(form: Laid, found: Iterable[Mistake]) -> None:
    """Tell mistakes that were found."""
    told = list(dict.fromkeys(form.refusal(at, text) for at, text in found))
    if told:
        more = [f"……另有 {len(told) - _MOST_TOLD} 处"] if len(told) > _MOST_TOLD else []
        raise TemplateError("\n".join(told[:_MOST_TOLD] + more))


def wrong_references(below: Mapping[str, Any], whole: Mapping[str, Any]) -> set[At]:
    """What lies below a form and speaks of what the whole form does not have; but for the rows of sheets.

    The smallest part that then says nothing any more: a word of a list, an agreement, a figure.
    """
    names = names_of(whole)
    found = {at for at, _ in _of_names(_nodes(below, FORM), names)}
    wrong = {at for at in found if at[0] != "sheets" or at[2] != "rows"}
    wrong = {at[:2] if at[0] in ("agreements", "required_when") else at for at in wrong}
    wrong |= {at[:2] for at, _ in _of_figures(below, names)}
    return wrong | set(_wrong_in_sums(below, names))


def _wrong_in_sums(data: Mapping[str, Any], names: Names) -> Iterator[At]:
    """Columns without a total, parts without a cell in any column, and what then has neither."""
    columns = _columns_of_tables(names)
    for section, place, spec, totals in _sums(data):
        over = [(step, n, column) for step in ("over", "strict_over") for n, column in enumerate(spec.get(step, ()))]
        for step, n, column in over:
            if not any(total.replace("*", column) in names.cells for total in totals):
                yield section, place, step, n
        for step, patterns, known in (("parts", spec["parts"], columns), (_WHOLE[section], totals, set())):
            for n, pattern in enumerate(patterns):
                if not any(
                    pattern.replace("*", column) in known or pattern.replace("*", column) in names.cells
                    for _, _, column in over
                ):
                    yield (section, place, step, n) if isinstance(spec[step], list) else (section, place)
        yield from ((section, place, "elsewhere", key) for key, each in spec.get("elsewhere", {}).items() if not each)
        if not (over and totals and spec["parts"]) or _lacks_same(spec, names):
            yield section, place


def _nodes(value: Any, shape: Any, at: At = ()) -> Iterator[_Node]:
    """All that a file says, each with its shape; what is of a wrong kind is not gone into."""
    if isinstance(shape, tuple):
        shape = next((each for each in shape if _Node(at, value, each).fits), shape[0])
    node = _Node(at, value, shape)
    yield node
    if isinstance(shape, list) and node.fits:
        for place, each in enumerate(value):
            yield from _nodes(each, shape[0], (*at, place))
    if isinstance(shape, dict) and node.fits:
        listed = _listed(shape)
        others = next(((key, each) for key, each in shape.items() if not isinstance(key, str)), None)
        for key, each in value.items():
            if key in listed:
                yield from _nodes(each, listed[key], (*at, key))
            elif others is None:
                yield _Node((*at, key), key, None)
            else:
                yield _Node((*at, key), key, others[0])
                yield from _nodes(each, others[1], (*at, key))


def _listed(shape: Mapping[Any, Any]) -> dict[str, Any]:
    return {key.removesuffix("!"): each for key, each in shape.items() if isinstance(key, str)}


def _of_shape(nodes: Iterable[_Node]) -> Iterator[Mistake]:
    """Keys that are unknown or missing, and values of a wrong kind."""
    shapes = {node.at: node.shape for node in nodes if isinstance(node.shape, dict)}
    for node in nodes:
        if node.shape is None:
            _, _, hint = unknown(node.value, _listed(shapes[node.at[:-1]]), "键").partition("；")
            yield node.at, f"不认识的键；{hint}" if hint else "不认识的键"
        elif not node.fits:
            kind = next((said for each, said in _KINDS.items() if isinstance(node.value, each)), "日期")
            yield node.at, f"应是{_KINDS[node.kind]}，现为{kind}"
        elif isinstance(node.shape, dict):
            for key in node.shape:
                if isinstance(key, str) and key.endswith("!") and key[:-1] not in node.value:
                    yield node.at, f"缺少 {key[:-1]}"


def _of_names(nodes: Iterable[_Node], names: Names) -> Iterator[Mistake]:
    """Texts that name something that the form does not have."""
    for node in nodes:
        if (
            callable(node.shape)
            and not isinstance(node.shape, type)
            and (wrong := node.shape(node.value, names, node.at))
        ):
            yield node.at, wrong


def _of_cells(data: Mapping[str, Any], names: Names) -> Iterator[Mistake]:
    for key, kind in (("year", "year"), ("unit_name", "text")):
        if data["fields"].get(key, {}).get("type") != kind:
            yield ("fields",), f'每种表都要有 {key} = {{ label = "…", type = "{kind}" }}'
    times = Counter(names.cells)
    for name, (rows, columns) in names.series.items():
        for row, column in ((row, column) for row in rows for column in columns):
            if times[f"{row}_{column}"] > 1:
                yield ("series", name, "rows", row), f"项目 {row}_{column} 定义了两次"


def _sums(data: Mapping[str, Any]) -> Iterator[tuple[str, int, Mapping[str, Any], list[str]]]:
    """Every entry of [[sums]] and [[included]]: section, place, what it says, and its totals."""
    for section, whole in _WHOLE.items():
        for place, spec in enumerate(data.get(section, ())):
            yield section, place, spec, [spec[whole]] if isinstance(spec[whole], str) else spec[whole]


def _columns_of_tables(names: Names) -> set[str]:
    return {f"{table}[].{column}" for table, columns in names.tables.items() for column in columns}


def _lacks_same(spec: Mapping[str, Any], names: Names) -> bool:
    tables = {part.partition("[].")[0] for part in spec["parts"]}
    return "same" in spec and not all(spec["same"] in names.tables.get(table, ()) for table in tables)


def _of_sums(data: Mapping[str, Any], names: Names) -> Iterator[Mistake]:
    for section, place, spec, totals in _sums(data):
        patterns: list[tuple[At, str, set[str]]] = [((_WHOLE[section],), each, set(names.cells)) for each in totals]
        known = {*names.cells, *_columns_of_tables(names)}
        patterns += [(("parts", n), each, known) for n, each in enumerate(spec["parts"])]
        for step, pattern, cells in patterns:
            keys = (pattern.replace("*", column) for column in (*spec["over"], *spec.get("strict_over", ())))
            lacking = next((key for key in keys if key not in cells), None)
            if lacking is not None:
                yield (section, place, *step), unknown(lacking, cells, "项目")
        if _lacks_same(spec, names):
            yield (section, place, "same"), f"各部分所在的明细表没有栏目 {spec['same']}"


def _of_figures(data: Mapping[str, Any], names: Names) -> Iterator[Mistake]:
    for name, spec in data.get("figures", {}).items():
        at = ("figures", name)
        if name in names.cells:
            yield at, f"{name} 既是项目又是法定数值的名字"
        if ("cell" in spec) == ("value" in spec):
            yield at, "应有 value 或 cell，只能有一个"
        elif "cell" in spec and "choices" not in spec:
            yield at, "指一个格子，须在 choices 中列出可用的格子"
        for key in spec.get("choices", ()) if "cell" in spec else ():
            if key not in names.cells:
                yield (*at, "choices", key), unknown(key, names.cells, "项目")


def _of_layout(data: Mapping[str, Any], names: Names) -> Iterator[Mistake]:
    """Every cell and every column has one place, if the form says where its cells stand."""
    placed: set[str] = set()
    for number, spec in enumerate(data.get("sheets", ())):
        at = ("sheets", number)
        if "widths" not in spec and not spec.get("results"):
            yield at, "缺少 widths"
        for place, row in enumerate(spec["rows"]):
            for key in (key for text in row if isinstance(text, str) and (key := cell_key(text))):
                if key in placed:
                    yield (*at, "rows", place), f"项目 {key} 出现了两次"
                placed.add(key)
        for table, rows in spec.get("blank_rows", {}).items():
            wanted = len(data["tables"][table].get("fill_down", ())) + 1
            for place, row in enumerate(rows):
                if len(row) != wanted:
                    yield (*at, "blank_rows", table, place), f"应有 {wanted} 个：fill_down 的各栏，然后是行名"
    for key in (TEMPLATE_KEY, *names.places) if data.get("sheets") else ():
        if key not in placed:
            yield ("sheets",), f"各张工作表里都没有 ${key}"


_CHECKS = (_of_cells, _of_sums, _of_figures, _of_layout)
