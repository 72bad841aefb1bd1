"""The log of a region: what was tried, what was learned, what changes. Kept in a database of its own."""
