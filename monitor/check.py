"""Hold definitions, findings and edition against each other: complete, and in agreement."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from monitor.definitions import Definitions
from monitor.dialogue.own import own_findings
from monitor.errors import DefinitionError
from monitor.search.terms import read_terms
from monitor.snapshot.derive import COUNTRY
from monitor.snapshot.store import Snapshot

NINE, FIVE = 9, 5


@dataclass(frozen=True)
class Report:
    """What ``check`` found: counts to print, problems (empty when all is well), and what an office should mend."""

    counts: tuple[tuple[str, int], ...]
    problems: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def check(definitions: Definitions, snapshot: Snapshot, own: Path | None = None) -> Report:
    """Check that definitions and edition fit.

    Args:
        definitions: what ships with the monitor.
        snapshot: the edition in force.
        own: folder of the findings that offices added; a fault in it is theirs and no problem of the monitor.

    Returns:
        Counts, problems and warnings, all in Dutch.
    """
    problems: list[str] = []
    regions = [r.id for r in definitions.regions]
    known = set(snapshot.municipalities)
    for r in definitions.regions:
        problems += [f"regio '{r.id}': gemeente {c} bestaat niet in deze editie" for c in r.codes if c not in known]
        problems += [
            f"regio '{r.id}': {m.code} heet in deze editie {snapshot.names[m.code]}, niet {m.name}"
            for m in r.members
            if m.code in known and snapshot.names[m.code] != m.name
        ]
    problems += [
        f"samenstelling '{case.id}': gemeente {c} bestaat niet in deze editie"
        for case in definitions.compositions
        for c in case.add
        if c not in known
    ]
    defined = {i.id for i in definitions.indicators} | {f.id for f in definitions.cross_border}
    for extra in sorted(set(snapshot.observations["indicator"].astype(str)) - defined):
        problems.append(f"de editie heeft cijfers over '{extra}', dat geen definitie heeft")
    wide = long = 0
    for i in definitions.indicators:
        rows = snapshot.indicator(i.id)
        if rows.empty:
            problems.append(f"indicator '{i.id}' heeft geen cijfers in deze editie")
            continue
        valued = rows[rows["area"].isin(regions) & rows["value"].notna()]
        if i.aggregation.kind == "geen":
            if len(valued):
                problems.append(f"indicator '{i.id}' heeft klasse 'geen' en toch een regiocijfer")
            continue
        last = max(snapshot.years(i.id))
        if (valued["year"] == last).sum() >= NINE:
            wide += 1
        start = max((b.year for b in i.breaks), default=0)
        if valued[valued["year"] >= start]["year"].nunique() >= FIVE:
            long += 1
        if snapshot.row(i.id, COUNTRY, last) is None:
            problems.append(f"indicator '{i.id}' heeft geen cijfer voor Nederland in {last}")
        judged = i.relevant_difference or i.id in snapshot.manifest["relevant_differences"]
        if len(valued) and not judged:
            problems.append(f"indicator '{i.id}' heeft geen kleinste relevante verschil")
        years = snapshot.years(i.id)
        idle = [b.year for b in i.breaks if not years[0] < b.year <= years[-1]]
        problems += [f"indicator '{i.id}': breukjaar {y} ligt niet tussen twee jaren met cijfers" for y in idle]
    problems += _border(definitions, snapshot)
    problems += _search_words(definitions, snapshot)
    silent = [r.id for r in definitions.regions if not any(r.id in f.regions for f in definitions.findings)]
    problems += [f"regio '{s}' heeft geen enkele eigen bevinding" for s in silent]
    counts = (
        ("indicatoren", len(definitions.indicators)),
        (f"met een waarde in {NINE} of meer van de {len(regions)} regio’s", wide),
        (f"met {FIVE} of meer vergelijkbare jaren", long),
        ("cijfers van over de grens", len(definitions.cross_border)),
        ("regio’s", len(regions)),
        ("gemeenten in een regio", sum(len(r.codes) for r in definitions.regions)),
        ("bevindingen", len(definitions.findings)),
        ("waarvan spanningen", sum(f.kind == "spanning" for f in definitions.findings)),
        ("lopende trajecten", len(definitions.programmes)),
        ("regio’s met een ingevuld register van trajecten", len({p.region for p in definitions.programmes})),
        ("waarnemingen", len(snapshot.observations)),
    )
    warnings = own_findings(own, definitions).problems if own else ()
    return Report(counts, tuple(problems), tuple(f"{w.message} {w.way_out}" for w in warnings))


def _search_words(definitions: Definitions, snapshot: Snapshot) -> list[str]:
    """What is wrong with the everyday words for searching."""
    try:
        read_terms([i.id for i in definitions.indicators], snapshot.municipalities)
    except DefinitionError as error:
        return [error.message.rstrip(".")]
    return []


def _border(definitions: Definitions, snapshot: Snapshot) -> list[str]:
    """What is missing at the border: areas without a name, and areas for which a figure has no value in any year."""
    corops = set(snapshot.areas.loc[snapshot.areas["level"] == "corop", "area"])
    problems = [
        f"grensregio '{b.id}': COROP-gebied {c} bestaat niet in deze editie"
        for b in definitions.border_regions
        for c in b.own
        if c not in corops
    ]
    needed = {area for b in definitions.border_regions for area in (*b.own, *b.adjoining)}
    for figure in definitions.cross_border:
        rows = snapshot.indicator(figure.id)
        known = set(rows.loc[rows["value"].notna(), "area"].astype(str))
        problems += [f"cijfer over de grens '{figure.id}' heeft geen waarde voor {a}" for a in sorted(needed - known)]
    return problems
