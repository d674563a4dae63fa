"""What a hostile file or matrix can do: nothing but be refused in one sentence. No pickle, no network, no bombs, no links."""

import ast
import gzip
import io
import socket
import sys
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from experiments.matrices import load
from spikeproof.app import main

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("simulate", "theory", "experiments", "reports", "spikeproof")
SOURCES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
FORBIDDEN_MODULES = {
    "pickle",
    "cPickle",
    "dill",
    "joblib",
    "shelve",
    "marshal",
    "urllib",
    "http",
    "requests",
    "ftplib",
}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "system", "popen", "extractall", "unpack_archive", "yaml.load"}


@pytest.mark.parametrize("path", SOURCES, ids=[str(path.relative_to(ROOT)) for path in SOURCES])
def test_no_module_can_unpickle_evaluate_unpack_or_call_out(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = (
                [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            )
            assert not FORBIDDEN_MODULES & {name.split(".")[0] for name in names}
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert called not in FORBIDDEN_CALLS or (
                called == "compile" and ast.unparse(node.func) == "re.compile"
            )
            loads = called == "load" and ast.unparse(node.func) == "np.load"
            given = {word.arg: ast.unparse(word.value) for word in node.keywords}
            assert not loads or given.get("allow_pickle") == "False"
            assert given.get("shell") != "True"


class Payload:
    """Leaves a file behind where it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (Path(self.path),))


def header_of(shape):
    """The head of a .npy file that claims this shape."""
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "<f8", "fortran_order": False, "shape": shape})
    return head.getvalue()


def laughs(encoding):
    entities = "".join(f'<!ENTITY {chr(98 + k)} "{("&" + chr(97 + k) + ";") * 10}">' for k in range(9))
    return (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE l [<!ENTITY a "lollollollol">{entities}]>'
        '<graphml><graph edgedefault="undirected"><node id="&j;"/></graph></graphml>'
    ).encode(encoding)


@pytest.fixture
def files(tmp_path):
    np.save(tmp_path / "payload.npy", np.array([Payload(tmp_path / "run")], dtype=object), allow_pickle=True)
    np.savez(tmp_path / "payload.npz", data=np.array([Payload(tmp_path / "run")], dtype=object))
    for name in ("deep.toml", "deepmodel.toml"):
        (tmp_path / name).write_text("trial = " + "[" * 100_000 + "]" * 100_000)
    (tmp_path / "mpd.slice.0-999.json").write_text('{"playlists": ' + "[" * 100_000 + "]" * 100_000 + "}")
    (tmp_path / "laughs.graphml").write_bytes(laughs("utf-8"))
    (tmp_path / "laughs16.graphml").write_bytes(laughs("utf-16"))
    (tmp_path / "outside.graphml").write_text(
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><graphml><graph><node id="&e;"/></graph></graphml>'
    )
    (tmp_path / "deep.graphml").write_text(
        "<graphml>" + "<graph>" * 100_000 + "</graph>" * 100_000 + "</graphml>"
    )
    with gzip.open(tmp_path / "line.csv.gz", "wb") as file:
        for _ in range(70):
            file.write(b"a" * 1_000_000)
    with zipfile.ZipFile(tmp_path / "claims.npz", "w") as archive:
        archive.writestr("data.npy", header_of((10**13,)) + bytes(800))
    with tarfile.open(tmp_path / "links.csv", "w") as archive:
        link = tarfile.TarInfo("../../escape")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    with zipfile.ZipFile(tmp_path / "escape.csv", "w") as archive:
        archive.writestr("../../escape", "x")
    return tmp_path


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("spk payload.npy", "never unpickled"),
        ("matrices payload.npz", "without pickles"),
        ("sweep deep.toml", "nested too deeply"),
        ("sample deepmodel.toml -o g.mtx", "nested too deeply"),
        ("matrices mpd.slice.0-999.json", "nested too deeply"),
        ("matrices laughs.graphml", "without entities"),
        ("matrices laughs16.graphml", "UTF-8"),
        ("matrices outside.graphml", "without entities"),
        ("matrices deep.graphml", "expected one graph"),
        ("matrices line.csv.gz", "bytes when unpacked"),
        ("matrices claims.npz", "fits its 800 bytes"),
        ("matrices links.csv", "tar archive"),
        ("matrices escape.csv", "unpack it"),
    ],
)
def test_hostile_files_are_refused_in_one_sentence(line, words, files, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["spikeproof", *line.split()])
    monkeypatch.chdir(files)
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert words in " ".join(said.err.split()) and "Traceback" not in said.err + said.out
    assert not (files / "run").exists() and not (files.parent / "escape").exists()


def test_an_archive_that_unpacks_to_more_than_it_may_is_refused_before_it_is_unpacked(tmp_path):
    ring = sparse.csr_array(np.roll(np.eye(300), 1, 0) + np.roll(np.eye(300), -1, 0))
    sparse.save_npz(tmp_path / "ring.npz", ring)
    assert load(tmp_path / "ring.npz").graph is not None
    with pytest.raises(ValueError, match=r"at most 4,096 bytes when unpacked \(--unpack-limit allows more\)"):
        load(tmp_path / "ring.npz", unpack_limit=4096)


def test_the_main_job_and_a_comparison_ask_nothing_of_the_network(tmp_path, monkeypatch):
    def refused(self, address, *_):
        raise AssertionError(f"a connection to {address} was asked for")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    for line in (
        f"verify A1 A2 --quick --workers 1 --out {tmp_path / 'v'}",
        f"compare davis --twins 1 --workers 1 --out {tmp_path / 'c'}",
    ):
        monkeypatch.setattr(sys, "argv", ["spikeproof", *line.split()])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code in (0, None)
