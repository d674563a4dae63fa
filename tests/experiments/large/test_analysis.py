"""A log in Parquet, block by block through files, beside the same log in memory."""

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from logs_in_parquet import communities, in_memory, write_log

import theory
from experiments.large import analysis, matrix_of_log, pairs_of_matrix
from experiments.large.analysis import analyse_log
from experiments.large.chain import Chain
from experiments.large.options import LargeOptions

SMALL = 1 << 22


def matrix_of(log, out, **options):
    """PPMI as its blocks hold it, the result, and how many blocks there are."""
    made = {}

    def watched(chain, *rest):
        made.update(chain=chain, matrix=matrix_of_log.matrix_of_log(chain, *rest))
        return made["matrix"]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analysis, "matrix_of_log", watched)
        found = analyse_log(log, out, LargeOptions(**options))
    whole = matrix_of_log.matrix_in_memory(**made, memory=1 << 40)
    return whole, found, made["matrix"].blocks


def assert_same_bits(one, other):
    for name in ("indptr", "indices", "data"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_ppmi_by_blocks_has_the_bits_of_ppmi_in_memory(tmp_path_factory, data):
    """Any pairs, repeated and across shards, items and contexts of any number, every option; blocks of a few items."""
    size = data.draw(st.integers(20, 120))
    pool = data.draw(st.sampled_from([8, 25]))
    rng = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    items = rng.choice(rng.integers(0, 2**40, pool), size)
    contexts = rng.choice(rng.integers(0, 2**62, 12), size)
    options = {
        "top_k": data.draw(st.sampled_from([None, 1, 3])),
        "min_count": data.draw(st.integers(1, 3)),
        "shift": data.draw(st.sampled_from([0.0, 0.2])),
        "smoothing": data.draw(st.sampled_from([1.0, 0.75])),
    }
    ids, x = in_memory(contexts, items)
    expected = theory.ppmi(x, **options)
    folder = tmp_path_factory.mktemp("log")
    log = write_log(folder / "log", contexts, items, data.draw(st.integers(1, 3)), rows=17)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("experiments.large.count_steps.LEAST_WORK", 1.0)
        patch.setattr("experiments.large.count_steps.LEAST_BLOCKS", 6)
        patch.setattr("experiments.large.log_steps.part_of", lambda c, parts: (c % parts).astype(np.uint16))
        patch.setattr("experiments.large.matrix_of_log.BYTES_OF_ROW", SMALL // 20)
        if expected.items.size < 2:
            with pytest.raises(ValueError, match="nothing to embed"):
                analyse_log(log, folder / "out", LargeOptions(rank=2, memory=SMALL, **options))
            return
        found, result, blocks = matrix_of(log, folder / "out", rank=2, memory=SMALL, **options)
    assert blocks > 1
    assert_same_bits(found, expected.matrix)
    assert np.array_equal(result.items, ids[expected.items])


@pytest.fixture
def small_parts(monkeypatch):
    """Ten parts of the vectors of a small log, several slices of the matrix in each, several blocks of items."""
    monkeypatch.setattr(pairs_of_matrix, "FEW", 200)
    monkeypatch.setattr(pairs_of_matrix, "LEAST_ROWS", 64)
    monkeypatch.setattr("experiments.large.count_steps.REGROUPED", 1000)
    monkeypatch.setattr("experiments.large.count_steps.LEAST_WORK", 1e4)
    monkeypatch.setattr("experiments.large.count_steps.LEAST_BLOCKS", 6)


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    contexts, items = communities(1200, 600, 4, 16)
    return write_log(tmp_path_factory.mktemp("large") / "log", contexts, items), contexts, items


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_eigenpairs_and_spk_are_those_in_memory(log, tmp_path, small_parts, dtype):
    """Three rounds of the solver; tolerances are those of the residuals."""
    folder, contexts, items = log
    matrix, found, blocks = matrix_of(folder, tmp_path / "out", rank=12, dtype=dtype, memory=SMALL)
    _, x = in_memory(contexts, items)
    expected = theory.ppmi(x)
    assert_same_bits(matrix, expected.matrix)
    slices = [path.name for path in tmp_path.rglob("matrix-*/*.arrays")]
    assert matrix.shape[0] > 64 * 9 and len(slices) > 15 and blocks > 5
    tol = LargeOptions(1, dtype=dtype).tolerance
    embedding = theory.embed(expected.matrix, 12)
    assert found.residuals.max() <= 1.05 * tol
    assert np.abs(found.eigenvalues) == pytest.approx(np.abs(embedding.eigenvalues), rel=tol)
    # what is defined without a gap: each vector, put back, is an eigenvector to its residual
    vectors = np.asarray(found.vectors, np.float64) / np.abs(found.eigenvalues)
    missed = np.linalg.norm(expected.matrix @ vectors - vectors * found.eigenvalues, axis=0)
    assert (missed <= 1.1 * tol * np.abs(found.eigenvalues)).all()
    assert vectors.T @ vectors == pytest.approx(np.eye(12), abs=1e-12 if dtype == "float64" else 1e-4)
    spikes = theory.spikiness(embedding.vectors("full"))
    assert found.spikes.n_rows == spikes.n_rows
    assert abs(found.spikes.n_peaks - spikes.n_peaks) <= (0 if dtype == "float64" else 2)


def test_rows_that_no_kept_eigenvector_reaches_are_0_as_in_memory(tmp_path, small_parts):
    """Pairs of items by themselves beside a community: their rows have no direction, exactly."""
    contexts, items = communities(600, 300, 6, 14)
    lonely = np.arange(100)
    pairs = np.repeat(10_000 + lonely, 2), 5000 + np.arange(200)
    contexts = np.concatenate([contexts, pairs[0], pairs[0] + 1000])
    items = np.concatenate([items, pairs[1], pairs[1]])
    log = write_log(tmp_path / "log", contexts, items)
    found = analyse_log(log, tmp_path / "out", LargeOptions(rank=6, memory=1 << 24))
    expected = theory.embed(theory.ppmi(in_memory(contexts, items)[1]).matrix, 6, tol=1e-8).vectors("full")
    assert np.array_equal((np.asarray(found.vectors) == 0).all(axis=1), (expected == 0).all(axis=1))
    assert found.spikes.n_zero == 200


def test_a_matrix_of_low_rank_is_decomposed_in_memory(tmp_path, small_parts):
    """The Krylov space of a few dimensions is exhausted: no vectors are made up."""
    cliques = 3
    items = np.tile(np.arange(300), 2)
    contexts = np.concatenate([np.arange(300) % cliques, np.arange(300) % cliques + cliques])
    found = analyse_log(write_log(tmp_path / "log", contexts, items), tmp_path / "out", LargeOptions(rank=5))
    assert len(found.eigenvalues) == 5 and found.residuals.max() < 1e-8
    assert np.abs(found.eigenvalues[:3]) == pytest.approx(np.full(3, 99 * np.log(3)), rel=1e-9)


def test_steps_of_other_options_are_shared_as_far_as_they_agree(log, tmp_path, small_parts, monkeypatch):
    done = []
    run = Chain.run

    def watched(chain, step, function, tasks, *rest):
        done.append((function.__name__, sum(not step.is_done(k) for k in range(len(tasks)))))
        return run(chain, step, function, tasks, *rest)

    monkeypatch.setattr(Chain, "run", watched)
    first = analyse_log(log[0], tmp_path / "out", LargeOptions(rank=3, top_k=20))
    made = dict(done)
    assert made["count_items"] and made["gather_part"] and made["regroup_rows"]
    done.clear()
    again = analyse_log(log[0], tmp_path / "out", LargeOptions(rank=3, top_k=20))
    assert sum(count for _, count in done) == 0
    assert np.array_equal(first.vectors, again.vectors)
    done.clear()
    analyse_log(log[0], tmp_path / "out", LargeOptions(rank=3, top_k=20, shift=0.1), overwrite=True)
    made = dict(done)
    assert made["count_items"] == made["gather_part"] == 0 and made["weigh_items"] and made["regroup_rows"]
