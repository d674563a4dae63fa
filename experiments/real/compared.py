"""What is compared, and which studies that makes: one for each source of rows, of matrices and of vectors of one's own.

| study | a row is |
|---|---|
| `compare-first`, `compare-vectors-first` | a matrix, or vectors, at first sight: its own analysis and no draws |
| `compare-real`, `compare-vectors-real` | the same wholly |
| `compare-twin` | a twin at the rank, beside the matrix and beside a twin of its own |
| `compare-curve` | one of at most five more twins, of which everything is measured, at every rank |
| `compare-null`, `compare-vectors-null` | a draw of the null |
| `compare-pair` | two inputs that share named items, beside each other |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from experiments.real.described_vectors import vectors_trial
from experiments.real.matrix_trial import trial
from experiments.real.pairs import pair_trial
from experiments.real.twins import BLOCKS, By
from experiments.running.seeds import canonical
from experiments.running.study import Cell, Study
from simulate.validation import require_choice, require_integer
from theory.analysis.operators.table import require_operator

NULLS = 5
CURVES = 5  # twins of which everything is measured, at every rank
TWINS = 40  # the least two-sided p-value is 2 / 41
PREFIX = "compare"
VECTORS = f"{PREFIX}-vectors"
PAIR = f"{PREFIX}-pair"
MANIFEST = "compare.json"
VERSION = 7
ROLES = {"draw": ("matrix", "source")}


@dataclass(frozen=True)
class Compared:
    """What is asked of a comparison, the same for all its matrices; `reading` are options of reading.

    `rank` is the one asked for, or None; `log` and `held_out` belong to vectors of one's own.
    """

    blocks: By = "spikes"
    twins: int = TWINS
    rank: int | None = None
    binary: bool = False
    operator: str | None = None
    seed: int = 0
    reading: Mapping[str, Any] = field(default_factory=dict)
    log: str | None = None
    held_out: str | None = None

    def __post_init__(self) -> None:
        require_choice(self.blocks, "blocks", BLOCKS)
        require_integer(self.twins, "twins", least=1)
        if self.rank is not None:
            require_integer(self.rank, "rank", least=1)
        if self.operator is not None and require_operator(self.operator) == "non-backtracking":
            raise ValueError(
                "compare takes no operator non-backtracking: a null has one real eigenvalue outside the circle, and no second "
                "dimension to compare; `spikeproof spk` takes it"
            )
        if self.held_out is not None and self.log is None:
            raise ValueError(
                f"held_out needs the log that the vectors came from too: give it as log; got {self.held_out} alone"
            )

    def manifest(
        self,
        ranks: Mapping[str, int],
        vectors: Sequence[str],
        stage: str,
        pairs: Sequence[tuple[str, str]] = (),
        apart: Sequence[str] = (),
    ) -> dict[str, Any]:
        """Return what the folder keeps of the comparison beside its rows; `apart` says which inputs share too few items."""
        more = {"operator": self.operator, "log": self.log, "held_out": self.held_out}
        return {
            "version": VERSION,
            "stage": stage,
            "matrices": list(ranks),
            "vectors": list(vectors),
            "pairs": [list(pair) for pair in pairs],
            "apart": list(apart),
            "blocks": self.blocks,
            "twins": self.twins,
            "binary": self.binary,
            "reading": canonical(dict(self.reading)),
            "seed": self.seed,
            "ranks": dict(ranks),
            "rank": "given" if self.rank else "chosen",
            **{key: value for key, value in more.items() if value is not None},
        }


def comparison(
    ranks: Mapping[str, int],
    blocks: By = "spikes",
    twins: int = TWINS,
    *,
    binary: bool = False,
    operator: str | None = None,
    reading: Mapping[str, Any] | None = None,
) -> list[Study]:
    """Return four studies of some matrices: the matrices themselves, their twins, curves of some more twins, and their nulls.

    A twin is measured at one rank, beside the matrix and beside a twin of its own (`twin_p_value`); of at most five more
    everything is measured, as of the nulls.

    Parameters
    ----------
    ranks
        for each matrix, a name of the catalogue or a path, the f at which its spikes are described.
    blocks
        how the twins' blocks are found: `spikes`, `leiden` or `labels`.
    twins
        how many are sampled of each matrix.
    binary
        every edge of a graph counts as 1, whatever its weight.
    operator
        of `theory.OPERATORS`, where it is not the one of `theory.analyse`: a parameter of the cells, then.
    reading
        options of `experiments.matrices.load`, the same for all.

    Raises
    ------
    ValueError
        for another `blocks`, or a number below 1.
    """
    asked = Compared(blocks, twins, binary=binary, operator=operator, reading=reading or {})
    return studies_of(ranks, (), asked)


def studies_of(
    ranks: Mapping[str, int], vectors: Sequence[str], asked: Compared, *, first: bool = False
) -> list[Study]:
    """Return the studies of some matrices, of which `vectors` are vectors; with `first` those at first sight alone."""
    reading = canonical(dict(asked.reading))
    matrix = {
        "blocks": asked.blocks,
        "binary": asked.binary,
        **({} if asked.operator is None else {"operator": asked.operator}),
    }
    of_log = {"log": asked.log, "held_out": asked.held_out}
    counts = (
        {"first": 1}
        if first
        else {"real": 1, "twin": asked.twins, "curve": min(asked.twins, CURVES), "null": NULLS}
    )
    studies = []
    for prefix, more, names in (
        (PREFIX, matrix, [name for name in ranks if name not in vectors]),
        (VECTORS, of_log, list(vectors)),
    ):
        cells = [
            {
                "matrix": name,
                "rank": require_integer(ranks[name], "rank", least=1),
                "reading": reading,
                **more,
            }
            for name in names
        ]
        studies += [
            study_named(f"{prefix}-{source}", [{**cell, "source": source} for cell in cells], count)
            for source, count in counts.items()
            if cells and not (prefix == VECTORS and source in ("twin", "curve"))
        ]
    return studies


def study_of_pairs(
    pairs: Sequence[tuple[str, str]], ranks: Mapping[str, int], vectors: Sequence[str], asked: Compared
) -> list[Study]:
    """Return the study of some pairs of inputs beside each other, in a list; an empty list without pairs."""
    grid = [
        {
            "matrix": one,
            "other": other,
            "rank": ranks[one],
            "other_rank": ranks[other],
            "vectors": one in vectors,
            "other_vectors": other in vectors,
            "binary": asked.binary,
            "operator": asked.operator,
            "reading": canonical(dict(asked.reading)),
            "log": asked.log,
            "held_out": asked.held_out,
        }
        for one, other in pairs
    ]
    return [study_named(PAIR, grid)] if grid else []


def study_named(name: str, grid: Sequence[Cell], replicates: int = 1) -> Study:
    """Return the study of this name over a grid.

    >>> study_named("compare-null", [{"matrix": "davis", "source": "null"}]).trial is trial
    True
    """
    if name == PAIR:
        return Study(name, grid, pair_trial, version=VERSION, roles={"draw": ("matrix", "other")})
    run = vectors_trial if name.startswith(f"{VECTORS}-") else trial
    return Study(name, grid, run, replicates=replicates, version=VERSION, roles=ROLES)
