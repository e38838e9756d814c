"""The offline page in real browsers; `python -m tests.page` runs the whole set, see there."""
