"""The change log of a new edition, in Dutch: what was fetched, what is new, revised or gone, and what stood out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from monitor.dates import told_noted
from monitor.definitions import Definitions
from monitor.export.changed.editions import made_up_otherwise
from monitor.export.changed.kinds import names_of, reorganised
from monitor.notation import alphabetical, number
from monitor.refresh.changelog_counts import Counts, counts_of
from monitor.refresh.changelog_figures import Told
from monitor.refresh.changelog_sources import fetched_lines, outline_lines, told_day
from monitor.refresh.models import Notice
from monitor.snapshot.compare import Comparison
from monitor.snapshot.store import Snapshot

# So many remarks of the checks are told; the others are counted.
_REMARKS = 30
# So many figures with the same remark are named.
_SAME = 3
_SEVERITY = {"onmogelijk": 0, "onwaarschijnlijk": 1, "opmerking": 2}


def headline(comparison: Comparison) -> str:
    """All that changed in one sentence, for a terminal or a banner.

    '3 nieuwe jaren, 120 herziene en 2 vervallen waarden in 4 indicatoren.' A year counts once per indicator; a value is
    that of an indicator in an area and a year, and counts as revised when a reader can see it. Areas that are only made
    to compare with (regions with a candidate counted in, comparable regions) are left out.
    """
    return counts_of(comparison).headline


def change_log(
    definitions: Definitions,
    comparison: Comparison,
    notices: Sequence[Notice],
    old: Snapshot,
    new: Snapshot,
    fetched: Mapping[str, dict[str, Any]],
) -> str:
    """The change log of an edition as Markdown: level-2 headings, lists, and nothing else.

    Args:
        definitions: the same for both editions.
        comparison: what differs; the one truth of it.
        notices: what the checks found.
        old: the edition before.
        new: the new one.
        fetched: table id -> manifest entry (title, modified, ...) of what was fetched; empty when unknown.
    """
    counts = counts_of(comparison)
    told = Told(definitions, counts, old, new)
    parts = [
        ("", _head(counts, old, new)),
        ("Opgehaald", fetched_lines(fetched, old, new)),
        ("Grenzen op de kaart", outline_lines(old, new)),
        ("Nieuw", told.fresh()),
        ("Herzien", told.revised()),
        ("Vervallen", told.withdrawn()),
        ("Andere gebieden", [*_areas(definitions, comparison, old, new), *told.by_boundaries()]),
        ("Wat de controles opmerkten", remarks(notices)),
        ("Wat gelijk bleef", told.same()),
    ]
    title = f"Editie {new.edition}, vergeleken met editie {old.edition}"
    if _follows(old, new):
        title = f"Wijzigingen in editie {new.edition}"
    elif old.edition == new.edition:
        title = f"Editie {new.edition}"
    blocks = [f"# {title}"]
    for heading, lines in parts:
        if lines:
            blocks.append("\n".join([f"## {heading}\n"] * bool(heading) + list(lines)))
    return "\n\n".join(blocks) + "\n"


def _head(counts: Counts, old: Snapshot, new: Snapshot) -> list[str]:
    made, before = _made(new), _made(old)
    if made == before:  # of one day, the time tells which came first
        made, before = (told_noted(e.manifest.get("made")) or day for e, day in ((new, made), (old, before)))
    when = f"Editie {new.edition} is gemaakt op {made}." if made else f"Dit is editie {new.edition}."
    if old.edition == new.edition:
        return [f"{when} Dat is twee keer dezelfde editie."]
    lead = "De vorige editie is" if _follows(old, new) else "Vergeleken met editie"
    since = f" {lead} {old.edition}{f', van {before}' if before else ''}."
    if _follows(new, old):
        since += f" Dat is de editie die op {new.edition} volgde: wat hier nieuw heet, is daar dus vervallen."
    more = ["", counts.explained] if counts.explained else []
    return [f"{when}{since}", "", f"**{counts.headline}**", *more]


def _follows(old: Snapshot, new: Snapshot) -> bool:
    """Whether an edition was made in the place of the other, as its manifest says."""
    return new.manifest.get("follows") == old.edition and old.edition != new.edition


def _made(edition: Snapshot) -> str:
    """The day on which an edition was made, as its manifest or else its name tells; '' when neither does."""
    return told_day(edition.manifest.get("made")) or told_day(edition.edition[:10])


def _areas(definitions: Definitions, comparison: Comparison, old: Snapshot, new: Snapshot) -> list[str]:
    t = comparison.territory
    names = {**old.names, **new.names}
    made = reorganised([(v.name, v.date, v.into) for v in t.vanished], names)
    if t.appeared:
        verb = "is een nieuwe gemeente" if len(t.appeared) == 1 else "zijn nieuwe gemeenten"
        made.append(f"{names_of(t.appeared, names)} {verb}.")
    regions = {r.id: r for r in definitions.regions}
    # With the same municipalities it is one of them that got other borders, which the mergers tell.
    changed = [r for r in t.recomposed if r.area in regions and (r.lost or r.gained or not r.known)]
    made += [made_up_otherwise(r, regions[r.area], names) for r in changed]
    return [f"- {sentence}" for sentence in made]


def remarks(notices: Sequence[Notice]) -> list[str]:
    """What the checks found as lines of a list; the same remark about several figures stands once."""
    same: dict[str, list[str]] = {}
    for n in sorted(notices, key=lambda n: _SEVERITY[n.severity]):
        name, colon, text = n.text.partition(": ")
        same.setdefault(text if colon else n.text, []).append(name if colon else "")
    lines = []
    for text, names in same.items():
        named = sorted({n for n in names if n}, key=alphabetical)
        others = len(named) - _SAME
        more = f" en nog {others} {'andere' if others > 1 else 'ander'}" if others > 0 else ""
        lead = f"**{'; '.join(named[:_SAME])}{more}**: " if named else ""
        lines.append(f"- {lead}{text}")
    rest = len(lines) - _REMARKS
    return [
        *lines[:_REMARKS],
        *([f"- En nog {number(rest, 0)} opmerking{'en' if rest > 1 else ''}."] if rest > 0 else []),
    ]
