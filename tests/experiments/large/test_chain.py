"""A file of a step that was damaged after it was written is named, and made again; nothing is computed from it."""

import pickle
import shutil
import sys
import warnings
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from killed_analyses import OPTIONS, STEPS, killed_when, small_parts
from logs_in_parquet import communities, contents, write_log

from experiments.large import chain
from experiments.large.analysis import analyse_log
from experiments.large.array_files import DamagedFile
from experiments.large.steps import Step


@pytest.fixture(scope="module", autouse=True)
def small():
    with small_parts():
        yield


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A log, and the folder of its analysis."""
    base = tmp_path_factory.mktemp("damage")
    log = write_log(base / "log", *communities(700, 320, 3, 12))
    analyse_log(log, base / "out", OPTIONS)
    return log, base / "out"


@pytest.fixture
def done(whole, tmp_path):
    """The log, a copy of the folder, and what it holds."""
    log, out = whole
    shutil.copytree(out, tmp_path / "out")
    return log, tmp_path / "out", contents(out)


def flipped(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(bytes(content))


def cut(path):
    path.write_bytes(path.read_bytes()[:-64])


def replaced(path):
    path.write_bytes(b"a stranger's")


def forget(out, steps):
    """Remove what these steps have left, and the vectors."""
    for step in steps:
        for folder in (out / "work").glob(f"{step}-*"):
            shutil.rmtree(folder)
    (out / "vectors.npy").unlink(missing_ok=True)


def a_file(out, name):
    return min((out / "work").glob(name))


def assert_told_and_made_again(log, out, victim, expected):
    with pytest.warns(UserWarning, match="did not hold what was written") as told:
        analyse_log(log, out, OPTIONS)
    (said,) = (str(one.message) for one in told)
    assert said.startswith(str(victim))
    assert contents(out) == expected


@pytest.mark.parametrize("step", [step for step in STEPS if step != "split"])
def test_a_file_of_a_step_from_which_more_is_made(step, done):
    log, out, expected = done
    victim = a_file(out, f"{step}-*/0*.arrays")
    flipped(victim)
    forget(out, STEPS[STEPS.index(step) + 1 :])
    assert_told_and_made_again(log, out, victim, expected)


@pytest.mark.parametrize("damage", [cut, replaced])
@pytest.mark.parametrize("step", ["counts", "matrix", "found"])
def test_a_file_that_is_cut_off_or_replaced(step, damage, done):
    log, out, expected = done
    victim = a_file(out, f"{step}-*/0*.arrays")
    damage(victim)
    forget(out, STEPS[STEPS.index(step) + 1 :])
    assert_told_and_made_again(log, out, victim, expected)


def test_several_at_once_are_told_once(done):
    log, out, expected = done
    victims = sorted((out / "work").glob("ppmi-*/*.arrays"))
    for victim in victims[:3]:
        flipped(victim)
    forget(out, STEPS[STEPS.index("ppmi") + 1 :])
    with pytest.warns(UserWarning, match="000000.arrays and 2 more did not hold"):
        analyse_log(log, out, OPTIONS)
    assert contents(out) == expected


@pytest.mark.parametrize("damage", [flipped, cut, replaced, Path.unlink])
def test_a_block_of_eigenvectors(damage, done):
    log, out, expected = done
    damage(victim := a_file(out, "found-*/u-*1.arrays"))
    forget(out, ["settled", "written"])
    if damage is not Path.unlink:
        assert_told_and_made_again(log, out, victim, expected)
    else:
        analyse_log(log, out, OPTIONS)
        assert contents(out) == expected


@pytest.mark.parametrize("damage", [flipped, cut, replaced])
def test_the_vectors_themselves(damage, done):
    log, out, expected = done
    damage(out / "vectors.npy")
    assert_told_and_made_again(log, out, out / "vectors.npy", expected)


@pytest.mark.parametrize("name", ["state", "q-*"])
@pytest.mark.parametrize("damage", [flipped, cut, Path.unlink])
def test_what_the_solver_has_left_when_it_was_killed(name, damage, done):
    """In its second round, a few dimensions on; from a state without its basis it does not go on."""
    log, out, expected = done
    forget(out, ["found", "settled", "written"])
    seen = [0]

    def late(step, before):
        seen[0] += step == "found" and not before
        return seen[0] == 220

    assert killed_when(log, out, late)
    damage(victim := a_file(out, f"found-*/{name}.arrays"))
    if damage is not Path.unlink:
        assert_told_and_made_again(log, out, victim, expected)
    else:
        analyse_log(log, out, OPTIONS)
        assert contents(out) == expected


def test_the_pairs_of_pieces_when_it_was_killed(done):
    log, out, expected = done
    forget(out, STEPS[STEPS.index("contexts") :])
    assert killed_when(log, out, lambda step, before: step == "contexts" and not before)
    flipped(victim := a_file(out, "split-*/*1.arrays"))
    assert_told_and_made_again(log, out, victim, expected)


def test_only_what_is_needed_is_read_whole(done, monkeypatch):
    """Of a finished analysis only what has one file."""
    log, out, _ = done
    flipped(victim := a_file(out, "ppmi-*/0*.arrays"))
    read = []
    is_sound = chain.is_sound
    monkeypatch.setattr(chain, "is_sound", lambda path, key: read.append(path) or is_sound(path, key))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        analyse_log(log, out, OPTIONS)
    assert {path.parent.name.rsplit("-", 1)[0] for path in read} == {
        "all-items",
        "totals",
        "rows",
        "found",
        "written",
    }
    assert len(read) == 5 and victim not in read


def test_a_disk_that_damages_what_is_written_again_and_again_is_named(done, monkeypatch):
    log, out, _ = done
    forget(out, STEPS[STEPS.index("counts") :])
    write = Step.write

    def damaged(step, number, arrays):
        write(step, number, arrays)
        if Path(step.folder).name.startswith("counts-") and number == 1:
            cut(step.place(number))

    monkeypatch.setattr(Step, "write", damaged)
    with (
        pytest.warns(UserWarning, match="did not hold"),
        pytest.raises(DamagedFile, match=r"counts-.*000001.arrays must be a file"),
    ):
        analyse_log(log, out, OPTIONS)


def test_a_damaged_file_is_named_by_a_worker_too():
    error = pickle.loads(pickle.dumps(DamagedFile(Path("a"))))
    assert error.path == Path("a") and str(error).startswith("a must be a file")
