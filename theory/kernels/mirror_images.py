"""Compiled loops of `theory.analysis.mirrored`: from the entries above the diagonal to a symmetric matrix."""

from __future__ import annotations

import numpy as np

from simulate.compiled import compiled


@compiled(nogil=True)
def count_columns(indices, counts):  # type: ignore[no-untyped-def]
    """Add to counts (n,) the entries of each column."""
    for j in indices:
        counts[j] += 1


@compiled(nogil=True)
def write_mirror_images(indptr, indices, data, starts, lower, first, last, columns, values):  # type: ignore[no-untyped-def]
    """Write rows first..last of the symmetric matrix whose entries above the diagonal are given.

    Row i begins at starts[i] with lower[i] mirror images. Rows are read in order, so that the images come in order too.
    """
    cursor = starts[first:last].copy()
    for i in range(last):
        begin, end = indptr[i], indptr[i + 1]
        if i >= first:
            at = starts[i] + lower[i]
            for e in range(begin, end):
                columns[at], values[at] = indices[e], data[e]
                at += 1
        for e in range(begin + np.searchsorted(indices[begin:end], first), end):
            j = indices[e]
            if j >= last:
                break
            columns[cursor[j - first]], values[cursor[j - first]] = i, data[e]
            cursor[j - first] += 1
