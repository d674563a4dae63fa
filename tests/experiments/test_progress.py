"""Progress: a line every half minute by the clock, on request, and the caller's own function as before."""

import io

import pytest

from experiments.running import progress as module
from experiments.running.progress import ProgressLines, shown
from experiments.running.runner import run
from experiments.running.study import Study, product


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
    tell(900, 1000)
    clock.now = 40.0
    tell(900, 1000)
    clock.now = 80.0
    tell(920, 1000)
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


@pytest.mark.parametrize(("asked", "lines"), [(True, 3), (False, 0), (None, 0)])
def test_a_run_shows_progress_on_request(asked, lines, monkeypatch, capsys):
    monkeypatch.setattr(module, "SECONDS", 0.0)
    run(Study("doubling", product(n=[1, 2]), _double), progress=asked)
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.splitlines()) == lines
    assert all(line.startswith("doubling: ") and " of 2 tasks done" in line for line in said.err.splitlines())


def test_a_function_of_the_caller_is_called_as_it_is():
    heard = []
    with shown(lambda *numbers: heard.append(numbers), "x") as tell:
        tell(1, 2, 0)
    assert heard == [(1, 2, 0)]


def _double(cell, rngs):
    return {"twice": 2 * cell["n"]}
