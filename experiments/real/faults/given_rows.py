"""Which rows do the checks look at? All of them where that is cheap, else a sample whose size is bounded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.real.faults.check import NAMED
from simulate.pages import PagesInUse
from simulate.validation import require_finite
from theory.analysis.inputs import as_rows

BLOCK = 8192  # rows that are worked on at a time
SAMPLE = 20_000  # rows of which pairs are looked at


@dataclass(frozen=True, eq=False)
class GivenRows:
    """Rows (n, f) with their names, the squares of their norms, and the numbers of those drawn for checks of pairs."""

    vectors: NDArray[Any]
    names: Sequence[Any] | NDArray[Any] | None
    squares: NDArray[np.float64]
    sample: NDArray[np.int64]

    @classmethod
    def of(
        cls, vectors: Any, names: Sequence[Any] | NDArray[Any] | None, rng: np.random.Generator
    ) -> GivenRows:
        """Measure the rows, and draw at most 20,000 of those that have a direction. Time is O(n f).

        Raises
        ------
        ValueError
            for anything but a matrix of finite numbers, or names of another length.
        """
        x = require_finite(as_rows(vectors), "vectors")
        if names is not None and len(names) != len(x):
            raise ValueError(f"names must be one per row, {len(x)}; got {len(names)}")
        squares = np.concatenate([(rows * rows).sum(axis=1) for _, rows in blocks_of(x)])
        live = np.flatnonzero(squares)
        sample = live if live.size <= SAMPLE else np.sort(rng.choice(live, SAMPLE, replace=False))
        return cls(x, names, squares, sample)

    @property
    def drawn(self) -> str:
        """Words for the rows that checks of pairs look at: all of them, or a sample."""
        live = int(np.count_nonzero(self.squares))
        return "" if live == self.sample.size else f" among {self.sample.size:,} rows drawn of {live:,}"

    @cached_property
    def unit(self) -> NDArray[np.float64]:
        """The drawn rows, each divided by its norm."""
        rows = self.rows(self.sample)
        return np.asarray(rows / np.sqrt(self.squares[self.sample])[:, None])

    def rows(self, places: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return some rows in double precision."""
        return np.asarray(PagesInUse(self.vectors).rows(places), dtype=np.float64)

    def named(self, rows: NDArray[Any]) -> tuple[str, ...]:
        """Return the names of the first ten of these rows; "row 7" where rows have no names."""
        first = rows[:NAMED].tolist()
        return tuple(f"row {row}" if self.names is None else str(self.names[row]) for row in first)


def blocks_of(x: NDArray[Any]) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """Yield blocks of rows in double precision, each with its place."""
    pages = PagesInUse(x)
    for start in range(0, len(x), BLOCK):
        part = slice(start, start + BLOCK)
        yield part, np.asarray(x[part], dtype=np.float64)
        pages.used(BLOCK)
