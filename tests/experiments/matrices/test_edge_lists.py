"""Edge lists of many programs: what they give, and what is said of a broken one."""

import networkx as nx
import numpy as np
import pytest

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
        read = load(written(tmp_path, "g.txt", "# comment\na b 2\nb a 3\nc c 1\nb c 1.5\n"))
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
