"""How is a Dask cluster on this machine kept to oneself? Every connection needs a key that exists only while the cluster runs.

Whoever can connect to a Dask scheduler can run code as its owner, and a port of this machine can be reached by all its users.
So scheduler, workers and client of a cluster that is started here authenticate each other by TLS with temporary credentials,
which stay in memory (`distributed.security.Security.temporary`). The web servers that Dask would open beside them, 8787 and one
for each worker, know no such key and are not started. Workers keep their files in a new folder of mode 0700.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dask
from distributed import Nanny, Scheduler, SpecCluster, Worker
from distributed.security import Security

from experiments.running.child_path import without_working_folder

HOST = "127.0.0.1"


class ClosedScheduler(Scheduler):  # type: ignore[misc]
    """A scheduler without a web server."""

    def start_http_server(self, *_: Any, **__: Any) -> None:
        """Open no port."""


class ClosedWorker(Worker):  # type: ignore[misc]
    """A worker without a web server."""

    def start_http_server(self, *_: Any, **__: Any) -> None:
        """Open no port."""


# a worker process imports this class by name: through the root, which finds our rooms also beside folders of the same names
ClosedWorker.__module__ = f"spikeproof.{__name__}"


@contextmanager
def closed_cluster(workers: int) -> Iterator[SpecCluster]:
    """Start a cluster of this many processes of one thread each on this machine; it ends with the block."""
    security = Security.temporary()
    shared = {"host": HOST, "protocol": "tls://", "security": security}
    quiet = {"silence_logs": logging.WARNING}
    nanny = {"cls": Nanny, "options": {**shared, **quiet, "worker_class": ClosedWorker, "nthreads": 1}}
    scheduler = {"cls": ClosedScheduler, "options": {**shared, "port": 0, "dashboard": False}}
    asked = dict.fromkeys(range(workers), nanny)
    with (
        tempfile.TemporaryDirectory(prefix="spikeproof-") as folder,
        dask.config.set(temporary_directory=folder),
        without_working_folder(),
        SpecCluster(workers=asked, scheduler=scheduler, security=security, **quiet) as cluster,
    ):
        yield cluster
