"""The workbook that is open in LibreOffice Calc, through UNO."""
