"""The plan of an analysis through files follows the log, and no task holds more than it is given."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy import sparse

import theory
from experiments.estimates.of_analyse import BYTES_OF_AN_ITEM, look_at_log, plan_of_analysis
from experiments.large.options import LargeOptions
from experiments.matrices.bad_input import BadInput
from simulate.compiled import thread_count

OPTIONS = LargeOptions(8, top_k=500)


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """A log of 3,000 contexts, in order and shuffled, in row groups of a third of its rows; some rows come twice."""
    rng = np.random.default_rng(0)
    share = np.cumsum(1 / (np.arange(2000) + 10.0))
    context = np.repeat(np.arange(3000), 25)
    item = np.searchsorted(share, rng.random(context.size) * share[-1]).clip(0, 1999)
    frame = pd.DataFrame({"context": context, "item": item})
    folder = tmp_path_factory.mktemp("logs")
    for name, rows in (("ordered", frame), ("shuffled", frame.sample(frac=1, random_state=0))):
        (folder / name).mkdir()
        table = pa.Table.from_pandas(rows, preserve_index=False)
        pq.write_table(table, folder / name / "log.parquet", row_group_size=len(frame) // 3)
    whole = sparse.csr_array((np.ones(len(frame)), (context, item)))
    whole.data[:] = 1
    return folder, whole


def test_a_third_of_the_rows_tells_the_squares_and_the_entries_of_all(log):
    folder, whole = log
    squares = float((np.diff(whole.indptr).astype(float) ** 2).sum())
    seen = look_at_log(folder / "ordered", OPTIONS)
    assert (seen.rows, seen.items, seen.bound) == (75_000, 2000, False)
    assert seen.squares == pytest.approx(squares, rel=0.02)
    assert seen.entries == pytest.approx(theory.ppmi(whole, top_k=500).matrix.nnz, rel=0.3)


def test_of_a_log_in_any_order_a_bound_of_the_entries_is_told(log):
    folder, whole = log
    seen = look_at_log(folder / "shuffled", OPTIONS)
    assert seen.bound and seen.entries >= theory.ppmi(whole, top_k=500).matrix.nnz
    assert seen.squares == pytest.approx(float((np.diff(whole.indptr).astype(float) ** 2).sum()), rel=0.1)
    assert all("at most" in step.size for step in plan_of_analysis(folder / "shuffled", OPTIONS).steps[2:4])


@pytest.mark.parametrize("memory", [1 << 22, 1 << 24, 1 << 29])
def test_tasks_hold_what_they_are_given_at_most_and_no_more_than_they_need(memory, log):
    folder, _ = log
    options = LargeOptions(8, top_k=500, memory=memory)
    plan = plan_of_analysis(folder / "ordered", options)
    for step in plan.steps:
        assert step.memory <= max(thread_count() * memory, 4 * 2000 * 8) + BYTES_OF_AN_ITEM * 2000
    small = plan_of_analysis(folder / "ordered", LargeOptions(8, top_k=500, memory=1 << 22))
    assert small.peak <= plan.peak < small.peak + 200 * 2**20


def test_time_grows_with_the_rank_the_precision_and_the_partners_kept(log):
    folder, _ = log

    def seconds(**options):
        return plan_of_analysis(folder / "ordered", LargeOptions(**options)).seconds({})

    assert seconds(rank=8, top_k=10) < seconds(rank=8, top_k=500) < seconds(rank=16, top_k=500)
    assert seconds(rank=8, dtype="float32") < seconds(rank=8)


def test_a_log_that_is_none_is_refused_as_by_its_reader(tmp_path):
    with pytest.raises(BadInput, match="nothing of that name"):
        plan_of_analysis(tmp_path / "nowhere", OPTIONS)
