"""PDF: the report and the factsheet, typeset by Typst."""
