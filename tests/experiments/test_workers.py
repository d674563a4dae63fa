"""Worker processes: what they inherit from the coordinator that spawns them."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent

LISTENING = """
import sys
sys.path.insert(0, sys.argv[1])
import runner_trials as trials
from experiments import Study, product, run
if __name__ == "__main__":
    table = run(Study("deaf", product(k=list(range(12))), trials.deaf_to_ctrl_c), workers=2)
    print(table["process"].nunique(), table["deaf"].all())
"""


def test_workers_do_not_hear_ctrl_c_from_their_first_moment_on():
    """What is blocked is inherited. A coordinator of its own, since it is the first worker of all that could hear."""
    said = subprocess.run(
        [sys.executable, "-c", LISTENING, str(HERE)], capture_output=True, text=True, timeout=120, check=True
    )
    assert said.stdout.split() == ["2", "True"]
