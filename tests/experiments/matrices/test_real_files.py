"""The owners' own files, where they are: counts tie to the published ones, prepared and raw files to each other."""

import os
from pathlib import Path

import numpy as np
import pytest

import theory
from experiments.matrices import load

DATA = os.environ.get("SPIKEPROOF_DATA")
pytestmark = pytest.mark.skipif(not DATA, reason="SPIKEPROOF_DATA is not set: the owners' files are not here")


def raw(path):
    return load(Path(DATA or "") / "raw" / path)


@pytest.mark.parametrize(
    ("size", "shape", "pairs", "transitions"),
    [("small", (41_480, 3_168), 171_227, 134_431), ("big", (18_139, 9_765), 174_803, 172_510)],
)
def test_cornell(size, shape, pairs, transitions):
    matrix, prepared = raw(f"cornell_yes_{size}"), load(f"cornell-yes-{size}")
    assert matrix.interactions.shape == shape and matrix.interactions.nnz == pairs
    assert (matrix.interactions != prepared.interactions).nnz == 0
    assert [n.split() for n in matrix.items] == [n.split() for n in prepared.items]
    plays = int(matrix.notes[1].split()[0].replace(",", ""))
    assert plays - shape[0] == transitions  # the count of its README
    assert len(matrix.label_names) > 200 and (matrix.labels >= 0).mean() > 0.5


@pytest.mark.parametrize(
    ("path", "name", "shape", "pairs"),
    [
        ("hetrec_lastfm", "hetrec-user-artist", (1_892, 17_632), 92_834),
        ("hetrec_lastfm/user_taggedartists.dat", "hetrec-usertag-artist", (35_816, 12_523), 186_478),
    ],
)
def test_hetrec(path, name, shape, pairs):
    matrix, prepared = raw(path), load(name)
    assert matrix.interactions.shape == prepared.interactions.shape == shape
    assert matrix.interactions.nnz == prepared.interactions.nnz == pairs
    assert sorted(matrix.interactions.sum(axis=0)) == sorted(prepared.interactions.sum(axis=0))
    assert sorted(matrix.interactions.sum(axis=1)) == sorted(prepared.interactions.sum(axis=1))
    if prepared.times is not None:
        # four days of the source lie in 1956 and 1957, which the prepared archive moved past 1970; we keep them
        ours, theirs = sorted(matrix.times), sorted(prepared.times)
        assert ours[:4] == [-4962, -4870, -4870, -4689] and ours[4:] == theirs[4:]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "size", "peaks"),
    [
        ("cornell-yes-small", (3_116, 331_340, 3_114), (7, 16, 47, 268)),
        ("cornell-yes-big", (9_288, 1_437_260, 9_202), (14, 35, 86, 333)),
        ("hetrec-user-artist", (6_585, 429_928, 6_561), (9, 30, 275, 634)),
        ("hetrec-usertag-artist", (9_746, 750_304, 9_637), (19, 56, 251, 686)),
    ],
)
def test_spikes_are_those_measured_independently(name, size, peaks):
    pmi = theory.ppmi(load(name).interactions, top_k=None)
    embedding = theory.embed(pmi.matrix, 64)
    spikes = [theory.spikiness(embedding.vectors("full", rank)) for rank in (8, 16, 32, 64)]
    assert (pmi.items.size, pmi.matrix.nnz, pmi.items.size - spikes[-1].n_zero) == size
    assert np.abs(np.array([s.n_peaks for s in spikes]) - peaks).max() <= 2
