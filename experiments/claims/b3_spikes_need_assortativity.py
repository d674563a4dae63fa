"""B3. Without assortativity there are no spikes.

The closed form of A1 does not need positive eigenvalues: a disassortative or an indefinite affinity of full rank gives K rays
too, as long as the signature is kept. So graphs whose nodes prefer *other* communities show the spikes of their own
communities, where these rise above the spectral edge and their rays are apart (docs/theory.md, sections 1.1, 1.7 and 5.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.claims.draws import alone_on_own_ray, of_mean_degree, sampled_embedding
from experiments.claims.families import CLEAR, DEGREE, LAW, MIXING, NODES, SPREAD, popularity
from experiments.judging.claim import Arm, Claim, Vote
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Choice, Domain, Range
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from experiments.running.study import Cell
from simulate import BlockModel

COSINE = 0.9
APART = 0.8  # cosine of rays at least 37 degrees apart, so that no row of one is in the middle of the other's cone
PATTERNS = Choice(
    "pattern",
    ("avoiding", "in pairs"),
    "communities",
    "nodes prefer all other communities to their own, or one other community alone",
)


def _affinity(pattern: str, blocks: int, mixing: float) -> NDArray[np.float64]:
    """Affinities 1 where nodes prefer a community, and `mixing` where they do not."""
    if pattern == "none":
        return np.ones((blocks, blocks))
    if pattern == "avoiding":
        return 1.0 - (1.0 - mixing) * np.eye(blocks)
    partner = np.arange(blocks) ^ 1  # the last of an odd number is left without a partner
    partner[partner == blocks] = blocks - 1
    own = np.arange(blocks) if pattern == "alone" else partner
    return np.asarray(mixing + (1.0 - mixing) * np.eye(blocks)[own])


def _shows(cell: Cell) -> bool:
    """Whether all communities are clear of the spectral edge, and their rays in U Sigma apart."""
    affinity = _affinity(cell["pattern"], cell["blocks"], cell["mixing"])
    magnitudes = np.sort(np.abs(np.linalg.eigvalsh(affinity)))
    loud = np.sqrt(cell["mean_degree"] * (1 + cell["cv"] ** 2)) / 2
    rays = affinity @ affinity
    lengths = np.sqrt(np.diag(rays))
    cosines = rays / np.outer(lengths, lengths) - np.eye(cell["blocks"])
    return bool(loud * magnitudes[0] / magnitudes[-1] >= CLEAR and cosines.max() <= APART)


DOMAIN = Domain(
    (
        PATTERNS,
        NODES,
        Range("blocks", 2, 12, "communities", "more of them that avoid each other share one ray", whole=True),
        DEGREE,
        SPREAD,
        LAW,
        MIXING,
    ),
    "as many dimensions as communities, communities of equal size, rows of U Sigma",
    allowed=_shows,
    allowed_words=f"all communities are at least {CLEAR} times above the spectral edge and no two rays closer than 37 degrees",
)
ROLES = {"graph": ("affinity", *DOMAIN.names)}


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """Graphs that are not assortative; graphs without structure as the control; assortative ones for comparison."""

    def arm(vote: Vote, affinity: str, at: Sequence[Cell]) -> Arm:
        return Arm(vote, [{"affinity": affinity, **point} for point in at], trial, ROLES)

    return (
        arm("claim", "as in the domain", points),
        arm("control", "none", points[:4]),
        arm("evidence", "alone", points[:4]),
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Measure how many rows of a sampled embedding lie in the cone of their own community's axis, and in no other's."""
    rng, blocks = rngs["graph"], cell["blocks"]
    pattern = cell["pattern"] if cell["affinity"] == "as in the domain" else cell["affinity"]
    labels = rng.permutation(np.arange(cell["n"]) % blocks)
    theta = popularity(cell).sample(cell["n"], rng)
    model = BlockModel(theta, labels, _affinity(pattern, blocks, cell["mixing"]))
    embedding = sampled_embedding(of_mean_degree(model, cell["mean_degree"]), blocks, rng)
    return {
        "on_own_ray": float(alone_on_own_ray(embedding.vectors("full"), labels, COSINE).mean()),
        "negative": int((embedding.eigenvalues < 0).sum()),
    }


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the share of rows on their own ray."""
    return rows.set_index("replicate")[["on_own_ray"]]


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the same share for assortative communities, mean over their points."""
    assortative = rows[rows["vote"] == "evidence"].groupby("replicate")["on_own_ray"].mean()
    return pd.DataFrame(
        {Estimand("assortative", "the same share, assortative communities", "%"): assortative}
    )


def _told(rows: pd.DataFrame) -> pd.DataFrame:
    words = {"none": "none (control)", "alone": "assortative"}
    return rows.assign(kind=[words.get(a, p) for a, p in zip(rows["affinity"], rows["pattern"])])


claim = Claim(
    id="B3",
    title="No spikes without assortativity",
    statement="If the communities are not assortative, the vectors do not line up in spikes: in U Sigma with as many dimensions "
    "as communities, at most half of them lie on a ray of their own community alone.",
    source="The paper's reading of spikes as communities (as reconstructed); docs/theory.md, sections 1.1 and 7.3.",
    expected="refuted",
    arms=arms,
    version=2,
    domain=DOMAIN,
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand(
                    "on_own_ray", "rows within 25.8 degrees of their own community's ray and of no other", "%"
                ),
                "<=",
                0.5,
                asks="at most {threshold} of the rows lie on a ray of their own community alone",
                origin="half of the rows is the coverage at which Spk itself speaks of spikes",
                failure="communities that avoid each other, or prefer each other in pairs, make spikes too",
            ),
        ),
        control=("holds",),
    ),
    measurements=measurements,
    control="graphs of the same degrees without any community, whose rows must not lie on a ray of their (meaningless) label",
    figures=(
        Figure(
            kind="strip",
            x="kind",
            y="on_own_ray",
            xlabel="communities",
            ylabel="share of rows on their own ray alone",
            finding="at the worst point {on_own_ray:.0%} of the rows are on their own ray without assortativity",
            lines=(("threshold", 0.5),),
            points=_told,
        ),
    ),
    finding="Theorem 3.4 does not ask for positive eigenvalues. Communities that avoid each other have negative "
    "leading eigenvalues and the same spikes, as long as the eigenvalues of largest magnitude are kept whatever their sign.",
    headline=True,
)
