"""A report of ours that comes back by `xlperf import`: what it wrote by itself is not taken for the user's words."""

from __future__ import annotations

from xlperf.derive.seen import Seen
from xlperf.form.record import record_from_values
from xlperf.form.template import Template
from xlperf.intake.gather import Intake
from xlperf.labels.reading import Passage
from xlperf.report.sections import generated_sections, is_placeholder

_GENERATED = "由各表的数字自动写成的文字，工作簿里不用填"


def without_generated(intake: Intake, template: Template) -> Intake:
    """Leave blank what was blank: sections that say what the figures say by themselves, and 〔请填写：…〕."""
    generated = generated_sections(Seen(record_from_values(intake.values, template)))
    own = {
        entry.key: entry
        for entry in intake.entries
        if is_placeholder(entry.value) or entry.value == generated.get(entry.key)
    }
    if not own:
        return intake
    values = dict(intake.values)
    values["fields"] = {key: value for key, value in values.get("fields", {}).items() if key not in own}
    if "unit_name" in own:
        values.pop("unit_name")
    kept = tuple(Passage(each.place, each.value, _GENERATED) for each in own.values() if not is_placeholder(each.value))
    entries = tuple(entry for entry in intake.entries if entry.key not in own)
    return intake._replace(values=values, entries=entries, kept=(*intake.kept, *kept))
