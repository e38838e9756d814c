"""A form's cells found in any document by the words of its headings."""
