"""What makes a refresh quick gives the same as the plain way."""

from __future__ import annotations

import threading
import time

import numpy as np
import pandas as pd
import pytest

from monitor.refresh.plausible_jumps import _ranks
from monitor.snapshot.coded import among, distinct
from monitor.sources.statline.web import _Room


@pytest.mark.parametrize("sizes", [(0, 0), (1, 0), (0, 3), (500, 700)])
def test_numbers_that_occur_are_as_numpy_says(sizes: tuple[int, int]) -> None:
    random = np.random.default_rng(7)
    a, b = (random.integers(0, 900, n) for n in sizes)
    assert np.array_equal(distinct(a, b), np.union1d(a, b))
    assert np.array_equal(among(a, b), np.isin(a, b))


def test_ranks_are_those_of_pandas_less_their_mean() -> None:
    values = np.random.default_rng(7).integers(0, 40, 341).astype(float)
    ranks = pd.Series(values).rank().to_numpy()
    assert np.allclose(_ranks(values), ranks - ranks.mean())


def test_who_began_first_goes_first_however_late_it_gets_in_line() -> None:
    room, order = _Room(1), []

    def ask(turn: int) -> None:
        with room.place(turn):
            order.append(turn)

    with room.place(0):
        waiting = []
        for turn in (3, 2, 1):
            waiting.append(threading.Thread(target=ask, args=(turn,)))
            waiting[-1].start()
            until = time.monotonic() + 5
            while len(room._waiting) < len(waiting) and time.monotonic() < until:
                time.sleep(0.005)
    for thread in waiting:
        thread.join(5)
    assert order == [1, 2, 3]
    with room.place(9):
        assert room._free == 0
    assert room._free == 1
