"""Which data sets are known by name? Who publishes them, under what licence, which files they consist of, and where these lie.

Nothing is downloaded. A data set that is not part of an installed package is fetched from its owners by the user, into the
folder that the environment variable `SPIKEPROOF_DATA` names, or into the cache folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from experiments.matrices.real_matrix import RealMatrix
from simulate.optional import require_extra


@dataclass(frozen=True)
class Dataset:
    """A row of the catalogue; `files` are alternatives, each a set of paths below the data folder.

    `extra` is the extra of the installation that brings `package`, where it is none of the core's.
    """

    name: str
    what: str
    owner: str
    licence: str
    files: tuple[tuple[str, ...], ...] = ()
    package: str = ""
    extra: str = ""

    def found(self, folder: Path | None = None) -> Path | None:
        """Return the first alternative that is there: its file, or the folder of its several files."""
        for root in [folder] if folder else data_folders():
            for paths in self.files:
                if all((root / path).is_file() for path in paths):
                    return root / paths[0] if len(paths) == 1 else (root / paths[0]).parent
        return None

    def present(self) -> bool:
        """Say whether its package or its files are there."""
        if self.package:
            from importlib.util import find_spec

            return find_spec(self.package) is not None
        return self.found() is not None


def data_folders() -> list[Path]:
    """Return the folders searched: `SPIKEPROOF_DATA` when set, then `XDG_CACHE_HOME`/spikeproof."""
    given = os.environ.get("SPIKEPROOF_DATA", "")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "spikeproof"
    return [Path(given), cache] if given else [cache]


_BOKEH = "https://github.com/bokeh/bokeh_sampledata"
_NETWORKX = "https://networkx.org"
_CORNELL = "https://www.cs.cornell.edu/~shuochen/lme/data_page.html"
_HETREC = "https://grouplens.org/datasets/hetrec-2011"
_ASK = "research; ask its owners for other uses"


def _cornell(size: str) -> tuple[tuple[str, ...], ...]:
    listed = ("train.txt", "song_hash.txt", "tags.txt", "tag_hash.txt")
    folders = (f"raw/cornell_yes_{size}", f"yes_{size}")
    return (
        (f"cornell_yes_{size}.npz",),
        *(tuple(f"{folder}/{file}" for file in listed) for folder in folders),
    )


DATASETS = (
    Dataset(
        "films-actors",
        "films x actors, genres, years",
        _BOKEH,
        "CC0 (Wikidata)",
        package="bokeh_sampledata",
        extra="films",
    ),
    Dataset(
        "films-actors-3000",
        "its 3,000 most frequent actors",
        _BOKEH,
        "CC0 (Wikidata)",
        package="bokeh_sampledata",
        extra="films",
    ),
    Dataset(
        "les-miserables",
        "characters by shared chapters (graph)",
        _NETWORKX,
        "BSD-3-Clause",
        package="networkx",
    ),
    Dataset("davis", "gatherings x women", _NETWORKX, "BSD-3-Clause", package="networkx"),
    Dataset(
        "drosophila",
        "larval connectome (graph)",
        "https://graspologic-org.github.io/graspologic",
        "MIT",
        package="graspologic",
        extra="graspologic",
    ),
    Dataset("cornell-yes-small", "radio playlists x songs, tags", _CORNELL, _ASK, _cornell("small")),
    Dataset("cornell-yes-big", "radio playlists x songs, tags", _CORNELL, _ASK, _cornell("big")),
    Dataset(
        "cornell-yes-complete", "radio playlists x songs, tags", _CORNELL, _ASK, _cornell("complete")[1:]
    ),
    Dataset(
        "hetrec-user-artist",
        "Last.fm listeners x artists, tags",
        _HETREC,
        "non-commercial, cite",
        (
            ("hetrec_lastfm_user_artist.npz",),
            ("raw/hetrec_lastfm/user_artists.dat",),
            ("hetrec2011-lastfm-2k/user_artists.dat",),
        ),
    ),
    Dataset(
        "hetrec-usertag-artist",
        "Last.fm (listener, tag) x artists, dated",
        _HETREC,
        "non-commercial, cite",
        (
            ("hetrec_lastfm_usertag_artist.npz",),
            ("raw/hetrec_lastfm/user_taggedartists.dat",),
            ("hetrec2011-lastfm-2k/user_taggedartists.dat",),
        ),
    ),
    Dataset(
        "aotm-2011",
        "mixtapes x tracks, dated",
        "https://brianmcfee.net/data/aotm2011.html",
        _ASK,
        (("aotm2011_playlists.json",), ("aotm2011_playlists.json.gz",)),
    ),
    Dataset(
        "lastfm-360k",
        "Last.fm listeners x artists",
        "http://ocelma.net/MusicRecommendationDataset/lastfm-360K.html",
        "non-commercial",
        (
            ("usersha1-artmbid-artname-plays.tsv",),
            ("lastfm-dataset-360K/usersha1-artmbid-artname-plays.tsv",),
        ),
    ),
    Dataset(
        "movielens-100k",
        "viewers x films, dated",
        "https://grouplens.org/datasets/movielens/100k",
        "research, no redistribution",
        (("ml-100k/u.data", "ml-100k/u.item"),),
    ),
    Dataset(
        "movielens-1m",
        "viewers x films, dated",
        "https://grouplens.org/datasets/movielens/1m",
        "research, no redistribution",
        (("ml-1m/ratings.dat", "ml-1m/movies.dat"),),
    ),
    Dataset(
        "movielens-25m",
        "viewers x films, dated",
        "https://grouplens.org/datasets/movielens/25m",
        "research, no redistribution",
        (("ml-25m/ratings.csv", "ml-25m/movies.csv"),),
    ),
    Dataset(
        "spotify-mpd",
        "playlists x tracks, one million in slices",
        "https://www.aicrowd.com/challenges/spotify-million-playlist-dataset-challenge",
        "research, by its challenge's terms",
        (
            ("spotify-mpd/mpd.slice.0-999.json", "spotify-mpd/mpd.slice.1000-1999.json"),
            ("data/mpd.slice.0-999.json", "data/mpd.slice.1000-1999.json"),
        ),
    ),
)


def present(name: str) -> bool:
    """Say whether the package or the files of a known matrix are there.

    >>> present("davis")
    True
    """
    return any(dataset.name == name and dataset.present() for dataset in DATASETS)


def names() -> list[str]:
    """Return the names that `load` knows, whether or not their files are there."""
    return [dataset.name for dataset in DATASETS]


def require_packages(matrices: Collection[str]) -> None:
    """Raise `ModuleNotFoundError`, naming the extra, for a matrix of the catalogue whose package is not installed.

    >>> require_packages(["davis"])  # networkx is part of the core
    """
    for dataset in DATASETS:
        if dataset.name in matrices and dataset.extra:
            require_extra(dataset.extra, dataset.name)


def packaged() -> dict[str, Callable[[], RealMatrix]]:
    """Return the loaders of the data sets that come with a package."""
    from experiments.matrices import films, small_graphs

    return {
        "films-actors": films.films_actors,
        "films-actors-3000": films.films_actors_3000,
        "les-miserables": small_graphs.les_miserables,
        "davis": small_graphs.davis,
        "drosophila": small_graphs.drosophila,
    }
