"""Was it the trial or the machine? A full disk, a lack of memory or a worker killed from outside say nothing about a trial.

Such a task is left without a row, and the same run, started again, tries it again, `ATTEMPTS` times in all; then it is a failure
with its reason.
"""

from __future__ import annotations

import errno
import signal
import traceback

ATTEMPTS = 3
MOST_TEXT = 10_000  # characters of an error, or of its traceback
MACHINE = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.ENOMEM,
    errno.EIO,
    errno.EROFS,
    errno.EMFILE,
    errno.ENFILE,
    errno.ESTALE,
}
OUTSIDE = {signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGXCPU}


def is_machines(error: BaseException | None) -> bool:
    """Tell whether an error, or one that it came of, is the machine's.

    >>> is_machines(MemoryError()), is_machines(OSError(errno.ENOSPC, "full")), is_machines(ValueError())
    (True, True, False)
    """
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in MACHINE):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False


def was_killed(exitcode: int | None) -> bool:
    """Tell whether a process was ended from outside: by a signal that is none of a crash of its own.

    >>> was_killed(-signal.SIGKILL), was_killed(-signal.SIGSEGV), was_killed(3)
    (True, False, False)
    """
    return exitcode is not None and -exitcode in OUTSIDE


def told_error(error: BaseException) -> tuple[str, str]:
    """Return an error and its traceback as text that can be stored, whatever the error makes of being printed."""
    try:
        words = f"{type(error).__name__}: {error}"
    except BaseException as unprintable:
        words = f"{type(error).__name__}, whose text cannot be made ({type(unprintable).__name__})"
    try:
        trace = "".join(traceback.format_exception(error))
    except BaseException:
        trace = words
    return storable(words), storable(trace)


def storable(text: str) -> str:
    """Return text that UTF-8 can hold and that is not longer than an error is read.

    >>> storable("no file bad\\udcff.txt")
    'no file bad\\\\udcff.txt'
    """
    whole = text.encode("utf-8", "backslashreplace").decode()
    return whole if len(whole) <= MOST_TEXT else f"{whole[:MOST_TEXT]} ... ({len(whole):,} characters)"
