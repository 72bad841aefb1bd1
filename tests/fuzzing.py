"""What fuzzing shares: nasty values, changes to good input, and running a number of cases that is counted.

Hypothesis makes the cases. They are the same in every run: a fixed seed, changed with FUZZ_SEED to look elsewhere.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from monitor.errors import MonitorError

SEED = int(os.environ.get("FUZZ_SEED", "20261122"))
NASTY: tuple[Any, ...] = (
    None, "", " ", "\n\n", True, False, 0, -1, 1, 4, 10**30, -(10**400), 1e308, float("nan"), float("inf"), -0.0,
    "nan", "inf", "1e999", "9" * 5000, "0x10", "1,3", "1.234,5", "2026-13-45", "0000-00-00", "9999-12", "alle",
    "<img src=x onerror=alert(1)>", "![x](https://elders.example/x.png)", "=1+1", "'\"", "\\", "%00", "../../etc",
    "\u202eabc", "\u0000", "\ufeff", "é" * 300, "x" * 20_000, "ſ", "ß", "İ", "٢٠٢٦", "𝟚𝟘𝟚𝟞", "²", "½", "Ⅷ", "\x1f",
    "\u2028", "GM0001", "achterhoek", "overgewicht", "som", [], {}, [None], [[]], {"a": 1}, [{}], {"id": "x"},
    {"id": None}, [1, "a"],
)  # fmt: skip


def text(most: int = 60) -> st.SearchStrategy[str]:
    """Any text, also with signs that no keyboard has; no halves of a sign, which no file or address can hold."""
    return st.text(st.characters(exclude_categories=("Cs",)), max_size=most)


def values() -> st.SearchStrategy[Any]:
    """A value that does not fit somewhere."""
    return st.one_of(
        st.sampled_from(NASTY), text(), st.integers(), st.floats(), st.lists(st.sampled_from(NASTY), max_size=3)
    )


def places(whole: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to each value in lists and mappings."""
    found = []
    parts = whole.items() if isinstance(whole, dict) else enumerate(whole) if isinstance(whole, list) else ()
    for key, value in parts:
        found += [(*at, key), *places(value, (*at, key))]
    return found


def changed(draw: Any, good: Any, most: int = 3) -> Any:
    """A copy of something good in which a few values are replaced, gone, twice there, or under another name."""
    made = copy.deepcopy(good)
    for _ in range(draw(st.integers(1, most))):
        ways = places(made)
        if not ways:
            return copy.deepcopy(draw(values()))
        *way, last = draw(st.sampled_from(ways))
        holder = made
        for step in way:
            holder = holder[step]
        how = draw(st.integers(0, 4))
        if how <= 1:
            holder[last] = copy.deepcopy(draw(values()))
        elif how == 2:
            del holder[last]
        elif isinstance(holder, list):
            holder.insert(last, copy.deepcopy(holder[last]))
        elif how == 3:
            holder[draw(text(12))] = holder.pop(last)
        else:
            holder[draw(text(12))] = copy.deepcopy(draw(values()))
    return made


def broken(draw: Any, good: bytes, most: int = 6) -> bytes:
    """A copy of bytes in which a few are changed, gone, or put in; or its beginning or end alone."""
    made = bytearray(good)
    for _ in range(draw(st.integers(1, most))):
        at = draw(st.integers(0, max(len(made) - 1, 0)))
        how = draw(st.integers(0, 4))
        piece = draw(st.binary(min_size=1, max_size=8))
        if how <= 1:
            made[at : at + len(piece)] = piece
        elif how == 2:
            made[at:at] = piece
        elif how == 3:
            del made[at : at + draw(st.integers(1, 200))]
        else:
            made = made[:at] if draw(st.booleans()) else made[at:]
    return bytes(made)


@dataclass(frozen=True)
class Target:
    """Something that gets any input: ``case`` gets one that ``made`` makes; so many cases in all, and in the quick run.

    A case may end in a value or in a MonitorError, and in nothing else.
    """

    made: Callable[[], st.SearchStrategy[Any]]
    case: Callable[[Any], Any]
    whole: int
    quick: int


def run(target: Target, count: int) -> tuple[int, int]:
    """Run so many cases; returns how many ran, and how many of them were refused with a MonitorError."""
    ran = refused = 0

    @seed(SEED)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=True,
        print_blob=False,
    )
    @given(target.made())
    def each(given_: Any) -> None:
        nonlocal ran, refused
        ran += 1
        try:
            target.case(given_)
        except MonitorError as error:
            refused += 1
            told(error)

    each()
    return ran, refused


def told(error: MonitorError) -> None:
    """An error for people: one short sentence without code, and no longer than a screen."""
    said = str(error)
    assert error.message.strip() and len(said) < 3_000, said[:300]
    for code in ("Traceback", "Exception", "object at 0x", 'File "'):
        assert code not in said, said[:300]
