"""Inhabitants by age, INVENTED for tests: the edition that ships has no figures by age, and the weights need them.

Nothing of this is a figure of CBS. In every municipality each age has a share that depends on its code only, so that
sums over ages can be worked out by hand and differ from a fixed part of the inhabitants. Few years, to stay quick.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from monitor.definitions import Definitions
from monitor.definitions.statline import live_specs
from tests.local_cbs.table import GEO, TIME, Code, Dimension

AGE, TOTAL, TOPIC = "Leeftijd", "10000", "BevolkingOp1Januari"
#: The years that have ages. Municipalities were the same in both as they are now.
YEARS = (2023, 2024)
# An age that lies between codes in use, and a code that begins with the last of them: neither is asked for.
_STRANGERS = ("11400", "220005")
_OLDEST = 95


def asked(definitions: Definitions, source: str) -> tuple[str, ...]:
    """The ages of a table that quantities add up which no edition has figures of."""
    specs = [s for q in definitions.quantities if not q.sources for s in live_specs(definitions, q)]
    codes = [s.filters[AGE] for s in specs if s.table == source and AGE in s.filters]
    return tuple(sorted({c for several in codes for c in ([several] if isinstance(several, str) else several)}))


def invented(area: str, inhabitants: float, codes: tuple[str, ...]) -> np.ndarray:
    """How many inhabitants of a municipality have each of some ages: invented, whole, older or younger by its code."""
    tilt = (int(area[2:]) % 7 - 3) / 100
    weights = 1 + tilt * (np.arange(_OLDEST + 1) - 45) / 10
    counts = np.floor(inhabitants * weights / weights.sum())
    return counts[[min((int(c[:5]) - int(TOTAL)) // 100, _OLDEST) for c in codes]]


def added(
    dims: list[Dimension], rows: pd.DataFrame, codes: tuple[str, ...], inhabitants: pd.DataFrame, areas: pd.DataFrame
) -> tuple[list[Dimension], pd.DataFrame]:
    """A table of inhabitants with ages added: dimensions and rows.

    Args:
        dims: of the table.
        rows: of the table, with padded codes.
        codes: the ages.
        inhabitants: area, year, value; the only figures behind the ages.
        areas: of the edition; provinces and the country are sums of their municipalities.
    """
    every = (*codes, *(c for c in _STRANGERS if c not in codes))
    old = next(d for d in dims if d.key == AGE)
    width = max(old.width, *map(len, every))
    more = tuple(Code(c.ljust(width), f"Leeftijd {c} (verzonnen)") for c in every)
    kept = tuple(replace(c, key=c.key.ljust(width)) for c in old.codes if c.key.strip() not in every)
    dims = [replace(d, codes=(*kept, *more)) if d is old else d for d in dims]
    rows = rows[~rows[AGE].str.strip().isin(every)].assign(**{AGE: rows[AGE].str.ljust(width)})
    place, time = (next(d for d in dims if d.kind == kind) for kind in (GEO, TIME))
    padded = {c.key.strip(): c.key for d in (place, time) for c in d.codes}
    total = rows[rows[AGE].str.strip() == TOTAL]
    first = {d.key: total[d.key].iloc[0] for d in dims if d not in (place, time) and d.key != AGE}
    # Another topic would be noticed if it got in.
    figures = {c: 0 if c.startswith(f"{TOPIC}_") else 100_000 for c in rows if c not in {d.key for d in dims}}
    parts = [rows]
    for year in YEARS:
        counts = _counts(inhabitants[inhabitants["year"] == year], every, areas)
        values = np.concatenate(list(counts.values()))
        made = pd.DataFrame({AGE: [c.key for c in more] * len(counts), **{c: values + n for c, n in figures.items()}})
        made[place.key] = np.repeat(np.array([padded[area] for area in counts], dtype=object), len(more))
        parts.append(made.assign(**first, **{time.key: padded[f"{year}JJ00"]}))
    return dims, pd.concat(parts, ignore_index=True)[list(rows.columns)]


def _counts(inhabitants: pd.DataFrame, codes: tuple[str, ...], areas: pd.DataFrame) -> dict[str, np.ndarray]:
    """Per municipality, province and country the number of each age."""
    known = dict(zip(inhabitants["area"], inhabitants["value"], strict=True))
    municipal = areas[areas["level"] == "gemeente"]
    counts: dict[str, np.ndarray] = {}
    for area, province in zip(municipal["area"].astype(str), municipal["province"].astype(str), strict=True):
        own = invented(area, known[area], codes)
        counts[area] = own
        for around in (province, "NL01"):
            counts[around] = counts.get(around, 0) + own
    return counts
