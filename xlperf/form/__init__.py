"""What a form is, as data: cells, tables, relations, the figures in force, and a record of what stands in them."""
