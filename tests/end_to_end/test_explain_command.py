"""`spikeproof explain`: before and after a run, and what it refuses."""

import pytest

from experiments.claims import registry


def test_a_claim_is_explained_with_its_last_verdict(spikeproof, tmp_path):
    before = spikeproof("explain", "c2", cwd=tmp_path)
    assert before.returncode == 0, before.stderr
    claim = registry()["C2"]
    words = " ".join(before.stdout.split())
    for part in (
        claim.title,
        claim.statement,
        claim.digest(),
        claim.control,
        "none in spikeproof-results",
    ):
        assert " ".join(part.split()) in words
    assert spikeproof("verify", "C2", "--quick", cwd=tmp_path).returncode == 0
    after = spikeproof("explain", "C2", cwd=tmp_path).stdout
    assert "seed 0, size quick, status ok" in " ".join(after.split()) and "Qualified. The claim:" in after


@pytest.mark.parametrize("name", ["Z9", "B"])
def test_anything_but_one_claim_exits_with_2(name, spikeproof, tmp_path):
    done = spikeproof("explain", name, cwd=tmp_path)
    assert done.returncode == 2
    assert "claim must be" in done.stderr
