"""Matrices by name: what the packages hold, what an archive must hold, and what is said when it is not there."""

import io

import numpy as np
import pytest
from scipy import sparse

import theory
from experiments.matrices import BadInput, Dataset, PairCollector, data_folders, load, names
from experiments.matrices.films import films_actors, split_cast


def test_every_packaged_name_loads_and_is_consistent():
    for name in ("films-actors", "films-actors-3000", "les-miserables", "davis"):
        matrix = load(name)
        assert matrix.name == name
        assert isinstance(matrix.matrix, sparse.csr_array)
        assert len(matrix.items) == matrix.n_items == len(set(matrix.items))
        if matrix.interactions is not None:
            assert set(np.unique(matrix.interactions.data)) == {1.0}
            assert len(matrix.contexts) == matrix.interactions.shape[0]
        else:
            assert (matrix.graph != matrix.graph.T).nnz == 0
            assert not matrix.graph.diagonal().any()


def test_films_have_the_counts_of_their_source():
    as_they_stand = films_actors(rejoin_suffixes=False)
    assert as_they_stand.interactions.shape == (15_701, 53_126)
    assert "Jr." in set(as_they_stand.items)
    films = load("films-actors")
    assert films.interactions.shape[0] == 15_701
    assert not {"Jr.", "Sr.", "III"} & set(films.items)
    # both spellings of a name are one actor: as many films as both had
    before = dict(zip(as_they_stand.items, as_they_stand.interactions.sum(axis=0)))
    after = dict(zip(films.items, films.interactions.sum(axis=0)))
    assert after["Robert Downey Jr."] >= before["Robert Downey Jr."]
    assert before["Jr."] == 113


@pytest.mark.parametrize(
    ("rejoin", "kept", "entries", "nonzero"),
    [(False, 14_987, 143_504, 14_053), (True, 14_972, 143_078, 14_040)],
)
def test_films_give_the_spikes_that_were_measured_independently(rejoin, kept, entries, nonzero):
    pmi = theory.ppmi(films_actors(rejoin_suffixes=rejoin).interactions, top_k=None)
    assert (pmi.items.size, pmi.matrix.nnz) == (kept, entries)
    embedding = theory.embed(pmi.matrix, 64)
    spikes = [theory.spikiness(embedding.vectors("full", rank)) for rank in (8, 16, 32, 64)]
    assert kept - spikes[-1].n_zero == nonzero
    # peaks may trade places where norms tie to rounding: within 2
    assert np.abs(np.array([s.n_peaks for s in spikes]) - [12, 25, 68, 225]).max() <= 2


def test_film_labels_and_times():
    films = load("films-actors")
    assert films.labels.min() >= -1 and films.labels.max() == len(films.label_names) - 1
    assert "Drama" in set(films.label_names)
    years = 1970 + films.times / 365.2425
    assert years.min() > 1880 and years.max() < 2030
    assert len(films.times) == films.interactions.nnz


def test_the_frequent_films_are_the_most_frequent_and_keep_labels_and_times():
    films, frequent = load("films-actors"), load("films-actors-3000")
    popularity = films.interactions.sum(axis=0)
    kept = np.isin(films.items, frequent.items)
    assert kept.sum() == 3000
    assert popularity[kept].min() >= popularity[~kept].max()
    assert (films.labels[kept] == frequent.labels).all()
    row = 100
    span = slice(*frequent.interactions.indptr[row : row + 2])
    assert set(frequent.times[span]) <= set(films.times[slice(*films.interactions.indptr[row : row + 2])])


@pytest.mark.parametrize(
    ("cast", "names"),
    [
        ("A, Jr., B", ["A Jr.", "B"]),
        ("Jr., B", ["Jr.", "B"]),
        ("A, , A", ["A"]),
        ("A, III, Sr.", ["A III Sr."]),
        ("", []),
        ("Iman, RZA", ["Iman", "RZA"]),
    ],
)
def test_split_cast(cast, names):
    assert split_cast(cast) == names


def test_davis_is_what_davis_gardner_and_gardner_counted():
    davis = load("davis")
    assert davis.interactions.shape == (14, 18)
    assert davis.interactions.nnz == 89
    theresa = list(davis.items).index("Theresa Anderson")
    assert davis.interactions.sum(axis=0)[theresa] == 8


def test_unknown_name_names_the_nearest():
    with pytest.raises(ValueError, match="did you mean 'les-miserables'"):
        load("les-miserable")
    with pytest.raises(ValueError, match="known are films-actors"):
        load("qqqqqqqq")


def test_absent_data_says_where_it_belongs(monkeypatch, tmp_path):
    monkeypatch.setenv("SPIKEPROOF_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with pytest.raises(ValueError, match=r"(?s)owners publish it at https.*u\.data.*SPIKEPROOF_DATA"):
        load("movielens-100k")
    assert data_folders() == [tmp_path, tmp_path / "cache" / "spikeproof"]


def test_a_data_set_is_present_only_with_all_its_files(tmp_path):
    dataset = Dataset("x", "", "", "", files=(("raw/x/a.txt", "raw/x/b.txt"), ("x.npz",)))
    (tmp_path / "raw" / "x").mkdir(parents=True)
    (tmp_path / "raw" / "x" / "a.txt").write_text("a")
    assert dataset.found(tmp_path) is None
    (tmp_path / "raw" / "x" / "b.txt").write_text("b")
    assert dataset.found(tmp_path) == tmp_path / "raw" / "x"
    assert Dataset("y", "", "", "", files=(("x.npz",),)).found(tmp_path) is None


def test_names_are_unique():
    assert len(set(names())) == len(names())


def test_repeated_pairs_count_once_with_their_earliest_time():
    collector = PairCollector()
    for context, item, time in (("p", "x", 5.0), ("p", "x", 3.0), ("q", "y", 1.0), ("p", "y", 2.0)):
        collector.add(context, item, time)
    matrix = collector.finish("toy")
    assert matrix.interactions.toarray().tolist() == [[1, 1], [0, 1]]
    assert matrix.times.tolist() == [3, 2, 1]
    assert "1 of 4 pairs" in matrix.notes[0]


@pytest.mark.parametrize("pairs", [[("p", "x"), ("p", "y")], [("p", "x"), ("q", "x")]])
def test_one_context_or_one_item_is_refused(pairs):
    collector = PairCollector()
    for pair in pairs:
        collector.add(*pair)
    with pytest.raises(ValueError, match="at least 2 contexts and 2 items"):
        collector.finish("toy")


class TestNpz:
    @pytest.mark.parametrize("kind", ["csr", "csc", "coo"])
    def test_round_trip(self, tmp_path, kind):
        x = sparse.random(20, 30, 0.2, random_state=np.random.default_rng(0), format=kind)
        x.data[:] = 1
        sparse.save_npz(tmp_path / "x.npz", x)
        assert (load(tmp_path / "x.npz").interactions != sparse.csr_array(x)).nnz == 0

    def test_symmetric_is_a_graph(self, tmp_path):
        sparse.save_npz(tmp_path / "g.npz", load("les-miserables").graph)
        assert (load(tmp_path / "g.npz").graph != load("les-miserables").graph).nnz == 0

    def test_pickles_are_never_read(self, tmp_path):
        np.savez(tmp_path / "x.npz", data=np.array([{}], dtype=object), allow_pickle=True)
        with pytest.raises(BadInput, match="without pickles"):
            load(tmp_path / "x.npz")

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"text"])
    def test_no_archive(self, tmp_path, content):
        (tmp_path / "x.npz").write_bytes(content)
        with pytest.raises(BadInput, match=r"x\.npz: expected an \.npz archive"):
            load(tmp_path / "x.npz")

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"indices": np.array([0, 9])}, "sound csr matrix"),
            ({"data": np.array([1.0, np.nan])}, "finite numbers"),
            ({"data": np.array([1.0, -1.0])}, "at least 0"),
            ({"shape": np.array([1, 3])}, "at least 2 contexts"),
            ({"format": np.array(b"dia")}, "sparse format"),
            ({"times": np.array([1.0])}, "times of length 2"),
            (
                {"item_names": np.frombuffer(b"a\nb\xff\nc", dtype=np.uint8)},
                "line 2, column item_names.*0xff",
            ),
        ],
    )
    def test_broken_arrays_are_named(self, tmp_path, changed, message):
        x = sparse.csr_array(([1.0, 1.0], [0, 1], [0, 1, 2]), shape=(2, 3))
        buffer = io.BytesIO()
        sparse.save_npz(buffer, x)
        arrays = {**np.load(io.BytesIO(buffer.getvalue())), **changed}
        np.savez(tmp_path / "x.npz", **arrays)
        with pytest.raises(BadInput, match=message):
            load(tmp_path / "x.npz")


@pytest.mark.slow
def test_the_connectome_is_symmetrised_and_says_so():
    fly = load("drosophila")
    assert fly.graph.shape == (213, 213)
    assert (fly.graph != fly.graph.T).nnz == 0
    assert "A + A'" in fly.notes[0]
    assert sorted(fly.label_names) == ["I", "K", "O", "P"]
