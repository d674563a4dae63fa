"""Runs of the command that are killed, or lose a worker, at a chosen moment.

A process that has run each command once forks for each run, so that a run costs what it does, and no imports or compiled loops. A
moment is a change of what lies on disk, or a question to a worker: a draft begun, its first bytes written, whole, in its place; a
row about to be stored, and stored; what is asked of a worker of a cluster. Where a search writes nothing for long, a pass over
its file is one, and a draw of its null. Each has a label that does not depend on chance.
"""

import json
import os
import signal
import subprocess
import sys
import traceback
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """How a run ended: its exit code (negative: the signal), what it said, and the moments that it came to."""

    code: int
    said: str
    moments: list


class Runs:
    """The process that forks; `run` waits for one run of the command in `folder`."""

    def __init__(self, folder):
        self.folder = folder
        threads = dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"], "1")
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **threads},  # no thread but the one that forks
        )

    def run(self, *arguments, at=None, kill=None, first=False):
        """Run `spikeproof ARGUMENTS`; at the moment `at`, a label or a number, kill the run, or the process `kill`.

        Two beginnings of labels are the first moment of the second kind after one of the first.
        Where `kill` gives processes by the addresses of workers, that of the worker that was asked last is killed. The `first`
        run of a command is made without a fork, and comes to no moments.
        """
        asked = {"argv": [*map(str, arguments)], "folder": str(self.folder), "at": at, "kill": kill}
        self._process.stdin.write(json.dumps({**asked, "first": first}) + "\n")
        self._process.stdin.flush()
        return Run(**json.loads(self._process.stdout.readline()))

    def close(self):
        self._process.stdin.close()
        self._process.wait()


class Moments:
    """What happens at each moment in the child: it is noted, and at the one that was asked for a process is killed."""

    def __init__(self, file, at, kill):
        self.file, self.at, self.kill, self.count = file, at, kill, 0
        self.asked = None

    def __call__(self, label):
        print(label, file=self.file, flush=True)
        self.count += 1
        if isinstance(self.at, list) and label.startswith(self.at[0]):
            self.at = self.at[1:] or label
        if self.at in (label, self.count):
            self.at = None
            whom = self.kill[self.asked] if isinstance(self.kill, dict) else self.kill
            print(f"killed {whom}", file=self.file, flush=True)
            os.kill(whom or os.getpid(), signal.SIGKILL)

    def watch(self):
        from experiments.large.crew_on_cluster import OnCluster
        from experiments.matrices import vectors_archives
        from experiments.real.drawn_peaks import Chance
        from experiments.running.dask_cluster import _Run
        from experiments.running.files import Draft
        from experiments.running.store import Store
        from theory.analysis.peaks_of_file import _Passes

        vectors_archives.MAPPED = (
            0  # files of vectors are mapped, whatever their size, so that they can be read in blocks
        )
        find, draw = _Passes._batch, Chance.peaks
        begin, place, write, submit = Draft.__init__, Draft.take_place, Store.write, _Run._submit
        hand, handed = OnCluster._submit, Counter()

        def begun(draft, path):
            begin(draft, path)
            self(f"draft of {path.name}")
            written = draft.file.write

            def first(content):
                draft.file.write = written
                done = written(content)
                draft.file.flush()
                self(f"begun {path.name}")
                return done

            draft.file.write = first

        def placed(draft):
            if not draft.file.closed:
                draft.file.flush()
            self(f"whole {draft.path.name}")
            place(draft)
            self(f"placed {draft.path.name}")

        def stored(store, task, outcome):
            self(f"row of {task.key}")
            write(store, task, outcome)
            self(f"stored {task.key}")

        def asked(run, address, what, *more):
            key = submit(run, address, what, *more)
            self.asked = address
            self(f"asked for {what}")
            return key

        def given(crew, function, arguments):
            future = hand(crew, function, arguments)
            handed[function] += 1
            self(f"asked for {function.__name__} {handed[function]}")
            return future

        def found(search, most):
            self(f"{len(search.search.peaks)} peaks, to be {most}, of {search.n} rows ({self.count})")
            return find(search, most)

        def drawn(chance, number):
            self(f"draw {number}")
            return draw(chance, number)

        _Passes._batch, Chance.peaks, OnCluster._submit = found, drawn, given
        Draft.__init__, Draft.take_place, Store.write, _Run._submit = begun, placed, stored, asked


def command(asked):
    """Be the command, in this process, and return its exit code."""
    from spikeproof.__main__ import main

    os.chdir(asked["folder"])
    sys.argv = ["spikeproof", *asked["argv"]]
    try:
        main()
    except SystemExit as ended:
        return ended.code or 0
    except BaseException:
        traceback.print_exc()
    return 1


def forked(asked, moments):
    """Run the command in a fork, and return how that process ended."""
    process = os.fork()
    if not process:
        Moments(moments, asked["at"], asked["kill"]).watch()
        code = command(asked)
        sys.stdout.flush()
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def serve():
    """Run the command of each line of standard input, and answer with a line."""
    import tempfile

    import distributed  # noqa: F401

    from experiments.large import crew_on_cluster  # noqa: F401
    from experiments.running import dask_cluster, store  # noqa: F401

    os.fsync = lambda handle: None  # a process that is killed loses nothing that it has written
    answers = os.dup(1)
    for line in sys.stdin:
        asked = json.loads(line)
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as moments:
            for stream in (1, 2):
                os.dup2(out.fileno(), stream)
            code = command(asked) if asked["first"] else forked(asked, moments)
            sys.stdout.flush()
            texts = []
            for file in (out, moments):
                file.seek(0)
                texts.append(file.read())
        found = {"code": code, "said": texts[0], "moments": texts[1].splitlines()}
        os.write(answers, json.dumps(found).encode() + b"\n")


if __name__ == "__main__":
    serve()
