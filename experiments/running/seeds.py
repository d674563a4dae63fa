"""Which random numbers does a task get? One generator per role, seeded by what its numbers may depend on and by nothing else.

The key of a role is (study, version, role, the cell's parameters that the role declares, replicate), as canonical JSON;
its SHA-256, as eight 32-bit words, is the `spawn_key` of a SeedSequence whose entropy is the run's seed. No worker,
order or other task enters, so a table is the same however it was computed, and adding cells changes no old row.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

MOST_SEED = 2**63 - 1  # the largest whole number that a store can hold
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical(value: Any) -> str:
    """Return JSON with sorted keys and no spaces: equal values give equal text.

    >>> canonical({"b": 1, "a": [True, None]})
    '{"a":[true,null],"b":1}'
    """
    return _ENCODER.encode(value)


def digest(*parts: Any) -> str:
    """Return the SHA-256 of the canonical JSON of `parts`, in hexadecimal."""
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


def keys_of(study: str, version: int, seed: int, cell: Mapping[str, Any], replicates: int) -> Iterator[str]:
    """Yield the key of each replicate of a cell: 16 digits of `digest(study, version, seed, cell, replicate)`.

    The hash of what the replicates share is computed once.

    >>> list(keys_of("noise", 1, 0, {"n": 5}, 1)) == [digest("noise", 1, 0, {"n": 5}, 0)[:16]]
    True
    """
    shared = hashlib.sha256(canonical((study, version, seed, dict(cell)))[:-1].encode())
    for replicate in range(replicates):
        own = shared.copy()
        own.update(f",{replicate}]".encode())
        yield own.hexdigest()[:16]


def generator(
    seed: int, study: str, version: int, role: str, parameters: Mapping[str, Any], replicate: int
) -> np.random.Generator:
    """Return the generator of one role of one task.

    >>> first = generator(0, "noise", 1, "graph", {"n": 100}, 0).random()
    >>> first == generator(0, "noise", 1, "graph", {"n": 100}, 0).random()
    True
    >>> first == generator(0, "noise", 1, "graph", {"n": 100}, 1).random()
    False
    """
    hexadecimal = digest(study, version, role, dict(parameters), replicate)
    words = tuple(int(hexadecimal[k : k + 8], 16) for k in range(0, 64, 8))
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=words))
