"""How fast is this machine? A small piece of each kind of work is timed, beside the same piece on the machine of the constants.

Each takes some tens of milliseconds, so that all of them take about a second. Only the kinds that a plan has are tried.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable
from functools import cache

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

import theory
from experiments.estimates.plan import Work
from simulate import sample_graph, sbm

TRIES = 3  # the fastest counts: others were disturbed


def slowness(works: Iterable[Work]) -> dict[str, float]:
    """Return for each kind of work how many times as long it takes here as on the machine of the constants.

    What was tried here needs no scale.

    >>> sorted(slowness(["dense product"])) == ["dense product"], slowness(["tried"])
    (True, {})
    """
    return {work: _slower(work) for work in works if work in PIECES}


@cache
def _slower(work: Work) -> float:
    piece, usual = PIECES[work]
    run = piece()
    times = []
    with threadpool_limits(1, user_api="blas"):  # a second thread that waits takes time too
        run()  # compiles, and brings the data into the cache
        for _ in range(TRIES):
            start = time.process_time()
            run()
            times.append(time.process_time() - start)
    return max(min(times), 1e-6) / usual


def _sampling() -> Callable[[], object]:
    model = sbm(20_000, 10, mean_degree=40, rng=np.random.default_rng(0))
    return lambda: sample_graph(model, np.random.default_rng(1))


def _counting() -> Callable[[], object]:
    rng = np.random.default_rng(0)
    contexts, items = np.repeat(np.arange(2500), 40), (rng.random(100_000) ** 3 * 5000).astype(np.int32)
    log = sparse.csr_array((np.ones(contexts.size), (contexts, items)), shape=(2500, 5000))
    log.data[:] = 1
    return lambda: theory.ppmi(log)


def _sparse_product() -> Callable[[], object]:
    rng = np.random.default_rng(0)
    n, entries = 20_000, 400_000  # within the cache, so that what others do to memory counts little
    ends = rng.integers(0, n, (2, entries), dtype=np.int32)
    matrix = sparse.csr_array((np.ones(entries), (ends[0], ends[1])), shape=(n, n))
    vectors = rng.standard_normal((n, 8))
    return lambda: [matrix @ vectors for _ in range(5)]


def _dense_product() -> Callable[[], object]:
    rows = np.random.default_rng(0).standard_normal((20_000, 128))
    return lambda: rows.T @ rows


def _search() -> Callable[[], object]:
    rng = np.random.default_rng(0)
    rays = rng.standard_normal((200, 64))
    rows = rays[rng.integers(0, 200, 8000)] * rng.pareto(2.5, (8000, 1)) + 0.3 * rng.standard_normal(
        (8000, 64)
    )
    rows = rows.astype(np.float32)
    return lambda: theory.spikiness(rows, coverage=0.9)


def _reading() -> Callable[[], object]:
    text = "\n".join(f"user{k % 997},item{k % 1009},{k}" for k in range(40_000))

    def read() -> dict[str, int]:
        index: dict[str, int] = {}
        for line in io.StringIO(text):
            for field in line.split(",")[:2]:
                index.setdefault(field, len(index))
        return index

    return read


# the piece of each kind of work, and its processor seconds on the machine of the constants (AMD EPYC, 2 cores)
PIECES: dict[Work, tuple[Callable[[], Callable[[], object]], float]] = {
    "sampling": (_sampling, 0.027),
    "counting": (_counting, 0.025),
    "sparse product": (_sparse_product, 0.0103),
    "dense product": (_dense_product, 0.0113),
    "search": (_search, 0.0455),
    "reading": (_reading, 0.0134),
}
