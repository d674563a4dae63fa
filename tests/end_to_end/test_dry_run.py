"""`--dry-run` prints a plan and does nothing else, for every command that computes; what does not fit ends before it begins."""

import re

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from simulate.available_memory import supposed_memory

GIB = 2**30
MODEL = '[model]\nkind = "graph"\nnodes = {}\nblocks = 2\nmean_degree = {}\n'
STUDY = 'trial = "peaks_of_a_block_model"\nreplicates = 1\n[grid]\nn = [60]\n[fixed]\nmean_degree = 10\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Inputs of every kind."""
    made = tmp_path_factory.mktemp("inputs")
    rng = np.random.default_rng(0)
    (made / "model.toml").write_text(MODEL.format(500, 10))
    (made / "vast.toml").write_text(MODEL.format(10**6, 2000))
    np.save(made / "vectors.npy", rng.standard_normal((300, 8)))
    log = (rng.random((300, 40)) < 0.15).astype(np.float32)
    sparse.save_npz(made / "log.npz", sparse.csr_array(log))
    contexts, items = np.nonzero(log)
    (made / "shards").mkdir()
    pd.DataFrame({"context": contexts, "item": items}).to_parquet(made / "shards" / "part.parquet")
    return made


LINES = [
    ("sample model.toml -o graph.npz", ["draw the matrix", "write .npz"]),
    ("sample model.toml -o edges --shards 4", ["draw and write the shards"]),
    (
        "spk vectors.npy",
        [
            "read vectors.npy",
            "turn to principal axes",
            "find the peaks",
            "the same for 3 nulls",
            "check the vec",
        ],
    ),
    (
        "spk log.npz --null 1 --rank 4 --out out",
        ["read log.npz", "count pairs of items", "embed the matrix at f = 4", "for 1 null"],
    ),
    (
        "stability log.npz --out out",
        ["embed the matrix", "find the neighbours", "the same for 4 thinned logs"],
    ),
    ("stability vectors.npy vectors.npy --out out", ["read vectors.npy", "find the neighbours"]),
    (
        "compare log.npz --twins 7 --out out",
        [
            "analyse log.npz",
            "choose the rank",
            "describe log",
            "7 twins",
            "5 curves",
            "5 nulls",
            "draw the page",
        ],
    ),
    ("compare vectors.npy --out out", ["turn to principal axes", "the same for 5 nulls"]),
    (
        "analyse shards --out out",
        ["split the log", "count pairs of items by blocks", "find 64 eigenpairs", "find the peaks"],
    ),
    ("verify A1 C2 --out out", ["try A1", "try C2", "judge, and draw the page"]),
    ("map B2 --out out", ["try B2", "fit the boundary"]),
    ("falsify B2 --out out", ["try B2"]),
    ("sweep noise --set n=60 --out out", ["run the tasks"]),
]


@pytest.mark.parametrize(
    ("line", "steps"), LINES, ids=[line.split()[0] + str(k) for k, (line, _) in enumerate(LINES)]
)
def test_the_plan_is_printed_and_nothing_written(line, steps, folder, spikeproof):
    before = sorted(path.relative_to(folder) for path in folder.rglob("*"))
    told = spikeproof(*line.split(), "--dry-run", cwd=folder)
    assert told.returncode == 0, told.stderr
    places = [told.stdout.find(step) for step in steps]
    assert -1 not in places and places == sorted(places), told.stdout
    assert re.search(
        r"iB of memory at most, .* of processor time; there are .*: it\s+fits", told.stdout, re.DOTALL
    )
    assert sorted(path.relative_to(folder) for path in folder.rglob("*")) == before


def test_every_command_that_computes_has_the_option():
    from spikeproof import analyse, compare, falsify, map, sample, spk, stability, sweep, verify

    functions = [
        analyse.analyse, compare.compare, falsify.falsify, map.map_, sample.sample, spk.spk, stability.stability,
        sweep.sweep, verify.verify,
    ]  # fmt: skip
    assert {line.split()[0] for line, _ in LINES} == {one.__name__.rstrip("_") for one in functions}
    assert all("dry_run" in one.__annotations__ for one in functions)


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_a_graph_that_does_not_fit_is_refused_before_it_is_drawn_with_shards_that_do(
    more, folder, spikeproof
):
    with supposed_memory(2 * GIB):
        told = spikeproof("sample", "vast.toml", "-o", "g.npz", *more, cwd=folder)
    assert told.returncode == 2 and not (folder / "g.npz").exists()
    said = " ".join(told.stderr.split())
    found = re.search(
        r"needs about (\S+) GiB, and there are (\S+) GiB .* this fits: (spikeproof sample .*) --shards (\d+)$",
        said,
    )
    assert found, said
    assert float(found[1]) == pytest.approx(1e9 * (16 + 18) / GIB + 0.42, rel=0.01)
    assert found[3] == "spikeproof sample vast.toml -o g-shards"
    with supposed_memory(2 * GIB):
        fits = spikeproof(*found[3].split()[1:], "--shards", found[4], "--dry-run", cwd=folder)
    assert fits.returncode == 0


def test_a_rank_that_fits_is_named_where_a_log_does_not(folder, spikeproof):
    rows = np.arange(200_000)
    ends = np.concatenate([rows, rows + 1]), np.concatenate([rows + 1, rows])
    graph = sparse.csr_array((np.ones(400_000, np.float32), ends), shape=(200_001, 200_001))
    sparse.save_npz(folder / "path.npz", graph)
    with supposed_memory(2**28):
        told = spikeproof("spk", "path.npz", cwd=folder)
    (folder / "path.npz").unlink()
    said = " ".join(told.stderr.split())
    assert told.returncode == 2
    assert re.search(
        r"not enough memory to .*: it needs about .* this fits: spikeproof spk path.npz --rank \d+$", said
    ), said


def test_what_cannot_be_looked_at_is_refused_in_the_words_of_the_reader(tmp_path, spikeproof):
    (tmp_path / "x.npy").write_bytes(b"\x93NUMPY nothing")
    with_plan, without = (spikeproof("spk", "x.npy", *more, cwd=tmp_path) for more in (("--dry-run",), ()))
    assert with_plan.returncode == without.returncode == 2
    assert with_plan.stderr == without.stderr


PLANS = {
    "sample": "of_sample.plan_of_sample",
    "spk": "of_spk.plan_of_spk",
    "stability": "of_stability.plan_of_stability",
    "compare": "of_compare.plan_of_compare",
    "analyse": "of_analyse.plan_of_analysis",
    "verify": "of_claims.plan_of_claims",
    "map": "of_claims.plan_of_map",
    "falsify": "of_claims.plan_of_falsification",
}
FAULTS = [
    KeyError("rows"),
    ValueError("math domain error"),
    ZeroDivisionError("division by zero"),
    MemoryError(),
]


def failing(monkeypatch, command, fault):
    """Let the plan of a command fail."""

    def fail(*given, **options):
        raise fault

    monkeypatch.setattr(f"experiments.estimates.{PLANS[command]}", fail)


@pytest.mark.parametrize("fault", FAULTS, ids=[type(fault).__name__ for fault in FAULTS])
@pytest.mark.parametrize("line", ["spk vectors.npy --null 0 --rank 2", "stability vectors.npy vectors.npy"])
def test_where_the_estimate_fails_one_sentence_says_so_and_the_command_goes_on(
    line, fault, folder, spikeproof, monkeypatch
):
    usual = spikeproof(*line.split(), cwd=folder)
    failing(monkeypatch, line.split()[0], fault)
    told = spikeproof(*line.split(), cwd=folder)
    assert told.returncode == 0 and told.stdout == usual.stdout
    said = " ".join(told.stderr.split())
    assert said.count("warning: memory and time of this command cannot be estimated") == 1
    assert f"({type(fault).__name__}: " in said and said.endswith("is not refused beforehand")


@pytest.mark.parametrize(
    "line", {line.split()[0]: line for line, _ in LINES if not line.startswith("sweep")}.values()
)
def test_a_dry_run_whose_estimate_fails_ends_and_names_the_cause(line, folder, spikeproof, monkeypatch):
    failing(monkeypatch, line.split()[0], KeyError("rows"))
    told = spikeproof(*line.split(), "--dry-run", cwd=folder)
    assert told.returncode == 2 and told.stdout == ""
    said = " ".join(told.stderr.split())
    assert said == "error: memory and time of this command cannot be estimated (KeyError: 'rows')"


def test_a_calibration_that_fails_is_named_too(folder, spikeproof, monkeypatch):
    def fail(works):
        raise RuntimeError("no clock")

    monkeypatch.setattr("experiments.estimates.calibration.slowness", fail)
    told = spikeproof("spk", "vectors.npy", "--dry-run", cwd=folder)
    assert told.returncode == 2 and "(RuntimeError: no clock)" in told.stderr


@pytest.mark.parametrize(
    "line",
    [
        "stability nowhere.npy nowhere.npy",
        "stability nowhere.npy nowhere.npy --dry-run",
        "compare nowhere.npz --out none",
        "compare nowhere.npz --out none --dry-run",
        "analyse nowhere --out none",
        "analyse nowhere --out none --dry-run",
        "sample model.toml -o graph.xyz",
        "sample model.toml -o graph.xyz --dry-run",
    ],
)
def test_a_wrong_input_is_told_once_and_not_as_a_failed_estimate(line, folder, spikeproof):
    told = spikeproof(*line.split(), cwd=folder)
    assert told.returncode == 2
    assert "estimated" not in told.stderr and told.stderr.count("error: ") == 1
