"""Eurostat's regional figures: Dutch NUTS 3 regions become COROP regions, those across the border keep their id."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from monitor.definitions.models import SourceSpec, SourceTable
from monitor.errors import SourceInvalid
from monitor.sources.shape import FIGURES, combine, named

COROPS = 40
# Dutch regions above NUTS 3 are not used; NLZZZ is what Eurostat cannot assign to any region.
_COUNTRIES = {"NL": "NL01", "BE": "BE", "DE": "DE"}
_NUTS3, _ELSEWHERE = 5, "NLZ"


class EurostatReader:
    """One Eurostat table in a long file (``tabel_of_bron, indicator, statcode, jaar, waarde``).

    Areas: CRxx for a Dutch NUTS 3 region (through the list in the table's ``extra_file``), the NUTS id for a Belgian
    or German one, NL01, BE and DE for the countries. The boundaries are those of NUTS 2021.

    Raises:
        SourceInvalid: the file holds nothing of this table, or the list of COROP regions does not fit.
    """

    def __init__(self, table: SourceTable, root: Path) -> None:
        self.table = table
        rows = pd.read_csv(root / table.file, dtype={"statcode": str, "indicator": str})
        rows = rows[rows["tabel_of_bron"] == f"Eurostat {table.id}"]
        if rows.empty:
            raise SourceInvalid(f"Bestand {table.file} heeft geen rijen van tabel {table.id}.", "Controleer 'id'.")
        codes = self._codes(root)
        unknown = sorted(
            c for c in set(rows["statcode"]) - set(codes)
            if len(c) == _NUTS3 and c.startswith("NL") and not c.startswith(_ELSEWHERE)
        )  # fmt: skip
        if unknown:
            raise SourceInvalid(
                f"Tabel {table.id}: {', '.join(unknown[:3])} hoort bij geen COROP-gebied.",
                f"Controleer {table.extra_file}.",
            )
        abroad = rows["statcode"].str.match(r"^(?:BE|DE)[0-9A-Z]{3}$")
        area = rows["statcode"].map(codes).where(~abroad, rows["statcode"])
        rows = rows.assign(area=area)[area.notna()]
        self.rows = {str(k): g for k, g in rows.groupby("indicator")}

    def _codes(self, root: Path) -> dict[str, str]:
        """NUTS 3 region of the Netherlands -> COROP region, and the countries."""
        if not self.table.extra_file:
            raise SourceInvalid(
                f"Tabel {self.table.id} heeft geen lijst van COROP-gebieden.", "Vul 'extra_file' in sources.yaml in."
            )
        pairs = pd.read_csv(root / self.table.extra_file, dtype=str)
        if not {"corop", "nuts3_2021"} <= set(pairs):
            raise SourceInvalid(
                f"{self.table.extra_file} mist de kolom 'corop' of 'nuts3_2021'.", "Controleer het bestand."
            )
        whole = pairs["corop"].is_unique and pairs["nuts3_2021"].is_unique
        if len(pairs) != COROPS or not whole:
            raise SourceInvalid(
                f"{self.table.extra_file} heeft {len(pairs)} regels, of een gebied staat er twee keer in; "
                f"er zijn {COROPS} COROP-gebieden.",
                "Controleer het bestand.",
            )
        return {**dict(zip(pairs["nuts3_2021"], pairs["corop"], strict=True)), **_COUNTRIES}

    def read(self, spec: SourceSpec) -> pd.DataFrame:
        """Return figures of shape ``FIGURES`` for all years, or those of the spec; intervals are not published.

        Raises:
            SourceInvalid: the table does not hold a measure or year, or holds an area twice.
        """
        return combine(spec, self._one, self.table)

    def _one(self, name: str) -> pd.DataFrame:
        rows = named(self.rows, name, self.table)
        frame = pd.DataFrame({"area": rows["area"], "year": rows["jaar"], "value": pd.to_numeric(rows["waarde"])})
        frame["lower"] = frame["upper"] = float("nan")
        return frame[frame["value"].notna()].astype({"year": "int64"})[FIGURES].reset_index(drop=True)
