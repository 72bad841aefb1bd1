"""A page of the static site: what it is called, where it stands, and how its body is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from monitor.figures.spec import Figure


@dataclass(frozen=True)
class Page:
    """One page of the site.

    Attributes:
        path: '' for home, 'regio/achterhoek/', 'cijfer/afstand-ziekenhuis/'; written to <out>/<path>index.html. A path
            that ends in '.html' is the file itself.
        title: what <title>, h1 and Open Graph say.
        description: one plain sentence: what the page says.
        body: HTML of <main>, or what makes it; links in it are those of the app or those of the site from its root.
        app: ``State.link()`` of the same view in the app, '' when there is none.
        figure: the figure that its Open Graph image and its embed draw.
        digest: of all that the page depends on, for incremental builds.
        trail: where the page stands below home, as (path, title) from the top; without the page itself.
    """

    path: str
    title: str
    description: str
    body: Callable[[], str] | str
    app: str = ""
    figure: Figure | None = None
    digest: str = ""
    trail: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)

    @property
    def file(self) -> str:
        """The file of the page below the folder of the site."""
        return self.path if self.path.endswith(".html") else f"{self.path}index.html"

    def html(self) -> str:
        """The body, made now when it is made by a function."""
        return self.body if isinstance(self.body, str) else self.body()


@dataclass(frozen=True)
class File:
    """A file of the site that is no page: a download, a picture, a list for machines.

    Attributes:
        path: below the folder of the site.
        content: the bytes, or what makes them.
        digest: of all that the file depends on.
    """

    path: str
    content: Callable[[], bytes] | bytes
    digest: str = ""

    @property
    def file(self) -> str:
        """Its path, as of a page."""
        return self.path

    def bytes(self) -> bytes:
        """The content, made now when it is made by a function."""
        return self.content if isinstance(self.content, bytes) else self.content()
