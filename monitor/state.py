"""The state of a page as it stands in the URL: read with care, written in one spelling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from monitor.nearest import nearest

LEVELS = ("gemeenten", "regios")
COMPARISONS = ("nederland", "provincie", "elf-regios", "vergelijkbaar")
ORDERS = ("verschil", "verandering", "dekking")
KEYS = (
    "regio", "samenstelling", "gemeente", "indicator", "grenscijfer", "jaar", "vanaf", "niveau", "vergelijk",
    "volgorde", "soort", "thema", "doel", "bevinding", "zoek", "van", "naar", "editie",
)  # fmt: skip
# A composition that was emptied: another thing than one that was never made.
NOBODY = "geen"


@dataclass(frozen=True)
class State:
    """What a page shows. ``None`` and empty mean: the page's default; they do not appear in the URL.

    ``absent``: a year that was asked for and that the indicator does not have; the page says so. ``members``: the
    municipalities of a region that the reader composes, () for one that was emptied. ``abroad``: a figure that
    crosses the border. ``since``: the year from which a change is told. ``order``: how rows are sorted.
    ``finding``: the one that is shown by itself, or that the log is about. ``before``, ``after``: names of two editions
    to compare. ``edition``: the one that the link pins.
    """

    page: str
    regions: tuple[str, ...] = ()
    indicator: str | None = None
    year: int | None = None
    level: str | None = None
    compare: str | None = None
    municipality: str | None = None
    kind: str | None = None
    theme: str | None = None
    goal: int | None = None
    search: str = ""
    absent: int | None = None
    members: tuple[str, ...] | None = None
    abroad: str | None = None
    since: int | None = None
    order: str | None = None
    finding: str | None = None
    before: str | None = None
    after: str | None = None
    edition: str | None = None

    def query(self) -> dict[str, list[str]]:
        """The state as query parameters, one spelling everywhere; a region per value."""
        values = {
            "regio": list(self.regions),
            "samenstelling": [] if self.members is None else ["-".join(self.members) or NOBODY],
            "gemeente": [self.municipality] if self.municipality else [],
            "indicator": [self.indicator] if self.indicator else [],
            "grenscijfer": [self.abroad] if self.abroad else [],
            "jaar": [str(self.year)] if self.year else [],
            "vanaf": [str(self.since)] if self.since else [],
            "niveau": [self.level] if self.level else [],
            "vergelijk": [self.compare] if self.compare else [],
            "volgorde": [self.order] if self.order else [],
            "soort": [self.kind] if self.kind else [],
            "thema": [self.theme] if self.theme else [],
            "doel": [str(self.goal)] if self.goal else [],
            "bevinding": [self.finding] if self.finding else [],
            "zoek": [self.search] if self.search else [],
            "van": [self.before] if self.before else [],
            "naar": [self.after] if self.after else [],
            "editie": [self.edition] if self.edition else [],
        }
        return {k: v for k, v in values.items() if v}

    def link(self) -> str:
        """Path and query of the page, relative to where the app is served."""
        query = urlencode(self.query(), doseq=True)
        return f"{self.page}?{query}" if query else self.page

    def but(self, **changes: object) -> State:
        """The same state with some parts changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


def pinned(path: str, edition: str) -> str:
    """A link of the app that keeps an edition; one that names an edition itself stays as it is.

    Args:
        path: path, query and place on the page, as ``State.link`` gives it or a full address.
        edition: name of the edition; empty for none.
    """
    whole, mark, place = path.partition("#")
    query = whole.partition("?")[2]
    if not edition or any(part.partition("=")[0] == "editie" for part in query.split("&")):
        return path
    joint = "&" if query else "" if whole.endswith("?") else "?"
    return f"{whole}{joint}{urlencode({'editie': edition})}{mark}{place}"


def address(base: str, path: str = "") -> str:
    """The full address of a page of the app; the path alone when its place is unknown.

    Args:
        base: where the app is served; an edition that it pins ('https://host/?editie=2026-08') goes along.
        path: as ``State.link`` gives it.
    """
    root, _, query = home(base).partition("?")
    edition = next((v for k, v in parse_qsl(query) if k == "editie"), "")
    return pinned(root + path, edition) if path else base


def home(base: str) -> str:
    """Where the app is served, with one slash at its end and the edition that it pins; empty stays empty."""
    root, mark, query = base.partition("?")
    return f"{root.rstrip('/')}/{mark}{query}" if root else ""


@dataclass(frozen=True)
class Known:
    """The names that a URL may hold. ``years``: of an indicator; ``abroad_years``: of a figure across the border."""

    regions: Sequence[str]
    indicators: Sequence[str]
    years: Mapping[str, Sequence[int]]
    municipalities: Sequence[str] = ()
    kinds: Sequence[str] = ()
    themes: Sequence[str] = ()
    goals: Sequence[str] = ()
    abroad: Sequence[str] = ()
    abroad_years: Mapping[str, Sequence[int]] = field(default_factory=dict)
    findings: Sequence[str] = ()
    editions: Sequence[str] = ()


def parse(
    page: str,
    query: Mapping[str, Sequence[str]],
    known: Known,
    default_indicator: str | None = None,
    default_regions: Sequence[str] = (),
    default_abroad: str | None = None,
) -> tuple[State, str]:
    """Read a state from query parameters.

    What is not recognised gives way to the default.

    Args:
        page: path of the page.
        query: parameter -> values.
        known: valid names.
        default_indicator: used when the URL names none, or an unknown one.
        default_regions: likewise.
        default_abroad: likewise; on a page that has one, the year is one of that figure.

    Returns:
        The state, and one Dutch line about what was not recognised (empty when all was).
    """
    unknown: list[str] = []

    def one(key: str, valid: Sequence[str]) -> str | None:
        values = query.get(key) or []
        if not values:
            return None
        if values[-1] in valid:
            return values[-1]
        unknown.append(_what(key, values[-1], valid))
        return None

    regions = []
    for name in query.get("regio") or []:
        if name in known.regions:
            if name not in regions:
                regions.append(name)
        else:
            unknown.append(_what("regio", name, known.regions))
    indicator = one("indicator", known.indicators) or default_indicator
    level, compare = one("niveau", LEVELS), one("vergelijk", COMPARISONS)
    abroad = one("grenscijfer", known.abroad) or default_abroad
    years = list(known.abroad_years.get(abroad or "", ()) if default_abroad else known.years.get(indicator or "", ()))
    years_asked = list(query.get("jaar") or ())
    asked = years_asked[-1] if years_asked else None
    year = absent = None
    if asked is not None:
        year = next((y for y in years if str(y) == asked), None)
        if year is None and len(asked) == 4 and asked.isdecimal():
            absent = int(asked)
        elif year is None:
            unknown.append(f"jaar ‘{_short(asked)}’")
    goal = one("doel", known.goals)
    members, twice = _composition(query, known.municipalities, unknown)
    since_years = sorted({str(y) for own in known.years.values() for y in own})
    since = one("vanaf", since_years)
    state = State(
        page,
        tuple(regions) or tuple(default_regions),
        indicator,
        year,
        level,
        compare,
        municipality=one("gemeente", known.municipalities),
        kind=one("soort", known.kinds),
        theme=one("thema", known.themes),
        goal=int(goal) if goal else None,
        finding=one("bevinding", known.findings),
        before=one("van", known.editions),
        after=one("naar", known.editions),
        edition=one("editie", known.editions),
        search=" ".join((query.get("zoek") or [""])[-1].split())[:LONGEST],
        absent=absent,
        members=members,
        abroad=abroad,
        since=int(since) if since else None,
        order=one("volgorde", ORDERS),
    )
    more = f"; en nog {len(unknown) - _MOST}" if len(unknown) > _MOST else ""
    named = "; ".join(unknown[:_MOST]) + more
    notice = f"Niet herkend in de link: {named}. U ziet daarvoor de standaardkeuze." if unknown else ""
    if twice:
        told = f"Twee keer genoemd in de link: {', '.join(twice[:_MOST])}. Elke gemeente telt één keer."
        notice = f"{notice} {told}".strip()
    return state, notice


def _composition(
    query: Mapping[str, Sequence[str]], valid: Sequence[str], unknown: list[str]
) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """The municipalities of a composition, each once and in the order of their codes, and those named twice.

    None without a composition, and for one of which no municipality is recognised.
    """
    values = query.get("samenstelling") or []
    if not values:
        return None, ()
    if values[-1] == NOBODY:
        return (), ()
    asked = values[-1].split("-")
    known = set(valid)
    unknown += [_what("gemeente", code, valid) for code in dict.fromkeys(asked) if code not in known]
    found = sorted({code for code in asked if code in known})
    return tuple(found) or None, tuple(code for code in found if asked.count(code) > 1)


# A search in a link is cut off here.
LONGEST = 80
# So many unknown names are told; a link with a thousand must not fill the page.
_MOST = 4


def _short(name: str) -> str:
    """A name from a link as it may stand in a sentence: one line, not too long."""
    plain = " ".join(name.split())
    return plain if len(plain) <= 40 else f"{plain[:40]} …"


def _what(key: str, name: str, valid: Sequence[str]) -> str:
    near = nearest(name, valid)
    hint = f" (bedoelde u ‘{near[0]}’?)" if near else ""
    return f"{key} ‘{_short(name)}’{hint}"
