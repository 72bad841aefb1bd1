"""CBS figures in other forms than OData: wide and long files, StatLine exports, the list of areas."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd

from monitor.definitions.models import SourceSpec, SourceTable
from monitor.errors import SourceInvalid
from monitor.sources.shape import combine, named, tidy

_REGION = "Regio's"


class KwbReader:
    """Kerncijfers wijken en buurten of one year: a row per municipality, a column per figure."""

    def __init__(self, table: SourceTable, root: Path) -> None:
        self.table = table
        self.rows = pd.read_csv(root / table.file, dtype={"gemeentecode": str})

    def read(self, spec: SourceSpec) -> pd.DataFrame:
        """Return figures of shape ``FIGURES`` for the year of the table."""
        return combine(spec, self._one, self.table)

    def _one(self, column: str) -> pd.DataFrame:
        if column not in self.rows:
            raise SourceInvalid(f"Tabel {self.table.id} heeft geen kolom '{column}'.", "Controleer 'measures'.")
        return tidy(self.rows["gemeentecode"], int(self.table.year or 0), self.rows[column])


class SeriesReader:
    """Long files: one row per figure, area and year."""

    def __init__(self, table: SourceTable, root: Path) -> None:
        self.table = table
        rows = pd.read_csv(root / table.file, low_memory=False)
        if "maat" in rows:  # population: OData codes in a long file
            rows = rows.rename(columns={"maat": "indicator", "RegioS": "statcode"})
            rows["jaar"] = rows["Perioden"].str[:4].astype("int64")
        self.rows = {str(k): g for k, g in rows.groupby("indicator")}

    def read(self, spec: SourceSpec) -> pd.DataFrame:
        """Return figures of shape ``FIGURES`` for all years, or those of the spec."""
        return combine(spec, self._one, self.table)

    def _one(self, name: str) -> pd.DataFrame:
        rows = named(self.rows, name, self.table)
        return tidy(rows["statcode"], rows["jaar"], rows["waarde"])


class StatlineReader:
    """A StatLine export for one year: Dutch notation, names instead of codes.

    One of these exports doubles its quotes at random places, so quotes are dropped before reading; no header or
    name holds a semicolon.

    Args:
        names: municipality name -> code in the year of the table; the export puts '(gemeente)' behind names
            that a province shares.
    """

    def __init__(self, table: SourceTable, root: Path, names: dict[str, str]) -> None:
        self.table = table
        text = (root / table.file).read_text(encoding="utf-8-sig").replace('"', "")
        rows = pd.read_csv(io.StringIO(text), sep=";", decimal=",")
        if _REGION not in rows:
            raise SourceInvalid(f"Tabel {table.id} heeft geen kolom '{_REGION}'.", "Controleer het bestand.")
        plain = rows[_REGION].str.removesuffix(" (gemeente)")
        rows.insert(0, "area", plain.map({**names, "Nederland": "NL01"}))
        self.rows = rows[rows["area"].notna()]

    def read(self, spec: SourceSpec) -> pd.DataFrame:
        """Return figures of shape ``FIGURES`` for the year of the table; a measure is the end of a header."""
        return combine(spec, self._one, self.table)

    def _one(self, ending: str) -> pd.DataFrame:
        found = [c for c in self.rows.columns if c == ending or c.endswith("/" + ending)]
        if len(found) != 1:
            raise SourceInvalid(
                f"Tabel {self.table.id}: {len(found)} kolommen eindigen op '{ending}'.",
                "Controleer 'measures'.",
            )
        filled = self.rows[self.rows[found[0]].notna()]
        return tidy(filled["area"], int(self.table.year or 0), filled[found[0]])


class AreasReader:
    """Gebieden in Nederland: municipality -> COROP, province, GGD region and inhabitants, per year."""

    def __init__(self, table: SourceTable, root: Path) -> None:
        self.table = table
        self.rows = pd.read_csv(root / table.file)

    def read(self, spec: SourceSpec) -> pd.DataFrame:
        """Return figures of shape ``FIGURES`` on the layout of each year, with totals per province and country."""
        return combine(spec, self._one, self.table)

    def _one(self, column: str) -> pd.DataFrame:
        parts = [tidy(self.rows["statcode"], self.rows["jaar"], self.rows[column])]
        # Summed within each year's own layout, so that no reorganisation can bend a total.
        for area in (self.rows["provincie"], pd.Series("NL01", index=self.rows.index, name="land")):
            total = self.rows.groupby([area, self.rows["jaar"]])[column].sum(min_count=1).reset_index()
            parts.append(tidy(total.iloc[:, 0], total["jaar"], total[column]))
        return pd.concat(parts, ignore_index=True)

    def names(self, year: int) -> dict[str, str]:
        """Return municipality name -> code in a year."""
        rows = self.rows[self.rows["jaar"] == year]
        return dict(zip(rows["statnaam"], rows["statcode"], strict=True))

    def areas(self) -> pd.DataFrame:
        """Return the current layout: code, name, level, corop, province, ggd; one row per area.

        Levels: gemeente (342), corop (40), provincie (12), ggd (25).
        """
        rows = self.rows[self.rows["jaar"] == self.rows["jaar"].max()]
        municipal = pd.DataFrame(
            {
                "area": rows["statcode"],
                "name": rows["statnaam"],
                "level": "gemeente",
                "corop": rows["corop"],
                "province": rows["provincie"],
                "ggd": rows["ggd"],
            }
        )
        parts = [municipal]
        for code, name, level in (
            ("corop", "corop_naam", "corop"),
            ("provincie", "provincie_naam", "provincie"),
            ("ggd", "ggd_naam", "ggd"),
        ):
            pairs = rows[[code, name]].drop_duplicates(code)
            parts.append(pd.DataFrame({"area": pairs[code], "name": pairs[name], "level": level}))
        parts.append(pd.DataFrame({"area": ["NL01"], "name": ["Nederland"], "level": ["land"]}))
        return pd.concat(parts, ignore_index=True).fillna("").sort_values("area", ignore_index=True)
