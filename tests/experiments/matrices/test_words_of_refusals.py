"""Whatever is wrong with a file, the error names the file and says what is true, in our words and not in a library's."""

import struct

import numpy as np
import pytest

from experiments.matrices import BadInput, load
from experiments.matrices.named_vectors import VectorReading
from experiments.matrices.toml_files import toml_tables
from experiments.matrices.vectors import read_vectors
from simulate import LogNormal

EDGE = {"shape": np.array([4, 4]), "data": np.ones(2), "row": np.array([0, 1]), "col": np.array([1, 0])}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"data": np.ones(2, np.longdouble) * np.longdouble("1e4000")}, "finite numbers of at least 0"),
        ({"data": np.full(2, 1e308)}, "expected weights whose sums are finite; found a sum beyond"),
        (
            {"format": b"dia", "data": np.ones((2, 4)), "offsets": np.array([2**62, -(2**62)])},
            "offsets from -3 to 3; got -4",
        ),
        ({"format": b"dia", "data": np.ones((2, 4)), "offsets": np.array([1, 1])}, "found 'offset array"),
        ({"format": b"dia", "data": np.ones((1, 4)), "offsets": np.array([0.5])}, "whole numbers as offsets"),
    ],
)
def test_sparse_archives(changed, message, tmp_path):
    arrays = {
        "format": np.array(b"coo"),
        **EDGE,
        **{key: np.asarray(value) for key, value in changed.items()},
    }
    if arrays["format"] == b"dia":
        del arrays["row"], arrays["col"]
    np.savez(tmp_path / "x.npz", **arrays)
    with pytest.raises(BadInput, match=message) as caught:
        load(tmp_path / "x.npz", kind="graph")
    assert "found expected" not in str(caught.value) and str(caught.value).startswith(str(tmp_path))


def test_encodings_of_graphml_and_of_vectors(tmp_path):
    (tmp_path / "g.graphml").write_bytes(b'<?xml version="1.0" encoding="utf-7"?><graphml/>')
    with pytest.raises(BadInput, match=r"g\.graphml: expected GraphML in UTF-8; found an encoding"):
        load(tmp_path / "g.graphml")
    for encoding in ("undefined", "punycode", "utf-16"):
        with pytest.raises(ValueError, match="encoding must have ASCII letters as single bytes"):
            VectorReading(encoding=encoding)


@pytest.mark.parametrize("separator", ["", "ab", "\n", '"'])
def test_separators_of_vectors(separator, tmp_path):
    (tmp_path / "v.csv").write_text("name,a,b\nx,1,2\ny,2,3\n")
    with pytest.raises(BadInput, match=r"v\.csv: expected a separator of one character"):
        read_vectors(tmp_path / "v.csv", VectorReading(separator=separator, vector_columns=("a", "b")))


def test_a_name_with_a_line_end_is_known_by_its_ending(tmp_path):
    np.save(tmp_path / "a\nb.npy", np.eye(3))
    (tmp_path / "a\nb.csv").write_text("user,item\n1,2\n2,3\n")
    assert read_vectors(tmp_path / "a\nb.npy", VectorReading()).vectors.shape == (3, 3)
    assert load(tmp_path / "a\nb.csv").interactions.shape == (2, 2)


@pytest.mark.parametrize("shape", [(10**9, 64), (2**62, 2**62)])
def test_an_array_that_declares_too_much(shape, tmp_path):
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    (tmp_path / "a.npy").write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header)
    with pytest.raises(BadInput, match="declares more than the [0-9]+ bytes of the file"):
        read_vectors(tmp_path / "a.npy", VectorReading())


def test_hdf5_that_is_nested_too_deeply_or_names_that_are_no_text(tmp_path):
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "deep.h5", "w") as file:
        file["/".join("a" * 150)] = np.eye(3)
    with pytest.raises(BadInput, match="groups nested at most 100 deep"):
        read_vectors(tmp_path / "deep.h5", VectorReading())
    with h5py.File(tmp_path / "names.h5", "w") as file:
        file["vectors"], file["names"] = np.eye(3), np.array([b"\xff\xfe"] * 3)
    with pytest.raises(BadInput, match="names in UTF-8; found the byte 0xff"):
        read_vectors(tmp_path / "names.h5", VectorReading())
    with h5py.File(tmp_path / "names.h5", "w") as file:
        file["vectors"], file["names"] = np.eye(3), np.array(["\u00e4".encode()] * 3)
    assert read_vectors(tmp_path / "names.h5", VectorReading()).items.tolist() == ["\u00e4"] * 3


def test_toml_and_laws():
    with pytest.raises(BadInput, match="a TOML file; found 'Escaped character is not a Unicode scalar value"):
        toml_tables('a = "\\ud800"', "x.toml")
    with pytest.raises(ValueError, match="maximum must leave the law a spread"):
        LogNormal.from_cv(0.5, maximum=1e-300)
