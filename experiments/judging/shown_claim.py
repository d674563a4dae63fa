"""How does a claim look in a notebook? What it says, where it is meant, and what is asked of it, with all origins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.judging.drawn_points import axes_of, plot_points
from simulate.notebook_tables import cut, html_card
from simulate.plot_axes import axis_to_draw_on, title_axis

if TYPE_CHECKING:
    import pandas as pd

    from experiments.judging.claim import Claim

TITLE = 80  # signs of a title in a line of text


def claim_line(claim: Claim) -> str:
    """Return a claim in one line."""
    asked = len(claim.rule.criteria)
    where = f"a domain of {len(claim.domain.parameters)} parameters" if claim.domain else "one configuration"
    criteria = f"{asked} criteri{'on' if asked == 1 else 'a'}"
    return (
        f"Claim({cut(f'{claim.id}: {claim.title}', TITLE)}; forecast {claim.expected}; {criteria}; {where})"
    )


def claim_card(claim: Claim) -> str:
    """Return a claim as HTML for a notebook: statement, source, domain, control, rivals, and its criteria."""
    facts = {
        "statement": claim.statement,
        "source": claim.source,
        "domain": f"{claim.domain}. Meant {claim.reach}." if claim.domain else "one configuration",
        "boundary": claim.boundary.words if claim.boundary else None,
        "rivals it must refuse": "; ".join(rival.words for rival in claim.rivals) or None,
        "control": f"{claim.control}; it must come out as {' or '.join(claim.rule.control)}",
        "forecast": claim.expected,
        "finding": claim.finding or None,
        "rule": f"{claim.digest()}, version {claim.version}",
    }
    rows = [(criterion.asked, criterion.needs, criterion.origin) for criterion in claim.rule.criteria]
    headings = ("criterion", "needs", "origin of the threshold")
    return html_card(f"{claim.id}: {claim.title}", facts, headings, rows)


def claim_frame(claim: Claim) -> pd.DataFrame:
    """Return one row per parameter of the domain, per criterion of the rule and per rival."""
    import pandas as pd

    rows = [
        ("parameter", parameter.name, parameter.words, str(parameter), parameter.origin)
        for parameter in (claim.domain.parameters if claim.domain else ())
    ]
    rows += [
        ("criterion", str(criterion), criterion.asked, criterion.needs, criterion.origin)
        for criterion in claim.rule.criteria
    ]
    rows += [("rival", "", rival.words, "must be refused", "") for rival in claim.rivals]
    return pd.DataFrame(rows, columns=["part", "name", "words", "asked", "origin"])


def plot_claim(claim: Claim, axis: Any) -> Any:
    """Draw the points at which a run of the size default tries the claim, and its boundary; return the axis."""
    if claim.domain is None or axes_of(claim.domain, claim.boundary) is None:
        has = "is decided at one configuration" if claim.domain is None else f"has the domain {claim.domain}"
        raise ValueError(
            f"claim {claim.id} must have a domain with two quantities that are numbers to be drawn; it {has}"
        )
    axis = axis_to_draw_on(axis)
    points = claim.points_at("default")
    plot_points(axis, claim.domain, [(point, "") for point in points], claim.boundary)
    if claim.boundary or axis.get_legend_handles_labels()[1]:
        axis.legend(fontsize="small")
    return title_axis(axis, f"{claim.id} is tried at {len(points)} points of its domain (seed 0)")
