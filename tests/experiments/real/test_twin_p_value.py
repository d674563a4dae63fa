"""The p-value among twins: by hand, and on data drawn from a fitted model, where it must not reject too often."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from experiments.matrices import load
from experiments.matrices.real_matrix import RealMatrix
from experiments.real.statistics import COMPARED, analysed_at, side_by_side
from experiments.real.twin_p_value import (
    LEVEL,
    adjusted_p_values,
    least_adjusted_p_value,
    least_p_value,
    twin_p_value,
)
from experiments.real.twins import sample_twin, twin_of
from simulate import LogNormal, bipartite_dcbm, dcbm, sample_bipartite, sample_graph

LEVELS = (0.05, 0.1, 0.2)


def same(value, count):
    return [(value, value)] * count


@pytest.mark.parametrize(
    ("beside_matrix", "beside_own_twin", "expected"),
    [
        ([], same(1, 3), None),
        ([(None, 2.0)] * 3, same(1, 3), None),
        (same(3, 3), [], None),
        (same(3, 40), same(3, 40), 1.0),  # a statistic of one value is never extreme
        ([(4, 3)] * 40, [(3, 3)] * 40, 2 / 41),  # nor is it blind
        ([(9, 5)] * 19, [(9, 5 + k % 2) for k in range(19)], 1.0),  # twins lie as far from theirs
        ([(9, 8)] * 19, [(5, 9)] * 19, 0.1),  # the matrix on the other side of its twins than these of theirs
        ([(3, 3)] * 9 + [(3, 9)], [*same(3, 10), (None, 1)], 1.0),
    ],
)
def test_by_hand(beside_matrix, beside_own_twin, expected):
    got = twin_p_value(beside_matrix, beside_own_twin)
    assert got == (None if expected is None else pytest.approx(expected))


def test_the_least_p_value_is_told_by_the_pairs():
    assert [least_p_value(k) for k in (0, 1, 3, 39)] == [1.0, 1.0, 0.5, 0.05]


def test_half_of_the_ties_on_each_side_would_reject_too_often():
    """Why equal values count on both sides: with d of -1, 0, 1 at odds .06, .88, .06, exactly and without any sampling."""
    chances = {-1: 0.06, 0: 0.88, 1: 0.06}

    def p_value(value, share):
        below, above = (sum(c for v, c in chances.items() if s * v < s * value) for s in (1, -1))
        return min(1.0, 2 * (min(below, above) + share * chances[value]))

    def rejected(share, level):
        return sum(c for v, c in chances.items() if p_value(v, share) <= level + 1e-12)

    assert rejected(0.5, 0.06) == pytest.approx(0.12)
    assert all(rejected(1.0, level) <= level for level in (0.05, 0.06, 0.1, 0.12, 0.2, 0.5))


def rows_of(matrix, own):
    """Stored rows whose matrix is `matrix` (k,) from its twins and whose twins are `own` (R, k) from theirs; NaN is None."""

    def pairs(differences):
        return {str(s): (None, 0.0) if np.isnan(d) else (d, 0.0) for s, d in enumerate(differences)}

    return [{"beside_matrix": pairs(matrix), "beside_own_twin": pairs(row)} for row in own]


def adjusted(matrix, own):
    found = adjusted_p_values(rows_of(matrix, own), [str(s) for s in range(len(matrix))])
    return [one and (pytest.approx(one.p), one.direction) for one in found.values()]


def test_adjusted_by_hand():
    own = np.array([[-1.0, 0.0, 2.0], [1.0, 0.0, 2.0], [0.0, 0.0, 2.0], [0.0, 0.0, 2.0]])
    # the first lies beyond all; the second never varies; the third varies in the matrix alone
    assert adjusted([9, 0, 2], own) == [(0.2, "more"), (1.0, "more"), (1.0, "more")]
    assert adjusted([-9, 0, 1], own) == [(0.2, "less"), (1.0, "more"), (0.2, "less")]
    # equal to the farthest twins: of both tails, the matrix and two more of five
    assert adjusted([1, 0, 2], own)[0] == (0.6, "more")
    # a difference of rounding is none
    assert adjusted([1e-9, 0, 2], own * [1e-10, 1, 1])[0] == (1.0, "more")


def test_what_is_missing_is_left_out_of_the_adjustment():
    nan = np.nan
    own = np.array([[k % 3 - 1.0, nan] for k in range(40)])
    assert adjusted([5, nan], own) == adjusted([5, 3], own) == [(1 / 41, "more"), None]
    assert adjusted([5, nan], np.where(np.isnan(own), 0.0, own)) == [(1 / 41, "more"), None]
    own[:2, 1] = 0.0, 0.1  # two pairs alone have it
    assert adjusted([0, 1e6], own) == [(1.0, "more"), (1 / 3, "more")]
    own[7] = nan  # a twin that lacks everything is no pair
    assert adjusted([5, nan], own)[0] == (1 / 40, "more")
    rows = rows_of([5.0, nan], own)
    rows[0]["beside_own_twin"] = None
    assert adjusted_p_values(rows, ["0"])["0"].p == pytest.approx(1 / 39)


def test_without_twins_nothing_is_known():
    assert adjusted_p_values([], ["a", "b"]) == {"a": None, "b": None}
    rows = [{"beside_matrix": {"a": (1, 2)}, "beside_own_twin": None}]
    assert adjusted_p_values(rows, ["a"]) == {"a": None}
    assert least_adjusted_p_value(40) == 1 / 41 <= LEVEL < least_adjusted_p_value(18)


def test_any_adjusted_p_errs_at_its_level_whatever_depends_on_what():
    """1,500 exchangeable sets of 20 vectors of six statistics, dependent, of few values or of heavy tails, two of them missing at
    times: the share with an adjusted p <= a is at most a, and half of a at least, to 4.9 standard errors (1e-6)."""
    rng = np.random.default_rng(3)
    sets = 1500
    smallest = np.empty(sets)
    for k in range(sets):
        x = rng.standard_normal((20, 6))
        x[:, 1] = x[:, 0] + 0.1 * x[:, 1]
        x[:, 2] = np.round(x[:, 2])
        x[:, 3] = x[:, 3] > 1.8
        x[:, 4] = rng.standard_cauchy(20)
        x[rng.random((20, 6)) < [0, 0, 0, 0, 0.1, 0.3]] = np.nan
        found = adjusted_p_values(rows_of(x[0], x[1:]), [str(s) for s in range(6)])
        smallest[k] = min(one.p for one in found.values() if one is not None)
    for level in (0.05, 0.1, 0.2):
        error = 4.9 * np.sqrt(level * (1 - level) / sets)
        assert level / 2 - error <= (smallest <= level + 1e-12).mean() <= level + error


def test_a_departure_leaves_the_level_of_the_other_statistics_alone():
    """One statistic of three lies far off: it is found always, and the others at the level .1, to 4.9 standard errors (1e-6)."""
    rng = np.random.default_rng(4)
    sets, found = 1000, []
    for _ in range(sets):
        x = rng.standard_normal((40, 3))
        p = adjusted_p_values(rows_of(x[0] + [30, 0, 0], x[1:]), ["0", "1", "2"])
        assert p["0"].p == pytest.approx(1 / 40)
        found.append(min(p["1"].p, p["2"].p))
    error = 4.9 * np.sqrt(0.1 * 0.9 / sets)
    assert abs((np.array(found) <= 0.1 + 1e-12).mean() - 0.1) < error


def fitted(kind):
    """A matrix whose fitted model is the truth that data are drawn from, and its rank."""
    rng = np.random.default_rng(7)
    if kind == "sparse graph":
        model = dcbm(90, 3, heterogeneity=LogNormal(0.8), mean_degree=5, mixing=0.1, rng=rng)
        return RealMatrix(kind, graph=sample_graph(model, rng, law="poisson", dtype=np.float64)), 3
    if kind == "graph":
        model = dcbm(180, 4, heterogeneity=LogNormal(0.5), mean_degree=16, mixing=0.15, rng=rng)
        return RealMatrix(kind, graph=sample_graph(model, rng, law="poisson", dtype=np.float64)), 4
    if kind == "log":
        model = bipartite_dcbm(
            500, 150, 4, heterogeneity=LogNormal(0.6), mean_length=8.0, mixing=0.1, rng=rng
        )
        return RealMatrix(kind, interactions=sample_bipartite(model, rng, clip=True).astype(np.float64)), 4
    return load("davis"), 2


def p_values(kind, sets, twins):
    """Of each statistic, its p-values on data drawn from the fitted model: (sets,), NaN without one."""
    real, rank = fitted(kind)
    sort, field = ("interactions",) * 2 if real.graph is None else ("graph",) * 2
    truth = analysed_at(real.matrix, sort, rank)
    found = {key: [] for key in COMPARED}
    for k in range(sets):
        rng = np.random.default_rng([5, k])
        data = replace(real, **{field: sample_twin(real, "spikes", rank, rng, found=truth)})
        own = analysed_at(data.matrix, sort, rank)
        beside, apart = [], []
        for _ in range(twins):
            twin = sample_twin(data, "spikes", rank, rng, found=own)
            its = analysed_at(twin, sort, rank)
            again = analysed_at(twin_of(twin, data, "spikes", rank, rng, found=its), sort, rank)
            beside.append(side_by_side(own, its, rank))
            apart.append(side_by_side(its, again, rank))
        for key in COMPARED:
            found[key].append(twin_p_value(*([one[key] for one in pairs] for pairs in (beside, apart))))
    return {key: np.array(values, dtype=float) for key, values in found.items()}


def most_rejections(sets, level, families):
    """So many rejections or fewer are seen with a chance of 1 - 1e-6 or more, over all statistics, levels and families."""
    return stats.binom.isf(1e-6 / (len(COMPARED) * len(LEVELS) * families), sets, level)


def require_calibrated(found, families):
    for key, values in found.items():
        known = values[~np.isnan(values)]
        for level in LEVELS:
            rejected = int((known <= level + 1e-12).sum())
            assert rejected <= most_rejections(len(known), level, families), (
                key,
                level,
                rejected,
                len(known),
            )


def test_a_true_model_is_not_rejected_too_often():
    """12 graphs of a fitted model: P(p <= a) <= a, to the binomial bound of 1e-6 in all."""
    require_calibrated(p_values("sparse graph", 12, 19), families=1)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:P exceeds 1")
def test_a_true_model_is_not_rejected_too_often_in_any_family():
    """30 data sets of each of three families: the binomial bound of 1e-6 in all."""
    for kind in ("graph", "log", "davis"):
        require_calibrated(p_values(kind, 30, 19), families=3)
