"""What the page of a composed region contains: all its figures beside the region it began with and a benchmark."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from monitor import assessment as asm
from monitor import composed as cmp
from monitor import sentences
from monitor.assessment import BenchmarkId
from monitor.composed import Composed, Ground, Recomposed
from monitor.definitions import Definitions, Finding, Goal, Indicator, Region
from monitor.definitions.models import Theme
from monitor.dialogue.hold import hold
from monitor.figures.compose import Composer
from monitor.figures.spec import ListFigure, Row, Table
from monitor.notation import UNIT_LABELS, alphabetical, listing, number, plain, rounded
from monitor.profile import Standing
from monitor.screens import composed_text as say
from monitor.screens.composed_text import Effect
from monitor.screens.region import Voice
from monitor.snapshot.store import Snapshot
from monitor.state import State
from monitor.statistics.change import Change
from monitor.statistics.judge import Outcome

PAGE, DEFAULT = "eigen-regio", "achterhoek"
# So many findings stand with a goal; the rest is counted.
_VOICES = 2
_ORDER: tuple[Outcome, ...] = ("ongunstiger", "vergelijkbaar", "gunstiger", "hoger", "lager", "niet te beoordelen")


@dataclass(frozen=True)
class Line:
    """One figure: value, margin, start region and benchmark as text; '–' where there is none.

    ``row``: value and judgement. ``note``: what a reader has to know: why there is no judgement, who is missing.
    ``place``: distance from the benchmark in standard deviations between COROP regions, NaN when not judged.
    ``course``: what the years say. ``spread``: the text tells lowest and highest municipality, not a regional value.
    """

    indicator: Indicator
    row: Row
    text: str
    margin: str
    start: str
    benchmark: str
    note: str
    place: float
    course: Change
    spread: bool = False
    tension: str = ""


@dataclass(frozen=True)
class ComposedPage:
    """Everything on the page of a composition of at least one municipality.

    ``started``: name of the region it began with, empty without. ``changed``: what differs from that region. ``about``:
    what a reader has to know of the benchmark. ``joining``: likely candidates and neighbours; ``leaving``: members.
    ``voices``: per goal the first findings about the start region, of ``said`` in all.
    """

    name: str
    spoken: str
    started: str
    summary: str
    changed: str
    inhabitants: str
    members: tuple[str, ...]
    benchmark: str
    about: tuple[str, ...]
    counts: tuple[tuple[Outcome, int], ...]
    goals: tuple[tuple[Goal, tuple[tuple[Theme, tuple[Line, ...]], ...]], ...]
    joining: tuple[Effect, ...]
    leaving: tuple[Effect, ...]
    judged: int
    voices: Mapping[int, tuple[Voice, ...]]
    said: int
    figure: ListFigure


def compose_page(
    definitions: Definitions,
    snapshot: Snapshot,
    composer: Composer,
    ground: Ground,
    c: Composed,
    kind: BenchmarkId = "nederland",
) -> ComposedPage:
    """Gather the page of a composition of at least one municipality."""
    made = cmp.recompose(definitions, snapshot, ground, c, kind)
    name = cmp.name_of(c, snapshot.names, definitions.compositions)
    spoken = cmp.spoken(c, name)
    lines = {s.indicator.id: _line(snapshot, composer, c, made, s) for s in made.standings}
    for i in definitions.indicators:
        if i.aggregation.kind == "geen" and snapshot.years(i.id):
            lines[i.id] = _spread(snapshot, i, c)
    place = c.start.id if c.start else cmp.OWN
    lines = {k: replace(x, tension=composer.tension(x.indicator, place)) for k, x in lines.items()}
    ordered = [lines[i.id] for i in definitions.indicators if i.id in lines]
    outcomes = Counter(s.judgement.outcome for s in made.standings)
    likely = cmp.likely(definitions, c.start)
    effects = [say.effect(snapshot.names, v, likely) for v in made.variants]
    said = [f for f in definitions.findings_for(c.start.id) if not f.common] if c.start else []
    people = math.fsum(ground.inhabitants.get(code, math.nan) for code in c.codes)
    return ComposedPage(
        name=name,
        spoken=spoken,
        started=c.start.name if c.start and not c.same else "",
        summary=say.summary(snapshot, made, spoken),
        changed=say.changed(snapshot.names, definitions, c, made),
        inhabitants=f"{number(people, 0)} inwoners in {say.municipalities(len(c.codes))}",
        members=tuple(sorted((snapshot.names[code] for code in c.codes), key=alphabetical)),
        benchmark=made.benchmark.name,
        about=say.about(snapshot, c, made),
        counts=tuple((o, outcomes[o]) for o in _ORDER if outcomes[o]),
        goals=_goals(definitions, ordered),
        joining=tuple(e for e in effects if e.joins),
        leaving=tuple(e for e in effects if not e.joins),
        judged=made.judged,
        voices=_voices(definitions, snapshot, c.start, said) if c.start else {},
        said=len(said),
        figure=_figure(snapshot, composer, ground, c, kind, name, made, ordered),
    )


def _voices(
    definitions: Definitions, snapshot: Snapshot, start: Region, said: Sequence[Finding]
) -> dict[int, tuple[Voice, ...]]:
    """The first findings of each goal, those that a figure goes with before others; each stands once."""
    ordered = sorted(said, key=lambda f: not f.indicators)
    return {
        goal.id: tuple(
            (f, hold(definitions, snapshot, f, start)) for f in [x for x in ordered if x.goals[0] == goal.id][:_VOICES]
        )
        for goal in definitions.goals
    }


# --- Lines ---


def _text(i: Indicator, value: float) -> str:
    return "–" if math.isnan(value) else sentences.shown(i, value)


def _line(snapshot: Snapshot, composer: Composer, c: Composed, made: Recomposed, s: Standing) -> Line:
    i, d = s.indicator, s.indicator.decimals
    missing = made.missing.get(i.id, ())
    row = Row(
        cmp.OWN,
        "",
        s.year,
        rounded(s.value, d),
        rounded(s.lower, d),
        rounded(s.upper, d),
        s.coverage,
        missing,
        snapshot.statuses.get((i.id, s.year), asm.FINAL),
        s.judgement.outcome,
        s.judgement.told,
        s.judgement.reason,
    )
    margin = "" if math.isnan(s.lower) else f"{_text(i, s.lower)} tot {_text(i, s.upper)}"
    start = made.start.get(i.id)
    return Line(
        i,
        row,
        _text(i, s.value),
        margin,
        _text(i, start[0]) if start else "",
        _text(i, s.benchmark),
        _note(snapshot, composer, c, made, s, missing),
        s.distance,
        s.course,
    )


def _note(
    snapshot: Snapshot, composer: Composer, c: Composed, made: Recomposed, s: Standing, missing: Sequence[str]
) -> str:
    """What a reader has to know of one figure, as sentences; empty when there is nothing."""
    i = s.indicator
    if math.isnan(s.value):
        earlier = made.earlier.get(i.id, 0)
        if not earlier:
            if len(c.codes) == 1:
                return "Voor deze gemeente is er in geen enkel jaar een cijfer."
            return "In geen enkel jaar hebben genoeg van deze gemeenten een cijfer."
        return f"Geen cijfer over {s.year}: {s.judgement.reason}. Het laatste is van {earlier}."
    told = []
    why = i.unusable_for(cmp.OWN, c.codes)
    if why:
        told.append(why)
    elif s.judgement.outcome == "niet te beoordelen":
        told.append(f"{s.judgement.reason[:1].upper()}{s.judgement.reason[1:]}.")
    if missing:
        value = asm.Value(
            cmp.OWN, "", s.year, s.value, s.lower, s.upper, s.coverage, tuple(missing), "", "", "gemeenten", s.year
        )
        told.append(sentences.coverage(value, snapshot.names, composer.weight_unit(i)))
    return " ".join(told)


def _spread(snapshot: Snapshot, i: Indicator, c: Composed) -> Line:
    """A figure without a regional value: from the lowest to the highest municipality."""
    year = snapshot.years(i.id)[-1]
    values = [asm.value_of(snapshot, i, code, year) for code in c.codes]
    known = sorted((v for v in values if not math.isnan(v.value)), key=lambda v: v.value)
    text = "–"
    note = f"Over {year} heeft geen van deze gemeenten een cijfer."
    if known:
        low, high = known[0], known[-1]
        text = _text(i, low.value) if low.area == high.area else f"{_text(i, low.value)} tot {_text(i, high.value)}"
        note = "" if low.area == high.area else f"Van {low.name} tot {high.name}."
    unsaid = Change("niet te beoordelen", "dit cijfer bestaat niet voor een regio")
    return Line(
        i, Row(cmp.OWN, "", year, math.nan, word="per gemeente"), text, "", "", "", note, math.nan, unsaid, spread=True
    )


def _goals(
    definitions: Definitions, lines: Sequence[Line]
) -> tuple[tuple[Goal, tuple[tuple[Theme, tuple[Line, ...]], ...]], ...]:
    """Each figure once, under its first goal, per theme; core figures first."""
    made = []
    for goal in definitions.goals:
        own = sorted((x for x in lines if min(x.indicator.goals) == goal.id), key=lambda x: not x.indicator.core)
        themes = ((t, tuple(x for x in own if x.indicator.theme == t.id)) for t in definitions.themes)
        made.append((goal, tuple((t, found) for t, found in themes if found)))
    return tuple(made)


# --- To take along ---


# The columns of the file that hold no numbers.
_TEXTS = {"Cijfer", "Eenheid", "Jaar", "Gemeenten", "Oordeel", "Waarom", "Over de jaren", "Let op"}


def _figure(
    snapshot: Snapshot,
    composer: Composer,
    ground: Ground,
    c: Composed,
    kind: BenchmarkId,
    name: str,
    made: Recomposed,
    lines: Sequence[Line],
) -> ListFigure:
    values: dict[str, tuple[float, float]] = {
        s.indicator.id: (s.benchmark, made.start[s.indicator.id][0] if made.start else math.nan) for s in made.standings
    }
    started = c.start is not None and not c.same

    def cells(line: Line) -> tuple[str, ...]:
        i, row = line.indicator, line.row
        other, start = values.get(i.id, (math.nan, math.nan))
        bounds = [plain(v, i.decimals) for v in (row.value, row.lower, row.upper)]
        told, span = sentences.marker(line.course), f"{line.course.first}-{line.course.last}"
        course = f"{told}, {span}" if told else f"niet te zeggen: {line.course.reason}"
        beside = [plain(start, i.decimals)] if started else []
        return (
            i.full_name, UNIT_LABELS[i.unit], str(row.year), *bounds, line.text if line.spread else "",
            "" if line.spread else plain(100 * row.coverage, 0), *beside, plain(other, i.decimals), row.word,
            row.reason, course, line.note,
        )  # fmt: skip

    beside = [c.start.name] if c.start and started else []
    headers = (
        "Cijfer", "Eenheid", "Jaar", "Waarde", "Ondergrens 95%", "Bovengrens 95%", "Gemeenten", "Dekking (%)",
        *beside, _headed(made.benchmark.name), "Oordeel", "Waarom", "Over de jaren", "Let op",
    )  # fmt: skip
    content = tuple(cells(line) for line in lines)
    title = f"Alle cijfers van {name}"
    members = listing(sorted((snapshot.names[code] for code in c.codes), key=alphabetical))
    state = State(PAGE, compare=None if kind == "nederland" else kind)
    return ListFigure.of(
        name=_file_name(name),
        title=title,
        sentence=f"Elk cijfer in het laatste jaar dat er is, naast {made.benchmark.name}. Gemeenten: {members}.",
        source=composer.source_of(ground.sources.get(x.indicator.id, "") for x in lines),
        edition=snapshot.edition,
        link=cmp.state_of(state, c.start, c.codes).link(),
        notes=(
            "Zelf samengesteld; geen officiële regio.",
            *say.about(snapshot, c, made),
            *(f"{x.indicator.full_name}. {x.tension}" for x in lines if x.tension),
        ),
        content=Table(headers, content, content, tuple(h not in _TEXTS for h in headers)),
    )


def _headed(name: str) -> str:
    return name[:1].upper() + name[1:]


def _file_name(name: str) -> str:
    """The name of a composition as it may stand in that of a file."""
    slug = re.sub(r"[^a-z0-9]+", "-", alphabetical(name)).strip("-")
    return slug if slug.startswith(PAGE) else f"{PAGE}-{slug}"
