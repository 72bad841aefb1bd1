"""The building blocks for the plan of a region in Word, to write on in: order and rules of the page of the monitor.

Where only the region can write there is a marked field; nothing is made up there.
"""

from __future__ import annotations

from collections.abc import Sequence

from monitor import sentences
from monitor.definitions.programmes import Programme
from monitor.dialogue.matrix import Voiced
from monitor.export.pack import Materials, Pack
from monitor.export.pdf import printed
from monitor.export.word import parts as word_parts
from monitor.export.word.paper import Paper
from monitor.export.word.xml import Blank, Bold, Link, Muted, Words
from monitor.notation import UNKNOWN
from monitor.screens.plan import (
    FIGURES_RULE,
    FINDINGS_RULE,
    MISSING_RULE,
    GoalPlan,
    Missing,
    PlanPage,
)
from monitor.screens.plan_html import AGENDA_OPEN, NOT_THE_PLAN, ORIGIN_RULE, PLAN_OPEN
from monitor.screens.plan_monitoring import CHANGING, RULE, Follow, GoalMonitoring
from monitor.screens.programmes import amounts_told, period_told
from monitor.screens.programmes_html import ALL_GOALS, PAST, status_word
from monitor.state import State

# Characters of what a figure says to a finding.
_REASON = 600
_READ = (
    "Een cijfer laat zelden zien of een aanpak werkt: er speelt altijd meer mee. Onder de kerncijfers van een doel "
    "staan cijfers die bij een opgave of knelpunt zijn genoemd. *: zie ‘Wat deze cijfers niet laten zien’."
)
_COROP = "COROP-gebieden zijn de 40 delen waarin Nederland voor statistiek is verdeeld."


def docx_bytes(pack: Pack, materials: Materials) -> bytes:
    """Make the document with building blocks.

    Args:
        pack: what it tells; of a pack about one goal only that goal.
        materials: for maps.

    Raises:
        ExportError: a map cannot be drawn, or a letter that ships is missing.
    """
    page = pack.plan
    title = f"Bouwstenen voor het plan voor {page.region.spoken}"
    paper = Paper(title, pack.made, word_parts.footer(pack), pack.title)
    paper.text(title, "Titel")
    paper.text(f"Doel {pack.goal.id}: {pack.goal.name}" if pack.goal else "De drie doelen", "Ondertitel")
    _front(paper, pack)
    for goal in page.goals:
        _goal(paper, pack, goal)
    _monitoring(paper, pack)
    _open_fields(paper)
    _rules(paper)
    _annex(paper, pack, materials)
    return paper.bytes()


def _front(paper: Paper, pack: Pack) -> None:
    """What this is and is not, how to use it, and what is in it."""
    page = pack.plan
    paper.text(NOT_THE_PLAN, "Inleiding")
    register = Link(
        "Het register van trajecten", printed.address(pack.base, State("trajecten", (page.region.id,)).link())
    )
    when = f": {page.dated[:1].lower()}{page.dated[1:]}" if page.dated else " is leeg."
    paper.text((f"Vergeleken met {page.benchmark}. ", register, f"{when} {word_parts.OWN_WORDS}"))
    paper.text(
        (
            "Wat geel is, vult de regio zelf in: klik erop en begin te typen. ",
            Muted("Wat u niet nodig hebt, haalt u weg."),
        )
    )
    paper.text("Inhoud", "Kopvaninhoudsopgave")
    paper.contents(2)


def _name(goal: GoalPlan) -> str:
    return f"Doel {goal.goal.id}: {goal.goal.name}" if goal.goal else ALL_GOALS


def _key(goal: GoalPlan) -> str:
    return f"doel-{goal.goal.id}" if goal.goal else "alle-doelen"


def _goal(paper: Paper, pack: Pack, goal: GoalPlan) -> None:
    """The blocks of a goal in the order of the programme, each with room for what the region makes of it."""
    paper.heading(_name(goal), 1)
    if goal.stands is not None:
        paper.heading("Onderdeel 2: cijfers die opvallen", 2)
        _figures(paper, pack, goal)
        _own(paper, goal, "cijfers", "wat deze cijfers voor de regio betekenen")
    paper.heading("Onderdeel 2: opgaven en knelpunten", 2)
    _tasks(paper, pack, goal)
    _own(paper, goal, "opgaven", "welke opgaven de regio kiest, en waarom")
    paper.heading("Onderdeel 3: wat er loopt", 2)
    _programmes(paper, pack, goal)
    _own(paper, goal, "lopend", "wat er nog meer loopt, en wat de regio wil voortzetten")
    paper.heading("Onderdeel 3: wat mist?", 2)
    _missing(paper, pack.plan, goal)
    _own(paper, goal, "aanpak", "wat de regio gaat doen, en van het Rijk vraagt")


def _own(paper: Paper, goal: GoalPlan, name: str, asked: str) -> None:
    """Where the region writes on about a block."""
    paper.text((Bold("De regio: "), Blank(f"{_key(goal)}-{name}", asked)), "Kader")


def _figures(paper: Paper, pack: Pack, goal: GoalPlan) -> None:
    found = goal.stands
    if found is None or not any((found.worse, found.better, found.worsened, found.improved)):
        paper.text("Bij dit doel wijkt geen cijfer duidelijk af, en veranderde er geen duidelijk.")
        return
    word_parts.stands(paper, pack, found)
    told = " ".join(s.tension for _, name in word_parts.STANDS for s in getattr(found, name))
    for f in goal.tensions:
        if f"‘{f.title}’" not in told:
            paper.text((Bold("Wat deze cijfers niet laten zien. "), word_parts.ended(f.title)))


def _tasks(paper: Paper, pack: Pack, goal: GoalPlan) -> None:
    """Tasks and bottlenecks: with reasons where figures confirm or contradict them, else by title."""
    if not goal.tasks:
        paper.text("Hierover is nog geen opgave of knelpunt vastgelegd.")
    told = [v for v in goal.tasks if v.stance != "meten niet"]
    silent = [v for v in goal.tasks if v.stance == "meten niet"]
    for v in told:
        word_parts.voice(paper, v, f"{_whose(v)} {_reason(v)}")
    if silent:
        of = "deze opgave of dit knelpunt" if len(silent) == 1 else f"deze {len(silent)} opgaven en knelpunten"
        paper.text(f"Over {of} zeggen de cijfers niets:", properties="<w:keepNext/>")
        paper.bullets([(v.finding.title, Muted(f" ({_whose(v).lower().rstrip('.')})")) for v in silent])
    if goal.others:
        state = State("regiodialoog", (pack.region.id,), goal=goal.goal.id if goal.goal else None)
        count = f"{goal.others} {'andere bevinding' if goal.others == 1 else 'andere bevindingen'}"
        paper.text(
            (
                f"Nog {count} staan in de monitor, op de pagina ",
                Link("Regiodialoog", printed.address(pack.base, state.link())),
                ".",
            )
        )


def _whose(v: Voiced) -> str:
    """Of what kind a finding is, and whether it is shared."""
    return f"{v.finding.kind.capitalize()}{', alle regio’s' if v.finding.common else ''}."


def _reason(v: Voiced) -> str:
    """What the first figure says to a finding, and how many more say the same."""
    more = sum(h.verdict == v.stance for h in v.held) - 1
    also = f" Nog {more} {'cijfer wijst' if more == 1 else 'cijfers wijzen'} dezelfde kant op." if more else ""
    return f"{word_parts.reason(v, _REASON)}{also}"


def _programmes(paper: Paper, pack: Pack, goal: GoalPlan) -> None:
    page = pack.plan
    if not page.filled:
        paper.text("Het register is nog niet ingevuld.")
        return
    own = (*goal.programmes.programmes, *goal.programmes.also)
    if not own:
        paper.text("In het register staat bij dit doel geen traject.")
        return
    paper.caption("Tabel", f"Wat er loopt in {page.region.spoken}. {_name(goal)}")
    headers = ("Traject", "Wie", "Looptijd", "Bedrag", "Wat NPVR kan toevoegen")
    rows = [_programme(pack, p) for p in own]
    paper.table(headers, rows, (False,) * 5, f"Wat er loopt. {_name(goal)}", (2.6, 1.4, 1.7, 1.8, 2.6))


def _programme(pack: Pack, p: Programme) -> tuple[Words, ...]:
    status = "" if p.status == "lopend" else f" ({status_word(p)})"
    past = f" {PAST}" if p in pack.plan.overdue else ""
    when = period_told(p.period) if p.period.start or p.period.end else UNKNOWN
    return (
        (p.name, Muted(status)),
        ", ".join(p.who),
        (when, Bold(past)),
        amounts_told(p),
        p.npvr or UNKNOWN,
    )


def _missing(paper: Paper, page: PlanPage, goal: GoalPlan) -> None:
    if not page.filled:
        paper.text("Zolang het register leeg is, is dit niet te zeggen.")
    elif not goal.missing:
        paper.text("Geen vraag: bij elk thema met een opgave of ongunstig cijfer staat een traject.")
    for m in goal.missing:
        paper.text((Bold(m.question), f" {_because(m)}"), properties="<w:keepNext/>")
        paper.text(
            (Bold("Antwoord: "), Blank(f"{_key(goal)}-mist-{m.theme.id}", f"antwoord over het thema {m.theme.name}"))
        )


def _because(m: Missing) -> str:
    figures = [
        f"{s.indicator.full_name} ({sentences.shown(s.indicator, s.value)}, {s.judgement.word})" for s in m.worse
    ]
    parts = [f"Ongunstig: {'; '.join(figures)}."] if figures else []
    if m.tasks:
        word = "Opgave of knelpunt" if len(m.tasks) == 1 else "Opgaven en knelpunten"
        parts.append(f"{word}: {'; '.join(f.title for f in m.tasks)}.")
    return " ".join(parts)


def _monitoring(paper: Paper, pack: Pack) -> None:
    """What can be followed, per goal, with room for what the region wants to reach; and what no figure measures."""
    content, page = pack.plan.monitoring, pack.plan
    paper.turn()
    paper.heading("Voor de uitvoeringsagenda: monitoring", 1)
    paper.text(_READ)
    for g in content.goals:
        if g.goal and (g.core or g.named):
            _followed(paper, pack, g)
    paper.turn()
    if content.tensions:
        paper.heading("Wat deze cijfers niet laten zien", 2)
        paper.bullets([word_parts.ended(f.title) for f in content.tensions])
    silent = list(dict.fromkeys(f for g in content.goals for f in g.silent))
    if silent:
        paper.heading("Opgaven en knelpunten waar geen cijfer iets over zegt", 2)
        logbook = Link("logboek", printed.address(pack.base, State("logboek", (page.region.id,)).link()))
        paper.text((f"Deze {len(silent)} volgt u door te praten en op te schrijven wat u leert, in het ", logbook, "."))
        paper.bullets([f.title for f in silent])


def _followed(paper: Paper, pack: Pack, g: GoalMonitoring) -> None:
    if g.goal is None:
        return
    paper.heading(f"Te volgen bij doel {g.goal.id}", 2)
    title = f"Wat {pack.region.spoken} kan volgen. Doel {g.goal.id}: {g.goal.name}"
    paper.caption("Tabel", title)
    headers = (
        "Cijfer", "Laatste jaar", "Vergelijkbare jaren", "Volgend cijfer", "Soort", "Telt vanaf",
        "Wat de regio wil bereiken",
    )  # fmt: skip
    rows = [_follow(pack, f) for f in (*g.core, *g.named)]
    paper.table(
        headers, rows, (False, True, True, False, False, False, False), title, (3.0, 0.9, 1.4, 2.1, 1.2, 1.6, 2.6)
    )


def _follow(pack: Pack, f: Follow) -> tuple[Words, ...]:
    following = f.following if f.following == UNKNOWN or f.rhythm == CHANGING else f"{f.following} ({f.rhythm})"
    tension = Muted(" *" if f.tension else "")
    return (
        (word_parts.method_link(pack, f.indicator.full_name, f.indicator.id), tension),
        str(f.years[-1]) if f.years else "–",
        str(len(f.years)),
        following,
        f.method,
        f.threshold,
        Blank(f"streven-{f.indicator.id}", "wat, en wanneer"),
    )


def _open_fields(paper: Paper) -> None:
    """What only the region can write, named and left open."""
    paper.heading("Dit vult de regio zelf in", 1)
    paper.text("Dit vraagt het programma ook. Een monitor kan er niets over zeggen.")
    _open(paper, "In het plan voor de regio", "plan", PLAN_OPEN)
    _open(paper, "In de uitvoeringsagenda", "agenda", AGENDA_OPEN)


def _open(paper: Paper, title: str, key: str, entries: Sequence[tuple[str, str]]) -> None:
    paper.heading(title, 2)
    for k, (name, asked) in enumerate(entries, 1):
        paper.heading(name, 3)
        paper.text(Blank(f"{key}-{k}", asked))


def _rules(paper: Paper) -> None:
    paper.heading("Hoe dit is gekozen", 1)
    paper.bullets([FIGURES_RULE, FINDINGS_RULE, MISSING_RULE, RULE, ORIGIN_RULE])
    paper.text(_COROP, "Bronregel")


def _annex(paper: Paper, pack: Pack, materials: Materials) -> None:
    paper.heading("Bijlage: figuren", 1)
    word_parts.lists(paper)
    if pack.exhibits:
        # One line in the contents; the list above names each.
        paper.heading("De gekozen figuren", 2)
    word_parts.exhibits(paper, pack, materials, 3)
    paper.heading("Bronnen", 1)
    word_parts.sources(paper, pack, materials)
