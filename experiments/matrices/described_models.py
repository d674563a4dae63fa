"""A model as a file describes it, by a recipe or number by number: what it builds, and samples of that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from simulate import (
    BipartiteModel,
    BlockModel,
    Constant,
    Gamma,
    Heterogeneity,
    InteractionModel,
    Law,
    LogNormal,
    Pareto,
    Zipf,
    bipartite_dcbm,
    dcbm,
    grow_log,
    sample_bipartite,
    sample_fixed_lengths,
    sample_graph,
    sample_interactions,
)

Table = dict[str, Any]
DAYS = 365.0  # over which interactions are dated
LAWS: dict[str, tuple[Callable[..., Heterogeneity], tuple[str, ...]]] = {
    "constant": (Constant, ()),
    "pareto": (Pareto, ("exponent", "maximum")),
    "lognormal": (LogNormal, ("sigma", "maximum")),
    "gamma": (Gamma, ("cv", "maximum")),
    "zipf": (Zipf, ("exponent",)),
}


@dataclass(frozen=True)
class ModelFile:
    """What a model file says: its `kind`, and the entries of its tables [model], [heterogeneity] and [growth]."""

    kind: str
    entries: Table
    heterogeneity: Table = field(default_factory=dict)
    growth: Table = field(default_factory=dict)

    @property
    def is_graph(self) -> bool:
        """Whether samples are graphs, and not interactions."""
        return self.kind in ("graph", "block_model")

    def law(self) -> Heterogeneity:
        """The law of the propensities; Constant when the file names none."""
        options = dict(self.heterogeneity)
        name = options.pop("law", "constant")
        law, _ = LAWS[name]
        if name != "gamma" and "cv" in options:
            if name == "zipf":
                options["n"] = self.entries.get("nodes", self.entries.get("items"))
            return law.from_cv(**options)  # type: ignore[attr-defined, no-any-return]
        return law(**options)

    def build(self, rng: np.random.Generator) -> BlockModel | InteractionModel | BipartiteModel:
        """Draw the propensities and shuffle the labels, where the file leaves that to chance."""
        entries = dict(self.entries)
        if self.kind == "block_model":
            return BlockModel(**entries)
        blocks = entries.pop("blocks")
        if self.kind == "graph":
            return dcbm(entries.pop("nodes"), blocks, heterogeneity=self.law(), rng=rng, **entries)
        n, contexts = entries.pop("items"), entries.pop("contexts")
        if self.kind == "bipartite":
            return bipartite_dcbm(contexts, n, blocks, heterogeneity=self.law(), rng=rng, **entries)
        if "length" in entries:
            entries["mean_length"] = entries.pop("length")
        return InteractionModel(self.law().sample(n, rng), rng.permutation(np.arange(n) % blocks), **entries)

    def sample(
        self, rng: np.random.Generator, *, law: Law = "bernoulli", clip: bool = False
    ) -> tuple[BlockModel | InteractionModel | BipartiteModel, sparse.csr_array, NDArray[np.float64] | None]:
        """Build the model and draw a graph or interactions from it.

        Parameters
        ----------
        law : of the edges of a graph; interactions are 0 or 1 ("bernoulli").
        clip : use 1 where a probability exceeds it, with a warning or as an upper bound, instead of refusing.

        Returns
        -------
        The model, the matrix, and with a table [growth] the date of each of its entries, in days.

        Raises
        ------
        ValueError
            for Poisson interactions, parameters that no model has, or a probability above 1 without `clip`.
        """
        if law == "poisson" and not self.is_graph:
            raise ValueError("law must be 'bernoulli' for interactions, which are 0 or 1; got 'poisson'")
        model = self.build(rng)
        if isinstance(model, BlockModel):
            return model, sample_graph(model, rng, law=law, clip=clip), None
        if isinstance(model, BipartiteModel):
            matrix = sample_bipartite(model, rng, clip=clip)
        elif "length" in self.entries:
            lengths = np.full(self.entries["contexts"], self.entries["length"])
            matrix, _ = sample_fixed_lengths(model, lengths, rng)
        else:
            matrix, _ = sample_interactions(model, self.entries["contexts"], rng, clip=clip)
        if not self.growth:
            return model, matrix, None
        options = dict(self.growth)
        days = options.pop("days", DAYS)
        return model, matrix, days * grow_log(matrix, rng, **options).times
