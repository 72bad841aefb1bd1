"""Searching everything: how long a query takes, long and silly ones included, and how long the index."""

from __future__ import annotations

import random
import statistics
import time

from benchmarks.figures import seconds
from monitor import paths
from monitor.definitions import load
from monitor.search.documents import documents
from monitor.search.index import Index
from monitor.search.words import words
from monitor.snapshot import store

QUERIES = 400
SILLY = ("", "a", '"', "bus*", "NEAR(bus trein)", "x" * 500, "é" * 80, "a b " * 30, "bus " * 40, "qwx " * 20, "🚌 ; --")


def queries(index: Index) -> list[str]:
    """Queries as people type them, one word to eight, a part of them misspelt; the same every time."""
    chance = random.Random(5)
    known = sorted({w.plain for d in index.documents for w in words(f"{d.title} {d.text}")})
    made = list(SILLY)
    while len(made) < QUERIES:
        chosen = chance.choices(known, k=chance.randint(1, 8))
        if chance.random() < 0.3:
            letters = list(chosen[0])
            chance.shuffle(letters)
            chosen[0] = "".join(letters)
        made.append(" ".join(chosen))
    return made


def measure() -> list[tuple[str, str, str]]:
    """Return rows of the table: what, measured, asked."""
    definitions, snapshot = load(), store.read(paths.snapshot_dir())
    everything = documents(definitions, {c: snapshot.names[c] for c in snapshot.municipalities})
    building = seconds(lambda: Index(everything), 3)
    index = Index(everything)
    taken = []
    for query in queries(index):
        tries = []
        # The best of three: otherwise the slowest is the one that something else on the machine held up.
        for _ in range(3):
            start = time.perf_counter()
            index.search(query)
            tries.append(1000 * (time.perf_counter() - start))
        taken.append(min(tries))
    middle = f"zoeken in {len(everything)} dingen, de middelste van {QUERIES} zoekvragen"
    return [
        (middle, _ms(statistics.median(taken)), "< 30 ms"),
        ("idem, de traagste (beste van drie keer)", _ms(max(taken)), "< 30 ms"),
        ("de zoekindex maken, eenmaal per editie", f"{1000 * building:.0f} ms", ""),
    ]


def _ms(value: float) -> str:
    return f"{value:.1f} ms"
