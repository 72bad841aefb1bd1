"""Areas and sources in the data package: what a code stands for, and which table a figure comes from."""

from __future__ import annotations

from typing import Any, get_args

import pandas as pd

from monitor.definitions import Definitions, Member
from monitor.definitions.models import Membership
from monitor.export.package.model import CBS, OWN, Column, Table, content_of, link
from monitor.figures.border_spec import COUNTRIES
from monitor.notation import listing
from monitor.snapshot.derive import COUNTRY, ELEVEN, comparable_to
from monitor.snapshot.store import Snapshot

Frame = dict[str, list[str]]
LEVELS = (
    "regio", "elf-regios", "vergelijkbaar", "gemeente", "provincie", "corop", "ggd", "land", "buurgebied", "buurland",
)  # fmt: skip

AREAS = Table(
    "gebieden",
    "De gebieden",
    "Elke regel is een gebied. Bij een gemeente die bij een regio hoort of kan horen, staat welke regio en op welke "
    "grond; een officiële lijst van gemeenten per regio is niet gevonden.",
    "Gebieden en bronnen",
    (
        Column("code", "tekst", "Code van CBS of Eurostat, of de korte naam van een regio.", required=True),
        Column("naam", "tekst", "Naam van het gebied.", required=True),
        Column("niveau", "tekst", "Wat voor gebied het is.", required=True, options=LEVELS),
        Column("regio", "tekst", "De regio waar een gemeente bij hoort of kan horen, of waar het gebied op lijkt."),
        Column(
            "lidmaatschap",
            "tekst",
            "lid: telt mee; kandidaat: onzeker, telt niet mee; niet: hoort er waarschijnlijk niet bij.",
            options=get_args(Membership),
        ),
        Column("zekerheid", "tekst", "Hoe zeker dat is."),
        Column("grond", "tekst", "Waarop dat rust; bij een regio: waarop de samenstelling rust."),
        Column("provincie", "tekst", "De provincie waarin het gebied ligt."),
        Column("corop", "tekst", "Het COROP-gebied waarin de gemeente ligt."),
        Column("ggd", "tekst", "De GGD-regio waarin de gemeente ligt."),
    ),
    ("code",),
    tuple(link(c, "gebieden", "code") for c in ("regio", "provincie", "corop", "ggd")),
    (CBS, OWN),
)
SOURCES = Table(
    "bronnen",
    "De bronnen",
    "Elke regel is een tabel van een uitgever, met licentie en controlegetal van wat wij hebben gelezen.",
    "Gebieden en bronnen",
    (
        Column("bron", "tekst", "Naam van de tabel bij de uitgever, of onze naam voor een bestand.", required=True),
        Column("uitgever", "tekst", "Wie het cijfer uitgeeft.", required=True),
        Column("titel", "tekst", "Titel van de tabel.", required=True),
        Column("adres", "adres", "Pagina van de uitgever.", required=True),
        Column("licentie", "tekst", "Onder welke voorwaarden het mag worden gebruikt.", required=True),
        Column("gewijzigd", "tekst", "Wanneer de uitgever de tabel het laatst wijzigde; leeg: onbekend."),
        Column("opgehaald", "datum", "Op welke dag de tabel is opgehaald; leeg: onbekend."),
        Column("regels", "geheel getal", "Aantal regels dat is gelezen.", required=True, least=0),
        Column("sha256", "tekst", "Controlegetal van het gelezen bestand.", required=True, pattern=r"[0-9a-f]{64}"),
    ),
    ("bron",),
)


def areas(definitions: Definitions, snapshot: Snapshot) -> Frame:
    """Rows of ``AREAS``: regions first, then what they are held against, then all other areas; always all of them."""
    records = [*_regions(definitions, snapshot), *_published(definitions, snapshot), *_abroad(definitions)]
    empty = {c.name: None for c in AREAS.columns}
    return content_of(AREAS, ({**empty, **r} for r in records))


def _regions(definitions: Definitions, snapshot: Snapshot) -> list[dict[str, object]]:
    regions = definitions.regions
    made: list[dict[str, object]] = [
        {"code": r.id, "naam": r.name, "niveau": "regio", "provincie": r.province, "grond": r.ground} for r in regions
    ]
    made.append({"code": ELEVEN, "naam": "De elf regio’s samen", "niveau": "elf-regios"})
    for r in regions:
        alike = [snapshot.names[c] for c in snapshot.comparable(r.id)]
        if alike:
            ground = (
                f"De COROP-gebieden {listing(alike)} samen: die lijken buiten het programma het meest op {r.spoken}."
            )
            name = f"Vergelijkbare gebieden bij {r.spoken}"
            made.append(
                {"code": comparable_to(r.id), "naam": name, "niveau": "vergelijkbaar", "regio": r.id, "grond": ground}
            )
    return made


def _published(definitions: Definitions, snapshot: Snapshot) -> list[dict[str, object]]:
    """The areas of the edition, with the region that a municipality belongs or may belong to."""
    about = {m.code: (r.id, m) for r in definitions.regions for m in r.members}
    within = ("province", "corop", "ggd")
    made = []
    for row in snapshot.areas.to_dict("records"):
        record: dict[str, object] = {"code": row["area"], "naam": row["name"], "niveau": row["level"]}
        record |= dict(zip(("provincie", "corop", "ggd"), (_known(row[c]) for c in within), strict=True))
        made.append(record | _belongs(*about[row["area"]]) if row["area"] in about else record)
    return made


def _belongs(region: str, member: Member) -> dict[str, object]:
    return {
        "regio": region,
        "lidmaatschap": member.membership,
        "zekerheid": member.status,
        "grond": member.ground,
    }


def _known(value: Any) -> str | None:
    return None if pd.isna(value) else str(value) or None


def _abroad(definitions: Definitions) -> list[dict[str, object]]:
    """Areas and countries across the border."""
    made: list[dict[str, object]] = [
        {"code": n.id, "naam": n.name, "niveau": "buurgebied"} for n in definitions.neighbours
    ]
    countries = [(c, name) for c, name in COUNTRIES.items() if not COUNTRY.startswith(c)]
    return made + [{"code": c, "naam": name, "niveau": "buurland"} for c, name in countries]


def sources(definitions: Definitions, snapshot: Snapshot) -> Frame:
    """Rows of ``SOURCES``: the tables that figures come from. Outlines are not in the package, nor their sources."""
    manifest = snapshot.manifest["sources"]
    found = [(t.id, manifest[t.id]) for t in definitions.tables if t.id in manifest]
    return content_of(
        SOURCES,
        (
            {
                "bron": name,
                "uitgever": s["publisher"],
                "titel": s["title"],
                "adres": s["page"],
                "licentie": s["licence"],
                "gewijzigd": s["modified"],
                "opgehaald": s["retrieved"],
                "regels": s["rows"],
                "sha256": s["sha256"],
            }
            for name, s in found
        ),
    )
