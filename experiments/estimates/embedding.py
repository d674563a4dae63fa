"""What does it take to find f eigenpairs of a matrix of n rows and nnz entries? It depends on the spectrum.

    time = P (a nnz + b n f),    with the block method (c f nnz + d n f^2) (1 + 18 n / nnz).

ARPACK takes P products with the matrix (`products`), and orthogonalises one vector after each. An entry takes the longer, the
less of a vector of n numbers fits into the cache. The block method is taken where a tolerance allows it; it is taken to converge
as it does on block models, where few entries per row mean a wider bulk. ARPACK keeps 2 f + 1 vectors, the block method
3 f + 64.
"""

from __future__ import annotations

import math
from typing import Literal

from experiments.estimates.plan import Step
from experiments.estimates.products import SomeRows, products_in_bulk, usual_products
from theory.analysis.eigenpair_memory import bytes_of_eigenpairs
from theory.analysis.eigenpairs import takes_blocks
from theory.analysis.rounding import DENSE

Precision = Literal["float32", "float64"]
ASSUMED = "converging as block models do"
# of ARPACK, measured on graphs and PPMI matrices of 2 * 10^3 to 4 * 10^5 rows
SECONDS_OF_AN_ENTRY, SECONDS_OF_A_DOUBLING = (
    1.0e-9,
    0.35e-9,
)  # more for each doubling of the rows beyond those in the cache
ROWS_IN_CACHE = 20_000
SECONDS_OF_A_NUMBER = 3.5e-9  # of the n f numbers of the vectors, for each product
# of blocks, measured on block models of 2 * 10^4 to 10^6 nodes, of mean degree 20 and 50, f from 16 to 128
BLOCKS = (
    6.5e-9,
    3e-9,
)  # seconds of an entry times f, and of a row times f^2, in single precision at a tolerance of 1e-4
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
    n: float,
    entries: float,
    f: int,
    tol: float = 0.0,
    dtype: Precision = "float64",
    products: float | None = None,
) -> float:
    """Return the processor time of `theory.embed`; without the `products` that ARPACK takes, that of the usual ones."""
    if n <= DENSE:
        return 3e-9 * n**3 / 3
    if takes_blocks(int(n), f, dtype, tol):
        longer = DOUBLE if dtype == "float64" else 1.0
        per_entry, per_row = longer * BLOCKS[0], longer * BLOCKS[1]
        return (per_entry * f * entries + per_row * n * f**2) * min(1 + BULK * n / max(entries, 1), 4.0)
    of_an_entry = SECONDS_OF_AN_ENTRY + SECONDS_OF_A_DOUBLING * math.log2(max(1.0, n / ROWS_IN_CACHE))
    taken = usual_products(n, f, tol) if products is None else products
    return taken * (of_an_entry * entries + SECONDS_OF_A_NUMBER * n * f)


def embedding(
    n: float,
    entries: float,
    f: int,
    held: float,
    tol: float = 0.0,
    *,
    dtype: Precision = "float64",
    bound: bool = False,
    some: SomeRows | None = None,
    null: bool = False,
) -> Step:
    """Return the step of embedding a matrix; `held` bytes are held besides, the matrix among them.

    With `some` rows of it products are counted on these; `null`: on those of a draw of its null.
    """
    f = int(min(f, max(n - 1, 1)))
    iterated = n > DENSE and not takes_blocks(int(n), f, dtype, tol)
    products, about = None, ASSUMED
    if iterated and some is not None:
        products = some.products(n, entries, f, tol, null=null)
        about = f"about {products:,.0f} products, as for some of the rows"
    elif iterated:
        longest = seconds_of_embedding(n, entries, f, tol, dtype, products_in_bulk(n, f, tol))
        about = f"with a spectrum as data have it (at most {longest:,.0f} s)"
    return Step(
        f"embed the matrix at f = {f}",
        held + memory_of_embedding(n, entries, f, tol, dtype),
        seconds_of_embedding(n, entries, f, tol, dtype, products),
        "sparse product",
        f"{'at most ' * bound}{n:,.0f} rows, {entries:,.0f} entries, {about}",
        bound,
    )
