"""Graphs in shards as folders: written, interrupted, continued, read again, and what a damaged or strange folder says."""

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from experiments.matrices import load
from experiments.matrices.bad_input import BadInput
from experiments.matrices.edge_shards import MANIFEST, read_folder, read_shards, stored_degrees
from experiments.matrices.shard_writing import begin_shards, begun_alone, write_shard, write_shards
from simulate import Pareto, ShardedGraph, dcbm
from simulate.sampling.sharded_graphs import Shard

pq = pytest.importorskip("pyarrow.parquet")
pa = pytest.importorskip("pyarrow")


def graph_of(seed=1, shards=5, law="bernoulli", nodes=600):
    law_of_popularity = Pareto(2.5, maximum=10)
    model = dcbm(nodes, 3, mean_degree=8, heterogeneity=law_of_popularity, rng=np.random.default_rng(0))
    return ShardedGraph(model, shards, np.random.default_rng(seed), law=law)


def written(path, graph):
    return write_shards(begin_shards(path, graph), graph)


def contents(path):
    return {file.name: file.read_bytes() for file in sorted(path.iterdir())}


@pytest.mark.parametrize("law", ["bernoulli", "poisson"])
def test_a_graph_is_written_and_read_again(law, tmp_path):
    graph = graph_of(law=law)
    edges, drawn = written(tmp_path / "g", graph)
    real = load(str(tmp_path / "g"))
    assert drawn == 5 and real.graph.sum() == 2 * edges
    assert real.labels.tolist() == graph.model.labels.tolist()
    degrees, counted = stored_degrees(read_folder(tmp_path / "g"))
    assert counted == edges and degrees.tolist() == np.asarray(real.graph.sum(axis=1)).tolist()
    # the sum of squared standardised degrees, nearly chi-squared with 600 degrees of freedom; 1e-6 lies at 1.3
    expected = graph.model.expected_degrees()
    assert ((degrees - expected) ** 2 / expected).mean() < 1.35


def test_an_interrupted_run_goes_on_and_ends_with_the_same_bytes(tmp_path):
    written(tmp_path / "a", graph_of())
    graph = graph_of()
    folder = begin_shards(tmp_path / "b", graph)

    def stop(done, of, failed):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_shards(folder, graph, stop)
    kept = len(contents(tmp_path / "b"))
    assert kept < 7
    (tmp_path / "b" / "edges-00000-of-00005.parquet").write_bytes(b"PAR1 cut")
    _, drawn = written(tmp_path / "b", graph_of())
    assert 2 <= drawn <= 4
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_a_folder_of_another_graph_or_of_other_things_is_left_alone(tmp_path):
    written(tmp_path / "g", graph_of())
    before = contents(tmp_path / "g")
    for other in (graph_of(seed=2), graph_of(shards=4), graph_of(law="poisson")):
        with pytest.raises(ValueError, match="holds another graph in shards"):
            begin_shards(tmp_path / "g", other)
    assert contents(tmp_path / "g") == before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("x")
    for overwrite in (False, True):
        with pytest.raises(
            ValueError, match=r"must be empty, or hold a graph in shards; it holds thesis\.tex"
        ):
            begin_shards(tmp_path / "mine", graph_of(), overwrite=overwrite)
    with pytest.raises(ValueError, match="must be a folder"):
        begin_shards(tmp_path / "mine" / "thesis.tex", graph_of())


def test_overwriting_leaves_no_shard_of_the_graph_before(tmp_path):
    written(tmp_path / "g", graph_of())
    graph = graph_of(seed=2, shards=3)
    write_shards(begin_shards(tmp_path / "g", graph, overwrite=True), graph)
    written(tmp_path / "alone", graph_of(seed=2, shards=3))
    assert contents(tmp_path / "g") == contents(tmp_path / "alone")


def change(path, name, **columns):
    table = pq.read_table(path / name)
    for column, values in columns.items():
        table = table.set_column(table.schema.get_field_index(column), column, pa.array(values))
    pq.write_table(table.replace_schema_metadata(pq.read_schema(path / name).metadata), path / name)


def test_what_a_damaged_folder_says(tmp_path):
    written(tmp_path / "g", graph_of())
    part = tmp_path / "g" / "edges-00002-of-00005.parquet"
    whole, manifest = part.read_bytes(), (tmp_path / "g" / MANIFEST).read_text()

    def refused(words):
        with pytest.raises(BadInput, match=words):
            load(str(tmp_path / "g"))

    part.unlink()
    refused("edges-00002-of-00005.parquet: expected a shard of the graph; found no such file")
    part.write_bytes(whole[:-20])
    refused("a damaged one")
    part.write_bytes(whole)
    change(tmp_path / "g", part.name, target=np.full(pq.read_metadata(part).num_rows, 600))
    refused("column target: expected numbers from 0 to 599; found 600 to 600")
    other = graph_of(seed=9)
    written(tmp_path / "h", other)
    part.write_bytes((tmp_path / "h" / part.name).read_bytes())
    refused("expected a file of this graph; found one of another graph")
    part.write_bytes(whole)
    for key, value, words in (
        ("nodes", 10**15, "expected a column 'block' of 1,000,000,000,000,000 rows"),
        ("shards", 10**12, "1000000000000 shards"),
        ("law", 3, "'law' is 3"),
        ("format", 9, "the format 9"),
    ):
        (tmp_path / "g" / MANIFEST).write_text(json.dumps({**json.loads(manifest), key: value}))
        refused(words)
    (tmp_path / "g" / MANIFEST).write_text(manifest)
    assert (
        sum(piece.n_edges for piece in read_shards(read_folder(tmp_path / "g")))
        == load(str(tmp_path / "g")).graph.sum() / 2
    )


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (([0, 1], [1], None), r"must have as many rows each; got \[2, 1\]"),
        (([0, 1], [1, 2], [1]), r"must have as many rows each; got \[2, 2, 1\]"),
        (([0], [1], [2**31]), "whole numbers from 1 to 2,147,483,647; got 2147483648"),
        (([0], [1], [0]), "whole numbers from 1 to 2,147,483,647; got 0"),
    ],
)
def test_no_shard_is_written_whose_columns_do_not_belong_together(columns, words, tmp_path):
    folder = begin_shards(tmp_path / "g", graph_of())
    drawn = Shard(*(None if column is None else np.array(column) for column in columns))
    with pytest.raises(ValueError, match=words):
        write_shard(folder, folder.part(0), drawn)
    assert not folder.part(0).exists()


def test_two_graphs_that_are_begun_at_once_share_no_folder(tmp_path):
    """The folder is as free for the second as for the first, until the first is in it."""
    with begun_alone(tmp_path / "g", graph_of()) as folder:
        with ThreadPoolExecutor(1) as pool:
            other = pool.submit(lambda: begun_alone(tmp_path / "g", graph_of(seed=9), wait=0).__enter__())
            with pytest.raises(TimeoutError, match="another command that is at work in"):
                other.result(60)
        write_shards(folder, graph_of())
    with (
        pytest.raises(ValueError, match="holds another graph"),
        begun_alone(tmp_path / "g", graph_of(seed=9)),
    ):
        raise AssertionError
