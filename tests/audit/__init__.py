"""Tests of the audit."""

TIMES = 1  # how much more `python -m tests.audit` draws than a run of all tests
