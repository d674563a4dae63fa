"""Who runs the tasks of a step: the threads of this process, or the workers of a Dask cluster (`crew_on_cluster`).

A task is a function of a room and its arguments; what it makes are files in the folder of the analysis, and a small result. Files
are written whole, and a task writes the same bytes whoever runs it, in whatever order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from simulate.compiled import in_threads

T = TypeVar("T")


class Crew(Protocol):
    """Runs function(*arguments) for each tuple of arguments, and returns the results in that order."""

    def run(
        self,
        function: Callable[..., T],
        tasks: Sequence[tuple[Any, ...]],
        told: Callable[[int], None] | None = None,
    ) -> list[T]:
        """Run all tasks; `told` hears how many are done."""
        ...


class Here:
    """Runs tasks in this process, as many at once as there are threads; the caller limits BLAS to one thread, once for all steps.

    >>> Here().run(pow, [(2, 3), (3, 2)])
    [8, 9]
    """

    def run(
        self,
        function: Callable[..., T],
        tasks: Sequence[tuple[Any, ...]],
        told: Callable[[int], None] | None = None,
    ) -> list[T]:
        """Run all tasks."""
        done = [0]

        def work(k: int) -> T:
            result = function(*tasks[k])
            done[0] += 1
            if told is not None:
                told(done[0])
            return result

        return in_threads(work, len(tasks))
