"""Edge lists, GraphML, Matrix Market and Parquet: what they give, and what is said of a broken one."""

import gzip

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import scipy.io
from scipy import sparse

from experiments.matrices import BadInput, load


def written(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


class TestEdgeLists:
    def test_against_networkx(self, tmp_path):
        graph = nx.gnm_random_graph(30, 80, seed=1)
        nx.write_edgelist(graph, tmp_path / "g.edges", data=False)
        read = load(tmp_path / "g.edges")
        order = [int(item) for item in read.items]
        assert (read.graph.toarray() == nx.to_numpy_array(graph, nodelist=order)).all()

    def test_weights_add_up_loops_go_and_both_are_said(self, tmp_path):
        read = load(written(tmp_path, "g.edges", "# comment\na b 2\nb a 3\nc c 1\nb c 1.5\n"))
        assert read.graph.toarray().tolist() == [[0, 5, 0], [5, 0, 1.5], [0, 1.5, 0]]
        assert read.notes == ("1 edges were listed before; weights add up", "1 loops were left out")

    def test_repeats_without_weights_count_once(self, tmp_path):
        assert load(written(tmp_path, "g.edges", "a b\nb a\nb c\n")).graph.data.tolist() == [1, 1, 1, 1]

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("a b\nc\n", r"g\.edges, line 2, column 1: expected 2 or 3 fields .*; found 1: 'c'"),
            ("a b heavy\n", "line 1, column 3: expected a weight, a number of at least 0; found 'heavy'"),
            ("a b -1\n", "line 1, column 3"),
            ("a b nan\n", "line 1, column 3"),
            ("a a\n", "at least 2 nodes and an edge"),
            ("# nothing\n", "at least 2 nodes and an edge"),
        ],
    )
    def test_broken(self, tmp_path, text, message):
        with pytest.raises(BadInput, match=message):
            load(written(tmp_path, "g.edges", text))

    def test_bad_rows_are_skipped(self, tmp_path):
        assert (
            "1 bad row skipped" in load(written(tmp_path, "g.edges", "a b\nc\n"), skip_bad_rows=True).notes[0]
        )


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><graphml>&b;</graphml>'


class TestGraphml:
    def test_against_networkx(self, tmp_path):
        graph = nx.les_miserables_graph()
        nx.write_graphml(graph, tmp_path / "g.graphml")
        read = load(tmp_path / "g.graphml")
        assert read.items.tolist() == list(graph)
        assert (read.graph.toarray() == nx.to_numpy_array(graph)).all()

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            (BOMB, r"line 1, column 22: expected GraphML without entities; found <!DOCTYPE, refused"),
            (BOMB.replace("DOCTYPE", "doctype"), "refused"),
            ("<graphml>\n\n<!ENTITY a 'x'></graphml>", "line 3, column 1: .*ENTITY, refused"),
            (BOMB.encode("utf-16"), "another encoding"),
            ("<graphml>\n<graph", r"line 2, column \d+: expected sound XML"),
            ("<html></html>", "GraphML|an edge"),
        ],
    )
    def test_broken_or_hostile(self, tmp_path, text, message):
        with pytest.raises(BadInput, match=message):
            load(written(tmp_path, "g.graphml", text))

    def test_the_bomb_is_refused_before_anything_parses_it(self, tmp_path, monkeypatch):
        def parse(*_):
            raise AssertionError("the parser saw the bomb")

        monkeypatch.setattr(nx, "read_graphml", parse)
        with pytest.raises(BadInput, match="refused"):
            load(written(tmp_path, "g.graphml", " " * 5_000_000 + BOMB))


class TestMatrixMarket:
    @pytest.mark.parametrize("symmetric", [True, False])
    def test_against_scipy(self, tmp_path, symmetric):
        x = sparse.random(20, 20 if symmetric else 30, 0.2, random_state=np.random.default_rng(0))
        x.data[:] = 1
        if symmetric:
            x = sparse.csr_array(sparse.triu(x, 1) + sparse.triu(x, 1).T)
        scipy.io.mmwrite(tmp_path / "x.mtx", x)
        read = load(tmp_path / "x.mtx")
        assert ((read.graph if symmetric else read.interactions) != sparse.csr_array(x)).nnz == 0

    def test_gzipped_pattern(self, tmp_path):
        text = b"%%MatrixMarket matrix coordinate pattern general\n% c\n2 3 3\n1 1\n1 3\n2 3\n"
        read = load(written(tmp_path, "x.mtx.gz", gzip.compress(text)))
        assert read.interactions.toarray().tolist() == [[1, 0, 1], [0, 0, 1]]

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("1 1\n", r"x\.mtx, line 1, column 1: expected %%MatrixMarket"),
            ("%%MatrixMarket matrix array real general\n", "line 1, column 1"),
            (
                "%%MatrixMarket matrix coordinate real hermitian\n",
                "line 1, column 5: expected general or symmetric",
            ),
            (
                "%%MatrixMarket matrix coordinate real general\n2 99999999999 1\n",
                "line 2, column 2: expected a size",
            ),
            (
                "%%MatrixMarket matrix coordinate real general\n2 999999999 1\n1 1 1\n",
                r"line 2: expected a size of at most 1000 for each of 1 entries.*found 2 x 999,999,999",
            ),
            (
                "%%MatrixMarket matrix coordinate real general\n2 2 1\n1 3 1\n",
                "line 3, column 2: .*from 1 to 2; found 3",
            ),
            (
                "%%MatrixMarket matrix coordinate real general\n2 2 1\n1 2 x\n",
                "line 3, column 3: expected a finite",
            ),
            (
                "%%MatrixMarket matrix coordinate real general\n2 2 2\n1 2 1\n",
                "expected 2 entries, as declared; found 1",
            ),
            ("%%MatrixMarket matrix coordinate real symmetric\n2 3 1\n1 2 1\n", "square"),
            ("%%MatrixMarket matrix coordinate real general\n", "rows, columns and entries"),
        ],
    )
    def test_broken(self, tmp_path, text, message):
        with pytest.raises(BadInput, match=message):
            load(written(tmp_path, "x.mtx", text))


class TestParquet:
    def test_pairs_in_batches_with_dates(self, tmp_path, monkeypatch):
        monkeypatch.setattr("experiments.matrices.parquet.BATCH", 2)
        dates = pd.to_datetime(["1970-01-02", "1970-01-03", "1970-01-04"])
        pd.DataFrame({"u": [1, 1, 2], "w": [0, 0, 0], "i": ["x", "y", "y"], "t": dates}).to_parquet(
            tmp_path / "x.parquet"
        )
        read = load(tmp_path / "x.parquet", columns=("u", "i", "t"))
        assert read.interactions.toarray().tolist() == [[1, 1], [0, 1]] and read.times.tolist() == [1, 2, 3]

    def test_broken(self, tmp_path):
        path = tmp_path / "x.parquet"
        pd.DataFrame({"user": ["a", None, "b"], "item": ["x", "y", "y"]}).to_parquet(path)
        with pytest.raises(BadInput, match=r"line 2, column user: expected a value; found none"):
            load(path)
        assert "1 bad row skipped" in load(path, skip_bad_rows=True).notes[1]
        with pytest.raises(BadInput, match=r"a column 'users' \(did you mean 'user'\?\)"):
            load(path, columns=("users", "item"))
        path.write_bytes(path.read_bytes()[:-9])
        with pytest.raises(BadInput, match="whole Parquet file"):
            load(path)
