"""Which eigenvalues of a sampled graph carry its communities? Those outside the spectrum of the noise.

Positions, overlaps, and what is drowned, that is, hidden in the noise. With P = U Lambda U' and g(z) the diagonal of the
noise's resolvent, an outlier z is where Lambda^-1 - U' diag(g(z)) U is singular (`theory.prediction.balance`). With b in its
null space, in the basis of U, the mean of the eigenvector is g U b, its second moments solve y = g g' (b b' + V y), and the
normalisation sum y = 1 makes |Lambda^-1 b|^2 the overlap with the population eigenspace (docs/theory.md, section 5.1). For
constant variance d/n this is z = lambda + d / lambda, overlap 1 - d / lambda^2.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulate import BlockModel
from theory.prediction.edge import BEYOND, gaps
from theory.prediction.resolvent import Resolvent, resolvent_diagonal, solve
from theory.prediction.variances import FloatArray, VarianceProfile

if TYPE_CHECKING:
    from theory.prediction.sample import PredictedSample


@dataclass(frozen=True, eq=False)
class Outliers:
    """Predicted eigenvalues outside the spectrum of the noise, v of them, by decreasing magnitude.

    `eigenvalues` (v,) with signs. `overlaps` (v,), the share of each eigenvector's squared length in the population eigenspace.
    `hubs_above` (v,), how many detached hubs (`theory.prediction.edge.gaps`) lie beyond each; `places` (v,), how many
    eigenvalues of the graph have a larger magnitude, the hubs' included. `edge` of the noise. `n_directions`, the rank r of P;
    `n_visible`, how many of them stand out of the noise once the detached hubs are taken out of the graph, since a hub adds
    outliers and no directions. The methods take `rows`, a slice of the nodes, all by default.
    """

    eigenvalues: FloatArray
    overlaps: FloatArray
    hubs_above: NDArray[np.int64]
    places: NDArray[np.int64]
    edge: float
    n_directions: int
    profile: VarianceProfile
    resolvents: tuple[Resolvent, ...]
    coefficients: FloatArray  # (K, v): b in blocks, over the eigenvector's length
    pairs: FloatArray  # (qK, v, v): block sums of theta^p E u_k u_l
    n_visible: int

    def resolvent(self, rows: slice = slice(None)) -> FloatArray:
        """Return g_i(z_k) (m, v) for `rows`; g(-z) = -g(z)."""
        if not len(self.eigenvalues):
            return np.zeros((len(self.profile.labels[rows]), 0))
        columns = [
            np.sign(z) * resolvent_diagonal(self.profile, r, rows)
            for z, r in zip(self.eigenvalues, self.resolvents)
        ]
        return np.stack(columns, axis=1)

    def means(self, rows: slice = slice(None)) -> FloatArray:
        """Return E u_ik (m, v), up to the sign of each eigenvector."""
        return np.asarray(self.resolvent(rows) * self._sources(rows))

    def moments(self, rows: slice = slice(None)) -> FloatArray:
        """Return E u_ik u_il (m, v, v)."""
        g, b, v = self.resolvent(rows), self._sources(rows), len(self.eigenvalues)
        if not v:
            return np.zeros((len(g), 0, 0))
        field = self.profile.spread(self.pairs.reshape(-1, v * v), rows).reshape(-1, v, v)
        return np.asarray(np.einsum("ik,il->ikl", g, g) * (np.einsum("ik,il->ikl", b, b) + field))

    def _sources(self, rows: slice) -> FloatArray:
        return np.asarray(self.profile.powers[rows, :1] * self.coefficients[self.profile.labels[rows]])


def outliers_of(sample: PredictedSample) -> Outliers:
    """Predict the eigenvalues of a sampled graph that stand out of the noise, and their eigenvectors.

    Trusted from mean degree 40 on with bounded theta: within 2 % of samples in position and 0.02 in overlap. At mean degree 15
    or for heavy tails, within 5 % and 0.06 (docs/theory.md, section 10). Gaps that detached hubs open are searched too. No
    n x n and no n x K x K object is formed.

    Raises
    ------
    ValueError
        where Bernoulli edges have P so near to 1 everywhere that the noise cannot be resolved.

    Examples
    --------
    >>> from simulate import sbm
    >>> from theory import PredictedSample
    >>> model = sbm(2000, 2, mean_degree=50, mixing=0.2, rng=np.random.default_rng(0))
    >>> found = PredictedSample(model, "poisson").outliers
    >>> lam = model.spectrum()[0]
    >>> bool(np.allclose(found.eigenvalues, lam + 50 / lam, rtol=1e-3))
    True
    """
    cells, balance, edge = sample.cells, sample.balance, sample.edge
    lam = balance.eigenvalues
    intervals = _outside_the_noise(sample)
    try:
        found = [
            hit for sign in (1.0, -1.0) for interval in intervals for hit in balance.crossings(sign, interval)
        ]
    except ArithmeticError:
        raise _unresolved(sample) from None
    found.sort(key=lambda hit: -abs(hit[0]))
    z = np.array([hit[0] for hit in found])
    b = np.stack([hit[2] for hit in found], axis=1) if found else np.zeros((len(lam), 0))
    resolvents = tuple(hit[1] for hit in found)
    g = [np.sign(at) * resolvent_diagonal(cells, r) for at, r in zip(z, resolvents)]
    blocks = balance.inverse_psi[:, None] * (balance.h @ b)  # U b = theta * blocks[label]
    pairs, lengths = _second_moments(cells, np.array(g).T, blocks)
    seen = b / lam[:, None]  # U'u, but for the length of u
    hubs = np.array([balance.hubs_beyond(r) for r in resolvents], dtype=np.int64)
    beyond = np.array([balance.signal_beyond(r) for r in resolvents], dtype=np.int64)
    return Outliers(
        eigenvalues=z,
        overlaps=np.square(seen).sum(axis=0) / lengths**2,
        hubs_above=hubs,
        places=2 * hubs + beyond,
        edge=edge,
        n_directions=len(lam),
        profile=sample.profile,
        resolvents=resolvents,
        coefficients=blocks / lengths,
        pairs=pairs / np.multiply.outer(lengths, lengths),
        n_visible=_visible(sample, intervals[1:], len(z)),
    )


def _outside_the_noise(sample: PredictedSample) -> list[tuple[Resolvent, ...]]:
    """Return the intervals of z > 0 outside the spectrum of the noise: the one beyond the edge, then the gaps."""
    top = 2.0 * float(np.abs(sample.balance.eigenvalues).max(initial=0.0)) + 2 * sample.edge
    outside = solve(sample.cells, sample.edge * (1 + BEYOND)), solve(sample.cells, top)
    if len(sample.balance.eigenvalues) and not all(end.stable for end in outside):
        raise _unresolved(sample)
    return [outside, *gaps(sample.cells, sample.edge)]


def _unresolved(sample: PredictedSample) -> ValueError:
    largest = float(np.abs(sample.balance.eigenvalues).max(initial=0.0))
    return ValueError(
        "the noise of the model must be resolved from its signal; with Bernoulli edges it vanishes as P nears 1: "
        f"the spectral edge {sample.edge:.3g} is too small beside the eigenvalue {largest:.3g}"
    )


def _visible(sample: PredictedSample, gaps_below: list[tuple[Resolvent, ...]], count: int) -> int:
    """How many directions stand out without the detached hubs: nodes of negative g in a gap, others of their block not."""
    model = sample.model
    detached = np.zeros(model.n_nodes, dtype=bool)
    for known in gaps_below:
        negative = resolvent_diagonal(sample.profile, known[-1]) < 0
        in_block = np.bincount(model.labels, weights=~negative, minlength=model.n_blocks)
        detached |= negative & (in_block[model.labels] > 0)
    if not detached.any():
        return min(count, len(model.block_spectrum()[0]))
    rest = BlockModel(np.where(detached, 0.0, model.propensities), model.labels, model.affinity)
    return replace(sample, model=rest).n_visible


def _second_moments(
    profile: VarianceProfile, g: FloatArray, blocks: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the block sums (qK, v, v) of theta^p y^{kl}, y = g_k g_l (b_k b_l + V y), and sqrt(sum y^{kk}) (v,)."""
    v = blocks.shape[1]
    pairs, lengths = np.zeros((len(profile.couplings), v, v)), np.ones(v)
    identity = np.eye(len(profile.couplings))
    for k in range(v):
        for m in range(k, v):
            weight = g[:, k] * g[:, m]
            source = weight * profile.powers[:, 0] ** 2 * (blocks[:, k] * blocks[:, m])[profile.labels]
            sums = np.linalg.solve(identity - profile.jacobian(weight), profile.sums(source))
            pairs[:, k, m] = pairs[:, m, k] = sums
            if k == m:
                lengths[k] = np.sqrt(profile.counts @ (source + weight * profile.spread(sums)))
    return pairs, lengths
