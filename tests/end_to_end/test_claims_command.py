"""`spikeproof claims`, and the document that it writes, which must be current."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from experiments.claims import registry
from experiments.judging.ledger import FORMAT
from reports.pages.ledger_document import claims_page, hashes
from spikeproof.app import _register_subcommands, app

PAGE = Path(__file__).parents[2] / "docs" / "claims.md"
_register_subcommands()


def test_the_document_holds_every_claim_by_its_present_rule_and_version():
    expected = {name: f"{claim.rule.digest()}/{claim.version}" for name, claim in registry().items()}
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
    path = tmp_path / "ledger.json"
    entry = {"id": "A1", "verdict": "holds", "rule_hash": "0"}
    path.write_text(json.dumps({"format": FORMAT, "size": "quick", "claims": [entry]}))
    with pytest.raises(ValueError, match="size"):
        claims_page(path)
    path.write_text(json.dumps({"format": FORMAT, "size": "default", "claims": [entry]}))
    with pytest.raises(ValueError, match="A1 is missing or old"):
        claims_page(path)
