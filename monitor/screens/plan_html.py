"""The building blocks of a regional plan as HTML: short lists, the rest behind 'en nog'. Every text is escaped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import TypeVar

from monitor import sentences
from monitor.definitions import Finding, Region
from monitor.definitions.programmes import Programme
from monitor.dialogue.hold import SIGNS, WORDS
from monitor.dialogue.matrix import Voiced
from monitor.figures.html import link, tension_mark
from monitor.figures.svg import icon
from monitor.notation import UNKNOWN
from monitor.screens.plan import (
    FIGURES_RULE,
    FINDINGS_RULE,
    MISSING_RULE,
    GoalPlan,
    Missing,
    PlanPage,
    in_order,
    told_first,
)
from monitor.screens.plan_monitoring import CHANGING, RULE, Follow, GoalMonitoring, Monitoring
from monitor.screens.programmes import amounts_told, period_told
from monitor.screens.programmes_html import ALL_GOALS, PAST, link_to, status_word
from monitor.screens.striking import Striking
from monitor.state import State

T = TypeVar("T")
# So many of a list stand in view; the rest opens with a click, and stands on paper.
WORSE, BETTER, TASKS, PROGRAMMES, SILENT = 2, 1, 3, 3, 2
PLAN_OPEN = (
    ("1. Introductie", "wat eraan voorafging"),
    ("2. Visie", "de regio op lange termijn; de stukken noemen 2045 en 2050"),
    ("3. Handelingsperspectief", "wat de regio gaat doen, en van het Rijk vraagt"),
    ("4. Organisatie", "wie stuurt, wie meedoet, en de planning"),
)
AGENDA_OPEN = (
    ("1. Introductie", "inleiding en achtergrond"),
    ("2. Aanpak", "welke activiteiten, met welk effect, en wie wat bijdraagt"),
    ("3. Monitoring", "wat u wilt bereiken, en wanneer het genoeg is"),
    ("4. Organisatie", "mensen, geld en samenwerking"),
)
NOT_THE_PLAN = (
    "Dit is niet het plan. Dit is wat cijfers, gesprekken en stukken ervoor aandragen, in de volgorde die het programma "
    "vraagt."
)
ORIGIN_RULE = (
    "De onderdelen en hun volgorde komen uit bijlage 1 van de Kamerbrief van december 2024. Een vast formaat is er niet. "
    "Welk traject bij welk doel en thema hoort, is onze eigen lezing."
)


def lead(page: PlanPage) -> str:
    """What this page is and is not, and of when the register is."""
    when = f": {escape(page.dated[:1].lower() + page.dated[1:])}" if page.dated else " is leeg."
    return (
        f'<p class="lead">{NOT_THE_PLAN}</p><p class="sm">'
        f"Vergeleken met {escape(page.benchmark)}. {_register(page, 'Het register van trajecten')}{when}</p>"
    )


def _register(page: PlanPage, told: str) -> str:
    return link(State("trajecten", (page.region.id,)).link(), told)


def contents(page: PlanPage) -> str:
    """A short table of contents, with what this page is."""
    goals = "".join(f'<li><a href="#{_anchor(g)}" target="_self">{_title(g)}</a></li>' for g in page.goals)
    return (
        '<nav class="toc" aria-label="Inhoud"><p><b>Op deze pagina</b></p><ol>'
        f"{goals}"
        '<li><a href="#monitoring" target="_self">Voor de uitvoeringsagenda: monitoring</a></li>'
        '<li><a href="#zelf" target="_self">Dit vult de regio zelf in</a></li>'
        '<li><a href="#regels" target="_self">Hoe dit is gekozen</a></li></ol></nav>'
    )


def _anchor(g: GoalPlan) -> str:
    return f"doel-{g.goal.id}" if g.goal else "alle-doelen"


def _title(g: GoalPlan) -> str:
    return f"Doel {g.goal.id}: {escape(g.goal.name)}" if g.goal else ALL_GOALS


def heading(g: GoalPlan) -> str:
    """Number and name of a goal."""
    name = (
        f"<small>Doel {g.goal.id}</small>{escape(g.goal.name)}"
        if g.goal
        else f"<small>Doel 1, 2 en 3</small>{ALL_GOALS}"
    )
    return f'<div class="gh" id="{_anchor(g)}"><h2>{name}</h2></div>'


def block(number: str, title: str, content: str) -> str:
    """One building block: to which part of the programme's outline it belongs, its title and content."""
    return f'<section class="pb"><h3><small>{escape(number)}</small>{escape(title)}</h3>{content}</section>'


def some(items: Sequence[T], most: int, draw: Callable[[T], str], css: str) -> str:
    """A list of which the first ``most`` stand in view; the rest behind 'en nog'."""
    if not items:
        return ""
    first = "".join(draw(x) for x in items[:most])
    rest = items[most:]
    more = ""
    if rest:
        more = f'<details class="more"><summary>en nog {len(rest)}</summary><ul class="{css}">{"".join(map(draw, rest))}</ul></details>'
    return f'<ul class="{css}">{first}</ul>{more}'


def goal(g: GoalPlan, page: PlanPage) -> str:
    """The blocks of a goal, in the order of the programme: figures, findings, running programmes, what is missing."""
    parts = [heading(g)]
    if g.stands is not None:
        parts.append(block("Onderdeel 2", "Cijfers die opvallen", _figures(g)))
    parts.append(block("Onderdeel 2", "Opgaven en knelpunten", _tasks(g.tasks, page) + _others(g, page)))
    parts.append(block("Onderdeel 3", "Wat er loopt", _programmes(g, page)))
    parts.append(block("Onderdeel 3", "Wat mist?", _missing(g.missing, page)))
    return "".join(parts)


def _figures(g: GoalPlan) -> str:
    stands = g.stands
    if stands is None or not any((stands.worse, stands.better, stands.worsened, stands.improved)):
        return '<p class="sm mut">Bij dit doel wijkt geen cijfer duidelijk af, en veranderde er geen duidelijk.</p>'
    lists = (
        ("Minder goed", stands.worse, WORSE), ("Beter", stands.better, BETTER),
        ("Slechter geworden", stands.worsened, BETTER), ("Beter geworden", stands.improved, BETTER),
    )  # fmt: skip
    made = "".join(
        f"<div><h4>{title}</h4>{some(found, most, _figure, 'opl pl')}</div>" for title, found, most in lists if found
    )
    tense = "".join(f'<p class="tens"><b>Spanning.</b> {escape(f.title)}</p>' for f in g.tensions)
    return f'<div class="pl2">{made}</div>{tense}'


def _figure(s: Striking) -> str:
    return f"<li>{icon(s.outcome)}<span>{link(f'methode?indicator={s.indicator.id}', s.indicator.full_name)}{tension_mark(s.indicator, s.tension)}. {escape(s.sentence)}</span></li>"


def _tasks(tasks: Sequence[Voiced], page: PlanPage) -> str:
    if not tasks:
        return '<p class="sm mut">Hierover is nog geen opgave of knelpunt vastgelegd.</p>'
    return some(tasks, TASKS, lambda v: _task(v, page), "pv")


def _others(g: GoalPlan, page: PlanPage) -> str:
    """Where the other findings of a goal stand: needs, ideas, stories and traits."""
    if not g.others:
        return ""
    address = State("regiodialoog", (page.region.id,), goal=g.goal.id if g.goal else None).link()
    count = f"{g.others} {'andere bevinding' if g.others == 1 else 'andere bevindingen'}"
    return f'<p class="sm">{link(address, f"Nog {count}")}</p>'


def _task(v: Voiced, page: PlanPage) -> str:
    """A task with its verdict in view, and what each figure says to it behind a click."""
    f, first = v.finding, told_first(v)
    whose = " · alle regio’s" if f.common else ""
    about = f" ({escape(page.names[first.indicator])})" if first.indicator else ""
    said = "".join(f"<p><b>{WORDS[h.verdict]}.</b> {escape(h.reason)}</p>" for h in in_order(v.held))
    return (
        f'<li data-finding="{escape(f.id)}"><p class="tag"><b>{escape(f.kind.capitalize())}</b>{whose}</p>'
        f'<p class="pt">{escape(f.title)}</p><p class="ver"><span class="g" aria-hidden="true">{SIGNS[v.stance]}</span>'
        f"<span><b>{WORDS[v.stance]}</b>{about}</span></p>"
        f'<details class="more said"><summary>Wat de cijfers zeggen</summary>{said}</details></li>'
    )


def _programmes(g: GoalPlan, page: PlanPage) -> str:
    if not page.filled:
        return f'<p class="sm">{_register(page, "Het register is nog niet ingevuld")}.</p>'
    own = (*g.programmes.programmes, *g.programmes.also)
    if not own:
        return '<p class="sm mut">In het register staat bij dit doel geen traject.</p>'
    return some(own, PROGRAMMES, lambda p: _programme(p, page), "plainlist pp")


def _programme(p: Programme, page: PlanPage) -> str:
    past = f" <b>{PAST}</b>" if p in page.overdue else ""
    status = "" if p.status == "lopend" else f" ({escape(status_word(p))})"
    when = period_told(p.period) if p.period.start or p.period.end else ""
    if when or p.amounts:
        told = f"{when or 'begin en einde onbekend'}; {amounts_told(p) if p.amounts else 'bedrag onbekend'}"
    else:
        told = "looptijd en bedrag onbekend"
    npvr = " NPVR kan hier iets toevoegen." if p.npvr else ""
    return f"<li>{link(link_to(p), p.name)}{status}, {escape(', '.join(p.who))}: {escape(told)}.{npvr}{past}</li>"


def _missing(missing: Sequence[Missing], page: PlanPage) -> str:
    if not page.filled:
        return '<p class="sm">Zolang het register leeg is, is dit niet te zeggen.</p>'
    if not missing:
        return '<p class="sm">Geen vraag: bij elk thema met een opgave of ongunstig cijfer staat een traject.</p>'
    return "".join(_question(m) for m in missing)


def _question(m: Missing) -> str:
    figures = [
        f"{s.indicator.full_name} ({sentences.shown(s.indicator, s.value)}, {s.judgement.word})" for s in m.worse
    ]
    more = len(figures) - WORSE
    tail = f" en nog {more}" if more > 0 else ""
    parts = [f"Ongunstig: {escape('; '.join(figures[:WORSE]))}{tail}."] if figures else []
    if m.tasks:
        word = "Opgave of knelpunt" if len(m.tasks) == 1 else "Opgaven en knelpunten"
        parts.append(f"{word}: {escape('; '.join(f.title for f in m.tasks))}.")
    return f'<p class="ask"><b>{escape(m.question)}</b> {" ".join(parts)}</p>'


def monitoring(content: Monitoring, page: PlanPage) -> str:
    """What can be followed, per goal, and what no figure measures."""
    parts = [
        '<div class="gh" id="monitoring"><h2><small>Voor de uitvoeringsagenda · onderdeel 3</small>Monitoring</h2></div>'
        "<p>Een cijfer laat zelden zien of een aanpak werkt: er speelt altijd meer mee.</p>"
    ]
    parts += [_followed(g) for g in content.goals if g.goal]
    if content.tensions:
        listed = some(content.tensions, SILENT, lambda f: f"<li>{escape(f.title)}</li>", "plainlist")
        parts.append(f'<h3 class="mh">Wat deze cijfers niet laten zien</h3>{listed}')
    silent = list(dict.fromkeys(f for g in content.goals for f in g.silent))
    parts.append(_silent(silent, page.region))
    return "".join(parts)


def _followed(g: GoalMonitoring) -> str:
    if g.goal is None:
        return ""
    named = ""
    if g.named:
        count = len(g.named)
        word = "cijfer dat bij een opgave is genoemd" if count == 1 else "cijfers die bij een opgave zijn genoemd"
        named = f'<details class="more"><summary>en nog {count} {word}</summary>{_table(g.named)}</details>'
    return f"<h3 class='mh'>Doel {g.goal.id}: {escape(g.goal.name)}</h3>{_table(g.core)}{named}"


def _table(rows: Sequence[Follow]) -> str:
    head = ("Cijfer", "Laatste jaar", "Vergelijkbare jaren", "Volgend cijfer", "Soort", "Telt vanaf")
    made = []
    for f in rows:
        cells = (
            str(f.years[-1]) if f.years else "–", str(len(f.years)), _next(f), f.method, f.threshold
        )  # fmt: skip
        rest = "".join(f'<td data-label="{h}">{escape(c)}</td>' for h, c in zip(head[1:], cells, strict=True))
        name = link(f"methode?indicator={f.indicator.id}", f.indicator.full_name) + tension_mark(f.indicator, f.tension)
        made.append(f'<tr><th scope="row">{name}</th>{rest}</tr>')
    heads = "".join(f'<th scope="col">{h}</th>' for h in head)
    return f'<table class="pj mo"><thead><tr>{heads}</tr></thead><tbody>{"".join(made)}</tbody></table>'


def _next(f: Follow) -> str:
    return f.following if f.following == UNKNOWN or f.rhythm == CHANGING else f"{f.following} ({f.rhythm})"


def _silent(silent: Sequence[Finding], region: Region) -> str:
    if not silent:
        return ""
    logbook = link(State("logboek", (region.id,)).link(), "logboek")
    return (
        "<h3 class='mh'>Opgaven en knelpunten waar geen cijfer iets over zegt</h3>"
        f"<p>Deze {len(silent)} volgt u door te praten en op te schrijven wat u leert, in het {logbook}.</p>{some(silent, SILENT, lambda f: f'<li>{escape(f.title)}</li>', 'plainlist')}"
    )


def open_fields() -> str:
    """What only the region can write, named and left open."""

    def fields(title: str, entries: Sequence[tuple[str, str]]) -> str:
        items = "".join(
            f'<li><b>{escape(name)}.</b> {escape(what[0].upper() + what[1:])}.<span class="blank"></span></li>'
            for name, what in entries
        )
        return f'<div><h3>{title}</h3><ul class="of">{items}</ul></div>'

    plan, agenda = fields("In het plan voor de regio", PLAN_OPEN), fields("In de uitvoeringsagenda", AGENDA_OPEN)
    return (
        '<div class="gh" id="zelf"><h2>Dit vult de regio zelf in</h2></div>'
        "<p>Dit vraagt het programma ook. Een monitor kan er niets over zeggen.</p>"
        f'<div class="pl2">{plan}{agenda}</div>'
    )


def rules(page: PlanPage) -> str:
    """By which rules everything above was chosen, and where the outline comes from."""
    rules_ = (FIGURES_RULE, FINDINGS_RULE, MISSING_RULE, RULE, ORIGIN_RULE)
    items = "".join(f"<li>{escape(r)}</li>" for r in rules_)
    return f'<div class="gh" id="regels"><h2>Hoe dit is gekozen</h2></div><ul class="plainlist rules">{items}</ul>'
