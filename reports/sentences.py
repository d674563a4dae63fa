"""What do the numbers of a comparison mean, and what do they not show? The answer in plain sentences.

The matrix is set beside its nulls and its twins by the number of peaks that hold half of its rows, not by Spk: peaks
hardly change with the number of rows, while Spk, their share, falls as rows are added, and a null or a twin may leave out
other rows.
"""

from __future__ import annotations

from typing import Any

from experiments.real.predictive_p_value import predictive_p_value

Measured = dict[str, list[dict[str, Any]]]
RANKING_WORDS = {
    "cosine": "cosine",
    "dot": "dot product",
    "within": "dot product among items of the same spike",
    "half": "dot product of U|Λ|^1/2",
    "unit": "dot product of U",
    "popularity": "popularity alone",
}
NULL_WORDS = {
    "graph": "Its edges swapped at random, every degree kept,",
    "interactions": "Its items permuted among contexts at random",
}


def overview(name: str, real: dict[str, Any], measured: Measured, about: dict[str, Any]) -> str:
    """Return a line of up to three sentences: how spiky the matrix is, whether that is more than chance, and than its twins."""
    rows = real["items"] - real["zero_rows"]
    found = [
        f"{name}: at f = {about['rank']}, the cones of {real['peaks_at_rank']:,} "
        f"peak{'s' * (real['peaks_at_rank'] != 1)} hold half of the {rows:,} rows (Spk {real['spk_at_rank']:.2%})."
    ]
    if measured["null"]:
        found.append(_beside_nulls(real["peaks_at_rank"], measured["null"], about["kind"]))
    if measured["twin"]:
        found.append(_beside_twins(real["peaks_at_rank"], measured["twin"]))
    return " ".join(found)


def headline(name: str, real: dict[str, Any], measured: Measured, about: dict[str, Any]) -> str:
    """Return the conclusions alone, in one line."""
    found = []
    if measured["null"]:
        found.append(
            "spikier than chance"
            if beyond_chance(real, measured, about)
            else "nothing that shows communities"
        )
    if measured["twin"]:
        where, p = _among_twins(real["peaks_at_rank"], measured["twin"])
        found.append(f"{where} (p = {p})")
    return f"{name}: {'; '.join(found) or 'neither twins nor nulls to compare with'}."


def beyond_chance(real: dict[str, Any], measured: Measured, about: dict[str, Any]) -> bool:
    """Return whether anything distinguishes the matrix from its nulls.

    It needs fewer peaks than every null, and more than one dimension passes parallel analysis (the first belongs to the mean).
    """
    nulls = [one["peaks_at_rank"] for one in measured["null"]]
    return bool(not nulls or real["peaks_at_rank"] < min(nulls)) and int(about["passing"]) > 1


def _beside_nulls(peaks: int, nulls: list[dict[str, Any]], kind: str) -> str:
    counts = [int(one["peaks_at_rank"]) for one in nulls]
    verdict = "spikier than chance" if peaks < min(counts) else "no spikier than chance"
    return f"{NULL_WORDS[kind]} it needs {_range(counts)} peaks: it is {verdict}."


def _beside_twins(peaks: int, twins: list[dict[str, Any]]) -> str:
    counts = [int(one["peaks_at_rank"]) for one in twins]
    where, p = _among_twins(peaks, twins)
    return f"Samples of a block model fitted to it need {_range(counts)} peaks: it is {where} (p = {p})."


def _among_twins(peaks: int, twins: list[dict[str, Any]]) -> tuple[str, str]:
    """Whether the matrix is as spiky as its twins, and the p-value with its floor, in words."""
    counts = [int(one["peaks_at_rank"]) for one in twins]
    many = f"its {len(counts)} twins" if len(counts) > 1 else "its twin"
    where = (
        f"spikier than {'every one of ' * (len(counts) > 1)}{many}"
        if peaks < min(counts)
        else f"less spiky than {'every one of ' * (len(counts) > 1)}{many}"
        if peaks > max(counts)
        else f"as spiky as {'its twins' if len(counts) > 1 else many}"
    )
    p = predictive_p_value(peaks, counts)
    least = 2 / (len(counts) + 1)
    floor = (
        f", the least that {len(counts)} twin{'s' * (len(counts) != 1)} can show" if p == least < 1 else ""
    )
    return where, f"{p:.2g}{floor}"


def paragraphs(name: str, real: dict[str, Any], measured: Measured, about: dict[str, Any]) -> list[str]:
    """Return what the numbers say and what they do not show."""
    found = [overview(name, real, measured, about), _chance(real, measured, about)]
    found += [_norms(real, measured, about), _agreement(about), _ranks(about), _retrieval(about)]
    found.append(
        "What these numbers do not show: few peaks are no proof of communities. Hubs and a spectrum that falls fast make spikes "
        "too, and at f up to 6 even random directions crowd together. Spk falls as rows are added, so it does not rank matrices "
        "of different sizes. The blocks of the twins were found in this same matrix: if it looks like its twins, a block "
        "model is enough to explain it, which does not make the model true."
    )
    return [text for text in found if text]


def _chance(real: dict[str, Any], measured: Measured, about: dict[str, Any]) -> str:
    if beyond_chance(real, measured, about):
        return ""
    why = (
        "it needs as many peaks as a matrix without communities"
        if about["passing"] > 1
        else "no dimension after the first is stronger than those of a matrix without communities"
    )
    return f"Nothing here shows communities: {why}. So the page gives no advice on which similarity to use."


def _norms(real: dict[str, Any], measured: Measured, about: dict[str, Any]) -> str:
    if real["norm_cv"] is None:
        return "No spike has ten rows, so the norms within a spike cannot be compared."
    text = (
        "Within a spike the vectors have different lengths (norms): their coefficient of variation is "
        f"{real['norm_cv']:.2f}, the median over spikes of at least ten rows"
    )
    twins = [one["norm_cv"] for one in measured["twin"] if one["norm_cv"] is not None]
    text += f" (in the twins {min(twins):.2f} to {max(twins):.2f})." if twins else "."
    if "operator" in about:
        return text
    if about["kind"] == "graph":
        return f"{text} A node's norm follows its degree."
    text += " An item's norm follows its degree in the PPMI matrix."
    if real["norm_popularity"] is not None:
        text += (
            " That it also follows its popularity is an effect of finite counts: here their rank correlation "
            f"(Spearman) over all rows is {real['norm_popularity']:.2f}."
        )
    return text


def _agreement(about: dict[str, Any]) -> str:
    if not about["parts"]:
        return (
            "No spike has ten rows, so the spikes do not divide the rows into groups, and twins with blocks by spikes have one "
            "block only."
        )
    beside = {r["second"]: r["nmi"] for r in about["agreement"] if r["first"] == "spikes"}
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
    rules = ", ".join(f"{rank} by {rule}" for rule, rank in about["truncation"].items())
    return f"Which f to use: {rules}."


def _retrieval(about: dict[str, Any]) -> str:
    found = about["retrieval"]
    if not found:
        return ""
    best = max(found, key=lambda ranking: float(found[ranking]))
    others = [ranking for ranking in ("cosine", "dot", "popularity") if ranking != best]
    listed = ", ".join(f"{RANKING_WORDS[ranking]} {found[ranking]:.1%}" for ranking in others)
    return (
        f"Of items hidden from contexts, {RANKING_WORDS[best]} finds the most: {found[best]:.1%} are among the first 50 that it "
        f"ranks ({listed})."
    )


def _range(counts: list[int]) -> str:
    least, most = min(counts), max(counts)
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"
