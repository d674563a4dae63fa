"""A matrix by hand, as `spikeproof compare` would have stored it, so that pages and sentences need no run."""

import numpy as np
import pytest

from reports.analyses import Analysis


def measured(peaks, **more):
    return {
        "peaks_at_rank": peaks,
        "spk_at_rank": peaks / 70,
        "items": 90,
        "zero_rows": 20,
        "norm_cv": 0.4,
        "norm_degree": 0.9,
        "norm_popularity": 0.3,
        "estimated_degree": 0.9,
        "singletons": 1,
        "spectrum": [30.0, 20.0, 10.0],
        "peaks": [2, peaks],
        "spk": [2 / 70, peaks / 70],
        "norm_quantiles": [k / 10 for k in range(21)],
        "angles": [k / 2 for k in range(21)],
        **more,
    }


def twins(many, peaks=10, **departing):
    """Twins whose own twins differ from them by one at most; the matrix differs as `departing` says."""
    keys = (
        "peaks_at_rank",
        "singletons",
        "norm_cv",
        "norm_degree",
        "norm_popularity",
        "estimated_degree",
        "zero_rows",
    )
    made = []
    for k in range(many):
        own = dict.fromkeys(keys, (k % 3 - 1, 0))
        beside = {key: (departing.get(key, 0), 0) for key in keys}
        made.append({**measured(peaks), "beside_matrix": beside, "beside_own_twin": own})
    return made


def points(rows=70, rank=4, spikes=3, *, of=None, seed=0):
    """Rows near `spikes` rays, with names, norms, labels, popularity and trust."""
    rng = np.random.default_rng(seed)
    rays = np.eye(rank)[:spikes]
    vectors = rays[np.arange(rows) % spikes] + 0.1 * rng.standard_normal((rows, rank))
    vectors /= np.linalg.norm(vectors, axis=1)[:, None]
    return {
        "of": of or rows,
        "rank": rank,
        "directions": np.round(vectors * 32767).astype(int).ravel().tolist(),
        "norms": [float(f"{x:.4g}") for x in rng.lognormal(0, 0.5, rows)],
        "spike": (np.arange(rows) % spikes).tolist(),
        "names": [f"item {k}" for k in range(rows)],
        "label": (np.arange(rows) % spikes % 2).tolist(),
        "label_names": ["drama", "comedy"],
        "popularity": list(range(1, rows + 1)),
        "trust": [None if k == 5 else round(0.2 + 0.8 * k / rows, 4) for k in range(rows)],
        "trust_low": [None if k == 5 else 0.1 for k in range(rows)],
        "trust_high": [None if k == 5 else 0.9 for k in range(rows)],
    }


def spikes_of(drawn, many):
    found = []
    for k in range(many):
        mine = [name for name, spike in zip(drawn["names"], drawn["spike"], strict=True) if spike == k]
        found.append(
            {
                "spike": k + 1,
                "size": max(10, len(mine)),
                "loudest": mine[:5],
                "typical": mine[-5:],
                "label": ["drama", "comedy"][k % 2],
                "purity": 0.5 + 0.4 / (k + 1),
                "trust": None if k == 1 else 0.6 - 0.01 * k,
            }
        )
    return sorted(found, key=lambda spike: -spike["size"])


def described(**more):
    drawn = more.pop("points", None) or points()
    many = max(drawn["spike"]) + 1
    return {
        "kind": "interactions",
        "stage": "whole",
        "contexts": 300,
        "pairs": 2000,
        "rank": 4,
        "parts": many,
        "spikes": spikes_of(drawn, many),
        "points": drawn,
        "agreement": [],
        "truncation": {"the knee": "4"},
        "passing": 4,
        "null_seconds": [],
        "shape": None,
        "stability": None,
        "questions": [],
        "rank_choice": None,
        "checks": [],
        "trust": {"share": 0.2, "k": 20, "how": "By thinning.", "items": 69, "not_shown": 4, "by_norm": 0.41},
        "notes": [],
        **more,
    }


QUESTION = {
    "question": "Which items does a context hold next?",
    "k": 20,
    "asked": 400,
    "seen": False,
    "recall": {
        "dot": {"value": 0.37, "low": 0.33, "high": 0.41},
        "cosine": {"value": 0.2, "low": 0.17, "high": 0.23},
        "within": {"value": 0.32, "low": 0.28, "high": 0.36},
    },
    "best": "dot",
    "beside_best": {
        "cosine": {"loss": 0.17, "low": 0.12, "high": 0.22},
        "within": {"loss": 0.05, "low": 0.02, "high": 0.08},
    },
    "decided": True,
}
CHOICE = {
    "rank": 16,
    "low": 8,
    "high": 32,
    "reason": "Of the ranks tried, 16 finds most.",
    "curve": [
        {
            "rank": f,
            "recall": r,
            "low": r - 0.03,
            "high": r + 0.03,
            "loss": 0.37 - r,
            "loss_low": 0.33 - r,
            "loss_high": 0.4 - r,
        }
        for f, r in ((4, 0.2), (8, 0.34), (16, 0.37), (32, 0.36))
    ],
    "parallel": 12,
    "knee": 6,
}
CHECKS = [
    {
        "check": "common-mean",
        "title": "A common mean vector",
        "found": True,
        "sentence": "The mean of the vectors holds 40% of their length.",
        "value": 0.4,
        "chance": [0.0, 0.01],
        "rows": [],
    },
    {
        "check": "zero-rows",
        "title": "Empty rows",
        "found": False,
        "sentence": "No row is empty.",
        "value": 0,
        "chance": None,
        "rows": [],
    },
]


class Made:
    """What the tests make a matrix of."""

    question, choice, checks = QUESTION, CHOICE, CHECKS
    measured, twins, points, described = map(staticmethod, (measured, twins, points, described))

    @staticmethod
    def analysis(peaks=10, nulls=(60, 61), twin=(), name="m", **about):
        of = {
            "real": [measured(peaks)],
            "twin": list(twin),
            "curve": [],
            "null": [measured(k, spectrum=[30.0, 9.0 + 0.01 * i, 8.0]) for i, k in enumerate(nulls)],
        }
        return Analysis(name, of, described(**about))


@pytest.fixture(scope="session")
def made():
    return Made
