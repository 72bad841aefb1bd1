"""Files to take along from the site: the data package, per region its figures and factsheet, per figure its numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from monitor import dates
from monitor.definitions import Region
from monitor.export.pack import Materials
from monitor.figures import files
from monitor.figures.spec import ListFigure, Table
from monitor.notation import UNIT_LABELS, number, plain
from monitor.profile import Standing
from monitor.publish.edition import BENCHMARK, Edition
from monitor.state import State

FACTSHEET = "factsheet.pdf"
_HEADERS = ("Cijfer", "Eenheid", "Jaar", "Waarde", "Ondergrens 95%", "Bovengrens 95%", "Nederland", "Oordeel")
_NUMERIC = (False, False, False, True, True, True, True, False)


def package_path(edition: str) -> str:
    """Where the data package stands below the root."""
    return f"gegevens/regiomonitor-brede-welvaart-editie-{edition}.zip"


def package_bytes(ed: Edition) -> bytes:
    """The data package of an edition, as one zip."""
    # Loads what other pages need not wait for.
    from monitor.export.package.package import make_package, zip_bytes

    return zip_bytes(make_package(ed.definitions, ed.snapshot).files)


def region_paths(region: str) -> tuple[str, str]:
    """Where the figures and the factsheet of a region stand below the root."""
    return f"regio/{region}/{region}-cijfers.csv", f"regio/{region}/{FACTSHEET}"


def region_figure(ed: Edition, region: Region) -> ListFigure:
    """All figures of a region in one table."""
    standings = ed.standings[region.id]
    rows = [_row(s) for s in standings]
    used = [ed.snapshot.row(s.indicator.id, region.id, s.year) for s in standings]
    return ListFigure.of(
        f"{region.id}-cijfers",
        f"Alle cijfers van {region.spoken}",
        f"De cijfers van {region.spoken} naast Nederland, met het oordeel.",
        source=ed.composer.source_of(sorted({str(r["source"]) for r in used if r})),
        edition=ed.name,
        link=State("regio", (region.id,)).link(),
        notes=(),
        content=Table(
            _HEADERS, tuple(shown for shown, _ in rows), tuple(kept for _, kept in rows), _NUMERIC,
        ),
    )  # fmt: skip


def region_csv(ed: Edition, region: Region, link: str) -> bytes:
    """All figures of a region as CSV; ``link``: where its page stands."""
    return files.csv_bytes(region_figure(ed, region), link)


def _row(s: Standing) -> tuple[tuple[str, ...], tuple[str, ...]]:
    d = s.indicator.decimals
    about = (s.indicator.full_name, UNIT_LABELS[s.indicator.unit], str(s.year))
    values = (s.value, s.lower, s.upper, s.benchmark)
    shown = tuple("–" if math.isnan(v) else number(v, d) for v in values)
    word = s.judgement.told
    return (*about, *shown, word), (*about, *(plain(v, d) for v in values), word)


def factsheet(ed: Edition, region: Region, app: str, day: date | None = None) -> bytes:
    """The factsheet of a region as PDF.

    Args:
        ed: the edition.
        region: which.
        app: where the app is served, for links in it; may be empty.
        day: of the document; that of the figures by default.

    Raises:
        ExportError: it cannot be made.
    """
    from monitor.export import make
    from monitor.export.choose import basket_for
    from monitor.export.compose import compose_pack

    materials = Materials(ed.definitions, ed.snapshot)
    basket = replace(basket_for(materials, region.id, benchmark=BENCHMARK), documents=("factsheet",))
    pack = compose_pack(materials, basket, app, day or ed.day or dates.today())
    return make.document(pack, materials, "factsheet")


def years(ed: Edition) -> tuple[int, int]:
    """The first and last year of the figures."""
    seen = ed.snapshot.observations["year"]
    return int(seen.min()), int(seen.max())


def sources(ed: Edition) -> tuple[str, ...]:
    """Publisher and title of every table that figures come from."""
    tables: Iterable[dict[str, str]] = ed.snapshot.manifest["sources"].values()
    return tuple(dict.fromkeys(f"{t['publisher']}, {t['title']}" for t in tables))
