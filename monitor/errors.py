"""Errors that a user may see: one clear Dutch sentence, and the way out."""

from __future__ import annotations


class MonitorError(Exception):
    """An error with a Dutch message and, where there is one, the way out.

    Args:
        message: what is wrong, naming the file, entry or field concerned.
        way_out: what the user can do about it; empty when nothing helps.
    """

    def __init__(self, message: str, way_out: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.way_out = way_out

    def __reduce__(self) -> tuple[type[MonitorError], tuple[str, str]]:
        """Keep the way out when the error comes from another process."""
        return type(self), (self.message, self.way_out)

    def __str__(self) -> str:
        """Return message and way out in one line."""
        return f"{self.message} {self.way_out}".strip()


class DefinitionError(MonitorError):
    """A file of definitions, findings or programmes, shipped or added by a user, is missing or breaks its schema."""


class UnknownName(MonitorError):
    """A region, indicator, municipality or year that does not exist."""


class SnapshotError(MonitorError):
    """The snapshot is missing, damaged or contradicts its manifest."""


class SettingInvalid(MonitorError):
    """A setting of the environment has a value that cannot work."""


class SourceUnavailable(MonitorError):
    """A publisher could not be reached, after all attempts."""


class SourceInvalid(MonitorError):
    """A publisher or input file answered with something that does not fit."""


class Refused(MonitorError):
    """A rule forbids what was asked: a value that a figure cannot have, or a step that somebody may not take."""


class ExportError(MonitorError):
    """A document cannot be made or written: a basket, template or folder that does not fit."""
