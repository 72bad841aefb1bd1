"""What goes into the documents of a pack: every document only writes down what stands here.

A pack is about one region and one goal, or all goals. It holds the chosen figures with what belongs to them, what was
said, and the questions that follow. No document computes or judges anything by itself.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from monitor.definitions import Definitions, Finding, Goal, Indicator, Region
from monitor.figures.border_map import Places, places_of
from monitor.figures.border_spec import BorderFigure
from monitor.figures.geometry import Outlines, read_outlines
from monitor.figures.spec import Figure, ListFigure, MapFigure
from monitor.notation import trailing
from monitor.profile import Standing, panel_of
from monitor.snapshot.store import Snapshot
from monitor.statistics.panel import Panel

if TYPE_CHECKING:
    # Every page of the app loads this module, for its basket; what only documents hold need not come along.
    from monitor.dialogue.matrix import Voiced
    from monitor.export.changed.changes import Changes
    from monitor.screens.plan import PlanPage
    from monitor.screens.striking import Stands


@dataclass(frozen=True)
class Materials:
    """What documents are drawn with, besides the pack: definitions, edition, outlines, the region's own slides.

    ``template``: a .pptx of the region's own; None for the house style of the monitor.
    """

    definitions: Definitions
    snapshot: Snapshot
    template: bytes | None = None

    @cached_property
    def panel(self) -> Panel:
        """Municipal figures laid out, to add up any composition from; made once."""
        return panel_of(self.definitions, self.snapshot)

    @cached_property
    def outlines(self) -> Outlines:
        """Outlines of the country, for maps; read once."""
        return read_outlines(self.snapshot.folder, {r.id: r.codes for r in self.definitions.regions})

    @cached_property
    def places(self) -> Places:
        """Outlines on both sides of the border, for figures across it; read once."""
        return places_of(self.outlines, self.snapshot.areas, [n.id for n in self.definitions.neighbours])

    def ground(self, figure: Figure) -> Outlines | Places | None:
        """The outlines that a figure is drawn on; None for one without a map."""
        if isinstance(figure, MapFigure):
            return self.outlines
        return self.places if isinstance(figure, BorderFigure) else None


@dataclass(frozen=True)
class Meeting:
    """What the maker filled in about the meeting; empty fields stay marked fields in the oplegger.

    ``day``: as it stands on the oplegger ('9 december 2026'). ``subject``: 'Onderwerp'; the pack's own title when
    empty. ``holder``: 'Portefeuillehouder'.
    """

    body: str = "Algemeen Bestuur"
    day: str = ""
    item: str = ""
    subject: str = ""
    holder: str = ""


@dataclass(frozen=True)
class Exhibit:
    """One chosen figure with all that stands beside it.

    Attributes:
        number: place in the pack, from 1; every document calls it 'Figuur <number>'.
        figure: what it contains.
        conclusion: one sentence that says what the figure says; the title of its slide.
        method: two sentences: how the figure came about, and what it does not say.
        note: what the maker of the pack wrote beside it; may hold any character.
        indicator: the indicator it shows; None for tables and for figures across the border.
        voices: what was said in this region of the figure, contradictions first.
        question: what the board may ask itself about this figure; empty when nothing follows from it.
        address: full address of the page that shows it, or the path alone when the place of the app is unknown.
    """

    number: int
    figure: Figure
    conclusion: str
    method: str
    note: str
    indicator: Indicator | None
    voices: tuple[Voiced, ...]
    question: str
    address: str


@dataclass(frozen=True)
class Line:
    """One core figure of the pack's goals in the summary: as text, in Dutch notation.

    ``value`` and ``benchmark``: with unit, '–' when unknown. ``judgement``: the word as everywhere. ``change``: the
    movement in a few words, empty when not judged. ``standing`` holds the numbers.
    """

    indicator: Indicator
    standing: Standing
    year: str
    value: str
    benchmark: str
    judgement: str
    change: str

    @property
    def per(self) -> str:
        """What the values are counted per, which they do not carry: 'per 1.000 inwoners'; empty without one."""
        return trailing(self.indicator.unit)

    @property
    def name(self) -> str:
        """The name of the figure, with what it is counted per."""
        return f"{self.indicator.full_name} ({self.per})" if self.per else self.indicator.full_name


@dataclass(frozen=True)
class Question:
    """A question that figures and findings raise, for the board to answer; ``ground``: what it follows from."""

    text: str
    ground: str


@dataclass(frozen=True)
class Pack:
    """Everything that the documents of one pack are made of.

    Attributes:
        title: of the pack: 'Voorzieningen in de Achterhoek'.
        region: whose pack.
        goals: those it is about: one, or all three.
        benchmark: name of what is compared with, as it stands in a sentence ('Nederland', 'de provincie Gelderland').
        edition: of the figures.
        made: day on which the pack was made.
        base: address of the app ('https://.../'), empty when unknown.
        meeting: what is known of the meeting.
        inhabitants: of the region, with the year, as text.
        lead: two or three sentences: what the figures say, what was said, where they clash.
        exhibits: the chosen figures in order; may be empty.
        summary: the core figures of the goals, as lines; ``summary_figure`` is the same as a table.
        stands: what stands out, per list the clearest first.
        voices: findings of this region under the goals, contradictions first, then confirmed, then not measured.
        tensions: what the figures in the pack cannot show.
        questions: at most seven.
        changes: against the previous edition or year; None when not asked.
        plan: building blocks for the plan of the region; of a pack about one goal only that goal.
        documents: names of the documents that are made together, in their order.
        sources: one line per source table, with licence.
        attribution: who published and under which terms, in one sentence.
    """

    title: str
    region: Region
    goals: tuple[Goal, ...]
    benchmark: str
    edition: str
    made: dt.date
    base: str
    meeting: Meeting
    inhabitants: str
    lead: str
    exhibits: tuple[Exhibit, ...]
    summary: tuple[Line, ...]
    summary_figure: ListFigure
    stands: Stands
    voices: tuple[Voiced, ...]
    tensions: tuple[Finding, ...]
    questions: tuple[Question, ...]
    changes: Changes | None
    plan: PlanPage
    documents: tuple[str, ...]
    sources: tuple[str, ...]
    attribution: str

    @property
    def goal(self) -> Goal | None:
        """The goal of a pack about one goal."""
        return self.goals[0] if len(self.goals) == 1 else None

    @property
    def file_stem(self) -> str:
        """The beginning of the names of its files: 'achterhoek-doel-2'."""
        return f"{self.region.id}-doel-{self.goal.id}" if self.goal else self.region.id
