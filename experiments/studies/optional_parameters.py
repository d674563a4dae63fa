"""Parameters that a study file may name and that are in no cell otherwise, so that the rows of older studies keep their keys.

A trial that learns something new, such as the operator of a graph, would change the key of every row if each cell named it. So it
is a parameter of the cells only where a study names it, with another value than the one that it has unless said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from experiments.running.study import Cell
from experiments.studies.trials import Registered

TABLES = ("fixed", "grid")


def with_optional(registered: Registered, document: dict[str, Any], changes: dict[str, Any]) -> Registered:
    """Return the trial with those of its optional parameters among its parameters that the study names.

    Where all that is named is the usual value, it is taken out of the study.

    Parameters
    ----------
    document, changes
        a study file, as it was parsed, and what replaces parameters of it; changed in place.

    Examples
    --------
    >>> from experiments.studies.trials import TRIALS
    >>> trial = TRIALS["spikes_of_a_block_model"]
    >>> with_optional(trial, {"fixed": {"operator": "random-walk"}}, {}).defaults["operator"]
    'adjacency'
    >>> changes = {"operator": "adjacency"}
    >>> "operator" in with_optional(trial, {}, changes).defaults, changes
    (False, {})
    """
    named = {}
    for name, usual in registered.optional.items():
        for table in [changes, *(document.get(key) for key in TABLES)]:
            if isinstance(table, dict) and table.get(name) in (usual, [usual]):
                del table[name]
        lists = [
            part for key in ("zip", "cells") if isinstance(document.get(key), list) for part in document[key]
        ]
        if any(
            isinstance(t, dict) and name in t for t in [changes, *(document.get(k) for k in TABLES), *lists]
        ):
            named[name] = usual
    if not named or registered.defaults is None:
        return registered
    return replace(registered, defaults={**registered.defaults, **named})


def has_parameters(registered: Registered, cell: Cell | Mapping[str, Any]) -> bool:
    """Return whether a cell has the parameters of a trial, with or without the optional ones."""
    return registered.defaults is not None and set(registered.defaults) == set(cell) - set(
        registered.optional
    )
