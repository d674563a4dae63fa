"""`spikeproof spk` on each kind of file, what it prints and saves, and what it refuses."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import theory
from experiments import OwnMatrix, read_own, spikes_of
from simulate import LogNormal, dcbm, sample_graph


@pytest.fixture
def run(spikeproof):
    """Return the function that runs `spikeproof spk`."""
    return partial(spikeproof, "spk")


@pytest.fixture
def rows():
    rng = np.random.default_rng(0)
    rays = rng.standard_normal((5, 12))
    return rays[np.arange(400) % 5] * rng.lognormal(0, 0.7, 400)[:, None] + 0.01 * rng.standard_normal(
        (400, 12)
    )


def test_an_embedding_beside_its_null(run, rows, tmp_path):
    np.save(tmp_path / "mine.npy", rows)
    done = run("mine.npy", "--rank", 4, "--rank", 12, "--out", "saved", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("mine.npy: spiky: at f = 12 it needs ")
    assert "random directions" in done.stdout and "The longer the bar, the spikier" in done.stdout
    # the bar, and the mark of the null, which needs more peaks, behind it
    bars = [line.split() for line in done.stdout.splitlines() if "█" in line]
    assert [line[0] for line in bars] == ["4", "12"]
    assert "|" in bars[1][1]
    curve = pd.read_csv(tmp_path / "saved" / "curve.csv")
    turned = theory.on_principal_axes(rows)
    assert curve["peaks"].tolist() == [theory.spikiness(turned[:, :f]).n_peaks for f in (4, 12)]
    assert "principal axes" in done.stdout
    assert (curve["null_mean"] > 5 * curve["spk"])[1]
    spikes = pd.read_csv(tmp_path / "saved" / "spikes.csv")
    assert spikes["peak"].sum() == curve["peaks"].iloc[-1]
    assert len(spikes) == 400
    assert (tmp_path / "saved" / "curve.svg").read_text().startswith("<svg")


def test_spk_of_vectors_does_not_depend_on_the_basis_of_their_columns(run, tmp_path):
    rng = np.random.default_rng(0)
    rays = rng.standard_normal((4, 24))
    rows = rays[np.arange(300) % 4] * rng.lognormal(0, 0.5, 300)[:, None] + 0.3 * rng.standard_normal(
        (300, 24)
    )
    rotation = np.linalg.qr(rng.standard_normal((24, 24)))[0]
    own = [OwnMatrix("mine", "embedding", v) for v in (rows, rows @ rotation, rows[:, ::-1])]
    first, *others = (spikes_of(one, [4, 8], null=1).curve for one in own)
    for curve in others:
        assert curve["peaks"].tolist() == first["peaks"].tolist()
    assert (first["null_mean"] > 2 * first["spk"]).all()
    as_they_are = spikes_of(own[0], null=0, all_columns=True).curve
    assert as_they_are["rank"].tolist() == [24]
    assert as_they_are["peaks"].tolist() == [theory.spikiness(rows).n_peaks]
    with pytest.raises(ValueError, match="ranks must be 24, the number of columns"):
        spikes_of(own[0], [8], all_columns=True)
    with pytest.raises(ValueError, match="all_columns is for an embedding"):
        spikes_of(OwnMatrix("graph", "graph", np.eye(3)), all_columns=True)


def test_a_common_direction_is_no_spike_beyond_its_null(tmp_path):
    rows = np.random.default_rng(0).standard_normal((400, 8)) + 3.0
    curve = spikes_of(OwnMatrix("mine", "embedding", rows), [2, 8], null=2).curve
    assert (curve["null_mean"] < 3 * curve["spk"]).all() and (curve["spk"] < 3 * curve["null_mean"]).all()


@pytest.mark.parametrize("kind", ["f2", "f4", ">f4", ">f8", "i2"])
def test_the_type_of_the_numbers_changes_nothing(kind, tmp_path):
    rng = np.random.default_rng(0)
    whole = np.round(rng.standard_normal((60, 4)) * 200)
    np.save(tmp_path / "wide.npy", whole)
    np.save(tmp_path / "narrow.npy", np.asfortranarray(whole.astype(kind)))
    wide, narrow = (spikes_of(read_own(str(tmp_path / f"{name}.npy")), null=1) for name in ("wide", "narrow"))
    pd.testing.assert_frame_equal(narrow.curve, wide.curve, check_exact=True)
    pd.testing.assert_frame_equal(narrow.spikes, wide.spikes, check_exact=True)
    np.testing.assert_allclose(narrow.spikes["norm"], np.linalg.norm(whole, axis=1), rtol=1e-12)


def test_norms_whose_squares_overflow_are_told_as_they_are(tmp_path):
    rows = np.random.default_rng(0).standard_normal((30, 3)) * 1e200
    spikes = spikes_of(OwnMatrix("mine", "embedding", rows), null=1).spikes
    np.testing.assert_allclose(spikes["norm"], np.linalg.norm(rows / 1e200, axis=1) * 1e200, rtol=1e-12)


def test_fewer_rows_than_columns_have_as_many_axes_as_rows():
    rows = np.random.default_rng(0).standard_normal((20, 64))
    found = spikes_of(OwnMatrix("mine", "embedding", rows), null=2)
    assert found.curve["rank"].iloc[-1] == 20 and found.curve["null_mean"].notna().all()


def test_a_bound_is_told_as_one_and_exact_goes_on(run, tmp_path, monkeypatch):
    rows = np.random.default_rng(0).standard_normal((10_500, 24)).astype(np.float32)
    np.save(tmp_path / "flat.npy", rows)
    done = run("flat.npy", "--rank", 4, "--rank", 24, "--null", 1, "--out", "saved", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "←" in done.stdout and "<" in done.stdout
    assert "no spikes" in done.stdout and "≥ 1,050" in done.stdout and "at least" in done.stdout
    assert "spikes.csv holds f = 4" in done.stdout
    curve = pd.read_csv(tmp_path / "saved" / "curve.csv")
    assert curve["at_least"].tolist() == [False, True] and curve["null_at_least"].tolist() == [False, True]
    assert curve["peaks"].iloc[1] == 1050 and curve["singletons"].isna().tolist() == [False, True]
    assert pd.read_csv(tmp_path / "saved" / "spikes.csv")["peak"].sum() == curve["peaks"].iloc[0]
    # theory predicts the null: within 6 % at tens of peaks and more, and n = 10,500 at f = 4 needs about thirty
    assert 0.7 < curve["null_mean"].iloc[0] / curve["null_predicted"].iloc[0] < 1.3
    own = read_own(str(tmp_path / "flat.npy"))
    found = spikes_of(own, [24], null=0, exact=True)
    assert not found.curve["at_least"].any()
    assert found.curve["peaks"].tolist() == [theory.spikiness(theory.on_principal_axes(rows)).n_peaks]
    none = spikes_of(own, [24], null=0)
    assert none.spikes_rank is None and none.spikes["spike"].isna().all() and len(none.spikes) == 10_500


def test_a_null_far_away_is_bounded(tmp_path):
    rng = np.random.default_rng(0)
    rays = rng.standard_normal((5, 16))
    rows = rays[np.arange(11_000) % 5] * rng.lognormal(0, 0.7, 11_000)[:, None]
    found = spikes_of(
        OwnMatrix("mine", "embedding", rows + 0.01 * rng.standard_normal(rows.shape)), [16], null=2
    )
    row = found.curve.iloc[0]
    assert not row["at_least"] and row["null_at_least"] and row["null_low_at_least"]
    assert row["null_mean"] == 10 * row["spk"]
    assert "at least 10 times as many peaks" in found.conclusion
    assert found.spikes_rank == 16 and found.spikes["peak"].sum() == row["peaks"]


def test_the_null_at_a_rank_does_not_depend_on_the_other_ranks():
    rows = np.random.default_rng(0).standard_normal((300, 8))
    own = OwnMatrix("mine", "embedding", rows)
    both, one = spikes_of(own, [4, 8], null=1).curve, spikes_of(own, [8], null=1).curve
    assert both["null_mean"].iloc[1] == one["null_mean"].iloc[0]


def test_a_graph_and_interactions_are_told_apart(run, tmp_path):
    model = dcbm(300, 3, heterogeneity=LogNormal(0.3), mean_degree=30, rng=np.random.default_rng(0))
    graph = sample_graph(model, np.random.default_rng(1), law="poisson")
    sparse.save_npz(tmp_path / "graph.npz", graph)
    own = read_own(str(tmp_path / "graph.npz"))
    assert own.kind == "graph"
    found = spikes_of(own, [3, 6], null=1)
    expected = theory.spikiness_curve(theory.embed(graph, 6), [3, 6]).n_peaks
    assert found.curve["peaks"].tolist() == expected.tolist()
    assert read_own(str(tmp_path / "graph.npz"), "interactions").kind == "interactions"
    (tmp_path / "log.csv").write_text(
        "context,item\n" + "".join(f"c{k % 9},i{k * k % 23}\n" for k in range(150))
    )
    done = run("log.csv", "--rank", 3, "--null", 1, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "items permuted" in done.stdout and "- interactions, 9 x 12" in done.stdout
    (tmp_path / "bare.csv").write_text("".join(f"{k % 9};x;{k * k % 23}\n" for k in range(150)))
    said = ("--no-header", "--separator", ";", "--columns", "1,3")
    done = run("bare.csv", "--rank", 3, "--null", 1, *said, cwd=tmp_path)
    assert done.returncode == 0 and "- interactions, 9 x " in done.stdout, done.stderr


def test_a_parquet_of_vectors_keeps_its_names(rows, tmp_path):
    frame = pd.DataFrame({"item": [f"song {k}" for k in range(400)], "vector": list(rows)})
    frame.to_parquet(tmp_path / "mine.parquet")
    own = read_own(str(tmp_path / "mine.parquet"))
    found = spikes_of(own, [12], null=0)
    assert own.kind == "embedding"
    assert found.spikes["item"].iloc[7] == "song 7"
    assert found.curve["null_mean"].isna().all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("objects.npy",), "never unpickled"),
        (("one.npy",), "at least 2 rows"),
        (("vector.npy",), "a matrix of real numbers"),
        (("nan.npy",), "expected finite numbers"),
        (("mine.npy", "--rank", "13"), "ranks must be"),
        (("mine.npy", "--cosine", "1"), "--cosine must be"),
        (("mine.npy", "--coverage", "0"), "--coverage must be"),
        (("mine.npy", "--kind", "grahp"), "--kind must be one of"),
        (("mine.npy", "--kind", "graph"), "must be square"),
        (
            ("skew.npz", "--kind", "graph"),
            "expected a symmetric matrix, for a graph; found 1 at (0, 1) and 2 at (1, 0)",
        ),
        (("none.npy",), "No such file"),
        (("empty.npy",), "a .npy file of numbers"),
    ],
)
def test_bad_input_exits_with_2_in_one_sentence(arguments, message, run, rows, tmp_path):
    np.save(tmp_path / "mine.npy", rows)
    np.save(tmp_path / "one.npy", rows[:1])
    np.save(tmp_path / "vector.npy", rows[0])
    np.save(tmp_path / "nan.npy", np.where(rows > 3, np.nan, rows))
    (tmp_path / "objects.npy").write_bytes(b"")
    np.save(tmp_path / "objects.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    (tmp_path / "empty.npy").write_bytes(b"")
    sparse.save_npz(tmp_path / "skew.npz", sparse.csr_array([[0.0, 1.0], [2.0, 0.0]]))
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_matrix_that_ends_before_the_ranks_asked_for(run, tmp_path):
    """A star has rank 2: no dimension beyond is a direction, whatever the scaling, and the same is printed every time."""
    (tmp_path / "star.edges").write_text("".join(f"hub leaf{k}\n" for k in range(300)))
    for options, ranks in ((("--rank", 2, "--rank", 16), [2]), (("--rank", 16), [2]), ((), [2])):
        out = [run("star.edges", *options, "--scaling", "unit", "--null", 1, cwd=tmp_path) for _ in range(2)]
        assert [one.returncode for one in out] == [0, 0] and out[0].stdout == out[1].stdout
        assert "the matrix has rank 2 up to rounding" in out[0].stdout
        curve = spikes_of(read_own(str(tmp_path / "star.edges")), options[1::2], null=0).curve
        assert curve["rank"].tolist() == ranks
    refused = run("star.edges", "--rank", 301, cwd=tmp_path)
    assert refused.returncode == 2 and "ranks must be at most 300" in refused.stderr


def test_a_large_file_stays_on_disk_and_gives_the_same_spikes(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    rays = rng.standard_normal((5, 12))
    rows = rays[np.arange(400) % 5] * rng.lognormal(0, 0.7, 400)[:, None] + 0.01 * rng.standard_normal(
        (400, 12)
    )
    np.save(tmp_path / "mine.npy", rows.astype(np.float32))
    small = read_own(str(tmp_path / "mine.npy"))
    monkeypatch.setattr("experiments.matrices.vectors_archives.MAPPED", 0)
    monkeypatch.setattr("experiments.real.own_embedding.NARROW", 0)
    large = read_own(str(tmp_path / "mine.npy"))
    assert isinstance(large.data, np.memmap) and not isinstance(small.data, np.memmap)
    one, other = (spikes_of(own, [2, 12], null=0) for own in (small, large))
    assert one.curve["peaks"].tolist() == other.curve["peaks"].tolist()
    assert one.spikes["spike"].tolist() == other.spikes["spike"].tolist()
    np.testing.assert_allclose(one.spikes["norm"], other.spikes["norm"], rtol=1e-6)


def test_what_is_wrong_with_vectors_is_said_after_the_table_and_of_vectors_alone(run, tmp_path):
    rng = np.random.default_rng(3)
    vectors = rng.standard_normal((300, 8))
    vectors[5] = vectors[200]
    vectors[17] = 0
    names = [f"film-{k}" for k in range(300)]
    lines = [f"{name} {' '.join(map(repr, row.tolist()))}" for name, row in zip(names, vectors)]
    (tmp_path / "mine.vec").write_text("\n".join(["300 8", *lines]))
    done = run("mine.vec", "--rank", 4, "--null", 1, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    table, checks = done.stdout.split("checks of the vectors: ")
    assert "Spk" in table and checks.startswith("3 of 7 found something")
    assert "- rows of zeros: 1 row is all zeros (film-17)" in checks
    assert "- near-duplicates: 2 rows are nearly the same (film-5 and film-200)" in checks
    assert "- Drift of the basis: Not looked at" in checks
    sparse.save_npz(tmp_path / "graph.npz", sparse.csr_array(np.ones((20, 20)) - np.eye(20)))
    done = run("graph.npz", "--kind", "graph", "--rank", 2, "--null", 0, cwd=tmp_path)
    assert done.returncode == 0 and "checks" not in done.stdout
