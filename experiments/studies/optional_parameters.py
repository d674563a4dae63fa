"""Parameters that a study file may name and that are in no cell otherwise, so that the rows of older studies keep their keys.

A trial that learns something new, such as the operator of a graph, would change the key of every row if each cell named it. So it
is a parameter of the cells only where a study names it, with another value than the one that it has unless said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from experiments.running.study import Cell
from experiments.studies.trials import Registered


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
        if name in changes:  # it replaces the parameter wherever it stands
            for place in _places(document):
                place.pop(name, None)
        for place in (changes, *_places(document)):
            if name in place and place[name] in (usual, [usual]):
                del place[name]
            elif name in place:
                named[name] = usual
    if not named or registered.defaults is None:
        return registered
    return replace(registered, defaults={**registered.defaults, **named})


def _places(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The tables of a study file in which a parameter can stand; what is no table is refused elsewhere."""
    for key in ("fixed", "grid", "zip", "cells"):
        part = document.get(key)
        yield from (
            table for table in (part if isinstance(part, list) else [part]) if isinstance(table, dict)
        )


def has_parameters(registered: Registered, cell: Cell | Mapping[str, Any]) -> bool:
    """Return whether a cell has the parameters of a trial, with or without the optional ones."""
    return registered.defaults is not None and set(registered.defaults) == set(cell) - set(
        registered.optional
    )
