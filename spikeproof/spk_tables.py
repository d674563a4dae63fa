"""What `spikeproof spk` prints: the table of the curve, the curve as bars, and what is wrong with vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spikeproof.app import console

if TYPE_CHECKING:
    from experiments.real.own_matrices import OwnMatrix
    from experiments.real.own_spikes import OwnSpikes

CHECKS = 1  # of the random numbers, those of the checks; a draw of the null is [seed, draw]
BAR = 40  # characters of the widest bar of the curve


def about_spikes(found: OwnSpikes) -> str:
    """What spikes.csv holds where the spikes at the highest rank are not known."""
    if found.spikes_rank == found.curve["rank"].iloc[-1]:
        return ""
    if found.spikes_rank is None:
        return "; spikes.csv names no spikes, since the search was ended everywhere (--exact goes on)"
    return f"; spikes.csv holds f = {found.spikes_rank}, the highest whose search was not ended (--exact goes on)"


def print_table(own: OwnMatrix, found: OwnSpikes, null: int) -> None:
    """Print a row for each rank, beside `null` draws of the null, and what the columns mean."""
    from rich.table import Table

    from simulate.plain_text import per_cent

    table = Table(box=None, pad_edge=False)
    with_theory = bool(found.curve["null_predicted"].notna().any())
    names = ("f", "peaks", "Spk", "null: mean", "range", *(("theory",) if with_theory else ()))
    for name in (*names, "single rows", "norm CV", "zero rows"):
        table.add_column(name, justify="right")
    for row in found.curve.itertuples():
        known = row.null_mean == row.null_mean
        low = f"{_at_least(row.null_low_at_least)}{per_cent(row.null_low)}"
        table.add_row(
            str(row.rank),
            f"{_at_least(row.at_least)}{row.peaks:,}",
            f"{_at_least(row.at_least)}{per_cent(row.spk)}",
            f"{_at_least(row.null_at_least)}{per_cent(row.null_mean)}" if known else "",
            low
            if row.null_low_at_least
            else f"{low} to {_at_least(row.null_at_least)}{per_cent(row.null_high)}"
            if known
            else "",
            *(
                [per_cent(row.null_predicted) if row.null_predicted == row.null_predicted else ""]
                * with_theory
            ),
            f"{row.singletons:,}" if not row.at_least else "",
            f"{row.norm_cv:.2f}" if row.norm_cv == row.norm_cv else "",
            f"{row.zero_rows:,}",
        )
    console.print(table)
    if null:
        console.say(f"null: {own.null}; Spk of {null} draw{'s' * (null != 1)}")
    if found.curve["null_predicted"].notna().any():
        console.say("theory: mean Spk of the null by a mean field (docs/theory.md, section 6.4)")
    if _any_bound(found):
        console.say(
            "≥: at least; the search was ended because so many peaks hold too few rows (error probability 1e-6)",
        )
    console.say(
        "single rows: spikes that hold no row but their peak; zero rows: rows without a direction, left out of Spk\n"
        "norm CV: coefficient of variation of the norms within a spike, median over spikes of at least 10 rows; "
        "near 0, norms do not vary inside a spike",
        lines=True,
    )


def _at_least(bound: bool) -> str:
    return "≥ " if bound else ""


def print_curve(found: OwnSpikes) -> None:
    """Print bars that are longer where the matrix is spikier, with the mean of the nulls marked.

    Their length falls with the logarithm of Spk. Where Spk is only known to be so large or larger, a bar is at most so long.
    """
    import math

    values = [v for v in [*found.curve["spk"], *found.curve["null_mean"]] if v == v]
    low, high = math.log(min(values)), math.log(max(values)) + 0.5

    def place(value: float) -> int:
        return round(BAR * (high - math.log(value)) / (high - low))

    arrows = (
        "; where only a lower bound of Spk is known, the bar or mark is at most there (← or <)"
        if _any_bound(found)
        else ""
    )
    console.say(
        f"\nThe longer the bar, the spikier (Spk at each f, on a logarithmic scale); | marks the mean of the nulls{arrows}",
        lines=True,
    )
    for row in found.curve.itertuples():
        bar = list("█" * place(row.spk) + " " * (BAR + 2 - place(row.spk)))
        if row.at_least:
            bar[place(row.spk)] = "←"
        if row.null_mean == row.null_mean:
            mark = place(row.null_mean)
            bar[mark + (bar[mark] == "←")] = "<" if row.null_at_least else "|"
        console.say(f"{row.rank:>5} {''.join(bar)}")


def print_checks(own: OwnMatrix, seed: int) -> None:
    """Print what is wrong with vectors, a line for each fault (docs/faults.md)."""
    import numpy as np

    from experiments.real.faults import checks_of
    from reports.check_words import not_made

    with console.status("checks"):
        checks = checks_of(own.data, np.random.default_rng([seed, CHECKS]), names=own.items)
    wrong = [one for one in checks if one.found]
    console.say(
        f"\nchecks of the vectors: {len(wrong)} of {len(checks)} found something (docs/faults.md)", lines=True
    )
    for one in wrong:
        console.say(f"- {one.title}: {one.sentence}")
    for left in not_made({"kind": own.kind, "checks": [one.as_dict() for one in checks]}):
        console.say(f"- {left['title'].rstrip('.')}: {left['sentence']}")


def _any_bound(found: OwnSpikes) -> bool:
    return bool(found.curve[["at_least", "null_at_least"]].to_numpy().any())
