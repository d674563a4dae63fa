"""Parts of an analysis: the same rows wherever they run, on one thread, continued from what was kept, refused in their words."""

import os
import signal

import numba
import numpy as np
import pytest

from experiments import stability_of, trust_of
from experiments.real import own_trust, thinned_draws
from experiments.real.analysis_parts import (
    HERE,
    Parts,
    Where,
    drop_parts,
    folder_of_parts,
    given,
    packed,
    unpacked,
)
from experiments.running.store import Store

ran = []


def scaled(cell, rngs):
    ran.append(cell["times"])
    if cell["times"] == 13:
        raise ValueError("times must not be 13; got 13")
    found = given(cell["content"])["x"] * cell["times"]
    return {"found": packed(found=found, threads=np.array(numba.get_num_threads()))}


def rows_of(where, *times, dtype=float):
    ran.clear()
    x = np.arange(3, dtype=dtype)
    with Parts("scaled", scaled, where) as parts:
        content = parts.give({"x": x})
        for one in times:
            parts.add({"content": content, "times": one})
        return parts.rows()


def test_parts_are_kept_under_the_content_of_their_arrays_and_run_on_one_thread(tmp_path):
    alone = rows_of(HERE, 1, 2)
    assert [unpacked(row["found"])["found"].tolist() for row in alone] == [[0, 1, 2], [0, 2, 4]]
    assert {int(unpacked(row["found"])["threads"]) for row in alone} == {1} and ran == [1, 2]
    kept = Where(keep=tmp_path / "kept")
    assert rows_of(kept, 1) == alone[:1] and ran == [1]
    assert rows_of(kept, 1, 2) == alone and ran == [2]  # the first is there
    other = rows_of(kept, 1, dtype=int)  # integers are another content
    assert ran == [1] and unpacked(other[0]["found"])["found"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("keep", [False, True])
def test_what_a_part_refuses_is_refused_in_its_words_and_tried_again(keep, tmp_path):
    where = Where(keep=tmp_path) if keep else HERE
    for _ in range(2):
        with pytest.raises(ValueError, match="^times must not be 13; got 13$"):
            rows_of(where, 13)
        assert ran == [13]


def test_what_is_kept_is_removed_and_no_link_is_followed(tmp_path):
    folder = folder_of_parts(tmp_path, "demo")
    rows_of(Where(keep=folder), 1)
    older = tmp_path / ".demo-0123456789ab"
    older.mkdir()
    (tmp_path / ".demo-mine").mkdir()
    drop_parts(tmp_path, "demo")
    assert [path.name for path in tmp_path.iterdir()] == [".demo-mine"]
    folder.symlink_to(tmp_path / ".demo-mine")
    with pytest.raises(ValueError, match="must be a folder; it is a link"):
        folder_of_parts(tmp_path, "demo")


def test_an_interrupted_forecast_goes_on_with_the_draws_that_are_missing(tmp_path, monkeypatch):
    alone = trust_of("davis", k=5, draws=3)
    whole, drawn = thinned_draws.Thinned.overlap, []

    def interrupted(how, *arguments):
        if len(drawn) == 2:
            os.kill(os.getpid(), signal.SIGINT)
        drawn.append(1)
        return whole(how, *arguments)

    monkeypatch.setattr(thinned_draws.Thinned, "overlap", interrupted)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have let tests ignore it
    try:
        with pytest.raises(KeyboardInterrupt):
            trust_of("davis", k=5, draws=3, keep=tmp_path / "kept")
    finally:
        signal.signal(signal.SIGINT, before)
    drawn.clear()
    again = trust_of("davis", k=5, draws=3, keep=tmp_path / "kept")
    assert len(drawn) == 1
    assert again.table.equals(alone.table) and (again.trust.seen == alone.trust.seen).all()


def test_snapshots_that_are_kept_are_those_of_one_call(tmp_path):
    rng = np.random.default_rng(0)
    one = rng.standard_normal((60, 4))
    snapshots = [one, one + 0.3 * rng.standard_normal((60, 4))]
    for _ in range(2):
        kept = stability_of(snapshots, k=5, keep=tmp_path / "kept")
        assert kept.table.equals(stability_of(snapshots, k=5).table)


def test_a_forecast_is_made_on_one_thread_whatever_the_machine_has(monkeypatch):
    analyse, seen = own_trust.theory.analyse, []

    def counted(*arguments, **options):
        seen.append(numba.get_num_threads())
        return analyse(*arguments, **options)

    monkeypatch.setattr(own_trust.theory, "analyse", counted)
    trust_of("davis", k=5)
    assert len(seen) == 5 and set(seen) == {1}


@pytest.mark.parametrize("there", [False, True])
def test_what_is_refused_leaves_no_folder_that_was_not_there(there, tmp_path):
    out = tmp_path / "out"
    if there:
        out.mkdir()
    with pytest.raises(ValueError, match="must not be 13"):
        rows_of(Where(keep=out / "kept"), 13)
    assert out.exists() == there and not (out / "kept").exists()
    with pytest.raises(ValueError, match="must not be 13"):
        rows_of(Where(keep=out / "kept"), 1, 13)
    rows_of(Where(keep=out / "kept"), 1)
    assert ran == []  # what was finished is there


def test_what_is_refused_removes_nothing_that_another_works_with(tmp_path, monkeypatch):
    """It comes between the first result of the other and its place in the store."""
    where, write = Where(keep=tmp_path / "out" / "kept"), Store.write

    def refused(store, task, outcome):
        monkeypatch.setattr(Store, "write", write)
        with pytest.raises(ValueError, match="must not be 13"):
            rows_of(where, 13)
        write(store, task, outcome)

    monkeypatch.setattr(Store, "write", refused)
    first = rows_of(where, 1)
    assert rows_of(where, 1) == first and ran == []  # it is there
