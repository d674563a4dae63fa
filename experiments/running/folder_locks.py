"""Which commands are at work in a folder? A lock on the folder itself, which ends with its process, also one that is killed.

`alone` is for what one command at a time may do, such as writing files that belong together: whoever comes later waits. Many may
be `at_work` in a folder that keeps what is finished until all is; `remove_unless_used` removes it only when nobody else is any
more. Both are `flock`s on the folder, so that no file is left there. On a file system without such locks a warning says so.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from experiments.running.waiting import WAIT_SECONDS, Waiting

BETWEEN_LOOKS = 0.05
NO_LOCKS = (errno.ENOSYS, errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EBADF, errno.EINVAL)
_ours = threading.local()  # the folders in which this thread is alone


@contextmanager
def alone(
    folder: str | os.PathLike[str], seconds: float = WAIT_SECONDS, *, kept: bool = True
) -> Iterator[None]:
    """Be the only one in the block for this folder, which must be there; in a block inside, the thread that is alone stays so.

    Where it cannot be read, so that a lock is out of reach, whoever writes there is told what is wrong.

    Parameters
    ----------
    seconds
        to wait for another command.
    kept
        whether what has finished before outlasts the command; words of the error.

    Raises
    ------
    TimeoutError
        an `OSError` that names the folder, if another command is still at work in it after `seconds`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, alone(folder), alone(folder):
    ...     os.listdir(folder)
    []
    """
    place = os.path.realpath(folder)
    held: set[str] = _ours.__dict__.setdefault("folders", set())
    if place in held:
        yield
        return
    descriptor = _locked(Path(place), fcntl.LOCK_EX, Waiting(seconds, kept=kept), make=False)
    held.add(place)
    try:
        yield
    finally:
        held.remove(place)
        _close(descriptor)


@contextmanager
def at_work(folder: str | os.PathLike[str], seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Keep a folder, made where it is missing, from being removed by others who are `at_work` in it too.

    Raises
    ------
    TimeoutError
        if somebody is `alone` in it for longer than `seconds`.
    """
    descriptor = _locked(Path(folder), fcntl.LOCK_SH, Waiting(seconds), make=True)
    try:
        yield
    finally:
        _close(descriptor)


def remove_unless_used(folder: Path) -> bool:
    """Remove a folder and what is in it, unless somebody is `at_work` in it; return whether it is gone. A link is left.

    Of several who end at the same moment the last one removes it.
    """
    if folder.is_symlink() or not folder.is_dir():
        return not os.path.lexists(folder)
    try:
        descriptor = _locked(folder, fcntl.LOCK_EX, Waiting(0, kept=True), make=False)
    except TimeoutError:
        return False
    try:
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        _close(descriptor)
    return not folder.exists()


def _locked(folder: Path, kind: int, waiting: Waiting, *, make: bool) -> int | None:
    """Lock a folder and return its descriptor; None where there is no folder or no such lock."""
    while True:
        if make:
            folder.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except FileNotFoundError:
            if make:
                continue  # it was removed at this moment
            return None
        except OSError:
            return None
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
            if _is_there(descriptor, folder):
                return descriptor
        except OSError as error:
            if error.errno in NO_LOCKS:
                os.close(descriptor)
                warnings.warn(
                    f"{folder} cannot be locked ({error.strerror}); run one command at a time there",
                    stacklevel=4,
                )
                return None
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                os.close(descriptor)
                raise
        os.close(descriptor)
        waiting(f"another command that is at work in {folder}")
        time.sleep(BETWEEN_LOOKS)


def _is_there(descriptor: int, folder: Path) -> bool:
    """Tell whether the folder that is locked still has its name: another one may have removed it before our turn."""
    try:
        return os.path.samestat(os.fstat(descriptor), folder.stat())
    except FileNotFoundError:
        return False


def _close(descriptor: int | None) -> None:
    if descriptor is not None:
        os.close(descriptor)
