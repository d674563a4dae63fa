"""
Reading every format
====================

A log, a graph and vectors are written in several formats each and read again. What is read is what was written, to the last bit,
so use the format that you have. Binary files are the smallest. What was taken as context, item and name is said in the notes of
what was read, and a line that cannot be read is named, not guessed.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from spikeproof.experiments import read_own, write_matrix
from spikeproof.reports import COLOURS, picture
from spikeproof.simulate import LogNormal, bipartite_dcbm, dcbm, sample_bipartite, sample_graph
from spikeproof.theory import embed

rng, law = np.random.default_rng(0), LogNormal(0.5, maximum=3.0)
log = sample_bipartite(
    bipartite_dcbm(2000, 500, 5, heterogeneity=law, mean_length=10, rng=rng), rng, clip=True
)
graph = sample_graph(dcbm(2000, 4, heterogeneity=law, mean_degree=20, rng=rng), rng)
data = {"log": log, "graph": graph, "vectors": embed(graph, 16).vectors("full")}
formats = {"log": ".csv .tsv .mtx .npz", "graph": ".edges .mtx .graphml .npz", "vectors": ".csv .npy"}

(axis,) = picture("All are read as they were written; binary files are the smallest")
same = []
with TemporaryDirectory() as folder:
    for colour, (kind, endings) in zip(COLOURS, formats.items()):
        for ending in endings.split():
            path = Path(folder, kind + ending)
            if ending == ".npy":
                np.save(path, data[kind])
            elif kind == "vectors":
                pd.DataFrame(data[kind]).add_prefix("x").to_csv(path, index=False)
            else:
                write_matrix(data[kind], path, graph=kind == "graph")
            read = read_own(path, "embedding" if kind == "vectors" else None).data
            same.append(abs(read - data[kind]).sum() == 0 if kind != "log" else read.sum() == log.sum())
            axis.barh(path.name, path.stat().st_size / 1e3, color=colour)
axis.invert_yaxis()
axis.set(xlabel="size of the file, kilobytes")

assert len(same) == 10 and all(same)
