"""Mutation testing has its files, an even sample, and mutants that are each one change of the program."""

import ast
import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parent))
from changed_tree import ROOT
from mutants import drawn, modules, mutants_of
from mutation import OWN, named_tests, wilson, wrong_arguments


def test_every_file_that_is_named_is_there():
    for path in OWN:
        assert (ROOT / path).exists(), path
    for path in modules():
        for tests in [*named_tests(path), *wrong_arguments(path)[:1]]:
            assert (ROOT / tests).exists(), f"{path}: {tests}"


@pytest.mark.parametrize("path", modules())
def test_every_module_has_tests_and_every_mutant_changes_it_in_one_place(path):
    assert named_tests(path), f"name the tests of {path} in OWN of tests/mutation.py"
    source = (ROOT / path).read_bytes()
    whole = ast.dump(ast.parse(source))
    for mutant in mutants_of(path)[::25]:
        assert source[mutant.start : mutant.end].decode() == mutant.was != mutant.text
        changed = source[: mutant.start] + mutant.text.encode() + source[mutant.end :]
        assert ast.dump(ast.parse(changed)) != whole


def test_a_sample_is_even_over_modules_and_follows_its_seed():
    sample = drawn(120, 1)
    assert len(set(sample)) == 120 and sample == drawn(120, 1) != drawn(120, 2)
    sizes = {path: len(mutants_of(path)) for path in modules()}
    share = 120 / sum(sizes.values())
    counts = Counter(mutant.path for mutant in sample)
    assert all(abs(counts[path] - share * size) < 1 for path, size in sizes.items())


def test_the_interval_of_a_share_is_wilsons():
    """Its ends are where the score test is at 1.96: (share - p)^2 = z^2 p (1 - p) / n."""
    for k, n in ((0, 10), (261, 300), (300, 300)):
        for p in wilson(k, n):
            assert (k / n - p) ** 2 == pytest.approx(1.959964**2 * p * (1 - p) / n, abs=1e-12)
