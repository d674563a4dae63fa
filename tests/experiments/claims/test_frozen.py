"""Every claim of ours is judged by the rule that was frozen before the seed that confirms it was run."""

from dataclasses import replace

from experiments.claims import registry
from experiments.claims.frozen import FROZEN, confirming_seed, is_frozen


def test_every_claim_is_frozen_by_its_present_rule():
    assert {name: claim.digest() for name, claim in registry().items()} == dict(FROZEN)


def test_another_threshold_or_domain_is_not_frozen():
    claim = registry()["B3"]
    criterion = claim.rule.criteria[0]
    changed = replace(criterion, threshold=criterion.threshold * 1.01)
    assert is_frozen(claim)
    assert not is_frozen(
        replace(claim, rule=replace(claim.rule, criteria=(changed, *claim.rule.criteria[1:])))
    )
    narrower = replace(claim.domain, parameters=claim.domain.parameters[:-1])
    assert not is_frozen(replace(claim, domain=narrower))


def test_the_seeds_that_confirm_are_none_of_those_of_work():
    assert all(confirming_seed(name) > 99 for name in registry())
