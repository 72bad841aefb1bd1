"""Metadata for data.overheid.nl: a catalogue with one dataset and its files, by DCAT-AP-NL 3.0.

The standard, with what is required of each class: https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/ (Geonovum), on top
of https://semiceu.github.io/DCAT-AP/releases/3.0.0/. What only the office knows (publisher, contact) comes from its own
file and is left out without it: nothing is made up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from monitor.export.package.standards import PUBLISHER
from monitor.publish.office import Contact, Office, Organisation, missing
from monitor.publish.rdf import Link, Literal, Thing, Value, json_ld, turtle

JSON_LD, TURTLE = "dcat.jsonld", "dcat.ttl"
PROFILE = "https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/"
# The spelling of the list of licences of data.overheid.nl.
CC_BY = "http://creativecommons.org/licenses/by/4.0/deed.nl"
_EU = "http://publications.europa.eu/resource/authority/"
PUBLIC, DUTCH, COUNTRY = f"{_EU}access-right/PUBLIC", f"{_EU}language/NLD", f"{_EU}country/NLD"
# A new edition follows when publishers have new figures: there is no fixed day.
FREQUENCY = f"{_EU}frequency/IRREG"
THEMES = {
    f"{_EU}data-theme/SOCI": "Bevolking en samenleving",
    f"{_EU}data-theme/REGI": "Regio's en steden",
    f"{_EU}data-theme/HEAL": "Gezondheid",
}
KEYWORDS = (
    "brede welvaart", "leefbaarheid", "voorzieningen", "gezondheid", "regio’s", "gemeenten",
    "Nationaal Programma Vitale Regio’s",
)  # fmt: skip
_IANA = "https://www.iana.org/assignments/media-types/"
# Ending of a file -> name in the European list of file types, media type.
_FORMATS = {"csv": ("CSV", "text/csv"), "zip": ("ZIP", "application/zip")}
_SCHEMAS = {
    "csv": ("https://www.w3.org/TR/tabular-data-primer/", "CSV on the Web"),
    "zip": ("https://specs.frictionlessdata.io/data-package/", "Frictionless Data Package"),
}


HOW = "Geef met --office een bestand op waarin staat wie de gegevens uitgeeft (docs/publicatie.md)."


@dataclass(frozen=True)
class Download:
    """A file to download: its path below the root of the site, title, what is in it, and its size when known."""

    path: str
    title: str
    text: str
    size: int | None = None


@dataclass(frozen=True)
class Described:
    """What the metadata tell.

    Attributes:
        base: full address of the site, ending in '/'.
        edition: name of the edition.
        made: the day on which its figures were made; None when unknown.
        first, last: years of the figures.
        sources: publishers with title of every table, for the provenance.
        page: path of the page about the data.
        method: path of the page about the method.
        text: what the dataset holds, in a few sentences.
    """

    base: str
    edition: str
    made: date | None
    first: int
    last: int
    sources: tuple[str, ...]
    page: str
    method: str
    text: str


def files(about: Described, downloads: Sequence[Download], office: Office | None) -> dict[str, bytes]:
    """The metadata in both forms: name of the file -> content."""
    made = things(about, downloads, office)
    return {JSON_LD: json_ld(made), TURTLE: turtle(made)}


def lacking(office: Office | None, made: date | None) -> list[str]:
    """What the standard asks and nobody has told, in words for a message; empty when the metadata are complete."""
    return [*missing(office), *([] if made else ["de dag van de cijfers"])]


def things(about: Described, downloads: Sequence[Download], office: Office | None) -> list[Thing]:
    """The catalogue, its record, the dataset, its files, and what they name."""
    at = f"{about.base}{TURTLE}"
    names = {k: f"{at}#{k}" for k in ("catalogus", "vermelding", "cijfers", "periode", "herkomst", "rechten")}
    who = _who(at, office)
    files_ = [(f"{at}#bestand-{k}", d) for k, d in enumerate(downloads, 1)]
    day = [("dct:modified", _day(about.made))] if about.made else []
    catalogue = Thing(
        names["catalogus"],
        ("dcat:Catalog",),
        (
            ("dct:title", Literal(f"Gegevens van de {PUBLISHER}")),
            ("dct:description", Literal(f"De open gegevens die de {PUBLISHER} aanbiedt.")),
            *who.links,
            ("foaf:homepage", Link(about.base)),
            ("dct:language", Link(DUTCH)),
            ("dct:license", Link(CC_BY)),
            ("dct:spatial", Link(COUNTRY)),
            *day,
            ("dcat:record", Link(names["vermelding"])),
            ("dcat:dataset", Link(names["cijfers"])),
        ),
    )
    record = Thing(
        names["vermelding"],
        ("dcat:CatalogRecord",),
        (
            ("foaf:primaryTopic", Link(names["cijfers"])),
            ("dct:conformsTo", Link(PROFILE)),
            ("dct:language", Link(DUTCH)),
            *day,
        ),
    )
    # The standard wants a day in the record; without a known one there is none.
    if not about.made:
        catalogue = Thing(
            catalogue.address, catalogue.classes, tuple(s for s in catalogue.said if s[0] != "dcat:record")
        )
    return [
        catalogue,
        *([record] if about.made else []),
        _dataset(about, names, who, [a for a, _ in files_]),
        *(_distribution(address, d, about, names["rechten"]) for address, d in files_),
        *who.things,
        *_shared(about, names),
    ]


def _dataset(about: Described, names: Mapping[str, str], who: _Who, files_: Sequence[str]) -> Thing:
    day = [("dct:modified", _day(about.made))] if about.made else []
    return Thing(
        names["cijfers"],
        ("dcat:Dataset",),
        (
            ("dct:title", Literal(f"{PUBLISHER}: cijfers van regio’s en gemeenten")),
            ("dct:description", Literal(about.text)),
            ("dct:identifier", Literal(names["cijfers"], "")),
            *who.links,
            ("dct:accessRights", Link(PUBLIC)),
            *(("dcat:theme", Link(t)) for t in THEMES),
            *(("dcat:keyword", Literal(k)) for k in KEYWORDS),
            ("dct:language", Link(DUTCH)),
            ("dct:spatial", Link(COUNTRY)),
            ("dct:temporal", Link(names["periode"])),
            ("dct:accrualPeriodicity", Link(FREQUENCY)),
            *(("dct:conformsTo", Link(address)) for address, _ in _SCHEMAS.values()),
            ("dct:provenance", Link(names["herkomst"])),
            ("dcat:version", Literal(about.edition, "")),
            *day,
            ("dcat:landingPage", Link(about.base + about.page)),
            ("foaf:page", Link(about.base + about.method)),
            *(("dcat:distribution", Link(a)) for a in files_),
        ),
    )


def _distribution(address: str, d: Download, about: Described, rights: str) -> Thing:
    ending = d.path.rsplit(".", 1)[-1]
    name, media = _FORMATS[ending]
    # A figure as CSV is an ordinary file, without a scheme of its own.
    packed: list[tuple[str, Value]] = (
        [("dct:conformsTo", Link(_SCHEMAS["zip"][0])), ("dct:rights", Link(rights))] if ending == "zip" else []
    )
    size = [("dcat:byteSize", Literal(str(d.size), "nonNegativeInteger"))] if d.size is not None else []
    return Thing(
        address,
        ("dcat:Distribution",),
        (
            ("dct:title", Literal(d.title)),
            ("dct:description", Literal(d.text)),
            ("dcat:accessURL", Link(about.base + d.path)),
            ("dcat:downloadURL", Link(about.base + d.path)),
            ("dct:license", Link(CC_BY)),
            ("dct:format", Link(f"{_EU}file-type/{name}")),
            ("dcat:mediaType", Link(_IANA + media)),
            ("dct:language", Link(DUTCH)),
            *size,
            *packed,
        ),
    )


@dataclass(frozen=True)
class _Who:
    """Publisher, maker and contact: what things say of them, and they themselves."""

    links: tuple[tuple[str, Value], ...]
    things: tuple[Thing, ...]


def _who(at: str, office: Office | None) -> _Who:
    if office is None:
        return _Who((), ())
    publisher = _agent(f"{at}#uitgever", office.uitgever)
    maker = _agent(f"{at}#vervaardiger", office.vervaardiger) if office.vervaardiger else publisher
    links: list[tuple[str, Value]] = [("dct:publisher", Link(publisher.address)), ("dct:creator", Link(maker.address))]
    made = [publisher, *([maker] if maker is not publisher else [])]
    if office.contact:
        made.append(_contact(f"{at}#contact", office.contact))
        links.append(("dcat:contactPoint", Link(made[-1].address)))
    return _Who(tuple(links), tuple(made))


def _agent(address: str, o: Organisation) -> Thing:
    return Thing(o.adres or address, ("foaf:Agent",), (("foaf:name", Literal(o.naam)),))


def _contact(address: str, c: Contact) -> Thing:
    said: list[tuple[str, Value]] = [("vcard:fn", Literal(c.naam))]
    said += [("vcard:hasURL", Link(c.pagina))] if c.pagina else []
    said += [("vcard:hasEmail", Link(f"mailto:{c.email}"))] if c.email else []
    return Thing(address, ("vcard:Kind", "vcard:Organization"), tuple(said))


def _shared(about: Described, names: Mapping[str, str]) -> list[Thing]:
    """What is named by address, with its class: a reader of this file alone can check every value."""
    told = "; ".join(about.sources)
    rights = (
        "Cijfers van CBS en partners: CC BY 4.0. Cijfers van Eurostat: hergebruik met bronvermelding. "
        "Teksten: zie LICENTIE.txt in het pakket."
    )
    return [
        Thing(
            names["periode"],
            ("dct:PeriodOfTime",),
            (
                ("dcat:startDate", Literal(f"{about.first}-01-01", "date")),
                ("dcat:endDate", Literal(f"{about.last}-12-31", "date")),
            ),
        ),
        Thing(names["herkomst"], ("dct:ProvenanceStatement",), (("rdfs:label", Literal(f"Bewerkt uit: {told}.")),)),
        Thing(names["rechten"], ("dct:RightsStatement",), (("rdfs:label", Literal(rights)),)),
        Thing(PUBLIC, ("dct:RightsStatement",)),
        Thing(DUTCH, ("dct:LinguisticSystem",)),
        Thing(COUNTRY, ("dct:Location",)),
        Thing(FREQUENCY, ("dct:Frequency",)),
        Thing(CC_BY, ("dct:LicenseDocument",)),
        Thing(PROFILE, ("dct:Standard",)),
        *(Thing(a, ("dct:Standard",), (("dct:title", Literal(t)),)) for a, t in _SCHEMAS.values()),
        *(Thing(f"{_EU}file-type/{name}", ("dct:MediaTypeOrExtent",)) for name, _ in _FORMATS.values()),
        *(Thing(_IANA + media, ("dct:MediaType",)) for _, media in _FORMATS.values()),
        *(Thing(a, ("skos:Concept",), (("skos:prefLabel", Literal(t)),)) for a, t in THEMES.items()),
        *(Thing(about.base + p, ("foaf:Document",)) for p in ("", about.page, about.method)),
    ]


def _day(day: date | None) -> Literal:
    return Literal(day.isoformat() if day else "", "date")
