"""Which eigenvalues of a sampled graph carry its communities: positions, overlaps, and what is drowned.

With P = U Lambda U' and g(z) the diagonal resolvent of the noise, an eigenvalue of A = P + W sits outside the spectrum of W
where Lambda^-1 - U' diag(g(z)) U is singular (Benaych-Georges and Nadakuditi 2011, for a variance profile). With b in its
null space, in the basis of U, the mean of the eigenvector is g U b, its second moments solve y = g g' (b b' + V y), and the
normalisation sum y = 1 makes |Lambda^-1 b|^2 the overlap with the population eigenspace (docs/theory.md, section 5.1). For
constant variance d/n this is z = lambda + d / lambda, overlap 1 - d / lambda^2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from simulate import BlockModel, Law
from simulate.validation import require_instance
from theory.prediction.edge import (
    BEYOND,
    Resolvent,
    gaps,
    resolvent_diagonal,
    solve,
    solve_near,
    spectral_edge,
)
from theory.prediction.variances import (
    FloatArray,
    VarianceProfile,
    variance_profile,
    with_blocks_of_loud,
)


@dataclass(frozen=True, eq=False)
class Outliers:
    """Predicted eigenvalues outside the spectrum of the noise, by decreasing magnitude.

    `eigenvalues` (v,) with signs; `overlaps` (v,), the share of each eigenvector's squared length in the population
    eigenspace; `hubs_above` (v,), how many detached hubs lie beyond it; `places` (v,), how many eigenvalues of the graph have a
    larger magnitude, the hubs' included; `edge` of the noise; `n_directions`, the rank r of P, and `n_visible` of them that stand
    out of the noise once the detached hubs are taken out of the graph: a hub adds outliers, not directions. The rest are
    drowned. Means and moments of the eigenvectors are for the rows asked for.
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

    def damping(self, rows: slice = slice(None)) -> FloatArray:
        """Return z_k - (V g(z_k))_i (m, v), by which a row's sum over its neighbours is divided: 1 / g."""
        return np.asarray(1.0 / self.resolvent(rows))

    def _sources(self, rows: slice) -> FloatArray:
        return np.asarray(self.profile.powers[rows, :1] * self.coefficients[self.profile.labels[rows]])


def outliers(model: BlockModel, law: Law = "bernoulli") -> Outliers:
    """Predict the eigenvalues of a graph sampled from `model` that stand out of the noise, and their eigenvectors.

    Within 2 % in position and 0.02 in overlap from mean degree 40 and theta bounded; 5 % and 0.06 at mean degree 15 or for
    heavy tails. Gaps that detached hubs open are searched too. No n x n and no n x K x K object is formed.

    Raises
    ------
    ValueError
        for an unknown law, Bernoulli edges with P > 1, or with P so near to 1 everywhere that there is no noise to speak of.

    Examples
    --------
    >>> from simulate import sbm
    >>> model = sbm(2000, 2, mean_degree=50, mixing=0.2, rng=np.random.default_rng(0))
    >>> found = outliers(model, "poisson")
    >>> lam = model.spectrum()[0]
    >>> bool(np.allclose(found.eigenvalues, lam + 50 / lam, rtol=1e-3))
    True
    """
    require_instance(model, "model", BlockModel)
    profile = variance_profile(model, law)
    core = _Core(model, law, profile.condensed())
    edge = spectral_edge(model, law, profile=core.profile)
    top = 2.0 * float(np.abs(core.lam).max(initial=0.0)) + 2 * edge
    outside = solve(core.profile, edge * (1 + BEYOND)), solve(core.profile, top)
    if len(core.lam) and not all(end.stable for end in outside):
        raise ValueError(
            "the noise of the model must be resolved from its signal; with Bernoulli edges it vanishes as P nears 1: "
            f"the spectral edge {edge:.3g} is too small beside the eigenvalue {np.abs(core.lam).max(initial=0.0):.3g}"
        )
    intervals = [outside, *gaps(core.profile, edge)]
    found = [hit for sign in (1.0, -1.0) for interval in intervals for hit in core.outliers(sign, interval)]
    found.sort(key=lambda hit: -abs(hit[0]))
    z = np.array([hit[0] for hit in found])
    b = np.stack([hit[2] for hit in found], axis=1) if found else np.zeros((len(core.lam), 0))
    resolvents = tuple(hit[1] for hit in found)
    g = [np.sign(at) * resolvent_diagonal(core.profile, r) for at, r in zip(z, resolvents)]
    blocks = core.inverse_psi[:, None] * (core.h @ b)  # U b = theta * blocks[label]
    pairs, lengths = _second_moments(core.profile, np.array(g).T, blocks)
    seen = b / core.lam[:, None]  # U'u, but for the length of u
    hubs = np.array([core.hubs_beyond(r) for r in resolvents], dtype=np.int64)
    beyond = np.array([core.signal_beyond(r) for r in resolvents], dtype=np.int64)
    return Outliers(
        eigenvalues=z,
        overlaps=np.square(seen).sum(axis=0) / lengths**2,
        hubs_above=hubs,
        places=2 * hubs + beyond,
        edge=edge,
        n_directions=len(core.lam),
        profile=profile,
        resolvents=resolvents,
        coefficients=blocks / lengths,
        pairs=pairs / np.multiply.outer(lengths, lengths),
        n_visible=_visible(model, profile, intervals, len(z), law),
    )


def _visible(
    model: BlockModel, profile: VarianceProfile, intervals: list[tuple[Resolvent, ...]], count: int, law: Law
) -> int:
    """How many directions stand out without the detached hubs: nodes of negative g in a gap, others of their block not."""
    detached = np.zeros(model.n_nodes, dtype=bool)
    for known in intervals[1:]:
        negative = resolvent_diagonal(profile, known[-1]) < 0
        in_block = np.bincount(model.labels, weights=~negative, minlength=model.n_blocks)
        detached |= negative & (in_block[model.labels] > 0)
    if not detached.any():
        return min(count, len(model.block_spectrum()[0]))
    rest = BlockModel(np.where(detached, 0.0, model.propensities), model.labels, model.affinity)
    return outliers(rest, law).n_visible


def _second_moments(
    profile: VarianceProfile, g: FloatArray, blocks: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the block sums (qK, v, v) of theta^p y^{kl}, y = g_k g_l (b_k b_l + V y), and sqrt(sum y^{kk}) (v,)."""
    v = blocks.shape[1]
    pairs, lengths = np.zeros((profile.n_unknowns, v, v)), np.ones(v)
    identity = np.eye(profile.n_unknowns)
    for k in range(v):
        for m in range(k, v):
            weight = g[:, k] * g[:, m]
            source = weight * profile.powers[:, 0] ** 2 * (blocks[:, k] * blocks[:, m])[profile.labels]
            sums = np.linalg.solve(identity - profile.jacobian(weight), profile.sums(source))
            pairs[:, k, m] = pairs[:, m, k] = sums
            if k == m:
                lengths[k] = np.sqrt(profile.counts @ (source + weight * profile.spread(sums)))
    return pairs, lengths


class _Core:
    """The K x K side of the problem: G(z) = U' diag(g(z)) U from sums over blocks."""

    def __init__(self, model: BlockModel, law: Law, profile: VarianceProfile) -> None:
        self.profile = profile
        model = model if law == "poisson" else with_blocks_of_loud(model)
        self.lam, self.h = model.block_spectrum()
        psi = np.sqrt(model.block_sums(2))
        self.inverse_psi = np.divide(1.0, psi, out=np.zeros_like(psi), where=psi > 0)

    def resolvent(self, found: Resolvent) -> FloatArray:
        """Return U' diag(g) U (r, r)."""
        g = resolvent_diagonal(self.profile, found)
        weights = self.profile.counts * self.profile.powers[:, 0] ** 2 * g
        share = np.bincount(self.profile.labels, weights, minlength=self.profile.n_blocks)
        return np.asarray((self.h.T * (share * self.inverse_psi**2)) @ self.h)

    def hubs_beyond(self, found: Resolvent) -> int:
        """How many nodes have detached and lie beyond z, each with its mirror image: they have g < 0."""
        return int(self.profile.counts[resolvent_diagonal(self.profile, found) < 0].sum())

    def signal_beyond(self, found: Resolvent) -> int:
        """How many eigenvalues P adds to those of the noise beyond |z|, by the inertia of Lambda^-1 - G on either side."""
        both = np.concatenate([np.linalg.eigvalsh(self.balance(found, sign)) for sign in (1.0, -1.0)])
        return int((both < -1e-7).sum()) - len(self.lam)

    def balance(self, found: Resolvent, sign: float) -> FloatArray:
        """Return sign(Lambda) - |Lambda|^(1/2) G |Lambda|^(1/2), times `sign` first: its eigenvalues grow with z."""
        root = np.sqrt(np.abs(self.lam))
        return np.asarray(np.diag(sign * np.sign(self.lam)) - root[:, None] * self.resolvent(found) * root)

    def outliers(
        self, sign: float, known: tuple[Resolvent, ...]
    ) -> list[tuple[float, Resolvent, FloatArray]]:
        """Return (z, resolvent at |z|, b) of every outlier of this sign in the interval that `known` spans."""

        def balances(at: Resolvent) -> FloatArray:
            return np.asarray(np.linalg.eigvalsh(self.balance(at, sign)))

        left, right = known[0], known[-1]
        below, above = (int((balances(end) < 0).sum()) for end in (left, right))
        found = []
        for k in range(above, below):

            def crossing(x: float, k: int = k) -> float:
                return float(balances(solve_near(self.profile, x, known))[k])

            z = float(optimize.brentq(crossing, left.z, right.z, xtol=1e-10 * right.z))
            at = solve_near(self.profile, z, known)
            # eigenvalues that meet at one z share a null space: the k-th vector is orthogonal to the others
            null = np.linalg.eigh(self.balance(at, sign))[1][:, k]
            found.append((sign * z, at, np.sqrt(np.abs(self.lam)) * null))
        return found


def visibility(model: BlockModel, law: Law = "bernoulli") -> NDArray[Any]:
    """Return mu_k (r,), how strongly each direction stands out at the spectral edge; visible where mu_k > 1.

    For constant variance mu_k = |lambda_k| / sqrt(d). Sufficient for an outlier; necessary only while no hub detaches.

    Examples
    --------
    >>> from simulate import sbm
    >>> model = sbm(1000, 2, mean_degree=25, mixing=0.5, rng=np.random.default_rng(0))
    >>> visibility(model, "poisson").round(2).tolist()  # 25 / 5 and (1 - r) / (1 + r) of it
    [5.0, 1.67]
    """
    require_instance(model, "model", BlockModel)
    core = _Core(model, law, variance_profile(model, law).condensed())
    edge = spectral_edge(model, law, profile=core.profile)
    values, vectors = np.linalg.eigh(core.resolvent(solve(core.profile, edge * (1 + BEYOND))))
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    # eigenvalues of both signs: those of -Lambda are the negatives
    return np.sort(np.abs(np.linalg.eigvalsh((root * core.lam) @ root)))[::-1]
