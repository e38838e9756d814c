"""A form in a workbook: where its cells are, what the workbook adds to them, and what may be done with it."""
