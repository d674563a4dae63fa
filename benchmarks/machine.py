"""What every benchmark prints first: the machine, and medians with their spread."""

import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path


def machine() -> str:
    """Return one line: processor, cores, memory, Python."""
    import os

    info = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = next(
        (line.split(":")[1].strip() for line in info.splitlines() if line.startswith("model name")), "?"
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def seconds(work: Callable[[], object], repeats: int = 3) -> list[float]:
    """Return the wall-clock seconds of `repeats` calls."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return times


def line(name: str, times: list[float], unit: float = 1.0, suffix: str = "s") -> float:
    """Print median and range; return the median in the unit."""
    scaled = [t * unit for t in times]
    middle = statistics.median(scaled)
    print(
        f"{name}: median {middle:.4g} {suffix} ({min(scaled):.4g} to {max(scaled):.4g}, {len(scaled)} runs)",
        flush=True,
    )
    return middle
