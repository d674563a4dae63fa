"""`python -m spikeproof`, and the command `spikeproof`."""

import os
import sys


def main() -> None:
    """Run the command; Ctrl-C while it is still being loaded ends it as quietly as later."""
    _open_closed_streams()
    try:
        _require_working_folder()
        from spikeproof.app import main as run

        run()
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def _open_closed_streams() -> None:
    """Open the null device for standard streams that were closed (`>&-`): the next file would get their number and their text."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, os.O_RDWR)
            os.set_inheritable(opened, opened == number)
            setattr(sys, name, os.fdopen(opened, "r" if number == 0 else "w", encoding="utf-8"))


def _require_working_folder() -> None:
    try:
        os.getcwd()
    except FileNotFoundError:
        sys.stderr.write(
            "error: the working folder has been deleted; change to another one, and run the command there\n"
        )
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
