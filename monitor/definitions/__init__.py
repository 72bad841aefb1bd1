"""Typed definitions: what is measured, how it may be added up, who belongs to which region, what was said."""

from monitor.definitions.loader import Definitions, load
from monitor.definitions.models import Finding, Goal, Indicator, Member, Quantity, Region, SourceTable, Theme

__all__ = [
    "Definitions",
    "Finding",
    "Goal",
    "Indicator",
    "Member",
    "Quantity",
    "Region",
    "SourceTable",
    "Theme",
    "load",
]
