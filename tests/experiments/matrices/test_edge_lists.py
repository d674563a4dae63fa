"""Edge lists of many programs: what they give, and what is said of a broken one."""

import gzip

import networkx as nx
import pytest

from experiments.matrices import BadInput, load
from experiments.matrices.edge_dialects import SOURCES, TARGETS


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
        assert read.notes == (
            "1 comment line passed over",
            "1 loop was left out",
            "1 edge was listed before; weights add up",
        )

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


def edges_of(read):
    """The edges by name, whatever the order of nodes."""
    coo = read.graph.tocoo()
    return {
        (*sorted((read.items[i], read.items[j])), w)
        for i, j, w in zip(*(index.tolist() for index in coo.coords), coo.data.tolist(), strict=True)
    }


PATH = {("0", "1", 1.0), ("1", "2", 1.0), ("2", "3", 1.0)}
LIST = "0 1\n1 2\n2 3\n"


class TestDialects:
    @pytest.mark.parametrize("separator", [" ", "\t", ","])
    @pytest.mark.parametrize(
        "header",
        [
            "source target",
            "From To",
            "node_1 node_2",
            "FromNodeId ToNodeId",
            "a b",
            "u v",
            '"Source" "Target"',
        ],
    )
    def test_a_header_is_no_edge_and_is_said(self, tmp_path, header, separator):
        text = (header + "\n" + LIST).replace(" ", separator)
        if '"' in header and separator == " ":
            return
        read = load(written(tmp_path, "g.edges", text), separator="," if separator == "," else None)
        assert edges_of(read) == PATH
        assert "line 1 was taken as the header" in read.notes[0] and "--no-header" in read.notes[0]
        assert len(load(tmp_path / "g.edges", separator=separator, header=False).items) == 6

    def test_known_headers_above_names(self, tmp_path):
        assert not set(SOURCES) & set(TARGETS)
        read = load(written(tmp_path, "g.edges", "source target\nann bob\nbob cem\n"))
        assert read.items.tolist() == ["ann", "bob", "cem"]

    def test_two_letters_above_letters_are_an_edge(self, tmp_path):
        assert load(written(tmp_path, "g.edges", "u v\nv w\n")).items.tolist() == ["u", "v", "w"]

    def test_a_header_that_is_a_node_below_is_told(self, tmp_path):
        read = load(written(tmp_path, "g.edges", "source target\nsource mid\nmid target\n"))
        assert "the names in the header are nodes of the edges below it too" in read.notes

    def test_gephi_tables_by_the_names_of_their_columns(self, tmp_path):
        text = "Source,Target,Type,Id,Label,Weight\n0,1,Undirected,0,,2.5\n1,2,Undirected,1,,1\n"
        read = load(written(tmp_path, "g.csv", text), kind="graph")
        assert edges_of(read) == {("0", "1", 2.5), ("1", "2", 1.0)}
        assert "ends = 'Source', 'Target'; weight = 'Weight'; left out: 'Type'" in read.notes[0]

    def test_a_third_column_by_another_name_is_no_weight(self, tmp_path):
        text = "source target year\n0 1 1999\n1 2 2001\n"
        read = load(written(tmp_path, "g.edges", text))
        assert edges_of(read) == {("0", "1", 1.0), ("1", "2", 1.0)} and "left out: 'year'" in read.notes[0]
        chosen = load(tmp_path / "g.edges", columns=("source", "target", "year"))
        assert edges_of(chosen) == {("0", "1", 1999.0), ("1", "2", 2001.0)}

    def test_names_that_begin_with_a_hash(self, tmp_path):
        text = "# tags\n#rock #pop\n#rock jazz\npop jazz\n#pop jazz\n%mix jazz\n%% end\n"
        read = load(written(tmp_path, "tags.edges", text))
        assert set(read.items) == {"#rock", "#pop", "jazz", "pop", "%mix"} and read.graph.nnz == 10
        assert "2 comment lines passed over" in read.notes
        assert any("4 lines begin with '#' or '%'" in note for note in read.notes)

    @pytest.mark.parametrize("weighted", [True, False])
    @pytest.mark.parametrize("delimiter", [" ", "\t", ","])
    def test_networkx_writes_attributes_in_braces(self, tmp_path, weighted, delimiter):
        graph = nx.gnm_random_graph(12, 20, seed=3)
        for k, (a, b) in enumerate(graph.edges):
            graph[a][b].update({"weight": k + 0.5, "kind": "x, y z"} if weighted else {})
        nx.write_edgelist(graph, tmp_path / "g.edges", delimiter=delimiter)
        read = load(tmp_path / "g.edges", separator="," if delimiter == "," else None)
        order = [int(item) for item in read.items]
        assert (read.graph.toarray() == nx.to_numpy_array(graph, nodelist=order)).all()

    @pytest.mark.parametrize("braces", ["{'weight': -1}", "{'weight': 'x'}", "{1", "{print(1)}", "{[]: 1}"])
    def test_braces_that_are_no_attributes(self, tmp_path, braces):
        with pytest.raises(BadInput, match="line 2"):
            load(written(tmp_path, "g.edges", f"a b {{}}\nb c {braces}\n"))

    def test_konect_has_four_columns_and_two_kinds_of_ends(self, tmp_path):
        text = "% sym weighted\n% 3 4 4\n0 1 2 1200000000\n1 2 1 1200000001\n2 3 1 1200000002\n"
        read = load(written(tmp_path, "out.txt", text))
        assert edges_of(read) == {("0", "1", 2.0), ("1", "2", 1.0), ("2", "3", 1.0)}
        assert "the fourth column (times) was left out" in read.notes
        both = load(written(tmp_path, "out.txt", "% bip unweighted\n1 1\n1 2\n2 1\n"))
        assert both.interactions.toarray().tolist() == [[1, 1], [1, 0]]
        assert "first ends were taken as contexts" in both.notes[1]

    def test_a_time_of_zero_is_a_time(self, tmp_path):
        read = load(written(tmp_path, "out.txt", "a b 2 0\nb c 1 0\n"))
        assert edges_of(read) == {("a", "b", 2.0), ("b", "c", 1.0)}

    def test_a_third_column_of_times_is_no_weight(self, tmp_path):
        path = written(tmp_path, "g.txt", "0 1 1200000000\n1 2 1200000001\n2 3 1300000000\n")
        with pytest.raises(BadInput, match=r"as Unix times are; --kind graph --columns 1,2 leaves them out"):
            load(path)
        assert edges_of(load(path, kind="graph", columns=("1", "2"))) == PATH

    @pytest.mark.parametrize(
        "text",
        [
            "# Nodes: 2 Edges: 1 (numbered from 0 to 1)\n0 1 1200000000\n",
            "source target weight\n0 1 1200000000\n",
            "0 1 {'weight': 1200000000}\n",
        ],
    )
    def test_large_weights_are_weights_where_the_file_says_so(self, text, tmp_path):
        assert edges_of(load(written(tmp_path, "g.edges", text))) == {("0", "1", 1.2e9)}

    def test_what_sample_declares_keeps_isolated_nodes_and_their_order(self, tmp_path):
        head = "# Nodes: 6 Edges: 2 (numbered from 0 to 5)\n"
        read = load(written(tmp_path, "g.edges", head + "4 1\n1 2\n"))
        assert read.items.tolist() == list("012345")
        assert read.graph.nonzero()[0].tolist() == [1, 1, 2, 4]
        assert "3 of 6 nodes are isolated (no edge)" in read.notes
        with pytest.raises(
            BadInput, match="line 2, column 2: expected a node from 0 to 5, as declared; found '6'"
        ):
            load(written(tmp_path, "g.edges", head + "4 6\n"))
        far = "# Nodes: 900000000 Edges: 2 (numbered from 0 to 899999999)\n4 1\n"
        with pytest.raises(BadInput, match="a size of at most 1000 for each"):
            load(written(tmp_path, "g.edges", far))

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("a,b\nb,c\n", r"the separator may be ',' \(--separator\)"),
            ("New York\tBoston\nBoston\tRome\n", r"tabs separate them, say so \(--separator '.t'\)"),
            ("a b\nb c 3 4 5\n", "line 2, column 4: expected 2 or 3 fields"),
            ("a b 1 x\n", "line 1, column 4: expected 2 or 3 fields"),
        ],
    )
    def test_what_is_unclear_is_refused(self, tmp_path, text, message):
        with pytest.raises(BadInput, match=message):
            load(written(tmp_path, "g.edges", text))

    def test_edges_in_csv_and_in_tsv(self, tmp_path):
        for name, mark in (("g.csv", ","), ("g.tsv.gz", "\t")):
            text = ('node_1 node_2\n"0" 1\n1 2\n2 3\n' if mark == "," else LIST).replace(" ", mark)
            content = gzip.compress(text.encode()) if name.endswith("gz") else text
            assert edges_of(load(written(tmp_path, name, content), kind="graph")) == PATH
