"""Objects of Python stand in for files: arrays, sparse matrices, networkx graphs, frames of pandas and polars."""

import networkx
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from experiments import load, read_own, spikes_of
from experiments.matrices import BadInput

X = np.array([[1, 0, 1], [1, 1, 0], [0, 1, 1], [1, 1, 1]])
RING = np.roll(np.eye(6), 1, 0) + np.roll(np.eye(6), -1, 0)


@pytest.mark.parametrize("make", [np.asarray, sparse.coo_array, sparse.csc_matrix, sparse.lil_array, list])
def test_every_kind_of_matrix_is_the_same_interactions(make):
    real = load(make(X.tolist() if make is list else X))
    assert (real.interactions.toarray() == X).all() and real.graph is None


def test_square_symmetric_matrices_and_networkx_are_graphs():
    graph = networkx.relabel_nodes(networkx.cycle_graph(6), {0: "a", 1: "b"})
    assert (load(sparse.csr_array(RING)).graph.toarray() == RING).all()
    real = load(graph)
    assert real.items.tolist() == ["a", "b", "2", "3", "4", "5"] and (real.graph.toarray() == RING).all()
    assert load(RING, kind="interactions").graph is None
    assert load(real) is real


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_frames_are_logs_and_embeddings(library):
    frames = pytest.importorskip(library)
    log = frames.DataFrame(
        {"user": ["p", "p", "q", "q"], "item": ["x", "y", "y", "z"], "plays": [1, 2, 3, 4]}
    )
    real = load(log, columns=("user", "item"))
    assert real.items.tolist() == ["x", "y", "z"] and real.interactions.toarray().tolist() == [
        [1, 1, 0],
        [0, 1, 1],
    ]
    rows = np.random.default_rng(0).standard_normal((30, 4))
    columns = {"word": [f"w{k}" for k in range(30)], **{f"d{k}": rows[:, k] for k in range(4)}}
    own = read_own(frames.DataFrame(columns))
    assert own.kind == "embedding" and (own.data == rows).all() and own.items[3] == "w3"


def test_an_index_of_pandas_names_the_rows():
    rows = np.random.default_rng(0).standard_normal((9, 3))
    own = read_own(pd.DataFrame(rows, index=[f"w{k}" for k in range(9)]))
    assert own.items.tolist() == [f"w{k}" for k in range(9)] and (own.data == rows).all()


def test_spikes_of_objects_are_those_of_their_files(tmp_path):
    rows = np.random.default_rng(0).standard_normal((60, 4))
    np.save(tmp_path / "x.npy", rows)
    of_file, of_object = (spikes_of(source, null=1).curve for source in (tmp_path / "x.npy", rows))
    pd.testing.assert_frame_equal(of_file, of_object)
    sparse.save_npz(tmp_path / "x.npz", sparse.csr_array(np.kron(X, np.ones((4, 4)))))
    of_file, of_object = (
        spikes_of(source, [2], null=1).curve
        for source in (str(tmp_path / "x.npz"), sparse.csr_array(np.kron(X, np.ones((4, 4)))))
    )
    pd.testing.assert_frame_equal(of_file, of_object)


def test_spikes_have_the_labels_of_a_table_of_items():
    rows = np.random.default_rng(0).standard_normal((20, 3))
    table = pd.DataFrame(
        {"id": range(19), "name": [f"song {k}" for k in range(19)], "genre": ["a", "b"] * 9 + [""]}
    )
    own = read_own(rows, items=table, label_column="genre")
    spikes = spikes_of(own, null=0).spikes
    assert spikes["item"].tolist() == [f"song {k}" for k in range(19)] + ["19"]
    assert spikes["label"].tolist() == ["a", "b"] * 9 + ["", ""]


@pytest.mark.parametrize(
    ("source", "options", "message"),
    [
        (np.array([[1.0, -1.0]]), {}, "at least 0; got -1"),
        (np.array([[1.0, np.nan]]), {}, "finite"),
        (networkx.DiGraph([(0, 1)]), {}, "undirected"),
        (np.eye(3), {"columns": ("a", "b")}, "columns does not apply to ndarray"),
        (networkx.path_graph(3), {"kind": "interactions"}, "kind must be 'graph'"),
        ("text", {}, "matrix must be a file, a folder or a name"),
        (object(), {}, "must be a sparse matrix, an array of numbers"),
    ],
)
def test_what_is_no_matrix_is_refused(source, options, message):
    with pytest.raises((ValueError, TypeError), match=message):
        load(source, **options)


def test_vectors_of_objects_are_checked_as_those_of_files():
    with pytest.raises(BadInput, match="finite numbers"):
        read_own(np.array([[1.0, np.inf], [0.0, 1.0]]))
    with pytest.raises(ValueError, match="vectors must be a dense array"):
        read_own(sparse.csr_array(np.eye(3)), "embedding")
    with pytest.raises(ValueError, match="no columns to choose by name"):
        read_own(np.eye(3), name_column="a")
