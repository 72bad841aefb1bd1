"""Every link of the app onto a page of the site: choices that the site lacks lead to the nearest page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from urllib.parse import parse_qs

from monitor.state import State, address

# Pages that only mean something where choices can be made or written down; the site leads to the app for these.
INTERACTIVE = frozenset({"eigen-regio", "ab-pakket", "logboek", "eigen-bevindingen"})
PAGES = INTERACTIVE | {
    "overzicht", "begin", "kaart", "trends", "vergelijken", "balans", "regio", "gemeente", "over-de-grens",
    "cijfer-en-verhaal", "regiodialoog", "plan", "trajecten", "methode", "edities", "zoeken",
    "toegankelijkheid",
}  # fmt: skip

REGION, INDICATOR, MUNICIPALITY, FINDINGS, FINDING = "regio/", "cijfer/", "gemeente/", "bevindingen/", "bevinding/"
VOICES, METHOD, DATA, SEARCH, ACCESS = "cijfer-en-verhaal/", "methode/", "gegevens/", "zoeken/", "toegankelijkheid/"
BALANCE, COMPARE, PROGRAMMES, PLAN, BORDER = "balans/", "vergelijken/", "trajecten/", "plan/", "over-de-grens/"
# What the app shows when nothing was chosen.
_BORDER_FIRST = "achterhoek"


def region(slug: str, goal: int | None = None) -> str:
    """The page of a region, or of one goal in it."""
    return f"{REGION}{slug}/" if goal is None else f"{REGION}{slug}/doel-{goal}/"


def indicator(name: str) -> str:
    """The page of a figure."""
    return f"{INDICATOR}{name}/"


def municipality(code: str) -> str:
    """The page of a municipality; its code stays when its name changes."""
    return f"{MUNICIPALITY}{code.lower()}/"


def finding(name: str) -> str:
    """The page of one finding."""
    return f"{FINDING}{name}/"


def findings(part: str, value: str) -> str:
    """The findings of one region, theme, kind or goal: ('regio', 'twente')."""
    return f"{FINDINGS}{part}/{value}/"


def _per_region(folder: str) -> Callable[[State], str]:
    return lambda s: f"{folder}{s.regions[0]}/" if s.regions else folder


def _region(s: State) -> str:
    return region(s.regions[0], s.goal) if s.regions else REGION


def _findings(s: State) -> str:
    if s.finding:
        return finding(s.finding)
    for part, value in (
        ("regio", s.regions[0] if s.regions else ""),
        ("thema", s.theme or ""),
        ("doel", str(s.goal or "")),
        ("soort", s.kind or ""),
    ):
        if value:
            return findings(part, value)
    return FINDINGS


def _figure(place: str) -> Callable[[State], str]:
    return lambda s: f"{indicator(s.indicator)}{place}" if s.indicator else INDICATOR


_RULES: Mapping[str, Callable[[State], str]] = {
    "overzicht": lambda s: "",
    "begin": lambda s: "",
    "kaart": _figure(""),
    "trends": _figure("#trend"),
    "methode": lambda s: f"{indicator(s.indicator)}#methode" if s.indicator else METHOD,
    "regio": _region,
    "gemeente": lambda s: municipality(s.municipality) if s.municipality else MUNICIPALITY,
    "vergelijken": _per_region(COMPARE),
    "balans": lambda s: BALANCE,
    "over-de-grens": _per_region(BORDER),
    "cijfer-en-verhaal": _per_region(VOICES),
    "regiodialoog": _findings,
    "plan": _per_region(PLAN),
    "trajecten": _per_region(PROGRAMMES),
    "edities": lambda s: DATA,
    "toegankelijkheid": lambda s: ACCESS,
    "zoeken": lambda s: SEARCH,
    "eigen-regio": _region,
    "eigen-bevindingen": lambda s: findings("regio", s.regions[0]) if s.regions else FINDINGS,
    "ab-pakket": _region,
    "logboek": _region,
}


def site_path(state: State) -> str:
    """The page of the site that is nearest to a page of the app: its path below the root, perhaps with '#place'.

    Always a page that exists. For pages in ``INTERACTIVE`` it is only near: where the app can be reached, lead there.
    """
    return _RULES[state.page](state)


def state_of(link: str) -> State | None:
    """The state of a link of the app ('regio?regio=twente'); None for a link that is none of the app."""
    page, _, query = link.partition("#")[0].partition("?")
    if page not in PAGES:
        return None
    values = parse_qs(query)

    def last(key: str) -> str | None:
        return (values.get(key) or [None])[-1]  # type: ignore[list-item]

    goal, year = last("doel"), last("jaar")
    return State(
        page,
        tuple(dict.fromkeys(values.get("regio", ()))),
        indicator=last("indicator"),
        year=int(year) if year and year.isdecimal() else None,
        level=last("niveau"),
        compare=last("vergelijk"),
        municipality=last("gemeente"),
        kind=last("soort"),
        theme=last("thema"),
        goal=int(goal) if goal and goal.isdecimal() else None,
        search=last("zoek") or "",
        abroad=last("grenscijfer"),
        order=last("volgorde"),
        finding=last("bevinding"),
        edition=last("editie"),
    )


def relative(path: str, page: str) -> str:
    """A path of the site as seen from a page of the site.

    Args:
        path: from the root of the site, perhaps with '#place' or '?query'.
        page: path of the page that the link stands on.
    """
    up = "../" * page.count("/")
    return f"{up}{path}" or "./"


_HREF = re.compile(r'(<a\b[^>]*?\shref=")([^"]*)(")([^>]*>)')
_TARGET = ' target="_self"'


def rewrite(html: str, page: str, app: str = "", root: str = "") -> str:
    """The links of the app in a piece of HTML, as links of the site.

    Args:
        html: what a screen made; its links are those of the app ('regio?regio=twente'), of the site from its root
            ('/cijfer/woz-waarde/'), places on the page ('#bron') or full addresses, which stay.
        page: path of the page that it stands on.
        app: where the app is served; pages that only the app has lead there. Empty: to the nearest page.
        root: put before a path instead of a way up, for the page of a wrong address, which stands anywhere.
    """

    def one(found: re.Match[str]) -> str:
        before, link, quote, after = found.groups()
        return f"{before}{escape(_target(unescape(link), page, app, root), quote=True)}{quote}{after}".replace(
            _TARGET, ""
        )

    return _HREF.sub(one, html if app else without_app(html))


# A link to what only the app has, as an item of a list, before a dot that parts it from the next link, or by itself.
_ONLY = rf'<a\b[^>]*?\shref="(?:{"|".join(sorted(INTERACTIVE))})(?:\?[^"]*)?"[^>]*>[^<]*</a>'
_ITEM, _BARE = re.compile(rf"<li>\s*{_ONLY}\s*</li>"), re.compile(rf"\s?{_ONLY}(?:\s*·\s*)?")


def without_app(html: str) -> str:
    """HTML without links to what only the app has, for a site that has no app beside it."""
    return _BARE.sub("", _ITEM.sub("", html))


def _target(link: str, page: str, app: str, root: str) -> str:
    if link.startswith("/"):
        path = link[1:]
    else:
        state = state_of(link)
        if state is None:
            return link
        if app and state.page in INTERACTIVE:
            return address(app, link)
        path = site_path(state)
        place = link.partition("#")[2]
        if place and "#" not in path:
            path = f"{path}#{place}"
    return f"{root}{path}" if root else relative(path, page)
