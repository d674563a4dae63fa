"""A matrix beside its twins and nulls, through the function that the command calls."""

import json

import numpy as np
import pytest
from scipy import stats

from experiments.matrices.writers import write_matrix
from experiments.real.compared import CURVES, NULLS, comparison
from experiments.real.comparison import compare
from experiments.running.export import read_rows
from reports.advice import what_to_do
from reports.analyses import read_analyses, read_manifest
from reports.answers import spiky
from reports.sentences import overview
from simulate import Constant, LogNormal, bipartite_dcbm, dcbm, sample_bipartite, sample_graph


def rows_of(folder, source, column="measured"):
    return [json.loads(text) for text in read_rows(folder, f"compare-{source}")[column]]


@pytest.fixture(scope="module")
def eight(tmp_path_factory):
    """A graph of a DCBM of eight blocks, compared with blocks by spikes; deterministic at its seeds."""
    base = tmp_path_factory.mktemp("eight")
    rng = np.random.default_rng(0)
    model = dcbm(800, 8, heterogeneity=LogNormal(0.4), mean_degree=60, mixing=0.05, rng=rng)
    graph = sample_graph(model, rng, law="poisson")
    write_matrix(graph, base / "eight.npz", labels=model.labels, propensities=model.propensities, graph=True)
    compare([str(base / "eight.npz")], twins=6, rank=8, out=base / "out")
    return base / "out"


def test_a_sample_of_a_block_model_is_as_spiky_as_its_twins_with_blocks_by_spikes(eight):
    # blocks found in the half of the rows that Spk covers left out a block or more: twins then needed 1.5 to 3 times the peaks
    peaks = rows_of(eight, "real")[0]["peaks_at_rank"]
    twins = [one["peaks_at_rank"] for one in rows_of(eight, "twin")]
    assert min(twins) <= peaks <= max(twins)
    assert max(twins) <= 1.5 * peaks
    assert min(one["peaks_at_rank"] for one in rows_of(eight, "null")) > 5 * peaks


def test_a_twin_stands_beside_the_matrix_and_beside_a_twin_of_its_own(eight):
    peaks = rows_of(eight, "real")[0]["peaks_at_rank"]
    for twin in rows_of(eight, "twin"):
        # every row has a direction here, in the matrix and in the twin
        assert twin["beside_matrix"]["peaks_at_rank"] == [peaks, twin["peaks_at_rank"]]
        assert twin["beside_own_twin"]["peaks_at_rank"][0] == twin["peaks_at_rank"]
        assert "spk" not in twin
    assert all(len(one["spk"]) == 11 for one in rows_of(eight, "curve"))


def test_eight_communities_are_told_from_chance_and_a_block_model_explains_them(eight):
    ((_, words),) = overviews(eight)
    assert "spikier than chance" in words and "as spiky as its twins" in words


def test_its_spikes_are_its_blocks_and_its_communities(eight):
    about = rows_of(eight, "real", "described")[0]
    assert about["parts"] == 8
    agreed = {(row["first"], row["second"]): row["nmi"] for row in about["agreement"]}
    # a handful of the 800 rows lie nearest to another block's peak
    assert agreed["spikes", "labels"] > 0.97
    assert agreed["spikes", "Leiden communities"] > 0.97
    assert sum(row["size"] for row in about["spikes"]) == 800


def test_the_manifest_says_what_was_run(eight):
    manifest = json.loads((eight / "compare.json").read_text())
    assert manifest["rank"] == "given" and list(manifest["ranks"].values()) == [8] and manifest["twins"] == 6


def test_four_studies_of_all_matrices():
    real, twin, curve, null = comparison(
        {"davis": 3, "les-miserables": 5}, "leiden", 7, reading={"columns": (1, 2)}
    )
    assert [study.replicates for study in (real, twin, curve, null)] == [1, 7, CURVES, NULLS]
    assert [(cell["matrix"], cell["rank"]) for cell in twin.grid] == [("davis", 3), ("les-miserables", 5)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"matrices": []}, "at least one matrix"),
        ({"blocks": "spike"}, "did you mean 'spikes'"),
        ({"blocks": "labels"}, "davis, which has no labels"),
        ({"rank": 18}, "rank must be at most 17 for davis; got 18"),
        ({"twins": 0}, "twins must be"),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_run(options, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        compare(**{"matrices": ["davis"], "twins": 1, "out": tmp_path / "out", **options})
    assert not (tmp_path / "out" / "store.sqlite").exists()


def test_the_unit_of_weights_changes_neither_the_rank_nor_any_number_of_peaks(tmp_path):
    # drawn in thirds of an edge, hundreds and cents; the first gave "less spiky", the last "more spiky" than the twins
    rng = np.random.default_rng(0)
    model = dcbm(200, 3, heterogeneity=LogNormal(0.4), mean_degree=20, mixing=0.1, rng=rng)
    graph = sample_graph(model, rng, law="poisson", dtype=np.float64)
    seen = []
    for unit in (1.0, 100.0, 0.25):
        write_matrix(graph * unit, tmp_path / "graph.npz", graph=True, overwrite=True)
        out = tmp_path / str(unit)
        compare([str(tmp_path / "graph.npz")], twins=3, out=out)
        peaks = [one["peaks_at_rank"] for source in ("real", "twin", "null") for one in rows_of(out, source)]
        seen.append((json.loads((out / "compare.json").read_text())["ranks"], peaks))
    assert seen[0] == seen[1] == seen[2]


def test_every_step_is_told_also_before_the_first_task(tmp_path):
    told = []
    compare(["davis"], twins=1, out=tmp_path, progress=lambda *numbers: told.append(numbers))
    total = 1 + 1 + 1 + NULLS  # the matrix, a twin, the curve of a twin, the nulls
    assert told[:3] == [(0, total, 0)] * 3 and told[-1] == (total, total, 0)
    assert len(told) > total + 5  # reading, analysing, three draws of the null, the start of the run


def overviews(folder):
    analyses, failures = read_analyses(folder, read_manifest(folder))
    assert not failures
    return [(one, overview(one.name, one.real, one.measured, one.described)) for one in analyses]


def exact_models(count, folder):
    """Graphs of three equal blocks with equal degrees: three peaks in the graph and in nearly every twin."""
    for k in range(count):
        rng = np.random.default_rng(k)
        model = dcbm(240, 3, heterogeneity=Constant(), mean_degree=40, mixing=0.1, rng=rng)
        path = folder / f"exact{k}.npz"
        write_matrix(sample_graph(model, rng, law="poisson"), path, graph=True)
        yield str(path)


def logs_without_communities(count, folder):
    for k in range(count):
        rng = np.random.default_rng([3, k])
        model = bipartite_dcbm(400, 150, 1, heterogeneity=LogNormal(0.8), mean_length=8.0, rng=rng)
        path = folder / f"log{k}.npz"
        write_matrix(sample_bipartite(model, rng, clip=True), path, graph=False)
        yield str(path)


@pytest.mark.parametrize("count", [1, pytest.param(12, marks=pytest.mark.slow)])
def test_an_exact_block_model_is_as_spiky_as_its_twins(count, tmp_path):
    """At a p-value of 2/20 each: more than 10 of 12 have a chance below 1e-9, and one alone is deterministic at its seed."""
    compare(list(exact_models(count, tmp_path)), twins=19, rank=3, out=tmp_path / "out")
    told = overviews(tmp_path / "out")
    departing = [words for _, words in told if "as spiky as its twins" not in words]
    assert len(told) == count and len(departing) <= (0 if count == 1 else 10)


@pytest.mark.filterwarnings("ignore:P exceeds 1")
@pytest.mark.parametrize("count", [3, pytest.param(20, marks=pytest.mark.slow)])
def test_logs_without_communities_show_none_and_get_no_advice(count, tmp_path):
    """None is called spiky. By its level the rule sees structure in at most 0.4 % of such logs: a binomial bound of 1e-6."""
    compare(list(logs_without_communities(count, tmp_path)), twins=1, out=tmp_path / "out")
    told = overviews(tmp_path / "out")
    assert len(told) == count
    assert all(not spiky(one).lead.startswith("Yes") for one, _ in told)
    # what was measured may be said, but nothing is advised that assumes communities
    advised = sum("communities" not in (said := what_to_do(one)).lead + said.text for one, _ in told)
    assert advised <= stats.binom.isf(1e-6, count, 0.004)
