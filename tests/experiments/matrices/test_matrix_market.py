"""Matrix Market: what it gives, and what is said of a broken file."""

import gzip

import numpy as np
import pytest
import scipy.io
from scipy import sparse

from experiments.matrices import BadInput, load


def written(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


class TestMatrixMarket:
    @pytest.mark.parametrize("symmetric", [True, False])
    def test_against_scipy(self, tmp_path, symmetric):
        x = sparse.random(20, 20 if symmetric else 30, 0.2, random_state=np.random.default_rng(0))
        x.data[:] = 1
        if symmetric:
            x = sparse.csr_array(sparse.triu(x, 1) + sparse.triu(x, 1).T)
        scipy.io.mmwrite(tmp_path / "x.mtx", x)
        read = load(tmp_path / "x.mtx")
        assert ((read.graph if symmetric else read.interactions) != sparse.csr_array(x)).nnz == 0

    def test_gzipped_pattern(self, tmp_path):
        text = b"%%MatrixMarket matrix coordinate pattern general\n% c\n2 3 3\n1 1\n1 3\n2 3\n"
        read = load(written(tmp_path, "x.mtx.gz", gzip.compress(text)))
        assert read.interactions.toarray().tolist() == [[1, 0, 1], [0, 0, 1]]

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("1 1\n", r"x\.mtx, line 1, column 1: expected %%MatrixMarket"),
            ("%%MatrixMarket matrix array real general\n", "line 1, column 1"),
            (
                "%%MatrixMarket matrix coordinate real hermitian\n",
                "line 1, column 5: expected general or symmetric",
            ),
            (
                "%%MatrixMarket matrix coordinate real general\n2 99999999999 1\n",
                "line 2, column 2: expected a size",
            ),
            (
                "%%MatrixMarket matrix coordinate real general\n2 999999999 1\n1 1 1\n",
                r"line 2: expected a size of at most 1000 for each of 1 entries.*found 2 x 999,999,999",
            ),
            (
                "%%MatrixMarket matrix coordinate real general\n2 2 1\n1 3 1\n",
                "line 3, column 2: .*from 1 to 2; found 3",
            ),
            (
                "%%MatrixMarket matrix coordinate real general\n2 2 1\n1 2 x\n",
                "line 3, column 3: expected a finite",
            ),
            (
                "%%MatrixMarket matrix coordinate real general\n2 2 2\n1 2 1\n",
                "expected 2 entries, as declared; found 1",
            ),
            ("%%MatrixMarket matrix coordinate real symmetric\n2 3 1\n1 2 1\n", "square"),
            ("%%MatrixMarket matrix coordinate real general\n", "rows, columns and entries"),
        ],
    )
    def test_broken(self, tmp_path, text, message):
        with pytest.raises(BadInput, match=message):
            load(written(tmp_path, "x.mtx", text))

    @pytest.mark.parametrize("lines", ["2 1\n3 2\n", "2 1\n1 2\n3 2\n", "2 1\n2 1\n2 3\n"])
    def test_one_half_or_both_or_an_entry_again_is_one_graph(self, tmp_path, lines):
        head = f"%%MatrixMarket matrix coordinate pattern symmetric\n3 3 {lines.count(chr(10))}\n"
        path = written(tmp_path, "x.mtx", head + lines)
        assert load(path).graph.toarray().tolist() == [[0, 1, 0], [1, 0, 1], [0, 1, 0]]
        assert load(path, kind="interactions").interactions.toarray().tolist() == [
            [0, 1, 0],
            [1, 0, 1],
            [0, 1, 0],
        ]

    def test_more_entries_declared_than_the_file_can_list(self, tmp_path):
        text = "%%MatrixMarket matrix coordinate real general\n1000 1000 1000000000000\n1 2 1\n"
        with pytest.raises(BadInput, match="expected 1,000,000,000,000 entries, as declared; found 1"):
            load(written(tmp_path, "x.mtx", text))
