"""Municipal reorganisations in a newer layout: found and named before a series is bent.

Which code is new and which is old? The edition knows the layout of every year from the first of its weights on (2015,
or 2006 once those were fetched); herindelingen.yaml and herindelingen_2006_2015.yaml know who vanished since 2006. A
code of none of these layouts that has a value in a year whose layout is known cannot be of that year's own layout: it
is of a newer one. A code that only has values in earlier years vanished before the layouts that we know: its figures
are left out and bend nothing. Codes without values say nothing: StatLine lists all codes that ever were.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from monitor.definitions import Definitions
from monitor.errors import SourceInvalid
from monitor.notation import listing
from monitor.snapshot.store import Snapshot

LAYOUT_FILE = "data/definitions/herindelingen.yaml"
# What CBS calls 'niet in te delen', 'buitenland' and 'onbekend' has a municipal code as well.
_NO_PLACE = frozenset({*(f"GM{n:04}" for n in range(996, 1000)), *(f"GM{n}" for n in range(9990, 10_000))})
# A part of a municipality's ground above which it went there whole; below the other it is a strip along the border.
WHOLE, STRIP = 0.95, 0.03
_KEEP = "De editie in gebruik blijft zoals zij is."
Ground = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Reorganised:
    """A municipality of which the code vanished (``gone``) or appeared.

    ``name``: '' when unknown. ``known``: herindelingen.yaml has it, if need be as one of which nobody knows where its
    inhabitants went. ``others``: codes it went into, or was made of, as herindelingen.yaml says, else as the map
    shows; empty when unknown. ``regions`` and ``compositions``: ids in the definitions that it
    touches. ``listed``: those of them that still name a code that vanished.
    """

    code: str
    name: str
    gone: bool
    others: tuple[str, ...] = ()
    known: bool = False
    regions: tuple[str, ...] = ()
    compositions: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()


def layout_year(old: Snapshot) -> int:
    """The last year for which an edition's municipal layout is known to hold: of its outlines or its inhabitants."""
    drawn = old.manifest["sources"].get("GRENZEN", {}).get("year") or 0
    counted = old.weights.loc[old.weights["quantity"] == "inwoners", "year"]
    return max(int(drawn), int(counted.max()) if len(counted) else 0)


def vanishing(definitions: Definitions) -> dict[str, str]:
    """Every municipality that herindelingen.yaml lets vanish -> the date (ISO)."""
    layout = definitions.layout
    return {**{r.vanished: r.date for r in layout.reorganisations}, **{r.vanished: r.date for r in layout.unknown}}


def brought(definitions: Definitions, municipalities: Collection[str], year: int) -> frozenset[str]:
    """The municipal layout of 1 January of a year, made of an older one with herindelingen.yaml.

    Who went somewhere that nobody knows is left out.
    """
    steps = {r.vanished: r for r in definitions.layout.reorganisations if r.date <= f"{year}-01-01"}
    ended = {r.vanished for r in definitions.layout.unknown if r.date <= f"{year}-01-01"}
    found, todo, seen = set(), [c for c in municipalities if c not in ended], set()
    while todo:
        code = todo.pop()
        if code in seen:
            continue
        seen.add(code)
        if code in steps:
            todo += [t.code for t in steps[code].to]
        else:
            found.add(code)
    return frozenset(found)


def reorganised(
    definitions: Definitions, old: Snapshot, codes: Mapping[str, str], ground: Ground | None = None
) -> tuple[Reorganised, ...]:
    """Which municipalities vanished and appeared between an edition and a newer layout.

    Args:
        definitions: regions, compositions and reorganisations.
        old: the edition.
        codes: municipal code -> name of the newer layout; '' where the name is unknown.
        ground: per vanished code the newer codes and which part of its ground lies there, as far as a map shows.

    Returns:
        The vanished ones first, by code; empty when the layouts are the same.
    """
    gone = sorted(set(old.municipalities) - set(codes))
    new = sorted(set(codes) - set(old.municipalities))
    steps = {r.vanished: tuple(t.code for t in r.to) for r in definitions.layout.reorganisations}
    given_up = {r.vanished for r in definitions.layout.unknown}
    made: list[Reorganised] = []
    for code in gone:
        ends = brought(definitions, [code], 9999) if code in steps else frozenset()
        told = bool(ends) and ends <= set(codes)
        shown = [c for c, part in (ground or {}).get(code, {}).items() if part > STRIP]
        others = tuple(sorted(ends if told else shown))
        known = told or code in given_up
        made.append(_touched(definitions, Reorganised(code, old.names[code], True, others, known)))
    for code in new:
        origin = tuple(r.code for r in made if code in r.others)
        known = bool(origin) and all(r.known for r in made if code in r.others)
        made.append(_touched(definitions, Reorganised(code, codes[code], False, origin, known)))
    return tuple(made)


def _touched(definitions: Definitions, one: Reorganised) -> Reorganised:
    codes = {one.code, *one.others}
    inside = {r.id: {*r.codes, *(m.code for m in r.candidates)} for r in definitions.regions}
    added = {c.id: set(c.add) for c in definitions.compositions}
    listed = [k for k, own in {**inside, **added}.items() if one.gone and one.code in own]
    return Reorganised(
        one.code,
        one.name,
        one.gone,
        one.others,
        one.known,
        tuple(k for k, own in inside.items() if own & codes),
        tuple(k for k, own in added.items() if own & codes),
        tuple(listed),
    )


def refuse_unknown(
    definitions: Definitions, old: Snapshot, found: tuple[Reorganised, ...], year: int | None = None
) -> None:
    """Refuse a newer layout until the definitions know it.

    Raises:
        SourceInvalid: herindelingen.yaml lacks an entry, or a region or composition still names a municipality that
            vanished; with what to write where.
    """
    if any(not r.known for r in found):
        raise SourceInvalid(*_told(definitions, old, found, year))
    late = [r for r in found if r.listed]
    if late:
        names = listing([_name(r.code, r.name) for r in late])
        where = listing(sorted({_spoken(definitions, k) for r in late for k in r.listed}))
        raise SourceInvalid(
            f"Gemeentelijke herindeling: {names} {_is(late)} verdwenen, maar {where} noemt die gemeente nog.",
            "Zet in data/definitions/regions.yaml en compositions.yaml de nieuwe gemeente in plaats van de oude; "
            "zie docs/grenzen.md.",
        )


def explain(definitions: Definitions, old: Snapshot, found: tuple[Reorganised, ...], year: int | None = None) -> str:
    """One or two Dutch sentences: who vanished and appeared, which regions that touches, and what to write where."""
    return " ".join(_told(definitions, old, found, year)) if found else ""


def _told(definitions: Definitions, old: Snapshot, found: tuple[Reorganised, ...], year: int | None) -> tuple[str, str]:
    gone, new = [r for r in found if r.gone], [r for r in found if not r.gone]
    names = {**old.names, **{r.code: r.name for r in found if r.name}}
    said = []
    for r in gone:
        into = listing([_name(c, names.get(c, "")) for c in r.others])
        said.append(f"{_name(r.code, r.name)} is er niet meer" + (f" en ligt nu in {into}" if into else ""))
    if new:
        said.append(f"{listing([_name(r.code, r.name) for r in new])} {_is(new)} nieuw")
    regions = sorted({r for one in found for r in one.regions})
    cases = sorted({c for one in found for c in one.compositions})
    touched = listing([_spoken(definitions, k) for k in [*regions, *cases]])
    when = f" in {year}" if year else ""
    message = f"Gemeentelijke herindeling{when}: {'; '.join(said)}. " + (
        f"Dat raakt {touched}." if touched else "Dat raakt geen van de elf regio’s."
    )
    entries = "\n".join(entry(r, names, year) for r in gone if not r.known)
    if not entries:
        return message, f"Welke gemeenten hierin zijn opgegaan is onbekend. {_KEEP} Zie docs/grenzen.md."
    # The entries stand last, each on a line of its own, so that they can be copied.
    return message, f"{_KEEP} Zie docs/grenzen.md; vul aan en zet in {LAYOUT_FILE}:\n{entries}"


def entry(one: Reorganised, names: Mapping[str, str], year: int | None = None) -> str:
    """The entry for herindelingen.yaml, on one line of YAML; what is not known says 'onbekend', which is refused."""
    share = "1.0" if len(one.others) == 1 else "onbekend"
    to = [f"{{code: {c}, share: {share}}}" for c in one.others] or ["{code: onbekend, share: onbekend}"]
    date = f"{year}-01-01" if year else "onbekend"
    name = one.name or names.get(one.code) or "onbekend"
    return (
        f'- {{from: {one.code}, name: "{name}", date: {date}, to: [{", ".join(to)}], source: gebieden, '
        'check: "onbekend: inwoners voor en na"}'
    )


def _name(code: str, name: str) -> str:
    return f"{name} ({code})" if name else code


def _is(several: list[Reorganised]) -> str:
    return "is" if len(several) == 1 else "zijn"


def _spoken(definitions: Definitions, key: str) -> str:
    """A region or composition as it stands in a sentence."""
    regions = {r.id: r.spoken for r in definitions.regions}
    cases = {c.id: f"de samenstelling {regions[c.region]} met {c.name}" for c in definitions.compositions}
    return {**cases, **regions}[key]


# -- tables -------------------------------------------------------------------------------------------------


def newer_codes(
    definitions: Definitions, old: Snapshot, rows: pd.DataFrame, current: Collection[str] | None = None
) -> dict[str, int]:
    """Municipal codes in a table that are of a newer layout than the edition, and the last year with a value.

    Args:
        definitions: the reorganisations.
        old: the edition.
        rows: area, year, value, as published (before they are brought to the current layout).
        current: the municipal layout to hold against, when it is newer than that of the edition.
    """
    years = old.weights["year"]
    # One year later: some tables are still on the layout of the year before.
    since = int(years.min()) + 1 if len(years) else 0
    area = rows["area"].astype(str).str.strip()
    valued = rows.assign(area=area)[area.str.match(r"GM\d{4}$") & rows["value"].notna() & (rows["year"] >= since)]
    counted = {str(a) for a in old.weights["area"].unique()}
    own = current if current is not None else old.municipalities
    known = {*own, *counted, *vanishing(definitions), *_NO_PLACE}
    strange = valued[~valued["area"].isin(known)]
    return {str(k): int(v) for k, v in strange.groupby("area")["year"].max().items()}


def pending(
    definitions: Definitions, old: Snapshot, rows: pd.DataFrame, current: Collection[str] | None = None
) -> tuple[str, ...]:
    """Municipalities of the layout that herindelingen.yaml lets vanish, and that have in a table no value since.

    Args:
        definitions: the reorganisations.
        old: the edition.
        rows: area, year, value, as published.
        current: as ``newer_codes``.
    """
    own = set(current if current is not None else old.municipalities)
    area = rows["area"].astype(str).str.strip()
    valued = rows.assign(area=area)[area.str.startswith("GM") & rows["value"].notna()]
    last = int(valued["year"].max()) if len(valued) else 0
    alive = set(valued.loc[valued["year"] == last, "area"])
    ended = {c for c, day in vanishing(definitions).items() if int(day[:4]) <= last}
    return tuple(sorted(ended & own - alive))


def ceased(old: Snapshot, rows: pd.DataFrame, current: Collection[str] | None = None) -> tuple[str, ...]:
    """Municipalities that have no value in a year after the edition's layout, while they had one the year before.

    Only of use for figures that every municipality has, such as inhabitants: who has none ceased to exist, also
    where it became part of a municipality that keeps its code.
    """
    own = set(current if current is not None else old.municipalities)
    area = rows["area"].astype(str).str.strip()
    valued = rows.assign(area=area)[area.isin(own) & rows["value"].notna()]
    found: set[str] = set()
    for year in sorted(y for y in valued["year"].unique() if y > layout_year(old)):
        now, before = (set(valued.loc[valued["year"] == y, "area"]) for y in (year, year - 1))
        found |= before - now
    return tuple(sorted(found))


def check_layout(
    definitions: Definitions,
    old: Snapshot,
    title: str,
    rows: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    current: Collection[str] | None = None,
    complete: bool = False,
) -> None:
    """Refuse a table on a newer municipal layout than that of the edition, before it is used.

    Args:
        definitions: the reorganisations.
        old: the edition.
        title: how a message names the table.
        rows: area, year, value, as published (before ``to_current``).
        names: of codes, where the table tells them.
        current: the municipal layout to hold against, when outlines of a newer year came in the same refresh.
        complete: every municipality has a value in this table (inhabitants): who has none vanished.

    Raises:
        SourceInvalid: with the municipalities, and the way out.
    """
    strange = newer_codes(definitions, old, rows, current)
    gone = (*pending(definitions, old, rows, current), *(ceased(old, rows, current) if complete else ()))
    if not strange and not gone:
        return
    steps = {r.vanished: {t.code for t in r.to} for r in definitions.layout.reorganisations}
    told = {**old.names, **(names or {})}
    parts = [f"nieuw: {listing([_name(c, told.get(c, '')) for c in sorted(strange)])}"] if strange else []
    parts += [f"zonder cijfer: {listing([_name(c, told.get(c, '')) for c in sorted(set(gone))])}"] if gone else []
    message = f"{title}: de cijfers zijn van een nieuwere gemeentelijke indeling dan de editie ({'; '.join(parts)})."
    noted = set(strange) <= {c for to in steps.values() for c in to} and set(gone) <= set(vanishing(definitions))
    way_out = (
        "Ververs eerst de gemeentegrenzen van het nieuwe jaar"
        if noted
        else f"Zet de herindeling in {LAYOUT_FILE} en ververs dan de gemeentegrenzen van het nieuwe jaar"
    )
    raise SourceInvalid(message, f"{way_out}; zie docs/grenzen.md. {_KEEP}")
