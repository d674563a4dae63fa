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
    DirectedBlockModel,
    DotProductModel,
    Gamma,
    GaussianWeights,
    Heterogeneity,
    InteractionModel,
    Law,
    LogNormal,
    NegativeBinomialWeights,
    Pareto,
    PopularityAdjustedModel,
    Zipf,
    bipartite_dcbm,
    dcbm,
    directed_dcbm,
    grow_log,
    pabm,
    sample_bipartite,
    sample_directed,
    sample_dot_product,
    sample_fixed_lengths,
    sample_graph,
    sample_interactions,
    sample_pabm,
    sample_weighted,
)

Table = dict[str, Any]
GraphModel = BlockModel | PopularityAdjustedModel | DotProductModel
Model = GraphModel | DirectedBlockModel | BipartiteModel | InteractionModel
GRAPHS = ("graph", "block_model", "popularity_adjusted", "dot_product")  # kinds whose samples are symmetric
WEIGHTS: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "negative_binomial": (NegativeBinomialWeights, ("dispersion",)),
    "gaussian": (GaussianWeights, ("means", "deviations")),
}
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
    """What a model file says: its `kind`, and the entries of its tables [model], [heterogeneity], [growth] and [weights]."""

    kind: str
    entries: Table
    heterogeneity: Table = field(default_factory=dict)
    growth: Table = field(default_factory=dict)
    weights: Table = field(default_factory=dict)

    @property
    def is_graph(self) -> bool:
        """Whether samples are graphs, and not interactions."""
        return self.kind in GRAPHS

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

    def build(self, rng: np.random.Generator) -> Model:
        """Draw the propensities and shuffle the labels, where the file leaves that to chance."""
        entries = dict(self.entries)
        if self.kind == "block_model":
            return BlockModel(**entries)
        if self.kind == "dot_product":
            return DotProductModel(**entries)
        blocks = entries.pop("blocks")
        recipes: dict[str, Callable[..., Model]] = {
            "graph": dcbm,
            "directed": directed_dcbm,
            "popularity_adjusted": pabm,
        }
        if self.kind in recipes:
            recipe = recipes[self.kind]
            return recipe(entries.pop("nodes"), blocks, heterogeneity=self.law(), rng=rng, **entries)
        n, contexts = entries.pop("items"), entries.pop("contexts")
        if self.kind == "bipartite":
            return bipartite_dcbm(contexts, n, blocks, heterogeneity=self.law(), rng=rng, **entries)
        if "length" in entries:
            entries["mean_length"] = entries.pop("length")
        return InteractionModel(self.law().sample(n, rng), rng.permutation(np.arange(n) % blocks), **entries)

    def sample(
        self, rng: np.random.Generator, *, law: Law = "bernoulli", clip: bool = False
    ) -> tuple[Model, sparse.csr_array, NDArray[np.float64] | None]:
        """Build the model and draw a graph or interactions from it.

        Parameters
        ----------
        law : of the edges of a graph without a table [weights]; interactions and directed graphs are 0 or 1 ("bernoulli").
        clip : use 1 where a probability exceeds it, with a warning or as an upper bound, instead of refusing.

        Returns
        -------
        The model, the matrix, and with a table [growth] the date of each of its entries, in days.

        Raises
        ------
        ValueError
            for Poisson interactions or Poisson edges beside [weights], parameters that no model has, or a probability above 1
            without `clip`.
        """
        if law == "poisson" and not self.is_graph:
            raise ValueError("law must be 'bernoulli' for interactions, which are 0 or 1; got 'poisson'")
        if law == "poisson" and self.weights:
            raise ValueError("law must be left out beside a table [weights], which names one; got 'poisson'")
        model = self.build(rng)
        if isinstance(model, BlockModel | PopularityAdjustedModel | DotProductModel):
            return model, self._graph(model, rng, law, clip), None
        if isinstance(model, DirectedBlockModel):
            return model, sample_directed(model, rng, clip=clip), None
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

    def _graph(self, model: GraphModel, rng: np.random.Generator, law: Law, clip: bool) -> sparse.csr_array:
        if isinstance(model, PopularityAdjustedModel):
            return sample_pabm(model, rng, law=law, clip=clip)
        if isinstance(model, DotProductModel):
            return sample_dot_product(model, rng, law=law, clip=clip)
        if not self.weights:
            return sample_graph(model, rng, law=law, clip=clip)
        options = dict(self.weights)
        weights, _ = WEIGHTS[options.pop("law")]
        return sample_weighted(model, rng, weights=weights(**options), clip=clip)


def truth_of(model: Model) -> tuple[NDArray[np.int64] | None, NDArray[np.float64] | None]:
    """Return the blocks and the propensities of the nodes, of the items, or of the receivers of a directed graph.

    A popularity-adjusted model has no one propensity per node, and a dot product model no blocks either.

    >>> truth_of(DotProductModel([[0.5]]))
    (None, None)
    """
    if isinstance(model, DotProductModel):
        return None, None
    if isinstance(model, PopularityAdjustedModel):
        return model.labels, None
    if isinstance(model, BlockModel | InteractionModel):
        return model.labels, model.propensities
    side = model.incoming if isinstance(model, DirectedBlockModel) else model.items
    return side.labels, side.propensities
