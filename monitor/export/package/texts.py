"""The texts in the data package for people: what it is, under which terms, how to name it as a source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import yaml

from monitor.export.package.model import CBS, EUROSTAT, LICENCE_FILE, Column, Table
from monitor.export.package.standards import CSVW, DATAPACKAGE, PUBLISHER, About
from monitor.notation import number

README, CITATION, SUMS = "LEESMIJ.md", "CITATION.cff", "SHA256SUMS"
# The editions that 'snapshot build' and 'refresh' make begin with their month or day.
_DATED = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?(?:-|$)")


def citation(edition: str, region: str = "") -> str:
    """How to name the package as a source, in one line."""
    about = f", cijfers van {region}" if region else ""
    return f"{PUBLISHER}{about} (editie {edition}). Datapakket. Bronnen: CBS en partners; over de grens Eurostat."


def licence_txt(about: About) -> bytes:
    """``LICENTIE.txt``: what may be done with which part, and no more than is settled."""
    return f"""{about.title}, editie {about.edition}: licentie en bronvermelding

Dit pakket heeft drie soorten inhoud. Voor elke soort gelden andere voorwaarden.

1. Cijfers van CBS en partners
   waarnemingen-regios.csv, waarnemingen-gemeenten.csv, gewichten.csv, en codes en namen in gebieden.csv.
   {CBS.title}.
   {CBS.path}
   Noem: "Bron: CBS". Partners zijn GGD’en en RIVM (Gezondheidsmonitor), de politie (misdrijven vanaf 2023) en het
   Kadaster (verkoopprijzen); in bronnen.csv staat per tabel de uitgever.
   De Regiomonitor heeft deze cijfers bewerkt: naar de gemeenten van nu omgerekend, opgeteld tot regio’s en naast
   Nederland gelegd. CBS staat niet in voor die bewerking. Noem haar als u de cijfers van een regio of een oordeel
   overneemt: "Bron: CBS; bewerking: {PUBLISHER}, editie {about.edition}".

2. Cijfers van Eurostat
   waarnemingen-grens.csv.
   {EUROSTAT.title}.
   {EUROSTAT.path}
   Noem: "Bron: Eurostat". De waarden zijn niet bewerkt; Nederlandse gebieden hebben hun COROP-code. Eurostat staat niet
   in voor de keuze van gebieden, voor de Nederlandse namen en voor wat hier over de cijfers is gezegd.

3. Teksten van de Regiomonitor
   De andere tabellen: omschrijvingen, welke gemeenten bij een regio horen, en de bevindingen. De bevindingen geven in
   eigen woorden weer wat in de genoemde stukken staat; die stukken zelf zitten niet in dit pakket.
   Voor deze teksten is geen aparte licentie vastgesteld. De broncode van de Regiomonitor vermeldt EUPL-1.2.
   Neemt u teksten over, noem dan "{PUBLISHER}, editie {about.edition}".

Niet in dit pakket: kaarten en omtrekken van gebieden (die van buurlanden zijn van EuroGeographics en hebben andere
voorwaarden), bevindingen die een bureau zelf toevoegde, en het logboek.
""".encode()


def citation_cff(about: About, publishers: Sequence[tuple[str, str, str, str]]) -> bytes:
    """``CITATION.cff`` (Citation File Format 1.2.0), for reference managers.

    Args:
        about: the package as a whole.
        publishers: publisher, title, address and licence of every source.
    """
    dated = _DATED.match(about.edition)
    what = {"title": about.title, "version": about.edition, "license": CBS.name}
    cited: dict[str, object] = {"type": "data", "authors": [{"name": PUBLISHER}], **what}
    content: dict[str, object] = {
        "cff-version": "1.2.0",
        "message": "Noem dit pakket als bron zoals hieronder staat.",
        "type": "dataset",
        **what,
        "authors": [{"name": PUBLISHER}],
        "abstract": about.text,
    }
    if dated:
        year, month, day = dated.groups()
        # An edition often tells only its month; no day is made up.
        cited |= {"year": int(year), "month": int(month)}
        content |= {"date-released": f"{year}-{month}-{day}"} if day else {}
    cited["notes"] = f"De licentie geldt voor de cijfers van CBS en partners; zie {LICENCE_FILE} voor de rest."
    content["preferred-citation"] = cited
    content["references"] = [_reference(*p) for p in publishers]
    head = f"# De licentie geldt voor de cijfers van CBS en partners; zie {LICENCE_FILE} voor de rest.\n"
    # A line is never broken: some readers of this format take a broken one for two.
    return (head + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=10_000)).encode()


def _reference(publisher: str, title: str, address: str, licence: str) -> dict[str, object]:
    known = {"license": CBS.name} if licence == "CC BY 4.0" else {"notes": licence}
    return {"type": "data", "title": title, "authors": [{"name": publisher}], "url": address, **known}


def sums(digests: Mapping[str, str]) -> bytes:
    """``SHA256SUMS``: file -> checksum, as ``sha256sum --check`` reads it."""
    return "".join(f"{digest}  {name}\n" for name, digest in digests.items()).encode()


def readme_md(about: About, tables: Sequence[Table], rows: Mapping[str, int]) -> bytes:
    """``LEESMIJ.md``: what is in the package, how to read it, what a judgement means, and the codebook.

    Args:
        about: the package as a whole.
        tables: in order.
        rows: table -> how many rows it has.
    """
    inside = "\n".join(f"| `{t.file}` | {t.title} | {number(rows[t.name], 0)} |" for t in tables)
    return f"""# {about.title}

{about.text} Dit is editie {about.edition}.

| bestand | wat | regels |
|---|---|---|
{inside}

`{DATAPACKAGE}` beschrijft de tabellen volgens Frictionless Data Package, `{CSVW}` volgens CSV on the Web (W3C).
`{LICENCE_FILE}` zegt wat u ermee mag, `{CITATION}` hoe u het pakket noemt, `{SUMS}` bevat van elk bestand een
controlegetal.

## Hoe het is opgeschreven
De tabellen zijn voor software: komma tussen de velden, **punt als decimaalteken**, geen punt bij duizendtallen, UTF-8.
Een leeg veld betekent onbekend of niet van toepassing, nooit nul. Ja is `true`, nee is `false`. Opent u een tabel in
een rekenblad, kies dan bij het inlezen de punt als decimaalteken; dubbelklikken kan van 5.2 een datum maken.

Waarden zijn niet afgerond. `decimalen` in `indicatoren.csv` zegt hoeveel decimalen iets zeggen.

## Wat het oordeel betekent
In `waarnemingen-regios.csv` staat bij elke regio een `oordeel` naast Nederland. Een verschil moet groot genoeg zijn om
ertoe te doen (`relevant_verschil` in `indicatoren.csv`) en zeker genoeg.

- `gunstiger`, `ongunstiger`: het verschil telt, en het cijfer heeft een gunstige kant (`richting`).
- `hoger`, `lager`: het verschil telt, en het cijfer heeft geen gunstige kant.
- `vergelijkbaar`: het verschil is te klein, of valt binnen de marge. Dat is niet hetzelfde als gelijk.
- `niet te beoordelen`: met de `reden` erbij.

Is `indicatief` waar, dan steunt het oordeel op een schatting: noem het dan 'indicatief gunstiger'. Noem ook een
beperkte dekking (`beperkte_dekking`) en een voorlopig cijfer (`status`), als die er zijn. Bij andere gebieden dan de
elf regio’s is het oordeel leeg.

## Wat u moet weten
- Tel een cijfer alleen op zoals `klasse` in `indicatoren.csv` zegt. Van klasse `geen` is er geen regiocijfer.
- Vergelijk niet over een breuk heen (`breuken.csv`), en kijk bij elk cijfer naar `let_op` en `toont_niet`.
- Staat een cijfer van een gebied in `niet-bruikbaar.csv`, gebruik het dan niet zonder dat erbij te zeggen.
- Gezondheidscijfers zijn niet gecorrigeerd voor leeftijd.
- Cijfers van Eurostat staan apart en hebben geen oordeel. Leg ze niet naast die van CBS.
- Een officiële lijst van gemeenten per regio is niet gevonden; `gebieden.csv` zegt op welke grond een gemeente meetelt.
- Een bevinding is wat iemand zei of opschreef, geen meting.

## Controleren
```sh
frictionless validate {DATAPACKAGE}    # vorm, sleutels en verwijzingen; te installeren met: pip install frictionless
sha256sum --check {SUMS}         # of elk bestand nog is zoals het is gemaakt
```

## Noemen als bron
> {about.citation}

## Wat er in elke kolom staat
{_codebook(tables)}
""".encode()


def _codebook(tables: Sequence[Table]) -> str:
    """All columns of all tables, per group."""
    parts: list[str] = []
    for group in dict.fromkeys(t.group for t in tables):
        parts.append(f"### {group}")
        for t in (t for t in tables if t.group == group):
            links = {c: (k.table, target) for k in t.links for c, target in zip(k.columns, k.targets, strict=True)}
            lines = "\n".join(f"- `{c.name}` ({_kind(c, t, links)}): {c.text}" for c in t.columns)
            parts.append(f"**`{t.file}`** {t.title}. {t.text}\n\n{lines}")
    return "\n\n".join(parts)


def _kind(column: Column, table: Table, links: Mapping[str, tuple[str, str]]) -> str:
    """Kind of a column, whether it is part of the key, and where it points."""
    said: list[str] = [column.kind]
    if column.name in table.key:
        said.append("sleutel")
    elif not column.required:
        said.append("mag leeg zijn")
    if column.name in links:
        said.append("zie {}.csv, `{}`".format(*links[column.name]))
    if column.options and len(column.options) <= 10:
        said.append("een van: " + "; ".join(column.options))
    return ", ".join(said)
