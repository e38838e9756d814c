"""The workbook that is open in Excel, through xlwings; what is read and written in few calls."""
