"""What an edition is made of, as text for a terminal."""

from __future__ import annotations

from monitor import notation
from monitor.dates import told_date
from monitor.definitions import Definitions
from monitor.refresh.editions import made_at
from monitor.snapshot import store


def described(definitions: Definitions, edition: store.Snapshot) -> str:
    """Name, date, number of figures, a line per source, and the change log (Dutch).

    Args:
        definitions: which source tables there are.
        edition: the edition.
    """
    made = made_at(edition.manifest.get("made"))
    follows = edition.manifest.get("follows")
    lines = [
        f"Editie {edition.edition}, gemaakt op {told_date(made.date())}." if made else f"Editie {edition.edition}.",
        f"{notation.number(len(edition.observations), 0)} waarnemingen van {len(definitions.indicators)} indicatoren."
        + (f" Volgde op editie {follows}." if follows else ""),
        "",
        "Bronnen (tabel, titel, stand bij de uitgever, opgehaald):",
    ]
    for name, entry in sorted(edition.manifest["sources"].items()):
        modified = str(entry.get("modified") or "")[:10] or "onbekend"
        retrieved = str(entry.get("retrieved") or "")[:10] or "uit bestand"
        lines.append(f"  {name:<12} {entry['title']}; {modified}; {retrieved}")
    log = store.changes(edition.folder)
    return "\n".join([*lines, "", log.strip() or "Bij deze editie is er geen wijzigingslog."])
