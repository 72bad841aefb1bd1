"""Typed, frozen models of what data/definitions and data/findings say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
MunicipalityCode = Annotated[str, StringConstraints(pattern=r"^GM\d{4}$")]
ProvinceCode = Annotated[str, StringConstraints(pattern=r"^PV\d{2}$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
AggregationClass = Literal["som", "verhouding", "gewogen", "geen"]
Method = Literal["register", "enquete", "modelschatting"]
Direction = Literal["hoger-gunstig", "lager-gunstig", "geen"]
# Fields that may be true of some source tables only.
Dated = Literal["caveat", "method", "method_note", "relevant_difference", "breaks"]
Status = Literal["definitief", "voorlopig", "nader voorlopig"]
Unit = Literal[
    "procent", "km", "euro", "aantal", "jaar", "score", "klasse", "m3", "kwh",
    "watt-per-woning", "kw-per-1000-inwoners",
    "m2-per-inwoner", "ha-per-1000-inwoners", "kg-per-km2", "ton-per-inwoner", "inwoners-per-km2",
    "per-1000-inwoners", "per-1000-huishoudens", "per-1000-woningen", "koopkracht-euro",
]  # fmt: skip
RegionLevel = Literal["NL", "PV", "GG", "GM"]
Membership = Literal["lid", "kandidaat", "niet"]
FindingKind = Literal["opgave", "kenmerk", "knelpunt", "behoefte", "idee", "verhaal", "spanning"]
Origin = Literal["dialoog", "interview", "reflectie", "beleid", "belangenbehartiging"]
Expectation = Literal["gunstig", "ongunstig", "hoger", "lager", "stijgt", "daalt", "meet-niet"]


class Frozen(BaseModel):
    """A definition: immutable, and every unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Newer(Frozen):
    """A later year than ours that CBS is known to have, and the table that holds it."""

    year: int
    table: Text


class SourceTable(Frozen):
    """One table of a publisher, as the pipeline reads it.

    ``reader`` names the module that understands its form; ``file`` is the path below the folder given to ``snapshot
    build --from``, empty for a table that is only fetched (statline.yaml); ``layout`` says which municipal layout its
    codes follow. ``status`` holds the status per year where it is not ``definitief``; ``page_name`` is the publisher's
    own name for the page.
    """

    id: Text
    title: Text
    publisher: Text
    page: Text
    page_name: Text
    newer: Newer | None = None
    reader: Literal["odata", "rmbw", "kwb", "reeks", "statline", "gebieden", "eurostat"]
    file: Text = ""
    extra_file: Text | None = None
    licence: Text = "CC BY 4.0"
    layout: Literal["rapportagejaar", "huidig"]
    year: int | None = None
    margins: bool = False
    filters: dict[str, str] = Field(default_factory=dict)
    status: dict[int, Status] = Field(default_factory=dict)


class SourceSpec(Frozen):
    """Where one indicator or quantity comes from within a source table.

    The value is ``scale * (sum of measures - sum of minus_if_any)``, where an area without a measure to
    subtract subtracts nothing; with ``per`` it is divided by that quantity of the same
    area and year. ``filters`` goes before the filters of the table (an age group, for example).
    ``province_label`` is the name under which the RMBW publishes provinces.
    """

    table: Text
    measures: tuple[Text, ...]
    minus_if_any: tuple[Text, ...] = ()
    years: tuple[int, ...] | None = None
    scale: float = 1.0
    per: Slug | None = None
    filters: dict[str, str] = Field(default_factory=dict)
    province_label: Text | None = None


class LiveSpec(SourceSpec):
    """What to fetch from a StatLine table (statline.yaml); ``measures`` are topic keys without their number.

    ``filters``: per dimension one code, or several of which the values are added up. ``levels``: which regions, None
    for those of the table. ``since`` and ``until``: the first and the last year that count. ``replaces``: source
    tables whose figures of this indicator give way, because the fetched series says the same for more years.
    """

    filters: dict[str, str | tuple[str, ...]] = Field(default_factory=dict)  # type: ignore[assignment]
    levels: tuple[RegionLevel, ...] | None = None
    since: int | None = None
    until: int | None = None
    replaces: tuple[Text, ...] = ()


class Quantity(Frozen):
    """A count that serves as weight, numerator or denominator: inhabitants, dwellings, hectares.

    Without ``sources`` it is only fetched (``live``): the edition that ships does not have it.
    """

    id: Slug
    name: Text
    unit: Text
    sources: tuple[SourceSpec, ...]
    live: tuple[LiveSpec, ...] = ()


class Aggregation(Frozen):
    """How municipal values may be added up to a region, and why.

    ``som``: sum. ``verhouding``: sum of numerators / sum of denominators x factor. ``gewogen``: mean weighted
    by ``weight``. ``geen``: never. ``own_weight``: the figure's own denominator, which ``weight`` stands in for
    (``substitute_weight`` says so) until an edition holds it (in_force.py).
    """

    kind: AggregationClass = Field(alias="class")
    weight: Slug | None = None
    own_weight: Slug | None = None
    substitute_weight: Text | None = None
    numerator: Slug | None = None
    denominator: Slug | None = None
    factor: float = 1.0
    reason: Text

    @model_validator(mode="after")
    def _complete(self) -> Aggregation:
        if self.kind == "gewogen" and not self.weight:
            raise ValueError("klasse 'gewogen' vraagt het veld 'weight'")
        if self.kind == "verhouding" and not (self.numerator and self.denominator):
            raise ValueError("klasse 'verhouding' vraagt de velden 'numerator' en 'denominator'")
        if self.kind in ("som", "geen") and (self.weight or self.numerator):
            raise ValueError(f"klasse '{self.kind}' kent geen gewicht of teller")
        if self.own_weight and not (self.kind == "gewogen" and self.substitute_weight):
            raise ValueError("'own_weight' hoort bij klasse 'gewogen' met 'substitute_weight'")
        return self


class Break(Frozen):
    """From ``year`` on, values cannot be compared with earlier years."""

    year: int
    reason: Text


class Unusable(Frozen):
    """A region for which a figure exists but does not say what its name says; it is shown and never judged.

    ``municipality``: the member that it comes from; any area with that municipality is not judged either.
    """

    region: Slug
    municipality: MunicipalityCode | None = None
    reason: Text


class MarginNote(Frozen):
    """Why our margin differs from the one that CBS publishes for provinces and GGD regions, in these years."""

    years: Annotated[tuple[int, ...], Field(min_length=1)]
    reason: Text


class RelevantDifference(Frozen):
    """The smallest difference that matters, in the indicator's unit, with the reason for deviating."""

    value: Annotated[float, Field(gt=0)]
    reason: Text


class Otherwise(Frozen):
    """What fields of an indicator say when the tables that they are about are no longer there; unnamed is nothing."""

    caveat: Text | None = None
    method: Method | None = None
    method_note: Text | None = None
    relevant_difference: RelevantDifference | None = None
    breaks: tuple[Break, ...] = ()


class Indicator(Frozen):
    """One figure: what it measures, how it may be added up, which way is better.

    ``core``: one of the figures that summarise a goal. ``part_of`` and ``group``: the same figure for a part of
    the people (an age group), shown with the whole. ``no_trend``: why a change over the years is not judged.
    ``only_with``: per field the source tables that it is about; it counts while an edition has published rows of the
    indicator from one of them. ``only_without``: it counts until rows from one of these are fetched from StatLine.
    After that the field says what ``otherwise`` says (in_force.py).
    """

    id: Slug
    name: Text
    caption: Text
    clause: Text
    more: Text
    less: Text
    when_worse: Text | None = None
    when_better: Text | None = None
    description: Text
    why: Text
    theme: Slug
    goals: tuple[Annotated[int, Field(ge=1, le=3)], ...]
    unit: Unit
    decimals: Annotated[int, Field(ge=-3, le=3)]
    direction: Direction
    direction_reason: Text
    aggregation: Aggregation
    method: Method
    method_note: Text | None = None
    judge_as: Literal["register"] | None = None
    relevant_difference: RelevantDifference | None = None
    breaks: tuple[Break, ...] = ()
    no_trend: Text | None = None
    unusable: tuple[Unusable, ...] = ()
    margin_note: MarginNote | None = None
    core: bool = False
    part_of: Slug | None = None
    group: Text | None = None
    border_note: Text | None = None
    not_shown: Text | None = None
    caveat: Text | None = None
    sources: tuple[SourceSpec, ...] = ()
    live: tuple[LiveSpec, ...] = ()
    only_with: dict[Dated, tuple[Text, ...]] = Field(default_factory=dict)
    only_without: dict[Dated, tuple[Text, ...]] = Field(default_factory=dict)
    otherwise: Otherwise = Otherwise()

    @model_validator(mode="after")
    def _coherent(self) -> Indicator:
        if self.aggregation.kind != "verhouding" and not self.sources:
            raise ValueError("'sources' is leeg; alleen klasse 'verhouding' rekent met hoeveelheden")
        if "{value}" not in self.clause:
            raise ValueError("'clause' moet {value} bevatten")
        if self.direction != "geen" and not (self.when_worse and self.when_better):
            raise ValueError("een cijfer met een richting vraagt 'when_worse' en 'when_better'")
        if bool(self.part_of) != bool(self.group):
            raise ValueError("'part_of' en 'group' horen bij elkaar")
        if self.judge_as and not self.method_note:
            raise ValueError("'judge_as' vraagt een reden in 'method_note'")
        return self

    def unusable_for(self, area: str, codes: Sequence[str] = ()) -> str:
        """Why the figure of an area is not judged; empty when it may be.

        Args:
            area: slug of a region, also with a candidate counted in ('twente+GM0262'), or any other name.
            codes: its municipalities, for an area that is none of the 11 regions.
        """
        region = area.partition("+")[0]
        return next((u.reason for u in self.unusable if u.region == region or u.municipality in codes), "")

    @property
    def full_name(self) -> str:
        """The name, with the part of the people where it does not tell that itself."""
        return f"{self.name}, {self.group}" if self.group and self.group not in self.name else self.name


class Theme(Frozen):
    """A theme of the RMBW, or demography and facilities."""

    id: Slug
    name: Text
    group: Literal["hier-en-nu", "later", "aanvullend"]
    description: Text


class Goal(Frozen):
    """One of the three goals of the NPVR."""

    id: Annotated[int, Field(ge=1, le=3)]
    name: Text
    short: Text
    description: Text


class Member(Frozen):
    """A municipality in the composition of a region, with status and ground."""

    code: MunicipalityCode
    name: Text
    membership: Membership
    status: Text
    ground: Text


class Region(Frozen):
    """One of the 11 NPVR regions."""

    id: Slug
    name: Text
    article: Literal["", "de"] = ""
    province: ProvinceCode
    borders: tuple[Literal["BE", "DE"], ...] = ()
    ground: Text
    members: tuple[Member, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the municipalities in the default composition."""
        return tuple(m.code for m in self.members if m.membership == "lid")

    @property
    def candidates(self) -> tuple[Member, ...]:
        """Municipalities that are uncertain, and therefore left out by default."""
        return tuple(m for m in self.members if m.membership == "kandidaat")

    @property
    def spoken(self) -> str:
        """The name as it stands in a sentence: 'de Achterhoek', 'Twente'."""
        return f"{self.article} {self.name}".strip()


class MapLabel(Frozen):
    """Where a region's name stands on the map of the country (degrees), and on which lines."""

    id: Slug
    lines: tuple[Text, ...]
    lon: float
    lat: float
    align: Literal["left", "right", "center"]


class Neighbour(Frozen):
    """A region across the border (NUTS 3, 2021) that touches the Netherlands, with its Dutch name.

    ``lon`` and ``lat``: where the name stands on the map of the country.
    """

    id: Annotated[str, StringConstraints(pattern=r"^(BE|DE)[0-9A-Z]{3}$")]
    name: Text
    country: Literal["BE", "DE"]
    lon: float
    lat: float


# From this many regions on, a finding is about the dialogues as a whole rather than about one region.
_MANY = 8


class FindingSource(Frozen):
    """Where a finding can be found: document and section."""

    document: Text
    title: Text
    section: Text


class FindingIndicator(Frozen):
    """A figure that a finding concerns, and what the finding expects of it."""

    id: Slug
    expects: Expectation
    note: Text | None = None


class Finding(Frozen):
    """One thing that a dialogue, interview or policy paper brought up, in our own words.

    ``serves``: of an idea, the findings (needs) that it meets, by our own reading (docs/codeerboek.md).
    """

    id: Slug
    kind: FindingKind
    title: Text
    summary: Text
    regions: tuple[Slug, ...]
    themes: tuple[Slug, ...]
    goals: tuple[Annotated[int, Field(ge=1, le=3)], ...]
    indicators: tuple[FindingIndicator, ...] = ()
    serves: tuple[Slug, ...] = ()
    source: FindingSource
    date: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]
    origin: Origin

    @model_validator(mode="after")
    def _serves_of_an_idea(self) -> Finding:
        if self.serves and self.kind != "idee":
            raise ValueError("alleen een bevinding van de soort 'idee' kent het veld 'serves'")
        return self

    @property
    def common(self) -> bool:
        """Whether it is about the dialogues as a whole rather than about single regions."""
        return "alle" in self.regions or len(self.regions) >= _MANY

    def concerns(self, region: str) -> bool:
        """Whether the finding is about this region, or about all of them."""
        return "alle" in self.regions or region in self.regions
