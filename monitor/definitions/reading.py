"""Read YAML into typed models; a fault is told with file, entry and field, in Dutch."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from monitor.errors import DefinitionError

Model = TypeVar("Model", bound=BaseModel)


# The loader in C reads ten times faster; PyYAML has it wherever libyaml is.
_Base: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc, valid-type]
    """SafeLoader that keeps dates as text, so that '2024-12' and '2021-01-01' stay what was written."""


_Loader.yaml_implicit_resolvers = {
    key: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for key, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _mapping(loader: _Loader, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    """A mapping in which no field may stand twice: the second would silently win."""
    seen: set[str] = set()
    for key, _ in node.value:
        if key.value in seen:
            raise yaml.constructor.ConstructorError(None, None, f"'{key.value}' staat er twee keer in", key.start_mark)
        seen.add(key.value)
    return dict(yaml.SafeLoader.construct_mapping(loader, node, deep=True))


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read(path: Path) -> Any:
    """Return what a YAML file says.

    Raises:
        DefinitionError: it is missing or is not YAML; names file and line.
    """
    try:
        return parsed(path.name, path.read_bytes())
    except FileNotFoundError:
        raise DefinitionError(f"{path.name} ontbreekt.", "Zet het bestand terug met git.") from None


def parsed(name: str, content: bytes) -> Any:
    """Return what YAML says; ``name``: of the file, for a message.

    Raises:
        DefinitionError: it is not YAML, or of a depth or size that no file of ours has; names file and line.
    """
    try:
        _hold_depth(name, content)
        return _small(name, yaml.load(content.decode(), Loader=_Loader))
    except RecursionError:
        raise _too_deep(name) from None
    except (yaml.YAMLError, ValueError, TypeError, LookupError, ArithmeticError) as error:
        # Besides its own errors those of what it makes: a key that is a list, '!!int abc', a number of 5000 digits.
        where = getattr(error, "problem_mark", None)
        line = f" bij regel {where.line + 1}" if where else ""
        twice = isinstance(error, yaml.constructor.ConstructorError) and "twee keer" in str(error.problem)
        why = f": veld {short(error.problem)}" if twice and isinstance(error, yaml.MarkedYAMLError) else ""
        raise DefinitionError(f"{name} is geen geldige YAML{line}{why}.", "Herstel het bestand.") from None


# No file of ours comes near; what is deeper or larger was made to break who reads it.
DEEPEST, MOST_NODES = 40, 500_000
# So deep the loader in C still comes back; on far deeper files it ends the whole process.
_DEEPEST_READ = 5_000
# The longest name of an entry or field in a message.
_LONGEST_NAME = 80


def _too_deep(name: str) -> DefinitionError:
    return DefinitionError(f"{name} zit te diep in elkaar.", "Herstel het bestand.")


def _hold_depth(name: str, content: bytes) -> None:
    """Refuse what is too deep to be read at all.

    Each list or mapping between brackets has an opening bracket, and of the others at most two begin in one column:
    only of a file for which that is not enough the depth is counted.
    """
    widest = max(map(len, content.splitlines()), default=0)
    if content.count(b"[") + content.count(b"{") + 2 * widest <= _DEEPEST_READ:
        return
    depth = 0
    for event in yaml.parse(content.decode(), Loader=_Base):
        starts, ends = yaml.events.CollectionStartEvent, yaml.events.CollectionEndEvent
        depth += isinstance(event, starts) - isinstance(event, ends)
        if depth > DEEPEST:
            raise _too_deep(name)


def _small(name: str, raw: Any) -> Any:
    """What was read, when it is not too deep or too large; an alias (``*x``) counts each time that it stands there.

    A few lines with aliases in aliases are a thousand million texts for who goes through them ('billion laughs').
    """
    left, count = [(raw, 0)], 0
    while left:
        value, depth = left.pop()
        if not isinstance(value, (dict, list)):
            continue
        if depth > DEEPEST:
            raise _too_deep(name)
        count += 1 + len(value)
        if count > MOST_NODES:
            raise DefinitionError(f"{name} is uitgeschreven veel te groot.", "Schrijf elke ingang uit, zonder & en *.")
        left += [(v, depth + 1) for v in (value.values() if isinstance(value, dict) else value)]
    return raw


def entries(path: Path, model: type[Model]) -> tuple[Model, ...]:
    """Return the entries of a YAML list, each with an id of its own.

    Raises:
        DefinitionError: names file, entry and field.
    """
    raw = read(path)
    if not isinstance(raw, list):
        raise DefinitionError(f"{path.name} moet een lijst zijn.", "Begin elke ingang met '- id: ...'.")
    built = tuple(model_of(path, model, entry, entry_name(entry, place)) for place, entry in enumerate(raw, start=1))
    twice = [k for k, n in Counter(e.id for e in built if hasattr(e, "id")).items() if n > 1]
    if twice:
        raise DefinitionError(
            f"{path.name}: '{short(twice[0])}' staat er twee keer in.", "Geef elke ingang een eigen id."
        )
    return built


def entry_name(entry: Any, place: int) -> str:
    """An entry as a message names it: by its id, else by its place in the list (from 1)."""
    return f"'{short(entry['id'])}'" if isinstance(entry, dict) and "id" in entry else f"ingang {place}"


def short(said: Any) -> str:
    """What a file says, as it may stand in a sentence: on one line and not too long."""
    plain = " ".join(str(said)[:400].split())
    return plain if len(plain) <= _LONGEST_NAME else f"{plain[:_LONGEST_NAME]} …"


def model_of(path: Path, model: type[Model], raw: Any, name: str) -> Model:
    """Return a mapping as a model.

    Args:
        path: the file, named in a message.
        model: what is asked.
        raw: what the file says.
        name: of the entry; empty for the whole file.

    Raises:
        DefinitionError: names file, entry and field.
    """
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        field = short(".".join(str(part) for part in first["loc"])) or "(geheel)"
        fallback = "heeft een waarde die niet past"
        own = first["msg"] if first["type"] == "value_error" else fallback
        reason = _REASONS.get(first["type"], own)
        if first["type"] == "literal_error":
            reason = f"mag alleen {first['ctx']['expected']} zijn".replace(" or ", " of ")
        raise DefinitionError(
            f"{path.name}, {name or 'bestand'}, veld '{field}': {reason.removeprefix('Value error, ')}.",
            f"Verbeter het veld; de velden staan in {model.__module__.replace('.', '/')}.py.",
        ) from None


_REASONS = {
    "missing": "ontbreekt",
    "extra_forbidden": "bestaat niet",
    "string_pattern_mismatch": "heeft niet de juiste vorm",
    "string_too_short": "is leeg",
    "string_type": "moet tekst zijn",
    "int_parsing": "moet een geheel getal zijn",
    "int_type": "moet een geheel getal zijn",
    "int_from_float": "moet een geheel getal zijn",
    "float_type": "moet een getal zijn",
    "bool_parsing": "moet true of false zijn",
    "bool_type": "moet true of false zijn",
    "tuple_type": "moet een lijst zijn",
    "list_type": "moet een lijst zijn",
    "dict_type": "moet uit velden met een waarde bestaan",
    "model_type": "moet uit velden met een waarde bestaan",
    "model_attributes_type": "moet uit velden met een waarde bestaan",
    "float_parsing": "moet een getal zijn",
    "greater_than": "is te klein",
    "greater_than_equal": "is te klein",
    "less_than_equal": "is te groot",
}
