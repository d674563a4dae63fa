"""What a rule asks: criteria in words, each an inequality between an estimand and a threshold, stated before the study runs.

The hash of a rule covers what decides (estimands, relations, thresholds, statistics, the control's verdicts) and not the wording,
so that a rule that was changed after a run shows, and a sentence can be improved.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Literal, get_args

from experiments.judging.estimand import Estimand
from simulate.validation import require_choice, require_instance, require_items, require_number

Word = Literal["holds", "qualified", "refuted", "inconclusive"]
Relation = Literal["<=", ">="]
Statistic = Literal["mean", "each", "share", "max", "min"]


@dataclass(frozen=True)
class Criterion:
    """One inequality of a rule, `estimand relation threshold`, with what it asks and what its failure means.

    Parameters
    ----------
    asks
        what is asked, as a sentence without its full stop; "{threshold}" stands for the threshold with its unit.
    origin
        where the threshold comes from.
    failure
        what is true if the criterion fails, as a sentence without its full stop.
    condition
        completes "The claim is true only if ...": the condition under which the claim is true when this criterion fails.
        A failed criterion with a condition qualifies the claim; one without refutes it.
    statistic
        "mean" over replicates; "each", the mean of every cell, from the columns "name: cell" of the estimates; "share", of
        replicates whose outcome is 1 and not 0, in one column or in every cell; "max" or "min" over replicates, for
        statements without an exception.

    Raises
    ------
    ValueError
        for a relation or a statistic that is none of these, a threshold that is not finite, or other braces in `asks`.
    TypeError
        for an estimand that is no `Estimand`, or a threshold that is no number.
    """

    estimand: Estimand
    relation: Relation
    threshold: float
    asks: str
    origin: str
    failure: str
    condition: str = ""
    statistic: Statistic = "mean"

    def __post_init__(self) -> None:
        require_instance(self.estimand, "the estimand of a criterion", Estimand)
        about = f"of the criterion on {self.estimand.name!r}"
        require_choice(self.relation, f"the relation {about}", get_args(Relation))
        require_choice(self.statistic, f"the statistic {about}", get_args(Statistic))
        require_number(self.threshold, f"the threshold {about}")
        if astray := [word for word in re.findall(r"\{(\w*)\}", self.asks) if word != "threshold"]:
            raise ValueError(
                f"what is asked {about} may name {{threshold}} in braces alone; got {{{astray[0]}}}"
            )

    @property
    def otherwise(self) -> Literal["refuted", "qualified"]:
        """The verdict that a failure leads to."""
        return "qualified" if self.condition else "refuted"

    @property
    def needs(self) -> str:
        """The threshold in words.

        >>> Criterion(Estimand("x", "rows on a ray", "%"), "<=", 0.5, "", "", "").needs
        'at most 50 %'
        """
        return f"{'at most' if self.relation == '<=' else 'at least'} {self.estimand.told(self.threshold)}"

    @property
    def asked(self) -> str:
        """What is asked, with the threshold filled in."""
        return self.asks.replace("{threshold}", self.estimand.told(self.threshold))

    def __str__(self) -> str:
        of = "" if self.statistic == "mean" else f"{self.statistic} "
        return f"{of}{self.estimand.name} {self.relation} {self.threshold:g}"

    def decides(self) -> tuple[str, str, str, float, str]:
        """Return what the hash of a rule covers of this criterion."""
        return (self.estimand.name, self.statistic, self.relation, self.threshold, self.otherwise)


@dataclass(frozen=True)
class Rule:
    """Criteria, and the verdicts that the control may return: those that contradict the expected one.

    >>> error = Estimand("error", "largest relative error")
    >>> rule = Rule((Criterion(error, "<=", 1e-10, "errors are rounding", "rounding", "errors remain", statistic="max"),))
    >>> str(rule), len(rule.digest())
    ('max error <= 1e-10', 12)
    """

    criteria: tuple[Criterion, ...]
    control: tuple[Word, ...] = ("refuted",)

    def __post_init__(self) -> None:
        require_items(self.criteria, "the criteria of a rule", Criterion)
        for word in require_items(self.control, "the verdicts of a rule's control", str):
            require_choice(word, "each verdict of a rule's control", get_args(Word))

    def digest(self) -> str:
        """Return the first twelve hexadecimal digits of the SHA-256 of what decides, as canonical JSON."""
        decides = [[criterion.decides() for criterion in self.criteria], list(self.control)]
        return hashlib.sha256(json.dumps(decides, separators=(",", ":")).encode()).hexdigest()[:12]

    def __str__(self) -> str:
        return "; ".join(map(str, self.criteria))
