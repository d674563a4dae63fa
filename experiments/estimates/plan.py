"""What is going to be done, step by step: how much memory each step holds, how long it takes, and whether all of it fits.

Memory is what the process holds at most while the step runs, all that earlier steps left included, beyond the program itself.
Time is processor time, summed over threads: it does not depend on what else the machine does. It is stated for the machine on
which the constants were measured, and multiplied by how much slower this machine is at that kind of work (`calibration`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from simulate.available_memory import PROGRAM, memory_in_all

Work = Literal["reading", "sampling", "counting", "sparse product", "dense product", "search", "tried"]
START = 3.0  # seconds of processor time until these are loaded
OF_INPUT = "raised while an input was looked at"


@dataclass(frozen=True)
class Step:
    """One large step.

    `name`: what is done, as a person would say it; `memory`: bytes, beyond the program; `seconds`: processor time on the
    machine of the constants, None where nothing tells it; `work`: the kind of work, by which time is scaled, unless it was
    "tried" on this machine; `size`: the sizes and assumptions on which both rest. Where `bound` is set the memory is an upper
    bound, by which nothing is refused.
    """

    name: str
    memory: float
    seconds: float | None
    work: Work
    size: str
    bound: bool = False


class DoesNotFit(ValueError):
    """A step needs more memory than there is; `steps` names all that do."""

    def __init__(self, sentence: str, steps: Sequence[str]) -> None:
        super().__init__(sentence)
        self.steps = tuple(steps)


@dataclass(frozen=True)
class Plan:
    """The steps of a command, in their order.

    `notes` say what is not known, or assumed of all steps. `others`, pairs of a command and a function that plans it, are what
    could be run instead, the nearest to what was asked for first.
    """

    steps: tuple[Step, ...]
    notes: tuple[str, ...] = ()
    others: tuple[tuple[str, Callable[[], Plan]], ...] = field(default=(), compare=False)

    @property
    def peak(self) -> float:
        """Bytes that the process holds at most, the program included."""
        return PROGRAM + max((step.memory for step in self.steps), default=0.0)

    def seconds(self, slower: Mapping[str, float]) -> float | None:
        """Return the processor time of all steps and of the start, None where one is not known.

        >>> Plan((Step("read", 0, 2.0, "reading", ""),)).seconds({"reading": 1.5})
        6.0
        """
        times = [seconds_of(step, slower) for step in self.steps]
        return None if None in times else START + sum(time for time in times if time is not None)

    def refused(self, room: float) -> tuple[Step, ...]:
        """Return the steps that hold more than `room` bytes, the program included.

        >>> plan = Plan((Step("read", 2**30, 1, "reading", ""), Step("search", 2**32, 1, "search", "")))
        >>> [step.name for step in plan.refused(2**31)]
        ['search']
        """
        return tuple(step for step in self.steps if not step.bound and PROGRAM + step.memory > room)

    def require_room(self, room: float | None = None) -> None:
        """Raise `DoesNotFit` where a step needs more memory than there is, and name a command that would fit.

        Parameters
        ----------
        room : bytes that the program and a step may hold together; None: as `memory_in_all` says.
        """
        room = memory_in_all() if room is None else room
        refused = self.refused(room)
        if not refused:
            return
        first = max(refused, key=lambda step: step.memory)
        fits = next((command for command, other in self.others if _fits(other, room)), None)
        way = (
            f"this fits: {fits}"
            if fits
            else "no option of this command makes it fit: use a smaller input, or more memory"
        )
        raise DoesNotFit(
            f"not enough memory to {first.name}: it needs about {size_told(PROGRAM + first.memory)}, and there are "
            f"{size_told(room)} ({first.size}); {way}",
            [step.name for step in refused],
        )


def _fits(other: Callable[[], Plan], room: float) -> bool:
    """Whether another command fits; one that cannot be planned is not proposed, and this one is refused all the same."""
    try:
        return not other().refused(room)
    except Exception:
        return False


@contextmanager
def of_input() -> Iterator[None]:
    """Inside this block an exception says that an input is wrong: whoever reads that input next says so in the same words.

    Any other exception of a plan is a fault of the estimate.

    Examples
    --------
    >>> try:
    ...     with of_input():
    ...         raise ValueError("no such file")
    ... except ValueError as error:
    ...     print(error, says_of_input(error), says_of_input(ValueError("another")))
    no such file True False
    """
    try:
        yield
    except Exception as error:
        error.add_note(OF_INPUT)
        raise


def says_of_input(error: BaseException) -> bool:
    """Return whether an exception left a block of `of_input`."""
    return OF_INPUT in getattr(error, "__notes__", ())


def seconds_of(step: Step, slower: Mapping[str, float]) -> float | None:
    """Return the processor time of a step on this machine; None where it is not known."""
    return None if step.seconds is None else step.seconds * slower.get(step.work, 1.0)


def works_of(steps: Iterable[Step]) -> tuple[Work, ...]:
    """Return the kinds of work that steps of a known time need, each once.

    >>> works_of([Step("read", 0, 1.0, "reading", ""), Step("try", 0, None, "search", "")])
    ('reading',)
    """
    return tuple(dict.fromkeys(step.work for step in steps if step.seconds))


def size_told(size: float) -> str:
    """Return a number of bytes in words.

    >>> size_told(3 * 2**29), size_told(5e6)
    ('1.5 GiB', '5 MiB')
    """
    return f"{size / 2**30:.3g} GiB" if size >= 1000 * 2**20 else f"{size / 2**20:.0f} MiB"
