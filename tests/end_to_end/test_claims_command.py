"""`spikeproof claims`, and the document that it writes, which must be current."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from experiments import verify
from experiments.claims import registry
from experiments.claims.frozen import confirming_seed
from reports.pages.ledger_document import claims_page, hashes
from spikeproof.app import _register_subcommands, app

PAGE = Path(__file__).parents[2] / "docs" / "claims.md"
_register_subcommands()


def test_the_document_holds_every_claim_by_its_present_rule_and_version():
    expected = {name: f"{claim.digest()}/{claim.version}" for name, claim in registry().items()}
    assert hashes(PAGE.read_text("utf-8")) == expected


def test_the_document_shows_a_verdict_for_each():
    titles = re.findall(
        r"^### (\w\d)\. .*: (holds|qualified|refuted|inconclusive)$", PAGE.read_text("utf-8"), re.M
    )
    assert [name for name, _ in titles] == list(registry())


def test_the_list_names_every_claim():
    result = CliRunner().invoke(app, ["claims"])
    assert result.exit_code == 0
    assert all(f"{name} " in result.output for name in registry())


def test_a_ledger_of_another_rule_or_size_is_refused(tmp_path):
    verify(["A1"], size="quick", out=tmp_path)
    path = tmp_path / "ledger.json"
    with pytest.raises(ValueError, match="size"):
        claims_page(path)
    ledger = json.loads(path.read_text())
    ledger["size"], ledger["claims"][0]["rule_hash"] = "default", "0"
    path.write_text(json.dumps(ledger))
    with pytest.raises(ValueError, match="A1 is missing or old"):
        claims_page(path)


def test_a_confirming_ledger_stands_beside_and_must_be_of_the_seed_that_was_kept(tmp_path):
    def ledger(seed):
        verify(["A1"], size="quick", seed=seed, out=tmp_path / str(seed))
        return tmp_path / str(seed) / "ledger.json"

    worked, kept = ledger(0), ledger(confirming_seed("A1"))
    page = claims_page(worked, [kept], claims=["A1"])
    assert f"| A1. {registry()['A1'].title} | holds (8, 8, 8) | holds (8, 8, 8) |" in page
    with pytest.raises(ValueError, match="at the seed that was kept for it.*A1 is missing"):
        claims_page(worked, [worked], claims=["A1"])
