"""What belongs to the figures in the data package: indicators, breaks, quantities, themes, goals."""

from __future__ import annotations

from typing import get_args

from monitor import assessment as asm
from monitor.definitions import Definitions, Indicator
from monitor.definitions.models import AggregationClass, Direction, Method, Theme
from monitor.export.package.model import SLUG, Column, Table, content_of, link
from monitor.notation import UNIT_LABELS
from monitor.snapshot.store import Snapshot

Frame = dict[str, list[str]]
_UNITS = tuple(dict.fromkeys(UNIT_LABELS.values()))
_NAME = Column("naam", "tekst", "De naam.", required=True)
_DESCRIPTION = Column("omschrijving", "tekst", "Wat het is.", required=True)
_INDICATOR = Column("indicator", "tekst", "Korte naam, in alle tabellen dezelfde.", required=True, pattern=SLUG)
_INDICATOR_LINK = Column("indicator", "tekst", "Het cijfer waar het om gaat.", required=True)
GOAL = Column("doel", "geheel getal", "Nummer van het doel.", True, (), 1, 3)
_UNIT = Column("eenheid", "tekst", "Eenheid van de waarde.", required=True, options=_UNITS)
_DECIMALS = Column(
    "decimalen",
    "geheel getal",
    "Hoeveel decimalen iets zeggen; −3 betekent afronden op duizend.",
    True,
    (),
    -3,
    3,
)
_DIRECTION = Column("richting", "tekst", "Welke kant gunstig is.", required=True, options=get_args(Direction))

INDICATORS = Table(
    "indicatoren",
    "De cijfers: wat zij meten en wat ermee mag",
    "Elke regel is een indicator, met alles wat nodig is om het cijfer te begrijpen en na te rekenen.",
    "Uitleg bij de cijfers",
    (
        _INDICATOR,
        _NAME,
        Column("bijschrift", "tekst", "De naam met de eenheid, zoals boven een grafiek.", required=True),
        _DESCRIPTION,
        Column("waarom", "tekst", "Waarom het ertoe doet.", required=True),
        Column("thema", "tekst", "Het thema waar het bij hoort.", required=True),
        Column("kern", "ja of nee", "Of het een van de kerncijfers van een doel is.", required=True),
        Column("deel_van", "tekst", "Het cijfer waar dit een deel van is, voor een leeftijdsgroep."),
        Column("groep", "tekst", "De leeftijdsgroep."),
        _UNIT,
        _DECIMALS,
        _DIRECTION,
        Column("richting_reden", "tekst", "Waarom die kant gunstig is, of waarom er geen kant is.", required=True),
        Column(
            "klasse",
            "tekst",
            "Hoe gemeenten optellen tot een regio.",
            required=True,
            options=get_args(AggregationClass),
        ),
        Column("klasse_reden", "tekst", "Waarom zo.", required=True),
        Column("gewicht", "tekst", "De hoeveelheid waarmee wordt gewogen (klasse 'gewogen')."),
        Column("vervangend_gewicht", "tekst", "Waarom met iets anders wordt gewogen dan met de eigen noemer."),
        Column("teller", "tekst", "De hoeveelheid boven de streep (klasse 'verhouding')."),
        Column("noemer", "tekst", "De hoeveelheid onder de streep (klasse 'verhouding')."),
        Column("factor", "getal", "Waarmee teller gedeeld door noemer wordt vermenigvuldigd (klasse 'verhouding')."),
        Column(
            "methode",
            "tekst",
            "register: telling; enquete: met marges; modelschatting: schatting zonder marge per gemeente.",
            required=True,
            options=get_args(Method),
        ),
        Column("methode_toelichting", "tekst", "Wat er over de methode te weten is."),
        Column(
            "oordeel_als",
            "tekst",
            "Een schatting zonder enige marge volgt de regel voor een telling.",
            options=("register",),
        ),
        Column(
            "relevant_verschil",
            "getal",
            "Vanaf dit verschil doet het ertoe, in de eenheid van de waarde; leeg: er is geen oordeel.",
            least=0,
        ),
        Column("relevant_verschil_reden", "tekst", "Waar dat getal vandaan komt."),
        Column("geen_trend", "tekst", "Waarom een verandering door de jaren niet wordt beoordeeld."),
        Column("let_op", "tekst", "Wat u over dit cijfer moet weten."),
        Column("toont_niet", "tekst", "Wat het cijfer niet laat zien."),
    ),
    ("indicator",),
    (
        link("thema", "themas", "thema"),
        link("deel_van", "indicatoren", "indicator"),
        *(link(c, "hoeveelheden", "hoeveelheid") for c in ("gewicht", "teller", "noemer")),
    ),
)
INDICATOR_GOALS = Table(
    "indicatoren-doelen",
    "Welk cijfer bij welk doel hoort",
    "Een cijfer kan bij meer dan een doel horen.",
    "Uitleg bij de cijfers",
    (_INDICATOR_LINK, GOAL),
    ("indicator", "doel"),
    (link("indicator", "indicatoren", "indicator"), link("doel", "doelen", "doel")),
)
BREAKS = Table(
    "breuken",
    "Breuken in een reeks",
    "Vanaf dit jaar is een cijfer niet te vergelijken met de jaren ervoor.",
    "Uitleg bij de cijfers",
    (
        _INDICATOR_LINK,
        Column("jaar", "jaar", "Het eerste jaar na de breuk.", required=True),
        Column("reden", "tekst", "Wat er toen veranderde.", required=True),
    ),
    ("indicator", "jaar"),
    (link("indicator", "indicatoren", "indicator"),),
)
UNUSABLE = Table(
    "niet-bruikbaar",
    "Waar een cijfer niet zegt wat de naam zegt",
    "Het cijfer bestaat voor dit gebied, maar iets bijzonders bepaalt het; het wordt niet beoordeeld.",
    "Uitleg bij de cijfers",
    (
        _INDICATOR_LINK,
        Column("gebied", "tekst", "Code van de regio of gemeente.", required=True),
        Column("reden", "tekst", "Wat er aan de hand is.", required=True),
    ),
    ("indicator", "gebied"),
    (link("indicator", "indicatoren", "indicator"), link("gebied", "gebieden", "code")),
)
QUANTITIES = Table(
    "hoeveelheden",
    "Wat er in gewichten staat",
    "De aantallen waarmee wordt gewogen of gedeeld.",
    "Uitleg bij de cijfers",
    (
        Column("hoeveelheid", "tekst", "Korte naam.", required=True, pattern=SLUG),
        _NAME,
        Column("eenheid", "tekst", "Eenheid van het aantal.", required=True),
    ),
    ("hoeveelheid",),
)
BORDER_INDICATORS = Table(
    "indicatoren-grens",
    "De cijfers van over de grens",
    "Elke regel is een cijfer van Eurostat dat aan beide kanten van de grens op dezelfde manier is gemaakt.",
    "Uitleg bij de cijfers",
    (
        _INDICATOR,
        _NAME,
        Column("bijschrift", "tekst", "De naam met de eenheid, zoals boven een grafiek.", required=True),
        _DESCRIPTION,
        Column("waarom", "tekst", "Waarom het ertoe doet.", required=True),
        _UNIT,
        _DECIMALS,
        _DIRECTION,
        Column("niet_vergelijkbaar", "tekst", "Wat u er niet uit mag afleiden.", required=True),
    ),
    ("indicator",),
)
THEMES = Table(
    "themas",
    "De thema’s van brede welvaart",
    "Thema’s van hier en nu, van later, en twee die aanvullen.",
    "Uitleg bij de cijfers",
    (
        Column("thema", "tekst", "Korte naam.", required=True, pattern=SLUG),
        _NAME,
        Column(
            "onderdeel", "tekst", "Waar het thema bij hoort.", True, get_args(Theme.model_fields["group"].annotation)
        ),
        _DESCRIPTION,
    ),
    ("thema",),
)
GOALS = Table(
    "doelen",
    "De drie doelen van het Nationaal Programma Vitale Regio’s",
    "In de woorden van de Regiomonitor.",
    "Uitleg bij de cijfers",
    (GOAL, _NAME, Column("kort", "tekst", "Het doel in een paar woorden.", required=True), _DESCRIPTION),
    ("doel",),
)


def indicators(definitions: Definitions, snapshot: Snapshot) -> Frame:
    """Rows of ``INDICATORS``, in the order of the definitions."""
    return content_of(INDICATORS, (_record(i, snapshot) for i in definitions.indicators))


def _record(i: Indicator, snapshot: Snapshot) -> dict[str, object]:
    a = i.aggregation
    ratio = a.kind == "verhouding"
    relevant, why = _relevant(i, snapshot)
    return {
        "indicator": i.id,
        "naam": i.full_name,
        "bijschrift": i.caption,
        "omschrijving": i.description,
        "waarom": i.why,
        "thema": i.theme,
        "kern": i.core,
        "deel_van": i.part_of,
        "groep": i.group,
        "eenheid": UNIT_LABELS[i.unit],
        "decimalen": i.decimals,
        "richting": i.direction,
        "richting_reden": i.direction_reason,
        "klasse": a.kind,
        "klasse_reden": a.reason,
        "gewicht": a.weight,
        "vervangend_gewicht": a.substitute_weight,
        "teller": a.numerator,
        "noemer": a.denominator,
        "factor": a.factor if ratio else None,
        "methode": i.method,
        "methode_toelichting": i.method_note,
        "oordeel_als": i.judge_as,
        "relevant_verschil": relevant,
        "relevant_verschil_reden": why,
        "geen_trend": i.no_trend,
        "let_op": i.caveat,
        "toont_niet": i.not_shown,
    }


def _relevant(i: Indicator, snapshot: Snapshot) -> tuple[float | None, str]:
    """The smallest difference that matters, and where it comes from; None for what is never judged."""
    if i.aggregation.kind in ("geen", "som"):
        return None, ""
    if i.relevant_difference:
        return i.relevant_difference.value, i.relevant_difference.reason
    found = snapshot.manifest["relevant_differences"].get(i.id)
    if not found:
        return None, ""
    return (
        asm.rule_for(i, snapshot).relevant,
        f"Een kwart van de standaardafwijking tussen de COROP-gebieden in {found['year']}, afgerond zoals het cijfer.",
    )


def indicator_goals(definitions: Definitions) -> Frame:
    """Rows of ``INDICATOR_GOALS``."""
    pairs = [(i, g) for i in definitions.indicators for g in sorted(set(i.goals))]
    return content_of(INDICATOR_GOALS, ({"indicator": i.id, "doel": g} for i, g in pairs))


def breaks(definitions: Definitions) -> Frame:
    """Rows of ``BREAKS``."""
    found = [(i, b) for i in definitions.indicators for b in i.breaks]
    return content_of(BREAKS, ({"indicator": i.id, "jaar": b.year, "reden": b.reason} for i, b in found))


def unusable(definitions: Definitions) -> Frame:
    """Rows of ``UNUSABLE``: the region, and the municipality that it comes from."""
    found = [
        {"indicator": i.id, "gebied": area, "reden": u.reason}
        for i in definitions.indicators
        for u in i.unusable
        for area in (u.region, u.municipality)
        if area
    ]
    return content_of(UNUSABLE, found)


def quantities(definitions: Definitions, snapshot: Snapshot) -> Frame:
    """Rows of ``QUANTITIES``: those that the edition has."""
    there = set(snapshot.weights["quantity"].astype(str).unique())
    found = [q for q in definitions.quantities if q.id in there]
    return content_of(QUANTITIES, ({"hoeveelheid": q.id, "naam": q.name, "eenheid": q.unit} for q in found))


def border_indicators(definitions: Definitions) -> Frame:
    """Rows of ``BORDER_INDICATORS``."""
    return content_of(
        BORDER_INDICATORS,
        (
            {
                "indicator": f.id,
                "naam": f.name,
                "bijschrift": f.caption,
                "omschrijving": f.description,
                "waarom": f.why,
                "eenheid": UNIT_LABELS[f.unit],
                "decimalen": f.decimals,
                "richting": f.direction,
                "niet_vergelijkbaar": " ".join(f.not_comparable),
            }
            for f in definitions.cross_border
        ),
    )


def themes(definitions: Definitions) -> Frame:
    """Rows of ``THEMES``."""
    found = definitions.themes
    return content_of(
        THEMES, ({"thema": t.id, "naam": t.name, "onderdeel": t.group, "omschrijving": t.description} for t in found)
    )


def goals(definitions: Definitions) -> Frame:
    """Rows of ``GOALS``."""
    found = definitions.goals
    return content_of(
        GOALS, ({"doel": g.id, "naam": g.name, "kort": g.short, "omschrijving": g.description} for g in found)
    )
