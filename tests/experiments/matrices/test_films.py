"""Films and their actors: the counts of the source, the spikes that were measured independently, labels and times."""

import numpy as np
import pytest

import theory
from experiments.matrices import load
from experiments.matrices.films import films_actors, split_cast


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
