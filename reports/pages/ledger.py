"""The page of the ledger: verdicts first, then what spikes look like, then each claim with its figures.

Everything is read from the folder of a run, so the page can be drawn again without computing anything.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.claims import registry
from experiments.given_claims import Given, chosen_claims
from experiments.judging.claim import Claim
from experiments.judging.drawn_points import axes_of
from experiments.judging.ledger import LEDGER, read_whole
from experiments.judging.ledger_file import judging_command
from experiments.judging.origin import blaming, named_again
from experiments.judging.sentences import LEVELS, MARKS
from experiments.running.export import provenance_words, read_rows
from experiments.running.files import claim_file, file_name
from experiments.running.folder_locks import alone
from experiments.studies.exhibits import STUDY as EXHIBITS
from reports.pages.page import can_draw, places, render, save_figure, write

WORDS = ("holds", "qualified", "refuted", "inconclusive")


def write_page(
    folder: str | os.PathLike[str],
    *,
    claims: Given | Iterable[Given] = (),
    out: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
) -> Path:
    """Draw the figures of the last run in `folder` and write `folder/index.html`; return its path.

    The figures of a claim of your own are drawn where `claims` holds it, or the file or module with it, as `verify` takes them.
    With `out`, nothing is written into `folder`, and the page alone into that folder; `overwrite` replaces a file there that is
    no page of ours. Without matplotlib and seaborn (extra `figures`) the page has no figures.

    Raises
    ------
    ValueError, OSError
        if the folder holds no ledger; if the page cannot be written.
    """
    folder = Path(folder)
    with alone(
        folder if out is None else out
    ):  # so that the page is of the ledger that the folder then holds
        return _write(folder, claims, out, overwrite)


def _write(
    folder: Path, claims: Given | Iterable[Given], out: str | os.PathLike[str] | None, overwrite: bool
) -> Path:
    ledger = read_whole(folder / LEDGER)
    path, images = places(folder, "index.html", out, overwrite)
    known = {claim.id: claim for claim in chosen_claims(claims)} if claims else {}
    figures = {}
    for entry in ledger["claims"]:
        claim = known.get(entry["id"]) or registry().get(entry["id"])
        figures[entry["id"]] = _figures(claim, entry, ledger, folder, images) if claim else []
    counts = Counter(entry["verdict"] for entry in ledger["claims"])
    page = render(
        "ledger.html",
        ledger=ledger,
        given=any(entry.get("given_as") for entry in ledger["claims"]),
        of_paper=any(not entry.get("given_as") for entry in ledger["claims"]),
        marks=MARKS,
        levels=LEVELS,
        commands={entry["id"]: _command(entry, ledger, known) for entry in ledger["claims"]},
        headlines=[e for e in ledger["claims"] if e["headline"] or len(ledger["claims"]) <= 3],
        tally=[(word, counts[word]) for word in WORDS if counts[word]],
        figures=figures,
        exhibits=_exhibits(ledger, folder, images),
        provenance=provenance_words(folder),
    )
    return write(page, path)


def _command(entry: dict[str, Any], ledger: dict[str, Any], known: Mapping[str, Claim]) -> str:
    """Return the command that judges the claim of an entry again; it names no file that only the ledger names."""
    claim = known.get(entry["id"])
    if claim is not None:
        return judging_command(named_again(claim), ledger)
    origin = entry.get("given_as")
    return judging_command(f"FILE::{entry['id']}" if origin else entry["id"], ledger)


def _figures(
    claim: Claim, entry: dict[str, Any], ledger: dict[str, Any], folder: Path, images: Path | None
) -> list[dict[str, str]]:
    if not can_draw() or entry["status"] == "failed":
        return []
    rows = rows_of(entry, folder, ledger["seed"])
    with blaming(claim):
        # a figure of evidence that this size does not gather is left out
        drawn = [k for k, figure in enumerate(claim.figures) if not figure.points or len(figure.points(rows))]
        return [_figure(claim, number, rows, entry, images) for number in drawn] + _points(
            claim, entry, images
        )


def _points(claim: Claim, entry: dict[str, Any], images: Path | None) -> list[dict[str, str]]:
    """Where in its domain the claim was met in this run, in a list; none where the domain has no two numbers to draw it on."""
    from reports.figures.domains import draw_points

    family = entry["family"]
    if claim.domain is None or family is None or axes_of(claim.domain, claim.boundary) is None:
        return []
    title = f"{claim.id} {entry['verdict']}: met at {family['met']} of {len(family['points'])} points of its domain"
    points = [(point["parameters"], point["outcome"]) for point in family["points"]]
    drawing = draw_points(claim.domain, points, claim.boundary, title)
    return [save_figure(drawing, images, claim_file(claim.id, "domain.svg"), title)]


def rows_of(entry: dict[str, Any], folder: Path, seed: int) -> pd.DataFrame:
    """Return the stored rows of a claim's arms as the claim itself sees them."""
    return pd.concat(
        [
            read_rows(folder, arm["study"], seed=seed).assign(
                study=arm["study"], vote=arm["vote"], arm=arm["arm"]
            )
            for arm in entry["arms"]
        ],
        ignore_index=True,
    )


def _figure(
    claim: Claim, number: int, rows: pd.DataFrame, entry: dict[str, Any], images: Path | None
) -> dict[str, str]:
    from reports.figures.claims import draw

    figure = claim.figures[number]
    values = {finding["estimand"]: finding["estimate"] for finding in entry["criteria"]}
    title = f"{claim.id} {entry['verdict']}: {figure.finding.format(**values)}"
    return save_figure(draw(figure, rows, title), images, claim_file(claim.id, f"{number + 1}.svg"), title)


def _exhibits(ledger: dict[str, Any], folder: Path, images: Path | None) -> list[dict[str, str]]:
    if not can_draw():
        return []
    from reports.figures.exhibits import draw_exhibit

    rows = read_rows(folder, EXHIBITS, seed=ledger["seed"])
    rows = rows[rows["error"].isna()] if len(rows) else rows
    drawn = []
    for row in rows.to_dict("records"):
        exhibit = json.loads(row["exhibit"])
        drawn.append(
            save_figure(
                draw_exhibit(exhibit),
                images,
                file_name(f"spikes-{row['source']}{'-permuted' * bool(row['null'])}", ".svg"),
                exhibit["caption"],
            )
        )
    return drawn
