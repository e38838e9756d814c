"""`python -m xlperf.cli`."""

from xlperf.cli import main

main()
