"""Programs in which a workbook is open: Excel through xlwings, LibreOffice Calc through UNO."""
