"""Record -> the narrative report as .docx, and the tables held against a report that exists."""
