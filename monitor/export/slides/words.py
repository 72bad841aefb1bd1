"""The slides without a chart: title, at a glance, figures and voices, questions, changes, sources."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from monitor.dates import told_date
from monitor.dialogue.hold import SIGNS, WORDS, Verdict
from monitor.dialogue.matrix import Voiced
from monitor.export.changed.kinds import HEADINGS, ChangeKind, Changes
from monitor.export.fit import Paragraph, Run
from monitor.export.pack import Line, Materials, Pack, Question
from monitor.export.slides import template as tpl
from monitor.export.slides.figure import SAID, write_source
from monitor.export.slides.frame import Deck, Leaf
from monitor.export.slides.table import add_table
from monitor.export.slides.text import QUIET
from monitor.figures.gather import Gatherer
from monitor.figures.spec import Table
from monitor.screens.number_voice import PAGE as NUMBER_VOICE
from monitor.state import State, address
from monitor.statistics.judge import Outcome

_VOICES, _CHANGES = 4, 4
# Of a finding that one figure contradicts and another confirms.
_MIXED = "Een ander cijfer bevestigt dit wel."
# Questions stand alone on their slide: as large as fits, in points, and rather on two slides than small.
_QUESTIONS_MOST, _QUESTIONS_LEAST = 20.0, 16.0
# Which judgements make the headline, the first that occurs.
_TOLD: tuple[Outcome, ...] = ("ongunstiger", "gunstiger", "hoger", "lager")
MAKER = "Regiomonitor Brede Welvaart"
JUDGEMENTS = (
    "Een oordeel vergelijkt de regio met {benchmark}. Het verschil moet zeker genoeg zijn en groot genoeg om ertoe te "
    "doen; anders heet het vergelijkbaar. ‘Indicatief’ is een oordeel over een schatting, ‘beperkte dekking’ een "
    "cijfer waarvoor een deel van de gemeenten geen waarde heeft."
)


def add_cover(deck: Deck, pack: Pack) -> None:
    """The title slide: what it is about, for which meeting, and of when the figures are."""
    leaf = deck.add(tpl.COVER, pack.title)
    about = f"Doel {pack.goal.id}: {pack.goal.name}" if pack.goal else "De drie doelen van het programma"
    leaf.write(tpl.SUBTITLE, [Paragraph.of(f"{pack.region.name}, {pack.inhabitants}"), Paragraph.of(about)],
               [Paragraph.of(f"{pack.region.name}, {pack.inhabitants}")])  # fmt: skip
    m = pack.meeting
    meeting = ", ".join(t for t in (m.body, m.day, f"agendapunt {m.item}" if m.item else "") if t)
    made = f"{MAKER}, editie {pack.edition}. Gemaakt op {told_date(pack.made)}."
    leaf.write(tpl.TEXT, [Paragraph.of(t) for t in (meeting, made) if t])
    leaf.close([pack.lead, f"De cijfers komen uit editie {pack.edition} van de {MAKER}. Onder elke dia staat de bron."])


def add_glance(deck: Deck, pack: Pack, materials: Materials) -> None:
    """The core figures as a table, one slide per goal, with what they say together."""
    for k, goal in enumerate(pack.goals):
        mine = [n for n, line in enumerate(pack.summary) if _goal_of(line, pack) == goal.id]
        if not mine and k:
            continue
        lines = [pack.summary[n] for n in mine]
        several = f", doel {goal.id}" if len(pack.goals) > 1 else ""
        leaf = deck.add(tpl.TABLE, f"In één oogopslag{several}: {counted(lines, pack.benchmark)}")
        figure = pack.summary_figure
        about = f"Doel {goal.id}: {goal.name}"
        full = figure.title if k else f"{figure.title}. {about}"
        leaf.write(tpl.SUBTITLE, [Paragraph.of(full)], [Paragraph.of(figure.title)], least=12.0)
        leaf.write(tpl.TEXT, *([Paragraph.of(t)] for t in ((about,) if k else (pack.lead, _first(pack.lead)))))
        content = figure.content
        cells = tuple(content.cells[n] for n in mine)
        if cells:
            shown = Table(content.headers, cells, cells, content.numeric)
            add_table(leaf, figure.title, figure.alt, shown, pack.region.name, every_row=True)
        else:
            leaf.write(tpl.FIGURE, [Paragraph.of("Bij dit doel zijn er geen kerncijfers.")])
        source = _source_of(lines, pack, materials) if lines else figure.source
        write_source(leaf, source, pack.edition, address_of(pack, figure.link))
        told = (pack.lead, JUDGEMENTS.format(benchmark=pack.benchmark), *figure.notes, f"{source}.", pack.attribution)
        leaf.close(told)


def _source_of(lines: Sequence[Line], pack: Pack, materials: Materials) -> str:
    """The sources of some core figures alone, so that a slide names its own and no others."""
    rows = [materials.snapshot.row(x.indicator.id, pack.region.id, x.standing.year) for x in lines]
    found = sorted({str(r["source"]) for r in rows if r})
    return Gatherer(materials.definitions, materials.snapshot).source_of(found)


def counted(lines: Sequence[Line], benchmark: str) -> str:
    """How many core figures differ from the benchmark, as a headline: the unfavourable ones first."""
    counts = Counter(line.standing.judgement.outcome for line in lines)
    total = len(lines)
    for outcome in _TOLD:
        n = counts[outcome]
        if n:
            of = f"{n} van de {total} kerncijfers {'is' if n == 1 else 'zijn'}" if total > 1 else "het kerncijfer is"
            return f"{of} {outcome} dan in {benchmark}"
    return f"de kerncijfers zijn niet duidelijk anders dan in {benchmark}" if total else "er zijn geen kerncijfers"


def _goal_of(line: Line, pack: Pack) -> int:
    """Under which goal of the pack a core figure stands: the first that it serves."""
    return next(g.id for g in pack.goals if g.id in line.indicator.goals)


def add_voices(deck: Deck, pack: Pack) -> None:
    """Where figures and voices clash, and where they agree."""
    by: dict[Verdict, list[Voiced]] = {"spreken tegen": [], "bevestigen": [], "meten niet": []}
    for v in pack.voices:
        by[v.stance].append(v)
    clash, agree, open_ = (len(by[k]) for k in ("spreken tegen", "bevestigen", "meten niet"))
    leaf = deck.add(tpl.COLUMNS, f"Cijfer en stem: {_clashes(clash)}, {_agrees(agree)}")
    sides: tuple[tuple[str, Verdict], ...] = ((tpl.LEFT, "spreken tegen"), (tpl.RIGHT, "bevestigen"))
    _write_alike(leaf, {name: _column(verdict, by[verdict]) for name, verdict in sides})
    said = f"Over {open_} bevindingen zeggen de cijfers niets. Alle {len(pack.voices)} bevindingen staan in de monitor"
    write_source(leaf, said, pack.edition, address_of(pack, State(NUMBER_VOICE, (pack.region.id,)).link()))
    told = [_in_full(v) for v in pack.voices[:8]]
    leaf.close(
        [*told, "Een bevinding is wat in gesprekken, interviews of beleid naar voren kwam, in onze eigen woorden."]
    )


def _write_alike(leaf: Leaf, columns: Mapping[str, list[list[Paragraph]]]) -> None:
    """Write columns beside each other in the same type."""
    sizes = [leaf.write(name, *variants) for name, variants in columns.items()]
    for name, variants in columns.items():
        leaf.write(name, *variants, most=min(sizes))


def _clashes(n: int) -> str:
    return "nergens spreken zij elkaar tegen" if not n else f"{n} keer spreken zij elkaar tegen"


def _agrees(n: int) -> str:
    return "nergens bevestigen zij elkaar" if not n else f"{n} keer zeggen zij hetzelfde"


def _column(verdict: Verdict, voiced: Sequence[Voiced]) -> list[list[Paragraph]]:
    """Findings of one kind under a heading: with the reason, or without, or fewer of them."""
    heading = Paragraph((Run(f"{SIGNS[verdict]} {WORDS[verdict]}", True, "tx2"),), 1.15)
    if not voiced:
        return [[heading, Paragraph.of("Bij dit onderwerp komt dat niet voor.", before=0.5)]]
    made = []
    for most, told in ((_VOICES, _reason), (_VOICES, _brief), (3, _brief), (_VOICES, None), (2, None), (1, None)):
        shown = voiced[:most]
        paragraphs = [heading, Paragraph((Run(SAID, colour=QUIET),), before=0.15)]
        for v in shown:
            paragraphs.append(Paragraph.of(f"‘{v.finding.title}’", True, before=0.7))
            if told:
                paragraphs.append(Paragraph.of(told(v), before=0.15))
            if v.mixed:
                paragraphs.append(Paragraph.of(_MIXED, before=0.15))
        rest = len(voiced) - len(shown)
        if rest:
            paragraphs.append(Paragraph((Run(f"en nog {rest}, zie de monitor", colour=QUIET),), before=0.7))
        made.append(paragraphs)
    return made


def _reason(v: Voiced) -> str:
    """What the figures say to a finding: the first that decides."""
    return next((h.reason for h in v.held if h.verdict == v.stance), "")


def _in_full(v: Voiced) -> str:
    """A finding as the speaker can tell it."""
    mixed = f" {_MIXED}" if v.mixed else ""
    return f"{WORDS[v.stance]}: ‘{v.finding.title}’. {v.finding.summary} {_reason(v)}{mixed}"


def _brief(v: Voiced) -> str:
    """The same in one sentence, without the test of a trend."""
    return _first(re.sub(r"; de \d+ jaren .*?\)", "", _reason(v)))


def _first(text: str) -> str:
    """The first sentence of a text."""
    return re.split(r"(?<=[.?!])\s+(?=[A-Z‘])", text, maxsplit=1)[0]


def add_questions(deck: Deck, pack: Pack) -> None:
    """The questions that follow, each with its ground; on two slides when they do not fit on one."""
    asked = list(enumerate(pack.questions, 1))
    title = "Vragen voor het gesprek"
    while asked:
        leaf = deck.add(tpl.WORDS, title)
        most = len(asked)
        while most > 1 and not leaf.fits(tpl.TEXT, _asked(asked[:most], True), _QUESTIONS_LEAST):
            most -= 1
        # Two slides of equal weight rather than a full one and a crumb.
        part = asked[: most if most == len(asked) else min(most, (len(asked) + 1) // 2)]
        leaf.write(tpl.TEXT, _asked(part, False), _asked(part, True), up_to=_QUESTIONS_MOST)
        write_source(leaf, "De vragen volgen uit de cijfers en bevindingen in dit pakket", pack.edition, "")
        told = [f"{q.text} {q.ground}" for _, q in part]
        leaf.close([*told, "De monitor stelt vragen en geeft geen antwoord. Wat een plan oplost, weet de regio zelf."])
        asked, title = asked[len(part) :], f"{title.removesuffix(', vervolg')}, vervolg"


def _asked(questions: Sequence[tuple[int, Question]], brief: bool) -> list[Paragraph]:
    """Questions with their ground, or with its first sentence."""
    made: list[Paragraph] = []
    for number, q in questions:
        made.append(Paragraph.of(f"{number}. {q.text}", True, before=0.7))
        ground = _first(q.ground) if brief else q.ground
        made.append(Paragraph((Run(ground, colour=QUIET),), before=0.1))
    return made


def add_changes(deck: Deck, pack: Pack) -> None:
    """What changed since an earlier edition or year, the kinds under headings apart."""
    changes = pack.changes
    if changes is None:
        return
    said = changes.summary
    leaf = deck.add(tpl.COLUMNS, f"Wat is er veranderd sinds {changes.since}? {said[:1].upper()}{said[1:]}".strip())
    # Between years nothing is revised, and between editions the region itself does not change.
    between_years = changes.before.isdigit()
    kinds = [k for k in HEADINGS if k != ("herzien" if between_years else "veranderd")]
    half = (len(kinds) + 1) // 2
    columns = {tpl.LEFT: _changed(changes, kinds[:half]), tpl.RIGHT: _changed(changes, kinds[half:])}
    _write_alike(leaf, columns)
    write_source(leaf, f"Vergeleken: {changes.before} met {changes.after}", pack.edition, "")
    told = [f"{HEADINGS[c.kind]}: {c.sentence}" for c in changes.entries]
    leaf.close([changes.paragraph, "Elke soort verandering staat apart, omdat zij iets anders betekent.", *told])


def _changed(changes: Changes, kinds: Sequence[ChangeKind]) -> list[list[Paragraph]]:
    """Changes of some kinds, each in its first sentence: as many as may fit, then fewer."""
    variants = []
    for most in range(_CHANGES, 0, -1):
        made: list[Paragraph] = []
        for kind in kinds:
            own, count = changes.of(kind), changes.count(kind)
            heading = f"{HEADINGS[kind]} ({count})" if count else HEADINGS[kind]
            made.append(Paragraph((Run(heading, True, "tx2"),), 1.1, 1.0 if made else 0.0))
            made += [Paragraph.of(_first(c.sentence), before=0.3) for c in own[:most]]
            if not own:
                made.append(Paragraph.of("Geen.", before=0.3))
            if len(own) > most:
                made.append(Paragraph((Run("en meer, zie de notities bij deze dia", colour=QUIET),), before=0.3))
        variants.append(made)
    return variants


def add_sources(deck: Deck, pack: Pack) -> None:
    """Where the figures come from, and how judgements come about."""
    leaf = deck.add(tpl.WORDS, "Bronnen en methode")
    method = [
        Paragraph((Run("Hoe oordelen ontstaan", True, "tx2"),)),
        Paragraph.of(JUDGEMENTS.format(benchmark=pack.benchmark), before=0.2),
        Paragraph((Run("Bronnen", True, "tx2"),), before=0.9),
    ]
    variants = []
    for most in range(len(pack.sources), 0, -1):
        told = [Paragraph.of(s.removeprefix("Bron: "), before=0.25) for s in pack.sources[:most]]
        rest = len(pack.sources) - most
        if rest:
            told.append(Paragraph((Run(f"en nog {rest}, zie werkboek", colour=QUIET),), before=0.25))
        variants.append([*method, *told, Paragraph.of(pack.attribution, before=0.9)])
    leaf.write(tpl.TEXT, *(variants or [method[:2]]))
    write_source(
        leaf,
        "Alle definities en bronnen staan op de pagina Methode",
        pack.edition,
        address_of(pack, State("methode").link()),
    )
    leaf.close([JUDGEMENTS.format(benchmark=pack.benchmark), *pack.sources, pack.attribution])


def address_of(pack: Pack, path: str) -> str:
    """A page of the app in full; its path alone when the place of the app is unknown."""
    return address(pack.base, path)
