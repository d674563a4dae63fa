"""Over which interaction logs are claims general? Parameters that claims share, and the log of a point.

Items have log-normal popularity and a community each; a context mixes communities by a Dirichlet law, and its length varies by
half. The ranges are those of small catalogues, so that a claim about them takes seconds.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from experiments.judging.domain import Derived, Range
from experiments.running.study import Cell
from simulate import InteractionModel, LogNormal, sample_interactions

LENGTH = 8.0  # mean items of a context
LOUDEST = 8.0  # times the median popularity, or about so

ITEMS = Range("items", 160, 320, "items", "a small catalogue, or the hits of a large one", whole=True)
COMMUNITIES = Range("blocks", 4, 16, "communities", "a few, to as many as ten items each allow", whole=True)
PER_ITEM = Range("per_item", 6, 16, "interactions per item", "sparse logs to moderately dense ones")
MIXTURE = Range(
    "mixture",
    0.03,
    10.0,
    "concentration of a context's mixture",
    "from contexts of one community to contexts that hardly prefer any",
)


def log_of(cell: Cell, rng: np.random.Generator) -> Any:
    """Return the log (contexts x items) of a point with `items`, `blocks`, `per_item`, `cv` and `mixture`."""
    theta = LogNormal.from_cv(cell["cv"], maximum=LOUDEST).sample(cell["items"], rng)
    labels = np.arange(cell["items"]) % cell["blocks"]
    model = InteractionModel(theta, labels, mean_length=LENGTH, concentration=cell["mixture"])
    contexts = int(cell["items"] * cell["per_item"] / LENGTH)
    return sample_interactions(model, contexts, rng, clip=True)[0]


def _contrast(cell: Cell) -> float:
    """About how many times the spectral edge the eigenvalues of communities are, in the counts of common contexts.

    An item has about d = p L (1 + CV^2) partners of p interactions in contexts of L items, and mixtures of total concentration a
    give K communities of equal size eigenvalues d / (1 + a) beside noise of about 2 d^(1/2).
    """
    partners = cell["per_item"] * LENGTH * (1 + cell["cv"] ** 2)
    return float(math.sqrt(partners) / (2 * (1 + cell["mixture"])))


CONTRAST = Derived("contrast", "eigenvalues of communities over the edge of the noise", _contrast, border=1.0)
