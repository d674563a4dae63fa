"""The same bytes of results for the same seed: whatever the workers, the hash seed, the threads, the folder and the run."""

import os
import subprocess
import sys

import pytest

COMMAND = [sys.executable, "-m", "spikeproof"]
SURROUNDINGS = (
    ("1", {"PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}),
    ("2", {"PYTHONHASHSEED": "2", "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}),
    ("2", {"PYTHONHASHSEED": "random", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "2", "LC_ALL": "C"}),
)
JOBS = {
    "verify": (["verify", "A1", "B3", "C9", "D3", "E2", "--quick"], ["ledger.json"]),
    "sweep": (["sweep", "noise", "--set", "n=300", "--set", "replicates=3"], ["results.parquet"]),
    "compare": (["compare", "davis", "les-miserables", "--twins", "2"], []),
}


@pytest.mark.slow
@pytest.mark.parametrize("job", JOBS)
def test_three_runs_in_different_surroundings_give_the_same_bytes(job, tmp_path):
    arguments, files = JOBS[job]
    found = []
    for number, (workers, environment) in enumerate(SURROUNDINGS):
        out = tmp_path / str(number)
        done = subprocess.run(
            [*COMMAND, *arguments, "--workers", workers, "--out", str(out)],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=3600,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        exported = subprocess.run([*COMMAND, "export", str(out), "--csv"], capture_output=True, check=False)
        assert exported.returncode == 0, exported.stderr
        found.append([(out / name).read_bytes() for name in [*files, "results.csv", "results.parquet"]])
    assert found[0] == found[1] == found[2]
