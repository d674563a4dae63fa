"""Vectors are the same from every format, come with their names, and are refused where the file does not hold what it says."""

import gzip
import json
import struct

import numpy as np
import pandas as pd
import pytest

from experiments.matrices import BadInput
from experiments.matrices.named_vectors import VectorReading
from experiments.matrices.vectors import holds_vectors, read_vectors

N, F = 40, 12
NAMES = [f"song {k} é" for k in range(N)]


@pytest.fixture
def rows():
    return np.random.default_rng(0).standard_normal((N, F)).astype(np.float32)


def word2vec_text(path, rows, header=True):
    lines = [f"{len(rows)} {rows.shape[1]}"] if header else []
    lines += [f"{name} {' '.join(map(repr, map(float, row)))}" for name, row in zip(NAMES, rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def word2vec_binary(path, rows):
    body = b"".join(
        name.replace(" ", "_").encode() + b" " + row.tobytes() + b"\n" for name, row in zip(NAMES, rows)
    )
    path.write_bytes(f"{len(rows)} {rows.shape[1]}\n".encode() + body)


def hdf5(path, rows):
    h5py = pytest.importorskip("h5py")
    with h5py.File(path, "w") as file:
        file.create_dataset("model/vectors", data=rows, chunks=(7, F), compression="gzip")
        file["model/names"] = NAMES


def anndata(path, rows):
    h5py = pytest.importorskip("h5py")
    with h5py.File(path, "w") as file:
        file["obs/cell"] = NAMES
        file["obs"].attrs["_index"] = "cell"
        file["obsm/X_pca"] = rows
        file["obs/kind/codes"], file["obs/kind/categories"] = np.arange(N) % 2, ["a", "b"]


def safetensors(path, rows):
    pytest.importorskip("safetensors")
    from safetensors.numpy import save_file

    save_file({"embedding.weight": rows, "bias": rows[0]}, path)


def faiss_with_ids(path, rows):
    faiss = pytest.importorskip("faiss")
    index = faiss.IndexIDMap(faiss.IndexFlatIP(F))
    index.add_with_ids(rows, np.arange(N) + 100)
    faiss.write_index(index, str(path))


def frame_of(rows):
    return pd.concat([pd.DataFrame({"title": NAMES}), pd.DataFrame(rows).add_prefix("dim_")], axis=1)


WRITERS = {
    "x.npy": lambda path, rows: np.save(path, rows),
    "x.npz": lambda path, rows: np.savez(path, vectors=rows, names=np.array(NAMES)),
    "x.vec": word2vec_text,
    "x.txt": word2vec_text,
    "glove.txt": lambda path, rows: word2vec_text(path, rows, header=False),
    "x.vec.gz": lambda path, rows: (
        word2vec_text(path.with_suffix(""), rows),
        path.write_bytes(gzip.compress(path.with_suffix("").read_bytes())),
    ),
    "x.bin": word2vec_binary,
    "x.csv": lambda path, rows: frame_of(rows).to_csv(path, index=False),
    "x.tsv": lambda path, rows: frame_of(rows).to_csv(path, index=False, sep="\t"),
    "indexed.csv": lambda path, rows: pd.DataFrame(rows, index=NAMES).to_csv(path),
    "x.parquet": lambda path, rows: frame_of(rows).to_parquet(path),
    "lists.parquet": lambda path, rows: pd.DataFrame({"title": NAMES, "v": list(rows)}).to_parquet(path),
    "x.feather": lambda path, rows: frame_of(rows).to_feather(path),
    "x.h5": hdf5,
    "x.h5ad": anndata,
    "x.safetensors": safetensors,
    "x.faiss": faiss_with_ids,
}
NAMELESS = ("x.npy", "x.safetensors")


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_gives_the_same_vectors_and_names(name, rows, tmp_path):
    path = tmp_path / name
    WRITERS[name](path, rows)
    assert holds_vectors(path)
    found = read_vectors(path)
    assert found.vectors.shape == (N, F) and (found.vectors.astype(np.float32) == rows).all()
    if name in NAMELESS:
        assert found.items is None
    else:
        expected = {
            "x.bin": [n.replace(" ", "_") for n in NAMES],
            "x.faiss": [str(k + 100) for k in range(N)],
        }
        assert found.items.tolist() == expected.get(name, NAMES)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("edges.txt", "a b\nb c\nc d\n"),
        ("weighted.txt", "3 2\na b 1.5\nb c 2\n"),
        ("log.csv", "user,item,rating\nann,tea,4.5\n"),
        ("log.tsv", "user\titem\tyear\nann\ttea\t1999\n"),
        ("wide.csv", "user,item1,item2,item3\nann,3,17,5\n"),
    ],
)
def test_logs_and_edge_lists_are_no_vectors(name, text, tmp_path):
    (tmp_path / name).write_text(text)
    assert not holds_vectors(tmp_path / name)


def test_columns_and_arrays_are_chosen_by_name_pattern_and_place(rows, tmp_path):
    frame_of(rows).assign(plays=range(N)).to_csv(tmp_path / "x.csv", index=False)
    for words in (("dim_2", "dim_3"), ("4-5",), ("dim_[23]",)):
        found = read_vectors(tmp_path / "x.csv", VectorReading("plays", words))
        assert (found.vectors.astype(np.float32) == rows[:, 2:4]).all() and found.items[3] == "3"
    np.savez(tmp_path / "als.npz", user_factors=rows[:9], item_factors=rows)
    assert "vectors = 'item_factors'" in read_vectors(tmp_path / "als.npz").notes[0]
    chosen = read_vectors(tmp_path / "als.npz", VectorReading(vector_columns=("user_factors",)))
    assert (chosen.vectors == rows[:9]).all()
    np.savez(tmp_path / "two.npz", one=rows, two=rows)
    with pytest.raises(BadInput, match=r"--vector-columns NAME\); found 'one' \(40 x 12\), 'two'"):
        read_vectors(tmp_path / "two.npz")
    with pytest.raises(BadInput, match="did you mean 'item_factors'"):
        read_vectors(tmp_path / "als.npz", VectorReading(vector_columns=("item_factor",)))


def test_rows_of_numbers_alone_have_no_names(rows, tmp_path):
    np.savetxt(tmp_path / "x.txt", rows)
    found = read_vectors(tmp_path / "x.txt")
    assert (
        found.items is None and (found.vectors == rows).all() and "all fields are numbers" in found.notes[0]
    )


def test_structured_arrays_have_fields_for_columns(rows, tmp_path):
    kind = [("id", "U9"), ("v", ">f4", (F,))]
    np.save(tmp_path / "x.npy", np.array([(f"i{k}", row) for k, row in enumerate(rows)], dtype=kind))
    found = read_vectors(tmp_path / "x.npy")
    assert (found.vectors.astype(np.float32) == rows).all() and found.items[3] == "i3"


def test_bfloat16_is_the_upper_half_of_float32(tmp_path):
    pytest.importorskip("safetensors")
    head = json.dumps({"w": {"dtype": "BF16", "shape": [2, 2], "data_offsets": [0, 8]}}).encode()
    body = struct.pack("<4H", 0x3F80, 0x4000, 0xC040, 0x3E80)
    (tmp_path / "x.safetensors").write_bytes(struct.pack("<Q", len(head)) + head + body)
    assert read_vectors(tmp_path / "x.safetensors").vectors.tolist() == [[1.0, 2.0], [-3.0, 0.25]]


def test_columns_of_anndata_may_be_categories(rows, tmp_path):
    anndata(tmp_path / "x.h5ad", rows)
    assert read_vectors(tmp_path / "x.h5ad", VectorReading(name_column="kind")).items[:3].tolist() == [
        "a",
        "b",
        "a",
    ]
    with pytest.raises(BadInput, match="a column 'kinds'"):
        read_vectors(tmp_path / "x.h5ad", VectorReading(name_column="kinds"))


@pytest.mark.parametrize("name", ["x.csv", "x.parquet", "lists.parquet", "x.npy", "x.vec"])
def test_rows_that_are_no_vectors_are_refused_by_place_or_skipped_and_counted(name, rows, tmp_path):
    rows[7, 2] = np.nan
    WRITERS[name](tmp_path / name, rows)
    with pytest.raises(BadInput):
        read_vectors(tmp_path / name)
    found = read_vectors(tmp_path / name, VectorReading(skip_bad_rows=True))
    assert (found.vectors.astype(np.float32) == np.delete(rows, 7, axis=0)).all()
    assert "skipped" in found.notes[-1] and "1" in found.notes[-1]
    assert found.items is None or found.items.tolist() == NAMES[:7] + NAMES[8:]


# a table and GloVe do not say how many rows they have: only a row cut in two can be told
@pytest.mark.parametrize("name", sorted(set(WRITERS) - {"x.csv", "x.tsv", "indexed.csv", "glove.txt"}))
def test_a_file_cut_short_is_refused(name, rows, tmp_path):
    path = tmp_path / name
    WRITERS[name](path, rows)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadInput):
        read_vectors(path)


def test_what_a_header_declares_takes_no_memory(tmp_path):
    header = np.lib.format.header_data_from_array_1_0(np.zeros((2, 2)))
    header["shape"] = (10**12, 1000)
    with (tmp_path / "x.npy").open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
    (tmp_path / "x.bin").write_bytes(b"900000000000 300\nword ")
    (tmp_path / "x.faiss").write_bytes(
        b"IxF2" + struct.pack("<iqqqBiQ", 300, 10**12, 0, 0, 1, 1, 300 * 10**12)
    )
    for name in ("x.npy", "x.bin", "x.faiss"):
        with pytest.raises(BadInput):
            read_vectors(tmp_path / name)


def test_hdf5_that_was_not_written_to_its_end_or_points_elsewhere_is_refused(rows, tmp_path):
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "half.h5", "w") as file:
        file.create_dataset("v", shape=(10**9, 64), dtype="f4", chunks=(1000, 64))
    with h5py.File(tmp_path / "linked.h5", "w") as file:
        file["v"] = h5py.ExternalLink("half.h5", "/v")
    outside = [(str(tmp_path / "half.h5"), 0, 64)]
    with h5py.File(tmp_path / "outside.h5", "w") as file:
        file.create_dataset("v", shape=(4, 4), dtype="f4", external=outside)
    for name, message in (
        ("half", "not written to its end"),
        ("linked", "no array"),
        ("outside", "not followed"),
    ):
        with pytest.raises(BadInput, match=message):
            read_vectors(tmp_path / f"{name}.h5")


@pytest.mark.parametrize(
    ("name", "start", "line"),
    [
        ("x.pt", b"PK", "torch.load"),
        ("x.kv", b"\x80\x04", "save_word2vec_format('x.bin', binary=True)"),
        ("x.pkl", b"\x80\x04", "pickle.load"),
        ("x.joblib", b"", "joblib.load"),
        ("pytorch_model.bin", b"PK\x03\x04", "torch.load"),
        ("cc.en.300.bin", (793712314).to_bytes(4, "little"), "load_facebook_vectors"),
    ],
)
def test_pickles_are_refused_with_the_line_that_converts_them(name, start, line, tmp_path):
    (tmp_path / name).write_bytes(start)
    with pytest.raises(BadInput, match="never opened; convert it where you trust it: python -c") as told:
        read_vectors(tmp_path / name)
    assert line in str(told.value)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("x.npy", {"separator": ";"}, "separator does not apply"),
        ("x.vec", {"vector_columns": ("a",)}, "vector_columns does not apply"),
        ("x.npy", {"name_column": "a"}, "no --name-column"),
    ],
)
def test_options_are_obeyed_or_refused(name, options, message, rows, tmp_path):
    WRITERS[name](tmp_path / name, rows)
    with pytest.raises(ValueError, match=message):
        read_vectors(tmp_path / name, VectorReading(**options))


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("id;x1;x2;x3\na;1;2;3\nb;4;5;6\n", {}, None),
        ("id,x1,x2,x3\na,1,2,3\nb,4,5\n", {}, "expected 4 fields; found 3"),
        ("id,x1,x2,x3\na,1,2,3\nb,4,5,five\n", {}, "line 3, column 4: expected a number; found 'five'"),
        ("id,x1,x2,x3\na,1,2,3\nb,4,5,1_0\n", {}, "found '1_0'"),
        ("id,x1,x1,x3\na,1,2,3\nb,4,5,6\n", {}, "'x1' twice"),
        ("a,1,2,3\nb,4,5,6\n", {"header": False}, None),
        ("0.5,1.5,2\n1,2,3\n", {}, "--no-header"),
        ("x1,x2,x3\na,1,2,3\nb,4,5,6\n", {}, None),
        ('id,v\na,"[1, 2.0, 3]"\nb,[4 5 6]\n', {}, None),
        ('id,v\na,"[1, 2]"\nb,"[4, 5, 6]"\n', {}, r"line 3, column 2: expected a list of 2 numbers"),
        ('id,v\na,"[1, 2]"\nb,"[4 ... 6]"\n', {}, r"a list of 2 numbers"),
    ],
)
def test_tables_of_several_dialects(text, options, message, tmp_path):
    (tmp_path / "x.csv").write_text(text)
    if message is None:
        found = read_vectors(tmp_path / "x.csv", VectorReading(**options))
        assert found.items.tolist() == ["a", "b"] and found.vectors.tolist() == [[1, 2, 3], [4, 5, 6]]
    else:
        with pytest.raises(BadInput, match=message):
            read_vectors(tmp_path / "x.csv", VectorReading(**options))


def test_a_missing_extra_is_told_in_one_sentence(monkeypatch, tmp_path):
    from simulate import optional

    monkeypatch.setattr(optional, "find_spec", lambda module: None)
    for name, extra in (
        ("x.h5", "hdf5"),
        ("x.h5ad", "anndata"),
        ("x.safetensors", "safetensors"),
        ("x.feather", "parquet"),
    ):
        (tmp_path / name).write_bytes(b"")
        with pytest.raises(ModuleNotFoundError, match=rf"pip install 'spikeproof\[{extra}\]'"):
            read_vectors(tmp_path / name)


def test_a_header_of_npy_that_python_cannot_read_is_refused(tmp_path):
    path = tmp_path / "v.npy"
    np.save(path, np.ones((3, 2)))
    path.write_bytes(path.read_bytes().replace(b"'shape': (3, 2)", b"'shape': (3, 2("))
    with pytest.raises(BadInput, match="a .npy file of numbers"):
        read_vectors(path)
