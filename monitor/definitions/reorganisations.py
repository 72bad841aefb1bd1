"""How figures on an older municipal layout come onto the current one, as herindelingen.yaml says it.

Who vanished before 2015 stands in herindelingen_2006_2015.yaml: figures of those years only come with a refresh.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from monitor.definitions.models import Frozen, MunicipalityCode, Text


class Successor(Frozen):
    """A municipality that received a share of the inhabitants of a predecessor."""

    code: MunicipalityCode
    share: Annotated[float, Field(gt=0, le=1)]


class Reorganisation(Frozen):
    """A municipality that ceased to exist, and where its inhabitants went."""

    vanished: MunicipalityCode = Field(alias="from")
    name: Text
    date: Text
    to: tuple[Successor, ...]
    source: Literal["cbs-tekst", "gebieden", "03759ned"]
    check: Text

    @model_validator(mode="after")
    def _whole(self) -> Reorganisation:
        if abs(sum(s.share for s in self.to) - 1) > 1e-3:
            raise ValueError(f"de aandelen van {self.vanished} tellen niet op tot 1")
        return self


class UnknownReorganisation(Frozen):
    """A municipality whose successor cannot be established: shown as missing."""

    vanished: MunicipalityCode = Field(alias="from")
    name: Text
    date: Text
    reason: Text


class Layout(Frozen):
    """How figures on an older municipal layout come onto the current one."""

    source: Text
    reorganisations: tuple[Reorganisation, ...]
    unknown: tuple[UnknownReorganisation, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Layout:
        gone: list[Reorganisation | UnknownReorganisation] = [*self.reorganisations, *self.unknown]
        codes = [r.vanished for r in gone]
        twice = sorted({c for c in codes if codes.count(c) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} staat er twee keer in")
        ended = {r.vanished: r.date for r in gone}
        for r in self.reorganisations:
            early = [s.code for s in r.to if ended.get(s.code, r.date) < r.date]
            if early:
                raise ValueError(f"{r.vanished} gaat op {r.date} op in {early[0]}, die toen al was opgeheven")
        return self

    def with_older(self, older: Layout) -> Layout:
        """The same with reorganisations of earlier years, which stand in a file of their own.

        Raises:
            ValueError: a municipality stands in both.
        """
        return Layout(
            source=f"{self.source} {older.source}",
            reorganisations=(*self.reorganisations, *older.reorganisations),
            unknown=(*self.unknown, *older.unknown),
        )
