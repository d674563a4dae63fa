"""What comes with an extra of the installation, and the one sentence for whoever lacks it.

The core installation analyses, samples and judges; packages that only some features need come with the extras named here.
"""

from __future__ import annotations

from importlib.util import find_spec

# for each extra the packages as they are imported, by the names under which they are installed
EXTRAS = {
    "figures": {"matplotlib": "matplotlib", "seaborn": "seaborn"},
    "parquet": {"pyarrow": "pyarrow"},
    "films": {"bokeh-sampledata": "bokeh_sampledata"},
    "hdf5": {"h5py": "h5py"},
    "anndata": {"h5py": "h5py"},
    "safetensors": {"safetensors": "safetensors"},
    "cluster": {"dask": "dask", "distributed": "distributed", "cryptography": "cryptography"},
    "learn": {"scikit-learn": "sklearn"},
    "als": {"implicit": "implicit"},
    "graspologic": {"graspologic": "graspologic"},
}
ONLY = {"graspologic": " (on Python below 3.13)"}


def missing(extra: str, what: str) -> str:
    """Return the sentence that `what`, a feature in words, needs packages of an extra; empty where they are installed.

    >>> missing("learn", "comparing partitions")  # scikit-learn is installed
    ''
    """
    packages = EXTRAS[extra]
    if all(find_spec(module) is not None for module in packages.values()):
        return ""
    return f"{what} needs {' and '.join(packages)}: pip install 'spikeproof[{extra}]'{ONLY.get(extra, '')}"


def require_extra(extra: str, what: str) -> None:
    """Raise `ModuleNotFoundError` with the sentence of `missing` unless the packages of `extra` are installed.

    >>> require_extra("learn", "the factorization 'nmf'")
    """
    if sentence := missing(extra, what):
        raise ModuleNotFoundError(sentence)
