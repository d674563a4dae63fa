"""Sparse matrices in .npz archives: round trips, no pickles, broken arrays named."""

import io

import numpy as np
import pytest
from scipy import sparse

from experiments.matrices import BadInput, load


class TestNpz:
    @pytest.mark.parametrize("kind", ["csr", "csc", "coo"])
    def test_round_trip(self, tmp_path, kind):
        x = sparse.random(20, 30, 0.2, random_state=np.random.default_rng(0), format=kind)
        x.data[:] = 1
        sparse.save_npz(tmp_path / "x.npz", x)
        assert (load(tmp_path / "x.npz").interactions != sparse.csr_array(x)).nnz == 0

    def test_symmetric_is_a_graph(self, tmp_path):
        sparse.save_npz(tmp_path / "g.npz", load("les-miserables").graph)
        assert (load(tmp_path / "g.npz").graph != load("les-miserables").graph).nnz == 0

    def test_pickles_are_never_read(self, tmp_path):
        np.savez(tmp_path / "x.npz", data=np.array([{}], dtype=object), allow_pickle=True)
        with pytest.raises(BadInput, match="without pickles"):
            load(tmp_path / "x.npz")

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"text"])
    def test_no_archive(self, tmp_path, content):
        (tmp_path / "x.npz").write_bytes(content)
        with pytest.raises(BadInput, match=r"x\.npz: expected an \.npz archive"):
            load(tmp_path / "x.npz")

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"indices": np.array([0, 9])}, "sound csr matrix"),
            ({"data": np.array([1.0, np.nan])}, "finite numbers"),
            ({"data": np.array([1.0, -1.0])}, "at least 0"),
            ({"shape": np.array([1, 3])}, "at least 2 contexts"),
            ({"format": np.array(b"dia")}, "sparse format"),
            ({"times": np.array([1.0])}, "times of length 2"),
            (
                {"item_names": np.frombuffer(b"a\nb\xff\nc", dtype=np.uint8)},
                "line 2, column item_names.*0xff",
            ),
        ],
    )
    def test_broken_arrays_are_named(self, tmp_path, changed, message):
        x = sparse.csr_array(([1.0, 1.0], [0, 1], [0, 1, 2]), shape=(2, 3))
        buffer = io.BytesIO()
        sparse.save_npz(buffer, x)
        arrays = {**np.load(io.BytesIO(buffer.getvalue())), **changed}
        np.savez(tmp_path / "x.npz", **arrays)
        with pytest.raises(BadInput, match=message):
            load(tmp_path / "x.npz")
