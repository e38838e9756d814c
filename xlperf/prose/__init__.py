"""Official Chinese prose: the figures it states, score and grade, amounts of projects, and the years it names.

One reader for the audit of a workbook's text and for the import of a report.
"""

from xlperf.prose.clauses import Statement
from xlperf.prose.statements import statements

__all__ = ["Statement", "statements"]
