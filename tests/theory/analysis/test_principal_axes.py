"""The coordinates on principal axes: those of the SVD, whatever basis, type or order in memory the columns come in."""

import numpy as np
import pytest

from theory import on_principal_axes, spikiness
from theory.analysis import principal_axes


@pytest.fixture
def rows():
    rng = np.random.default_rng(0)
    return (
        np.round(rng.standard_normal((300, 12)) * 0.8 ** np.arange(12) * 64) / 64
    )  # exact in half precision


def test_they_are_u_sigma_of_the_svd(rows, monkeypatch):
    monkeypatch.setattr(principal_axes, "BLOCK", 50)
    u, singular, _ = np.linalg.svd(rows, full_matrices=False)
    turned = on_principal_axes(rows)
    np.testing.assert_allclose(np.abs(turned), np.abs(u * singular), atol=1e-10)
    np.testing.assert_allclose(turned @ turned.T, rows @ rows.T, atol=1e-10)
    np.testing.assert_allclose(np.linalg.norm(turned, axis=0), singular, rtol=1e-12)
    assert (on_principal_axes(rows, 3) == turned[:, :3]).all()


def test_spikes_of_the_first_axes_do_not_depend_on_the_basis():
    rng = np.random.default_rng(1)
    rays = rng.standard_normal((3, 16))
    rows = rays[np.arange(300) % 3] * rng.lognormal(0, 0.5, 300)[:, None] + 0.01 * rng.standard_normal(
        (300, 16)
    )
    rotation = np.linalg.qr(rng.standard_normal((16, 16)))[0]
    given, turned = (on_principal_axes(v, 3) for v in (rows, rows @ rotation))
    np.testing.assert_allclose(np.abs(given), np.abs(turned), rtol=1e-9, atol=1e-9)
    assert spikiness(given).n_peaks == spikiness(turned).n_peaks <= 3


def test_the_same_values_give_the_same_bits_in_every_type_and_order(rows, tmp_path):
    expected = on_principal_axes(rows)
    np.save(tmp_path / "rows.npy", rows)
    kinds = [rows.astype(kind) for kind in ("f2", "f4", ">f4", ">f8", "g")]
    kinds += [np.asfortranarray(rows), rows[:, ::-1][:, ::-1], np.load(tmp_path / "rows.npy", mmap_mode="r")]
    kinds += [np.rec.fromarrays(list(rows.T.astype("f4")))]
    for given in kinds:
        assert (on_principal_axes(given) == expected).all()
        assert (spikiness(given).membership == spikiness(rows).membership).all()
    whole = (rows * 64).astype(np.int16)
    assert (on_principal_axes(whole) == on_principal_axes(whole.astype(float))).all()


def test_axes_that_hold_rounding_are_left_out(rows):
    assert on_principal_axes(np.hstack([rows, rows @ np.ones((12, 3))])).shape == (300, 12)
    assert on_principal_axes(rows[:5]).shape == (5, 5)
    blocks = np.kron(np.eye(2), np.ones((5, 2)))
    blocks[:5] *= 2
    assert (on_principal_axes(blocks, 1)[5:] == 0).all()


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_squares_may_overflow(rows, scale):
    power = 2.0 ** np.round(np.log2(scale))
    assert (spikiness(rows * power).membership == spikiness(rows).membership).all()
    ratio = on_principal_axes(rows * power) / np.where(
        on_principal_axes(rows) == 0, 1, on_principal_axes(rows)
    )
    assert np.ptp(ratio[ratio != 0]) == 0


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (np.zeros((3, 2)), "all norms are 0"),
        (np.array([[1.0, np.inf]]), r"entry \(0, 1\) is inf"),
        (np.ma.masked_equal([[1.0, 2.0]], 2.0), "masked"),
        (np.ones(3), "must be a matrix"),
        (np.array([["a", "b"]]), "real numbers"),
        (np.array([[1j]]), "real numbers"),
    ],
)
def test_what_is_no_matrix_of_numbers_is_refused(bad, message):
    with pytest.raises((ValueError, TypeError), match=message):
        on_principal_axes(bad)


def test_single_precision_is_the_rounded_result():
    rows = np.random.default_rng(0).standard_normal((300, 7))
    narrow = on_principal_axes(rows, dtype="float32")
    assert narrow.dtype == np.float32
    assert (narrow == on_principal_axes(rows).astype(np.float32)).all()
