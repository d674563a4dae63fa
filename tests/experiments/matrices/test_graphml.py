"""GraphML: what it gives, and what is said of a broken or hostile file."""

import networkx as nx
import pytest

from experiments.matrices import BadInput, load


def written(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


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
