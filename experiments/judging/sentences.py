"""A verdict in one paragraph: what was claimed, what was found with its interval and unit, why that decides, where it holds.

Made from the words of the claim, of its criteria and of their estimands, so that the terminal, the page, `explain`,
`docs/claims.md` and `ledger.json` say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.judging.estimand import told, told_interval

if TYPE_CHECKING:
    from experiments.judging.family import Family
    from experiments.judging.verdict import Finding, Judgement

OUTCOMES = {True: "met", False: "failed", None: "undecided"}
NAMES = ("Spk", "Theorem", "Leiden")  # words that keep their capital inside a sentence
MARKS = {"met": "✓", "failed": "✗", "undecided": "?"}  # said by shape as well as by colour


LEVELS = (
    "Each criterion is decided at the level 0.001 at each point. That covers the noise of the replicates at the points that were "
    "drawn; it does not cover the choice of the domain, of the rule, or of the real matrices."
)


def outcome(finding: Finding) -> str:
    """Return "met", "failed" or "undecided"."""
    return OUTCOMES[finding.met]


def found(finding: Finding) -> str:
    """Return the estimate with its unit and 95 % interval, and which of many it is."""
    criterion, unit = finding.criterion, finding.criterion.estimand.unit
    if criterion.statistic in ("max", "min"):
        of = "largest" if criterion.statistic == "max" else "smallest"
        points = f" at each of {finding.cells} points" if finding.cells > 1 else ""
        return f"{told(finding.estimate, unit)}, the {of} of {finding.replicates}{points}"
    value = told_interval(finding.estimate, finding.low, finding.high, unit)
    if finding.cells > 1:
        return f"{value} at {finding.cell}, the least favourable of {finding.cells}"
    return value


def verdict_sentence(statement: str, judgement: Judgement | None) -> str:
    """Return the verdict on a claim in one paragraph.

    Parameters
    ----------
    statement
        the claim, as a sentence.
    judgement
        what its rows say; None where a trial failed.

    Examples
    --------
    >>> import pandas as pd
    >>> from experiments.judging.criterion import Criterion, Rule
    >>> from experiments.judging.estimand import Estimand
    >>> from experiments.judging.verdict import judge
    >>> share = Estimand("own", "rows on a ray", "%")
    >>> few = Criterion(share, "<=", 0.5, "most rows are on no ray", "Spk's coverage", "most rows are on rays")
    >>> said = verdict_sentence("There are no spikes.", judge(Rule((few,)), pd.DataFrame({"own": [0.998, 0.999, 1.0]})))
    >>> print(*said.split(" (", 1), sep="\\n(")
    Refuted. The claim: there are no spikes. Most rows are on rays
    (rows on a ray: 99.9 % (99.7 to 100 %); the claim needs at most 50 %).
    """
    if judgement is None:
        return f"{_claimed('Inconclusive', statement)} A trial failed, so there is nothing to judge."
    parts = [_claimed(judgement.verdict.capitalize(), statement)]
    if judgement.family:
        return " ".join([*parts, *_family_parts(judgement, judgement.family)])
    failed = [finding for finding in judgement.findings if finding.met is False]
    undecided = [finding for finding in judgement.findings if finding.met is None]
    if judgement.verdict == "refuted":
        parts += [_failure(finding) for finding in failed if finding.criterion.otherwise == "refuted"]
    elif judgement.verdict == "qualified":
        parts.append(f"True only if {joined([f.criterion.condition for f in failed])}.")
        parts += [_failure(finding) for finding in failed]
    elif judgement.verdict == "inconclusive":
        parts += [_doubt(finding) for finding in undecided]
        if not undecided:
            parts.append("Its control is undecided, so the rule cannot be trusted to see the opposite.")
    elif judgement.findings:
        first, others = judgement.findings[0], len(judgement.findings) - 1
        more = {0: "", 1: " The other criterion is met too."}.get(
            others, f" The other {others} criteria are met too."
        )
        parts.append(f"{_evidence(first)}.{more}")
    return " ".join(parts)


def _family_parts(judgement: Judgement, family: Family) -> list[str]:
    """Return what is said of a verdict on a domain after the claim: where it is true, and the finding that shows it best."""
    findings = judgement.findings
    failed = [finding for finding in findings if finding.met is False]
    parts = [f"True only if {joined(judgement.conditions)}."] if judgement.verdict == "qualified" else []
    parts.append(family_told(family))
    if judgement.verdict == "refuted":
        parts += [_failure(finding) for finding in failed[:1]]
        if family.counterexample and family.met > family.decided / 8:
            parts.append(
                f"A counterexample fails again: {family.domain.words_of(family.counterexample.point)}."
            )
    elif judgement.verdict == "holds":
        parts.append(f"{_evidence(findings[0])}.")
        if rival := family.nearest_rival:
            parts.append(f"The nearest rival, {rival.words}, fails at {rival.failed} points.")
    elif judgement.verdict == "qualified":
        parts += [_failure(finding) for finding in failed[:1]]
    else:
        parts += _doubts(judgement, family)
    return parts


def family_told(family: Family) -> str:
    """Return what the points say: at how many the claim is met, in which share of the domain, how well the boundary tells."""
    n, decided = len(family.points), family.decided
    undecided = f", undecided at {family.undecided}" if family.undecided else ""
    share, low, high = family.share_met()
    if not decided:
        text = f"None of {n} points of its domain is decided"
    elif not family.failed:
        text = f"It is met at {_all_of(decided, n)} drawn from its domain{undecided}: it could fail in at most {1 - low:.0%}"
    elif not family.met:
        text = f"It fails at {_all_of(decided, n)} drawn from its domain{undecided}: it could be true in at most {high:.0%}"
    else:
        text = (
            f"It is met at {family.met} and fails at {family.failed} of {n} points drawn from its domain{undecided}: "
            f"true in {share:.0%} of it ({low:.0%} to {high:.0%})"
        )
    if family.boundary and family.met and family.failed:
        text += (
            f". That condition tells {family.right} of {decided} points rightly, where guessing the commoner outcome "
            f"everywhere would tell {max(family.met, family.failed)}"
        )
    return text.replace("%", " %") + "."


def _all_of(decided: int, n: int) -> str:
    return f"all {n} points" if decided == n else f"{decided} of {n} points"


def _doubts(judgement: Judgement, family: Family) -> list[str]:
    """Return why a verdict on a domain stays open."""
    doubts = [
        f"The rule cannot refuse {rival.words}."
        for rival in family.rivals
        if rival.failed == 0 and not family.failed
    ]
    doubts += ["Its control is undecided, so the rule cannot be trusted to see the opposite."] * bool(
        judgement.conditions
    )
    if family.met and family.failed and not family.boundary:
        doubts.append("No boundary is known that tells where it is true.")
    return doubts


def joined(conditions: Sequence[str]) -> str:
    """Return conditions as one enumeration, separated by "; and if" so that commas inside them do no harm.

    >>> joined(["f is small", "hubs are rare"])
    'f is small; and if hubs are rare'
    """
    return "; and if ".join(conditions)


def _claimed(word: str, statement: str) -> str:
    return f"{word}. The claim: {lowered(statement).rstrip('.')}."


def _evidence(finding: Finding) -> str:
    words = finding.criterion.estimand.words
    text = f"{words}: {found(finding)}; the claim needs {finding.criterion.needs}"
    return text[:1].upper() + text[1:]


def _failure(finding: Finding) -> str:
    text = f"{finding.criterion.failure} ({lowered(_evidence(finding))})."
    return text[:1].upper() + text[1:]


def _doubt(finding: Finding) -> str:
    return f"{_evidence(finding)}, and the estimate is too near to that to decide ({finding.replicates} replicates)."


def lowered(sentence: str) -> str:
    """Return a sentence as it stands inside another one: its first letter small, unless it begins a name or a symbol.

    >>> lowered("Rows lie on rays."), lowered("PPMI helps."), lowered("U Sigma helps."), lowered("Spk falls.")
    ('rows lie on rays.', 'PPMI helps.', 'U Sigma helps.', 'Spk falls.')
    """
    word = sentence.split(" ", 1)[0]
    name = word.startswith(NAMES) or word[1:2].isupper() or (len(word) == 1 and word != "A")
    return sentence if name else sentence[:1].lower() + sentence[1:]
