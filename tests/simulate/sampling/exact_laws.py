"""Exact tests of samplers: each entry, and all graphs on a few nodes together. False-alarm rate 1e-6 each."""

import numpy as np
from scipy import sparse, stats

from simulate import BlockModel

ALARM = 1e-6


def probabilities(model):
    """P (n, n) with its diagonal, from the model's own `probability`."""
    n = model.n_nodes
    return np.array([[model.probability(i, j) for j in range(n)] for i in range(n)])


def copies_of(model, copies):
    """The nodes of a block model again and again: kind a of copy c is node c q + a."""
    return BlockModel(np.tile(model.propensities, copies), np.tile(model.labels, copies), model.affinity)


def sums_of_kinds(graphs, q, copies, *, directed=False, loops=False):
    """Sums of the entries of each pair of kinds (rows, columns), how many entries each sums, and the pairs of kinds.

    The graphs hold `copies` of the q kinds of nodes, kind a of copy c being node c q + a; entries of a pair of kinds are alike.
    """
    total, draws = np.zeros((q, q)), 0
    for graph in graphs:
        entries = sparse.coo_array(graph)
        i, j = entries.coords
        assert directed or (graph != graph.T).nnz == 0
        assert loops or not (i == j).any()
        total += np.bincount(i % q * q + j % q, entries.data, minlength=q * q).reshape(q, q)
        draws += 1
    number = np.full((q, q), copies**2)
    np.fill_diagonal(number, copies**2 if loops else copies * (copies - 1))
    if directed:
        pairs = np.nonzero(np.ones((q, q)))
        return total[pairs], draws * number[pairs], pairs
    for table in (total, number):
        table[np.diag_indices(q)] //= 2  # both halves of the matrix
    pairs = np.triu_indices(q)
    return total[pairs], draws * number[pairs], pairs


def least_tail(sample, p, copies, draws, law, **options):
    """The least tail probability of the sums of kinds, times the number of tails (Bonferroni); P of two kinds is p."""
    seen, number, pairs = sums_of_kinds((sample() for _ in range(draws)), len(p), copies, **options)
    assert not seen[p[pairs] == 0].any()
    seen, number, mean = seen[p[pairs] > 0], number[p[pairs] > 0], p[pairs][p[pairs] > 0]
    of = stats.binom(number, mean) if law == "bernoulli" else stats.poisson(number * mean)
    return float(np.minimum(of.cdf(seen), of.sf(seen - 1)).min() * 2 * seen.size)


def law_of_small_graphs(sample, p, copies, draws, pairs):
    """The p-value of the chi-square test of all 0-1 graphs on q nodes together.

    The sampled graphs hold `copies` of the q kinds of nodes, kind a of copy c being node c q + a; the entries within different
    copies are independent, so that each is a draw. `pairs` are the entries (rows, columns) of a graph on q nodes that vary.
    """
    q = len(p)
    codes = np.zeros((q, q), np.int64)
    codes[pairs] = 2 ** np.arange(len(pairs[0]))
    seen = np.zeros(2 ** len(pairs[0]))
    for _ in range(draws):
        entries = sparse.coo_array(sample())
        (i, j), within = entries.coords, entries.coords[0] // q == entries.coords[1] // q
        i, j = i[within], j[within]
        state = np.bincount(i // q, codes[i % q, j % q], minlength=copies).astype(np.int64)
        seen += np.bincount(state, minlength=seen.size)
    present = (np.arange(seen.size)[:, None] >> np.arange(len(pairs[0]))) & 1
    expected = copies * draws * np.prod(np.where(present == 1, p[pairs], 1 - p[pairs]), axis=1)
    # cells below five expected are pooled, as the chi-square approximation needs
    rare = expected < 5
    observed = np.append(seen[~rare], seen[rare].sum())
    expected = np.append(expected[~rare], expected[rare].sum())
    observed, expected = observed[expected > 0], expected[expected > 0]
    return float(stats.chi2.sf(((observed - expected) ** 2 / expected).sum(), len(expected) - 1))
