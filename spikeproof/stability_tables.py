"""What `spikeproof stability` prints: fifths of the norm with their forecast, or pairs of snapshots with what they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from spikeproof.app import console, styled

if TYPE_CHECKING:
    from experiments.real.own_trust import OwnTrust
    from experiments.real.snapshots import SnapshotStability

SHOWN = 24  # rows of the table on the terminal


def print_trust(found: OwnTrust) -> None:
    """Print the forecast by fifths of the norm, with an item of each: the one of largest norm."""
    import numpy as np
    from rich.table import Table

    from experiments.real.clustered_means import fifths_of

    trust = found.trust
    table = Table(box=None, pad_edge=False)
    for name in ("norm", "items", "expected to stay", "90 % of items", "not to show"):
        table.add_column(name, justify="left" if name == "norm" else "right")
    table.add_column("such as", justify="left")
    fifths = fifths_of(trust.norms)
    for fifth in reversed(range(fifths.max() + 1)):
        mine = np.flatnonzero(fifths == fifth)
        if not mine.size:
            continue
        low, high = np.quantile(trust.forecast[mine], (0.05, 0.95))
        loudest = mine[np.argmax(trust.norms[mine])]
        table.add_row(
            f"fifth {fifth + 1}{' (largest)' if fifth == fifths.max() else ' (smallest)' if not fifth else ''}",
            f"{mine.size:,}",
            f"{trust.forecast[mine].mean():.0%}",
            f"{low:.0%} to {high:.0%}",
            f"{int(trust.not_shown[mine].sum()):,}",
            styled(str(found.table["item"].iloc[loudest])[:60]),
        )
    console.print(table)


def print_snapshots(found: SnapshotStability) -> None:
    """Print the means over all items of each pair of snapshots, and the groups of the last pair that follows in time."""
    from rich.table import Table

    table, last = found.table, len(found.names)
    whole = table[table["group"] == "all"]
    groups = table[(table["against"] == "next") & (table["later"] == last) & (table["group"] != "all")]
    shown = Table(box=None, pad_edge=False)
    for name in ("snapshots", "group", "items", "overlap", "95 %", "Jaccard"):
        shown.add_column(name, justify="left" if name in ("snapshots", "group") else "right")
    rows = [*whole.itertuples(), *groups.itertuples()]
    for row in rows[:SHOWN]:
        r = cast(Any, row)
        shown.add_row(
            f"{r.earlier} to {r.later}",
            "all"
            if r.group == "all"
            else f"{'spike' if r.group == 'spike' else 'fifth of ' + r.group} {r.part}",
            f"{r.items:,}",
            f"{r.overlap:.0%}",
            f"{r.overlap_low:.0%} to {r.overlap_high:.0%}",
            f"{r.jaccard:.0%}",
        )
    console.print(shown)
    if len(rows) > SHOWN:
        console.say(f"and {len(rows) - SHOWN:,} rows more; --out writes all of them")
    console.say(
        "overlap: share of the neighbours in both lists; fifth 1: smallest in the earlier snapshot; spikes of the last snapshot"
    )
