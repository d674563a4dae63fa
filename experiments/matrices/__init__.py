"""Real matrices: a catalogue of data sets by name, and one file a format."""

from experiments.matrices.catalogue import DATASETS, Dataset, data_folders, names
from experiments.matrices.collecting import PairCollector
from experiments.matrices.loading import load, require_known
from experiments.matrices.reading import BadInput
from experiments.matrices.real_matrix import RealMatrix

__all__ = [
    "BadInput",
    "DATASETS",
    "Dataset",
    "PairCollector",
    "RealMatrix",
    "data_folders",
    "load",
    "names",
    "require_known",
]
