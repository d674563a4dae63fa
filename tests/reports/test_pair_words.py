"""Two analyses of the same items, in words."""

import pytest

from reports.pair_words import pair_words
from reports.tables import pair_table

PAIR = {
    "first": "svd.npy",
    "second": "als.npy",
    "shared": 1200,
    "items": [1200, 1300],
    "k": 20,
    "overlap": {"cosine": {"value": 0.45, "low": 0.43, "high": 0.47}, "dot": None},
    "chance": 20 / 1199,
    "agreement": {"nmi": 0.71, "rand": 0.6, "rows": 1200},
    "drift": {
        "as_is": 0.9,
        "turned": 0.1,
        "found": True,
        "sentence": "The basis drifted: rotate one onto the other.",
    },
    "questions": [
        {
            "question": "Which items belong in the same context?",
            "measure": "hidden items found among the first 50",
            "k": 50,
            "asked": 400,
            "seen": False,
            "recall": {
                "first": {"ranking": "dot", "value": 0.3, "low": 0.27, "high": 0.33},
                "second": {"ranking": "cosine", "value": 0.36, "low": 0.33, "high": 0.39},
            },
            "best": "second",
            "beside_best": {"first": {"loss": 0.06, "low": 0.03, "high": 0.09}},
            "decided": True,
        }
    ],
}


def test_a_pair_in_words():
    said = pair_words(PAIR)
    assert said.startswith("svd.npy and als.npy share 1,200 items; of the 20 nearest both give 45% by cosine")
    assert (
        "Which items belong in the same context? als.npy finds 36.0%, svd.npy 6.0 points fewer (3.0 to 9.0) (400 asked"
        in said
    )
    assert said.endswith(
        "If als.npy is a later version of svd.npy: The basis drifted: rotate one onto the other."
    )


@pytest.mark.parametrize(
    "missing",
    [{"drift": None, "questions": [], "agreement": None}, {"overlap": {"cosine": None, "dot": None}}],
)
def test_what_is_missing_is_left_out(missing):
    said = pair_words({**PAIR, **missing})
    assert "None" not in said and "svd.npy and als.npy share 1,200 items" in said
    (row,) = pair_table([{**PAIR, **missing}])[2]
    assert len(row) == 9 and "–" in row
