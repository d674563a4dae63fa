"""Commands write into their folders, over nothing that is not their own, and never over what they read."""

import json
import shutil

import pytest

from experiments import read_rows
from experiments.real.compared import VERSION

MODEL = '[model]\nkind = "graph"\nnodes = 60\nblocks = 2\nmean_degree = 6.0\n'
SPK = ("--null", 0, "--rank", 2, "--out")


def write_log(path):
    pairs = [f"c{k % 40},i{(7 * k + k // 40) % 20}" for k in range(240)]
    path.write_text("context,item\n" + "\n".join(pairs) + "\n")


def mine(path, text="mine\n"):
    path.write_text(text)
    path.chmod(0o600)
    return path


def is_kept(path, text="mine\n"):
    return path.read_text() == text and path.stat().st_mode & 0o777 == 0o600


def test_spk_replaces_its_own_files_and_no_others(spikeproof, tmp_path):
    write_log(tmp_path / "log.csv")
    for rank in (2, 2, 3):
        done = spikeproof("spk", "log.csv", "--null", 0, "--rank", rank, "--out", "o", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    for name in ("curve.csv", "spikes.csv", "curve.svg"):
        path = mine(tmp_path / "o" / name)
        done = spikeproof("spk", "log.csv", *SPK, "o", cwd=tmp_path)
        assert done.returncode == 2 and "--overwrite" in done.stderr and is_kept(path)
        assert spikeproof("spk", "log.csv", *SPK, "o", "--overwrite", cwd=tmp_path).returncode == 0


def test_a_file_is_no_folder_for_output(spikeproof, tmp_path):
    write_log(tmp_path / "log.csv")
    before = (tmp_path / "log.csv").read_bytes()
    done = spikeproof("spk", "log.csv", *SPK, "log.csv", cwd=tmp_path)
    assert (
        done.returncode == 2 and "log.csv must be a folder; it is a file" in done.stderr and done.stdout == ""
    )
    assert (tmp_path / "log.csv").read_bytes() == before


@pytest.mark.parametrize("given", ["spikes.csv", "../here/spikes.csv", "link.csv"])
def test_spk_never_replaces_its_input(given, spikeproof, tmp_path):
    here = tmp_path / "here"
    here.mkdir()
    write_log(here / "spikes.csv")
    (here / "link.csv").symlink_to("spikes.csv")
    before = (here / "spikes.csv").read_bytes()
    done = spikeproof("spk", given, *SPK, ".", "--overwrite", cwd=here)
    assert done.returncode == 2 and "is read by this command" in done.stderr
    assert (here / "spikes.csv").read_bytes() == before


def test_sample_replaces_nothing_but_what_it_would_write_anyway(spikeproof, tmp_path):
    mine(tmp_path / "model.toml", MODEL)
    mine(tmp_path / "model.edges", MODEL)

    def draw(*arguments, model="model.toml", out="g.edges"):
        return spikeproof("sample", model, "-o", out, *arguments, cwd=tmp_path)

    assert [draw().returncode, draw().returncode] == [0, 0]
    first = (tmp_path / "g.edges").read_bytes()
    assert draw("--seed", 1).returncode == 2 and (tmp_path / "g.edges").read_bytes() == first
    assert draw("--seed", 1, "--overwrite").returncode == 0 and (tmp_path / "g.edges").read_bytes() != first
    notes = mine(tmp_path / "h.edges.nodes.csv")
    refused = draw(out="h.edges")
    assert refused.returncode == 2 and is_kept(notes) and not (tmp_path / "h.edges").exists()
    onto = draw("--overwrite", model="model.edges", out="model.edges")
    assert onto.returncode == 2 and is_kept(tmp_path / "model.edges", MODEL)


def test_claims_write_replaces_no_other_document(spikeproof, tmp_path):
    path = mine(tmp_path / "README.md")
    done = spikeproof("claims", "--write", path, "--out", tmp_path)
    assert done.returncode == 2 and "--overwrite" in done.stderr and is_kept(path)
    path = mine(tmp_path / "ledger.json")
    done = spikeproof("claims", "--write", path, "--out", tmp_path, "--overwrite")
    assert done.returncode == 2 and "is read by this command" in done.stderr and is_kept(path)


def test_a_run_never_replaces_a_matrix_or_a_study_that_it_reads(spikeproof, tmp_path):
    log = tmp_path / "results.csv"
    write_log(log)
    before = log.read_bytes()
    for line in (
        ("verify", "C1", "--quick", "--matrix", "results.csv", "--out", "."),
        ("compare", "results.csv", "--twins", 1, "--out", "."),
        ("sweep", "./results.csv", "--out", "."),
    ):
        done = spikeproof(*line, cwd=tmp_path)
        assert done.returncode == 2 and "is read by this command" in done.stderr
        assert log.read_bytes() == before


def test_a_table_of_items_is_never_written_over(spikeproof, tmp_path):
    log, items = tmp_path / "log.csv", tmp_path / "spikes.csv"
    write_log(log)
    (tmp_path / "results.csv").write_text("id,name\n1,a\n2,b\n")
    items.write_text("id,name\n1,a\n2,b\n")
    for line in (
        ("spk", log, "--items", items, "--out", tmp_path, "--overwrite"),
        ("compare", log, "--items", tmp_path / "results.csv", "--twins", 1, "--out", tmp_path),
    ):
        done = spikeproof(*line)
        assert done.returncode == 2 and "is read by this command" in done.stderr
    assert items.read_text() == (tmp_path / "results.csv").read_text() == "id,name\n1,a\n2,b\n"


def test_an_error_about_something_long_is_short(spikeproof, tmp_path):
    done = spikeproof("sweep", "noise", "--set", f"n={'9' * 100_000}", "--out", tmp_path / "out")
    assert done.returncode == 2 and len(done.stderr) < 2200 and "characters)" in done.stderr


def test_a_page_is_not_drawn_through_a_link(spikeproof, tmp_path):
    folder, room = tmp_path / "received", tmp_path / "room"
    room.mkdir()
    ran = spikeproof("verify", "A2", "--quick", "--workers", 1, "--out", folder)
    assert ran.returncode == 0, ran.stderr
    page = mine(tmp_path / "page")
    (folder / "index.html").unlink()
    (folder / "index.html").symlink_to(page)
    assert spikeproof("report", folder).returncode == 0 and is_kept(page)
    assert not (folder / "index.html").is_symlink()
    shutil.rmtree(folder / "figures")
    (folder / "figures").symlink_to(room)
    done = spikeproof("report", folder)
    assert done.returncode == 2 and "it is a link" in done.stderr and list(room.iterdir()) == []


def test_replay_opens_a_file_that_a_store_names_only_where_the_caller_says_so(spikeproof, tmp_path):
    write_log(tmp_path / "log.csv")
    out = ("--twins", 1, "--rank", 2, "--workers", 1, "--out", "o")
    assert spikeproof("compare", "log.csv", *out, cwd=tmp_path).returncode == 0
    key = read_rows(tmp_path / "o", "compare-real")["key"][0]
    refused = spikeproof("replay", "o", key, cwd=tmp_path)
    assert refused.returncode == 2 and "reads log.csv, which its store names" in refused.stderr
    said = spikeproof("replay", "o", key, "--open-files", cwd=tmp_path)
    assert said.returncode == 0 and "opening log.csv" in said.stdout, said.stderr
    (tmp_path / "log.csv").unlink()
    (tmp_path / "log.csv").symlink_to("/dev/zero")
    device = spikeproof("replay", "o", key, "--open-files", cwd=tmp_path)
    assert device.returncode == 2 and "a regular file" in device.stderr


def test_pages_and_tables_of_an_archive_go_elsewhere_and_the_archive_stays(spikeproof, tmp_path):
    folder = tmp_path / "archive"
    assert spikeproof("verify", "A2", "--quick", "--workers", 1, "--out", folder).returncode == 0
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir() if "sqlite" not in path.name}
    page, there = (folder / "index.html").read_bytes(), tmp_path / "there"
    for _ in range(2):
        assert spikeproof("report", folder, "-o", there).returncode == 0
        assert spikeproof("export", folder, "--csv", "-o", there).returncode == 0
    assert (there / "index.html").read_bytes() == page
    assert sorted(path.name for path in there.iterdir()) == ["index.html", "results.csv", "results.parquet"]
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir() if path.name in before} == before
    for command, name in (("report", "index.html"), ("export", "results.parquet")):
        path = mine(there / name)
        refused = spikeproof(command, folder, "-o", there)
        assert refused.returncode == 2 and "--overwrite" in refused.stderr and is_kept(path)
        assert spikeproof(command, folder, "-o", there, "--overwrite").returncode == 0
    manifest = {"version": VERSION, "matrices": ["davis"], "blocks": "spikes"}
    (folder / "compare.json").write_text(json.dumps(manifest))
    done = spikeproof("report", folder)
    assert done.returncode == 2 and "'twins' is missing" in done.stderr
