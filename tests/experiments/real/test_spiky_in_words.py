"""One sentence on whether a matrix is spiky, from numbers by hand and from random data."""

import numpy as np
import pytest

import theory
from experiments import OwnMatrix, spikes_of
from experiments.real.peaks_beside_nulls import Beside
from experiments.real.spiky_in_words import spiky_in_words


def count(peaks, at_least=False):
    return theory.PeakCount(peaks, 20_000, at_least, None)


def beside(real, *nulls):
    return Beside(count(real), tuple(map(count, nulls)))


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ({16: beside(30, 240, 244)}, "spiky: at f = 16 it needs an eighth of the peaks that chance needs"),
        # the rank where it needs the least part, wherever that is
        ({8: beside(20, 60), 64: beside(900, 910)}, "spiky: at f = 8 it needs a third of"),
        ({8: beside(30, 1500)}, "it needs 1/50 of the peaks"),
        ({8: Beside(count(30), (count(300, True),))}, "it needs at most a tenth of the peaks"),
        ({8: beside(60, 60, 61)}, "no spikier than chance"),
        ({2: beside(2, 2, 4), 4: beside(70, 60, 61)}, "no spikier than chance"),
        # of few peaks chance may need as few, however many draws agree
        (
            {2: beside(3, 4, 4, 4)},
            "not shown to be spiky: at f = 2 it needs fewer peaks than each of the 3 draws of chance",
        ),
        ({2: beside(20, 22)}, "fewer peaks than the one draw of chance, but not by more than chance varies"),
        ({2: beside(20)}, "not compared with chance"),
        (
            {2: Beside(count(2000, True), (count(2000, True),))},
            "no spikes: more than 10% of the rows are peaks, at every f",
        ),
        (
            {2: beside(10, 100), 9: Beside(count(2000, True), (count(2000, True),))},
            "spiky: at f = 2 it needs a tenth",
        ),
    ],
)
def test_sentences(at, said):
    assert spiky_in_words(at).startswith(said) or said in spiky_in_words(at)


@pytest.mark.parametrize("heavy", [0.0, 1.5])
def test_random_vectors_are_not_spiky_and_rays_are(heavy):
    """Deterministic at their seeds; by its deviations the rule errs once in thirty thousand ranks."""
    rng = np.random.default_rng(1)
    flat = rng.standard_normal((300, 8)) * rng.lognormal(0, heavy, 300)[:, None]
    assert not spikes_of(OwnMatrix("flat", "embedding", flat), [2, 4, 8], null=1).sentence.startswith("spiky")
    rays = rng.standard_normal((5, 8))[np.arange(300) % 5] * rng.lognormal(0, 0.5, 300)[:, None]
    spiky = rays + 0.03 * rng.standard_normal((300, 8))
    assert spikes_of(OwnMatrix("rays", "embedding", spiky), [2, 8], null=1).sentence.startswith(
        "spiky: at f = 8"
    )
