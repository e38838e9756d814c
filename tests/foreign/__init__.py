"""Forms of anybody's as openpyxl, XlsxWriter and LibreOffice write them, with what real files have beside the form.

    python -m tests.foreign [--count 40] [--seed 14] [--keep DIR]

Each is marked, marked again, cleared, filled and frozen where it stands: cleared it has its bytes again, and nothing
else in it is touched. What was marked and filled is then opened and calculated anew by LibreOffice.
"""
