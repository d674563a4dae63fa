"""Every claim is whole: rule, control, words, and a figure that can be titled from its own estimates."""

from dataclasses import replace

import pytest

from experiments.claims import in_order, registry, select
from experiments.judging.claim import SIZES

CLAIMS = registry()
LEDGER = [f"{s}{k}" for s, last in zip("ABCDE", (6, 7, 8, 7, 7)) for k in range(1, last + 1)]


def test_all_thirty_five_claims_are_there():
    assert list(CLAIMS) == LEDGER
    assert len({claim.title for claim in CLAIMS.values()}) == 35
    assert len({claim.rule.digest() for claim in CLAIMS.values()}) == 35


@pytest.mark.parametrize("name", LEDGER)
def test_a_claim_says_everything_it_must(name):
    claim = CLAIMS[name]
    estimands = {criterion.estimand: 1.0 for criterion in claim.rule.criteria}
    for figure in claim.figures:
        assert figure.finding.format(**estimands)
    assert claim.statement.endswith(".")
    assert claim.expected not in claim.rule.control
    for criterion in claim.rule.criteria:
        assert criterion.origin
        assert criterion.condition or criterion.otherwise == "refuted"
    assert claim.figures and claim.control and claim.rule.control and claim.source
    assert claim.study.__module__.startswith("experiments.claims.")


@pytest.mark.parametrize("name", LEDGER)
def test_every_size_has_both_arms_and_a_name_of_its_own(name):
    studies = [CLAIMS[name].study_at(size) for size in SIZES]
    assert len({study.name for study in studies}) == 3
    for study in studies:
        arms = {cell["arm"] for cell in study.grid}
        assert {"claim", "control"} <= arms <= {"claim", "control", "evidence"}
        assert study.replicates >= 2
    assert studies[0].replicates <= studies[1].replicates <= studies[2].replicates


@pytest.mark.parametrize(
    ("name", "words"), [("b3", "letter and a number"), ("B03", "got 'B03'"), ("A1", "A1 is .* and 'Another'")]
)
def test_ids_are_well_formed_and_ones_own(name, words):
    another = replace(CLAIMS["B3"], id=name, title="Another")
    with pytest.raises(ValueError, match=words):
        in_order([*CLAIMS.values(), another])


def test_sections_and_ids_select():
    assert [claim.id for claim in select(["B"])] == [f"B{k}" for k in range(1, 8)]
    with pytest.raises(ValueError, match="A1"):
        select(["Z9"])
