"""The pytest plugin: a file `claim_*.py` is collected, and each claim in it is a test that the claim keeps its verdict.

Pytest loads this module in every run of an environment in which spikeproof is installed, also where nobody has a claim. So it
imports nothing of the suite before a file with a claim is collected, and until then the rooms stand aside for modules of the
same names.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from spikeproof._rooms import HOME, ROOMS, stand_aside

if TYPE_CHECKING:
    from experiments.judging.claim import Claim

SIZES = ("quick", "default", "thorough")
MARK = "claim"
# a file that speaks of none of these imports nothing that a claim is made of, and is somebody else's
WORDS = (b"spikeproof", b"experiments")

stand_aside()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("spikeproof", "spikeproof: claims as tests")
    group.addoption("--claim-size", choices=SIZES, default="quick", help="Size at which claims are judged.")
    group.addoption("--claim-seed", type=int, default=0, help="Random seed of claims (default: 0).")
    group.addoption(
        "--claim-map",
        action="store_true",
        help="Also test each claim with a domain at points that fill it evenly: most must come out as the claim says.",
    )
    group.addoption(
        "--claim-falsify",
        action="store_true",
        help="Also search the domain of each claim that is expected to hold for a point where it fails.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark that every test of a claim has."""
    config.addinivalue_line(
        "markers", f"{MARK}: a claim that spikeproof judges (-m 'not {MARK}' leaves them out)"
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a file `claim_*.py` that imports something of spikeproof."""
    if file_path.suffix != ".py" or not file_path.name.startswith("claim_") or _is_of_suite(file_path):
        return None
    if not any(word in file_path.read_bytes() for word in WORDS):
        return None
    return ClaimFile.from_parent(parent, path=file_path)


def _is_of_suite(path: Path) -> bool:
    """Tell whether a file lies in a room of the suite, whose own files may begin so."""
    return any(path.is_relative_to(Path(HOME) / room) for room in (*ROOMS, "spikeproof"))


class ClaimFile(pytest.File):
    """A file with claims."""

    def collect(self) -> Iterator[ClaimItem]:
        """Load the file and yield a test for each claim, and those that the options ask for beside it."""
        from experiments.given_claims import chosen_claims
        from experiments.running.given_modules import load_file

        try:
            claims = chosen_claims(self.path)
            module: Any = load_file(self.path)
        except ValueError as error:
            raise self.CollectError(str(error)) from None
        marks: Any = getattr(module, "pytestmark", [])
        for mark in marks if isinstance(marks, list) else [marks]:
            self.add_marker(mark)
        option = self.config.option
        for claim in claims:
            yield ClaimItem.from_parent(self, name=claim.id, claim=claim, asked="verdict")
            if claim.domain is None:
                continue
            if option.claim_map:
                yield ClaimItem.from_parent(self, name=f"{claim.id}[map]", claim=claim, asked="map")
            if option.claim_falsify and claim.expected == "holds":
                yield ClaimItem.from_parent(self, name=f"{claim.id}[falsify]", claim=claim, asked="falsify")


class ClaimItem(pytest.Item):
    """The test of one claim: of its verdict, of its map, or of the search for a point where it fails."""

    def __init__(self, *, claim: Claim, asked: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.claim, self.asked = claim, asked
        self.add_marker(MARK)

    def runtest(self) -> None:
        """Judge the claim; `AssertionError` where it does not come out as it says."""
        from experiments.asserting import assert_map, assert_not_falsified, assert_verdict

        asserting = {"verdict": assert_verdict, "map": assert_map, "falsify": assert_not_falsified}[
            self.asked
        ]
        asserting(self.claim, size=self.config.option.claim_size, seed=self.config.option.claim_seed)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the sentence of a claim that fails, without the lines of code that judged it."""
        if isinstance(excinfo.value, AssertionError | ValueError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the claim stands, for the headings of reports."""
        from experiments.judging.origin import line_number

        return self.path, max(line_number(self.claim) - 1, 0), f"claim {self.name}"
