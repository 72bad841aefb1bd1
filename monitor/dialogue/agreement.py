"""How far two readers agree on the themes and goals of the same findings.

Every reader decides for every finding and every label (a theme or a goal) whether it applies. For one label over
n findings, with a = both say yes, b = only the first, c = only the second, d = both say no (a + b + c + d = n):

* observed agreement: po = (a + d) / n
* agreement expected by chance, from how often each reader says yes:
  pe = (a + b) / n x (a + c) / n  +  (c + d) / n x (b + d) / n
* Cohen's kappa: (po - pe) / (1 - pe); it does not exist when pe = 1 (both readers always say the same).

Over all labels together the same formulas are used on the counts of all findings x labels decisions. Per finding
the two sets of labels are compared: identical or not, and Jaccard = size of the intersection / size of the union
(two empty sets: 1). Source: J. Cohen, A coefficient of agreement for nominal scales (1960).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from monitor import notation
from monitor.definitions import Definitions, Finding
from monitor.definitions.models import Frozen, Slug
from monitor.definitions.reading import entries
from monitor.errors import DefinitionError

Label = str | int
Coded = Mapping[str, frozenset[Label]]


class SecondReading(Frozen):
    """What the second reader gave one finding."""

    finding: Slug
    themes: tuple[Slug, ...]
    goals: tuple[Annotated[int, Field(ge=1, le=3)], ...]


@dataclass(frozen=True)
class Counts:
    """Yes and no of two readers over a number of decisions; ``both`` to ``neither`` are a, b, c and d above."""

    both: int
    only_first: int
    only_second: int
    neither: int

    @property
    def decisions(self) -> int:
        """How many decisions were compared."""
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def observed(self) -> float:
        """Share of the decisions on which the readers agree, 0 to 1."""
        return (self.both + self.neither) / self.decisions

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa; None when both readers say yes everywhere, or no everywhere."""
        n = self.decisions
        first, second = self.both + self.only_first, self.both + self.only_second
        # In whole numbers (times n squared), so that a chance of exactly 1 is seen.
        chance = first * second + (n - first) * (n - second)
        return None if chance == n * n else ((self.both + self.neither) * n - chance) / (n * n - chance)


@dataclass(frozen=True)
class Agreement:
    """Agreement on one kind of label. ``per_label`` in the order of the labels; shares from 0 to 1."""

    per_label: tuple[tuple[Label, Counts], ...]
    overall: Counts
    findings: int
    identical: float
    jaccard: float


def compare(first: Coded, second: Coded, labels: Sequence[Label]) -> Agreement:
    """Compare two readers.

    Args:
        first: per finding the labels that the first reader gave it, at least one finding.
        second: the same of the second reader, for the same findings.
        labels: all labels that could be given, at least one.

    Raises:
        ValueError: the readers did not read the same findings, there are none, or a label is unknown.
    """
    if not first or set(first) != set(second) or not labels:
        raise ValueError("two readings of the same findings are needed, and labels")
    if set().union(*first.values(), *second.values()) - set(labels):
        raise ValueError("a label was given that does not exist")
    per_label = tuple((label, _counts(first, second, label)) for label in labels)
    parts = [(c.both, c.only_first, c.only_second, c.neither) for _, c in per_label]
    return Agreement(
        per_label=per_label,
        overall=Counts(*(sum(column) for column in zip(*parts, strict=True))),
        findings=len(first),
        identical=sum(first[k] == second[k] for k in first) / len(first),
        jaccard=sum(_jaccard(first[k], second[k]) for k in first) / len(first),
    )


def _counts(first: Coded, second: Coded, label: Label) -> Counts:
    pairs = [(label in first[k], label in second[k]) for k in first]
    yes_no = ((True, True), (True, False), (False, True), (False, False))
    return Counts(*(pairs.count(p) for p in yes_no))


def _jaccard(one: frozenset[Label], other: frozenset[Label]) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0


def read_second(path: Path, definitions: Definitions) -> tuple[SecondReading, ...]:
    """Read the second reading: a YAML list of {finding, themes, goals}.

    Raises:
        DefinitionError: a finding or theme does not exist, or a finding stands in it twice.
    """
    said = entries(path, SecondReading)
    findings, themes = {f.id for f in definitions.findings}, {t.id for t in definitions.themes}
    seen: set[str] = set()
    for one in said:
        where = f"{path.name}, '{one.finding}'"
        if one.finding not in findings:
            raise DefinitionError(f"{where}: deze bevinding bestaat niet.", "Verbeter het veld 'finding'.")
        if one.finding in seen:
            raise DefinitionError(f"{where}: staat er twee keer in.", "Laat één lezing per bevinding staan.")
        unknown = [t for t in one.themes if t not in themes]
        if unknown:
            raise DefinitionError(f"{where}, veld 'themes': '{unknown[0]}' bestaat niet.", "Verbeter de naam.")
        seen.add(one.finding)
    return said


def agreement(definitions: Definitions, second: Sequence[SecondReading]) -> tuple[Agreement, Agreement]:
    """Agreement between our codes and a second reading: on themes, and on goals."""
    ours = {f.id: f for f in definitions.findings}
    read = [s.finding for s in second]
    themes = compare(
        {k: frozenset(ours[k].themes) for k in read},
        {s.finding: frozenset(s.themes) for s in second},
        [t.id for t in definitions.themes],
    )
    goals = compare(
        {k: frozenset(ours[k].goals) for k in read},
        {s.finding: frozenset(s.goals) for s in second},
        [g.id for g in definitions.goals],
    )
    return themes, goals


def table(definitions: Definitions, second: Sequence[SecondReading]) -> str:
    """The agreement as it stands in docs/codeerboek.md: a Markdown table, in Dutch notation."""
    themes, goals = agreement(definitions, second)
    names: dict[Label, str] = {t.id: t.name for t in definitions.themes}
    names |= {g.id: f"Doel {g.id}: {g.name}" for g in definitions.goals}
    rows = ["| Kenmerk | Beiden | Alleen eerste | Alleen tweede | Geen van beiden | Gelijk | Kappa |"]
    rows.append("|---|---|---|---|---|---|---|")
    for whole, name in ((themes, "Alle thema's samen"), (goals, "Alle doelen samen")):
        rows += [_row(names[label], c) for label, c in whole.per_label]
        rows.append(_row(f"**{name}**", whole.overall))
    rows.append("")
    for whole, name in ((themes, "thema's"), (goals, "doelen")):
        same, alike = notation.number(100 * whole.identical, 0), notation.number(whole.jaccard, 2)
        rows.append(
            f"- Precies dezelfde {name} bij {same}% van de {whole.findings} bevindingen; gemiddelde Jaccard {alike}."
        )
    return "\n".join(rows)


def _row(name: str, c: Counts) -> str:
    kappa = "bestaat niet" if c.kappa is None else notation.number(c.kappa, 2)
    counts = f"{c.both} | {c.only_first} | {c.only_second} | {c.neither}"
    return f"| {name} | {counts} | {notation.number(100 * c.observed, 0)}% | {kappa} |"


def draw(findings: Iterable[Finding], size: int) -> tuple[str, ...]:
    """Draw findings for a second reading: the same ones on every computer, whatever the order of the findings.

    Strata are kind x document. Each gets its share of ``size``, rounded down; what is left goes to the largest
    remainders (ties: by name of the stratum). Within a stratum the order is that of the SHA-256 of the id.

    Returns:
        Ids, ordered by their SHA-256 so that a stratum cannot be told from the order.

    Raises:
        ValueError: fewer findings than asked.
    """
    strata: dict[tuple[str, str], list[str]] = {}
    for f in findings:
        strata.setdefault((f.kind, f.source.document), []).append(f.id)
    total = sum(map(len, strata.values()))
    if not 0 < size <= total:
        raise ValueError("more findings are asked than there are")
    share = {k: divmod(size * len(ids), total) for k, ids in strata.items()}
    left = size - sum(whole for whole, _ in share.values())
    more = sorted(share, key=lambda k: (-share[k][1], k))[:left]
    chosen = [i for k, ids in strata.items() for i in sorted(ids, key=_digest)[: share[k][0] + (k in more)]]
    return tuple(sorted(chosen, key=_digest))


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
