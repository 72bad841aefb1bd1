"""How figures on an older municipal layout come onto the current one, as herindelingen.yaml says it."""

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
    source: Literal["cbs-tekst", "gebieden"]
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
