"""Figures of both sides of the border, as rows of an edition."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from monitor.definitions import Definitions
from monitor.snapshot.store import OBSERVATION_COLUMNS
from monitor.sources.shape import Reader

BASIS = "eurostat"


def border_rows(definitions: Definitions, reader: Callable[[str], Reader]) -> pd.DataFrame:
    """Collect the figures of over_de_grens.yaml: columns OBSERVATION_COLUMNS, basis 'eurostat'.

    Areas: COROP regions, the regions across the border that neighbours.yaml names, and the three countries.

    Args:
        definitions: what to collect; at least one figure.
        reader: gives the opened table for a table id.

    Raises:
        SourceInvalid: a table does not hold what a figure asks.
    """
    abroad = {n.id for n in definitions.neighbours}
    parts = []
    for figure in definitions.cross_border:
        table = definitions.table(figure.source.table)
        found = reader(table.id).read(figure.source)
        kept = found[~found["area"].str.fullmatch(r"(?:BE|DE).+") | found["area"].isin(abroad)]
        parts.append(
            kept.assign(
                indicator=figure.id,
                status=[table.status.get(int(y), "definitief") for y in kept["year"]],
                source=table.id,
                basis=BASIS,
                coverage=1.0,
                members=1,
                missing="",
                weight_year=0,
            )[OBSERVATION_COLUMNS]
        )
    return pd.concat(parts, ignore_index=True)
