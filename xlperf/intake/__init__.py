"""Official forms and reports (.docx .xlsx .xls .txt) -> the values of a workbook, and where each came from."""
