"""Which communities will look like one spike, although each has a ray?

A ray within the cone of a block whose largest norm is larger counts as one spike with it. Under U|Lambda| that happens
whenever the blocks share enough background: for K equal blocks and B = (1 - r) I + r J the cosine of two rays is
c / ((1 - r)^2 + c) with c = 2 r (1 - r) + r^2 K (docs/theory.md, section 1.7). The search runs over K rays instead of n rows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulate import BlockModel
from simulate.validation import require_instance
from theory.analysis.scalings import Scaling
from theory.analysis.spikes import spikiness
from theory.theorem.rays import rays


def merged_communities(
    model: BlockModel, *, scaling: Scaling = "full", rank: int | None = None, cosine: float = 0.9
) -> NDArray[np.int64]:
    """Return for each block (K,) the number of the spike that it joins in the population; -1 for blocks without a ray.

    Parameters
    ----------
    scaling, rank : of the embedding, as in `rays`.
    cosine : a ray within this cosine of the ray of a block whose largest norm is larger counts as one with it.

    Raises
    ------
    ValueError
        for what `rays` refuses, a cosine outside (0, 1), or a model without edges.

    Examples
    --------
    >>> near = BlockModel(np.ones(40), np.repeat([0, 1], 20), [[1.0, 0.7], [0.7, 1.0]])
    >>> merged_communities(near).tolist(), merged_communities(near, scaling="half").tolist()
    ([0, 0], [0, 1])
    """
    require_instance(model, "model", BlockModel)
    found = rays(model, scaling=scaling, rank=rank)
    loudest = np.zeros(model.n_blocks)
    np.maximum.at(loudest, found.labels, found.norms)
    return spikiness(found.directions * loudest[:, None], cosine=cosine, coverage=1.0).membership
