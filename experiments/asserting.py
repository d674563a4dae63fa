"""Does a claim keep its verdict? An assertion for tests of one's own; the pytest plugin asks the same of files `claim_*.py`."""

from __future__ import annotations

from collections.abc import Iterable

from experiments.given_claims import Given, chosen_claim
from experiments.judging.claim import SIZES, Size
from experiments.judging.claim_map import map_claim
from experiments.judging.falsification import falsify
from experiments.judging.family import judge_family
from experiments.judging.ledger import Entry, Ledger
from experiments.judging.ledger_file import judging_command
from experiments.judging.origin import named_again
from experiments.judging.sentences import family_told
from experiments.verification import verify
from simulate.plain_text import command

MAPPED = {"quick": 24, "default": 100, "thorough": 400}  # points of a map
SEARCHED = {"quick": 16, "default": 64, "thorough": 256}  # points from which a search begins


def assert_verdict(
    claims: Given | Iterable[Given], *, size: Size = "quick", seed: int = 0, workers: int = 1
) -> Ledger:
    """Judge claims and return the ledger; fail unless each has the verdict that it expects and its control did its work.

    `claims`, `size`, `seed` and `workers` are those of `verify`; nothing is stored.

    Raises
    ------
    AssertionError
        with, for each claim that came out otherwise, its sentence, what to do, and the command that judges it again.
    ValueError
        as `verify`, and for an empty list.

    Examples
    --------
    >>> ledger = assert_verdict("A1")
    """
    __tracebackhide__ = True
    if isinstance(claims, list | tuple) and not claims:
        raise ValueError(
            "claims must be at least one; got none, which `verify` would take for all of the suite"
        )
    ledger = verify(claims, size=size, seed=seed, workers=workers)
    failures = [text for entry in ledger.entries if (text := failure(entry, ledger))]
    if failures:
        raise AssertionError("\n\n".join(failures))
    return ledger


def assert_map(claim: Given, *, size: Size = "quick", seed: int = 0, workers: int = 1) -> None:
    """Judge a claim at points that fill its domain evenly, and fail unless they come out as the claim expects.

    It is decided as any verdict on a domain (`experiments.judging.family`), on 24, 100 or 400 points at the three sizes.

    Raises
    ------
    AssertionError
        with how many points are met, and the command that draws the map.
    ValueError
        for a claim without a domain, and as `verify`.
    """
    __tracebackhide__ = True
    one = chosen_claim(claim)
    points = MAPPED[size]
    found = map_claim(one, points=points, seed=seed, workers=workers)
    domain = one.domain
    assert domain is not None
    judged = judge_family(one.rule, found.points, domain, reach=one.reach, boundary=one.boundary)
    if judged.verdict != one.expected:
        told = family_told(judged.family) if judged.family else ""
        again = command("spikeproof", "map", named_again(one), "--points", points, "--seed", seed)
        raise AssertionError(
            f"over its domain claim {one.id} is {judged.verdict}, expected: {one.expected}\n{told}\nagain: {again}"
        )


def assert_not_falsified(claim: Given, *, size: Size = "quick", seed: int = 0, workers: int = 1) -> None:
    """Search the domain of a claim for a point where it fails, and fail if there is one.

    The search begins with 16, 64 or 256 points at the three sizes.

    Raises
    ------
    AssertionError
        with the point, and the command that searches again.
    ValueError
        for a claim without a domain, and as `verify`.
    """
    __tracebackhide__ = True
    one = chosen_claim(claim)
    points = SEARCHED[size]
    found = falsify(one, points=points, seed=seed, workers=workers)
    domain = one.domain
    assert domain is not None
    if found.judged.met is False:
        again = command("spikeproof", "falsify", named_again(one), "--points", points, "--seed", seed)
        raise AssertionError(
            f"claim {one.id} fails at {domain.words_of(found.judged.point)}, at the level 0.0001 on draws that the search never "
            f"saw\nagain: {again}"
        )


def failure(entry: Entry, ledger: Ledger) -> str:
    """Return why a judged claim fails its test, and the command that judges it again; empty where it passes."""
    claim = entry.claim
    if entry.status == "ok" and entry.verdict == claim.expected:
        return ""
    lines = [f"claim {claim.id} is {entry.verdict}, expected: {claim.expected}"]
    if entry.status == "failed":
        lines = [f"trials of claim {claim.id} fail", *entry.failures[:3]]
    elif entry.status == "broken" and entry.control:
        lines = [
            f"the control of claim {claim.id} did not do its work: {claim.control} came out as {entry.control.verdict}, and must "
            f"come out as {' or '.join(claim.rule.control)}"
        ]
    else:
        lines.append(entry.sentence)
        if entry.verdict == "inconclusive":
            lines.append(_larger(ledger.size))
    run = {"size": ledger.size, "seed": ledger.seed}
    lines.append(f"again: {judging_command(named_again(claim), run)}")
    return "\n".join(lines)


def _larger(size: Size) -> str:
    """Return which size may decide what this one left open."""
    larger = SIZES[SIZES.index(size) + 1 :]
    if not larger:
        return "no size is larger than thorough: more replicates, or a sharper estimate, may decide it"
    return f"the {larger[0]} size may decide it: --claim-size {larger[0]} for pytest, size={larger[0]!r} from Python"
