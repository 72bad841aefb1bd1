"""What a person must know of an edition that is imported: what has no place and why, in Dutch sentences."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from monitor.definitions import Definitions
from monitor.errors import SourceInvalid
from monitor.notation import listing, number
from monitor.refresh.rmbw_names import Names, Used
from monitor.sources.rmbw_file import Download
from monitor.sources.rmbw_labels import NAMES, THEMES, code_key, label_key

FIRST_YEAR = 1990
_MOST = 5


@dataclass(frozen=True)
class Note:
    """Something that a person must know of the rows, as one Dutch sentence; ``count``: how many rows it is about."""

    reason: str
    count: int
    text: str


def many(count: int, one: str, more: str) -> str:
    """Return '1 rij' or '1.204 rijen'."""
    return f"{number(count, 0)} {one if count == 1 else more}"


def rows_told(count: int) -> str:
    """Return a number of rows."""
    return many(count, "rij", "rijen")


def _some(texts: list[str]) -> str:
    """The first few of many, and how many more there are."""
    rest = len(texts) - _MOST
    return "; ".join(texts[:_MOST]) + (f"; en nog {rest}" if rest > 0 else "")


def nothing_placed(rows: pd.DataFrame, download: Download) -> SourceInvalid:
    """What is said when no row has a place: the commonest reason, and an example of it."""
    told = rows["reason"].value_counts()
    reason = str(told.index[0])
    row = rows[rows["reason"] == reason].iloc[0]
    seen = {
        "onbekend gebied": f"het gebied ‘{row['area']}’ kennen wij niet; er horen codes te staan als GM0197 of PV25",
        "andere indeling": f"‘{row['area']}’ is geen gemeente of provincie",
        "onbekende indicator": f"de indicator ‘{row['code'] or row['label']}’ kennen wij niet",
        "indicator niet in gebruik": f"de indicator ‘{row['code'] or row['label']}’ gebruiken wij niet",
        "jaar": f"‘{row['year']}’ is geen jaar waar deze editie over kan gaan",
        "geen waarde": "er staat geen enkele waarde in; formules zonder bewaarde uitkomst zijn leeg",
    }
    why = seen.get(reason, reason)
    none = "De enige rij in {} is niet te plaatsen" if len(rows) == 1 else "Geen rij in {} is te plaatsen"
    return SourceInvalid(
        f"{none.format(listing([f'‘{n}’' for n in download.names]))}: {why}.",
        "Kijk of dit het bestand van de editie is.",
    )


def name_notes(new: pd.DataFrame) -> list[Note]:
    """Indicators with a new code, placed by name."""
    told = sorted({f"‘{n}’ ({c})" for c, n in zip(new["code"], new["label"], strict=True)})
    return [Note("naam", len(new), f"Op naam geplaatst, want de code is nieuw: {_some(told)}.")] if told else []


def margin_notes(half: int) -> list[Note]:
    """Rows with one bound only."""
    text = "staat maar één grens van de marge in het bestand; die laten wij weg"
    return [Note("marge", half, f"Bij {rows_told(half)} {text}.")] if half else []


def notes_of(rows: pd.DataFrame, names: Names, edition: int) -> list[Note]:
    """One sentence per reason for which rows have no place."""
    made = []
    for reason, part in rows[rows["reason"] != ""].groupby("reason", sort=False):
        text = _sentence(str(reason), part, names, edition)
        if text:
            made.append(Note(str(reason), len(part), text))
    return made


def _sentence(reason: str, part: pd.DataFrame, names: Names, edition: int) -> str:
    count = rows_told(len(part))
    if reason == "andere indeling":
        levels = listing(sorted({a[:2].upper() for a in part["area"]}))
        return f"Overgeslagen: {count} over andere gebieden dan gemeenten en provincies ({levels})."
    if reason == "onbekend gebied":
        return f"{count} over gebieden die wij niet kennen: {_some(sorted(set(part['area'])) or ['(leeg)'])}."
    if reason == "onbekende indicator":
        groups = part.groupby(["code", "label"], sort=True)
        told = [_unknown(str(c), str(n), g, names) for (c, n), g in groups]
        return f"{many(len(told), 'indicator', 'indicatoren')} die wij niet kennen ({count}): {_some(told)}."
    if reason == "indicator niet in gebruik":
        told = sorted(
            {str(r["label"] or NAMES.get(code_key(r["code"]), r["code"])) for _, r in _pairs(part).iterrows()}
        )
        few = many(len(told), "indicator", "indicatoren")
        return f"{few} die wij niet uit deze monitor halen ({count}): {_some(told)}."
    if reason == "jaar":
        asked = f"Een jaar ligt tussen {FIRST_YEAR} en {edition}."
        return f"{count} over een jaar dat niet kan: {_some(sorted({y or '(leeg)' for y in part['year']}))}. {asked}"
    if reason == "geen waarde":
        return f"{count} zonder waarde."
    return f"Dubbel, en dus één keer geteld: {count}." if reason == "dubbel" else ""


def _pairs(part: pd.DataFrame) -> pd.DataFrame:
    return part[["code", "label"]].drop_duplicates()


def _unknown(code: str, label: str, group: pd.DataFrame, names: Names) -> str:
    themes = [t for t in dict.fromkeys(group["theme"]) if t]
    about = ", ".join([x for x in (code if label else "", *themes) if x])
    near = names.near(code, label)
    like = f", lijkt op ons cijfer ‘{near}’" if near else ""
    return f"‘{label or code or '(leeg)'}’{f' ({about})' if about else ''}{like}"


def zero_notes(rows: pd.DataFrame, suspect: pd.Series, used: Used, zeros: str | None) -> list[Note]:
    """A 0 where there never was one: how many, and where a whole year is 0."""
    if not suspect.any():
        return []
    told = []
    for measure, part in rows[suspect].groupby("measure", sort=True):
        own = rows[(rows["measure"] == measure) & rows["value"].notna() & (rows["when"] > 0)]
        full = [str(y) for y, g in own.groupby("when") if (g["value"] == 0).all()]
        whole = f", {listing(full)} helemaal" if full else ""
        told.append(f"{used[str(measure)][0].name} ({number(len(part), 0)} keer{whole})")
    ending = {
        "leeg": "Die gelden als ‘geen cijfer’.",
        "echt": "Die gelden als echte nullen.",
        None: "Zeg met '--zeros leeg' of '--zeros echt' wat een 0 betekent: geen cijfer, of echt 0.",
    }[zeros]
    return [Note("nul", int(suspect.sum()), f"Een 0 waar nooit een 0 stond: {_some(told)}. {ending}")]


def theme_notes(definitions: Definitions, placed: pd.DataFrame, used: Used) -> list[Note]:
    """Indicators that the file has under another theme than ours."""
    ours = {label_key(t.name): t.id for t in definitions.themes} | THEMES
    made = []
    for measure, part in placed[placed["theme"] != ""].groupby("measure", sort=True):
        indicator = used[str(measure)][0]
        themes = [str(t) for t in part["theme"].unique()]
        if indicator.theme not in {ours.get(label_key(t), "") for t in themes}:
            theirs = listing([f"‘{t}’" for t in themes])
            made.append(f"{indicator.name}: bij CBS {theirs}, bij ons ‘{definitions.theme(indicator.theme).name}’")
    return [Note("thema", len(made), f"Ander thema dan bij ons: {_some(made)}.")] if made else []
