"""The page of real matrices beside their twins and nulls, drawn from what `spikeproof compare` stored and from nothing else."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.running.export import provenance_words
from experiments.running.folder_locks import alone
from reports import tables
from reports.analyses import Analysis, read_analyses, read_manifest, read_pairs
from reports.answers import headline
from reports.pages.matrix_section import section_of
from reports.pages.page import places, render, write
from reports.pair_words import pair_words

SCRIPTS = ("points.js", "neighbours.js", "view.js", "spikes_table.js", "item_search.js", "matrix.js")


def write_comparison(
    folder: str | os.PathLike[str], *, out: str | os.PathLike[str] | None = None, overwrite: bool = False
) -> Path:
    """Draw `folder/compare.html` from the folder's store; return its path.

    With `out`, nothing is written into `folder`, and the page alone into that folder; `overwrite` replaces a file there that is
    no page of ours. Without matplotlib and seaborn (extra `figures`) the page has tables and the view that turns, but no
    figures.

    Raises
    ------
    ValueError, OSError
        if the folder holds no comparison, one of another version, or none whose matrices have been analysed; if the page cannot
        be written.
    """
    folder = Path(folder)
    with alone(
        folder if out is None else out
    ):  # so that the page is of the comparison that the folder then holds
        return _write(folder, out, overwrite)


def _write(folder: Path, out: str | os.PathLike[str] | None, overwrite: bool) -> Path:
    manifest = read_manifest(folder)
    analyses, failures = read_analyses(folder, manifest)
    if not analyses:
        raise ValueError(f"{folder} holds no analysed matrix: {'; '.join(failures) or 'nothing has run'}")
    pairs, more = read_pairs(folder, manifest)
    failures = [*failures, *more]
    path, images = places(folder, "compare.html", out, overwrite)
    page = page_of(
        analyses,
        manifest,
        pairs=pairs,
        failures=failures,
        provenance=provenance_words(folder),
        images=images,
    )
    return write(page, path)


def page_of(
    analyses: Sequence[Analysis],
    manifest: Mapping[str, Any],
    *,
    pairs: Sequence[dict[str, Any]] = (),
    failures: Sequence[str] = (),
    provenance: str = "",
    images: Path | None = None,
) -> str:
    """Return the page of some matrices, with `pairs` of them beside each other (`analyses.read_pairs`).

    Its figures are also saved in the folder `images`, where one is given.
    """
    return render(
        "compare.html",
        styles=("comparison.css",),
        scripts=SCRIPTS,
        manifest=manifest,
        overview=[headline(a) for a in analyses] if len(analyses) > 1 else [],
        pairs=[pair_words(pair) for pair in pairs],
        pair_table=tables.table(*tables.pair_table(pairs), name="pairs") if pairs else None,
        summary=tables.table(*tables.summary(analyses), name="summary"),
        published=tables.table(*tables.published(analyses), name="published-spectra")
        if any(a.described.get("shape") for a in analyses)
        else None,
        kinds={"vectors" if a.described["kind"] == "embedding" else "matrices" for a in analyses},
        sections=[section_of(a, images) for a in analyses],
        failures=failures,
        provenance=provenance,
    )
