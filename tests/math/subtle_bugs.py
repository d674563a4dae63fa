"""Bugs of the subtle kind, each one place of one file, and the test that fails under it.

A wrong power, a dropped factor, another law, a mean for an axis, a doubled bound, a shared stream, a count that is off by one:
a careful person makes such a bug, and it changes numbers by little. `test_subtle_bugs.py` plants each in a copy of the tree; the
table in docs/testing.md is made of `row`.
"""

from dataclasses import dataclass

PREDICTION = "tests/theory/prediction/"
ANALYSIS = "tests/theory/analysis/"
THEOREM = "tests/theory/theorem/"
SIMULATE = "tests/simulate/"


@dataclass(frozen=True)
class Bug:
    """`was` stands once in the file `path` and becomes `becomes`; the test `caught_by` fails then."""

    words: str
    path: str
    was: str
    becomes: str
    caught_by: str

    def row(self) -> str:
        """The bug as a row of the table in docs/testing.md."""
        test = self.caught_by.replace("::", "`, `")
        return f"| {self.words} | `{self.path}` | `{test}` |"


def _of(folder, path, *bugs):
    return [Bug(words, path, was, becomes, folder + test) for words, was, becomes, test in bugs]


BUGS = [
    *_of(
        PREDICTION,
        "theory/prediction/noise_energy.py",
        (
            "the root of Im g is forgotten in noise rows",
            "drawn[:, part] * np.sqrt(weight / weight.sum())[:, None]",
            "drawn[:, part] * (weight / weight.sum())[:, None]",
            "test_noise_energy.py::test_noise_rows_on_a_graph_have_the_variance_that_their_neighbours_give_them",
        ),
        (
            "noise rows are a fifth too short",
            "times_block(graph, partners) * np.abs(g)[:, None]",
            "times_block(graph, partners) * 0.8 * np.abs(g)[:, None]",
            "test_noise_energy.py::test_noise_rows_on_a_graph_have_the_variance_that_their_neighbours_give_them",
        ),
        (
            "noise spreads as the square root of the local density of states",
            "weight = np.where(joined, np.maximum(-g.imag, 0.0), 0.0)",
            "weight = np.where(joined, np.maximum(-g.imag, 0.0) ** 0.5, 0.0)",
            "test_noise_energy.py::test_the_energy_of_a_row_follows_the_local_density_of_states",
        ),
        (
            "the energy of noise grows with the magnitude of its eigenvalue and not with the square",
            "(levels[part] ** (2 * POWER[scaling]))",
            "(levels[part] ** POWER[scaling])",
            "test_noise_energy.py::test_the_energy_of_a_row_follows_the_local_density_of_states",
        ),
        (
            "noise levels are one place off",
            "(np.arange(count) + 0.5) / sample.cells.counts.sum()",
            "(np.arange(count) + 1.5) / sample.cells.counts.sum()",
            "test_noise_energy.py::test_noise_levels_of_a_constant_variance_are_the_quantiles_of_the_semicircle",
        ),
    ),
    *_of(
        THEOREM,
        "theory/theorem/certificates.py",
        (
            "the bound on all of M^2 is doubled",
            "factor, factor * spread * float(np.linalg.norm(off)),",
            "factor, 2 * factor * spread * float(np.linalg.norm(off)),",
            "test_certificates.py::test_the_frobenius_bound_is_reached_by_a_row_across_its_ray",
        ),
        (
            "the bound on an entry of M^2 is doubled",
            "np.asarray(self.factor * self.norms[i] * self.norms[j] * sine)",
            "np.asarray(2 * self.factor * self.norms[i] * self.norms[j] * sine)",
            "test_certificates.py::test_the_bound_on_the_square_is_reached_by_some_pair_of_rows",
        ),
        (
            "the bound takes the larger sine for that of the sum of both angles",
            "np.sin(p + q) ** 2 +",
            "np.sin(np.maximum(p, q)) ** 2 +",
            "test_certificates.py::test_no_entry_and_no_norm_breaks_its_bound",
        ),
        (
            "M is certified from U Sigma without the condition number",
            "return 1 / lam\n",
            "return np.sign(lam)\n",
            "test_certificates.py::test_the_frobenius_bound_is_that_of_its_formula",
        ),
    ),
    *_of(
        ANALYSIS,
        "theory/analysis/angles_to_axes.py",
        (
            "the mean row is taken for the axis",
            "axis = np.linalg.eigh(mine.T @ mine)[1][:, -1]",
            "axis = mine.sum(axis=0) / np.linalg.norm(mine.sum(axis=0))",
            "test_angles_to_axes.py::test_the_axis_is_the_leading_right_singular_vector",
        ),
        (
            "the axis is that of rows about their mean",
            "axis = np.linalg.eigh(mine.T @ mine)[1][:, -1]",
            "axis = np.linalg.eigh(np.cov(mine.T))[1][:, -1]",
            "test_angles_to_axes.py::test_the_axis_is_the_leading_right_singular_vector",
        ),
    ),
    *_of(
        THEOREM,
        "theory/theorem/rays.py",
        (
            "norms of rows are divided by psi^2",
            "scale = np.divide(lengths, psi, out",
            "scale = np.divide(lengths, psi**2, out",
            "test_rays.py::test_norms_and_cosines_at_every_rank",
        ),
    ),
    *_of(
        THEOREM,
        "theory/theorem/recovery.py",
        (
            "the signature is dropped from the recovered affinity",
            "RecoveredBlockModel(theta, z, (directions * lam) @ directions.T, departure)",
            "RecoveredBlockModel(theta, z, (directions * np.abs(lam)) @ directions.T, departure)",
            "test_recovery.py::test_at_every_rank_it_rebuilds_the_truncated_matrix",
        ),
        (
            "the departure of rows is their mean sine and not the largest",
            "np.where(along >= 0, sines, 2.0).max()",
            "np.where(along >= 0, sines, 2.0).mean()",
            "test_recovery.py::test_the_departure_is_the_largest_sine_and_two_for_a_row_that_points_away",
        ),
    ),
    *_of(
        PREDICTION,
        "theory/prediction/row_covariance.py",
        (
            "the third moment of theta is taken for the second",
            "profile.couplings[:k, :k] * (model.block_sums(3) * inverse)",
            "profile.couplings[:k, :k] * (model.block_sums(2) * inverse)",
            "test_row_covariance.py::test_row_covariances_are_those_of_the_noise_times_the_eigenvectors",
        ),
        (
            "the signature is dropped from the covariance of rows",
            "g = np.abs(lam) ** POWER[scaling] / lam\n",
            "g = np.abs(lam) ** POWER[scaling] / np.abs(lam)\n",
            "test_row_covariance.py::test_row_covariances_are_those_of_the_noise_times_the_eigenvectors",
        ),
        (
            "noise along the ray counts as an angle",
            "(total - covariance.along(ray.directions)) /",
            "total /",
            "test_row_covariance.py::test_the_expected_squared_sine_is_the_noise_across_the_ray_over_all_of_the_row",
        ),
        (
            "noise does not lengthen the row whose angle is asked",
            "np.maximum(ray.norms**2 + total, 1e-300)",
            "np.maximum(ray.norms**2, 1e-300)",
            "test_row_covariance.py::test_the_expected_squared_sine_is_the_noise_across_the_ray_over_all_of_the_row",
        ),
    ),
    *_of(
        PREDICTION,
        "theory/prediction/collinear_share.py",
        (
            "the signature is dropped from rows by the local law",
            "scaled(lam[:rank], basis[:, :rank], scaling) / lam[:rank]",
            "scaled(lam[:rank], basis[:, :rank], scaling) / np.abs(lam[:rank])",
            "test_collinear_share.py::test_rows_by_either_law_are_the_population_on_average",
        ),
        (
            "trust is asked of the strongest direction kept",
            "np.abs(model.block_spectrum()[0][rank - 1])",
            "np.abs(model.block_spectrum()[0][0])",
            "test_collinear_share.py::test_the_ratio_is_the_weakest_eigenvalue_over_the_edge_of_the_noise",
        ),
    ),
    *_of(
        PREDICTION,
        "theory/prediction/variances.py",
        (
            "P for P (1 - P)",
            "couplings = np.block([[b, zero], [zero, -(b**2)]])",
            "couplings = np.block([[b, zero], [zero, zero]])",
            "test_variances.py::test_the_profile_times_a_vector_is_the_matrix_times_it",
        ),
    ),
    *_of(
        PREDICTION,
        "theory/prediction/entry_moments.py",
        (
            "the third moment of an edge is that about 0",
            '("bernoulli", 3): (1.0, -3.0, 2.0)',
            '("bernoulli", 3): (1.0, 0.0, 0.0)',
            "test_entry_moments.py::test_moments_are_those_of_the_edges",
        ),
    ),
    *_of(
        PREDICTION,
        "theory/prediction/degree_error.py",
        (
            "a covariance is counted once in the variance of a sum",
            "variance = first + 2 * q * v3(y) + square",
            "variance = first + q * v3(y) + square",
            "test_degree_error.py::test_the_errors_are_their_formulas_on_dense_matrices",
        ),
        (
            "the bias keeps what the projection takes away",
            "bias = both - u @ (u.T @ both) +",
            "bias = both +",
            "test_degree_error.py::test_the_errors_are_their_formulas_on_dense_matrices",
        ),
        (
            "V q^2 for V V q^2",
            "square = v(v(q**2))",
            "square = v(q**2)",
            "test_degree_error.py::test_the_errors_are_their_formulas_on_dense_matrices",
        ),
    ),
    *_of(
        PREDICTION,
        "theory/prediction/norm_bias.py",
        (
            "the scaling's power is taken for what is left of it",
            "np.abs(lam) ** (1 - POWER[scaling])",
            "np.abs(lam) ** (1 - POWER[scaling] ** 2)",
            "test_norm_bias.py::test_the_bias_is_the_trace_of_the_covariance_of_each_row",
        ),
    ),
    *_of(
        PREDICTION,
        "theory/prediction/outliers.py",
        (
            "overlaps are divided by the length of a vector and not its square",
            "np.square(seen).sum(axis=0) / lengths**2",
            "np.square(seen).sum(axis=0) / lengths",
            "test_outliers.py::test_outliers_solve_the_dense_equations",
        ),
        (
            "a hub is counted without its mirror image",
            "places=2 * hubs + beyond",
            "places=hubs + beyond",
            "test_outliers.py::test_a_detached_hub_opens_a_gap_where_a_community_still_shows",
        ),
    ),
    *_of(
        PREDICTION,
        "theory/prediction/surrogate_rows.py",
        (
            "a row of the resummed law lacks its own factor g",
            "drawn[rows] = drawn[rows] * found.resolvent(rows) * np.abs",
            "drawn[rows] = drawn[rows] * np.abs",
            "test_surrogate_rows.py::test_rows_on_the_mean_graph_without_noise_are_the_mean_rows",
        ),
        (
            "the covariance of a neighbour adds what Bernoulli edges take away",
            "second = -field[1] if",
            "second = field[1] if",
            "test_surrogate_rows.py::test_mean_and_covariance_of_a_neighbour_make_up_its_second_moments",
        ),
    ),
    *_of(
        PREDICTION,
        "theory/prediction/stability.py",
        (
            "thinning is said to have the variance keep for keep (1 - keep)",
            "np.sqrt(keep * (1 - keep)) * thinning",
            "np.sqrt(keep) * thinning",
            "test_stability.py::test_surrogate_has_the_covariances_of_thinning",
        ),
        (
            "thinned edges have the law of the graph and not that of edges that are there",
            "thinning = replace(covariance, second=np.zeros_like(covariance.second))",
            "thinning = covariance",
            "test_stability.py::test_thinning_has_the_noise_of_edges_that_are_there_whatever_their_law",
        ),
    ),
    *_of(
        PREDICTION,
        "theory/prediction/chance_peaks.py",
        (
            "both ends of a line count for the cap of one",
            "(1 - cosine) * (1 + cosine)) / 2)",
            "(1 - cosine) * (1 + cosine)))",
            "test_chance_peaks.py::test_cap_is_the_share_of_uniform_directions",
        ),
    ),
    *_of(
        ANALYSIS,
        "theory/analysis/truncation.py",
        (
            "the threshold is the mean of the nulls and not the largest",
            "threshold = max(_second_magnitude(draw(rng), operator) for _ in range(replicates))",
            "threshold = sum(_second_magnitude(draw(rng), operator) for _ in range(replicates)) / replicates",
            "test_truncation.py::test_the_threshold_of_several_nulls_is_the_largest_of_their_seconds",
        ),
        (
            "the knee's line is f and not f + 1",
            "if count > slack * (rank + 1):",
            "if count > slack * rank:",
            "test_truncation.py::test_the_knee_is_where_the_peaks_pass_one_and_a_half_times_the_line",
        ),
    ),
    *_of(
        ANALYSIS,
        "theory/analysis/peak_search.py",
        (
            "rho n rows are enough and not more than rho n",
            "(totals > float(coverage * n))",
            "(totals >= float(coverage * n))",
            "test_spikes.py::test_equals_the_double_loop",
        ),
    ),
    *_of(
        ANALYSIS,
        "theory/analysis/peaks_of_file.py",
        (
            "what lies behind the last peak needed is not taken back",
            "search.membership[search.membership >= offset + last] = -1",
            "search.membership[search.membership >= offset + last] = 0",
            "test_peaks_of_file.py::test_the_same_spikes_as_in_memory",
        ),
        (
            "rows of the file are taken for decided that were not looked at",
            "decided = int(ranks[-1]) + 1",
            "decided = int(ranks[-1]) + 2",
            "test_peaks_of_file.py::test_the_same_spikes_as_in_memory",
        ),
    ),
    *_of(
        ANALYSIS,
        "theory/analysis/spikes.py",
        (
            "rows of zero norm count in Spk",
            "return int(self.membership.size) - self.n_zero",
            "return int(self.membership.size)",
            "test_spikes.py::test_equals_the_double_loop",
        ),
    ),
    *_of(
        ANALYSIS,
        "theory/analysis/cooccurrence.py",
        (
            "N counts contexts that hold nothing",
            "int(np.count_nonzero(np.diff(x.indptr)))",
            "int(x.shape[0])",
            "test_ppmi.py::test_ppmi_is_the_dictionary_of_pairs",
        ),
        (
            "the paper's cut keeps one rank too many",
            "else top_k - 1)",
            "else top_k)",
            "test_cooccurrence.py::test_the_papers_rule_ranks_over_later_and_over_earlier_items",
        ),
    ),
    *_of(
        ANALYSIS,
        "theory/analysis/blocks/counts.py",
        (
            "smoothing on both sides of a pair instead of one",
            "np.sqrt(occurrences * powered * occurrences.sum() / powered.sum())",
            "powered * occurrences.sum() / powered.sum()",
            "test_ppmi.py::test_shift_and_smoothing_follow_their_formulas",
        ),
    ),
    *_of(
        ANALYSIS,
        "theory/analysis/stability.py",
        (
            "the median overlap for the mean",
            "overlap[number], jaccard[number], counts[number] = o.mean(),",
            "overlap[number], jaccard[number], counts[number] = np.median(o),",
            "test_stability.py::test_overlap_and_jaccard_against_sets",
        ),
    ),
    *_of(
        ANALYSIS,
        "theory/analysis/norm_dispersion.py",
        (
            "the deviation of a sample for that of the population",
            "(norms - mean[labels]) ** 2) / np.maximum(size, 1)",
            "(norms - mean[labels]) ** 2) / np.maximum(size - 1, 1)",
            "test_norm_dispersion.py::test_dispersion_is_the_coefficient_of_variation_within_each_spike",
        ),
    ),
    *_of(
        ANALYSIS,
        "theory/analysis/degrees.py",
        (
            "degrees from the magnitudes of eigenvalues",
            "embedding.basis @ (embedding.eigenvalues * embedding.basis.sum(axis=0))",
            "embedding.basis @ (np.abs(embedding.eigenvalues) * embedding.basis.sum(axis=0))",
            "test_degrees.py::test_the_population_degrees_are_exact",
        ),
    ),
    *_of(
        ANALYSIS,
        "theory/analysis/factorizations.py",
        (
            "EASE divides rows where it should divide columns",
            "b = -p / np.diag(p)\n",
            "b = -p / np.diag(p)[:, None]\n",
            "test_factorizations.py::test_ease_solves_each_column_by_ridge_without_itself",
        ),
    ),
    *_of(
        SIMULATE,
        "simulate/models/block_models.py",
        (
            "each edge is counted from both its ends",
            "return float(self.expected_degrees().sum() / 2)",
            "return float(self.expected_degrees().sum())",
            "models/test_block_models.py::test_degrees_edges_and_probabilities_are_sums_over_the_dense_matrix",
        ),
        (
            "a node's own term has theta for theta^2",
            "degrees - theta**2 * np.diag(self.affinity)[self.labels]",
            "degrees - theta * np.diag(self.affinity)[self.labels]",
            "models/test_block_models.py::test_degrees_edges_and_probabilities_are_sums_over_the_dense_matrix",
        ),
        (
            "edges lost by clipping count loops that nobody draws",
            "(both - float((own[own > 1] - 1).sum())) / 2",
            "both / 2",
            "models/test_block_models.py::test_degrees_edges_and_probabilities_are_sums_over_the_dense_matrix",
        ),
    ),
    *_of(
        SIMULATE,
        "simulate/models/recipes.py",
        (
            "the mean degree that is asked for counts loops",
            "mean = BlockModel(theta, labels, shape).expected_degrees().mean()",
            "mean = BlockModel(theta, labels, shape).expected_degrees(loops=True).mean()",
            "models/test_recipes.py::test_dcbm_hits_its_mean_degree_with_shuffled_labels_and_sizes_as_equal_as_possible",
        ),
    ),
    *_of(
        SIMULATE,
        "simulate/models/log_models.py",
        (
            "a Dirichlet law of another total concentration",
            "np.diag(w)) / (a + 1))",
            "np.diag(w)) / a)",
            "sampling/test_logs.py::test_items_and_pairs_have_their_closed_form_probabilities",
        ),
        (
            "the PMI forgets that lengths of contexts vary",
            "np.log((1 + self.length_cv**2) * self.mixture_moments()",
            "np.log(self.mixture_moments()",
            "models/test_log_models.py::test_pmi_is_constant_on_blocks_and_equals_the_ratio_of_probabilities",
        ),
    ),
    *_of(
        SIMULATE,
        "simulate/models/factor_models.py",
        (
            "the second block is always the next one",
            "rng.integers(1, model.n_blocks, chosen.size)",
            "rng.integers(1, 2, chosen.size)",
            "models/test_factor_models.py::test_the_second_block_is_any_of_the_others_equally_often",
        ),
        (
            "mixed memberships of another Dirichlet law",
            "np.full(model.n_blocks, concentration)",
            "np.full(model.n_blocks, concentration / model.n_blocks)",
            "models/test_factor_models.py::test_memberships_are_mixed_by_the_fraction_with_uniform_draws",
        ),
    ),
    *_of(
        SIMULATE,
        "simulate/popularity/laws.py",
        (
            "the exponent of a density is taken for that of the tail",
            "** (-1.0 / self.exponent))",
            "** (-1.0 / (self.exponent - 1)))",
            "popularity/test_laws.py::test_laws_have_the_distribution_they_state",
        ),
        (
            "draws above the maximum are cut to it, where an atom piles up",
            "special.ndtri(_uniform(n, rng) * below)",
            "np.minimum(special.ndtri(_uniform(n, rng)), special.ndtri(below))",
            "popularity/test_laws.py::test_laws_have_the_distribution_they_state",
        ),
        (
            "a gamma law of the shape 1 / cv",
            "shape = 1.0 / self.cv**2",
            "shape = 1.0 / self.cv",
            "popularity/test_laws.py::test_the_law_has_the_variation_asked_for",
        ),
    ),
    *_of(
        SIMULATE,
        "simulate/popularity/realised_spread.py",
        (
            "the spread of a sample for that of the nodes there are",
            "float(theta.std()) / mean",
            "float(theta.std(ddof=1)) / mean",
            "popularity/test_realised_spread.py::test_realised_heterogeneity_is_that_of_the_sample",
        ),
    ),
    *_of(
        SIMULATE,
        "simulate/sampling/independent_pairs.py",
        (
            "parts of a graph share one random stream",
            "np.random.Generator(np.random.PCG64(streams[chunk]))",
            "np.random.Generator(np.random.PCG64(streams[0]))",
            "sampling/test_graphs.py::test_parts_of_a_graph_that_are_drawn_side_by_side_are_independent",
        ),
        (
            "pairs inside a group are drawn twice",
            "share = 0.5 if symmetric and g == h else 1.0",
            "share = 1.0",
            "sampling/test_graphs.py::test_every_entry_has_its_law_with_shuffled_labels",
        ),
    ),
    *_of(
        SIMULATE,
        "simulate/sampling/edge_swaps.py",
        (
            "the second edge of a swap is never turned round",
            "if rng.random() < 0.5:",
            "if rng.random() < 0.0:",
            "sampling/test_edge_swaps.py::test_double_swaps_are_uniform_on_the_graphs_of_their_degrees",
        ),
    ),
    *_of(
        SIMULATE,
        "simulate/sampling/factor_graphs.py",
        (
            "an edge by the chance of one event and not of at least one",
            "< -np.log1p(-p) / (rate * p)",
            "< 1 / rate",
            "sampling/test_factor_graphs.py::test_every_pair_has_its_law",
        ),
    ),
    *_of(
        SIMULATE,
        "simulate/sampling/logs.py",
        (
            "sizes of contexts have the variance cv for cv^2",
            "rng.gamma(1 / cv**2, model.mean_length * cv**2, count)",
            "rng.gamma(1 / cv, model.mean_length * cv, count)",
            "sampling/test_logs.py::test_sizes_are_gamma_and_mixtures_dirichlet",
        ),
    ),
    *_of(
        SIMULATE,
        "simulate/changes/thinning.py",
        (
            "a count of edges is kept or lost as a whole",
            "else rng.binomial(counts, keep)",
            "else counts * (rng.random(counts.size) < keep)",
            "changes/test_thinning.py::test_each_unit_of_a_count_is_kept_by_itself",
        ),
        (
            "a loop is counted in both directions",
            "half + sparse.triu(half, k=1).T",
            "half + half.T",
            "changes/test_thinning.py::test_a_loop_counts_once",
        ),
    ),
    *_of(
        SIMULATE,
        "simulate/changes/growth.py",
        (
            "what comes before a birth is moved to the birth itself",
            "np.asarray(births + (1 - births) * times)",
            "np.maximum(births, times)",
            "changes/test_growth.py::test_after_its_birth_the_times_of_an_item_are_uniform",
        ),
        (
            "an edge may come after the earlier of its nodes",
            "np.maximum(births[i], births[j])",
            "np.minimum(births[i], births[j])",
            "changes/test_growth.py::test_a_node_has_no_edge_before_its_birth",
        ),
    ),
    *_of(
        SIMULATE,
        "simulate/changes/noisy_weights.py",
        (
            "weights of median 1 and not of mean 1",
            "rng.lognormal(-(sigma**2) / 2, sigma, i.size)",
            "rng.lognormal(0.0, sigma, i.size)",
            "changes/test_noisy_weights.py::test_weights_keep_the_mean_and_have_their_variance",
        ),
        (
            "the diagonal of a symmetric noise is added twice",
            "half + np.triu(half, 1).T",
            "half + half.T",
            "changes/test_noisy_weights.py::test_every_pair_and_every_node_has_noise_of_the_same_size",
        ),
    ),
    *_of(
        SIMULATE,
        "simulate/changes/background_edges.py",
        (
            "a node has n partners and not n - 1",
            "degree / max(n - 1, 1)",
            "degree / max(n, 1)",
            "changes/test_background_edges.py::test_at_the_largest_mean_degree_every_pair_has_an_edge",
        ),
    ),
    *_of(
        SIMULATE,
        "simulate/changes/wrong_labels.py",
        (
            "a wrong label is always that of the next block",
            "rng.integers(1, model.n_blocks, model.n_nodes)",
            "rng.integers(1, 2, model.n_nodes)",
            "changes/test_wrong_labels.py::test_the_other_label_is_any_of_the_other_blocks_equally_often",
        ),
    ),
    *_of(
        SIMULATE,
        "simulate/nulls.py",
        (
            "the null has twice the edges: P = 2 d_i d_j / sum d",
            "affinity = [[1.0 / total if total > 0 else 0.0]]",
            "affinity = [[2.0 / total if total > 0 else 0.0]]",
            "test_nulls.py::test_chung_lu_has_the_degrees_in_expectation",
        ),
        (
            "permuted items are drawn afresh, so that nobody is popular",
            "shuffled = rng.permutation(coo.coords[1])",
            "shuffled = rng.integers(0, coo.shape[1], coo.nnz)",
            "test_nulls.py::test_permuted_items_keep_both_margins_up_to_pairs_that_meet",
        ),
        (
            "random frames keep the signs that QR gives them",
            "basis * np.sign(np.diag(triangle)) * np.abs(values)",
            "basis * np.abs(values)",
            "test_nulls.py::test_a_random_subspace_has_the_spectrum",
        ),
    ),
]
