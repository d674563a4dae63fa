"""`python -m spikeproof` in a folder with a `theory/` or a `json.py`: modules are not looked for in the folder one stands in.

Python puts that folder first on `sys.path` for `-m`; the command `spikeproof` does not have it there. This file is loaded
before anything else of the package and imports only what Python itself has loaded.
"""

import os
import sys


def leave_out_working_folder(home: str) -> None:
    """Take the working folder off `sys.path` if this process is `python -m spikeproof`; the folder `home` stays, at the end."""
    if (
        sys.argv[:1] != ["-m"] or sys.flags.safe_path
    ):  # the arguments begin so while Python looks for the module
        return
    module = sys.orig_argv[-len(sys.argv)].removeprefix("-m")
    if module.partition(".")[0] != "spikeproof":
        return
    del sys.path[0]
    if all(os.path.realpath(entry) != os.path.realpath(home) for entry in sys.path if entry):
        sys.path.append(home)  # a clone that is not installed, run from its own folder
