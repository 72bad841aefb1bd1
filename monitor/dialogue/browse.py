"""Choose among findings: by kind, region, theme, goal and words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from monitor.definitions import Finding
from monitor.search.words import Fit, asked_words, fit, words


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
        search: words that must all occur in title, summary or source, as ``search.words`` compares them: whatever the
            accents, capitals and plural, also within a compound.
    """
    found = [
        f
        for f in findings
        if (kind is None or f.kind == kind)
        and (not regions or any(f.concerns(r) for r in regions))
        and (theme is None or theme in f.themes)
        and (goal is None or goal in f.goals)
    ]
    if search.strip():
        found = _with_words(found, asked_words(search))
    return tuple(sorted(found, key=lambda f: bool(regions) and f.common))


def _with_words(findings: list[Finding], asked: list[str]) -> list[Finding]:
    """Those in which every asked word occurs; none when nothing that was asked is a word."""
    left = [(f, _words(_text(f))) for f in findings] if asked else []
    for word in asked:
        fitting = {w for w in frozenset().union(*(own for _, own in left)) if fit(word, w) is not Fit.NONE}
        left = [(f, own) for f, own in left if fitting & own]
    return [f for f, _ in left]


def _text(f: Finding) -> str:
    return f"{f.title} {f.summary} {f.source.title} {f.source.section}"


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(w.plain for w in words(text))
