"""What users get wrong in a call: for every kind of argument, values that a function must refuse by its name."""

import inspect

import numpy as np
from scipy import sparse

INTEGERS = (-1, 1.5, "3", float("nan"), True)
NUMBERS = (float("nan"), float("inf"), "0.5", np.ones(3))
CHOICES = ("other", 3)
MATRICES = (
    None,
    "text",
    np.ones(3),
    np.full((6, 6), np.nan),
    np.array([["a", "b"], ["c", "d"]]),
    np.ones((6, 6, 2)),
)
LABELS = (None, "text", np.zeros(3, int), np.full(6, 0.5), [[0, 1]], ["a"] * 6)
OBJECTS = (None, "text", 3, np.eye(6))

KINDS = {
    "rng": (3, "seed", np.random.RandomState(0)),
    **dict.fromkeys(
        [
            "n",
            "n_snapshots",
            "n_blocks",
            "n_contexts",
            "groups",
            "per_group",
            "rank",
            "k",
            "size",
            "replicates",
            "iterations",
            "min_count",
            "n_quantiles",
            "n_queries",
            "length",
            "block",
            "queries_at_once",
            "n_elbows",
            "least",
            "memory_budget",
            "top_k",
        ],
        INTEGERS,
    ),
    **dict.fromkeys(
        [
            "cosine",
            "coverage",
            "fraction",
            "share",
            "keep",
            "arriving",
            "mixing",
            "mean_degree",
            "density",
            "concentration",
            "within",
            "between",
            "outside",
            "slack",
            "tol",
            "penalty",
            "shift",
            "smoothing",
            "power",
            "hazard",
            "difference",
            "seconds",
            "cv",
            "sigma",
            "exponent",
            "maximum",
            "mean_length",
            "length_cv",
            "move",
            "persistence",
            "agreement",
            "dispersion",
        ],
        NUMBERS,
    ),
    **dict.fromkeys(
        [
            "law",
            "scaling",
            "method",
            "similarity",
            "by",
            "top_k_rule",
            "certifies",
            "dtype",
            "kind",
            "operator",
        ],
        CHOICES,
    ),
    **dict.fromkeys(
        [
            "data",
            "matrix",
            "graph",
            "interactions",
            "vectors",
            "basis",
            "reference",
            "later",
            "factors",
            "positions",
            "popularities",
        ],
        MATRICES,
    ),
    **dict.fromkeys(["labels", "membership", "out_labels", "in_labels"], LABELS),
    **dict.fromkeys(["model", "embedding", "covariance", "heterogeneity", "spikes"], OBJECTS),
    **dict.fromkeys(
        ["propensities", "out_propensities", "in_propensities", "values", "weights"],
        (None, "text", [1.0, float("nan")], [1.0, -1.0], [[1.0]]),
    ),
    "affinity": ("text", [[1.0, 2.0]], [[float("nan")]], [[-1.0]]),
    "signature": ("text", [1.0, 0.5], [[1.0]], [1.0, float("nan")]),
    "shares": ("text", [1.0], [2.0, -1.0], [0.5, 0.4]),
    **dict.fromkeys(["means", "deviations"], ("text", [1.0], [[float("nan")]], np.ones((2, 2, 2)))),
    "eigenvalues": (None, "text", [[1.0]]),
    "ranks": (None, 3, [], [-1], [1.5]),
    "lengths": (None, "text", [-1], [1.5]),
}


def cases(calls):
    """Yield (name, function, keywords, argument, wrong value): one argument wrong at a time."""
    for function, keywords in calls:
        given = inspect.signature(function).parameters
        for name in given:
            for wrong in KINDS.get(name, ()):
                if wrong is None and given[name].default is None:
                    continue
                if inspect.isclass(wrong) or (
                    name == "dtype" and "float32" not in str(given[name].annotation)
                ):
                    continue
                yield function, keywords, name, wrong


def label(case):
    """A readable name of a case."""
    function, _, name, wrong = case
    return f"{function.__name__}-{name}-{type(wrong).__name__}-{str(wrong)[:12]}".replace("\n", " ")


def refusal(case):
    """What the call says of its wrong argument; None where it accepts it."""
    function, keywords, name, wrong = case
    if sparse.issparse(wrong):
        wrong = wrong.copy()
    try:
        function(**{**keywords, name: wrong})
    except (ValueError, TypeError) as error:
        return str(error)
    return None
