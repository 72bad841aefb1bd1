"""Tables from CSV files of TypedDataSet rows, with their TableInfos where those are there."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from tests.local_cbs.table import GEO, TIME, Code, Dimension, Table, Topic, periods, regions


def from_files(folder: Path, only: Collection[str] = ()) -> dict[str, Table]:
    """Every ``ID.csv`` of a folder (or ``only`` these) as a table.

    ``ID_TableInfos.json`` gives title, period and Modified. Titles and units of topics are not in such files: titles
    are made of the keys, units stay 'aantal'.
    """
    return {path.stem: _read(path) for path in sorted(folder.glob("*.csv")) if not only or path.stem in only}


def _read(path: Path) -> Table:
    frame = pd.read_csv(path, dtype={"RegioS": str, "Perioden": str, "Leeftijd": str, "Marges": str})
    numbered = [c for c in frame.columns if re.search(r"_\d+$", c)]
    dims = []
    for key in (c for c in frame.columns if c not in numbered and c != "ID"):
        codes = list(dict.fromkeys(frame[key].astype(str)))
        width = max(map(len, codes))
        frame[key] = frame[key].astype(str)
        if key == "RegioS":
            dims.append(regions({c.strip(): c.strip() for c in codes}, width, key))
        elif key == "Perioden":
            dims.append(periods(codes))
        else:
            dims.append(Dimension(key, key, tuple(Code(c, c.strip()) for c in codes)))
    assert {d.kind for d in dims} <= {GEO, TIME, "Dimension"}
    frame[numbered] = frame[numbered].astype(float)
    topics = [Topic(c, re.sub(r"_\d+$", "", c)) for c in numbered]
    known = path.with_name(f"{path.stem}_TableInfos.json")
    info = json.loads(known.read_text(encoding="utf-8")) if known.is_file() else {}
    return Table(
        path.stem,
        str(info.get("Title") or path.stem),
        dims,
        topics,
        frame,
        str(info.get("Modified") or "2024-01-01T02:00:00"),
        str(info.get("Period") or ""),
        str(info.get("Summary") or ""),
    )
