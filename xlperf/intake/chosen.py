"""Which of our forms takes what the documents hold; what only the forms of other places have cells for is listed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from xlperf.errors import DocumentError, TemplateError
from xlperf.form.forms import default_template, into, load_template, wider
from xlperf.form.template import Template
from xlperf.intake.gather import Intake, as_values, gather
from xlperf.intake.outline import report_sections
from xlperf.labels.blocks import Document
from xlperf.labels.others import other_form
from xlperf.labels.reading import Passage
from xlperf.labels.recognised import Recognised, recognise
from xlperf.labels.several import recognise_all
from xlperf.labels.spelling import plain

_OTHER_FORM = "这是{}，没有填入{}的工作簿；要用的请单独导入"
_NO_SELF_EVALUATION = "不是绩效自评表，没有填入"
_NO_CELL = "新工作簿里没有这一格"


class Chosen(NamedTuple):
    """`found`: what the documents were recognised as, "" if none of their tables was. `left`: other forms."""

    template: Template
    documents: tuple[Document, ...]
    found: str = ""
    left: tuple[Passage, ...] = ()


def choose(documents: Sequence[Document], template: Template | None = None) -> Chosen:
    """The form that is wanted, or else the one that the documents hold.

    With a report, or the form of a whole department, the forms of its projects are left out; so are forms of the season
    that are no self-evaluation. Raises `DocumentError` for the forms of several projects, of which each is a workbook,
    and where there is nothing but forms of the season.
    """
    found = [(document, _recognised(document)) for document in documents]
    titles = [form.template.title for _, form in found if form is not None]
    if template is not None:
        return Chosen(template, tuple(documents), titles[0] if titles else "")
    default = default_template()
    others = _others(documents, default)
    if len(others) == len(documents):
        told = "；".join(f"{each.place}：这是{each.text}" for each in others)
        raise DocumentError(f"{told}，不是绩效自评表，没有导入。")
    found = [each for each in found if each[0].name not in {other.place for other in others}]
    ours = [_ours(document, form, default) for document, form in found]
    kinds = list(dict.fromkeys(each.id for each in ours if each is not None))
    if kinds and default.id not in kinds:
        _require_one(found)
        return Chosen(load_template(kinds[0]), tuple(document for document, _ in found), titles[0], others)
    own = tuple(document for document, each in zip(documents, ours, strict=True) if each is None or each is default)
    projects = tuple(
        Passage(document.name, form.template.title, _OTHER_FORM.format(form.template.title, default.title))
        for (document, form), each in zip(found, ours, strict=True)
        if form is not None and each is not None and each is not default
    )
    of_default = [form.template.title for (_, form), each in zip(found, ours, strict=True) if form and each is default]
    return Chosen(default, own, of_default[0] if of_default else "", (*projects, *others))


def gathered(chosen: Chosen) -> Intake:
    """What the documents hold; what only forms of other places have cells for is listed."""
    template = chosen.template
    reads = load_template(wider(template.id))
    intake = gather(chosen.documents, reads)
    entries = tuple(entry for entry in intake.entries if template.has(entry.key))
    rest = (
        Passage(entry.place, f"{reads.field(entry.key).label}：{entry.value}", _NO_CELL)
        for entry in intake.entries
        if not template.has(entry.key)
    )
    left = (*intake.left, *rest, *chosen.left)
    return intake._replace(values=as_values(entries, template), entries=entries, left=left)


def _others(documents: Sequence[Document], default: Template) -> tuple[Passage, ...]:
    """The documents that hold some other form of the season and neither a report nor, on another sheet, one of ours."""
    return tuple(
        Passage(document.name, title, _NO_SELF_EVALUATION)
        for document in documents
        if (title := other_form(document)) and not report_sections(document, default) and not _has_a_form(document)
    )


def _has_a_form(document: Document) -> bool:
    try:
        return bool(recognise_all(document))
    except TemplateError:
        return False


def _recognised(document: Document) -> Recognised | None:
    try:
        return recognise(document)
    except TemplateError:
        return None


def _ours(document: Document, form: Recognised | None, default: Template) -> Template | None:
    """The form of ours for a document; the default one for a report, whatever tables it has."""
    if report_sections(document, default):
        return default
    return None if form is None else load_template(into(form.template.id))


def _require_one(found: Sequence[tuple[Document, Recognised | None]]) -> None:
    names: dict[str, str] = {}
    for document, form in found:
        if form is not None and (name := form.entries.get("project_name")) is not None and name.value:
            names.setdefault(plain(name.value), document.name)
    if len(names) > 1:
        raise DocumentError(
            f"{'、'.join(names.values())}：是 {len(names)} 个项目的自评表，一个项目一个工作簿，请逐个导入。"
        )
