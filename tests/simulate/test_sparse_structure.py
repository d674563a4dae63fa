"""One door for sparse matrices: an index outside of the matrix is a sentence, never a read of foreign memory."""

import numpy as np
import pytest
from scipy import sparse

from simulate import degree_preserving, permuted_items, to_networkx
from simulate.sparse_structure import require_sound
from simulate.validation import require_matrix
from theory import analyse, cooccurrence, embed, embed_rectangular, leiden, ppmi

FORMATS = ("csr", "csc", "bsr", "coo", "dia", "lil", "dok")


def ring(n=6):
    a = sparse.eye_array(n, k=1) + sparse.eye_array(n, k=-1)
    return sparse.csr_array(a)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("family", ["array", "matrix"])
def test_every_format_keeps_its_entries(kind, family):
    a = getattr(sparse, f"{kind}_{family}")(ring())
    assert (require_sound(a).toarray() == ring().toarray()).all()
    assert (require_matrix(a, "graph").toarray() == ring().toarray()).all()


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("shape", [(2, 6), (6, 2)])
def test_a_matrix_with_more_rows_than_columns_or_fewer_keeps_its_entries(kind, shape):
    whole = np.arange(12.0).reshape(shape)
    a = getattr(sparse, f"{kind}_array")(sparse.csr_array(whole))
    assert (require_sound(a).toarray() == whole).all()


@pytest.mark.parametrize(
    ("kind", "shape", "message"),
    [
        ("csr", (2, 6), "columns from 0 to 5; entry 3 is in column 6"),
        ("csr", (6, 2), "columns from 0 to 1; entry 3 is in column 6"),
        ("csc", (2, 6), "rows from 0 to 1; entry 3 is in row 6"),
        ("csc", (6, 2), "rows from 0 to 5; entry 3 is in row 6"),
    ],
)
def test_an_index_is_measured_by_the_side_that_it_counts(kind, shape, message):
    a = sparse.csr_array(np.ones(shape)).asformat(kind)
    a.indices[3] = 6
    with pytest.raises(ValueError, match=message):
        require_sound(a)


def spoilt(kind, value, dtype=np.int32):
    a = ring().asformat(kind)
    a.indices = a.indices.astype(dtype)
    a.indices[3] = value
    return a


WRONG = [
    (lambda: spoilt("csr", 6), "columns from 0 to 5; entry 3 is in column 6"),
    (lambda: spoilt("csr", -1), "entry 3 is in column -1"),
    (lambda: spoilt("csr", 2**40, np.int64), "entry 3 is in column 1099511627776"),
    (lambda: spoilt("csr", 2**63, np.uint64), "below 2\\^63"),
    (lambda: spoilt("csr", 0.5, np.float64), "whole numbers"),
    (lambda: spoilt("csc", 9), "rows from 0 to 5; entry 3 is in row 9"),
    (lambda: spoilt("bsr", 9), "columns from 0 to 5; entry 3 is in column 9"),
]


@pytest.mark.parametrize(("make", "message"), WRONG)
def test_indices_outside_are_named(make, message):
    with pytest.raises(ValueError, match=f"graph must have .*{message}"):
        require_sound(make(), "graph")


@pytest.mark.parametrize(
    ("indptr", "message"),
    [
        ([0, 1, 3, 5, 7, 9, 99], "one value and one index for each of 99 entries; got 10 and 10"),
        ([0, 5, 3, 5, 7, 9, 10], "never falls; it does after row 1"),
        ([1, 1, 3, 5, 7, 9, 10], "begins with 0; got 1"),
        ([0, 1, 3], "length 7"),
    ],
)
def test_rows_that_do_not_follow_one_another(indptr, message):
    a = ring()
    a.indptr = np.array(indptr, np.int32)
    with pytest.raises(ValueError, match=message):
        require_sound(a)


def test_lists_of_unequal_length_and_coordinates_outside():
    a = ring().tolil()
    a.rows[0] = [0, 1, 2]
    with pytest.raises(ValueError, match="one value for each index"):
        require_sound(a)
    b = ring().tocoo()
    b.coords[0][2] = 77
    with pytest.raises(ValueError, match="rows from 0 to 5; entry 2 is in row 77"):
        require_sound(b)


def test_an_order_that_a_matrix_only_claims_is_not_believed():
    a = ring()
    a.has_canonical_format = a.has_sorted_indices = True
    a.indices[1:3] = a.indices[1:3][::-1].copy()
    found = require_matrix(a, "graph")
    assert (np.diff(found.indices)[np.diff(np.repeat(np.arange(6), np.diff(found.indptr))) == 0] > 0).all()


def test_every_public_door_refuses_the_same_matrix():
    rng = np.random.default_rng(0)
    for call in (
        lambda a: analyse(a, 2, kind="graph"),
        cooccurrence,
        ppmi,
        lambda a: embed(a, 2),
        lambda a: embed_rectangular(a, 2),
        lambda a: leiden(a, rng),
        lambda a: degree_preserving(a, rng),
        lambda a: permuted_items(a, rng),
        to_networkx,
    ):
        with pytest.raises(ValueError, match=r"in column 2147483647"):
            call(spoilt("csr", 2**31 - 1))
