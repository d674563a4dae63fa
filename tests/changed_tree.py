"""A copy of the tree in which one place at a time is changed, and what the tests of the copy say of it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("simulate", "theory", "experiments", "reports", "spikeproof")
SECONDS = 150  # of processor time that each test, or file of tests, may take; an endless loop takes longer
LEFT_OUT = shutil.ignore_patterns(
    ".git", "__pycache__", ".*_cache", ".hypothesis", "build", "dist", "*.egg-info"
)


class Tree:
    """A copy of the tree in `folder`, with a cache of compiled loops beside it."""

    def __init__(self, folder: Path) -> None:
        self.root, self.loops = folder / "tree", folder / "loops"
        shutil.copytree(ROOT, self.root, ignore=LEFT_OUT)
        # Python looks at the hash of a source: two changes within a second, of the same length, would look alike by date and size
        command = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", *ROOMS]
        subprocess.run(command, cwd=self.root, check=True)

    @contextmanager
    def changed(self, path: str, text: bytes) -> Iterator[None]:
        """A while in which the file holds `text`; its date is put back too, by which numba knows loops that did not change."""
        target = self.root / path
        before, dates = target.read_bytes(), target.stat()
        target.write_bytes(text)
        try:
            yield
        finally:
            target.write_bytes(before)
            os.utime(target, ns=(dates.st_atime_ns, dates.st_mtime_ns))

    def first_failure(self, tests: Sequence[str], *options: str) -> str:
        """Return which of the tests fails first, or how the run ended otherwise; empty where all pass or there is none."""
        environment = {
            **os.environ,
            **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"),
            **{"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(self.root), "COLUMNS": "500"},
            "NUMBA_CACHE_DIR": str(self.loops),
        }
        seconds = SECONDS * max(1, len(tests))
        fixed = ["-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0"]
        pytest = [sys.executable, *fixed, *options, *tests]
        done = subprocess.run(
            ["sh", "-c", f'ulimit -t {seconds}; exec "$@"', "sh", *pytest],
            cwd=self.root,
            env=environment,
            timeout=20 * seconds,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode in (0, 5):  # 5: there is no test
            return ""
        failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
        if failed:
            return failed[-1].split(" - ")[0].split(" ", 1)[1]
        return f"ended with {done.returncode}: {(done.stdout + done.stderr).strip()[-200:]}"
