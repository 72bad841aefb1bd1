"""What changed in the figures of a region between two editions, in words."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from monitor.definitions import Definitions, Goal, Region
from monitor.export.changed.edition_items import EditionItems
from monitor.export.changed.kinds import (
    Changed,
    ChangeKind,
    Changes,
    Item,
    counted,
    entries_of,
    figures_counted,
    figures_of,
    figures_spoken,
    headline_of,
    joined,
    named,
    names_of,
    ranked,
    reorganised,
    summed_up,
)
from monitor.snapshot.compare import KINDS, Comparison, Kind
from monitor.snapshot.store import Snapshot
from monitor.snapshot.territory import Recomposed

_LEADS: dict[ChangeKind, str] = {
    "nieuw": "Nieuw",
    "herzien": "Herzien",
    "vervallen": "Vervallen",
    "grenzen": "Niet te vergelijken door andere grenzen of indeling",
}


def between_editions(
    definitions: Definitions, old: Snapshot, new: Snapshot, region: Region, goals: Sequence[Goal]
) -> Changes:
    """Say what an edition changed in the figures of a region.

    A revision is told from where a reader can see it: in value or margin at the decimals that the figure shows, or in
    the status. Smaller ones are only counted, in the paragraph. A figure that has a new year and a revised one is told
    under both.

    Args:
        definitions: of the figures, the same for both editions.
        old: the earlier edition.
        new: the later one.
        region: one of the 11.
        goals: whose figures.
    """
    made = EditionItems(definitions, old, new, region, figures_of(definitions, goals))
    items = {kind: made.items(kind) for kind in KINDS}
    done = {x.indicator.id for kind in ("herzien", "grenzen") for x in items[kind]}
    items["herzien"] += made.judged_otherwise(done)
    items = {kind: ranked(found) for kind, found in items.items()}
    areas = _areas(made.comparison, region, made.names)
    entries: list[Changed] = []
    for kind, found in items.items():
        entries += [Changed(kind, sentence) for sentence in (areas if kind == "grenzen" else [])]
        entries += [*entries_of(kind, found), *_undescribed(definitions, made.own, kind)]
    counts = tuple((kind, len(found)) for kind, found in items.items())
    before = f"editie {old.edition}"
    about = f"de {figures_spoken(definitions, goals)} voor {region.spoken}"
    unseen = _unseen(made.unseen)
    if entries:
        paragraph = _paragraph(before, about, items, areas, unseen)
    else:
        paragraph = _nothing(before, about, len(made.indicators), unseen)
    headline = headline_of(before, counts, areas=bool(areas))
    return Changes(old.edition, new.edition, tuple(entries), paragraph, counts, headline)


def _areas(comparison: Comparison, region: Region, names: dict[str, str]) -> list[str]:
    """What changed in the layout of a region, each in one sentence."""
    t = comparison.territory
    own = t.members(region.id) or frozenset(region.codes)
    gone = [v for v in t.vanished if v.code in own or not own.isdisjoint(v.into)]
    if t.compositions[0][region.id] is None:
        # One without known successors may have been a member: those around the region are told.
        corop = dict(zip(t.editions[0].areas["area"], t.editions[0].areas["corop"], strict=True))
        around = {corop.get(c) for c in own}
        gone += [v for v in t.vanished if not v.into and corop[v.code] in around]
    said = reorganised([(v.name, v.date, v.into) for v in gone], names)
    own_changes = (r for r in t.recomposed if r.area == region.id)
    # With the same municipalities it is one of them that got other borders, which the mergers tell.
    for change in (r for r in own_changes if r.lost or r.gained or not r.known):
        said.append(made_up_otherwise(change, region, names))
    return said


def made_up_otherwise(change: Recomposed, region: Region, names: dict[str, str]) -> str:
    """That a region exists of other municipalities than before, in one sentence."""
    name = region.spoken[0].upper() + region.spoken[1:]
    parts = [
        f"{word} {names_of(codes, names)}" for word, codes in (("erbij", change.gained), ("eraf", change.lost)) if codes
    ]
    told = ", ".join(parts) or "welke dat eerder waren, is niet bewaard"
    now, then = (n or "een onbekend aantal" for n in (change.members_after, change.members_before))
    counts = f"{now} {'gemeente' if now == 1 else 'gemeenten'}, eerder uit {then}"
    return f"{name} bestaat in de cijfers nu uit {counts}: {told}."


def _undescribed(definitions: Definitions, cells: pd.DataFrame, kind: ChangeKind) -> list[Changed]:
    """Figures that the definitions do not describe (any more): which goal they served is unknown."""
    known = {i.id for i in definitions.indicators} | {f.id for f in definitions.cross_border}
    number = cells.loc[~cells["indicator"].isin(known) & (cells["kind"] == kind), "indicator"].nunique()
    if not number:
        return []
    what = f"{figures_counted(number)} {'dat' if number == 1 else 'die'} de monitor nu niet beschrijft"
    return [Changed(kind, f"Ook {what}; bij welk doel, is niet bekend.")]


def _paragraph(before: str, about: str, items: dict[Kind, list[Item]], areas: Sequence[str], unseen: str) -> str:
    counts: list[tuple[ChangeKind, int]] = [(kind, len(found)) for kind, found in items.items()]
    what = counted(counts, areas=bool(areas)) or "alleen cijfers die de monitor nu niet beschrijft"
    said = [f"Wat er sinds {before} anders is in {about}: {what}{f'; {unseen}' if unseen else ''}."]
    said += [summed_up(_LEADS[kind], found) for kind, found in items.items() if kind != "grenzen"]
    ground = areas[0].rstrip(".") if areas else ""
    if len(areas) > 1:
        rest = "nog 1 wijziging" if len(areas) == 2 else f"nog {len(areas) - 1} wijzigingen"
        ground = f"{ground} ({rest} in de indeling)"
    lead = _LEADS["grenzen"]
    others = summed_up(f"{ground}; {lead[0].lower()}{lead[1:]}" if ground else lead, items["grenzen"])
    said.append(others or (f"{ground}." if ground else ""))
    verdicts = [x.verdict for found in items.values() for x in found if x.verdict]
    if verdicts:
        said.append(f"Het oordeel tegenover Nederland veranderde bij {named(verdicts)}.")
    else:
        said.append("Bij cijfers die er al waren, bleef het oordeel tegenover Nederland gelijk.")
    return joined(said)


def _nothing(before: str, about: str, number: int, unseen: str) -> str:
    return joined(
        [
            f"Sinds {before} is er niets veranderd in {about}.",
            "Er is geen cijfer nieuw, herzien of vervallen, en de gemeenten zijn dezelfde.",
            f"Vergeleken zijn {figures_counted(number)}, over alle jaren{f'; {unseen}' if unseen else ''}.",
        ]
    )


def _unseen(number: int) -> str:
    if not number:
        return ""
    return f"bij {figures_counted(number)} verschoof alleen iets achter de laatste decimaal die te zien is"
