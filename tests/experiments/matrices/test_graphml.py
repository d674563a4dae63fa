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
            (
                BOMB,
                r"line 1, column \d+: expected GraphML without entities; found <!DOCTYPE or <!ENTITY, refused",
            ),
            (BOMB.replace("DOCTYPE", "doctype"), "line 1, column 22: expected sound XML"),
            ("<graphml>\n\n<!ENTITY a 'x'></graphml>", "line 3, column 3: expected sound XML"),
            (BOMB.encode("utf-16"), "another encoding"),
            ("<graphml>\n<graph", r"line 2, column \d+: expected sound XML"),
            ("<html></html>", "GraphML|an edge"),
        ],
    )
    def test_broken_or_hostile(self, tmp_path, text, message):
        with pytest.raises(BadInput, match=message):
            load(written(tmp_path, "g.graphml", text))

    def test_the_bomb_is_refused_before_it_is_expanded(self, tmp_path):
        inside = "".join(f'<!ENTITY a{k + 1} "{f"&a{k};" * 100}">' for k in range(20))
        text = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{inside}]><graphml>&a20;</graphml>'
        with pytest.raises(BadInput, match="refused"):
            load(written(tmp_path, "g.graphml", text))
        with pytest.raises(BadInput, match="refused"):
            load(written(tmp_path, "h.graphml", '<!DOCTYPE x SYSTEM "file:///etc/passwd"><graphml/>'))


HEAD = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
W = '<key id="w" for="edge" attr.name="weight" attr.type="{}"><default>{}</default></key>'
NODES = '<graph edgedefault="undirected"><node id="a"/><node id="b"/><node id="c"/>'
EDGES = (
    '<edge source="a" target="b"/><edge source="b" target="c"><data key="w">4</data></edge></graph></graphml>'
)


class TestAttributes:
    @pytest.mark.parametrize(
        ("kind", "default", "weight"),
        [("double", "2.5", 2.5), ("string", "2.5", 2.5), ("boolean", " true ", 1.0), ("double", "0", 0.0)],
    )
    def test_a_default_holds_where_an_edge_has_no_value(self, tmp_path, kind, default, weight):
        read = load(written(tmp_path, "g.graphml", HEAD + W.format(kind, default) + NODES + EDGES))
        assert [float(read.graph[0, 1]), float(read.graph[1, 2])] == [weight, 4.0]

    @pytest.mark.parametrize("name", ["weight", "Edge Weight"])
    def test_weights_of_gephi_and_without_a_name(self, tmp_path, name):
        text = HEAD + f'<key id="w" for="edge" attr.name="{name}"/>' + NODES + EDGES
        read = load(written(tmp_path, "g.graphml", text))
        assert read.graph.toarray().tolist() == [[0, 1, 0], [1, 0, 4], [0, 4, 0]]
        assert "1 edges have no weight; they weigh 1" in read.notes

    def test_nodes_of_igraph_are_named_by_their_attribute(self, tmp_path):
        key = '<key id="v_name" for="node" attr.name="name" attr.type="string"/>'
        nodes = "".join(
            f'<node id="n{k}"><data key="v_name">{w}</data></node>'
            for k, w in enumerate(["Ann", "Bob &amp; Co"])
        )
        text = HEAD + key + "<graph>" + nodes + '<edge source="n0" target="n1"/></graph></graphml>'
        read = load(written(tmp_path, "g.graphml", text))
        assert read.items.tolist() == ["Ann", "Bob & Co"]
        assert "nodes are named by their attribute 'name'" in read.notes
        again = load(written(tmp_path, "g.graphml", text.replace("Bob &amp; Co", "Ann")))
        assert again.items.tolist() == ["n0", "n1"]

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            (
                NODES + '<edge source="a" target="b"><data key="w">x</data></edge></graph>',
                "a weight, a number",
            ),
            (NODES + '<edge source="a" target="b"><data key="w">-1</data></edge></graph>', "found '-1'"),
            (NODES + '<node id="a"/></graph>', "each node once; found 'a' again"),
            (NODES + '<edge source="a"/></graph>', "an attribute target of each edge"),
            (NODES + "<hyperedge/></graph>", "edges between two nodes"),
            (NODES + "</graph><graph/>", "one graph; found a second one"),
            (NODES + "</graph>", "an edge"),
            (NODES + '<edge source="a" target="a"/></graph>', "a graph with an edge between two nodes"),
            ("<a>" * 200, "elements nested"),
        ],
    )
    def test_broken(self, tmp_path, body, message):
        key = W.format("double", "1").replace("<default>1</default>", "")
        with pytest.raises(BadInput, match=message):
            load(written(tmp_path, "g.graphml", HEAD + key + body + "</graphml>"))

    def test_directed_edges_and_nodes_that_only_edges_name_are_told(self, tmp_path):
        text = HEAD + '<graph edgedefault="directed"><edge source="a" target="b"/></graph></graphml>'
        notes = load(written(tmp_path, "g.graphml", text)).notes
        assert notes == ("directed edges were taken as undirected", "2 nodes are named by edges alone")
