"""128 eigenpairs of a DCBM graph in float32 to 1e-4, beside scikit-learn, SciPy and graspologic; residuals and memory."""

import argparse
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import warnings

from machine import machine

RUN = """
import sys, time, warnings; warnings.simplefilter("ignore"); sys.path.insert(0, {here!r})
import numpy as np
from scipy import sparse
from embedding import graph, solvers
from machine import high_water, record
solve = solvers()[{name!r}]
solve(graph(2000, 10), 8)
a = graph({n}, 100)
before = high_water(reset=True)
start = time.perf_counter(); values, left, right = solve(a, 128); seconds = time.perf_counter() - start
peak = high_water() - before
residual = 0.0
for k in range(128):
    residual = max(residual, float(np.linalg.norm(a @ right[:, k] - values[k] * left[:, k]) / abs(values[k])))
record(f"128 eigenpairs, n = {n:,}, nnz = {{a.nnz:,}}, float32, tol 1e-4, {name}",
       f"{{seconds:.1f}} s, residual {{residual:.0e}}, {{peak / 2**30:.1f}} GiB beyond the matrix", {target!r})
"""


def graph(n, blocks):
    """K = 100, Pareto(2.5), mean degree 50."""
    import numpy as np

    from simulate import Pareto, dcbm, sample_graph

    model = dcbm(n, blocks, heterogeneity=Pareto(2.5), mean_degree=50, rng=np.random.default_rng(0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return sample_graph(model, np.random.default_rng(1), clip=True)


def solvers():
    """Each takes a matrix and a rank and returns values, left and right vectors: A right = left values."""
    import numpy as np

    def ours(a, rank):
        import theory

        found = theory.embed(a, rank, dtype="float32", tol=1e-4)
        return found.eigenvalues, found.basis, found.basis

    def sklearn(a, rank):
        from sklearn.utils.extmath import randomized_svd

        u, s, vt = randomized_svd(a, rank, random_state=0)
        return s, u, vt.T

    def scipy(a, rank):
        from scipy.sparse.linalg import eigsh

        values, basis = eigsh(a, rank, tol=1e-4, v0=np.ones(a.shape[0], np.float32))
        return values, basis, basis

    def graspologic(a, rank):
        from graspologic.embed import select_svd

        u, s, vt = select_svd(a, n_components=rank, algorithm="randomized", svd_seed=0)
        return s, u, vt.T

    from simulate.optional import missing

    found = {"theory.embed": ours, "sklearn randomized_svd": sklearn, "SciPy eigsh": scipy}
    return found if missing("graspologic", "its line") else {**found, "graspologic select_svd": graspologic}


def main():
    """Run at the stated or at a small size, each solver in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("small", "routine", "full"), default="full")
    size = parser.parse_args().size
    print(machine(), flush=True)
    jobs = (
        [("small", 20_000, list(solvers()))] if size == "small" else [("routine", 200_000, list(solvers()))]
    )
    if size == "full":
        jobs.append(("full", 1_000_000, list(solvers())[:2]))
    for _, n, names in jobs:
        for name in names:
            ours = name == "theory.embed"
            target = (
                ""
                if not ours
                else "a fifth of scikit-learn's; 1e-4; 6 GB"
                if n == 10**6
                else "faster than each"
            )
            code = RUN.format(here=str(Path(__file__).parent), n=n, name=name, target=target)
            subprocess.run([sys.executable, "-c", code], check=True)


if __name__ == "__main__":
    main()
