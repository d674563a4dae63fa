"""Mutation testing of `simulate/`, `theory/` and `experiments/judging/`: does a test notice when a place of them is changed?

`python tests/mutation.py` draws a systematic sample of all mutants from a seed, changes one place of one file in a copy of the
tree, and runs the module's doctests, its own tests, and the wrong arguments of what it makes public. A mutant is killed when a
test fails, or when tests take more than 150 seconds of processor time. At the end every test that killed one is run on the tree
as it is, where it must pass. What survives is written down with its place, to be read one by one:

    python tests/mutation.py --sample 300 --seed 0 --workers 2 --out mutants.csv
    python tests/mutation.py --again mutants.csv                # those that survived, after tests were added
    python tests/mutation.py --only theory/analysis/spikes.py:40    # the mutants of one line
"""

import argparse
import ast
import csv
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

sys.path.insert(0, str(Path(__file__).parent))
from changed_tree import ROOT, Tree
from mutants import Mutant, drawn, mutants_of

OWN = {  # tests that speak of a module beside the test file at its place, from the folder of its room's tests
    "experiments/matrices/asked_columns.py": "real/test_options_of_inputs",
    "experiments/estimates/describing.py": "estimates/test_costs",
    "experiments/judging/boundary.py": "judging/test_family judging/test_claim_map",
    "experiments/judging/claim.py": "judging/test_family judging/test_ledger",
    "experiments/judging/criterion.py": "judging/test_verdict",
    "experiments/judging/domain.py": "judging/test_family",
    "experiments/judging/estimand.py": "judging/test_verdict judging/test_family",
    "experiments/judging/falsification.py": "judging/test_claim_map",
    "experiments/judging/family_json.py": "judging/test_family",
    "experiments/judging/figure.py": "claims/test_registry",
    "experiments/judging/intervals.py": "judging/test_verdict judging/test_ledger",
    "experiments/judging/judgement_json.py": "judging/test_ledger",
    "experiments/judging/ledger_file.py": "judging/test_ledger",
    "experiments/judging/origin.py": "test_given_claims",
    "experiments/judging/drawn_points.py": "judging/test_shown",
    "experiments/judging/sentences.py": "judging/test_verdict judging/test_family",
    "experiments/judging/shown_claim.py": "judging/test_shown",
    "experiments/judging/shown_judgement.py": "judging/test_shown",
    "experiments/judging/shown_ledger.py": "judging/test_shown",
    "experiments/real/at_one_rank.py": "real/test_own_spikes",
    "experiments/real/own_embedding.py": "real/test_own_spikes",
    "experiments/real/vectors_in_file.py": "real/test_own_spikes",
    "simulate/changes/corrupted.py": "changes/test_background_edges changes/test_lost_and_moved_edges",
    "simulate/models/edge_probabilities.py": "models/test_block_models sampling/test_graphs",
    "simulate/models/recipes.py": "models/test_directed_models",
    "simulate/popularity/matched_spread.py": "popularity/test_laws",
    "simulate/sampling/csr_from_pairs.py": "sampling/test_graphs",
    "simulate/sampling/independent_pairs.py": "sampling/test_graphs",
    "simulate/sampling/probability_checks.py": "sampling/test_graphs sampling/test_directed_graphs",
    "simulate/validation.py": "models/test_block_models",
    "theory/analysis/blocks/bounds.py": "analysis/blocks/test_counts analysis/blocks/test_products",
    "theory/analysis/blocks/components.py": "analysis/blocks/test_counts",
    "theory/analysis/blocks/contexts.py": "analysis/blocks/test_counts",
    "theory/kernels/unions.py": "analysis/blocks/test_counts",
    "theory/analysis/cones.py": "analysis/test_spikes analysis/test_peak_count",
    "theory/analysis/eigenpairs.py": "analysis/test_embedding analysis/test_largest_eigenpairs",
    "theory/analysis/block_krylov_rounds.py": "analysis/test_largest_eigenpairs",
    "theory/analysis/inputs.py": "analysis/test_embedding",
    "theory/analysis/largest_singular.py": "analysis/test_rectangular_embedding analysis/test_factorizations",
    "theory/analysis/operators/graphs.py": "analysis/operators/test_matrices",
    "theory/analysis/peak_search.py": "analysis/test_spikes analysis/test_peak_count",
    "theory/analysis/rounding.py": "analysis/test_embedding analysis/test_rectangular_embedding",
    "theory/analysis/scalings.py": "analysis/test_embedding",
    "theory/analysis/short_products.py": "analysis/test_spikes",
    "theory/kernels/first_cones.py": "analysis/test_spikes",
    "theory/kernels/mirror_images.py": "analysis/test_mirrored",
    "theory/kernels/partner_counts.py": "analysis/test_cooccurrence analysis/test_ppmi",
    "theory/kernels/resolvent_newton.py": "prediction/test_resolvent",
    "theory/prediction/balance.py": "prediction/test_outliers prediction/test_visibility",
    "theory/prediction/collinear_share.py": "prediction/test_eight_models",
    "theory/prediction/noise_energy.py": "prediction/test_spikiness",
    "theory/prediction/norm_bias.py": "prediction/test_degree_error",
    "theory/prediction/outliers.py": "prediction/test_surrogate_rows",
    "theory/prediction/shortcuts.py": "prediction/test_sample",
    "theory/prediction/spikiness.py": "prediction/test_eight_models",
    "theory/prediction/surrogate_rows.py": "prediction/test_eight_models",
    "theory/prediction/variances.py": "prediction/test_resolvent",
}


def survivors(table: Path) -> tuple[list[Mutant], int]:
    """The mutants that survived in an earlier table, found in the source of today, and how many were killed."""
    found, killed = [], 0
    for row in csv.DictReader(table.open(encoding="utf-8")):
        path, line = row["place"].split(":")
        if row["killed"] == "True":
            killed += 1
            continue
        same = [m for m in mutants_of(path) if (m.was, m.text) == (row["was"], row["became"])]
        if not same:
            raise SystemExit(f"{row['place']} is no longer there ({row['was']}); draw a new sample")
        found.append(min(same, key=lambda m: abs(m.line - int(line))))
    return found, killed


def named_tests(path: str) -> list[str]:
    """The test files of a module: the one at the same place among the tests, if there is one, and those named above."""
    room, _, place = path.partition("/")
    folder, _, name = place.rpartition("/")
    own = f"{folder}/test_{name.removesuffix('.py')}".lstrip("/")
    mirrored = [own] if (ROOT / f"tests/{room}/{own}.py").exists() else []
    return [f"tests/{room}/{test}.py" for test in dict.fromkeys([*mirrored, *OWN.get(path, "").split()])]


def wrong_arguments(path: str) -> list[str]:
    """The wrong arguments of the functions and classes that a module defines; of all, where every module uses it."""
    room = path.split("/")[0]
    tests = f"tests/{room}/test_wrong_arguments.py"
    if not (ROOT / tests).exists():
        return []
    public = [
        node.name
        for node in ast.parse((ROOT / path).read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    chosen = [] if path.endswith(("validation.py", "inputs.py")) else ["-k", " or ".join(public)]
    return [tests, *chosen] if public else []


def tried(mutant: Mutant, tree: Tree) -> tuple[str, float]:
    """Run the tests of a mutant's module under it: the first that fails, or nothing, and the seconds that it took."""
    source = (tree.root / mutant.path).read_bytes()
    began = time.monotonic()
    with tree.changed(mutant.path, source[: mutant.start] + mutant.text.encode() + source[mutant.end :]):
        said = tree.first_failure([mutant.path, *named_tests(mutant.path)], "--doctest-modules")
        if not said and (wrong := wrong_arguments(mutant.path)):
            said = tree.first_failure(wrong)
    return said, time.monotonic() - began


def unsound(tree: Tree, outcomes: list[tuple[Mutant, str]]) -> str:
    """Which of the tests that killed a mutant fails without it too, so that it says nothing."""
    tests = {
        test
        for mutant, said in outcomes
        if said
        for test in ([said] if "::" in said else [mutant.path, *named_tests(mutant.path)])
    }
    return tree.first_failure(sorted(tests), "--doctest-modules") if tests else ""


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
    before = 0
    if asked.again:
        sample, before = survivors(asked.again)
    elif asked.only:
        path, _, line = asked.only.partition(":")
        sample = [m for m in mutants_of(path) if not line or m.line == int(line)]
        if not sample:
            raise SystemExit(f"there is nothing to change at {asked.only}")
    else:
        sample = drawn(asked.sample, asked.seed)
    with tempfile.TemporaryDirectory() as work:
        trees: Queue[Tree] = Queue()
        for k in range(asked.workers):
            trees.put(Tree(Path(work) / str(k)))

        def with_tree(mutant):
            tree = trees.get()
            try:
                return tried(mutant, tree)
            finally:
                trees.put(tree)

        asked.out.parent.mkdir(parents=True, exist_ok=True)
        outcomes = []
        with (
            ThreadPoolExecutor(asked.workers) as pool,
            asked.out.open("w", newline="", encoding="utf-8") as file,
        ):
            table = csv.writer(file)
            table.writerow(["place", "was", "became", "killed", "seconds", "by"])
            for mutant, (said, seconds) in zip(sample, pool.map(with_tree, sample)):
                place = f"{mutant.path}:{mutant.line}"
                table.writerow([place, mutant.was, mutant.text, bool(said), f"{seconds:.1f}", said])
                file.flush()
                outcomes.append((mutant, said))
                if not said:
                    print(f"survived  {mutant}", flush=True)
        if broken := unsound(trees.get(), outcomes):
            raise SystemExit(f"tests must pass before anything is changed: {broken}")
    killed, n = sum(bool(said) for _, said in outcomes) + before, len(sample) + before
    low, high = wilson(killed, n)
    print(f"{killed} of {n} killed: {killed / n:.1%} [{low:.1%}, {high:.1%}]")
    return int(killed < 0.85 * n)


if __name__ == "__main__":
    sys.exit(main())
