"""Regionale Monitor Brede Welvaart: an edition's figures for municipalities and provinces."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from monitor.definitions.models import SourceSpec, SourceTable
from monitor.sources.shape import FIGURES, combine, tidy


class RmbwReader:
    """Figures of one edition: municipalities by CBS indicator code, provinces by English label.

    The two files join by neither code nor label, so an indicator names both: ``measures`` (the code) and
    ``province_label``. Provinces carry 95% margins for survey indicators.
    """

    def __init__(self, table: SourceTable, root: Path) -> None:
        self.table = table
        self.municipalities = pd.read_csv(root / table.file, dtype={"statcode": str, "indicator": str})
        self.provinces = pd.read_csv(root / str(table.extra_file), dtype={"statcode": str})
        # The edition spells one word in two ways.
        self.provinces["label_en"] = self.provinces["label_en"].str.replace("neighborhood", "neighbourhood")

    def read(self, spec: SourceSpec) -> pd.DataFrame:
        """Return figures of shape ``FIGURES`` for municipalities (342) and, if labelled, the 12 provinces."""
        parts = [combine(spec, self._municipal, self.table)]
        if spec.province_label:
            label = spec.province_label.replace("neighborhood", "neighbourhood")
            rows = self.provinces[self.provinces["label_en"] == label]
            frame = pd.DataFrame(
                {
                    "area": rows["statcode"].str.strip(),
                    "year": rows["jaar"].astype("int64"),
                    "value": rows["waarde"] * spec.scale,
                    "lower": rows["onder"] * spec.scale,
                    "upper": rows["boven"] * spec.scale,
                }
            )
            # Years that no municipality has would show provinces beside nothing.
            frame = frame[frame["year"].isin(set(parts[0]["year"])) & frame["value"].notna()]
            parts.append(frame)
        return pd.concat(parts, ignore_index=True)[FIGURES]

    def _municipal(self, code: str) -> pd.DataFrame:
        rows = self.municipalities[self.municipalities["indicator"] == code]
        return tidy(rows["statcode"], rows["jaar"], rows["waarde"])
