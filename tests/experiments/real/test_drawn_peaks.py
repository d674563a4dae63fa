"""Draws of a null: the same peaks in this process and on a cluster, from one file that each worker gets."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from threadpoolctl import threadpool_info

from experiments import read_own, spikes_of
from experiments.real import drawn_peaks
from experiments.real.drawn_peaks import FILE, peaks_of_draws, trial
from experiments.running.sent_files import FilesToSend, standing_for, take_piece
from simulate.random_directions import rows_of_moments

RUNNING = Path(__file__).parents[1] / "running"
sys.path.insert(0, str(RUNNING))
from runner_trials import started_cluster  # noqa: E402


def log():
    rng = np.random.default_rng(0)
    return sparse.csr_array((rng.random((60, 40)) < 0.15).astype(float))


def sources():
    rows = np.random.default_rng(0).standard_normal((80, 6)) * [5, 3, 1, 1, 1, 1]
    graph = log().T @ log()
    graph.setdiag(0)
    return {"embedding": rows, "graph": sparse.csr_array(graph), "interactions": log()}


@pytest.fixture
def chances(monkeypatch):
    """What `spikes_of` asks draws of, for each kind of data."""
    asked = []
    monkeypatch.setattr(
        "experiments.real.own_spikes.peaks_of_draws",
        lambda chance, *told: asked.append(chance) or peaks_of_draws(chance, *told),
    )
    for kind, data in sources().items():
        options = {} if kind == "embedding" else {"scaling": "half"}
        spikes_of(read_own(data, kind), [2, 4], null=1, seed=3, **options)
    return asked


def counts(found):
    return {rank: (one.n_peaks, one.n_rows, one.at_least) for rank, one in found.items()}


def test_a_worker_that_gets_the_file_counts_the_same_peaks(chances, tmp_path):
    assert [chance.kind for chance in chances] == ["embedding", "graph", "interactions"]
    for number, chance in enumerate(chances):
        path = tmp_path / FILE
        drawn_peaks._write(path, chance)
        files, worker = FilesToSend({FILE: (path, [path])}), tmp_path / f"worker{number}"
        for piece in files.pieces(files.digests):
            take_piece(worker, piece)
        path.unlink()
        for draw in range(2):
            with standing_for(worker, files.roots):
                row = trial({"null": FILE, "about": drawn_peaks._about(chance), "draw": draw}, {})
            found = drawn_peaks._counts(drawn_peaks.json.loads(row["counts"]))
            assert counts(found) == counts(chance.peaks(draw)) and list(found) == [2, 4]


def test_blas_has_one_thread_in_a_draw(chances, monkeypatch):
    seen = []

    def noted(*arguments, **told):
        seen.append({one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"})
        return rows_of_moments(*arguments, **told)

    monkeypatch.setattr(drawn_peaks, "rows_of_moments", noted)
    chances[0].peaks(0)
    assert seen == [{1}, {1}]


def test_a_draw_that_fails_says_which(chances, monkeypatch):
    table = pd.DataFrame({"draw": [0, 1], "error": [None, "ValueError: no"], "counts": ["[]", None]})
    monkeypatch.setattr(drawn_peaks, "run_all", lambda studies, **told: {studies[0].name: table})
    with pytest.raises(ValueError, match="draw 2 of the null failed on its worker: ValueError: no"):
        peaks_of_draws(chances[0], 2, print, "somewhere")


@pytest.mark.slow
def test_two_workers_in_another_folder_give_the_curve_of_one_process(tmp_path):
    (tmp_path / "theirs").mkdir()
    cluster, address = started_cluster(tmp_path / "theirs")
    with cluster:
        for kind, data in sources().items():
            own = read_own(data, kind)
            alone = spikes_of(own, null=4)
            heard = []
            found = spikes_of(own, null=4, dask=address, progress=heard.append)
            pd.testing.assert_frame_equal(found.curve, alone.curve, check_exact=True)
            assert found.conclusion == alone.conclusion and "null: 4 of 4 draws" in heard
        cluster.stdin.close()
