"""How do rows become a table? Column by column, so that memory grows with the numbers and not with dicts of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd


class Columns:
    """Rows of parameters, replicate, a trial's columns, error and key, collected into one list per column.

    >>> rows = Columns(["n"])
    >>> rows.add({"n": 1}, 0, {"x": 0.5}, None, "k1")
    >>> rows.add({"n": 2}, 0, None, "ValueError: no", "k2")
    >>> rows.frame()
       n  replicate    x           error key
    0  1          0  0.5            None  k1
    1  2          0  NaN  ValueError: no  k2
    """

    def __init__(self, parameters: list[str]) -> None:
        self.length = 0
        self._parameters: dict[str, list[Any]] = {name: [] for name in parameters}
        self._replicates: list[int] = []
        self._results: dict[str, list[Any]] = {}
        self._errors: list[str | None] = []
        self._keys: list[str] = []

    def add(
        self,
        cell: Mapping[str, Any],
        replicate: int,
        row: Mapping[str, Any] | None,
        error: str | None,
        key: str,
    ) -> None:
        """Add a row; a column that only some rows have is empty in the others."""
        for name in cell:  # in the cell's order, which is the same in every run
            if name not in self._parameters:
                self._parameters[name] = [np.nan] * self.length
        for name, column in self._parameters.items():
            column.append(cell.get(name, np.nan))
        for name, value in (row or {}).items():
            column = self._results.setdefault(name, [])
            column.extend([np.nan] * (self.length - len(column)))
            column.append(value)
        self._replicates.append(replicate)
        self._errors.append(error)
        self._keys.append(key)
        self.length += 1

    def frame(self) -> pd.DataFrame:
        """Return the table. The rows are forgotten: each list is given up when its column is made.

        `error` holds None for a result, whatever pandas makes of a column of None.
        """
        for column in self._results.values():
            column.extend([np.nan] * (self.length - len(column)))
        made: dict[str, Any] = {}
        for name in list(self._parameters):
            made[name] = pd.Series(self._parameters.pop(name))
        made["replicate"] = np.array(self._replicates, dtype=np.int64)
        for name in list(self._results):
            made[name] = pd.Series(self._results.pop(name))
        made["error"] = pd.Series(self._errors, dtype=object)
        made["key"] = pd.Series(self._keys)
        return pd.DataFrame(made)
