"""Makes every number and figure of the documents again: `python docs/reproduce.py -o reproduced`, in a clone.

The documents that hold numbers are written where they lie, so that `git diff` shows what differs; runs, the printed tables and
the site go into the folder. A step that is done is not done again, and some can be named: `python docs/reproduce.py verdicts
site`. Each prints the processor time that it took, which `times.json` keeps.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

TIMES = "times.json"
EXTRAS = "all,als,graspologic,bench,docs"
# a package of each extra: without one of them some numbers would be left out without a word
NEEDED = ("matplotlib", "bokeh_sampledata", "distributed", "implicit", "graspologic", "duckdb", "sphinx")


@dataclass(frozen=True)
class Step:
    """One thing to make: its name, what it makes, the commands, and the file in the folder that keeps what they print."""

    name: str
    makes: str
    commands: tuple[tuple[str, ...], ...]
    prints: str | None = None


def steps(out: Path) -> Iterator[Step]:
    """Yield all steps in their order; their results lie in `out`."""
    from experiments.claims import registry
    from experiments.claims.frozen import SEEDS

    python, command = sys.executable, (sys.executable, "-m", "spikeproof")
    yield Step("verdicts", "the verdicts at seed 0", ((*command, "verify", "--out", str(out / "ledger-0")),))
    kept: dict[int, list[str]] = {}
    for claim in registry():
        beginning = next(start for start in sorted(SEEDS, key=len, reverse=True) if claim.startswith(start))
        kept.setdefault(SEEDS[beginning], []).append(claim)
    confirming = [str(out / f"ledger-{seed}") for seed in kept]
    yield Step(
        "confirmation",
        "the verdicts at the seeds that were kept until rules were frozen",
        tuple(
            (*command, "verify", *claims, "--seed", str(seed), "--out", str(out / f"ledger-{seed}"))
            for seed, claims in kept.items()
        ),
    )
    beside = [word for folder in confirming for word in ("--confirming", folder)]
    written = (
        "--write",
        str(ROOT / "docs/claims.md"),
        "--out",
        str(out / "ledger-0"),
        *beside,
        "--overwrite",
    )
    yield Step("record", "docs/claims.md", ((*command, "claims", *written),))
    yield Step("picture", "the picture of the first page", ((python, str(ROOT / "docs/picture.py")),))
    yield Step(
        "trust", "the tables of docs/trust.md", ((python, str(ROOT / "benchmarks/trust.py")),), "trust.md"
    )
    yield Step("faults", "the table of docs/faults.md", ((python, str(ROOT / "benchmarks/faults.py")),))
    yield Step(
        "truth", "docs/twenty-matrices.md", ((python, str(ROOT / "tests/reports/twenty_matrices.py")),)
    )
    yield Step("speed", "benchmarks/README.md", ((python, str(ROOT / "benchmarks/all.py")),))
    folders = [word for folder in [*confirming, str(out / "ledger-0")] for word in ("--ledger", folder)]
    site = ("-o", str(out / "site"), "--work", str(out / "site-work"), *folders)
    yield Step(
        "site",
        "the site, its gallery, notebooks and figures",
        ((python, str(ROOT / "docs/build.py"), *site),),
    )


def run(step: Step, out: Path) -> float:
    """Do a step; return its processor time in seconds."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    before = spent()
    for command in step.commands:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE if step.prints else None, check=True
        )
        if step.prints:
            (out / step.prints).write_bytes(done.stdout)
    return spent() - before


def spent() -> float:
    """Return the processor time of all processes that this one has started and that have ended, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(arguments: list[str] | None = None) -> int:
    """Do what is asked for and not done yet; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("steps", nargs="*", metavar="STEP", help="some of the steps; default: all")
    parser.add_argument(
        "-o", "--out", type=Path, default=Path("reproduced"), help="the folder; default: reproduced"
    )
    parser.add_argument("--list", action="store_true", help="print the steps and do nothing")
    given = parser.parse_args(arguments)
    out = given.out.resolve()
    all_steps = {step.name: step for step in steps(out)}
    if unknown := [name for name in given.steps if name not in all_steps]:
        parser.error(f"no step is called {', '.join(unknown)}; there are {', '.join(all_steps)}")
    if given.list:
        for step in all_steps.values():
            print(f"{step.name:13} {step.makes}")
        return 0
    if lacking := [name for name in NEEDED if not find_spec(name)]:
        parser.error(
            f"{', '.join(lacking)} cannot be imported, so that numbers would be left out; in the clone, with Python 3.11 or "
            f"3.12: pip install '.[{EXTRAS}]'"
        )
    if not os.environ.get("SPIKEPROOF_DATA"):
        print("SPIKEPROOF_DATA is not set: claims on files of others are judged without them", flush=True)
    out.mkdir(parents=True, exist_ok=True)
    record = out / TIMES
    times = json.loads(record.read_text("utf-8")) if record.exists() else {}
    for name in given.steps or all_steps:
        if name not in times:
            times[name] = round(run(all_steps[name], out), 1)
            record.write_text(json.dumps(times, indent=2), encoding="utf-8")
        print(f"{name:13} {times[name] / 60:6.1f} min of processor time: {all_steps[name].makes}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
