"""Damaged files of all formats, by thousands: each is read or refused in a sentence; none ends the process or is a fault."""

import gzip
import io
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pytest
from scipy import sparse

from experiments.matrices.writers import write_matrix
from simulate import sample_graph, sbm

CHILD = Path(__file__).with_name("read_damaged_files.py")
FILES, BATCH = 2400, 300
NUMBERS = [b"-1", b"0", b"1e400", b"nan", b"99999999999999999999", b"2147483648", b"1099511627776", b"", b"x"]


def sound_files(folder):
    """One small sound file of each format, as bytes by name."""
    rng = np.random.default_rng(0)
    graph = sample_graph(sbm(40, 2, mean_degree=5.0, rng=rng), rng)
    for ending in (".edges", ".mtx", ".npz", ".graphml"):
        write_matrix(graph, folder / f"graph{ending}", graph=True)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    log = pd.DataFrame(
        {"user": rng.integers(0, 20, 150), "item": rng.integers(0, 15, 150), "time": 1.6e9 + np.arange(150.0)}
    )
    files["log.csv"] = log.to_csv(index=False).encode()
    files["log.tsv"] = log.to_csv(index=False, sep="\t").encode()
    files["weighted_graph.csv"] = b"source,target,weight\n" + b"".join(
        b"%d,%d,2.5\n" % (k, k + 1) for k in range(30)
    )
    files["braces.edges"] = b"".join(b"n%d n%d {'weight': 2.5}\n" % (k, k + 1) for k in range(30))
    log.to_parquet(buffer := io.BytesIO(), index=False)
    files["log.parquet"] = buffer.getvalue()
    vectors = rng.normal(size=(40, 4))
    np.save(buffer := io.BytesIO(), vectors)
    files["vectors.npy"] = buffer.getvalue()
    np.savez(buffer := io.BytesIO(), vectors=vectors, names=np.array([f"w{k}" for k in range(40)]))
    files["vectors.npz"] = buffer.getvalue()
    table = pd.DataFrame({"name": [f"w{k}" for k in range(40)], "vector": list(vectors)})
    table.to_parquet(buffer := io.BytesIO(), index=False)
    files["vectors.parquet"] = buffer.getvalue()
    pyarrow.feather.write_feather(pa.Table.from_pandas(table), buffer := io.BytesIO())
    files["vectors.feather"] = buffer.getvalue()
    lines = [f"w{k} " + " ".join(f"{x:.5f}" for x in row) for k, row in enumerate(vectors)]
    files["vectors.vec"] = ("40 4\n" + "\n".join(lines) + "\n").encode()
    binary = [f"w{k} ".encode() + row.astype("<f4").tobytes() for k, row in enumerate(vectors)]
    files["vectors.bin"] = b"40 4\n" + b"\n".join(binary)
    for kind in ("csc", "coo", "bsr", "dia"):
        sparse.save_npz(buffer := io.BytesIO(), graph.asformat(kind), compressed=False)
        files[f"graph_{kind}.npz"] = buffer.getvalue()
    files["model.toml"] = (
        b'[model]\nkind = "graph"\nnodes = 60\nblocks = 3\nmean_degree = 5.0\n[heterogeneity]\nlaw = "pareto"\nexponent = 3.0\n'
    )
    files["study.toml"] = (
        b'trial = "spikes_of_a_block_model"\nreplicates = 2\n[grid]\nn = [100, 200]\nsigma = { from = 0, to = 1, steps = 3 }\n'
    )
    for name in ("graph.mtx", "graph.edges", "graph.graphml", "log.csv"):
        files[f"{name}.gz"] = gzip.compress(files[name], mtime=0)
    return files


def damaged(content, rng):
    """A few changes: bits flipped, parts cut out, doubled or overwritten, numbers replaced, the end cut off."""
    content = bytearray(content)
    for _ in range(rng.choice([1, 1, 2, 5])):
        at = rng.randrange(len(content) + 1)
        until = min(len(content), at + rng.choice([1, 4, 8, 40]))
        change = rng.randrange(6)
        if change == 0 and at < len(content):
            content[at] ^= 1 << rng.randrange(8)
        elif change == 1:
            del content[at:until]
        elif change == 2:
            content[at:at] = content[at:until] * rng.choice([1, 3, 50])
        elif change == 3:
            content[at:until] = rng.choice([b"\xff", b"\x00", b"\x7f", b"9", b"[", b"\n"]) * (until - at)
        elif change == 4:
            content[at:until] = rng.choice(NUMBERS)
        else:
            del content[at:]
    return bytes(content)


def wrong_arrays(rng):
    """A sparse matrix in an archive of which one array holds what it must not; the archive itself is sound."""
    x = sparse.random_array((30, 30), density=0.2, rng=np.random.default_rng(rng.randrange(99)))
    x = sparse.csr_array(x + x.T).asformat(rng.choice(["csr", "csc", "coo"]))
    sparse.save_npz(buffer := io.BytesIO(), x)
    arrays = dict(np.load(io.BytesIO(buffer.getvalue())))
    key = rng.choice([name for name in arrays if name != "_is_array"])
    value = (
        arrays[key].astype(rng.choice(["i8", "u8", "i4", "f8"]))
        if arrays[key].dtype.kind in "iuf"
        else arrays[key]
    )
    if value.dtype.kind in "iuf" and value.size:
        worst = [-1, 30, 31, 2**31 - 1] + ([2**40, 2**62] if value.dtype.itemsize == 8 else [])
        with np.errstate(all="ignore"):
            value.ravel()[rng.randrange(value.size) :: rng.choice([1, 7, 10**6])] = np.array(
                rng.choice(worst)
            ).astype(value.dtype)
    arrays[key] = rng.choice(
        [value, value, value, value[..., :-1] if value.ndim else value, value.reshape(-1, 1)]
    )
    np.savez(buffer := io.BytesIO(), **arrays)
    return buffer.getvalue()


@pytest.mark.slow
def test_no_damaged_file_ends_the_process_or_is_a_fault(tmp_path):
    (tmp_path / "sound").mkdir()
    rng, files = random.Random(0), sound_files(tmp_path / "sound")
    names = list(files)
    folders = []
    for batch in range(FILES // BATCH):
        folders.append(tmp_path / f"{batch}")
        folders[-1].mkdir()
        for k in range(BATCH):
            if k % 6 == 0:
                name, content = "graph.npz", wrong_arrays(rng)
            else:
                name = names[(batch * BATCH + k) % len(names)]
                content = damaged(files[name], rng)
            (folders[-1] / f"{k:03d}_{name}").write_bytes(content)
    folders.append(tmp_path / "honest")
    folders[-1].mkdir()
    for name, content in files.items():
        (folders[-1] / name).write_bytes(content)
    said = Counter()
    for folder in folders:
        ran = subprocess.run(
            [sys.executable, CHILD, folder],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            timeout=1800,
            check=False,
        )
        lines = [line.partition("\t") for line in ran.stdout.splitlines()]
        assert ran.returncode == 0, (
            f"{lines[-1] if lines else folder} ended the process ({ran.returncode}): {ran.stderr[-2000:]}"
        )
        assert len(lines) == len(list(folder.iterdir()))
        faults = [f"{folder / name}: {what}" for name, _, what in lines if what.startswith("FAULT")]
        assert not faults, "\n".join(faults)
        said.update(what.partition(":")[0] for _, _, what in lines)
        if folder.name == "honest":
            assert all(what.startswith("read") for _, _, what in lines), lines
    assert said["refused"] > FILES / 3 and said["read"] > FILES / 20, said
