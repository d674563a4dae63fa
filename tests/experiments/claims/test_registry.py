"""Every claim is whole: rule, control, words, and a figure that can be titled from its own estimates."""

import re
import subprocess
import sys
from dataclasses import replace

import pytest

from experiments.claims import in_order, registry, select, study_named
from experiments.judging.claim import SIZES
from experiments.matrices.catalogue import names, present

CLAIMS = registry()
LEDGER = [f"{s}{k}" for s, last in zip("ABCDEF", (7, 7, 9, 8, 7, 3)) for k in range(1, last + 1)]


def test_all_claims_are_there():
    assert list(CLAIMS) == LEDGER
    assert len({claim.title for claim in CLAIMS.values()}) == len(LEDGER)
    assert len({claim.digest() for claim in CLAIMS.values()}) == len(LEDGER)


@pytest.mark.parametrize("name", LEDGER)
def test_a_claim_says_everything_it_must(name):
    claim = CLAIMS[name]
    estimands = {criterion.estimand.name: 1.0 for criterion in claim.rule.criteria}
    for figure in claim.figures:
        assert figure.finding.format(**estimands)
    assert claim.statement.endswith(".")
    assert claim.expected not in claim.rule.control
    for criterion in claim.rule.criteria:
        assert all((criterion.asks, criterion.origin, criterion.failure, criterion.estimand.words))
    assert claim.figures and claim.control and claim.rule.control and claim.source
    assert claim.arms.__module__.split(".")[-1].startswith(f"{name.lower()}_")


def test_every_claim_runs_without_data_of_ones_own(monkeypatch, tmp_path):
    for variable in ("SPIKEPROOF_DATA", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    known = set(names())
    for claim in CLAIMS.values():
        cells = [cell for study in claim.studies_at("default") for cell in study.grid]
        used = {str(value) for cell in cells for value in cell.values()} & known
        assert all(present(name) for name in used | set(claim.matrices)), claim.id


def test_importing_the_claims_leaves_out_what_few_of_them_need():
    """Every command and every worker imports them first; scipy.stats alone would be a fifth of that time."""
    heavy = "{'scipy.stats', 'matplotlib', 'networkx', 'sklearn', 'graspologic_native'}"
    code = f"import sys, experiments; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


@pytest.mark.parametrize("name", LEDGER)
def test_what_is_asked_is_a_sentence_in_words(name):
    for criterion in CLAIMS[name].rule.criteria:
        for text in (criterion.asked, criterion.failure, criterion.condition, criterion.estimand.words):
            assert (
                not text.endswith(".")
                and not re.search("[a-z]{2}_[a-z]{2}", text)
                and text[:1] == text[:1].strip()
            )
            assert not re.search("[<>]=|^(only |but |without )", text)
        assert " " in criterion.asked and " " in criterion.failure


@pytest.mark.parametrize("name", LEDGER)
def test_every_size_has_both_votes_and_draws_under_a_name_of_its_own(name):
    claim = CLAIMS[name]
    sizes = SIZES[:2]  # the largest has more points of the same domain
    studies = [claim.studies_at(size) for size in sizes]
    # the points of a domain meet the same draws at every size
    assert len({study.draws for found in studies for study in found}) == (1 if claim.domain else 2)
    for size, found in zip(sizes, studies):
        votes = {arm.vote for arm in claim.arms_at(size)}
        assert {"claim", "control"} <= votes <= {"claim", "control", "evidence", "counterexample"}
        assert all(study.replicates >= 2 for study in found)
        assert all("arm" not in cell for study in found for cell in study.grid)
        assert all(study_named(study.name) is not None for study in found)
    replicates = [claim.replicates[size] for size in SIZES]
    assert replicates == sorted(replicates)


def test_a_study_on_other_matrices_is_found_by_its_name():
    study = CLAIMS["D5"].studies_at("default", ("davis", "films-actors"))[-1]
    found = study_named(study.name)
    assert (found.name, found.draws) == (study.name, study.draws) and study.draws != study.name
    assert study_named("Z9-quick-claim") is None and study_named("noise") is None


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
