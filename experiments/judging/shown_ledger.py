"""How does a ledger look in a notebook? A table of verdicts, and where each claim is met as a share of its domain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, get_args

from experiments.judging.criterion import Word
from experiments.judging.sentences import joined
from experiments.judging.shown_judgement import CRITERIA, criteria_rows
from simulate.notebook_tables import cut, html_card
from simulate.plot_axes import axis_to_draw_on, label_axis

if TYPE_CHECKING:
    import pandas as pd

    from experiments.judging.ledger import Entry, Ledger

NAMED = 40  # claims named in a line of text, for each verdict
STATUS = {"ok": "", "broken": "its control failed", "failed": "a trial failed"}
# told by shape as well as by colour
LOOK = {
    "holds": ("o", "#0173b2"),
    "qualified": ("D", "#029e73"),
    "refuted": ("X", "#d55e00"),
    "inconclusive": ("s", "#949494"),
}


def ledger_line(ledger: Ledger) -> str:
    """Return a ledger in a few lines: the claims by verdict."""
    parts = [
        f"{len(ledger.entries)} claim{'s' * (len(ledger.entries) != 1)}, size {ledger.size}, seed {ledger.seed}"
    ]
    for word in get_args(Word):
        ids = [cut(entry.claim.id, 20) for entry in ledger.entries if entry.verdict == word]
        if ids:
            more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
            parts.append(f"{word} {', '.join(ids[:NAMED])}{more}")
    return "Ledger(" + ";\n  ".join(parts) + ")"


def ledger_card(ledger: Ledger) -> str:
    """Return a ledger as HTML for a notebook, one row per claim."""
    counts = [
        f"{number} {word}"
        for word in get_args(Word)
        if (number := sum(entry.verdict == word for entry in ledger.entries))
    ]
    facts = {
        "claims": ", ".join(counts) or "none",
        "size, seed": f"{ledger.size}, {ledger.seed}",
        "matrices": ", ".join(ledger.matrices) or None,
        "kept their own matrices": ", ".join(ledger.kept) or None,
    }
    headings = ("claim", "title", "verdict", "points met", "true only if", "fault")
    rows = [
        (
            e.claim.id,
            e.claim.title,
            _verdict(e),
            _points_met(e),
            _condition(e),
            STATUS.get(e.status, e.status),
        )
        for e in ledger.entries
    ]
    return html_card("Ledger", facts, headings, rows)


def entry_card(entry: Entry) -> str:
    """Return one judged claim as HTML for a notebook: its sentence, its criteria, and what was measured beside them."""
    facts = {"verdict": entry.sentence, "fault": STATUS.get(entry.status, entry.status) or None}
    rows = criteria_rows(entry.judgement)
    return html_card(f"{entry.claim.id}: {entry.claim.title}", facts, CRITERIA, rows, notes=entry.failures)


def ledger_frame(ledger: Ledger) -> pd.DataFrame:
    """Return one row per claim."""
    import pandas as pd

    families = [entry.judgement.family if entry.judgement else None for entry in ledger.entries]
    columns: dict[str, Sequence[object]] = {
        "id": [entry.claim.id for entry in ledger.entries],
        "title": [entry.claim.title for entry in ledger.entries],
        "verdict": [entry.verdict for entry in ledger.entries],
        "expected": [entry.claim.expected for entry in ledger.entries],
        "status": [entry.status for entry in ledger.entries],
        "true_only_if": [_condition(entry) for entry in ledger.entries],
        "met": [family.met if family else None for family in families],
        "failed": [family.failed if family else None for family in families],
        "undecided": [family.undecided if family else None for family in families],
        "replicates": [entry.replicates for entry in ledger.entries],
        "rule_hash": [entry.claim.digest() for entry in ledger.entries],
        "sentence": [entry.sentence for entry in ledger.entries],
    }
    return pd.DataFrame(columns).astype(dict.fromkeys(("met", "failed", "undecided"), "Int64"))


def plot_ledger(ledger: Ledger, axis: Any) -> Any:
    """Draw the share of its domain in which each claim is met, with its 95 % interval; return the axis.

    A claim that is decided at one configuration is an empty mark at 0 or 100 %; one that is undecided has none.
    """
    axis = axis_to_draw_on(axis)
    labelled: set[str] = set()
    for place, entry in enumerate(ledger.entries):
        share, low, high = _share(entry)
        marker, colour = LOOK[entry.verdict]
        look: dict[str, Any] = {"marker": marker, "color": colour, "markersize": 5, "linestyle": "none"}
        if low is None:
            look["markerfacecolor"] = "none"
        else:
            axis.plot([low, high], [place, place], color=colour, linewidth=1)
        label = None if entry.verdict in labelled else entry.verdict
        axis.plot([share], [place], label=label, **look)
        labelled.add(entry.verdict)
    names = [f"{cut(entry.claim.id, 20)} {entry.verdict}" for entry in ledger.entries]
    axis.set_yticks(
        range(len(names)), names, fontsize="x-small" if len(names) > 20 else "small", parse_math=False
    )
    axis.set_ylim(max(len(names), 1) - 0.5, -0.5)
    axis.set_xlim(-3, 103)
    title = f"Where {len(names)} claims are met (size {ledger.size}, seed {ledger.seed})"
    return label_axis(axis, title, "share of the domain where the claim is met (%)", "claim")


def _share(entry: Entry) -> tuple[float, float | None, float | None]:
    """Return the share in per cent, with its interval for a claim with a domain; nan where nothing is decided."""
    judged = entry.judgement
    if judged is None:
        return float("nan"), None, None
    if judged.family:
        share, low, high = judged.family.share_met()
        return 100 * share, 100 * low, 100 * high
    return {"holds": 100.0, "inconclusive": float("nan")}.get(judged.verdict, 0.0), None, None


def _verdict(entry: Entry) -> str:
    other = entry.verdict not in (entry.claim.expected, "inconclusive")
    return f"{entry.verdict} (forecast: {entry.claim.expected})" if other else entry.verdict


def _points_met(entry: Entry) -> str:
    family = entry.judgement.family if entry.judgement else None
    return f"{family.met} of {len(family.points)}" if family else ""


def _condition(entry: Entry) -> str:
    return joined(entry.judgement.conditions) if entry.judgement and entry.verdict == "qualified" else ""
