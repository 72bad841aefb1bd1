"""Place the rows of an edition's download: which indicator, area and year each is about, and what could not be placed.

Nothing is guessed. A row is placed by CBS's code, else by a name that we know exactly, or it is left and counted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

import numpy as np
import pandas as pd

from monitor.definitions import Definitions
from monitor.errors import SourceInvalid
from monitor.notation import number
from monitor.refresh.rmbw_names import Names, Reason, Used, used_measures
from monitor.refresh.rmbw_notes import (
    FIRST_YEAR,
    Note,
    many,
    margin_notes,
    name_notes,
    notes_of,
    nothing_placed,
    theme_notes,
    zero_notes,
)
from monitor.snapshot.store import Snapshot
from monitor.sources.rmbw_file import Download
from monitor.sources.rmbw_labels import NAMES
from monitor.sources.shape import LEVELS

Zeros = Literal["leeg", "echt"]
_YEAR = re.compile(r"(\d{4})(?:JJ00|\*{1,2})?")
_CODE = re.compile(r"([A-Z]{2})\s*(\d{0,4})")
_DIGITS = {"GM": 4, "GG": 4, "PV": 2, "NL": 2}


@dataclass(frozen=True, eq=False)
class Placed:
    """What of a download belongs where.

    ``rows``: measure (CBS's code as the definitions write it), area, year, value, lower, upper; each cell once.
    ``left``: file, row, reason (``Reason``), area, year, code, label, theme, value of every row that has no place.
    ``vanished``: codes in ``rows`` of municipalities that no longer exist. ``zeros``: measures with a 0 where the
    edition in force never has one, which nobody has decided about yet; ``rows`` still holds them.
    """

    rows: pd.DataFrame
    left: pd.DataFrame
    notes: tuple[Note, ...]
    names: tuple[str, ...]
    sha256: str
    edition: int
    vanished: frozenset[str] = frozenset()
    zeros: tuple[str, ...] = ()
    total: int = field(default=0)


def place(
    definitions: Definitions, old: Snapshot, download: Download, edition: int, zeros: Zeros | None = None
) -> Placed:
    """Place the rows of a download.

    Args:
        definitions: which indicators come from the monitor.
        old: the edition in force, for the areas that exist.
        download: as read.
        edition: year of the edition; a figure about a later year cannot be right.
        zeros: what a 0 means where we never had one: no figure, or really 0; None when nobody said.

    Raises:
        SourceInvalid: no row has a place, two rows contradict each other, a value lies outside its margin, or a row's
            code and name are of different indicators.
    """
    used = used_measures(definitions)
    names = Names(definitions, used)
    rows = _reasoned(download.rows, names, _known(definitions, old), edition)
    suspect = _zeros(rows, used, old)
    if zeros == "leeg":
        rows.loc[suspect, "reason"] = "nul"
    known = {**{r.vanished: r.name for r in definitions.layout.reorganisations}, **old.names}
    _once(rows, known)
    placed = rows[rows["reason"] == ""]
    if placed.empty:
        raise nothing_placed(rows, download)
    _within_margins(placed, known)
    half = placed["lower"].isna() != placed["upper"].isna()
    notes = [
        *notes_of(rows, names, edition),
        *zero_notes(rows, suspect, used, zeros),
        *name_notes(names.by_name_only(placed)),
        *theme_notes(definitions, placed, used),
        *margin_notes(int(half.sum())),
    ]
    final = placed.rename(columns={"area": "said", "year": "told", "place": "area", "when": "year"})
    final.loc[half, ["lower", "upper"]] = np.nan
    left = rows[rows["reason"] != ""][["file", "row", "reason", "area", "year", "code", "label", "theme", "value"]]
    existing = set(old.municipalities)
    gone = {a for a in final["area"].unique() if a.startswith("GM") and a not in existing}
    undecided = sorted(rows.loc[suspect, "measure"].unique()) if zeros is None else []
    return Placed(
        final[["measure", "area", "year", "value", "lower", "upper"]].reset_index(drop=True),
        left.reset_index(drop=True), tuple(notes), download.names, download.sha256, edition,
        frozenset(gone), tuple(undecided), len(rows),
    )  # fmt: skip


def _reasoned(said: pd.DataFrame, names: Names, known: Collection[str], edition: int) -> pd.DataFrame:
    """The rows with place (code of the area), measure, when (year or 0) and reason ('' for a row with a place)."""
    rows = said.copy()
    areas = {text: _area(text, known) for text in rows["area"].unique()}
    about = pd.DataFrame([areas[text] for text in rows["area"]], columns=["place", "reason"], dtype=object)
    indicators = names.of(rows)
    rows["place"], rows["measure"] = about["place"].to_numpy(), indicators["measure"].to_numpy()
    rows["when"] = rows["year"].map({y: _year(y, edition) for y in rows["year"].unique()}).astype("int64")
    rows["reason"] = np.where(about["reason"] != "", about["reason"], indicators["reason"])
    for nothing, reason in ((rows["when"] == 0, "jaar"), (rows["value"].isna(), "geen waarde")):
        rows.loc[nothing & (rows["reason"] == ""), "reason"] = reason
    return rows


# -- Areas and years ----------------------------------------------------------------------------------------------


def _known(definitions: Definitions, old: Snapshot) -> set[str]:
    """Areas of the edition in force, and municipalities from before of which the successor is known."""
    return set(old.areas["area"]) | {r.vanished for r in definitions.layout.reorganisations}


def _area(text: str, known: Collection[str]) -> tuple[str, Reason]:
    code = text.upper()
    if re.fullmatch(r"\d{4}", code):
        code = f"GM{code}"
    found = _CODE.fullmatch(code)
    if not found:
        return "", "onbekend gebied"
    level, digits = found.groups()
    if level not in LEVELS:
        return "", "andere indeling"
    # The country is NL01 with CBS, NL00 and NL elsewhere.
    place = "NL01" if level == "NL" else f"{level}{digits.zfill(_DIGITS[level])}"
    return (place, "") if (digits.strip() and place in known) or place == "NL01" else ("", "onbekend gebied")


def _year(text: str, edition: int) -> int:
    """The year, or 0 for what is none or lies outside the years that an edition can be about."""
    found = _YEAR.fullmatch(text.upper())
    year = int(found[1]) if found else 0
    return year if FIRST_YEAR <= year <= edition else 0


# -- Values -------------------------------------------------------------------------------------------------------


def _zeros(rows: pd.DataFrame, used: Used, old: Snapshot) -> pd.Series:
    """Rows with a 0 of an indicator that never has one in the edition in force: it may mean that there is no figure."""
    zero = old.observations[(old.observations["value"] == 0) & (old.observations["basis"] == "cbs")]
    real = set(zero["indicator"].astype(str))
    never = [m for m, indicators in used.items() if not any(i.id in real for i in indicators)]
    return (rows["reason"] == "") & (rows["value"] == 0) & rows["measure"].isin(never)


def _told(row: pd.Series, names: Mapping[str, str]) -> str:
    """What a placed row is about, in words."""
    return f"{NAMES.get(row['measure'], row['measure'])}, {names.get(row['place'], row['place'])}, {row['when']}"


def _dutch(value: float) -> str:
    """A number with the decimals that it has."""
    return number(value, max(0, -int(Decimal(repr(value)).normalize().as_tuple().exponent)))


def _once(rows: pd.DataFrame, names: Mapping[str, str]) -> None:
    """Mark the second of two rows that say the same; CBS repeats an indicator that belongs to two themes.

    Args:
        rows: with place and reason.
        names: of areas, for the message.

    Raises:
        SourceInvalid: two rows say something else of the same area, year and indicator.
    """
    placed = rows[rows["reason"] == ""]
    key, said = ["measure", "place", "when"], ["value", "lower", "upper"]
    twice = placed[placed.duplicated(key, keep=False)]
    if twice.empty:
        return
    different = twice.drop_duplicates([*key, *said])
    different = different[different.duplicated(key, keep=False)]
    if len(different):
        first, second = (r for _, r in different.sort_values(key, kind="stable").head(2).iterrows())
        cells = different[key].drop_duplicates()
        said = [_dutch(float(row["value"])) for row in (first, second)]
        raise SourceInvalid(
            f"Voor {many(len(cells), 'cijfer', 'cijfers')} staan er twee verschillende waarden in, zoals "
            f"{_told(first, names)}: {said[0]} (rij {first['row']}) en {said[1]} (rij {second['row']}).",
            "Geef de bestanden van één editie op; haal ze anders opnieuw op bij CBS.",
        )
    rows.loc[twice.index[twice.duplicated(key)], "reason"] = "dubbel"


def _within_margins(placed: pd.DataFrame, names: Mapping[str, str]) -> None:
    wrong = placed[(placed["lower"] > placed["value"]) | (placed["upper"] < placed["value"])]
    if len(wrong):
        row = wrong.iloc[0]
        raise SourceInvalid(
            f"‘{row['file']}’, rij {row['row']}: de waarde ligt buiten haar marge ({_told(row, names)}).",
            "Kijk of de kolommen van de grenzen goed staan.",
        )
