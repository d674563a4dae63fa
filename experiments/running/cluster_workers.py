"""What is known of a worker of a cluster, and what it has in hand: chunks of tasks, files on their way to it and from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from experiments.running.brought_files import Bringing
from experiments.running.one_task import Outcome, Work
from experiments.running.sent_files import Piece

SOURCES, PIECES, FILES, TASKS = "sources", "piece", "files", "tasks"  # what is asked of a worker
BROUGHT, DROPPED = "brought", "dropped"


@dataclass
class Worker:
    """A worker of the cluster: whether it imports our sources (None before it has said so), and what it has in hand.

    A chunk is submitted when the worker `has` the files that its tasks name. While it `waits` for some, their `pieces` are sent
    (None before it has said which it lacks), of which `sending` are on their way. `made` are the files that it has written and
    that are being brought, by the key of their task; `asked` counts their pieces on their way.
    """

    fit: bool | None = None
    has: set[str] = field(default_factory=set)
    waits: list[Work] = field(default_factory=list)
    pieces: Iterator[Piece] | None = None
    sending: int = 0
    chunks: dict[str, list[Work]] = field(default_factory=dict)
    made: dict[str, Brought] = field(default_factory=dict)
    asked: int = 0

    @property
    def busy(self) -> bool:
        """Whether it has tasks, or what they have made, in hand."""
        return bool(self.chunks or self.made or self.waits)

    @property
    def in_hand(self) -> int:
        """Chunks in hand; files that are not brought yet count as one, so that they do not pile up there."""
        return len(self.chunks) + bool(self.made) + bool(self.waits)


@dataclass
class Brought:
    """The outcome of a task whose file is being brought, and at which offset each piece that was asked for begins."""

    work: Work
    outcome: Outcome
    file: Bringing
    offsets: dict[str, int] = field(default_factory=dict)
