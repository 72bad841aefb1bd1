"""Outlines of the regions across the border from Eurostat's GISCO distribution service.

One file holds all NUTS 3 regions of Europe (``NUTS_RG_03M_2021_4326_LEVL_3.geojson``, degrees, x before y) with the
properties ``NUTS_ID``, ``CNTR_CODE`` and ``NAME_LATN``; kept are Belgium and Germany. The definitions name regions of
NUTS 2021, so that year stays whatever the year of the municipalities. Source: https://gisco-services.ec.europa.eu.
"""

from __future__ import annotations

import re

from monitor.errors import SourceInvalid
from monitor.sources.outlines import Outlines, of_features
from monitor.sources.statline.web import NotThere, Web

NUTS_YEAR = 2021
PATH = f"/distribution/v2/nuts/geojson/NUTS_RG_03M_{NUTS_YEAR}_4326_LEVL_3.geojson"
COUNTRIES = ("BE", "DE")
_WHAT = f"Grenzen van buurlanden, NUTS {NUTS_YEAR} (GISCO)"
_LATER = "Probeer het later opnieuw; de grenzen die er al zijn blijven in gebruik."


def file_url(base: str) -> str:
    """Where the file is, below the address of the service."""
    return base.rstrip("/") + PATH


def fetch_neighbours(web: Web, named: tuple[str, ...] = ()) -> Outlines:
    """Fetch the NUTS 3 regions of Belgium and Germany.

    Args:
        web: asks; ``web.settings.gisco_url`` is the service.
        named: codes that must be there.

    Returns:
        Codes, names, and polygons in degrees (EPSG:4326).

    Raises:
        SourceUnavailable: the service cannot be reached.
        SourceInvalid: another form than expected, or a named region is not there.
    """
    try:
        answer = web.get_json(file_url(web.settings.gisco_url), _WHAT)
    except NotThere:
        raise SourceInvalid(
            f"{_WHAT}: het bestand is bij GISCO niet op het bekende adres te vinden.",
            "Controleer REGIOMONITOR_GISCO_URL; klopt dat, dan heeft Eurostat de dienst veranderd.",
        ) from None
    features = answer.get("features")
    if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
        raise SourceInvalid(f"{_WHAT}: het antwoord is geen lijst van gebieden.", _LATER)
    about = [(f, f.get("properties")) for f in features]
    kept = [f for f, p in about if isinstance(p, dict) and str(p.get("CNTR_CODE")) in COUNTRIES]
    # Coarser levels would cover the regions; the file of level 3 has none, but a service may answer with another.
    regions = [f for f in kept if re.fullmatch(r"(BE|DE)[0-9A-Z]{3}", str(f["properties"].get("NUTS_ID", "")))]
    outlines = of_features(regions, "NUTS_ID", "NAME_LATN", _WHAT)
    missing = sorted(set(named) - set(outlines.codes))
    if missing or {c[:2] for c in outlines.codes} != set(COUNTRIES):
        told = ", ".join(missing) or "een van de buurlanden"
        raise SourceInvalid(f"{_WHAT}: {told} ontbreekt.", _LATER)
    return outlines
