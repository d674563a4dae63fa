"""
A sweep on a cluster gives the same table
=========================================

A study is a grid of parameters with a trial. It runs in this process, on several, or on a Dask cluster, here a local one of
two processes. The numbers depend on the study and the seed alone: the two tables are equal to the last bit. Replace
"local:2" by the address of a scheduler to use a cluster of yours.
"""

from spikeproof.experiments import read_study, run
from spikeproof.reports import COLOURS, picture

if __name__ == "__main__":  # the processes of a local cluster import this file, too
    sizes = ["n=600", "blocks=4", "mean_degree=40.0", "replicates=2", "noise=[0.0, 0.2, 0.4, 0.6, 0.8]"]
    study = read_study("noise", sizes)
    here = run(study, seed=0)
    there = run(study, seed=0, dask="local:2")

    (axis,) = picture("One process (lines) and a Dask cluster (points): the same numbers")
    for colour, scaling in zip(COLOURS, ("unit", "half", "full")):
        for table, marker in ((here, "-"), (there, "o")):
            spk = table[table["scaling"] == scaling].groupby("noise")["spk"].mean()
            axis.plot(spk, marker, color=colour)
        axis.text(0.82, spk.iloc[-1], f"scaling {scaling}", color=colour, fontweight="bold", va="center")
    axis.set(xlabel="share of the edges that do not follow communities", ylabel="Spk, mean of two graphs")

    assert here.equals(there)
