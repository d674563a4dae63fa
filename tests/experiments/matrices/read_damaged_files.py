"""A process of the fuzz test: reads every file of a folder within bounds, and says what became of each on a line of its own.

The name is printed before the file is read, so that the parent knows which one ended the process.
"""

import resource
import signal
import sys
import warnings
from pathlib import Path

MEMORY, SECONDS = 6_000_000_000, 60  # of address space for the process, of time for one file


def outcome_of(path, read_own, spikes_of, read_model, read_study):
    """Read a file as the command would, and look for spikes in what it holds, so that compiled code meets its numbers."""
    import numpy as np

    if path.suffix == ".toml":
        if "study" in path.name:
            return f"{len(read_study(path).grid)} cells"
        model = read_model(path)
        return repr(model.build(np.random.default_rng(0)))[:40]
    kind = "graph" if "graph" in path.name else None
    own = read_own(str(path), kind)
    if max(own.data.shape) <= 5000:
        spikes_of(own, (2,), null=0)
    return f"{own.kind} {own.data.shape}"


def main(folder):
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from experiments.matrices.model_files import read_model
    from experiments.real.own_matrices import read_own
    from experiments.real.own_spikes import spikes_of
    from experiments.studies.study_file import read_study

    for path in sorted(Path(folder).iterdir()):
        print(path.name, end="\t", flush=True)
        signal.alarm(SECONDS)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                said = "read: " + outcome_of(path, read_own, spikes_of, read_model, read_study)
        except (ValueError, OSError) as error:
            said = "refused: " + " ".join(str(error).split())
        except BaseException as error:
            said = f"FAULT: {type(error).__name__}: {' '.join(str(error).split())[:300]}"
        signal.alarm(0)
        print(said.encode("ascii", "backslashreplace").decode()[:400], flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
