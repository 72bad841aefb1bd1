"""A figure by reference: the link of the page that shows it, and which of the figures there.

Written as in the address bar, so that a person can read a basket: ``trends?regio=achterhoek&indicator=overgewicht``,
``balans#rangorde``.
"""

from __future__ import annotations

from dataclasses import dataclass

from monitor.figures.spec import Figure


@dataclass(frozen=True)
class Reference:
    """Path and query of a page, and ``part``: which figure there, empty for the first."""

    link: str
    part: str = ""

    def __str__(self) -> str:
        """As it stands in a basket."""
        return f"{self.link}#{self.part}" if self.part else self.link

    @classmethod
    def read(cls, text: str) -> Reference:
        """The reverse of ``str``."""
        link, _, part = text.strip().partition("#")
        return cls(link, part)

    @classmethod
    def to(cls, figure: Figure) -> Reference:
        """How a figure that a page shows is referred to."""
        return cls(figure.link, figure.part)
