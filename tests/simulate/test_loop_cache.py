"""Compiled loops are kept where nobody else can write, by a hash of their sources, and a cache that fails costs time only."""

import stat

import numba
import numpy as np
import pytest

from simulate import compiled as compiling
from simulate.compiled import compiled
from simulate.loop_cache import cache_root, folder_for, hash_of_sources, is_private


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    return tmp_path / "caches"


def test_the_folder_is_made_for_the_user_alone(home):
    root = cache_root()
    assert root == home / "spikeproof"
    assert stat.S_IMODE(root.stat().st_mode) == 0o700


def test_a_folder_that_others_can_write_or_a_link_is_not_used(home, tmp_path):
    home.mkdir()
    (home / "spikeproof").mkdir(mode=0o700)
    (home / "spikeproof").chmod(0o770)
    assert cache_root() is None
    (home / "spikeproof").rmdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    (home / "spikeproof").symlink_to(elsewhere)
    assert cache_root() is None


def test_a_folder_below_one_that_others_can_change_is_not_used(home):
    home.mkdir()
    home.chmod(0o777)
    assert cache_root() is None
    home.chmod(0o1777)  # sticky, as /tmp: nobody can replace what is not theirs
    assert cache_root() is not None


def test_somebody_elses_folder_is_not_used(home, monkeypatch):
    root = cache_root()
    monkeypatch.setattr("os.geteuid", lambda: 12345)
    assert not is_private(root)


@pytest.mark.parametrize("named", ["", "here", "./c"])
def test_the_working_folder_is_never_the_place(named, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", named)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    assert cache_root() == tmp_path / "home" / ".cache" / "spikeproof"
    monkeypatch.setenv("HOME", "here")
    assert cache_root() is None
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_the_users_own_setting_names_the_place():
    assert str(folder_for("abc", "/mine")) == "/mine/loops-abc"


FACTOR = 2


def scaled(value):
    return FACTOR * value


def test_the_hash_covers_constants_and_loops_that_are_called(monkeypatch):
    before = hash_of_sources(scaled, ["one"])
    assert hash_of_sources(scaled, ["two"]) != before
    monkeypatch.setitem(globals(), "FACTOR", 3)
    assert hash_of_sources(scaled, ["one"]) != before


@compiled()
def doubled(values):
    total = 0.0
    for value in values:
        total += FACTOR * value
    return total


def test_a_loop_is_kept_there_and_a_damaged_or_full_cache_costs_time_only(home, monkeypatch):
    def fresh():
        monkeypatch.setattr(doubled, "ready", None)
        return doubled(np.ones(3))

    assert fresh() == 6.0
    kept = [path for path in home.rglob("*.nb?") if path.is_file()]
    assert {path.suffix for path in kept} == {".nbi", ".nbc"}
    assert str(kept[0].parents[1]) != numba.config.CACHE_DIR
    for path in kept:
        path.write_bytes(path.read_bytes()[:20])
    assert fresh() == 6.0

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numba.core.caching.IndexDataCacheFile.save", full)
    for path in kept:
        path.unlink(missing_ok=True)
    assert fresh() == 6.0
    monkeypatch.setattr(compiling, "folder_for", lambda *_: None)
    assert fresh() == 6.0
