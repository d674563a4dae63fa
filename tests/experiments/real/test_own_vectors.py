"""Vectors of one's own keep their norms and cosines as an embedding, and have the names of their file or of a table."""

import numpy as np
import pytest

from experiments.real.own_vectors import about_axes, read_vectors_and_log


@pytest.fixture
def path(tmp_path):
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((30, 4)) * [4, 3, 2, 1]
    np.savez(tmp_path / "x.npz", vectors=np.column_stack([rows, rows[:, 0]]), names=np.arange(30))
    (tmp_path / "items.csv").write_text(
        "id,title,kind\n" + "".join(f"{k},song {k},{k % 2}\n" for k in range(29))
    )
    return str(tmp_path / "x.npz")


def test_norms_and_products_are_those_of_the_file(path):
    own = read_vectors_and_log(path, 64, {})
    rows = own.rows(4)
    np.testing.assert_allclose(rows @ rows.T, own.columns @ own.columns.T, atol=1e-10)
    assert own.embedding.rank == 4 and own.embedding.n_cut == 1 and own.ids[3] == "3"
    np.testing.assert_allclose(own.embedding.basis.T @ own.embedding.basis, np.eye(4), atol=1e-10)
    assert "1 columns add no axis" in about_axes(own, 4)[0]


def test_numbers_whose_squares_overflow_are_taken_in_other_units(tmp_path):
    rows = np.random.default_rng(0).standard_normal((20, 3))
    np.save(tmp_path / "x.npy", rows * 2.0**700)
    own = read_vectors_and_log(str(tmp_path / "x.npy"), 64, {})
    ratio = own.columns / rows
    assert np.ptp(ratio) == 0 and np.isfinite(np.square(own.columns)).all()
    assert about_axes(own, 3)


def test_fewer_axes_say_what_they_hold(path):
    own = read_vectors_and_log(path, 2, {})
    share = (own.rows(2) ** 2).sum() / (own.columns**2).sum()
    assert f"which hold {share:.0%} of the squared norms" in about_axes(own, 2)[0]


def test_a_table_of_items_names_what_is_shown_and_not_what_is_joined(path, tmp_path):
    table = {"items": str(tmp_path / "items.csv"), "label_column": "kind"}
    own = read_vectors_and_log(path, 64, table)
    assert own.items[3] == "song 3" and own.items[29] == "29" and own.ids[3] == "3"
    assert own.label_names[own.labels[3]] == "1" and own.labels[29] == -1


def test_norms_that_were_all_set_to_one_are_said(tmp_path):
    rows = np.random.default_rng(0).standard_normal((20, 3))
    np.save(tmp_path / "x.npy", rows / np.linalg.norm(rows, axis=1)[:, None])
    own = read_vectors_and_log(str(tmp_path / "x.npy"), 64, {})
    assert "all norms are equal" in about_axes(own, 3)[1] and own.items[0] == "row 1"
