"""Links of the app onto pages of the site: rules for nginx and Caddy, and pages that do it without either.

A shared link of the app ('/kaart?indicator=woz-waarde') then keeps working when the site takes over its address. Where it
leads is decided in ``links.site_path`` alone: the rules are read off from it with a value that stands for every value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any
from urllib.parse import urlsplit

from monitor.definitions import Definitions
from monitor.publish import links
from monitor.publish.layout import to
from monitor.publish.page import Page
from monitor.state import State

FOLDER = ".server/"
NGINX_MAPS, NGINX_PLACES, CADDY = f"{FOLDER}nginx-http.conf", f"{FOLDER}nginx-server.conf", f"{FOLDER}Caddyfile"
# Pages of the app whose link holds nothing that the site can follow.
_WITHOUT_CHOICE = frozenset({"overzicht", "begin", "balans", "edities", "zoeken", "toegankelijkheid"})
# Stands for every value of a key; a municipality keeps its digits, a goal its number.
_ANY, _CODE, _GOAL = "x-elke-waarde-x", "GM0000", 987
# Pages of the app at whose address the site has nothing of its own.
_TITLES = {
    "kaart": "Kaart", "trends": "Trends", "edities": "Edities", "overzicht": "Overzicht", "begin": "Begin",
    "regiodialoog": "Regiodialoog", "eigen-regio": "Eigen regio", "ab-pakket": "AB-pakket", "logboek": "Logboek",
    "eigen-bevindingen": "Eigen bevindingen",
}  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """One rule of a page of the app: which keys must have which values, and where that leads.

    ``keys``: key of the URL -> pattern with one group. ``target``: path below the root, with '{1}', '{2}' for groups.
    """

    keys: tuple[tuple[str, str], ...]
    target: str


@dataclass(frozen=True)
class Redirect:
    """A page of the app with its rules, the first that fits decides, and where it leads without any."""

    page: str
    rules: tuple[Rule, ...]
    default: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that its rules look at."""
        return tuple(dict.fromkeys(k for r in self.rules for k, _ in r.keys))

    @property
    def name(self) -> str:
        """Its name in the configuration of a server."""
        return f"rm_{self.page.replace('-', '_')}"


def redirects(d: Definitions, municipalities: Sequence[str]) -> tuple[Redirect, ...]:
    """The rules of every page of the app.

    Args:
        d: definitions: a value that they do not hold leads to the list of the page.
        municipalities: codes.
    """
    values = {
        "bevinding": _one_of(f.id for f in d.findings),
        "gemeente": f"(?:GM|gm)({'|'.join(sorted(c[2:] for c in municipalities))})",
        "indicator": _one_of(i.id for i in d.indicators),
        "regio": _one_of(r.id for r in d.regions),
        "thema": _one_of(t.id for t in d.themes),
        "doel": _one_of(str(g.id) for g in d.goals),
        "soort": _one_of({f.kind for f in d.findings}),
    }
    # Only regions at the border have a page about the other side.
    border = _one_of(r.id for r in d.border_regions)
    states: dict[str, dict[str, Any]] = {
        "bevinding": {"finding": _ANY}, "gemeente": {"municipality": _CODE}, "indicator": {"indicator": _ANY},
        "regio": {"regions": (_ANY,)}, "thema": {"theme": _ANY}, "doel": {"goal": _GOAL}, "soort": {"kind": _ANY},
    }  # fmt: skip
    made = []
    for page in sorted(links.PAGES):
        default = links.site_path(State(page))
        found = []
        for keys in (("regio", "doel"), *((k,) for k in values)):
            state = State(page).but(**{a: v for k in keys for a, v in states[k].items()})
            target = links.site_path(state)
            # A key that changes nothing, or of which only the first of two counts, is no rule.
            if len(_groups(target)) == len(keys):
                own = values | ({"regio": border} if page == "over-de-grens" else {})
                found.append(Rule(tuple((k, own[k]) for k in keys), _with_groups(target, keys)))
        # A page without rules at its own address needs none: what it is asked ('?zoek=') stays.
        if found or default != f"{page}/":
            made.append(Redirect(page, tuple(found), default))
    return tuple(made)


def _one_of(values: object) -> str:
    return f"({'|'.join(re.escape(str(v)) for v in sorted(values))})"  # type: ignore[call-overload]


def _groups(target: str) -> list[str]:
    return re.findall(rf"{_ANY}|{_CODE.lower()}|{_GOAL}", target)


def _with_groups(target: str, keys: Sequence[str]) -> str:
    for k, _ in enumerate(keys, 1):
        target = re.sub(rf"{_ANY}|(?<=gm){_CODE[2:]}|{_GOAL}", f"{{{k}}}", target, count=1)
    return target


def server_files(found: Sequence[Redirect], base: str) -> dict[str, bytes]:
    """The rules as files for a server.

    Args:
        found: see ``redirects``.
        base: full address of the site; its path goes before every link. Empty: the site stands at the root.
    """
    root = urlsplit(base).path if base else "/"
    return {
        NGINX_MAPS: _nginx_maps(found, root).encode(),
        NGINX_PLACES: _nginx_places(found, root).encode(),
        CADDY: _caddy(found, root).encode(),
    }


def _nginx_maps(found: Sequence[Redirect], root: str) -> str:
    """Two steps, because a line may not be long: which values exist, and where a page leads with those."""
    values = {k: p for r in found for rule in r.rules for k, p in rule.keys}
    blocks = [
        "# In het blok http: waar een link van de monitor heen leidt. Gemaakt door 'publish'.",
        "map_hash_max_size 4096;\nmap_hash_bucket_size 256;",
    ]
    for key, pattern in values.items():
        before, _, inner = pattern.rstrip(")").rpartition("(")
        kept = "".join(f'\n    "{"GM" if before else ""}{v}" "{v}";' for v in re.sub(r"\\(.)", r"\1", inner).split("|"))
        blocks.append(f'map $arg_{key} $rm_{key}_bekend {{\n    default "";{kept}\n}}')
    for r in found:
        source = "|".join(f"$rm_{k}_bekend" for k in r.keys) or "-"
        lines = [f'map "{source}" ${r.name} {{', f'    default "{root}{r.default}";']
        for n, rule in enumerate(r.rules, 1):
            places = {k: f"(?<{r.name}_{n}_{m}>[^|]+)" for m, (k, _) in enumerate(rule.keys, 1)}
            pattern = r"\|".join(places.get(k, "[^|]*") for k in r.keys)
            target = re.sub(r"\{(\d)\}", rf"${{{r.name}_{n}_\1}}", rule.target)
            lines.append(f'    "~^{pattern}$" "{root}{target}";')
        blocks.append("\n".join([*lines, "}"]))
    return "\n".join(blocks) + "\n"


def _nginx_places(found: Sequence[Redirect], root: str) -> str:
    lines = [
        "# In het blok server. Met --base staat het pad van de site er al voor.",
        "# Alleen figuren om in te sluiten mogen in een pagina van een ander staan: zet frame-ancestors * op",
        f"# {root}insluiten/ en frame-ancestors 'self' op de rest.",
        f"location ^~ {root}{FOLDER} {{ return 404; }}",
    ]
    for r in found:
        go = f"absolute_redirect off; return 302 ${r.name};"
        lines.append(f"location = {root}{r.page} {{ {go} }}")
        lines.append(f"location = {root}{r.page}/ {{ absolute_redirect off; if ($args) {{ return 302 ${r.name}; }} }}")
    return "\n".join(lines) + "\n"


def _caddy(found: Sequence[Redirect], root: str) -> str:
    lines = ["# In het blok van de site: import .server/Caddyfile. Gemaakt door 'publish'."]
    for r in found:
        source = "|".join(f"{{query.{k}}}" for k in r.keys) or "-"
        # Only for the page itself, so that other addresses cost nothing.
        lines.append(f"@{r.name} path {root}{r.page}")
        lines.append(f"@{r.name}_vraag {{\n\tpath {root}{r.page}/\n\texpression `{{query}} != ''`\n}}")
        lines.append(f'map "{source}" {{{r.name}}} {{')
        for rule in r.rules:
            target = re.sub(r"\{(\d)\}", r"${\1}", rule.target)
            wanted = dict(rule.keys)
            pattern = r"\|".join(wanted.get(k, "[^|]*") for k in r.keys)
            lines.append(f'\t"~^{pattern}$" "{root}{target}"')
        lines.append(f'\tdefault "{root}{r.default}"\n}}')
        lines += [f"redir @{r.name} {{{r.name}}} 302", f"redir @{r.name}_vraag {{{r.name}}} 302"]
    lines.append(f"@rm_server path {root}{FOLDER}*\nrespond @rm_server 404")
    return "\n".join(lines) + "\n"


# -- without a server's help ----------------------------------------------------------------------------------


def pages(d: Definitions) -> list[Page]:
    """Pages at the addresses of the app for which the site has none: they list the choices."""
    return [
        Page(
            f"{page}/", title, f"Van de pagina {title} in de monitor naar de pagina’s van deze website.",
            partial(_choices, d, page),
        )
        for page, title in _TITLES.items()
    ]  # fmt: skip


def only_forwards(path: str) -> bool:
    """Whether a page of the site is there for an address of the app alone."""
    return path.rstrip("/") in _TITLES


def _choices(d: Definitions, page: str) -> str:
    """The list of a page: figures for maps and trends, else regions."""
    only = (
        "<p>Zelf samenstellen en opschrijven kan alleen in de monitor. Hier staat wat van elke regio is gepubliceerd.</p>"
        if page in links.INTERACTIVE
        else ""
    )
    if page in ("kaart", "trends"):
        items = [(to(links.indicator(i.id), i.full_name)) for i in d.indicators]
        title = "Kies een cijfer"
    elif page == "edities":
        items, title = [to(links.DATA, "Gegevens en edities")], "Ga verder"
    else:
        items, title = [to(links.region(r.id), r.name) for r in d.regions], "Kies een regio"
    listed = "".join(f"<li>{i}</li>" for i in items)
    return f'{only}<h2>{escape(title)}</h2><ul class="cols">{listed}</ul>'


SCRIPT = "vast/doorsturen.js"
# Forwards only to what the page itself lists: an unknown value leaves the reader with the list.
_SCRIPT = """(function(){
var q=new URLSearchParams(location.search),keys=["bevinding","gemeente","indicator","regio","thema","doel","soort"];
if(/\\/regio\\/$/.test(location.pathname))keys.unshift("regio");
for(var k=0;k<keys.length;k++){
var v=(q.get(keys[k])||"").toLowerCase();
if(!/^[a-z0-9-]+$/.test(v))continue;
var a=document.querySelector('main a[href$="/'+v+'/"],main a[href="'+v+'/"]');
if(!a)continue;
var at=location.pathname.replace(/.*\\/([a-z-]+)\\/$/,"$1"),goal=q.get("doel")||"";
var more=at==="regio"&&/^[123]$/.test(goal)?"doel-"+goal+"/":{trends:"#trend",methode:"#methode"}[at]||"";
location.replace(a.href.split("#")[0]+more);return}
})();
"""


def script() -> bytes:
    """The few lines that forward a link of the app on a page that lists its choices."""
    return _SCRIPT.encode()


def forwards(path: str) -> bool:
    """Whether a page of the site stands at the address of a page of the app where something is chosen."""
    return path.endswith("/") and path.rstrip("/") in links.PAGES - _WITHOUT_CHOICE
