"""What every benchmark prints: the machine, medians with their spread, and rows of the table in `README.md`."""

import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def machine() -> str:
    """Return one line: processor, cores, memory, Python."""
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


ROWS = "BENCHMARK_ROWS"  # names the file that `all.py` gathers rows from


def record(what: str, measured: str, target: str = "") -> None:
    """Print a row of the table, and hand it to `all.py` if that is running this script."""
    print(f"{what}: {measured}" + (f" (target {target})" if target else ""), flush=True)
    if path := os.environ.get(ROWS):
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps([what, measured, target]) + "\n")


def save_figure(canvas: "Figure", title: str, path: Path) -> None:
    """Write a figure under its title as SVG, the same bytes for the same points."""
    import matplotlib

    from reports.figures.claims import plain_ticks

    for axis in canvas.axes:  # all are logarithmic; the project's figures read no text as mathematics
        plain_ticks(axis.xaxis, 1.0, 1e6)  # sizes by powers of ten, whose labels are short
        plain_ticks(axis.yaxis, *axis.get_ylim())
    canvas.suptitle(title, x=0.02, ha="left", fontweight="bold")
    canvas.tight_layout()
    with matplotlib.rc_context({"svg.hashsalt": path.stem}):
        canvas.savefig(path, metadata={"Date": None}, facecolor="white", bbox_inches="tight")


def high_water(*, reset: bool = False) -> int:
    """Return the most bytes that this process has held at once, since the last reset."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
