"""The change log of a new edition, in Dutch: what was fetched, what is new, revised or gone, and what stood out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd

from monitor.dates import HOME, told_date
from monitor.definitions import Definitions
from monitor.export.changed.editions import made_up_otherwise
from monitor.export.changed.kinds import names_of, reorganised
from monitor.notation import alphabetical, listing, number
from monitor.refresh.changelog_figures import Told, new_years, own_cells
from monitor.refresh.models import Notice
from monitor.snapshot.compare import Comparison
from monitor.snapshot.store import Snapshot
from monitor.sources.statline.service import published_at

# So many remarks of the checks are told; the others are counted.
_REMARKS = 30
# So many figures with the same remark are named.
_SAME = 3
_SEVERITY = {"onmogelijk": 0, "onwaarschijnlijk": 1, "opmerking": 2}


def headline(comparison: Comparison) -> str:
    """All that changed in one sentence, for a terminal or a banner.

    '3 nieuwe jaren, 120 herziene en 2 vervallen cijfers in 4 indicatoren.' A year counts once per indicator; a figure
    is one value of an area and a year, and counts as revised when a reader can see it. Areas that are only made to
    compare with (regions with a candidate counted in, comparable regions) are left out.
    """
    cells = own_cells(comparison)
    years = new_years(comparison)
    fresh = cells[cells["kind"] == "nieuw"]
    pairs = pd.MultiIndex.from_frame(fresh[["indicator", "year"]])
    more = len(fresh) - int(pairs.isin([(i, y) for i, found in years.items() for y in found]).sum())
    seen = cells["visible"] & (cells["kind"] != "nieuw")
    counts = [
        (more, "nieuw", "nieuwe"),
        (int((seen & (cells["kind"] == "herzien")).sum()), "herzien", "herziene"),
        (int((cells["kind"] == "vervallen").sum()), "vervallen", "vervallen"),
        (int((seen & (cells["kind"] == "grenzen")).sum()), "anders begrensd", "anders begrensde"),
    ]
    told = [(n, one if n == 1 else many) for n, one, many in counts if n]
    number_of_years = sum(map(len, years.values()))
    parts = [f"{number(number_of_years, 0)} {'nieuw jaar' if number_of_years == 1 else 'nieuwe jaren'}"]
    parts = parts if number_of_years else []
    parts += [f"{number(n, 0)} {word}" for n, word in told]
    if not parts:
        t = comparison.territory
        moved = t.vanished or t.appeared or t.recomposed
        return "De indeling van gebieden is anders; geen cijfer veranderde." if moved else "Er veranderde geen cijfer."
    if told:
        parts[-1] += " cijfer" if told[-1][0] == 1 else " cijfers"
    changed = pd.concat([cells.loc[seen, "indicator"], fresh["indicator"]]).nunique()
    return f"{listing(parts)} in {number(changed, 0)} {'indicator' if changed == 1 else 'indicatoren'}."


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
    told = Told(definitions, comparison, old, new)
    parts = [
        ("", _head(comparison, old, new)),
        ("Opgehaald", _fetched(fetched, old)),
        ("Nieuw", told.fresh()),
        ("Herzien", told.revised()),
        ("Vervallen", told.withdrawn()),
        ("Andere gebieden", [*_areas(definitions, comparison, old, new), *told.by_boundaries()]),
        ("Wat de controles opmerkten", remarks(notices)),
        ("Wat gelijk bleef", told.same()),
    ]
    blocks = [f"# Wijzigingen in editie {new.edition}"]
    for heading, lines in parts:
        if lines:
            blocks.append("\n".join([f"## {heading}\n"] * bool(heading) + list(lines)))
    return "\n\n".join(blocks) + "\n"


def _head(comparison: Comparison, old: Snapshot, new: Snapshot) -> list[str]:
    made, before = _made(new), _made(old)
    when = f"Editie {new.edition} is gemaakt op {made}." if made else f"Dit is editie {new.edition}."
    since = f" De vorige editie is {old.edition}{f', van {before}' if before else ''}."
    return [f"{when}{since}", "", f"**{headline(comparison)}**"]


def _made(edition: Snapshot) -> str:
    """The day on which an edition was made, as its manifest or else its name tells; '' when neither does."""
    for text in (str(edition.manifest.get("made") or ""), edition.edition[:10]):
        if day := _day(text):
            return day
    return ""


def _day(text: str) -> str:
    """The day in Dutch words of a moment as a manifest writes it (ISO 8601); '' when it is none."""
    try:
        if len(text) == 10:
            return told_date(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return told_date((moment.astimezone(HOME) if moment.tzinfo else moment).date())


def _fetched(fetched: Mapping[str, dict[str, Any]], old: Snapshot) -> list[str]:
    made = []
    for table, entry in sorted(fetched.items()):
        now = str(entry.get("modified") or "")
        then = published_at(str(old.manifest["sources"].get(table, {}).get("modified") or ""))
        told = [f"bijgewerkt op {_day(now)}"] if _day(now) else []
        if now and now == then:
            told.append("dezelfde versie als in de vorige editie")
        elif _day(then):
            told.append(f"in de vorige editie de versie van {_day(then)}")
        else:
            told.append("van de versie in de vorige editie is de datum niet bekend")
        title = str(entry.get("title") or "")
        made.append(f"- {_plain(title) or 'Tabel'} ({table}): {'; '.join(told)}.")
    return made


def _plain(text: str) -> str:
    """A text of elsewhere on one line, without signs that Markdown would read."""
    return " ".join(text.replace("*", " ").replace("`", " ").replace("#", " ").replace("|", " ").split())


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
        more = f" en nog {others} cijfer{'s' if others > 1 else ''}" if others > 0 else ""
        lead = f"**{'; '.join(named[:_SAME])}{more}**: " if named else ""
        lines.append(f"- {lead}{text}")
    rest = len(lines) - _REMARKS
    return [
        *lines[:_REMARKS],
        *([f"- En nog {number(rest, 0)} opmerking{'en' if rest > 1 else ''}."] if rest > 0 else []),
    ]
