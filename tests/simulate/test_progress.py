"""Progress: a line every half minute by the clock, on request, and the caller's own function as before."""

import io

import numpy as np
import pytest

from simulate import progress as module
from simulate.progress import ProgressLines, StepLines, shown, told_steps
from theory import cooccurrence, ppmi


class Clock:
    def __init__(self, now=0.0):
        self.now = now

    def __call__(self):
        return self.now


def test_a_line_every_half_minute_and_none_between():
    clock, stream = Clock(100.0), io.StringIO()
    tell = ProgressLines("35 claims", stream, clock)
    for second in range(0, 95):
        clock.now = 100.0 + second
        tell(second, 1000, second // 60)
    assert stream.getvalue().splitlines() == [
        "35 claims: 30 of 1,000 tasks done, 0 failed, after 30 s; about 16 min left",
        "35 claims: 60 of 1,000 tasks done, 1 failed, after 60 s; about 16 min left",
        "35 claims: 90 of 1,000 tasks done, 1 failed, after 90 s; about 15 min left",
    ]


def test_tasks_of_an_earlier_run_do_not_count_as_fast_ones():
    clock, stream = Clock(), io.StringIO()
    tell = ProgressLines("noise", stream, clock)
    tell(900, 1000, 0)
    clock.now = 40.0
    tell(900, 1000, 0)
    clock.now = 80.0
    tell(920, 1000, 0)
    first, second = stream.getvalue().splitlines()
    assert first == "noise: 900 of 1,000 tasks done, 0 failed, after 40 s"
    assert second.endswith("after 80 s; about 5 min left")


def test_a_reader_that_has_gone_does_not_stop_the_run():
    class Gone(io.StringIO):
        def write(self, text):
            raise BrokenPipeError

    clock = Clock()
    tell = ProgressLines("noise", Gone(), clock)
    clock.now = 31.0
    tell(1, 2)
    assert tell.last == 31.0


def test_a_function_of_the_caller_is_called_as_it_is():
    heard = []
    with shown(lambda *numbers: heard.append(numbers), "x") as tell:
        tell(1, 2, 0)
    assert heard == [(1, 2, 0)]


@pytest.mark.parametrize(("asked", "lines"), [(True, 3), (False, 0), (None, 0)])
@pytest.mark.parametrize("count", [cooccurrence, ppmi])
def test_counting_pairs_shows_progress_on_request(count, asked, lines, monkeypatch, capsys):
    monkeypatch.setattr(module, "SECONDS", 0.0)
    count(np.ones((3, 50)), memory_budget=20_000, progress=asked)
    said = capsys.readouterr()
    found = said.err.splitlines()
    assert said.out == "" and len(found) >= lines and bool(found) == bool(lines)
    assert all(
        line.startswith("co-occurrence counts: ") and " of 50 items done, after" in line for line in found
    )


def test_steps_are_told_every_half_minute_and_show_what_would_be_obeyed(capsys):
    clock = Clock()
    tell = StepLines("a\x1b[2J", clock)
    for now, step in ((1.0, "embedding"), (31.0, "f = 8"), (40.0, "f = 12"), (70.0, "null 1 of 3")):
        clock.now = now
        tell(step)
    assert capsys.readouterr().err.splitlines() == [
        r"a\x1b[2J: f = 8, after 31 s",
        r"a\x1b[2J: null 1 of 3, after 70 s",
    ]


def test_steps_go_to_the_function_given_or_nowhere(capsys):
    heard = []
    with told_steps(heard.append, "x") as tell:
        tell("embedding")
    for silent in (None, False):
        with told_steps(silent, "x") as tell:
            tell("embedding")
    assert heard == ["embedding"] and capsys.readouterr().err == ""
