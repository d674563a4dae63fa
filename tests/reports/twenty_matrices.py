"""Twenty matrices whose truth is known, what the page of `compare` says of each, and whether that is right.

`python tests/reports/twenty_matrices.py` writes the table of `docs/twenty-matrices.md`; the test beside this file holds every
sentence against the truth.
"""

from __future__ import annotations

import contextlib
import re
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy import sparse

from experiments.matrices.writers import write_matrix
from experiments.real.comparison import compare
from reports.analyses import Analysis, read_analyses, read_manifest
from reports.answers import answers
from simulate import (
    Constant,
    DynamicBlockModel,
    Given,
    LogNormal,
    Zipf,
    bipartite_dcbm,
    dcbm,
    moving_labels,
    nested_blocks,
    overlapping_membership,
    sample_bipartite,
    sample_factor_graph,
    sample_graph,
)
from simulate.changes.planted_faults import plant_biclique, plant_common_mean, plant_near_duplicates
from simulate.sound_vectors import sound_vectors

PAGE = Path(__file__).parents[2] / "docs/twenty-matrices.md"
BEGIN, END = "<!-- twenty -->", "<!-- end of twenty -->"
TWINS = 20  # the fewest of which a departure can be seen
YES, STRUCTURE, NO, UNSHOWN = (
    "Yes, it is spiky beyond chance.",
    "It has structure, but is no spikier than chance.",
    "No, it is no spikier than chance.",
    "That is not shown.",
)
MODEL, DEPARTS = "As far as was looked, yes.", "Not the one fitted to it."
MAY, NO_SIGN = "More of it than by chance.", "No more than by chance."
Rng = np.random.Generator


@dataclass(frozen=True, eq=False)
class Known:
    """A matrix with its truth: the answers that are right, and the checks that must find something or may.

    Empty rows always may.
    """

    name: str
    truth: str
    write: Callable[[Path, Rng], Path]
    spiky: tuple[str, ...]
    explained: tuple[str, ...]
    spikes: int = 0  # as many as there are communities, where these alone make them
    must: set[str] = field(default_factory=set)
    may: set[str] = field(default_factory=set)


def graph_of(
    n: int, blocks: int, degree: float, popularity: float, **more: object
) -> Callable[[Path, Rng], Path]:
    """Write a graph of a block model, its propensities lognormal with this sigma, or constant."""

    def write(path: Path, rng: Rng) -> Path:
        law = LogNormal(popularity) if popularity else Constant()
        model = dcbm(n, blocks, heterogeneity=law, mean_degree=degree, rng=rng, **more)
        return saved(sample_graph(model, rng, law="poisson", dtype=np.float64), path, graph=True)

    return write


def log_of(blocks: int, law: object, fault: str = "") -> Callable[[Path, Rng], Path]:
    """Write a log of 600 contexts and 240 items, with duplicates of 6 items or with bots where asked for."""

    def write(path: Path, rng: Rng) -> Path:
        model = bipartite_dcbm(600, 240, blocks, heterogeneity=law, mean_length=14.0, mixing=0.03, rng=rng)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # probabilities that are cut to 1
            log = sample_bipartite(model, rng, clip=True)
        if fault == "duplicates":
            log = sparse.csr_array(sparse.hstack([log, log[:, 20:26]], format="csr"))
        if fault == "bots":
            log = plant_biclique(log, rng, contexts=25, items=15, missing=0.02)[0]
        return saved(log, path, graph=False)

    return write


def hubs(path: Path, rng: Rng) -> Path:
    """Write a random graph in which six of 400 nodes have ten times the degree of the others, and no communities."""
    model = dcbm(400, 1, heterogeneity=Given([10.0] * 6 + [1.0] * 394), mean_degree=12, rng=rng)
    return saved(sample_graph(model, rng, law="poisson", dtype=np.float64), path, graph=True)


def overlapping(path: Path, rng: Rng) -> Path:
    """Write a graph of four communities in which three in ten nodes belong to two of them."""
    model = dcbm(400, 4, heterogeneity=LogNormal(0.3), mean_degree=40, mixing=0.03, rng=rng)
    both, _ = overlapping_membership(model, 0.3, rng)
    return saved(sample_factor_graph(both, rng, law="poisson", dtype=np.float64), path, graph=True)


def giant(path: Path, rng: Rng) -> Path:
    """Write a graph of a community of 280 nodes and four of 30, all of one mean degree."""
    sizes = [280, 30, 30, 30, 30]
    affinity = np.diag([400 / size for size in sizes]) + 0.05
    model = dcbm(
        400, 5, heterogeneity=LogNormal(0.3), mean_degree=20, affinity=affinity, sizes=sizes, rng=rng
    )
    return saved(sample_graph(model, rng, law="poisson", dtype=np.float64), path, graph=True)


def drifting(path: Path, rng: Rng) -> Path:
    """Write the sum of two snapshots, between which half of the nodes drew their community anew."""
    model = dcbm(400, 4, heterogeneity=LogNormal(0.3), mean_degree=25, mixing=0.03, rng=rng)
    moving: DynamicBlockModel = moving_labels(model, 2, rng, move=0.5)
    both = [sample_graph(moving.at(t), rng, law="poisson", dtype=np.float64) for t in (0, 1)]
    return saved(both[0] + both[1], path, graph=True)


def saved(matrix: sparse.csr_array, path: Path, *, graph: bool) -> Path:
    """Write a matrix and return where."""
    write_matrix(sparse.csr_array(matrix), path.with_suffix(".npz"), graph=graph)
    return path.with_suffix(".npz")


def vectors(shape: str, *, mean: bool = False, duplicates: bool = False) -> Callable[[Path, Rng], Path]:
    """Write 600 vectors of 16 dimensions and lognormal norms, all with a common mean or some nearly equal where asked for."""

    def write(path: Path, rng: Rng) -> Path:
        rows = sound_vectors(shape, 600, 16, rng, rays=40, norm_sigma=0.0)
        rows = plant_common_mean(rows, rng).vectors if mean else rows
        rows = rows * np.exp(0.5 * rng.standard_normal((600, 1)))
        rows = plant_near_duplicates(rows, rng).vectors if duplicates else rows
        np.save(path.with_suffix(".npy"), rows)
        return path.with_suffix(".npy")

    return write


ONE, FLAT = (YES, STRUCTURE), (NO, UNSHOWN)
EMPTY, SHARED, TWICE = "zero-rows", "common-mean", "duplicates"
TWENTY = (
    Known(
        "sbm3", "3 communities, equal degrees", graph_of(400, 3, 30, 0, mixing=0.1), ONE, (MODEL,), spikes=3
    ),
    Known(
        "sbm10",
        "10 communities, equal degrees",
        graph_of(400, 10, 30, 0, mixing=0.03),
        (YES,),
        (MODEL,),
        spikes=10,
    ),
    Known(
        "sbm40",
        "40 communities, equal degrees",
        graph_of(1200, 40, 25, 0, mixing=0.005),
        (YES,),
        (MODEL,),
        spikes=40,
    ),
    Known("dcbm3", "3 communities, popularity", graph_of(400, 3, 30, 0.7, mixing=0.1), ONE, (MODEL,)),
    Known(
        "dcbm10",
        "10 communities, popularity",
        graph_of(500, 10, 40, 0.5, mixing=0.02),
        (YES,),
        (MODEL,),
        spikes=10,
    ),
    Known(
        "dcbm40",
        "40 communities, popularity; at most 32 dimensions are chosen, so fewer blocks are fitted",
        graph_of(1600, 40, 40, 0.3, mixing=0.002),
        (YES,),
        (MODEL, DEPARTS),
    ),
    Known(
        "chung-lu",
        "no communities (Chung-Lu): every node on one ray",
        graph_of(400, 1, 20, 0.7),
        FLAT,
        (MODEL,),
        must={SHARED},
    ),
    Known("hubs", "no communities, six nodes of ten times the degree", hubs, FLAT, (MODEL,), must={SHARED}),
    Known(
        "nested",
        "2 groups of 4 communities",
        graph_of(400, 8, 40, 0.4, affinity=nested_blocks(2, 4, between=0.2, outside=0.02)),
        (YES,),
        (MODEL,),
        spikes=8,
    ),
    Known(
        "overlapping",
        "4 communities, three in ten nodes in two of them: 10 blocks",
        overlapping,
        ONE,
        (DEPARTS, MODEL),
        may={SHARED},
    ),
    Known(
        "giant",
        "a community of 280 nodes and four of 30",
        giant,
        (YES, STRUCTURE),
        (MODEL,),
        may={SHARED},
    ),
    Known(
        "drift",
        "4 communities, half of the nodes move between two snapshots: 16 blocks",
        drifting,
        ONE,
        (DEPARTS, MODEL),
    ),
    Known(
        "log10", "a log, 10 communities, popularity", log_of(10, LogNormal(0.5)), (YES,), (MODEL,), spikes=10
    ),
    Known(
        "zipf", "a log, 10 communities, Zipf popularity", log_of(10, Zipf(0.8)), (YES,), (MODEL,), spikes=10
    ),
    Known(
        "duplicates",
        "a log, 10 communities, six items twice",
        log_of(10, LogNormal(0.5), "duplicates"),
        (YES,),
        (MODEL, DEPARTS),
        must={TWICE},
    ),
    Known(
        "bots",
        "a log, 10 communities, 25 contexts of the same 15 items",
        log_of(10, LogNormal(0.5), "bots"),
        (YES,),
        (MODEL, DEPARTS),
        must={"bots"},
        may={TWICE},
    ),
    Known(
        "isotropic", "vectors in random directions", vectors("isotropic"), FLAT, (NO_SIGN,), must={"noise"}
    ),
    Known("rays", "vectors on 40 rays", vectors("on rays"), (YES,), (MAY,), spikes=40),
    Known(
        "anisotropic",
        "vectors in random directions about a common mean",
        vectors("isotropic", mean=True),
        FLAT,
        (NO_SIGN,),
        must={SHARED},
        may={"noise"},
    ),
    Known(
        "copies",
        "vectors on 40 rays, five of them twice",
        vectors("on rays", duplicates=True),
        (YES,),
        (MAY,),
        must={TWICE},
    ),
)


def wrong(known: Known, analysis: Analysis) -> list[str]:
    """Return what the page says of a matrix that is not true."""
    spiky, explained, advice = answers(analysis)
    found = checks_found(analysis)
    said = []
    if spiky.lead not in known.spiky:
        said.append(f"{known.name}: {spiky.lead} {spiky.text}")
    if explained.lead not in known.explained:
        said.append(f"{known.name}: {explained.lead} {explained.text}")
    if (advice.lead == "Do not rely on the spikes.") != (known.spiky == FLAT):
        said.append(f"{known.name}: {advice.lead} {advice.text}")
    if not known.must <= found <= known.must | known.may | {EMPTY}:
        said.append(f"{known.name}: found {sorted(found)}, not {sorted(known.must)}")
    return said


def checks_found(analysis: Analysis) -> set[str]:
    """Return the checks of the vectors that found something."""
    return {one["check"] for one in analysis.described["checks"] if one["found"]}


def seen(folder: Path, known: tuple[Known, ...] = TWENTY) -> Iterator[tuple[Known, Analysis]]:
    """Write the matrices into a folder, compare them there, and yield each with its analysis."""
    with contextlib.chdir(folder):  # seeds follow from the paths, so these are relative
        for number, one in enumerate(TWENTY):
            if one in known:
                one.write(Path(one.name), np.random.default_rng([20, number]))
        names = [path.name for one in known for path in Path().glob(f"{one.name}.np[yz]")]
        compare(names, twins=TWINS, out="out")
        analyses, failures = read_analyses(Path("out"), read_manifest(Path("out")))
    assert not failures
    by_name = {Path(one.name).stem: one for one in analyses}
    for one in known:
        yield one, by_name[one.name]


def table(found: list[tuple[Known, Analysis]]) -> str:
    """Return what is true of each and what the page says, in Markdown."""
    lines = [
        "| matrix | what is true | spiky beyond chance? | a block model explains it? | what to do | checks | right? |",
        "|---|---|---|---|---|---|---|",
    ]
    for known, analysis in found:
        said = [one.lead for one in answers(analysis)]
        named = ", ".join(sorted(checks_found(analysis))) or "none"
        right = "no" if wrong(known, analysis) else "yes"
        lines.append(f"| {known.name} | {' | '.join([known.truth, *said, named, right])} |")
    return "\n".join(lines)


def main() -> None:
    """Compare all twenty and write the table."""
    with tempfile.TemporaryDirectory() as folder:
        found = list(seen(Path(folder)))
    text = re.sub(
        f"{BEGIN}.*{END}",
        lambda _: f"{BEGIN}\n{table(found)}\n{END}",
        PAGE.read_text("utf-8"),
        flags=re.S,
    )
    PAGE.write_text(text, "utf-8")
    print(*(said for one in found for said in wrong(*one)), sep="\n")


if __name__ == "__main__":
    main()
