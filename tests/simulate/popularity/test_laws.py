"""Laws of propensities: the distribution that they state, and the coefficient of variation that is wanted."""

import numpy as np
import pytest
from scipy import stats

from simulate import Gamma, LogNormal, Pareto, Zipf, realised


def test_laws_have_the_distribution_they_state():
    """Kolmogorov-Smirnov on 20,000 draws; D > 0.019 has probability 1e-6."""
    rng = np.random.default_rng(5)
    x = Pareto(2.5).sample(20_000, rng)
    assert _ks(x, lambda t: 1 - t**-2.5) < 0.019
    x = Pareto(2.5, maximum=5.0).sample(20_000, rng)
    assert x.max() <= 5.0
    assert _ks(x, lambda t: (1 - t**-2.5) / (1 - 5.0**-2.5)) < 0.019
    x = LogNormal(0.8, maximum=3.0).sample(20_000, rng)
    assert x.max() <= 3.0
    assert _ks(x, lambda t: stats.norm.cdf(np.log(t) / 0.8) / stats.norm.cdf(np.log(3.0) / 0.8)) < 0.019
    cv = LogNormal.from_cv(0.8).sample(200_000, rng)
    assert cv.std() / cv.mean() == pytest.approx(0.8, rel=0.05)


def _ks(x, cdf):
    x = np.sort(x)
    f = cdf(x)
    n = len(x)
    return max(np.abs(f - np.arange(n) / n).max(), np.abs(f - np.arange(1, n + 1) / n).max())


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
