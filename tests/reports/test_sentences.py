"""What the sentences of a comparison conclude from numbers by hand."""

import pytest

from experiments.real.statistics import COMPARED
from reports.sentences import beyond_chance, overview, paragraphs

UNKNOWN = dict.fromkeys(COMPARED, (None, None))
FORTY = tuple(30 + k % 3 for k in range(40))
ABOUT = {
    "kind": "graph",
    "rank": 5,
    "passing": 4,
    "null_seconds": [],
    "parts": 3,
    "agreement": [
        {"first": "spikes", "second": "Leiden communities", "rows": 70, "nmi": 0.9, "rand": 0.8},
        {"first": "spikes", "second": "labels", "rows": 70, "nmi": 0.5, "rand": 0.4},
    ],
    "truncation": {"the knee": "4"},
}


def measured(peaks, **more):
    return {
        "peaks_at_rank": peaks,
        "spk_at_rank": peaks / 70,
        "items": 90,
        "zero_rows": 20,
        "norm_cv": 0.4,
        "norm_popularity": 0.3,
        "spectrum": [30.0, 20.0],
        **more,
    }


def beside(peaks, nulls=(60, 61), twins=(20, 30, 40), own=(20, 30, 40), second=9.0):
    """A matrix, its nulls and its twins: their peaks, those of the twins' own twins, and the second eigenvalue of the nulls."""
    of = {
        "null": [measured(k, spectrum=[30.0, second + 0.01 * i]) for i, k in enumerate(nulls)],
        "twin": [
            measured(
                k,
                beside_matrix={**UNKNOWN, "peaks_at_rank": (peaks, k)},
                beside_own_twin=None if j is None else {**UNKNOWN, "peaks_at_rank": (k, j)},
            )
            for k, j in zip(twins, own, strict=True)
        ],
    }
    return measured(peaks), of


@pytest.mark.parametrize(
    ("peaks", "words"),
    [
        (31, "need 30 to 32 peaks: it is as spiky as its twins (p = 1, adjusted for all 1 properties"),
        (10, "need 30 to 32 peaks: it is spikier than its twins (p = 0.024, adjusted for"),
        (50, "need 30 to 32 peaks: it is less spiky than its twins (p = 0.024, adjusted for"),
    ],
)
def test_the_overview_says_which_way_a_matrix_departs_from_its_twins(peaks, words):
    line = overview("m", *beside(peaks, twins=FORTY, own=(31,) * 40), ABOUT)
    assert line.startswith(
        f"m: at f = 5, the cones of {peaks} peaks hold half of the 70 rows (Spk {peaks / 70:.2%})."
    )
    assert words in line


@pytest.mark.parametrize(
    ("own", "words"),
    [
        # twins of twins need ten peaks more than the twins, as the twins do beside the matrix
        (tuple(k + 10 for k in FORTY), "it is as spiky as its twins"),
        ((None,) * 40, "whether it departs from them is unknown, since no twin of a twin could be analysed"),
    ],
)
def test_a_matrix_that_lies_as_far_from_its_twins_as_these_from_theirs_is_as_spiky(own, words):
    assert words in overview("m", *beside(21, twins=FORTY, own=own), ABOUT)


def test_equal_peaks_everywhere_are_no_departure_whatever_the_rows():
    real, of = beside(3, twins=(3,) * 40, own=(3,) * 40)
    of["twin"] = [{**one, "items": 70, "spk_at_rank": 3 / 50} for one in of["twin"]]
    assert "as spiky as its twins (p = 1, adjusted" in overview("m", real, of, ABOUT)


@pytest.mark.parametrize(
    ("peaks", "passing", "second", "beyond", "structure"),
    [
        (59, 4, 9.0, True, True),
        (60, 4, 9.0, False, True),
        (60, 1, 9.0, False, False),
        (10, 1, 9.0, False, False),
        (10, 4, 19.0, False, False),
    ],
)
def test_a_matrix_within_its_nulls_or_of_one_dimension_shows_no_communities(
    peaks, passing, second, beyond, structure
):
    real, of = beside(peaks, second=second)
    about = {**ABOUT, "passing": passing}
    assert beyond_chance(real, of, about) == beyond
    said = paragraphs("m", real, of, about)
    # said at once after the overview, or not at all
    assert said[1].startswith("Nothing here shows communities") == (not structure)
    assert ("it is spikier than chance" in said[0]) == beyond
    assert ("chance alone does so in one matrix of 3" in said[0]) == (peaks < 60 and not beyond)


def test_that_norms_follow_popularity_by_finite_counts_is_said_of_interactions_only():
    real, of = beside(30)
    assert not any("finite counts" in text for text in paragraphs("m", real, of, ABOUT))
    said = paragraphs("m", real, of, {**ABOUT, "kind": "interactions"})
    assert any("finite counts" in text and "is 0.30" in text for text in said)


def test_agreement_is_that_of_all_rows_and_says_when_there_are_no_spikes_to_compare():
    real, of = beside(30)
    said = " ".join(paragraphs("m", real, of, ABOUT))
    assert "one of 3 spikes of at least ten rows" in said
    assert "0.90 with Leiden communities and 0.50 with the given labels" in said
    assert "twins with blocks by spikes have one block" in " ".join(
        paragraphs("m", real, of, {**ABOUT, "parts": 0})
    )


def test_of_a_first_look_only_what_is_known_is_said():
    about = {"kind": "interactions", "rank": 5, "parts": 3}
    said = paragraphs("m", measured(30), {"null": [], "twin": []}, about)
    assert said[0] == "m: at f = 5, the cones of 30 peaks hold half of the 70 rows (Spk 42.86%)."
    assert not any("Nothing here shows" in text or "Which f" in text for text in said)


def test_vectors_have_neither_twins_nor_a_ppmi_matrix():
    real, of = beside(30)
    said = " ".join(
        paragraphs("m", real, {**of, "twin": []}, {**ABOUT, "kind": "embedding", "passing": None})
    )
    assert "PPMI" not in said and "twins" not in said.replace("in the twins", "") and "random vectors" in said
