"""One process at a time compiles a loop; the others wait for what it leaves in the cache."""

import threading

from simulate import turns
from simulate.turns import Turn


def test_the_second_waits_until_the_first_leaves_and_is_told(tmp_path):
    first, second = Turn(tmp_path / "turn"), Turn(tmp_path / "turn")
    assert first.take() is False
    told, waits = [], threading.Event()
    whole = turns.time.sleep

    def sleep(seconds):
        waits.set()
        whole(seconds)

    turns.time.sleep = sleep
    try:
        other = threading.Thread(target=lambda: told.append(second.take()))
        other.start()
        assert waits.wait(600) and not told
        first.leave()
        other.join(600)
    finally:
        turns.time.sleep = whole
    assert told == [True]
    second.leave()
    assert first.take() is False


def test_whoever_waits_too_long_goes_on_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(turns, "LONGEST", 0.0)
    first, second = Turn(tmp_path / "turn"), Turn(tmp_path / "turn")
    first.take()
    assert second.take() is True
    first.leave()


def test_no_folder_no_turn(tmp_path):
    assert Turn(tmp_path / "missing" / "turn").take() is False
