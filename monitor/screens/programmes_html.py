"""The running programmes as HTML: tables per goal, the timeline, the programme's calendar. Every text is escaped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from html import escape

from monitor.definitions import Region
from monitor.definitions.programmes import CalendarEntry, Programme, ProgrammeStatus
from monitor.figures.html import link
from monitor.notation import UNKNOWN, listing, number
from monitor.screens.programmes import (
    GoalProgrammes,
    Timeline,
    TimelineRow,
    amount_told,
    money,
    period_told,
    planned_told,
    spoken,
)
from monitor.state import State

ALL_GOALS = "Over alle doelen heen"
PAST = "De einddatum is voorbij: loopt dit nog?"
# What the letters stand for; only those that a register uses are told.
MINISTRIES = {
    "BZK": "Binnenlandse Zaken en Koninkrijksrelaties", "EZ": "Economische Zaken", "IenW": "Infrastructuur en Waterstaat",
    "KGG": "Klimaat en Groene Groei", "LVVN": "Landbouw, Visserij, Voedselzekerheid en Natuur",
    "OCW": "Onderwijs, Cultuur en Wetenschap", "SZW": "Sociale Zaken en Werkgelegenheid",
    "VRO": "Volkshuisvesting en Ruimtelijke Ordening", "VWS": "Volksgezondheid, Welzijn en Sport",
}  # fmt: skip


def anchor(programme: Programme) -> str:
    """The place of a programme on its page."""
    return f"traject-{programme.id}"


def link_to(programme: Programme) -> str:
    """The address of a programme: its region's page, at its row."""
    return f"{State('trajecten', (programme.region,)).link()}#{anchor(programme)}"


def counts(found: Sequence[tuple[ProgrammeStatus, int]]) -> str:
    """How many programmes have which status."""
    items = "".join(f"<li><b>{n}</b> {escape(_STATUS[s])}</li>" for s, n in found)
    return f'<ul class="counts pj-counts">{items}</ul>'


_STATUS: dict[ProgrammeStatus, str] = {
    "lopend": "lopend",
    "in voorbereiding": "in voorbereiding",
    "onbekend": "stand onbekend: de bron noemt alleen de afspraak of het geld",
    "afgerond": "afgerond",
}


def empty(region: Region) -> str:
    """What stands where a register is not filled in yet, and how to fill it."""
    return (
        f'<div class="notice"><p><b>Nog niet ingevuld.</b> In de stukken achter deze monitor staat voor '
        f"{escape(region.spoken)} geen lijst van lopende trajecten. Dat betekent niet dat er niets loopt.</p><p>De regio kan het register zelf "
        f"vullen: in het bestand <b>{escape(region.id)}.yaml</b> in de map <b>data/trajecten</b>. In "
        "<b>docs/trajecten.md</b> staat welke velden er zijn, met een voorbeeld.</p></div>"
    )


def how_to_fill(region: Region) -> str:
    """How a region keeps its register, in short."""
    fields = (
        "naam, wie het leidt of betaalt, en de stand: lopend, in voorbereiding, afgerond of onbekend",
        "begin en einde, zo precies als u het weet; wat u niet weet laat u weg, dan staat er ‘onbekend’",
        "bedragen in hele euro’s, met waarvoor; per gemeente als u dat weet (de delen moeten optellen)",
        "waar het over gaat en wat NPVR kan toevoegen, in uw eigen woorden",
        "doelen, thema’s, bron en datum",
    )
    items = "".join(f"<li>{escape(f)}</li>" for f in fields)
    return (
        f"<p>Het register staat in <b>data/trajecten/{escape(region.id)}.yaml</b>. Per traject vult u in:</p>"
        f'<ul class="plainlist">{items}</ul><p>Een fout in een veld wordt genoemd met bestand, traject en veld. Alle '
        "velden staan in <b>docs/trajecten.md</b>.</p>"
    )


def heading(block: GoalProgrammes) -> str:
    """Number and name of a goal above its programmes."""
    if block.goal is None:
        name = f"<small>Doel 1, 2 en 3</small>{ALL_GOALS}"
    else:
        name = f"<small>Doel {block.goal.id}</small>{escape(block.goal.name)}"
    return f'<div class="gh"><h2>{name}</h2></div>'


def ministries(own: Sequence[Programme]) -> str:
    """What the letters of the ministries in a register stand for."""
    used = [m for m in MINISTRIES if any(m in p.who for p in own)]
    told = "; ".join(f"{m}: {MINISTRIES[m]}" for m in used)
    return f'<p class="xs mut">Ministeries. {escape(told)}.</p>' if used else ""


def goal_table(block: GoalProgrammes, region: Region, today: dt.date) -> str:
    """The programmes of a goal: who, period, amount and what NPVR can add, with the rest below each."""
    if not block.programmes:
        return '<p class="sm mut">Bij dit doel staat geen traject in het register.</p>' + _also(block)
    rows = "".join(_row(p, region, today) for p in block.programmes)
    head = "".join(
        f'<th scope="col">{h}</th>' for h in ("Traject", "Wie", "Looptijd", "Bedrag", "Wat NPVR kan toevoegen")
    )
    return f'<table class="pj"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{_also(block)}'


def _also(block: GoalProgrammes) -> str:
    if not block.also:
        return ""
    links = ", ".join(f'<a href="#{anchor(p)}" target="_self">{escape(p.name)}</a>' for p in block.also)
    return f'<p class="sm">Ook bij dit doel: {links}.</p>'


def _row(p: Programme, region: Region, today: dt.date) -> str:
    names = {m.code: m.name for m in region.members}
    status = "" if p.status == "lopend" else f' <span class="st-word">{escape(_WORD[p.status])}</span>'
    counted = "".join(f"<p class='sm'>{number(c.number, 0)} {escape(c.what)}</p>" for c in p.counts)
    note = f"<p>{escape(p.note)}</p>" if p.note else ""
    past = f"<p><b>{PAST}</b></p>" if p.overdue(today) else ""
    cells = (
        ("Wie", escape(", ".join(p.who)), True),
        ("Looptijd", f"{period(p)}{past}", bool(p.period.start or p.period.end or p.period.note)),
        ("Bedrag", amounts(p, names), bool(p.amounts)),
        ("Wat NPVR kan toevoegen", escape(p.npvr) if p.npvr else f'<span class="mut">{UNKNOWN}</span>', bool(p.npvr)),
    )
    rest = "".join(
        f'<td data-label="{label}"{"" if known else " class=unk"}>{content}</td>' for label, content, known in cells
    )
    silent = [label[0].lower() + label[1:] for label, _, known in cells if not known]
    if silent:
        # On a phone one line says what a row of 'onbekend' says on a wide screen.
        rest += f'<td class="only-small">Niet in de bron: {escape(listing(silent))}.</td>'
    return (
        f'<tr id="{anchor(p)}"><th scope="row"><b>{escape(p.name)}</b>{status}<p class="sm">{escape(p.about)}</p>{counted}'
        f'<details class="more"><summary>Bron{" en wat onduidelijk is" if p.note else ""}</summary>{note}'
        f"<p>{escape(p.source.title)}, {escape(p.source.section)}. Stand: {spoken(p.date)}.</p></details></th>{rest}</tr>"
    )


_WORD: dict[ProgrammeStatus, str] = {
    "lopend": "lopend",
    "in voorbereiding": "in voorbereiding",
    "onbekend": "stand onbekend",
    "afgerond": "afgerond",
}


def status_word(programme: Programme) -> str:
    """The status of a programme in a word or two."""
    return _WORD[programme.status]


def period(p: Programme) -> str:
    """From when to when, with what the years are the years of."""
    note = f"<small>{escape(p.period.note)}</small>" if p.period.note else ""
    told = period_told(p.period)
    return f"{escape(told[0].upper() + told[1:])}{note}"


def amounts(p: Programme, names: dict[str, str]) -> str:
    """Amounts with what they are for, and per municipality where known."""
    if not p.amounts:
        return f'<span class="mut">{UNKNOWN}</span>'
    made = []
    for a in p.amounts:
        shares = "".join(
            f"<li>{escape(names.get(s.municipality, s.municipality))}: {money(s.euro)}</li>" for s in a.shares
        )
        parts = f"<ul>{shares}</ul>" if len(a.shares) > 1 else ""
        year = f" ({a.year})" if a.year else ""
        made.append(f"<b>{escape(amount_told(a))}</b><small>{escape(a.purpose)}{year}</small>{parts}")
    return "".join(f'<div class="am">{m}</div>' for m in made)


def timeline(content: Timeline) -> str:
    """The timeline: a row per planned date and programme, under one axis of years; on a phone a list with small bars."""
    years = "".join(f'<span style="left:{left:.2f}%">{year}</span>' for year, left in content.years)
    grid = "".join(f'<i style="left:{left:.2f}%"></i>' for _, left in content.years[1:])
    now = f'<b class="now" style="left:{content.today:.2f}%"></b>'
    planned = "".join(_track(r, "tl-plan", grid, now) for r in content.planned)
    rows = "".join(_track(r, "tl-run", grid, now) for r in content.rows)
    running = f'<h3 class="tl-h">Trajecten met een jaartal in de bron</h3><ul class="tl">{rows}</ul>' if rows else ""
    key = (
        ("tl-mark", "gepland door het programma"), ("tl-solid", "wat de bron zegt"),
        ("tl-dash", "begin of einde onbekend"), ("tl-now", content.today_told),
    )  # fmt: skip
    marks = "".join(f'<li><i class="{css}"></i>{escape(told)}</li>' for css, told in key)
    return (
        f'<ul class="key tl-key">{marks}</ul>'
        f'<div class="tl-axis" aria-hidden="true"><span></span><div>{years}</div></div>'
        f'<h3 class="tl-h">Agenda van het programma: gepland, niet nagegaan</h3><ul class="tl">{planned}</ul>{running}'
    )


def _track(row: TimelineRow, css: str, grid: str, now: str) -> str:
    right = row.left + row.width
    open_start = f'<s style="left:0;width:{row.left:.2f}%"></s>' if row.open_start else ""
    open_end = f'<s style="left:{right:.2f}%;width:{max(100 - right, 0):.2f}%"></s>' if row.open_end else ""
    name = f'<a href="#traject-{row.anchor}" target="_self">{escape(row.name)}</a>' if row.anchor else escape(row.name)
    mark = f'<em style="left:{row.left + row.width / 2:.2f}%"></em>' if css == "tl-plan" else ""
    return (
        f'<li class="{css}"><span class="tl-name">{name}<small>{escape(row.told)}</small></span>'
        f'<span class="tl-track" aria-hidden="true">{grid}{open_start}{open_end}'
        f'<u style="left:{row.left:.2f}%;width:{row.width:.2f}%"></u>{mark}{now}</span></li>'
    )


def undated(programmes: Sequence[Programme]) -> str:
    """Programmes that are not on the timeline, because the source gives no year."""
    if not programmes:
        return ""
    links = ", ".join(f'<a href="#{anchor(p)}" target="_self">{escape(p.name)}</a>' for p in programmes)
    return f'<p class="sm"><b>Zonder jaartal in de bron ({len(programmes)}):</b> {links}.</p>'


def rhythm(entries: Sequence[CalendarEntry]) -> str:
    """What comes back, or takes long, in the programme."""
    items = "".join(f"<li><b>{escape(c.name)}.</b> {escape(c.about)}</li>" for c in entries)
    return f'<ul class="plainlist">{items}</ul>' if items else ""


def calendar(entries: Sequence[CalendarEntry]) -> str:
    """The planned dates with what they are, how we came to them, and where they stand."""
    items = []
    for c in entries:
        notes = " ".join(escape(n) for n in (c.period.note, c.reckoned) if n)
        items.append(
            f"<li><b>{escape(c.name)}</b>, gepland: {escape(planned_told(c.period))}. {escape(c.about)} {notes} "
            f'<span class="mut">Volgens: {escape(c.source.title)}, {escape(c.source.section)}.</span></li>'
        )
    return f'<ul class="plainlist">{"".join(items)}</ul>'


def onward(region: Region) -> str:
    """Where to read on about a region."""
    pages = (("plan", "Bouwstenen voor het plan voor de regio"), ("regio", f"Cijfer en stem: {region.name}"))
    return " · ".join(link(State(page, (region.id,)).link(), told) for page, told in pages)
