"""What is wrong with a form's TOML: every mistake with file, line and key. Imported only where there may be one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from xlperf.errors import At, TemplateError
from xlperf.form.contradictions import CHECKS, WHOLE, Mistake, columns_of_tables, lacks_same, of_figures, sums_in
from xlperf.form.grid import Body, Filling, Page, headings_of, laid_out
from xlperf.form.shapes import FORM, Names, names_of, unknown
from xlperf.form.template import Template
from xlperf.form.written import CALLED_BY, Laid, Written

_MOST_TOLD = 20
_SUMS = tuple((section,) for section in WHOLE)
_KINDS = {bool: "真假（true、false）", int: "整数", float: "数", str: "文字", dict: "一组 键 = 值", list: "列表 […]"}


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


def mistakes_in(form: Laid, also: Iterable[Mistake] = ()) -> list[str]:
    """All mistakes in what a form says, told with file, line and key, in the order of the files' lines; `also` others.

    A shared file may speak of cells that this form does not have. What cannot be looked at because of the shape of
    something else is not.
    """
    found = list(_of_shape(list(_nodes(form.data, FORM))))
    with suppress(*_unsound(found)):
        names = names_of(form.data)
        for check in (_of_texts, *CHECKS):
            with suppress(*_unsound(found)):
                found += _of_its_own(form, check(form.data, names))
    return _told(form, [*found, *_of_its_own(form, also)], _written_twice(form))


def _unsound(found: Sequence[Mistake]) -> tuple[type[Exception], ...]:
    """What a check may fail with where mistakes were found before: there is something that it counts on."""
    return (LookupError, TypeError, ValueError, AttributeError) if found else ()


def _of_texts(data: Mapping[str, Any], names: Names) -> Iterator[Mistake]:
    return _of_names(_nodes(data, FORM), names)


def _written_twice(form: Laid) -> Iterator[tuple[Written, At, str]]:
    """Two entries of one file that are called the same: a form over it could only take the first one's place."""
    for file in form.files:
        for section, called in CALLED_BY.items():
            entries = file.data.get(section) if section != "agreements" else None
            before: dict[str, int] = {}
            for place, entry in enumerate(entries if isinstance(entries, list) else ()):
                name = entry.get(called) if isinstance(entry, dict) else None
                if isinstance(name, str) and before.setdefault(name, place) != place:
                    first = file.line((section, before[name]))
                    remedy = "请改名" if section == "sheets" else "请合成一个；另一种分法写成 [[agreements]]"
                    reason = f"与第 {first} 行的 [[{section}]] 同是“{name}”：{remedy}"
                    yield file, (section, place, called), reason


def refuse_shape(form: Laid, shape: Mapping[str, Any] = FORM) -> None:
    """The same for keys that are unknown or missing and values of a wrong kind only."""
    refuse(form, _of_shape(list(_nodes(form.data, shape))))


def refuse_names(form: Laid, names: Names, shape: Mapping[str, Any] = FORM) -> None:
    """The same for texts that name something which the form does not have."""
    refuse(form, _of_its_own(form, _of_names(_nodes(form.data, shape), names)))


def _of_its_own(form: Laid, found: Iterable[Mistake]) -> Iterator[Mistake]:
    """Without those of shared files; of a sheet or sum of the form that is extended, with what to do."""
    for at, text in found:
        file, place = form.origin(at)
        if not file.shared:
            below = place and file is not form.files[0]
            what = "这张工作表" if place[:1] == ("sheets",) else f"这个 [[{place[0]}]]" if place[:1] in _SUMS else ""
            yield at, f"{text}（请在 {form.files[0].file} 里另写{what}）" if below and what else text


def layout_mistakes(form: Laid, template: Template) -> list[str]:
    """The same of rows of the sheets that cannot be laid out."""
    filling = Filling(template, None, None)
    found = []
    for number, spec in enumerate(template.sheets):
        widths = spec.get("widths") or [1] * max(map(len, spec["rows"]))
        page = laid_out(spec, filling, (), widths)
        found += [(("sheets", number, *at), reason) for at, reason in (*page.wrong, *_of_headers(page, template))]
    return _told(form, found)


def _of_headers(page: Page, template: Template) -> Iterator[Mistake]:
    """Columns are found again by their labels in the heading; one without, or under a year, by where it stands."""
    for key, body in page.tables.items():
        columns = template.tables[key].columns
        heads = headings_of(page, body)
        labels = {name: "".join(field.label.split()) for name, field in columns.items()}
        other = {name for name, cell in heads.items() if not cell.live and "".join(cell.text.split()) != labels[name]}
        at: At = ("rows", page.wrote[max(body.header - 1, 0)])
        if other and any(name not in other and not cell.live for name, cell in heads.items()):
            wanted = "”“".join(labels[name] for name in columns if name in other)
            yield at, f"表头里没有“{wanted}”：表头的字要与栏目的 label 相同，请改表头或 label"
        elif not heads and not _is_headed(page, body):
            named = "、".join(labels.values())
            yield at, f"表头的格比栏目少：明细表 {key} 的上面应有表头，各栏一格，写 {named}"


def _is_headed(page: Page, body: Body) -> bool:
    """Does a line of figures stand right above, as that of their totals, and further up what names a single column?"""
    is_line = any(piece.top <= body.header <= piece.bottom and piece.cell.field for piece in page.pieces)
    return is_line and any(
        piece.bottom < body.header and piece.left == col and piece.cell.text and piece.cell.field is None
        for name, col in body.columns.items()
        for piece in page.pieces
        if col > body.left
    )


def refuse(form: Laid, found: Iterable[Mistake]) -> None:
    """Tell mistakes that were found."""
    refuse_told(_told(form, found))


def _told(form: Laid, found: Iterable[Mistake], more: Iterable[tuple[Written, At, str]] = ()) -> list[str]:
    """As sentences, those of its own file first, from above to below."""
    placed = [*((*form.origin(at), text) for at, text in found), *more]
    placed.sort(key=lambda each: (form.files.index(each[0]), each[0].line(each[1])))
    return list(dict.fromkeys(file.refusal(place, text) for file, place, text in placed))


def refuse_told(told: Sequence[str]) -> None:
    """Raise `TemplateError` with mistakes, one in a line, the first of many; nothing if there are none."""
    if told:
        more = [f"……另有 {len(told) - _MOST_TOLD} 处"] if len(told) > _MOST_TOLD else []
        raise TemplateError("\n".join([*told[:_MOST_TOLD], *more]))


def wrong_references(below: Mapping[str, Any], whole: Mapping[str, Any]) -> set[At]:
    """What lies below a form and speaks of what the whole form does not have; but for the rows of sheets.

    The smallest part that then says nothing any more: a word of a list, an agreement, a figure.
    """
    names = names_of(whole)
    found = {at for at, _ in _of_names(_nodes(below, FORM), names)}
    wrong = {at for at in found if at[0] != "sheets" or at[2] != "rows"}
    wrong = {at[:2] if at[0] in ("agreements", "required_when") else at for at in wrong}
    wrong |= {at[:2] for at, _ in of_figures(below, names)}
    return wrong | set(_wrong_in_sums(below, names))


def _wrong_in_sums(data: Mapping[str, Any], names: Names) -> Iterator[At]:
    """Columns without a total, parts without a cell in any column, and what then has neither."""
    columns = columns_of_tables(names)
    for section, place, spec, totals in sums_in(data):
        over = [(step, n, column) for step in ("over", "strict_over") for n, column in enumerate(spec.get(step, ()))]
        for step, n, column in over:
            if not any(total.replace("*", column) in names.cells for total in totals):
                yield section, place, step, n
        for step, patterns, known in (("parts", spec["parts"], columns), (WHOLE[section], totals, set())):
            for n, pattern in enumerate(patterns):
                if not any(
                    pattern.replace("*", column) in known or pattern.replace("*", column) in names.cells
                    for _, _, column in over
                ):
                    yield (section, place, step, n) if isinstance(spec[step], list) else (section, place)
        yield from ((section, place, "elsewhere", key) for key, each in spec.get("elsewhere", {}).items() if not each)
        if not (over and totals and spec["parts"]) or lacks_same(spec, names):
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
            and node.fits
            and (wrong := node.shape(node.value, names, node.at))
        ):
            yield node.at, wrong
