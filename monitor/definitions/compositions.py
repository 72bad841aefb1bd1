"""Models of data/definitions/compositions.yaml: compositions that come up in practice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from monitor.definitions.models import Frozen, MunicipalityCode, Slug, Text
from monitor.errors import DefinitionError
from monitor.nearest import need

if TYPE_CHECKING:
    from monitor.definitions.loader import Definitions

COMPOSITIONS_FILE = "compositions.yaml"


class Case(Frozen):
    """A region with some municipalities more, as it is asked for in practice.

    ``name``: what is added, as it stands in a sentence ('de Liemers'). ``add``: the municipalities, none of which is a
    member of the region. ``ground``: why the case is there.
    """

    id: Slug
    name: Text
    region: Slug
    add: Annotated[tuple[MunicipalityCode, ...], Field(min_length=1)]
    ground: Text


def check_compositions(d: Definitions) -> None:
    """Hold the cases against the regions.

    Raises:
        DefinitionError: a region does not exist, or a municipality is a member already or stands there twice.
    """
    members = {r.id: set(r.codes) for r in d.regions}
    for case in d.compositions:
        where = f"{COMPOSITIONS_FILE}, '{case.id}'"
        need(where, "region", [case.region], members, "Verbeter de naam of voeg de regio toe.")
        for code in case.add:
            if code in members[case.region]:
                raise DefinitionError(
                    f"{where}, veld 'add': gemeente {code} is al lid van '{case.region}'.", "Haal de gemeente weg."
                )
            if case.add.count(code) > 1:
                raise DefinitionError(f"{where}, veld 'add': {code} staat er twee keer in.", "Haal de dubbele weg.")
