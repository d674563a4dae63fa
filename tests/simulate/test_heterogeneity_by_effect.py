"""Laws asked for by their coefficient of variation have it, conditioned or not (by quadrature, no sampling)."""

import numpy as np
import pytest

from simulate import Gamma, LogNormal, Pareto, Zipf, dcbm
from simulate.popularity import realised


class Midpoints(np.random.Generator):
    """A generator whose uniform variates are the midpoints of n equal cells: sample moments become quadrature."""

    def __init__(self):
        super().__init__(np.random.PCG64(0))

    def random(self, size=None):
        return (np.arange(size) + 0.5) / size


@pytest.mark.parametrize(
    ("law", "cv"),
    [
        (Pareto.from_cv(0.5, maximum=20), 0.5),
        (Pareto.from_cv(1.5, maximum=100), 1.5),
        (Pareto.from_cv(0.4), 0.4),
        (LogNormal.from_cv(0.8), 0.8),
        (LogNormal.from_cv(0.8, maximum=5), 0.8),
        (Gamma.from_cv(0.7), 0.7),
        (Gamma.from_cv(0.7, maximum=3), 0.7),
    ],
)
def test_the_law_has_the_variation_asked_for(law, cv):
    assert realised(law.sample(400_000, Midpoints())).cv == pytest.approx(cv, rel=5e-3)


def test_what_cannot_be_reached_is_named():
    with pytest.raises(ValueError, match="cv must lie between .* when theta is at most 2; got 5"):
        Pareto.from_cv(5.0, maximum=2)
    with pytest.raises(ValueError, match="cv"):
        Zipf.from_cv(100.0, 50)


def test_density_affinity_and_normalisation():
    rng = np.random.default_rng(0)
    affinity = [[0.1, 1.0], [1.0, 0.1]]
    model = dcbm(50, 2, heterogeneity=LogNormal(0.5), density=0.2, affinity=affinity, rng=rng)
    assert model.density == pytest.approx(0.2)
    assert model.affinity[0, 1] / model.affinity[0, 0] == pytest.approx(10)
    normal = model.normalised()
    assert normal.block_sums() == pytest.approx([25, 25])
    assert normal.probability(3, 4) == pytest.approx(model.probability(3, 4))
    for arguments in ({}, {"mean_degree": 3, "density": 0.1}):
        with pytest.raises(ValueError, match="mean_degree or density"):
            dcbm(50, 2, heterogeneity=LogNormal(0.5), rng=rng, **arguments)
    with pytest.raises(ValueError, match="affinity must be 2 x 2"):
        dcbm(50, 2, heterogeneity=LogNormal(0.5), mean_degree=3, affinity=[[1.0]], rng=rng)


class Topmost(np.random.Generator):
    """The largest number that `random` can give, every time."""

    def random(self, size=None):
        return np.full(size, 1 - 2.0**-53)


@pytest.mark.parametrize("law", [LogNormal(1.0), Pareto(1.5), Gamma(0.7), Pareto(1.5, maximum=9.0)])
def test_the_rarest_draw_is_finite(law):
    drawn = law.sample(3, Topmost(np.random.PCG64(0)))
    assert np.isfinite(drawn).all() and (drawn > 0).all()


@pytest.mark.parametrize(
    ("law", "maximum", "least"),
    [(Pareto, 1.0, "1"), (LogNormal, 0.0, "0"), (Gamma, 0.0, "0"), (Gamma, -2.0, "0")],
)
def test_a_maximum_out_of_range_is_named(law, maximum, least):
    with pytest.raises(ValueError, match=f"maximum must be .* above {least}"):
        law.from_cv(0.3, maximum)


@pytest.mark.parametrize("law", [LogNormal, Gamma])
def test_a_maximum_below_one_is_a_law_too(law):
    found = realised(law.from_cv(0.2, 0.9).sample(20_000, np.random.default_rng(0)))
    assert found.cv == pytest.approx(0.2, abs=0.01)
