"""What decides the result of a large analysis beside its log, and what is accepted for it."""

from __future__ import annotations

from dataclasses import dataclass

from simulate.validation import require_choice, require_integer, require_number
from theory.analysis.ppmi import MIN_COUNT

MEMORY = 1 << 29  # bytes of the blocks of one task
LEAST_MEMORY = 1 << 22
TOLERANCE = {"float64": 1e-8, "float32": 1e-4}


@dataclass(frozen=True)
class LargeOptions:
    """What decides the result beside the log.

    Parameters
    ----------
    rank : f; lowered to what the matrix has.
    top_k, min_count, shift, smoothing : as in `theory.ppmi`.
    dtype, tol : as in `theory.embed`; tol 0 is 1e-8, in float32 1e-4.
    columns : names of the columns of contexts and items, None where their names say so.
    memory : bytes of the blocks of one task; a worker runs one at a time.
    """

    rank: int
    top_k: int | None = None
    min_count: int = MIN_COUNT
    shift: float = 0.0
    smoothing: float = 1.0
    dtype: str = "float64"
    tol: float = 0.0
    columns: tuple[str, ...] | None = None
    memory: int = MEMORY

    def __post_init__(self) -> None:
        require_integer(self.rank, "rank", least=1)
        if self.top_k is not None:
            require_integer(self.top_k, "top_k", least=1)
        require_integer(self.min_count, "min_count", least=1)
        require_number(self.shift, "shift", least=0)
        require_number(self.smoothing, "smoothing", above=0, most=1)
        require_choice(self.dtype, "dtype", ("float32", "float64"))
        require_number(self.tol, "tol", least=0)
        require_integer(self.memory, "memory", least=LEAST_MEMORY)

    @property
    def tolerance(self) -> float:
        """The largest relative residual accepted: never less than what the precision allows."""
        return self.tol or TOLERANCE[self.dtype]
