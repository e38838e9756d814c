"""Self-evaluations in random layouts: headings composed from words, columns in any order, headers of one row or two.

    python -m tests.layouts [--count 3000] [--seed 14] [--odd] [--files DIR]

Every figure is read back: right, listed as not understood, lost or wrong. `--odd`: headings nobody would call usual,
many of which no words explain. `--files`: also as .xlsx and .docx, written and read.
"""
