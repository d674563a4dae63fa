"""Any graph, written in every format by us and by the libraries that own the formats, is read as the same matrix."""

import igraph
import networkx as nx
import numpy as np
import pytest
import scipy.io
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from scipy import sparse

from experiments.matrices import load
from experiments.matrices.bad_input import BadInput
from experiments.matrices.writers import OF_GRAPHS, write_matrix
from simulate import from_networkx, to_networkx

WEIGHTS = st.one_of(
    st.just(1.0),
    st.integers(1, 9).map(float),
    st.floats(2.0**-60, 2.0**60, allow_nan=False),
    st.sampled_from([0.1, 1 / 3, 1e-300, 1e300, 2**53 + 2.0]),
)


@st.composite
def graphs(draw):
    """A symmetric matrix with at least one edge, perhaps loops and isolated nodes; weights of ones or of anything."""
    n = draw(st.integers(2, 9))
    pairs = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), min_size=1, max_size=14))
    weighted = draw(st.booleans())
    dense = np.zeros((n, n))
    for i, j in [(0, 1), *pairs]:
        dense[i, j] = dense[j, i] = draw(WEIGHTS) if weighted else 1.0
    return sparse.csr_array(dense)


def aligned(read, n):
    """The matrix in the order of the nodes 0..n-1; nodes that a format cannot hold are added."""
    names = range(n) if read.items is None else [int(name) for name in read.items]
    place = {name: k for k, name in enumerate(names)}
    dense = read.graph.toarray()
    return np.array(
        [[dense[place[i], place[j]] if {i, j} <= set(place) else 0.0 for j in range(n)] for i in range(n)]
    )


def files_by_others(graph, folder):
    """The same graph as SciPy and networkx write it: loops are kept, which the readers leave out."""
    for kind in ("csr", "csc", "coo", "bsr", "dia"):
        path = folder / f"scipy_{kind}.npz"
        sparse.save_npz(path, graph.asformat(kind))
        yield path
    for symmetry in ("general", "symmetric"):
        path = folder / f"scipy_{symmetry}.mtx"
        scipy.io.mmwrite(path, sparse.coo_array(graph), symmetry=symmetry, precision=17)
        yield path
    theirs = to_networkx(graph)
    nx.write_graphml(theirs, folder / "networkx.graphml")
    yield folder / "networkx.graphml"
    nx.write_edgelist(theirs, folder / "networkx.edges")
    yield folder / "networkx.edges"
    nx.write_weighted_edgelist(nx.Graph(graph.toarray()), folder / "weighted.edges")
    yield folder / "weighted.edges"


def written_by_igraph(graph, folder):
    """The same graph as igraph writes it, which rounds weights to 15 digits."""
    ends = sparse.coo_array(sparse.triu(graph))
    theirs = igraph.Graph(
        graph.shape[0], np.column_stack(ends.coords).tolist(), edge_attrs={"weight": ends.data}
    )
    theirs.vs["name"] = list(map(str, range(graph.shape[0])))
    theirs.write_graphml(str(folder / "igraph.graphml"))
    return folder / "igraph.graphml"


@given(graph=graphs())
@example(graph=sparse.csr_array([[0.0, 2.0**53], [2.0**53, 0.0]]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_graph_is_one_matrix(graph, tmp_path):
    dense = graph.toarray()
    np.fill_diagonal(dense, 0.0)
    right = sparse.csr_array(dense)
    for ending in OF_GRAPHS:
        write_matrix(graph, tmp_path / f"ours{ending}", graph=True, overwrite=True)
        read = load(tmp_path / f"ours{ending}")
        assert read.items is None or read.items.tolist() == list(map(str, range(len(dense))))
        for part in ("data", "indices", "indptr"):  # the same numbers to the last bit, in the same order
            assert getattr(read.graph, part).tolist() == getattr(right, part).tolist(), ending
    for path in files_by_others(graph, tmp_path):
        options = {}
        if path.name == "weighted.edges" and (graph.data >= 1e8).all() and not (graph.data % 1).any():
            # nothing in this file says that its third column holds weights, not Unix times
            with pytest.raises(BadInput, match="as Unix times are"):
                load(path)
            options = {"kind": "graph", "columns": ("1", "2", "3")}
        assert (aligned(load(path, **options), len(dense)) == dense).all(), path.name
    np.testing.assert_allclose(
        aligned(load(written_by_igraph(graph, tmp_path)), len(dense)), dense, rtol=1e-14
    )
    assert (from_networkx(to_networkx(graph)).graph.toarray() == graph.toarray()).all()
