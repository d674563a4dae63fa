"""In which order does a section of the gallery show its scripts? What a reader meets first comes first."""

from pathlib import Path

ORDER = (
    "spikes_appear",
    "equal_popularity",
    "hubs_make_spikes",
    "negative_eigenvalues",
    "overlapping_communities",
    "listeners_and_songs",
    "directed_graphs",
    "ppmi_forgets_popularity",
    "laplacians_undo_degrees",
    "degrees_from_the_embedding",
    "drowning",
    "phase_diagram",
    "low_norm_vectors_are_noisy",
    "spk_against_noise",
    "spikier_than_chance",
    "twins_of_a_real_matrix",
    "choosing_f",
    "cosine_or_dot",
    "own_vectors",
    "every_format",
    "trust_of_an_item",
    "checks_of_vectors",
    "merging",
    "a_theorem_of_ones_own",
    "a_counterexample",
    "bethe_hessian_counts",
    "a_million_nodes",
    "shards",
    "sweep_on_dask",
)


class ReadingOrder:
    """A sorting key of sphinx-gallery: the place of a script in `ORDER`."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __call__(self, name: str) -> int:
        """Return the place of the script of this file name."""
        return ORDER.index(Path(name).stem.removeprefix("plot_"))

    def __repr__(self) -> str:
        """Return the same text in every build, since Sphinx compares configurations by it."""
        return f"<{type(self).__name__}>"
