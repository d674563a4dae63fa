"""How good is the forecast of which neighbours stay? Made from the earlier part of data that grew, and held against the later.

Every rival is a number of the item alone, the norm, the popularity or the degree, turned into a forecast by the monotone function
that fits the thinned earlier data best (isotonic regression, rising or falling). So is the probability that at least half of the
neighbours stay, for the rivals and for the forecast. "Fitted on dates": the functions are fitted on what stayed between two dates
within the earlier part instead, those of the rivals and the one that corrects the forecast. Nothing of the later part is used.
Intervals are those of paired differences, 95 %, by a bootstrap of spikes, since the items of one spike change together. It prints
Markdown; `docs/trust.md` holds what one run printed.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import isotonic_regression
from scipy.stats import rankdata, spearmanr

import theory
from experiments import RealMatrix, Trust, check_forecast, dated_logs, forecast_trust, load
from experiments.matrices import DATASETS
from experiments.real.checked_forecast import corrected, seen_overlap
from experiments.real.dated_snapshots import how_it_grew
from simulate import LogNormal, dcbm, grow_graph, grow_log, sample_graph

SHARE, K, BOOTSTRAPS, HALF = 0.2, 20, 400, 0.5
DATED = ("hetrec-usertag-artist", "films-actors-3000", "films-actors", "movielens-100k", "movielens-1m")
RIVALS = ("norm", "popularity", "degree")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """Data that grew: their name, the forecast from the earlier part, what was `seen` of the items `rows`, and how to fit.

    `now` holds the forecast and each number of an item by name, `then` the same of the items on which functions are fitted: of
    these the shares `stayed` are known, in other thinned data, or between two earlier dates.
    """

    name: str
    trust: Trust
    rows: NDArray[np.int64]
    seen: Floats
    now: dict[str, Floats]
    then: dict[str, Floats]
    stayed: Floats


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", choices=("small", "full"), default="full")
    small = parser.parse_args().size == "small"
    ranks, errors, curves = [], [], []
    for similarity in ("dot", "cosine"):
        for case in cases(small, similarity):
            first, second, third = judged(case)
            ranks.append(f"| {case.name} | {similarity} | {first} |")
            errors.append(f"| {case.name} | {similarity} | {second} |")
            curves.append(f"| {case.name} | {similarity} | {third} |")
            print(ranks[-1], errors[-1], curves[-1], sep="\n", flush=True)
    head = "| data | by | items | forecast | norm | popularity | degree | forecast - norm |"
    print("\nSpearman correlation with what was seen\n", head, f"|{'---|' * 8}", *ranks, sep="\n")
    head = "| data | by | half stayed | forecast | norm | popularity | degree | forecast - norm |"
    print("\nBrier score, at least half stay\n", head, f"|{'---|' * 8}", *errors, sep="\n")
    head = "| data | by | mean: forecast | seen | in the interval | seen, by fifths of the forecast |"
    print("\nCalibration\n", head, f"|{'---|' * 6}", *curves, sep="\n")


def cases(small: bool, similarity: str) -> Iterator[Case]:
    """Yield growth with truth, and the dated data sets that are here."""
    rng = np.random.default_rng(0)
    model = dcbm(2000, 10, heterogeneity=LogNormal.from_cv(1.0), mean_degree=48, rng=rng)
    later = sample_graph(model, rng, law="poisson")
    yield grown("block model", "graph", grow_graph(later, rng).at(1 / (1 + SHARE)), later, 10, similarity)
    block, popularity = np.arange(1500) % 10, rng.lognormal(0, 0.8, 1500)
    taste = np.where(np.arange(6000)[:, None] % 10 == block, 0.03, 0.001) * popularity
    log = sparse.csr_array((rng.random(taste.shape) < taste).astype(float))
    for arriving, name in ((0.0, "log of ten tastes"), (0.1, "the same, a tenth of the items arrive late")):
        growing = grow_log(log, rng, arriving=arriving)
        yield grown(name, "interactions", growing.at(1 / (1 + SHARE)), log, 10, similarity)
    here = {dataset.name for dataset in DATASETS if dataset.present()}
    for name in DATED[:2] if small else DATED:
        if name in here:
            yield from dated(name, similarity)


def grown(name: str, kind, now, later, rank: int, similarity: str, by="contexts") -> Case:  # type: ignore[no-untyped-def]
    """Return the case of data `now` that became `later`, fitted on thinned data that the forecast has not seen."""
    found = theory.analyse(now, rank, kind=kind, tol=1e-8)
    options = {
        "share": later.sum() / now.sum() - 1,
        "k": K,
        "similarity": similarity,
        "by": by,
        "found": found,
    }
    trust, other = (forecast_trust(now, kind, rank, np.random.default_rng(s), **options) for s in (1, 3))
    whole = theory.analyse(later, rank, kind=kind, tol=1e-8)
    rows = np.intersect1d(trust.measured, other.measured)  # all items, unless they are too many
    seen = seen_overlap(found, whole, rank, K, similarity)[rows]
    numbers = numbers_of(trust, found, rows)
    stayed = other.seen[:, np.searchsorted(other.measured, rows)]
    return Case(name, trust, rows, seen, numbers, numbers, stayed)


def dated(name: str, similarity: str) -> Iterator[Case]:
    """Yield the case of a dated data set, cut by date, and the same fitted on what stayed between two earlier dates."""
    real = load(name)
    earlier, later = dated_logs(real, share=1 / (1 + SHARE))
    by = how_it_grew(earlier, later)
    case = grown(name, "interactions", earlier, later, 32, similarity, by)
    yield case
    early = real.times[real.times <= np.quantile(real.times, 1 / (1 + SHARE))]
    before = RealMatrix(name, interactions=earlier, times=early)
    checked = check_forecast(
        before, 32, np.random.default_rng(1), share=SHARE, by=by, k=K, similarity=similarity
    )
    first, _ = dated_logs(before, share=1 / (1 + SHARE))
    found = theory.analyse(first, 2, kind="interactions", tol=1e-2)  # for the degrees alone
    live = np.flatnonzero(checked.trust.spike >= 0)
    then = numbers_of(checked.trust, found, live)
    yield replace(
        case,
        name=f"{name}, fitted on dates",
        trust=corrected(case.trust, checked),
        then=then,
        stayed=checked.seen[None, live],
    )


def numbers_of(trust: Trust, found: theory.Analysed, rows: NDArray[np.int64]) -> dict[str, Floats]:
    """The forecast of some items, and their places by norm, popularity and degree, from 0 to 1."""
    degrees = np.asarray(found.matrix.sum(axis=1))
    known = {"norm": trust.norms, "popularity": trust.popularity, "degree": degrees}
    return {"forecast": trust.forecast[rows], **{n: rankdata(x[rows]) / rows.size for n, x in known.items()}}


def judged(case: Case) -> tuple[str, str, str]:
    """Return the cells of the three tables."""
    trust, rows, seen, event = case.trust, case.rows, case.seen, case.seen >= HALF
    past, half = case.stayed.mean(axis=0), (case.stayed >= HALF).mean(axis=0)
    forecasts = {n: monotone(case.then[n], past, case.now[n]) for n in RIVALS}
    forecasts["forecast"] = trust.forecast[rows]
    chances = {n: monotone(case.then[n], half, case.now[n]) for n in ("forecast", *RIVALS)}
    groups = trust.spike[rows]
    correlations = {n: rank_correlation(f, seen) for n, f in forecasts.items()}
    brier = {n: float(((p - event) ** 2).mean()) for n, p in chances.items()}
    low, high = paired(
        groups,
        lambda at: (
            rank_correlation(forecasts["forecast"][at], seen[at])
            - rank_correlation(forecasts["norm"][at], seen[at])
        ),
    )
    gains = (chances["forecast"] - event) ** 2 - (chances["norm"] - event) ** 2
    least, most = paired(groups, lambda at: float(gains[at].mean()))
    cells = [
        " | ".join(f"{values[n]:.3f}" for n in ("forecast", *RIVALS)) for values in (correlations, brier)
    ]
    difference = correlations["forecast"] - correlations["norm"]
    order = np.array_split(np.argsort(forecasts["forecast"], kind="stable"), 5)
    curve = ", ".join(f"{forecasts['forecast'][p].mean():.2f}: {seen[p].mean():.2f}" for p in order)
    inside = ((trust.low[rows] <= seen) & (seen <= trust.high[rows])).mean()
    return (
        f"{rows.size:,} | {cells[0]} | {difference:+.3f} ({low:+.3f} to {high:+.3f})",
        f"{event.mean():.0%} | {cells[1]} | {brier['forecast'] - brier['norm']:+.4f} ({least:+.4f} to {most:+.4f})",
        f"{trust.forecast[rows].mean():.2f} | {seen.mean():.2f} | {inside:.0%} | {curve}",
    )


def monotone(of: Floats, values: Floats, at: Floats) -> Floats:
    """The values fitted by least squares as a function of `of` that only rises or only falls, at other arguments."""
    places, where, counts = np.unique(of, return_inverse=True, return_counts=True)
    means = np.bincount(where, values) / counts
    fits = [isotonic_regression(means, weights=counts, increasing=rises).x for rises in (True, False)]
    best = min(fits, key=lambda fit: float((counts * (fit - means) ** 2).sum()))
    return np.interp(at, places, best)


def rank_correlation(forecast: Floats, seen: Floats) -> float:
    """Spearman's, 0 where one is the same for all items."""
    return float(spearmanr(forecast, seen).statistic) if np.ptp(forecast) and np.ptp(seen) else 0.0


def paired(groups: NDArray[np.int64], of) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """The 95 % interval of `of(rows)` when spikes are drawn anew, with repetition."""
    members = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    rng = np.random.default_rng(2)
    drawn = [
        of(np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))]))
        for _ in range(BOOTSTRAPS)
    ]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return float(low), float(high)


if __name__ == "__main__":
    main()
