"""Whether outlines form a whole: no overlap, no gap, nothing lost. Lengths in metres and areas in m2 (RD).

The limits stand here together, each with what the shipped outlines measure against it (docs/grenzen.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import shapely

from monitor.errors import SourceInvalid
from monitor.notation import listing, number
from monitor.sources.outlines import Outlines, to_metres

# The country as CBS draws it, without the sea: 35 088 km2 (lines of 2022).
COUNTRY = (33_000e6, 42_000e6)
# What counts as a hair's breadth in the lines of a publisher (T-junctions, rounding): mended, not refused.
SLIVER, SLIVER_WIDTH = 10_000.0, 1.0
# A gap is a hole in the whole of which more than half was land before.
GAP, GAP_SHARE = 10_000.0, 0.5
# A strip of nobody's land between municipalities, narrower than this; lines move by less than its area, in m2.
STRIP, STRIP_WIDTH = 100_000.0, 500.0
# How much of a municipality's ground may belong to nobody any more: land that became water.
LOST = 0.10
# Rounding to three decimals of a degree (about 100 m) makes neighbours overlap here and there: 3 899 m2 in all.
ROUNDING = 50_000.0
_KEEP = "De grenzen die er al zijn blijven in gebruik. Probeer het later opnieuw of kies een ander jaar."
_SHOWN = 5


def mended(outlines: Outlines, what: str) -> list[Any]:
    """Outlines in metres as a coverage: neighbours share their line exactly.

    Slivers up to ``SLIVER`` m2 per area, a metre wide, are mended.

    Args:
        outlines: the areas.
        what: how a message names the source.

    Raises:
        SourceInvalid: areas overlap by more, or their lines cross; they are named.
    """
    shapes = outlines.metres
    edges = shapely.coverage_invalid_edges(shapes)
    if all(e.is_empty for e in edges):
        return shapes
    over = overlaps(shapes)
    if max(over.values(), default=0.0) <= SLIVER:
        shapes = list(shapely.coverage_clean(shapes, gap_width=SLIVER_WIDTH))
        if shapely.coverage_is_valid(shapes) and not any(s.is_empty for s in shapes):
            return shapes
    wrong = [outlines.names[k] for k in sorted({k for pair, m2 in over.items() if m2 > SLIVER for k in pair})]
    wrong = wrong or [n for n, e in zip(outlines.names, edges, strict=True) if not e.is_empty]
    raise SourceInvalid(f"{what}: de omtrekken van {some(wrong)} liggen over elkaar heen.", _KEEP)


def overlaps(shapes: Sequence[Any]) -> dict[tuple[int, int], float]:
    """Per pair of areas that overlap (places in ``shapes``): how many m2."""
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = [(int(a), int(b)) for a, b in zip(left, right, strict=True) if a < b]
    found = {(a, b): float(shapely.intersection(shapes[a], shapes[b]).area) for a, b in pairs}
    return {pair: m2 for pair, m2 in found.items() if m2 > 0}


def check_size(shapes: Sequence[Any], what: str) -> None:
    """Refuse a country that cannot be the Netherlands.

    Raises:
        SourceInvalid: its area lies outside ``COUNTRY``.
    """
    total = sum(s.area for s in shapes)
    if not COUNTRY[0] <= total <= COUNTRY[1]:
        low, total_, high = (f"{number(m2 / 1e6, 0)} km²" for m2 in (COUNTRY[0], total, COUNTRY[1]))
        raise SourceInvalid(f"{what}: Nederland meet {total_}; dat moet tussen {low} en {high} liggen.", _KEEP)


def check_gaps(names: Sequence[str], shapes: Sequence[Any], land: Any, what: str) -> None:
    """Refuse outlines with a hole where there was land.

    Holes that are water or another country in ``land`` too are what they should be.

    Args:
        names: of the areas, for the message.
        shapes: their outlines, metres.
        land: all land as it was, metres.
        what: how a message names the source.

    Raises:
        SourceInvalid: there is a hole above ``GAP`` m2 of which more than ``GAP_SHARE`` is land; who lies around it.
    """
    whole = shapely.union_all(list(shapes))
    rings = [shapely.Polygon(r) for p in shapely.get_parts(whole) for r in p.interiors]
    for hole in (h for h in rings if h.area > GAP):
        if shapely.intersection(hole, land).area > GAP_SHARE * hole.area:
            around = [n for n, s in zip(names, shapes, strict=True) if s.intersects(hole)]
            size = number(hole.area / 1e6, 2)
            raise SourceInvalid(f"{what}: tussen {some(around)} zit een gat van {size} km².", _KEEP)


def check_kept(outlines: Outlines, shapes: Sequence[Any], before: Mapping[str, Any], most: float, what: str) -> None:
    """Refuse outlines that leave land to nobody: a strip between municipalities, or much of one of them.

    Land that became water along a coast or a border passes, up to a share ``most`` of a municipality.

    Args:
        outlines: the areas, for their names.
        shapes: their outlines, metres.
        before: code -> outline as it was, metres.
        most: how much of a municipality's ground may be left to nobody.
        what: how a message names the source.

    Raises:
        SourceInvalid: with the names.
    """
    left = shapely.union_all(list(before.values())).difference(shapely.union_all(list(shapes)))
    pieces = [p for p in shapely.get_parts(left) if p.area > STRIP]
    now = shapely.STRtree(list(shapes))
    for piece in pieces:
        around = [int(k) for k in now.query(piece, predicate="dwithin", distance=1.0)]
        near = shapely.union_all([shapes[k].intersection(piece.buffer(2 * STRIP_WIDTH)) for k in around])
        # Widened and narrowed again: what is land on both sides closes, what is open to sea or abroad does not.
        closed = near.buffer(STRIP_WIDTH / 2).buffer(-STRIP_WIDTH / 2).intersection(piece)
        if len(around) > 1 and closed.area > STRIP:
            told = f"tussen {some([outlines.names[k] for k in around])} zit een strook van niemand"
            raise SourceInvalid(f"{what}: {told}, {number(closed.area / 1e6, 2)} km².", _KEEP)
    wrong = []
    for code in (c for c in outlines.codes if c in before):
        was = before[code]
        if sum(float(shapely.intersection(p, was).area) for p in pieces if p.intersects(was)) > most * was.area:
            wrong.append(outlines.named[code])
    if wrong:
        told = f"meer dan {number(100 * most, 0)}%"
        raise SourceInvalid(f"{what}: van {some(wrong)} hoort {told} van het grondgebied nergens meer bij.", _KEEP)


def check_changed(
    names: Sequence[str], before: Sequence[Any], after: Sequence[Any], most: float, what: str, than: str
) -> None:
    """Refuse areas of which the size changed by more than a share ``most``.

    Raises:
        SourceInvalid: with the names and the largest change.
    """
    changes = [abs(b.area / a.area - 1) for a, b in zip(before, after, strict=True)]
    wrong = [n for n, c in zip(names, changes, strict=True) if c > most]
    if wrong:
        told = f"meer dan {number(100 * most, 0)}%"
        raise SourceInvalid(f"{what}: de oppervlakte van {some(wrong)} wijkt {told} af van {than}.", _KEEP)


def check_result(
    outlines: Outlines, source: Sequence[Any], made: Sequence[Any], most: float, slack: float, what: str
) -> None:
    """Hold simplified outlines against what they were made of.

    Every outline valid and there; lines shared exactly, or, where ``slack`` m2 is given, an overlap of no more than
    that in all; the union as large as the parts together; no new holes; no area larger or smaller than a share
    ``most``.

    Args:
        outlines: the areas, for their names.
        source: their outlines before, metres.
        made: their outlines after, degrees.
        most: how much an area may change.
        slack: how much they may overlap in all, m2.
        what: how a message names the result.

    Raises:
        SourceInvalid: with the names.
    """
    broken = [n for n, s in zip(outlines.names, made, strict=True) if s.is_empty or not s.is_valid]
    if broken:
        raise SourceInvalid(f"{what}: de omtrek van {some(broken)} is niet te vereenvoudigen.", _KEEP)
    # Valid in degrees; a point on a line may lie a hair beside it in metres, which says nothing of the outline.
    result = [shapely.make_valid(s) for s in to_metres(made)]
    if not shapely.coverage_is_valid(list(made)):
        over = overlaps(result)
        if sum(over.values()) > slack:
            wrong = [outlines.names[k] for k in sorted({k for pair in over for k in pair})]
            raise SourceInvalid(f"{what}: de omtrekken van {some(wrong)} liggen na vereenvoudigen over elkaar.", _KEEP)
    whole, parts = shapely.union_all(result).area, sum(s.area for s in result)
    if abs(parts - whole) > slack + 1.0:  # a square metre: adding up 35 billion of them is not exact
        raise SourceInvalid(f"{what}: het land is kleiner dan de gemeenten samen.", _KEEP)
    check_gaps(outlines.names, result, shapely.union_all(list(source)), what)
    check_changed(outlines.names, source, result, most, what, "de bron")


def some(names: Sequence[str]) -> str:
    """The first few of many names: 'Aalten, Beek en nog 3'."""
    shown = list(names[:_SHOWN])
    more = len(names) - len(shown)
    return listing([*shown, f"nog {more}"] if more else shown)
