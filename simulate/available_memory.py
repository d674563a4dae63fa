"""How much memory may this process still take? Asked before a large step, so that it is refused and not killed in its middle.

The least of three: what the machine can give without swapping (MemAvailable of Linux), what is left of the limits of the control
groups that the process is in (containers, systemd, batch systems), and what is left of its own limit of address space
(`ulimit -v`). Pages of files that a group has in its cache count as free, since the kernel gives them up.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

PROGRAM = 340 * 2**20  # bytes of a command whose data take nothing: Python, libraries, compiled loops
PROC, GROUPS = Path("/proc"), Path("/sys/fs/cgroup")

_SUPPOSED: ContextVar[int | None] = ContextVar("supposed_memory", default=None)


def available_memory(proc: Path = PROC, groups: Path = GROUPS) -> int:
    """Return how many bytes this process may take beyond those that it has; at least 0.

    Where the system does not say (no /proc), it is the memory of the machine.

    Examples
    --------
    >>> available_memory() > 0
    True
    """
    if (supposed := _SUPPOSED.get()) is not None:
        return supposed
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    found = [
        _fields(proc / "meminfo").get("MemAvailable", physical),
        *_left_in_groups(proc, groups),
    ]
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit != resource.RLIM_INFINITY:
        found.append(limit - _fields(proc / "self" / "status").get("VmSize", 0))
    return max(0, min(found))


def resident_memory(proc: Path = PROC) -> int:
    """Return how many bytes this process holds now; 0 where the system does not say.

    >>> resident_memory() > 1 << 20
    True
    """
    return _fields(proc / "self" / "status").get("VmRSS", 0)


def memory_in_all() -> int:
    """Return how many bytes the program and a step of it may hold together.

    These are the bytes that may still be taken, and those of the program that are there already; what the process holds
    beyond the program (data of a script, say) is no room for a step.

    >>> memory_in_all() > 0
    True
    """
    return available_memory() + min(resident_memory(), PROGRAM)


@contextmanager
def supposed_memory(size: int) -> Iterator[None]:
    """Inside this block `available_memory` is `size`, whatever the machine has.

    >>> with supposed_memory(1000):
    ...     available_memory()
    1000
    """
    token = _SUPPOSED.set(size)
    try:
        yield
    finally:
        _SUPPOSED.reset(token)


def _fields(path: Path) -> dict[str, int]:
    """The lines "Name:  1234 kB" of a file of the kernel, in bytes; none where there is no such file."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError:
        return {}
    found = (line.split() for line in lines)
    return {
        words[0].rstrip(":"): 1024 * int(words[1])
        for words in found
        if len(words) == 3 and words[2] == "kB" and words[1].isdigit()
    }


def _left_in_groups(proc: Path, groups: Path) -> list[int]:
    """What is left of the limit of each control group that holds this process, of either version of the interface."""
    try:
        lines = (proc / "self" / "cgroup").read_text("utf-8").splitlines()
    except OSError:
        return []
    left = []
    for line in lines:
        number, controllers, place = line.split(":", 2)
        if number == "0":
            root, limit, used, cache = groups, "memory.max", "memory.current", "inactive_file"
        elif "memory" in controllers.split(","):
            root, limit, used, cache = (
                groups / "memory",
                "memory.limit_in_bytes",
                "memory.usage_in_bytes",
                "total_inactive_file",
            )
        else:
            continue
        folder = root / place.lstrip("/")
        # inside a container the path may be that of the host: its own group is then the root of what it sees
        for group in (folder, *folder.parents):
            if (size := _left(group, limit, used, cache)) is not None:
                left.append(size)
            if group == root:
                break
    return left


def _left(group: Path, limit: str, used: str, cache: str) -> int | None:
    """What is left of the limit of one group; None where it has none."""
    try:
        most = (group / limit).read_text("utf-8").strip()
        if not most.isdigit():  # "max"
            return None
        held = int((group / used).read_text("utf-8"))
        stat = (group / "memory.stat").read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return None
    given_up = sum(int(line.split()[1]) for line in stat if line.split()[0] == cache)
    return int(most) - held + min(given_up, held)
