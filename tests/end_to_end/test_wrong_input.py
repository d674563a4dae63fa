"""What users get wrong, and what each gave: one sentence that names the input and says what is accepted, exit code 2.

The table below is the record: arguments, and words that the message must hold. No traceback may reach a user.
"""

import contextlib
import socket
import sys

import numpy as np
import pytest

from spikeproof.app import main


@pytest.fixture
def files(tmp_path):
    """Files that are not what they should be."""
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "one.csv").write_text("context,item\na,b\n")
    (tmp_path / "cut.json").write_text('{"playlists": [{"tracks": [')
    (tmp_path / "latin.csv").write_bytes(b"context,item\n1,caf\xe9\n")
    (tmp_path / "broken.toml").write_text("n = [")
    (tmp_path / "graph.toml").write_text(
        '[model]\nkind = "graph"\nnodes = 60\nblocks = 2\nmean_degree = 5.0\n'
    )
    (tmp_path / "log.toml").write_text(
        '[model]\nkind = "interactions"\ncontexts = 60\nitems = 30\nblocks = 2\nmean_length = 5.0\nconcentration = 0.3\n'
    )
    (tmp_path / "zip.npz").write_bytes(b"PK\x03\x04 and nothing else")
    (tmp_path / "short.gz").write_bytes(b"\x1f\x8b\x08\x00")
    np.save(tmp_path / "objects.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    np.save(tmp_path / "flat.npy", np.ones(5))
    np.save(tmp_path / "nan.npy", np.full((9, 3), np.nan))
    np.save(tmp_path / "row.npy", np.ones((1, 3)))
    np.save(tmp_path / "fine.npy", np.random.default_rng(0).standard_normal((50, 4)))
    np.save(tmp_path / "line.npy", np.outer(np.arange(1.0, 9.0), [1, 2]))
    np.save(tmp_path / "few.npy", np.eye(3))
    rows = np.random.default_rng(0).standard_normal((30, 3))
    np.savez(tmp_path / "named.npz", vectors=rows, names=np.array([f"i{k}" for k in range(30)]))
    (tmp_path / "pairs.csv").write_text("context,item\n" + "".join(f"c{k % 9},i{k}\n" for k in range(40)))
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "cut.py").write_text("x = 1\ny = (\n")
    (tmp_path / "raises.py").write_text("x = 1\ny = x / 0\n")
    (tmp_path / "none.py").write_text("x = 1\n")
    return tmp_path


TABLE = [
    ("verify Z9", "Z9"),
    ("verify A1 --quick --thorough", "exclude each other"),
    ("verify A1 --check {0}/absent.json", "absent.json"),
    ("verify A1 --check {0}/cut.json", "ledger.json"),
    ("verify A1 --workers 0 --out {0}/o", "workers"),
    ("verify A1 --seed -1 --out {0}/o", "seed"),
    ("verify A1 --quick --out {0}/file/below", "file"),
    ("verify C1 --matrix no-such --out {0}/o", "no-such"),
    ("sweep", "TOML"),
    ("sweep {0}/broken.toml", "broken.toml"),
    ("sweep nosie", "noise"),
    ("sweep noise --set m=3", "m"),
    ("sweep noise --set n=-5 --dry-run", "n"),
    ("spk {0}/absent.npy", "absent.npy"),
    ("spk {0}/objects.npy", "never unpickled"),
    ("spk {0}/flat.npy", "flat.npy"),
    ("spk {0}/nan.npy", "nan"),
    ("spk {0}/row.npy", "2 rows"),
    ("spk {0}/zip.npz", "zip.npz"),
    ("spk {0}/empty.csv", "empty.csv"),
    ("spk {0}/latin.csv", "latin.csv"),
    ("spk {0}/one.csv", "item"),
    ("spk {0}/fine.npy --rank 99", "99"),
    ("spk {0}/fine.npy --cosine 1.5", "1.5"),
    ("spk {0}/fine.npy --coverage 0", "coverage"),
    ("spk {0}/fine.npy --kind colour", "kind"),
    ("spk {0}/fine.npy --scaling double", "scaling"),
    (
        "spk {0}/fine.npy --scaling half",
        "error: --scaling is for a graph and interactions; fine.npy holds an embedding",
    ),
    ("spk {0}/fine.npy --top-k 5", "error: --top-k is for interactions; fine.npy holds an embedding"),
    ("spk les-miserables --top-k 5", "error: --top-k is for interactions; les-miserables holds a graph"),
    ("spk davis --in-memory 5", "error: --in-memory is for an embedding; davis holds interactions"),
    ("spk davis --all-columns", "error: --all-columns is for an embedding; davis holds interactions"),
    ("spk {0}/fine.npy --null 0 --dask local:1", "--dask is for the draws of the null, and null is 0"),
    ("spk {0}/fine.npy --dask 127.0.0.1:1 --wait 0", "127.0.0.1:1"),
    ("spk {0}/fine.npy --dask local:0", "a local cluster is named local:N"),
    ("spk {0}/fine.npy --items {0}/no.csv", "error: --items {0}/no.csv: no such file"),
    ("spk {0}/fine.npy --items={0}/no.csv", "error: --items {0}/no.csv: no such file"),
    ("spk {0}/pairs.csv --items {0}/empty.csv", "error: --items {0}/empty.csv: expected"),
    ("compare {0}/pairs.csv --items {0}/no.csv --out {0}/o", "error: --items {0}/no.csv: no such file"),
    ("spk {0}/fine.npy --out {0}/file/below", "file"),
    ("stability {0}/absent.npy", "absent.npy"),
    ("stability {0}/fine.npy", "holds vectors, which cannot be thinned"),
    ("stability {0}/fine.npy {0}/row.npy", "at least 2 rows"),
    ("stability {0}/fine.npy {0}/fine.npy --k 50", "k must be less than the items with a direction, 50"),
    ("stability {0}/fine.npy {0}/fine.npy --share 0.2", "--share is for the forecast from one log"),
    ("stability {0}/fine.npy {0}/fine.npy --similarity within", "--similarity must be"),
    ("stability {0}/fine.npy {0}/fine.npy --out {0}/file", "must be a folder"),
    ("stability davis --share 0", "--share must be a number above 0"),
    ("stability davis --grows fast", "--grows must be"),
    ("stability davis --k 18", "k must be an integer from 1 to 17"),
    ("stability davis --draws 1", "draws"),
    ("stability", "snapshots"),
    ("matrices {0}/cut.json", "cut.json"),
    ("matrices {0}/short.gz", "short.gz"),
    ("matrices {0}/one.csv --columns a,b", "a"),
    ("sample {0}/broken.toml -o {0}/g.mtx", "broken.toml"),
    ("sample {0}/absent.toml -o {0}/g.mtx", "absent.toml"),
    ("sample {0}/log.toml -o {0}/g --shards 3", "'interactions'"),
    ("sample {0}/graph.toml -o {0} --shards 3", "must be empty"),
    ("sample {0}/graph.toml -o {0}/file --shards 3", "must be a folder"),
    ("sample {0}/graph.toml -o {0}/g --shards 200000", "200000"),
    ("explain Q1", "Q1"),
    ("claims --write {0}/c.md --out {0}/nothing", "nothing"),
    ("compare no-such", "no-such"),
    ("compare fine.npy --rank 99", "rank must be at most 4 for fine.npy; got 99"),
    ("compare flat.npy", "flat.npy"),
    ("compare line.npy", "line.npy must have a rank of at least 2 to be compared; it has 1"),
    ("compare few.npy", "few.npy must have at least 4 vectors to be compared; it has 3"),
    ("compare fine.npy --kind graph", "kind must be embedding for fine.npy"),
    ("compare fine.npy --kind colour", "kind"),
    ("compare fine.npy --operator modularity", "fine.npy holds vectors, which have none"),
    ("compare fine.npy --blocks leiden", "fine.npy holds vectors, which have no twins"),
    ("compare fine.npy --columns a,b", "columns does not apply to vectors"),
    ("compare named.npz --log absent.csv", "there is no such file"),
    ("compare fine.npy --log pairs.csv", "fine.npy must have names to be joined with pairs.csv"),
    ("compare fine.npy --held-out pairs.csv", "--held-out needs the log that the vectors came from"),
    ("compare davis --log pairs.csv", "davis holds no vectors"),
    ("compare named.npz --log davis", "davis must have items in common with named.npz"),
    ("compare named.npz --log les-miserables", "les-miserables must hold interactions"),
    (
        "compare named.npz --log pairs.csv --held-out davis",
        "must hold pairs of contexts of the log that it does not hold",
    ),
    (
        "compare named.npz --log pairs.csv --held-out pairs.csv",
        "must hold pairs of contexts of the log that it does not hold",
    ),
    ("compare named.npz --log pairs.csv --columns u,v", "u"),
    ("compare fine.npy --vector-columns x,y", "fine.npy"),
    ("compare davis --rank 500", "rank must be at most 17 for davis; got 500"),
    ("compare davis --seed 99999999999999999999", "seed must be an integer from 0 to 9223372036854775807"),
    (
        "verify A1 --seed 99999999999999999999 --out {0}/o",
        "seed must be an integer from 0 to 9223372036854775807",
    ),
    ("sweep noise --seed 99999999999999999999 --out {0}/o", "seed must be an integer from 0 to"),
    ("compare {0}/absent.csv", "there is no such file"),
    ("compare {0}/one.csv --out {0}/o --workers 1", ""),
    ("report {0}", "must hold a run"),
    ("status {0}/nothing", "nothing"),
    ("export {0}/nothing", "nothing"),
    ("replay {0}/nothing abc", "nothing"),
    ("verify {0}/absent.py --out {0}/o", "there is no such file"),
    ("verify {0} --out {0}/o", "is a folder; name the Python files in it"),
    ("verify {0}/one.csv --out {0}/o", "must be a Python file, whose name ends in .py"),
    ("verify {0}/cut.py --out {0}/o", "cut.py, line 2: this is not Python (SyntaxError"),
    ("verify {0}/raises.py --out {0}/o", "raises.py, line 2: ZeroDivisionError: division by zero"),
    ("verify {0}/none.py --out {0}/o", "none.py holds no claim"),
    ("verify no_such.module --out {0}/o", "the module no_such.module cannot be imported"),
    ("verify none --out {0}/o", "did you mean none.py"),
    ("explain {0}/absent.py", "there is no such file"),
    ("map {0}/raises.py", "raises.py, line 2"),
    ("falsify {0}/none.py::x", "holds no claim"),
    ("claims {0}/cut.py", "cut.py, line 2"),
    ("sweep noise --trials {0}/raises.py", "raises.py, line 2"),
    ("sweep noise --trials {0}/none.py", "none.py holds no trial"),
    ("new-claim a.b", "an id is text"),
]


@pytest.mark.parametrize(("line", "words"), TABLE, ids=[line for line, _ in TABLE])
def test_wrong_input_is_told_in_one_sentence(line, words, files, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["spikeproof", *line.format(files).split()])
    monkeypatch.chdir(files)
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert ended.value.code in ((1, 2) if line.startswith("compare {0}") else (2,)), said
    assert "Traceback" not in said.err + said.out
    words = words.format(files)
    assert words.lower() in " ".join((said.err + said.out).split()).lower()


@pytest.fixture(scope="module")
def opened():
    """A list of what is opened while the tests of this file run; a hook cannot be taken away again, but it can do nothing."""
    seen, running = [], [True]

    def note(event, arguments):
        if event == "open" and running:
            seen.append(str(arguments[0]))

    sys.addaudithook(note)
    yield seen
    running.clear()


@pytest.mark.parametrize(
    "ending", ["npy", "npz", "csv", "txt", "csv.gz", "parquet", "graphml", "mtx", "h5", "toml"]
)
def test_what_is_no_file_is_never_opened(ending, files, spikeproof, opened):
    """Whoever opens a pipe waits for ever; a socket, as here, gives an error, which may be hidden by the next one."""
    name = f"x.{ending}"
    with socket.socket(socket.AF_UNIX) as listens, contextlib.chdir(files):
        listens.bind(name)
    for line in ("spk {0}", "spk {0} --dry-run", "compare {0}", "compare fine.npy {0}", "stability {0}", "matrices {0}",
                 "compare named.npz --log {0}", "compare named.npz --log pairs.csv --held-out {0}"):  # fmt: skip
        opened.clear()
        done = spikeproof(*line.format(name).split(), cwd=files)
        assert done.returncode == 2, line
        assert "expected a regular file; found a socket" in " ".join(done.stderr.split()), line
        assert not [path for path in opened if path.endswith(name)], line


def test_a_fault_of_our_own_is_told_without_a_traceback(monkeypatch, capsys):
    def fails(*arguments, **options):
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("experiments.given_claims.select", fails)
    monkeypatch.setattr(sys, "argv", ["spikeproof", "explain", "A1"])
    with pytest.raises(SystemExit) as ended:
        main()
    said = " ".join(capsys.readouterr().err.split())
    assert ended.value.code == 1 and "ZeroDivisionError: by zero" in said and "Traceback" not in said
    assert "SPIKEPROOF_TRACEBACK=1" in said
