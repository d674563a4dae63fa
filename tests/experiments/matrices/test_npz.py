"""Sparse matrices in .npz archives: round trips, no pickles, broken arrays named."""

import io
import os
import zipfile

import numpy as np
import pytest
from scipy import sparse

from experiments.matrices import BadInput, load


class TestNpz:
    @pytest.mark.parametrize("kind", ["csr", "csc", "coo", "bsr", "dia"])
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
            ({"format": np.array(b"dok")}, "sparse format"),
            ({"format": np.array(3)}, "sparse format"),
            ({"K": np.array(20)}, r"found the array 'K' \(of a model that implicit saved\)"),
            ({"item_nmes": np.array(["a"])}, r"found the array 'item_nmes' \(did you mean 'item_names'"),
            ({"item_names": np.array(["a", "b"])}, "expected 3 names, one for each; found 2"),
            ({"labels": np.array([0, 1, 7]), "label_names": np.array(["a", "b"])}, "labels from -1 .*to 1"),
            ({"labels": np.array([0.5, 1, 0])}, "3 whole numbers"),
            ({"times": np.array([1.5e9, 1.6e9])}, "days since 1970-01-01; found 1.6e.09"),
            ({"indices": np.array([0, -1])}, "columns from 0 to 2; entry 1 is in column -1"),
            ({"indices": np.array([0, 2**40])}, "column 1099511627776"),
            ({"indptr": np.array([0, 2, 1])}, "indptr that never falls"),
            ({"indptr": np.array([0, 1, 9])}, "9 entries"),
            ({"shape": np.array([2, 10**9])}, "expected a size of at most 1000 for each of 2 entries"),
            ({"shape": np.array([2.0, 3.0])}, "two whole numbers"),
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

    @pytest.mark.parametrize("text", [True, False])
    @pytest.mark.parametrize("kind", ["csr", "csc", "coo"])
    def test_the_format_may_be_text_as_before_scipy_1(self, tmp_path, kind, text):
        dense = np.array([[0, 1, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0], [1, 1, 0, 0]])
        x = sparse.csr_array(dense).asformat(kind)
        sparse.save_npz(tmp_path / "x.npz", x)
        arrays = dict(np.load(tmp_path / "x.npz"))
        arrays["format"] = np.array(kind if text else kind.encode())
        np.savez(tmp_path / "x.npz", **arrays)
        assert load(tmp_path / "x.npz").interactions.toarray().tolist() == dense.tolist()

    def test_models_of_implicit_are_refused_by_name(self, tmp_path):
        x = sparse.csr_array(np.eye(3))
        np.savez(tmp_path / "x.npz", data=x.data, indices=x.indices, indptr=x.indptr, shape=x.shape, K=20)
        with pytest.raises(BadInput, match=r"an array 'format'.*K, as implicit saves its models"):
            load(tmp_path / "x.npz")

    def test_stored_zeros_and_their_times_are_left_out(self, tmp_path):
        x = sparse.csr_array(([1.0, 0.0, 2.0, 1.0], [2, 1, 0, 1], [0, 3, 4]), shape=(2, 3))
        arrays = {"data": x.data, "indices": x.indices, "indptr": x.indptr, "shape": x.shape}
        np.savez(tmp_path / "x.npz", **arrays, format=b"csr", times=np.array([9000.0, 9001, 9002, 9003]))
        found = load(tmp_path / "x.npz")
        assert found.interactions.toarray().tolist() == [[1, 0, 1], [0, 1, 0]]
        assert found.times.tolist() == [9002, 9000, 9003]
        assert "1 stored zero was left out" in found.notes

    def test_a_square_matrix_is_what_the_caller_says(self, tmp_path):
        sparse.save_npz(tmp_path / "x.npz", sparse.csr_array([[3.0, 2, 0], [2, 0, 1], [0, 1, 0]]))
        found = load(tmp_path / "x.npz")
        assert found.graph.toarray().tolist() == [[0, 2, 0], [2, 0, 1], [0, 1, 0]]
        assert "1 loop was left out" in found.notes
        assert load(tmp_path / "x.npz", kind="interactions").interactions.nnz == 5
        sparse.save_npz(tmp_path / "y.npz", sparse.csr_array([[0.0, 2], [1, 0]]))
        with pytest.raises(BadInput, match=r"a symmetric matrix, for a graph; found 2 at \(0, 1\) and 1 at"):
            load(tmp_path / "y.npz", kind="graph")

    def test_halves_that_differ_by_rounding_are_one_graph(self, tmp_path):
        x = sparse.csr_array([[0, 0.1 + 0.2, 0], [0.3, 0, 1], [0, 1, 0]])
        sparse.save_npz(tmp_path / "x.npz", x)
        found = load(tmp_path / "x.npz")
        assert (found.graph != found.graph.T).nnz == 0
        assert "1 edge has two values, one in each half; it has their mean" in found.notes


class TestArchives:
    """No file asks for more memory than its size allows, whatever it declares."""

    def header(self, shape, dtype="<f8"):
        buffer = io.BytesIO()
        np.lib.format.write_array_header_1_0(buffer, {"descr": dtype, "fortran_order": False, "shape": shape})
        return buffer.getvalue()

    @pytest.mark.parametrize("shape", [(10**12,), (10**6, 10**6), (9,)])
    def test_what_a_header_declares_is_compared_with_what_there_is(self, tmp_path, shape):
        with zipfile.ZipFile(tmp_path / "x.npz", "w") as archive:
            archive.writestr("data.npy", self.header(shape) + bytes(64))
        with pytest.raises(BadInput, match="column data: expected an array that fits its 64 bytes"):
            load(tmp_path / "x.npz")

    def test_a_packed_file_may_unpack_to_a_hundred_times_its_size(self, tmp_path):
        arrays = {"data": np.zeros(10**7), "format": b"csr", "shape": (2, 3)}
        np.savez_compressed(tmp_path / "x.npz", **arrays)
        with pytest.raises(BadInput, match=r"at most 67,108,864 bytes when unpacked \(--unpack-limit"):
            load(tmp_path / "x.npz")
        with pytest.raises(BadInput, match="no 'indices'"):
            load(tmp_path / "x.npz", unpack_limit=10**8)

    def test_a_flipped_bit_is_told(self, tmp_path):
        sparse.save_npz(tmp_path / "x.npz", sparse.csr_array(np.eye(5)), compressed=False)
        content = bytearray((tmp_path / "x.npz").read_bytes())
        at = content.find(np.ones(5).tobytes())
        content[at + 6] ^= 1
        (tmp_path / "x.npz").write_bytes(bytes(content))
        with pytest.raises(BadInput, match="undamaged.*CRC"):
            load(tmp_path / "x.npz")

    def test_a_pipe_is_refused(self, tmp_path):
        os.mkfifo(tmp_path / "x.npz")
        with pytest.raises(BadInput, match="expected a regular file; found a pipe"):
            load(tmp_path / "x.npz")
