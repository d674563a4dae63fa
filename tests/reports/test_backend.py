"""Drawing leaves the figures and the backend of whoever imports it alone."""

import subprocess
import sys

CODE = """
import matplotlib
matplotlib.use("svg")
import matplotlib.pyplot as plt
plt.figure()
import pandas as pd
from experiments.judging.figure import Figure
from reports.figures.claims import draw
from reports.figures.exhibits import draw_exhibit
drawn = draw(Figure("line", "x", "y", "x", "y", ""), pd.DataFrame({"x": [1, 2], "y": [3, 4]}), "title")
shown = draw_exhibit({"caption": "c: d", "points": [[1, 2, 3], [2, 1, 0]], "spikes": [0, -1]})
assert drawn.startswith("<svg") and shown.startswith("<svg")
print(matplotlib.get_backend(), plt.get_fignums(), matplotlib.rcParams["svg.hashsalt"])
"""


def test_a_notebooks_backend_and_figures_are_left_alone():
    assert subprocess.check_output([sys.executable, "-c", CODE], text=True).split() == ["svg", "[1]", "None"]
