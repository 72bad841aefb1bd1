"""Keeping the monitor running: is all well, and a copy of everything that is not in git, to put back."""
