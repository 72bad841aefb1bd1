"""Choose among findings: by kind, region, theme, goal and words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from monitor.definitions import Finding


def choose(
    findings: Iterable[Finding],
    *,
    kind: str | None = None,
    regions: tuple[str, ...] = (),
    theme: str | None = None,
    goal: int | None = None,
    search: str = "",
) -> tuple[Finding, ...]:
    """Return the findings that fit all that is asked; nothing asked fits all.

    Args:
        findings: to choose from.
        kind: opgave, kenmerk, knelpunt, behoefte, idee, verhaal or spanning.
        regions: findings about any of these, and about all regions; those that name the region come first.
        theme: id of a theme.
        goal: number of a goal.
        search: words that must all occur in title, summary or source, whatever the accents and capitals.
    """
    words = _plain(search).split()
    found = [
        f
        for f in findings
        if (kind is None or f.kind == kind)
        and (not regions or any(f.concerns(r) for r in regions))
        and (theme is None or theme in f.themes)
        and (goal is None or goal in f.goals)
        and all(w in _text(f) for w in words)
    ]
    return tuple(sorted(found, key=lambda f: bool(regions) and f.common))


def _text(f: Finding) -> str:
    return _plain(f"{f.title} {f.summary} {f.source.title} {f.source.section}")


def _plain(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(c for c in split if not unicodedata.combining(c))
