"""What does it take to find f eigenpairs of a matrix of n rows and nnz entries? It depends on the spectrum, which is not known.

    time = (a f nnz + b n f^2) (1 + 18 n / nnz),

assumes that the eigenvalues converge as those of block models do: a matrix with few entries per row has a wider bulk, and needs
more products. At full accuracy ARPACK keeps 2 f + 1 vectors, with a tolerance the block method keeps 3 f + 64.
"""

from __future__ import annotations

from typing import Literal

from experiments.estimates.plan import Step
from theory.analysis.eigenpair_memory import bytes_of_eigenpairs
from theory.analysis.eigenpairs import takes_blocks
from theory.analysis.rounding import DENSE

Precision = Literal["float32", "float64"]
ASSUMED = "converging as block models do"
# measured on block models of 2 * 10^4 to 10^6 nodes, of mean degree 20 and 50, f from 16 to 128
ARPACK = (19e-9, 12e-9)  # seconds of an entry times f, and of a row times f^2
BLOCKS = (6.5e-9, 3e-9)  # in single precision at a tolerance of 1e-4
DOUBLE = 2.4  # times as long in double precision at 1e-8
BULK = 18.0  # entries per row at which half of the time is due to the bulk


def memory_of_embedding(
    n: float, entries: float, f: int, tol: float = 0.0, dtype: Precision = "float64"
) -> float:
    """Return the bytes that `theory.embed` takes beyond the matrix that it is given.

    >>> memory_of_embedding(1e6, 5e7, 64) < memory_of_embedding(1e6, 5e7, 64, tol=1e-8)
    True
    """
    return bytes_of_eigenpairs(n, entries, f, dtype, blocks=takes_blocks(int(n), f, dtype, tol))


def seconds_of_embedding(
    n: float, entries: float, f: int, tol: float = 0.0, dtype: Precision = "float64"
) -> float:
    """Return the processor time of `theory.embed`."""
    if n <= DENSE:
        return 3e-9 * n**3 / 3
    per_entry, per_row = ARPACK
    if takes_blocks(int(n), f, dtype, tol):
        longer = DOUBLE if dtype == "float64" else 1.0
        per_entry, per_row = longer * BLOCKS[0], longer * BLOCKS[1]
    bulk = 1 + BULK * n / max(entries, 1)
    return (per_entry * f * entries + per_row * n * f**2) * min(bulk, 4.0)


def embedding(
    n: float,
    entries: float,
    f: int,
    held: float,
    tol: float = 0.0,
    *,
    dtype: Precision = "float64",
    bound: bool = False,
) -> Step:
    """Return the step of embedding a matrix; `held` bytes are held besides, the matrix among them."""
    f = int(min(f, max(n - 1, 1)))
    return Step(
        f"embed the matrix at f = {f}",
        held + memory_of_embedding(n, entries, f, tol, dtype),
        seconds_of_embedding(n, entries, f, tol, dtype),
        "sparse product",
        f"{'at most ' * bound}{n:,.0f} rows, {entries:,.0f} entries, {ASSUMED}",
        bound,
    )
