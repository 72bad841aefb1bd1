"""Native charts: one description, drawn in PowerPoint, Word and Excel."""
