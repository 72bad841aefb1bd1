"""Longer texts on the pages, from the documents that ship with the project."""

from monitor.screens.method_text import judgement_examples, method_text

__all__ = ["judgement_examples", "method_text"]
