"""What a form's narrative report is made of, as the file says that its TOML names with `report`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from xlperf.form.laid import laid
from xlperf.form.mistakes import refuse_names, refuse_shape
from xlperf.form.shapes import REPORT, names_of_template
from xlperf.form.template import Template
from xlperf.form.written import read_toml

_OF_TOTAL = ("current", "change", "growth_rate", "reason")
_OF_ITEM = ("opening", "current")


class ReportSpec(NamedTuple):
    """Sheets, passages and sentences of a report; what speaks of cells that the form does not have is left out.

    A form without a report has no body. The figures' sheet stands behind the section `figures_after`; `unit_names` are
    the cells with a name of the unit, the report's own first.
    """

    body: str = ""
    figures: str = ""
    figures_after: str = ""
    attachments: tuple[str, ...] = ()
    unit_names: tuple[str, ...] = ()
    passages: tuple[Mapping[str, Any], ...] = ()
    nothing: tuple[Mapping[str, Any], ...] = ()
    conclusion: Mapping[str, Any] | None = None

    @property
    def sheets(self) -> tuple[str, ...]:
        return (self.body, self.figures, *self.attachments)


@cache
def report_spec(template: Template) -> ReportSpec:
    """What the report of a form is made of; raises `TemplateError`, with file, line and key, for what is unsound.

    A file that is not the form's own, ID.report.toml, may speak of cells that the form does not have.
    """
    if template.report is None:
        return ReportSpec()
    own = read_toml(template.report)
    form = laid(own._replace(shared=own.file != f"{template.id}.report.toml"))
    refuse_shape(form, REPORT)
    refuse_names(form, names_of_template(template), REPORT)
    document, conclusion = form.data["document"], form.data.get("conclusion")
    return ReportSpec(
        body=document["body"],
        figures=document["figures"],
        figures_after=document["figures_after"],
        attachments=tuple(document.get("attachments", ())),
        unit_names=tuple(key for key in document.get("unit_names", ()) if template.has(key)),
        passages=tuple(each for each in form.data.get("passages", ()) if _is_of(template, each)),
        nothing=tuple(each for each in form.data.get("nothing", ()) if _knows_nothing(template, each)),
        conclusion=conclusion if conclusion is not None and _concludes(template, conclusion) else None,
    )


def _is_of(template: Template, passage: Mapping[str, Any]) -> bool:
    stem, columns = (passage["total"], _OF_TOTAL) if "total" in passage else (passage["item"], _OF_ITEM)
    has_rows = "rows" not in passage or passage["rows"] in template.tables
    return has_rows and all(map(template.has, (passage["section"], *(f"{stem}_{column}" for column in columns))))


def _knows_nothing(template: Template, spec: Mapping[str, Any]) -> bool:
    lists = ("zero", "none_of", "all_of", "funds")
    return all(map(template.has, (spec["section"], *(key for name in lists for key in spec[name]))))


def _concludes(template: Template, spec: Mapping[str, Any]) -> bool:
    cells = (spec[name][which] for name in ("score", "grade") for which in ("stated", "computed"))
    return all(map(template.has, (spec["section"], *cells)))
