"""A JSON file of a results folder is read within bounds, whatever stands under its name."""

import os

import pytest

from experiments.judging.ledger import read
from experiments.running import json_files
from experiments.running.json_files import read_object
from reports.analyses import MANIFEST, read_manifest


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[1]", "holds no JSON object"),
        (b"[" * 100_000, "is nested too deeply"),
        (b"{", "is no JSON"),
        (b'{"a": ' + b"9" * 5000 + b"}", "is no JSON"),
        (b'{"a": "\xff"}', "is not text in UTF-8"),
        (b" " * 200, "has 200 bytes, more than 100"),
        (None, "is no regular file"),
    ],
)
def test_what_is_no_sound_object_is_told(content, said, tmp_path, monkeypatch):
    path = tmp_path / MANIFEST
    if content is None:
        os.mkfifo(path)
    else:
        path.write_bytes(content)
        if said.startswith("has"):
            monkeypatch.setattr(json_files, "LONGEST_JSON", 100)
    with pytest.raises(ValueError, match=said):
        read_object(path)
    with pytest.raises(ValueError, match=f"must be a ledger.json that `spikeproof verify` wrote; it {said}"):
        read(path)
    with pytest.raises(ValueError, match="must hold a comparison"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    "claims", ["null", "{}", "[1]", '[{"id": []}]', '[{"id": [], "verdict": "a"}]', '[{"id": "A1"}]']
)
def test_a_ledger_without_claims_is_told_in_our_words(claims, tmp_path):
    path = tmp_path / "ledger.json"
    path.write_text(f'{{"claims": {claims}}}')
    with pytest.raises(ValueError, match="it lacks a list `claims` of ids and verdicts"):
        read(path)
