"""The pages of what was said: all findings, per region, theme, goal and kind, each by itself, and number and voice."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape

from monitor.definitions import Finding, Region
from monitor.dialogue.browse import choose
from monitor.dialogue.hold import hold
from monitor.dialogue.matrix import ORDER
from monitor.notation import NBSP
from monitor.publish import links
from monitor.publish.edition import BENCHMARK, Edition
from monitor.publish.layout import beside, contents, folded, neighbours, to
from monitor.publish.page import Page
from monitor.screens import number_voice_html as html
from monitor.screens import voices_html
from monitor.screens.number_voice import PAGE, WHY, compose_finding, compose_number_voice
from monitor.state import State

TRAIL = ((links.FINDINGS, "Bevindingen"),)
_KINDS = {
    "opgave": "Opgaven", "kenmerk": "Kenmerken", "knelpunt": "Knelpunten", "behoefte": "Behoeften", "idee": "Ideeën",
    "verhaal": "Verhalen", "spanning": "Spanningen",
}  # fmt: skip


def pages(ed: Edition) -> list[Page]:
    """All findings, the lists of a part of them, each by itself, and where figures and voices clash."""
    many = len(ed.definitions.findings)
    whole = Page(
        links.FINDINGS, "Wat er gezegd is", f"{many} bevindingen uit de regiodialogen van 2024 en uit stukken van regio en "
        "Rijk, in eigen woorden.", partial(_list, ed), State("regiodialoog").link(),
    )  # fmt: skip
    return [whole, *_parts(ed), *(_one(ed, f) for f in ed.definitions.findings), *_voices(ed)]


def _choices(ed: Edition) -> list[tuple[str, list[tuple[str, str, Sequence[Finding]]]]]:
    """Per way to choose: the folder, and per choice its id, its name and its findings; only those that hold any."""
    d = ed.definitions
    every = d.findings
    made: list[tuple[str, list[tuple[str, str, Sequence[Finding]]]]] = [
        ("regio", [(r.id, r.name, choose(every, regions=(r.id,))) for r in d.regions]),
        ("thema", [(t.id, t.name, choose(every, theme=t.id)) for t in d.themes]),
        ("doel", [(str(g.id), g.name, choose(every, goal=g.id)) for g in d.goals]),
        ("soort", [(k, _KINDS.get(k, k), choose(every, kind=k)) for k in sorted({f.kind for f in every})]),
    ]
    return [(part, [(k, name, found) for k, name, found in chosen if found]) for part, chosen in made]


_HEADS = {"regio": "Per regio", "thema": "Per thema", "doel": "Per doel", "soort": "Per soort"}


def _filters(ed: Edition, here: str = "") -> str:
    """The ways to choose, as links with how many findings each has."""
    parts = []
    for part, chosen in _choices(ed):
        items = "".join(
            f"<li>{escape(name) if links.findings(part, k) == here else to(links.findings(part, k), name)} "
            f"<small>{len(found)}</small></li>"
            for k, name, found in chosen
        )
        parts.append(f'<h3>{_HEADS[part]}</h3><ul class="cols">{items}</ul>')
    return "".join(parts)


def _list(ed: Edition) -> str:
    d = ed.definitions
    items = "".join(f"<li>{to(links.finding(f.id), f.title)} <small>{escape(f.kind)}</small></li>" for f in d.findings)
    return (
        '<p class="lead">Bevindingen uit de regiodialogen van 2024 en uit stukken van regio en Rijk, in eigen woorden. '
        "Kies een regio om te zien wat de cijfers erbij zeggen.</p>"
        f'<h2 id="kies">Kies een deel</h2>{_filters(ed)}'
        f"<p>{to(links.VOICES, 'Waar cijfer en verhaal botsen')}</p>"
        f'<h2 id="alle">Alle {len(d.findings)}{NBSP}bevindingen</h2><ul class="list">{items}</ul>'
    )


def _parts(ed: Edition) -> list[Page]:
    made = []
    for part, chosen in _choices(ed):
        for key, name, found in chosen:
            title = f"Wat er gezegd is: {name if part in ('regio', 'soort') else name[0].lower() + name[1:]}"
            state = State(
                "regiodialoog", (key,) if part == "regio" else (), theme=key if part == "thema" else None,
                goal=int(key) if part == "doel" else None, kind=key if part == "soort" else None,
            )  # fmt: skip
            told = f"{len(found)} bevindingen uit gesprekken en stukken ({part}: {name}), in eigen woorden en met bron."
            path = links.findings(part, key)
            body = partial(_part, ed, part, key, tuple(found), path)
            made.append(Page(path, title, told, body, state.link(), trail=TRAIL))
    return made


def _part(ed: Edition, part: str, key: str, found: Sequence[Finding], path: str) -> str:
    d = ed.definitions
    if part == "regio":
        region = d.region(key)
        held = [(f, hold(d, ed.snapshot, f, region, BENCHMARK)) for f in found]
        cards = voices_html.voices(held, region)
        more = f"<p>{to(f'{links.VOICES}{key}/', f'Waar cijfer en verhaal botsen in {region.spoken}')}</p>"
    else:
        cards, more = "".join(voices_html.card(f, d) for f in found), ""
    return (
        f"<p><b>{len(found)} van {len(d.findings)}{NBSP}bevindingen</b></p>{more}"
        f"<h2>Kies een ander deel</h2>{folded('Per regio, thema, doel of soort', _filters(ed, path))}"
        f'<h2>Bevindingen</h2><div class="voices">{cards}</div>'
    )


def _one(ed: Edition, finding: Finding) -> Page:
    state = State("regiodialoog", finding=finding.id)
    body = partial(_finding, ed, finding)
    return Page(links.finding(finding.id), finding.title, finding.summary, body, state.link(), trail=TRAIL)


def _finding(ed: Edition, finding: Finding) -> str:
    d = ed.definitions
    told = compose_finding(d, ed.voiced, finding, State("regiodialoog"))
    if told.decided:
        signs = f"{html.legend()}{html.clashes(told.decided, d, State(PAGE))}"
        decided = f'<h2 id="cijfers">Wat de cijfers zeggen, per regio</h2>{signs}'
    else:
        decided = '<p class="notice">Geen enkel cijfer bevestigt dit of spreekt het tegen.</p>'
    places = d.regions if "alle" in finding.regions else [d.region(r) for r in finding.regions]
    where = "".join(f"<li>{to(links.findings('regio', r.id), r.name)}</li>" for r in places)
    themes = "".join(
        f"<li>{to(links.findings('thema', t.id), t.name)}</li>" for t in d.themes if t.id in finding.themes
    )
    same = f'<h3>Over hetzelfde thema</h3><ul class="cols">{themes}</ul>' if themes else ""
    row = [(links.finding(f.id), f.title) for f in d.findings]
    return (
        f"{voices_html.card(finding, d)}{decided}<h2>Meer bevindingen</h2><h3>Over dezelfde regio</h3>"
        f'<ul class="cols">{where}</ul>{same}'
        f"{neighbours(*beside(row, links.finding(finding.id)), 'Andere bevindingen')}"
    )


def _voices(ed: Edition) -> list[Page]:
    whole = Page(
        links.VOICES, "Waar cijfer en verhaal botsen", "Per thema en regio: welke bevindingen de cijfers tegenspreken, "
        "bevestigen of niet meten.", partial(_clashes, ed), State(PAGE).link(),
    )  # fmt: skip
    trail = ((links.VOICES, "Cijfer en verhaal"),)
    return [
        whole,
        *(
            Page(
                f"{links.VOICES}{r.id}/", f"Waar cijfer en verhaal botsen in {r.spoken}",
                f"Wat de cijfers tegenspreken, bevestigen en niet meten van wat er in {r.spoken} is gezegd.",
                partial(_clashes_in, ed, r), State(PAGE, (r.id,)).link(), trail=trail,
            )
            for r in ed.definitions.regions
        ),
    ]  # fmt: skip


def _regions(ed: Edition, own: str = "") -> str:
    items = "".join(f"<li>{to(f'{links.VOICES}{r.id}/', r.name)}</li>" for r in ed.definitions.regions if r.id != own)
    return f'<ul class="cols">{items}</ul>'


def _clashes(ed: Edition) -> str:
    d = ed.definitions
    content = compose_number_voice(d, ed.snapshot, ed.voiced, State(PAGE))
    agreed = (
        folded(html.heading("bevestigen", len(content.agreed)), html.clashes(content.agreed, d, State(PAGE)))
        if content.agreed
        else ""
    )
    items = [("regio", "Kies een regio"), ("botst", "Wat botst"), ("themas", "Alle thema’s en regio’s")]
    return (
        f'<p class="lead">{escape(content.lead)}</p><p class="sm">{escape(WHY)}</p>{contents(items)}'
        f'<h2 id="regio">Kies een regio</h2>{_regions(ed)}<h2 id="botst">Wat botst</h2>{html.legend()}'
        f"{html.clashes(content.clashes, d, State(PAGE))}{agreed}"
        '<h2 id="themas">Alle thema’s en regio’s</h2><p>Per vak: hoeveel bevindingen de cijfers tegenspreken, bevestigen '
        "of niet meten. Thema’s met de meeste tegenspraak staan bovenaan. Een bevinding telt bij elk van haar thema’s.</p>"
        f'<div class="across" role="region" tabindex="0" aria-label="Alle thema’s en regio’s">'
        f"{html.table(content.lines, d, State(PAGE))}</div>{html.remainder(content)}"
    )


def _clashes_in(ed: Edition, region: Region) -> str:
    d = ed.definitions
    content = compose_number_voice(d, ed.snapshot, ed.voiced, State(PAGE, (region.id,)))
    parts = []
    for verdict in ORDER:
        if content.counts[verdict]:
            title = html.heading(verdict, content.counts[verdict])
            told = html.told(content, region, verdict)
            parts.append(folded(title, told) if verdict == "meten niet" else f"<h2>{escape(title)}</h2>{told}")
    return (
        f'<p class="lead">{escape(content.lead)}</p><p class="sm">{escape(WHY)}</p>{html.legend()}{"".join(parts)}'
        f"<h2>Een andere regio</h2>{_regions(ed, region.id)}"
    )
