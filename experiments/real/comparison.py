"""Real matrices, and vectors of one's own, beside their twins and nulls, as studies: what `spikeproof compare` runs.

Each row of the store holds one analysis, of the matrix itself, of one twin (with a twin of its own) or of one null, as JSON
text, so that `reports.pages.comparison` draws the page from the store alone. All are described at one rank, chosen before any
twin is drawn (`chosen_ranks`). What does not depend on the twin, the matrix and its analysis, is computed once in every process
(`prepared`). Where a first look is asked for, the matrices' own analyses come before everything else.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from experiments.matrices.loading import files_to_send
from experiments.real.chosen_ranks import named_pairs, ranks_of, require_comparable, vectors_among
from experiments.real.compared import MANIFEST, TWINS, Compared, studies_of, study_of_pairs
from experiments.real.given_objects import as_paths
from experiments.real.twins import By
from experiments.running.files import write_whole
from experiments.running.json_files import read_object
from experiments.running.output_places import require_inputs_apart, require_output_folder
from experiments.running.runner import run_all
from experiments.running.seeds import MOST_SEED
from experiments.running.store import OURS
from experiments.running.waiting import WAIT_SECONDS
from simulate.optional import require_extra
from simulate.progress import Progress, shown
from simulate.validation import require_integer


def compare(
    matrices: Sequence[Any] | Mapping[str, Any],
    *,
    blocks: By = "spikes",
    twins: int = TWINS,
    rank: int | None = None,
    binary: bool = False,
    operator: str | None = None,
    log: Any = None,
    held_out: Any = None,
    reading: Mapping[str, Any] | None = None,
    seed: int = 0,
    workers: int = 1,
    dask: str | None = None,
    out: str | os.PathLike[str],
    progress: Progress | bool | None = None,
    wait: float = WAIT_SECONDS,
    accept_other_version: bool = False,
    first_look: Callable[[], None] | None = None,
    say: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Analyse matrices, their twins and their nulls, keep the results in the folder `out`, and return what its manifest says.

    What its store holds already is not run again. `reports.pages.comparison.write_comparison` draws the page.

    Parameters
    ----------
    matrices
        names of the catalogue, paths, or objects that `experiments.matrices.load` takes, perhaps by name in a mapping; vectors
        of one's own in any form that `experiments.read_own` takes (an array with `reading={"kind": "embedding"}`). An
        object is written to the folder `out`/matrices, from where tasks read it.
    blocks
        how the twins' blocks are found: `spikes`, `leiden` or `labels`.
    twins
        how many samples of the fitted block model are drawn, at least 1. Vectors have none.
    rank
        f at which spikes are described; without, one is chosen for each matrix (`chosen_ranks`).
    binary
        every edge of a graph counts as 1, whatever its weight. Without, weights may come in any unit: those of a twin vary about
        their mean as the observed ones do.
    operator
        the matrix of the data that is embedded, a name of `theory.OPERATORS`: of graphs any but "non-backtracking", of
        interactions "ppmi" or "counts"; None is the adjacency matrix, and PPMI. Vectors have none.
    log, held_out
        of vectors: the interactions that they were made from, and others that they were not made from, joined by names.
    reading
        options of `experiments.matrices.load` and `experiments.read_own`, the same for all. With a log, `columns`, `separator`,
        `header`, `time_unit` and `format` are those of the log and of the pairs held out.
    seed, workers, dask
        as of `running.run_all`; results follow from the seed alone, whatever runs the tasks. Workers of a cluster get the files.
    out
        a folder, created where it is missing.
    progress
        as of `running.run_all`: True shows it, a function is called. While ranks are chosen no task is done yet.
    wait, accept_other_version
        as of `running.run_all`: seconds to wait for another run in the same folder; rows of other sources are kept.
    first_look
        called once the matrices' own analyses are in `out`, before nulls and twins are drawn; the page can be drawn then.
        Where `out` holds the whole of this comparison already it is not called.
    say
        called at the end with a sentence where `out` held a comparison of other inputs or options, whose page is drawn no more
        until it is compared again; None warns of it.

    Raises
    ------
    ValueError, OSError
        for a matrix that cannot be read, is too small for the rank or has no labels where `blocks="labels"`; vectors that cannot
        be joined with the log.
    ModuleNotFoundError
        without scikit-learn (extra `learn`), which compares partitions.
    """
    require_extra("learn", "comparing the partitions of a matrix")
    require_integer(seed, "seed", least=0, most=MOST_SEED)
    asked = Compared(blocks, twins, rank, binary, operator, seed)
    if not matrices:
        raise ValueError("compare needs at least one matrix: a name of `spikeproof matrices`, or a file")
    require_output_folder(out)
    names, (log, held_out), options = as_paths(matrices, Path(out), reading or {}, (log, held_out))
    names = list(dict.fromkeys(names))
    require_inputs_apart(out, OURS, [*names, *filter(None, [options.get("items"), log, held_out])])
    asked = replace(asked, reading=options, log=log, held_out=held_out)
    vectors = vectors_among(names, asked)
    before = manifest_of(out)
    keeping: dict[str, Any] = {
        "seed": seed,
        "store": out,
        "retry_failed": True,
        "wait": wait,
        "accept_other_version": accept_other_version,
    }
    what = f"{len(names)} matri{'x' if len(names) == 1 else 'ces'}"
    with shown(progress, f"{what}, read and analysed") as told:
        step = _step(told, names, vectors, asked)
        if require_comparable(names, vectors, asked, step):  # the rows are those without its name
            asked = replace(asked, operator=None)
        early = first_look is not None and not _holds(out, names, vectors, asked)
        ranks = ranks_of(names, vectors, asked, step, first=True) if early else {}
    if first_look is not None and early:
        Path(out).mkdir(parents=True, exist_ok=True)
        run_all(studies_of(ranks, vectors, asked, first=True), **keeping)
        _write(out, asked.manifest(ranks, vectors, "first"))
        first_look()
    with shown(progress, f"{what}, ranks chosen") as told:
        pairs, apart = named_pairs(names, vectors, asked)
        ranks = ranks_of(names, vectors, asked, _step(told, names, vectors, asked))
    Path(out).mkdir(parents=True, exist_ok=True)
    with shown(progress, what) as told:
        studies = studies_of(ranks, vectors, asked) + study_of_pairs(pairs, ranks, vectors, asked)
        files = (
            files_to_send(map(str, [*names, *filter(None, [options.get("items"), log, held_out])]))
            if dask
            else None
        )
        run_all(studies, workers=workers, dask=dask, files=files, progress=told, **keeping)
    now = _write(out, asked.manifest(ranks, vectors, "whole", pairs, apart))
    if sentence := replaced(out, before, now):
        if say is None:
            warnings.warn(sentence, stacklevel=2)
        else:
            say(sentence)
    return now


def replaced(out: str | os.PathLike[str], before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> str:
    """Return a sentence on the page of other inputs, or other options, that the comparison in `out` replaces; empty where none.

    Parameters
    ----------
    before
        what `manifest_of` returned before the comparison ran.
    now
        the manifest of the comparison.
    """
    if before is None:
        return ""
    kept = "their rows stay in the store, and comparing them again there draws that page from them"
    names = before.get("matrices")
    if names != now["matrices"]:
        listed = ", ".join(map(str, names)) if isinstance(names, list) else "other inputs"
        return f"this page replaces that of {listed} in {out}: {kept}"
    options = ("blocks", "twins", "binary", "operator", "log", "held_out", "reading", "rank")
    if changed := [key for key in options if before.get(key) != now.get(key)]:
        return (
            f"this page replaces one of the same inputs with other {' and '.join(changed)} in {out}: {kept}"
        )
    return ""


def manifest_of(out: str | os.PathLike[str]) -> dict[str, Any] | None:
    """Return what a folder says of the comparison that it holds; None where it holds none that can be read."""
    try:
        return read_object(Path(out) / MANIFEST)
    except (OSError, ValueError):
        return None


def _step(
    told: Progress | None, names: Sequence[str], vectors: Sequence[str], asked: Compared
) -> Callable[[], None]:
    """A function that says that work goes on while no task is done yet."""

    def step() -> None:
        if told is not None:
            told(0, _tasks(names, vectors, asked), 0)

    return step


def _tasks(names: Sequence[str], vectors: Sequence[str], asked: Compared) -> int:
    studies = studies_of(dict.fromkeys(names, 1), vectors, asked)
    return sum(len(study.grid) * study.replicates for study in studies)


def _write(out: str | os.PathLike[str], manifest: Mapping[str, Any]) -> dict[str, Any]:
    text = json.dumps(manifest, indent=1)
    write_whole(Path(out) / MANIFEST, text)
    return dict(json.loads(text))


def _holds(
    out: str | os.PathLike[str], names: Sequence[str], vectors: Sequence[str], asked: Compared
) -> bool:
    """Whether the folder holds the whole of this comparison, perhaps with another number of twins."""
    if (before := manifest_of(out)) is None:
        return False
    may_differ = {"ranks": {}, "twins": 0, "pairs": [], "apart": []}
    now = asked.manifest(dict.fromkeys(names, 0), vectors, "whole")
    return {**before, **may_differ} == {**now, **may_differ}
