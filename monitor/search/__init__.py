"""Search in Dutch: how words match, the index over everything in the monitor, and what is in it."""
