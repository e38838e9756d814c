"""Many forms at once: gathered from folders and archives, audited unit by unit, told in one summary workbook."""
