"""Aggregation, judgement and change: pure functions."""
