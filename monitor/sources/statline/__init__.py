"""Tables of CBS StatLine, fetched from the open data service (protocol v3 or v4)."""
