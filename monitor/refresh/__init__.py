"""Fetch figures anew, check them, and put a new edition in force in one step."""
