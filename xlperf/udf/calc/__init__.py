"""The PERF_* functions in LibreOffice Calc: an extension (.oxt) made from the registry."""
