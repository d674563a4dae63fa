"""How do two inputs of a comparison agree on the items that both name? In one line (`experiments.real.named_side_by_side`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.real.retrieval import RANKING_WORDS


def pair_words(pair: dict[str, Any]) -> str:
    """Return the line of a pair: shared items, overlap of neighbours, agreement of spikes, drift, and what each finds.

    >>> pair_words({"first": "a/svd.npz", "second": "als.npz", "shared": 90, "k": 20, "chance": 0.225, "agreement": None,
    ...     "overlap": {"cosine": {"value": 0.5, "low": 0.4, "high": 0.6}}, "drift": None, "questions": []})
    'svd.npz and als.npz share 90 items; of the 20 nearest both give 50% by cosine (40% to 60%; by chance 22%).'
    """
    first, second = (Path(pair[side]).name for side in ("first", "second"))
    overlaps = [
        f"{one['value']:.0%} by {RANKING_WORDS[name]} ({one['low']:.0%} to {one['high']:.0%}"
        for name, one in pair["overlap"].items()
        if one is not None
    ]
    said = [f"{first} and {second} share {pair['shared']:,} items"]
    if warned := pair.get("warning"):
        said[0] += f" ({warned})"
    if overlaps:
        listed = "), ".join(overlaps)
        said.append(f"of the {pair['k']} nearest both give {listed}; by chance {pair['chance']:.0%})")
    if pair["agreement"] and pair["agreement"]["nmi"] is not None:
        said.append(f"their spikes agree by {pair['agreement']['nmi']:.2f} (normalised mutual information)")
    sentences = [f"{'; '.join(said)}."]
    sentences += [f"{_found(asked, {'first': first, 'second': second})}." for asked in pair["questions"][:1]]
    if pair["drift"]:
        said_of_both = pair["drift"]["sentence"]
        drifted = said_of_both.startswith(
            "The basis drifted"
        )  # two methods have no basis in common from the start
        sentences.append(f"If {second} is a later version of {first}: " * drifted + said_of_both)
    return " ".join(sentences)


def _found(question: dict[str, Any], names: dict[str, str]) -> str:
    """Which of the two finds more of what is asked, and whether that is decided."""
    best = question["best"]
    (other,) = (name for name in question["recall"] if name != best)
    loss = question["beside_best"][other]
    fewer = f"{100 * loss['loss']:.1f} points fewer"
    verdict = (
        f"{fewer} ({100 * loss['low']:.1f} to {100 * loss['high']:.1f})"
        if question["decided"]
        else f"{fewer}, which may be chance"
    )
    found = f"{names[best]} finds {question['recall'][best]['value']:.1%}, {names[other]} {verdict}"
    asked = f" ({question['asked']:,} asked, among the items that both hold)" if "asked" in question else ""
    return f"{question['question']} {found}{asked}"
