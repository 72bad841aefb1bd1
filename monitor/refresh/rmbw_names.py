"""Which indicator a row of the Regionale Monitor Brede Welvaart is about: by code, else by a name known exactly."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from monitor.definitions import Definitions
from monitor.definitions.models import Indicator
from monitor.errors import SourceInvalid
from monitor.nearest import nearest
from monitor.sources.rmbw_labels import NAMES, OTHER_NAMES, code_key, label_key

FAMILY = "RMBW-"
Reason = Literal[
    "", "andere indeling", "onbekend gebied", "onbekende indicator", "indicator niet in gebruik", "jaar",
    "geen waarde", "nul", "dubbel",
]  # fmt: skip
Used = dict[str, tuple[Indicator, ...]]


def used_measures(definitions: Definitions) -> Used:
    """CBS's code -> the indicators that take it from the Regionale Monitor Brede Welvaart."""
    found: Used = {}
    for indicator in definitions.indicators:
        for spec in indicator.sources:
            if spec.table.startswith(FAMILY):
                for measure in (*spec.measures, *spec.minus_if_any):
                    found[measure] = (*found.get(measure, ()), indicator)
    return found


class Names:
    """Finds the measure of a row by code, else by name."""

    def __init__(self, definitions: Definitions, used: dict[str, tuple[Indicator, ...]]) -> None:
        self.used = used
        self.codes = {code_key(c): c for c in (*NAMES, *used)}
        self.labels = {label_key(name): code for code, name in NAMES.items()}
        self.labels |= {label_key(name): "" for name in OTHER_NAMES}
        for indicator in definitions.indicators:
            for spec in indicator.sources:
                if spec.table.startswith(FAMILY) and spec.province_label:
                    self.labels[label_key(spec.province_label)] = spec.measures[0]

    def of(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Measure and reason per row ('' for none).

        A name that stands with a code elsewhere in the download means that code.

        Raises:
            SourceInvalid: code and name are of different indicators.
        """
        pairs = [(str(c), str(n)) for c, n in rows[["code", "label"]].drop_duplicates().itertuples(index=False)]
        said: dict[str, set[str]] = {}
        for code, label in pairs:
            if label and code_key(code) in self.codes:
                said.setdefault(label_key(label), set()).add(self.codes[code_key(code)])
        for name, measures in said.items():
            if len(measures) == 1:
                self.labels.setdefault(name, next(iter(measures)))
        found = {pair: self._one(*pair) for pair in pairs}
        told = [found[pair] for pair in zip(rows["code"], rows["label"], strict=True)]
        return pd.DataFrame(told, columns=["measure", "reason"], dtype=object)

    def _one(self, code: str, label: str) -> tuple[str, Reason]:
        by_code = self.codes.get(code_key(code))
        # A column 'indicator' holds a code in one file and a name in another.
        by_label = self.labels.get(label_key(label)) or self.labels.get(label_key(code), "")
        if by_code and by_label and by_label != by_code:
            raise SourceInvalid(
                f"Code en naam horen niet bij elkaar: ‘{code}’ is bij ons ‘{NAMES.get(by_code, by_code)}’, "
                f"in het bestand staat ‘{label}’.",
                "Kijk of een kolom verschoven is; haal het bestand anders opnieuw op bij CBS.",
            )
        measure = by_code or by_label
        if measure in self.used:
            return measure, ""
        known = measure or label_key(label) in self.labels or label_key(code) in self.labels
        return "", "indicator niet in gebruik" if known else "onbekende indicator"

    def by_name_only(self, placed: pd.DataFrame) -> pd.DataFrame:
        """Rows with a code that we do not know, placed by their name."""
        new = {c for c in placed["code"].unique() if c and code_key(c) not in self.codes}
        new -= {c for c in new if label_key(c) in self.labels}
        return placed[placed["code"].isin(new)]

    def near(self, code: str, label: str) -> str:
        """The name of the indicator of ours that is most like one that we do not know; '' without."""
        by_name = {label_key(NAMES.get(m, i[0].name)): i[0].name for m, i in self.used.items()}
        by_name |= {label_key(i[0].name): i[0].name for i in self.used.values()}
        alike = nearest(label_key(label), by_name, alike=0.65) if label else []
        if alike:
            return by_name[alike[0]]
        # Any two codes share most of their characters.
        close = nearest(code, self.used, alike=0.85) if code else []
        return self.used[close[0]][0].name if close else ""
