"""What do the numbers of a comparison mean, and what do they not show? The answer in plain sentences.

The matrix is set beside its nulls and its twins by the number of peaks that hold half of its rows, not by Spk: peaks
hardly change with the number of rows, while Spk, their share, falls as rows are added, and a null or a twin may leave out
other rows.
"""

from __future__ import annotations

from typing import Any

from experiments.real.beyond_chance import beyond_chance as told_from_nulls
from experiments.real.beyond_chance import structure_beyond_chance
from experiments.real.twin_p_value import LEVEL
from reports.answer import capital
from reports.departures import adjusted

Measured = dict[str, list[dict[str, Any]]]
# what is compared with, with the verb; a number of peaks follows
RANDOM = {
    "graph": "the same graph with its edges swapped at random, every degree kept, needs",
    "interactions": "the same log with its items permuted among the contexts at random needs",
    "embedding": "random vectors of the same lengths, mean and spectrum need",
}
NO_DIMENSION = "no dimension after the first is stronger than those of random data, so there is no sign of more than one group"


def overview(name: str, real: dict[str, Any], measured: Measured, about: dict[str, Any]) -> str:
    """Return a line of up to three sentences: how spiky the matrix is, whether that is more than chance, and than its twins."""
    rows = real["items"] - real["zero_rows"]
    found = [
        f"{name}: at f = {about['rank']}, the cones of {real['peaks_at_rank']:,} "
        f"peak{'s' * (real['peaks_at_rank'] != 1)} hold half of the {rows:,} rows (Spk {real['spk_at_rank']:.2%})."
    ]
    if measured["null"]:
        found.append(_beside_nulls(real, measured, about))
    if measured["twin"]:
        found.append(_beside_twins(measured["twin"], about["kind"]))
    return " ".join(found)


def beyond_chance(real: dict[str, Any], measured: Measured, about: dict[str, Any]) -> bool:
    """Return whether the matrix is spikier than its nulls (`experiments.real.beyond_chance`)."""
    return told_from_nulls(real, measured["null"], about.get("passing"), about.get("null_seconds") or [])


def has_structure(real: dict[str, Any], measured: Measured, about: dict[str, Any]) -> bool:
    """Return whether its dimensions are told from those of its nulls, however many peaks it needs."""
    return structure_beyond_chance(
        real, measured["null"], about.get("passing"), about.get("null_seconds") or []
    )


def _beside_nulls(real: dict[str, Any], measured: Measured, about: dict[str, Any]) -> str:
    found = [int(one["peaks_at_rank"]) for one in measured["null"]]
    if real["peaks_at_rank"] >= min(found):
        verdict = "it is no spikier than chance"
    elif beyond_chance(real, measured, about):
        verdict = "it is spikier than chance"
    else:
        least = (
            f"fewer than each of the {len(found)} draws, but"
            if len(found) > 1
            else "fewer than the draw, but"
        )
        verdict = f"it needs {least} chance alone does so in one matrix of {len(found) + 1}"
    return f"{capital(RANDOM[about['kind']])} {counts(found)} peaks: {verdict}."


def _beside_twins(twins: list[dict[str, Any]], kind: str) -> str:
    """How many peaks twins need, and whether the matrix departs from them, by the same p-value as the answers (`departures`)."""
    properties = adjusted(twins, kind)
    found = properties["peaks_at_rank"]
    if found is None:
        verdict = "whether it departs from them is unknown, since no twin of a twin could be analysed"
    else:
        apart = found.p <= LEVEL
        where = (
            ("less spiky than" if found.direction == "more" else "spikier than") if apart else "as spiky as"
        )
        looked_at = sum(one is not None for one in properties.values())
        verdict = f"it is {where} its twins (p = {found.p:.2g}, adjusted for all {looked_at} properties that are looked at)"
    found_peaks = counts([int(one["peaks_at_rank"]) for one in twins])
    return f"Samples of a block model fitted to it need {found_peaks} peaks: {verdict}."


def paragraphs(name: str, real: dict[str, Any], measured: Measured, about: dict[str, Any]) -> list[str]:
    """Return what the numbers say and what they do not show."""
    found = [overview(name, real, measured, about), _chance(real, measured, about)]
    found += [_norms(real, measured, about), _agreement(about), _ranks(about)]
    found.append(_not_shown(about["kind"]))
    return [text for text in found if text]


def _not_shown(kind: str) -> str:
    text = (
        "What these numbers do not show: few peaks are no proof of communities. Hubs and a spectrum that falls fast make spikes "
        "too, and at f up to 6 even random directions crowd together. Spk falls as rows are added, so it does not rank matrices "
        "of different sizes."
    )
    if kind == "embedding":
        return text
    return (
        f"{text} The blocks of the twins were found in this same matrix: if it looks like its twins, a block "
        "model is enough to explain it, which does not make the model true."
    )


def _chance(real: dict[str, Any], measured: Measured, about: dict[str, Any]) -> str:
    if not measured["null"] or has_structure(real, measured, about):
        return ""
    nulls = [one["peaks_at_rank"] for one in measured["null"]]
    why = (
        "it needs as many peaks as a matrix without communities"
        if real["peaks_at_rank"] >= min(nulls)
        else "it needs no fewer peaks than random vectors may, and all of them have its dimensions"
        if about["kind"] == "embedding"
        else NO_DIMENSION
    )
    return f"Nothing here shows communities: {why}. So the page gives no advice that assumes them."


def _norms(real: dict[str, Any], measured: Measured, about: dict[str, Any]) -> str:
    if real["norm_cv"] is None:
        return "There is no spike, so norms within a spike cannot be compared."
    text = (
        "Within a spike the vectors have different lengths (norms): their coefficient of variation is "
        f"{real['norm_cv']:.2f}, the median over spikes of at least ten rows"
    )
    twins = [one["norm_cv"] for one in measured["twin"] if one["norm_cv"] is not None]
    text += f" (in the twins {min(twins):.2f} to {max(twins):.2f})." if twins else "."
    if "operator" in about or about["kind"] == "embedding":
        return text
    if about["kind"] == "graph":
        return f"{text} A node's norm follows its degree."
    text += " An item's norm follows its degree in the PPMI matrix."
    if real.get("norm_popularity") is not None:
        text += (
            " That it also follows its popularity is an effect of finite counts: here their rank correlation "
            f"(Spearman) over all rows is {real['norm_popularity']:.2f}."
        )
    return text


def _agreement(about: dict[str, Any]) -> str:
    if not about.get("parts"):
        return (
            "There is no spike (a peak with ten rows in its cone), so spikes do not divide the rows into groups, and twins with "
            "blocks by spikes have one block only."
        )
    beside = {r["second"]: r["nmi"] for r in about.get("agreement") or [] if r["first"] == "spikes"}
    beside = {other: nmi for other, nmi in beside.items() if nmi is not None}
    if not beside:
        return ""
    listed = " and ".join(
        f"{nmi:.2f} with {'the given labels' if other == 'labels' else other}"
        for other, nmi in beside.items()
    )
    return (
        f"Every row belongs to one of {about['parts']:,} spike{'s' * (about['parts'] != 1)} of at least ten rows. This partition "
        f"has a normalised mutual information of {listed} (1: the same partition, 0: unrelated)."
    )


def _ranks(about: dict[str, Any]) -> str:
    rules = ", ".join(f"{rank} by {rule}" for rule, rank in (about.get("truncation") or {}).items())
    return f"Which f to use: {rules}." if rules else ""


def counts(numbers: list[int]) -> str:
    """Return the least and the largest of some numbers.

    >>> counts([60, 1061, 60]), counts([7, 7])
    ('60 to 1,061', '7')
    """
    least, most = min(numbers), max(numbers)
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"
