"""Where a workbook lives: `binding` finds the template's names in it, `file` works on the .xlsx file."""
