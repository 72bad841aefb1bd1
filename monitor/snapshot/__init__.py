"""Build, read, refresh and replace editions."""
