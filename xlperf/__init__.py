"""Fill and audit the 部门整体支出绩效自评 workbook."""

__version__ = "0.1.0"
