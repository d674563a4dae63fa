"""Four rules for the rank, side by side, where the truth is plain."""

from __future__ import annotations

import numpy as np
import pytest

from simulate import LogNormal, dcbm, sample_graph
from theory import compare_truncations


@pytest.mark.slow
def test_all_rules_on_six_visible_blocks() -> None:
    rng = np.random.default_rng(6)
    model = dcbm(2000, 6, heterogeneity=LogNormal(0.4), mean_degree=60, rng=rng)
    graph = sample_graph(model, rng, law="poisson")
    found = compare_truncations(graph, [2, 4, 6, 8, 12, 24], rng, model=model, law="poisson")
    assert found.visible == 6 and found.parallel >= 6
    assert 6 in found.elbows and 4 <= found.knee <= 8
