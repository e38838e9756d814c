"""What every task needs, loaded once by the process that the others are forked from."""

from xlperf.audit import run, variants
from xlperf.form import forms
from xlperf.intake import narrative, standing
from xlperf.intake.readers import opening, word
from xlperf.labels import layouts, others
from xlperf.report import against, between
from xlperf.review import task
from xlperf.workbook import several

__all__ = ["against", "between", "forms", "layouts", "narrative", "opening", "others", "run", "several", "standing"]
__all__ += ["task", "variants", "word"]

for _each in (*forms.form_ids(), *forms.elsewhere_ids()):
    forms.load_template(_each)
