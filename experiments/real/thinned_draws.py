"""How many of their neighbours do items keep in data that are thinned at random? Several draws, each a part of its own.

A draw begins with the state of the generator that the draws before it have left, as if all were made one after the other; to
know it, data are thinned once without being analysed, which takes hardly any time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

import theory
from experiments.real.analysis_parts import Parts, Where, given, packed, unpacked
from experiments.real.neighbour_lists import Lists, Similarity
from simulate import thin_graph, thin_log
from theory.analysis.pipeline import Kind

ROUGH = 1e-3  # relative residual of the eigenpairs of thinned data, far below what thinning changes


@dataclass(frozen=True)
class Thinned:
    """How data are thinned, to which share `keep` and `by` what of a log, and how neighbours are then found."""

    kind: Kind
    rank: int
    operator: str
    keep: float
    by: str
    similarity: Similarity

    def draw(self, data: Any, rng: np.random.Generator) -> sparse.csr_array:
        """Return thinned data."""
        if self.kind == "graph":
            return thin_graph(data, self.keep, rng)
        return thin_log(data, self.keep, rng, by=self.by)  # type: ignore[arg-type]

    def overlap(self, thinned: Any, items: NDArray[np.int64], mine: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the share (m,) of their neighbours `mine` (m, k) that items keep; 0 for one that thinned data do not hold."""
        overlap = np.zeros(items.size)
        try:
            found = theory.analyse(thinned, self.rank, kind=self.kind, operator=self.operator, tol=ROUGH)
            part = Lists.of(found, self.rank, self.similarity)
        except ValueError:  # so little is left that there are no two items to compare
            return overlap
        rows = part.rows_of_items(items)
        there = np.flatnonzero(rows >= 0)
        overlap[there] = theory.shared_neighbours(mine[there], part.of_rows(rows[there], mine.shape[1]))
        return overlap


def overlaps_of_draws(
    data: Any,
    how: Thinned,
    items: NDArray[np.int64],
    mine: NDArray[np.int64],
    draws: int,
    rng: np.random.Generator,
    where: Where,
) -> NDArray[np.float64]:
    """Return the overlaps (draws, m) of the neighbours `mine` (m, k) of `items` with those in thinned data."""
    matrix = sparse.csr_array(data)
    arrays = {
        "data": matrix.data,
        "indices": matrix.indices,
        "indptr": matrix.indptr,
        "shape": np.array(matrix.shape),
        "items": items,
        "mine": mine,
    }
    with Parts("stability-draws", draw_trial, where) as parts:
        content = parts.give(arrays)
        for _ in range(draws):
            parts.add({"content": content, "state": _text_of(rng), **asdict(how)})
            how.draw(matrix, rng)
        return np.stack([unpacked(row["overlap"])["overlap"] for row in parts.rows()])


def draw_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Thin the data that were given, and see which neighbours stay."""
    arrays = given(cell["content"])
    how = Thinned(**{name: cell[name] for name in Thinned.__dataclass_fields__})
    parts = (arrays["data"], arrays["indices"], arrays["indptr"])
    matrix = sparse.csr_array(parts, shape=tuple(arrays["shape"]), copy=False)
    thinned = how.draw(matrix, _generator_of(cell["state"]))
    return {"overlap": packed(overlap=how.overlap(thinned, arrays["items"], arrays["mine"]))}


def _text_of(rng: np.random.Generator) -> str:
    """The state of a generator as text."""
    return json.dumps(rng.bit_generator.state, default=lambda array: array.tolist())


def _generator_of(text: str) -> np.random.Generator:
    """The generator of a state that was written as text."""
    state = json.loads(text)
    bits = getattr(np.random, state["bit_generator"])()
    bits.state = state
    return np.random.Generator(bits)
