"""What an edition is made of, as text for a terminal."""

from __future__ import annotations

from monitor import notation
from monitor.dates import told_noted
from monitor.definitions import Definitions
from monitor.refresh.changelog_counts import described_by
from monitor.refresh.changelog_sources import table_code
from monitor.snapshot import store


def described(definitions: Definitions, edition: store.Snapshot) -> str:
    """Name, date, number of figures, a line per source, and the change log (Dutch).

    Args:
        definitions: which source tables there are.
        edition: the edition.
    """
    made = told_noted(edition.manifest.get("made"))
    follows = edition.manifest.get("follows")
    _, indicators = described_by(definitions, edition)
    lines = [
        f"Editie {edition.edition}, gemaakt op {made}." if made else f"Editie {edition.edition}.",
        f"{notation.number(len(edition.observations), 0)} waarden van {indicators}."
        + (f" Volgde op editie {follows}." if follows else ""),
        "",
        "Bronnen (tabel, titel, stand bij de uitgever, opgehaald):",
    ]
    entries = {table_code(name, entry): entry for name, entry in sorted(edition.manifest["sources"].items())}
    for name, entry in entries.items():
        modified = str(entry.get("modified") or "")[:10] or "onbekend"
        retrieved = str(entry.get("retrieved") or "")[:10] or "uit bestand"
        lines.append(f"  {name:<15} {entry['title']}; {modified}; {retrieved}")
    log = store.changes(edition.folder)
    return "\n".join([*lines, "", log.strip() or "Bij deze editie is er geen wijzigingslog."])
