"""Regiomonitor Brede Welvaart: the domain, free of any user interface."""

__version__ = "0.1.0"
