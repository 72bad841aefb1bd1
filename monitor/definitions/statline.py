"""Which StatLine tables can be fetched, and which of their topics the indicators use."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from monitor.definitions.models import Frozen, Indicator, LiveSpec, Quantity, RegionLevel, SourceSpec, SourceTable, Text
from monitor.errors import DefinitionError
from monitor.nearest import need as must_exist

if TYPE_CHECKING:
    from monitor.definitions.loader import Definitions

STATLINE_FILE = "statline.yaml"


class Topic(Frozen):
    """What DataProperties must say of a topic.

    A field that is None was never seen: the first download writes down what CBS says, and later ones are held to it.
    ``group``: the titles of the topic groups around it, from outside in, joined by ' / '. It only tells topics with the
    same title and unit apart (v4 knows no keys), so it may change without harm.
    """

    title: Text | None = None
    unit: Text | None = None
    group: Text | None = None


class LiveTable(Frozen):
    """A table as StatLine serves it; what is not said here is as in sources.yaml.

    ``id``: as StatLine spells it, where case counts. ``source``: the table in sources.yaml under which its figures are
    filed. ``levels``: which regions to ask for. ``since``: the first year to ask for. ``filters``: the code per
    dimension. ``layout``: whether the codes are those of each year, or of one layout for all years. ``topics``: by
    topic key, without the number that StatLine puts behind it. ``known``: how we know the keys: from the table itself
    (``tabel``), from public sources (``openbaar``) or not for certain (``onbevestigd``), with ``known_note`` to say
    more.
    """

    id: Text
    source: Text
    known: Literal["tabel", "openbaar", "onbevestigd"]
    known_note: Text | None = None
    levels: tuple[RegionLevel, ...] = ("NL", "PV", "GM")
    since: int | None = None
    year: int | None = None
    margins: bool = False
    layout: Literal["rapportagejaar", "huidig"] = "rapportagejaar"
    filters: dict[str, str] = Field(default_factory=dict)
    topics: dict[str, Topic] = Field(default_factory=dict)

    def as_source(self, table: SourceTable) -> SourceTable:
        """The table of sources.yaml in the form in which StatLine serves it."""
        served = {
            "reader": "odata",
            "filters": self.filters or (table.filters if table.reader == "odata" else {}),
            "margins": self.margins or table.margins,
            "year": self.year or (table.year if table.reader == "odata" else None),
            "layout": self.layout,
        }
        return table.model_copy(update=served)


def live_specs(definitions: Definitions, entry: Indicator | Quantity) -> tuple[LiveSpec, ...]:
    """What can be fetched for an indicator or a quantity: its own ``live``, and its sources that are StatLine tables.

    A source that names years asks for those from the first of them on: a newer year must come along.
    """
    served = {t.source for t in definitions.statline}
    stored = [s for s in entry.sources if s.table in served and definitions.table(s.table).reader == "odata"]
    return (*entry.live, *(_as_live(s) for s in stored))


def _as_live(spec: SourceSpec) -> LiveSpec:
    fields = spec.model_dump(exclude={"years", "province_label"})
    return LiveSpec(**fields, since=min(spec.years) if spec.years else None)


def check_statline(d: Definitions) -> None:
    """Hold the StatLine tables against sources, indicators and quantities.

    Raises:
        DefinitionError: a name that does not exist; file, entry and field are named.
    """
    need = partial(must_exist, otherwise="Verbeter de naam of voeg de definitie toe.")
    tables = {t.id for t in d.tables}
    served = {t.source: t for t in d.statline}
    for t in d.statline:
        need(f"{STATLINE_FILE}, '{t.id}'", "source", [t.source], tables)
    entries: list[tuple[str, Indicator | Quantity]] = [
        (f"indicators/{i.theme}.yaml, '{i.id}'", i) for i in d.indicators
    ]
    entries += [(f"quantities.yaml, '{q.id}'", q) for q in d.quantities]
    for where, entry in entries:
        need(where, "live.table", [s.table for s in entry.live], served)
        need(where, "live.replaces", [r for s in entry.live for r in s.replaces], tables)
        need(where, "live.per", [s.per for s in entry.live if s.per], {q.id for q in d.quantities})
        for spec in live_specs(d, entry):
            asked = (*spec.measures, *spec.minus_if_any)
            need(where, f"measures ({spec.table})", asked, served[spec.table].topics)
    for i in d.indicators:
        _check_dated(d, i, need)


def _check_dated(d: Definitions, i: Indicator, need: Callable[..., None]) -> None:
    """Hold the fields that are about some tables against the tables that the indicator can have."""
    where = f"indicators/{i.theme}.yaml, '{i.id}'"
    quantities = [d.quantity(q) for q in (i.aggregation.numerator, i.aggregation.denominator) if q]
    entries = (i, *(quantities if i.aggregation.kind == "verhouding" else ()))
    stored = {s.table for e in entries for s in e.sources}
    fetched = {s.table for e in entries for s in live_specs(d, e)}
    for field, tables in i.only_with.items():
        need(where, f"only_with.{field}", tables, stored)
    for field, tables in i.only_without.items():
        need(where, f"only_without.{field}", tables, fetched)
    dated = {*i.only_with, *i.only_without}
    need(where, "otherwise", sorted(i.otherwise.model_fields_set), dated)
    empty = sorted(f for f in dated if not getattr(i, f))
    bare = "method" in dated and not i.otherwise.method
    bare |= bool(i.judge_as) and "method_note" in dated and not i.otherwise.method_note
    if empty or bare:
        told = f"het veld '{empty[0]}' heeft zelf geen inhoud" if empty else "zonder deze tabel is er geen soort cijfer"
        raise DefinitionError(f"{where}, veld 'only_with': {told}.", "Vul het veld aan, ook bij 'otherwise'.")
