"""Vectors of one's own through the function that the command calls: joined by names to their log, beside their null."""

import json
import warnings

import numpy as np
import pytest
from scipy import sparse

import theory
from experiments import compare, stored_studies
from experiments.real.beyond_chance import beyond_chance
from experiments.real.comparison import replaced
from experiments.real.joined_log import JoinedLog
from experiments.real.questions_of_log import pairs_of_log, questions_of_log, rank_for_log
from experiments.running.export import read_rows
from reports import write_comparison
from reports.analyses import read_analyses, read_manifest

NAMES = [f"song {k}" for k in range(120)]


def on_three_rays(rng):
    """Vectors of 120 songs in five dimensions near three rays, with norms of a factor of ten."""
    rays = np.linalg.qr(rng.standard_normal((5, 5)))[0][:3]
    lengths = rng.lognormal(0, 0.6, 120)[:, None]
    return (rays[np.arange(120) % 3] + 0.05 * rng.standard_normal((120, 5))) * lengths


def write_vec(path, names, rows):
    lines = [f"{n.replace(' ', '_')} " + " ".join(map(repr, map(float, row))) for n, row in zip(names, rows)]
    path.write_text(f"{len(rows)} {rows.shape[1]}\n" + "\n".join(lines) + "\n")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A comparison of vectors with a log of four fifths of their songs and pairs held out."""
    base, rng = tmp_path_factory.mktemp("vectors"), np.random.default_rng(0)
    np.savez(base / "mine.npz", vectors=on_three_rays(rng), names=np.array(NAMES))
    pairs = [(f"user {u}", NAMES[s]) for u in range(60) for s in rng.choice(96, 6, replace=False)]
    (base / "log.csv").write_text("user,song\n" + "".join(f"{u},{s}\n" for u, s in pairs))
    more = [(f"user {u}", NAMES[119 - u % 40]) for u in range(70)] + pairs[:5]
    (base / "later.csv").write_text("user,song\n" + "".join(f"{u},{s}\n" for u, s in more))
    compare([base / "mine.npz"], log=base / "log.csv", held_out=base / "later.csv", out=base / "out")
    return base / "out"


@pytest.fixture(scope="module")
def found(folder):
    analyses, failures = read_analyses(folder, read_manifest(folder))
    assert not failures
    return analyses[0]


def test_vectors_on_rays_are_spikier_than_their_null_and_on_three_rays(found):
    about = found.described
    assert about["kind"] == "embedding" and about["stage"] == "whole" and about["rank"] == 5
    assert about["parts"] == 3 and sorted(row["size"] for row in about["spikes"]) == [40, 40, 40]
    assert beyond_chance(found.real, found.measured["null"], about["passing"], about["null_seconds"])
    assert about["on_rays"]["value"] > 0.97 > about["on_rays"]["chance"][1]
    assert found.measured["twin"] == found.measured["curve"] == []


def test_what_was_joined_is_said_and_gives_popularity(found):
    about = found.described
    said = " ".join(about["notes"])
    assert "94 of 120 vectors are items of" in said  # of 96 songs that may occur
    assert "pairs of" in said and "contexts that the log lacks" in said and "are in the log too" in said
    popularity = dict(zip(about["points"]["names"], about["points"]["popularity"]))
    assert popularity["song 119"] is None and popularity["song 3"] > 0
    assert about["contexts"] == 60 and found.real["norm_popularity"] is not None
    assert found.real["norm_degree"] is None


def test_questions_are_asked_on_pairs_that_the_vectors_have_not_seen(found):
    plain, *_ = found.described["questions"]
    assert plain["seen"] is False and plain["asked"] > 20 and set(plain["recall"]) >= {"dot", "cosine"}


def test_the_rank_that_finds_the_pairs_held_out_is_among_those_of_the_vectors(found):
    choice = found.described["rank_choice"]
    assert 2 <= choice["low"] <= choice["rank"] <= choice["high"] <= 5 and choice["parallel"] is None
    assert "parallel analysis" not in choice["reason"]


def test_the_null_keeps_the_spectrum(found):
    real = np.array(found.real["spectrum"])
    for null in found.measured["null"]:
        np.testing.assert_allclose(null["spectrum"], real, atol=0.1 * real[0])
        assert null["peaks_at_rank"] > found.real["peaks_at_rank"]


def test_random_directions_are_not_beyond_chance(tmp_path):
    """At a level of 0.1 % or less; deterministic at its seed."""
    rng = np.random.default_rng(1)
    np.savez(tmp_path / "x.npz", vectors=rng.standard_normal((200, 6)) * rng.lognormal(0, 1, (200, 1)))
    compare([tmp_path / "x.npz"], out=tmp_path / "out")
    ((one,), failures) = read_analyses(tmp_path / "out", read_manifest(tmp_path / "out"))
    about = one.described
    assert not failures
    assert not beyond_chance(one.real, one.measured["null"], about["passing"], about["null_seconds"])
    low, high = one.described["on_rays"]["chance"]
    assert low < one.described["on_rays"]["value"] < high


def test_the_first_look_comes_before_the_nulls_and_is_the_same_matrix(tmp_path):
    seen = []

    def look():
        manifest = read_manifest(tmp_path / "out")
        ((one,), failures) = read_analyses(tmp_path / "out", manifest)
        assert not failures and manifest["stage"] == one.described["stage"] == "first"
        assert one.measured["null"] == one.measured["twin"] == []
        seen.append(one)

    compare(["davis"], twins=1, out=tmp_path / "out", first_look=look)
    ((whole,), _) = read_analyses(tmp_path / "out", read_manifest(tmp_path / "out"))
    assert len(seen) == 1 and whole.described["stage"] == "whole" and len(whole.measured["null"]) == 5
    assert whole.real["spectrum"] == seen[0].real["spectrum"]
    assert set(seen[0].described) == set(whole.described)
    compare(["davis"], twins=1, out=tmp_path / "out", first_look=look)
    assert len(seen) == 1  # the whole is there


def test_a_run_that_ended_after_its_first_look_goes_on_from_there(tmp_path):
    class Ended(Exception):
        pass

    def end():
        raise Ended

    with pytest.raises(Ended):
        compare(["davis"], twins=1, out=tmp_path / "ended", first_look=end)
    assert read_manifest(tmp_path / "ended")["stage"] == "first"
    page = write_comparison(tmp_path / "ended").read_text("utf-8")
    assert "davis" in page and "second elbow of the spectrum on this first page" in page
    compare(["davis"], twins=1, out=tmp_path / "ended", first_look=lambda: None)
    compare(["davis"], twins=1, out=tmp_path / "whole")
    for study in ("compare-real", "compare-twin", "compare-null"):
        one, two = (read_rows(tmp_path / place, study, seed=0) for place in ("ended", "whole"))
        assert one["measured"].tolist() == two["measured"].tolist()


def test_rows_are_the_same_with_and_without_a_first_look(folder, tmp_path):
    source = folder.parent
    options = {"log": source / "log.csv", "held_out": source / "later.csv"}
    compare([source / "mine.npz"], out=tmp_path, first_look=lambda: None, **options)
    for study in ("compare-vectors-real", "compare-vectors-null"):
        one, two = (read_rows(place, study, seed=0) for place in (folder, tmp_path))
        assert one["measured"].tolist() == two["measured"].tolist()
        assert one["described"].tolist() == two["described"].tolist()


def test_nothing_in_common_with_the_log_is_refused(tmp_path):
    write_vec(tmp_path / "x.vec", NAMES, on_three_rays(np.random.default_rng(0)))
    with pytest.raises(ValueError, match="must have items in common with x.vec"):
        compare([tmp_path / "x.vec"], log="davis", out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_row_of_vectors_is_replayed(folder):
    key = read_rows(folder, "compare-vectors-null", seed=0)["key"].iloc[0]
    stored, again = stored_studies.replay(folder, key, open_files=True)
    assert stored.row == again.row and json.loads(stored.row["measured"])["items"] == 120
    with pytest.raises(ValueError, match="which its store names"):
        stored_studies.replay(folder, key)


def test_the_rank_is_chosen_by_the_pairs_that_the_questions_ask():
    rng = np.random.default_rng(5)
    known, later = (sparse.csr_array((rng.random((300, 80)) < 0.1).astype(float)) for _ in range(2))
    embedding = theory.embed(known.T @ known, 4)
    log = JoinedLog(known, np.arange(80), np.asarray(known.sum(axis=0)), later, ())
    pairs = pairs_of_log(log, log.place, rng)
    choice = rank_for_log(embedding, log, rng, pairs)
    vectors = {"": embedding.vectors("full", 4)}
    answer = questions_of_log(vectors, log.place, log, None, rng, pairs)[0].answer("", rng)
    assert choice.asked == answer["asked"] > 1200 and choice.k == answer["k"]
    assert choice.ranking in ("cosine", "dot")
    assert choice.curve[-1]["recall"] == pytest.approx(answer["recall"][choice.ranking]["value"], abs=1e-9)


def test_too_few_names_in_common_are_refused_with_names(tmp_path):
    rows = np.random.default_rng(4).standard_normal((60, 4))
    np.savez(tmp_path / "x.npz", vectors=rows, names=np.array([f"song_{k}" for k in range(60)]))
    named = [f"song_{k}" if k < 3 else f"song {k}" for k in range(60)]
    (tmp_path / "log.csv").write_text("user,song\n" + "".join(f"u{k % 9},{s}\n" for k, s in enumerate(named)))
    with pytest.raises(
        ValueError, match="shares 3 of 60.*alone has 'song_3' and 'song_4', .*log.csv alone has 'song 3'"
    ):
        compare([tmp_path / "x.npz"], log=tmp_path / "log.csv", out=tmp_path / "out")
    assert not (tmp_path / "out" / "compare.json").exists()


def test_a_page_that_is_replaced_is_named(tmp_path):
    before = {"matrices": ["a.npz", "b.vec"], "blocks": "spikes"}
    other = {"matrices": ["c.npz"], "blocks": "spikes"}
    assert "replaces that of a.npz, b.vec in" in replaced(tmp_path, before, other)
    now = {**before, "blocks": "leiden"}
    assert "the same inputs with other blocks in" in replaced(tmp_path, before, now)
    assert replaced(tmp_path, now, now) == replaced(tmp_path, None, now) == ""


def test_from_python_a_page_that_is_replaced_is_warned_of_or_told(tmp_path):
    rng = np.random.default_rng(0)
    for name in ("a", "b"):
        np.save(tmp_path / f"{name}.npy", rng.standard_normal((40, 3)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compare([tmp_path / "a.npy"], rank=2, out=tmp_path / "out")
    with pytest.warns(UserWarning, match="this page replaces that of .*a.npy in "):
        compare([tmp_path / "b.npy"], rank=2, out=tmp_path / "out")
    told = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compare([tmp_path / "a.npy"], rank=2, out=tmp_path / "out", say=told.append)
    assert len(told) == 1 and "replaces that of" in told[0]
