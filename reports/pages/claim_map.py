"""The map of a claim as files: the figure of its points, and the points with the fitted boundary as JSON."""

from __future__ import annotations

import json
import os
from pathlib import Path

from experiments.judging.claim_map import ClaimMap
from experiments.judging.drawn_points import axes_of
from experiments.judging.sentences import OUTCOMES
from experiments.running.files import Content, claim_file, write_together
from experiments.running.output_places import require_own_folder
from reports.pages.page import can_draw


def write_map(found: ClaimMap, folder: str | os.PathLike[str]) -> Path | None:
    """Write `figures/ID-map.json` and `figures/ID-map.svg` into `folder`; return the path of the figure.

    None is returned where the packages that draw are missing, or the domain has no two numbers to draw points on.
    """
    claim, domain = found.claim, found.claim.domain
    assert domain is not None
    images = require_own_folder(Path(folder) / "figures")
    points = [(dict(judged.point), OUTCOMES[judged.met]) for judged in found.points]
    boundary = found.boundary
    record = {
        "claim": claim.id,
        "version": claim.version,
        "domain": str(domain),
        "boundary": {"terms": dict(boundary.terms), "constant": boundary.constant, "error": boundary.error}
        if boundary
        else None,
        "commoner": found.commoner,
        "theory": found.theory,
        "points": [{"parameters": point, "outcome": outcome} for point, outcome in points],
    }
    files: dict[Path, Content] = {
        images / claim_file(claim.id, "map.json"): json.dumps(record, indent=2, allow_nan=False) + "\n"
    }
    figure = images / claim_file(claim.id, "map.svg")
    if can_draw() and axes_of(domain, boundary) is not None:
        from reports.figures.domains import draw_points

        met = sum(outcome == "met" for _, outcome in points)
        title = f"{claim.id} is met at {met} of {len(points)} points of its domain"
        files[figure] = draw_points(domain, points, boundary, title)
    write_together(files)
    return figure if figure in files else None
