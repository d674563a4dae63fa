"""Mutation testing of `simulate/` and `theory/`: does a test notice when the mathematics is changed?

`python tests/mutation.py` draws a seeded sample of mutants, stratified by module, changes one place of one file in a copy of
the tree, and runs the module's own tests and doctests with numba's compiler off. A mutant is killed when a test fails or
takes much longer than it should. What survives is written down with its place, to be read one by one:

    python tests/mutation.py --sample 300 --seed 0 --workers 2 --out mutants.csv
    python tests/mutation.py --again mutants.csv                # those that survived, after tests were added
    python tests/mutation.py --only theory/spikes.py:271        # the mutants of one line
"""

import argparse
import ast
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

sys.path.insert(0, str(Path(__file__).parent))
from mutants import ROOT, Mutant, drawn, mutants_of

OWN = {  # tests that speak of a module; where none is named, the test file of the same name
    "simulate/compiled.py": "test_compiled",
    "simulate/models/edge_probabilities.py": "models/test_block_models sampling/test_graphs",
    "simulate/popularity/matched_spread.py": "popularity/test_laws",
    "simulate/sampling/csr_from_pairs.py": "sampling/test_csr_from_pairs sampling/test_graphs",
    "simulate/sampling/independent_pairs.py": "sampling/test_graphs",
    "simulate/validation.py": "models/test_block_models",
    "theory/counting.py": "test_cooccurrence",
    "theory/covering.py": "test_spikes",
    "theory/inputs.py": "test_embedding",
    "theory/kernels/resolvent_newton.py": "prediction/test_resolvent",
    "theory/prediction/balance.py": "prediction/test_outliers prediction/test_visibility",
    "theory/prediction/collinear_share.py": "prediction/test_collinear_share prediction/test_eight_models",
    "theory/prediction/outliers.py": "prediction/test_outliers prediction/test_surrogate_rows",
    "theory/prediction/shortcuts.py": "prediction/test_sample",
    "theory/prediction/spikiness.py": "prediction/test_spikiness prediction/test_eight_models",
    "theory/prediction/surrogate_rows.py": "prediction/test_surrogate_rows prediction/test_eight_models",
}


def survivors(table: Path) -> tuple[list[Mutant], int, dict[str, float]]:
    """The mutants that survived in an earlier table, found in the source of today; how many were killed; limits."""
    found, killed, limits = [], 0, {}
    for row in csv.DictReader(table.open(encoding="utf-8")):
        path, line = row["place"].split(":")
        if row["killed"] == "True":
            killed += 1
            continue
        same = [m for m in mutants_of(path) if (m.was, m.text) == (row["was"], row["became"])]
        if not same:
            raise SystemExit(f"{row['place']} is no longer there ({row['was']}); draw a new sample")
        found.append(min(same, key=lambda m: abs(m.line - int(line))))
        limits[path] = 60 + 4 * float(row["seconds"])
    return found, killed, limits


def tests_of(path: str) -> list[str]:
    """The test files of a module: those named above, or the file at the same place among the tests."""
    room, _, place = path.partition("/")
    folder, _, name = place.rpartition("/")
    names = OWN.get(path, f"{folder}/test_{name.removesuffix('.py')}".lstrip("/")).split()
    return [f"tests/{room}/{own}.py" for own in names if (ROOT / f"tests/{room}/{own}.py").exists()]


def wrong_arguments(path: str) -> list[str]:
    """The wrong arguments of the functions and classes that a module defines; of all, where every module uses it."""
    room = path.split("/")[0]
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    public = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    chosen = [] if path.endswith(("validation.py", "inputs.py")) else ["-k", " or ".join(public)]
    return [f"tests/{room}/test_wrong_arguments.py", *chosen]


def trial(mutant: Mutant | None, path: str, tree: Path, limit: float) -> tuple[bool, float, str]:
    """Run tests and doctests of `path` in `tree` under `mutant`: whether they failed, the seconds, what was said last."""
    target = tree / path
    source = target.read_bytes()
    if mutant is not None:
        target.write_bytes(source[: mutant.start] + mutant.text.encode() + source[mutant.end :])
    began = time.monotonic()
    try:
        said = (
            pytest(["--doctest-modules", path], tree, limit)
            or pytest(wrong_arguments(path), tree, limit)
            or pytest(tests_of(path), tree, limit)
        )
    except subprocess.TimeoutExpired:
        said = f"longer than {limit:.0f} s"
    finally:
        target.write_bytes(source)
    return bool(said), time.monotonic() - began, said


def pytest(what: list[str], tree: Path, limit: float) -> str:
    """The name of the first test that fails, or nothing."""
    if not what:
        return ""
    environment = {
        **os.environ,
        **{"NUMBA_DISABLE_JIT": "1", "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"},
        **{"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(tree)},
    }
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *what]
    done = subprocess.run(
        command, cwd=tree, env=environment, timeout=limit, capture_output=True, text=True, check=False
    )
    if done.returncode in (0, 5):  # 5: no doctest there
        return ""
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[-1] if failed else (done.stdout + done.stderr).strip()[-200:]


def wilson(k: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    z = 1.959964
    middle = (k + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * (k * (n - k) / n + z * z / 4) ** 0.5
    return middle - half, middle + half


def main() -> int:
    """Draw, try, and write down; exits with 1 where fewer than 85 % are killed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("mutants.csv"))
    parser.add_argument("--only", help="FILE or FILE:LINE, in place of the sample")
    parser.add_argument("--again", type=Path, help="an earlier table: only what survived is tried again")
    asked = parser.parse_args()
    before, limits = 0, {}
    if asked.again:
        sample, before, limits = survivors(asked.again)
    elif asked.only:
        path, _, line = asked.only.partition(":")
        sample = [m for m in mutants_of(path) if not line or m.line == int(line)]
    else:
        sample = drawn(asked.sample, asked.seed)
    with tempfile.TemporaryDirectory() as work:
        trees: Queue[Path] = Queue()
        for k in range(asked.workers):
            tree = Path(work) / str(k)
            ignored = shutil.ignore_patterns(".git", "__pycache__", ".*_cache", "build", "*.egg-info")
            shutil.copytree(ROOT, tree, ignore=ignored)
            trees.put(tree)

        def with_tree(mutant, path, limit):
            tree = trees.get()
            try:
                return trial(mutant, path, tree, limit)
            finally:
                trees.put(tree)

        with ThreadPoolExecutor(asked.workers) as pool:
            paths = {} if limits else {tuple(tests_of(m.path)): m.path for m in sample}
            plain = dict(zip(paths, pool.map(lambda path: with_tree(None, path, 600.0), paths.values())))
            if broken := {path: said for path, (failed, _, said) in plain.items() if failed}:
                raise SystemExit(f"tests must pass before anything is changed: {broken}")
            limits = limits or {m.path: 30 + 4 * plain[tuple(tests_of(m.path))][1] for m in sample}
            asked.out.parent.mkdir(parents=True, exist_ok=True)
            killed = 0
            with asked.out.open("w", newline="", encoding="utf-8") as file:
                table = csv.writer(file)
                table.writerow(["place", "was", "became", "killed", "seconds", "by"])
                outcomes = pool.map(lambda m: with_tree(m, m.path, limits[m.path]), sample)
                for mutant, (failed, seconds, said) in zip(sample, outcomes):
                    killed += failed
                    table.writerow(
                        [
                            f"{mutant.path}:{mutant.line}",
                            mutant.was,
                            mutant.text,
                            failed,
                            f"{seconds:.1f}",
                            said,
                        ]
                    )
                    file.flush()
                    if not failed:
                        print(f"survived  {mutant}", flush=True)
    killed, tried = killed + before, len(sample) + before
    low, high = wilson(killed, tried)
    print(f"{killed} of {tried} killed: {killed / tried:.1%} [{low:.1%}, {high:.1%}]")
    return int(killed < 0.85 * tried)


if __name__ == "__main__":
    sys.exit(main())
