"""Lists of neighbours name items of the data, and leave places empty where there are too few."""

import numpy as np

from experiments.real.neighbour_lists import Lists


def test_lists_name_items_and_leave_places_empty():
    rows = np.array([[1.0, 0.0], [0.0, 0.0], [2.0, 0.0]])
    lists = Lists(rows, np.array([5, 6, 9]), np.array([0, 2]), "dot")
    assert lists.of_rows(np.array([0, 2]), 3).tolist() == [[9, -1, -1], [5, -1, -1]]
