"""Embeddings in a notebook: eigenvalues with their signs, in a table, a frame and a curve."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from theory import Embedding, embed, embed_rectangular
from theory.analysis.embedding import Embedding as SameEmbedding

VALUES = np.array([5.0, -4.0, 3.0, 1.0])


def test_an_embedding_shows_its_eigenvalues_with_their_signs():
    embedding = embed(np.diag([5.0, -4.0, 3.0, 1.0, 0.5]), 4)
    frame = embedding.to_frame()
    assert frame["eigenvalue"].tolist() == pytest.approx(VALUES) and frame.index.tolist() == [1, 2, 3, 4]
    assert frame["residual"].tolist() == embedding.residuals.tolist()
    axis = Figure().subplots()
    assert embedding.plot(axis) is axis and axis.get_yscale() == "log"
    drawn = {line.get_label(): line.get_xdata().tolist() for line in axis.lines}
    assert (drawn["positive"], drawn["negative"]) == ([1, 3, 4], [2])
    card = embedding._repr_html_()
    assert "negative" in card and "largest relative residual" in card


def test_without_a_solver_there_is_no_residual_and_without_signs_no_legend():
    embedding = Embedding(np.array([2.0, 1.0]), np.eye(3, 2))
    assert SameEmbedding is Embedding and embedding.to_frame()["residual"].isna().all()
    axis = embedding.plot(Figure().subplots())
    assert axis.get_legend() is None and "residual" not in embedding._repr_html_()


def test_contexts_and_items_show_their_singular_values():
    found = embed_rectangular(np.diag([3.0, 2.0, 1.0]), 2)
    assert repr(found) == "RectangularEmbedding(3 contexts, 3 items, f=2)"
    assert found.to_frame()["singular_value"].tolist() == pytest.approx([3.0, 2.0])
    axis = found.plot(Figure().subplots())
    assert "singular value" in axis.get_ylabel() and "singular value" in found._repr_html_()


def test_a_matrix_without_entries_shows_that_it_has_no_dimension():
    embedding = embed(np.zeros((4, 4)), 2)
    assert len(embedding.to_frame()) == 0 and embedding.notes[0] in embedding._repr_html_()
    embedding.plot(Figure().subplots()).figure.canvas.draw()


def test_many_dimensions_are_counted_in_a_notebook():
    card = Embedding(np.linspace(100, 1, 100), np.zeros((10**6, 100)))._repr_html_()
    assert len(card) < 5000 and "90 more rows" in card and "1,000,000" in card


def test_eigenvalues_that_come_from_the_smallest_on_are_drawn_with_their_signs():
    embedding = Embedding(np.array([-2.0, -1.0, 0.5, 3.0]), np.eye(5, 4), operator="bethe-hessian")
    axis = embedding.plot(Figure().subplots())
    assert axis.get_yscale() == "linear" and axis.get_ylabel() == "eigenvalue"
    assert axis.lines[0].get_ydata().tolist() == [-2.0, -1.0, 0.5, 3.0]
    assert "bethe-hessian" in embedding._repr_html_()
