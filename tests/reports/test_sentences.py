"""What the sentences of a comparison conclude from numbers by hand."""

import pytest

from reports.sentences import beyond_chance, headline, overview, paragraphs

ABOUT = {
    "kind": "graph",
    "rank": 5,
    "passing": 4,
    "parts": 3,
    "agreement": [
        {"first": "spikes", "second": "Leiden communities", "rows": 70, "nmi": 0.9, "rand": 0.8},
        {"first": "spikes", "second": "labels", "rows": 70, "nmi": 0.5, "rand": 0.4},
    ],
    "truncation": {"the knee": "4"},
    "retrieval": None,
}


def measured(peaks, **more):
    return {
        "peaks_at_rank": peaks,
        "spk_at_rank": peaks / 70,
        "items": 90,
        "zero_rows": 20,
        "norm_cv": 0.4,
        "norm_popularity": 0.3,
        **more,
    }


def beside(peaks, nulls=(60, 61), twins=(20, 30, 40)):
    of = {"null": [measured(k) for k in nulls], "twin": [measured(k) for k in twins]}
    return measured(peaks), of


@pytest.mark.parametrize(
    ("peaks", "words"),
    [
        (30, "need 20 to 40 peaks: it is as spiky as its twins (p = 1)"),
        (20, "need 20 to 40 peaks: it is as spiky as its twins (p = 1)"),
        (10, "spikier than every one of its 3 twins (p = 0.5, the least that 3 twins can show)"),
        (50, "less spiky than every one of its 3 twins (p = 0.5, the least that 3 twins can show)"),
    ],
)
def test_the_overview_says_which_way_a_matrix_departs_from_its_twins(peaks, words):
    line = overview("m", *beside(peaks), ABOUT)
    assert line.startswith(
        f"m: at f = 5, the cones of {peaks} peaks hold half of the 70 rows (Spk {peaks / 70:.2%})."
    )
    assert words in line
    assert headline("m", *beside(peaks), ABOUT).startswith("m: spikier than chance; ")
    assert words.split("it is ")[-1] in headline("m", *beside(peaks), ABOUT)


@pytest.mark.parametrize(("peaks", "passing", "beyond"), [(59, 4, True), (60, 4, False), (10, 1, False)])
def test_a_matrix_within_its_nulls_or_of_one_dimension_shows_no_communities(peaks, passing, beyond):
    real, of = beside(peaks)
    about = {**ABOUT, "passing": passing}
    assert beyond_chance(real, of, about) == beyond
    said = paragraphs("m", real, of, about)
    assert ("nothing that shows communities" in headline("m", real, of, about)) == (not beyond)
    # said at once after the overview, or not at all
    assert said[1].startswith("Nothing here shows communities") == (not beyond)
    assert ("it is spikier than chance" in said[0]) == (peaks < 60)


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


def test_retrieval_names_the_best_ranking_beside_the_baselines():
    real, of = beside(30)
    found = {"cosine": 0.1, "dot": 0.2, "within": 0.3, "half": 0.1, "unit": 0.1, "popularity": 0.25}
    said = " ".join(paragraphs("m", real, of, {**ABOUT, "retrieval": found}))
    assert "dot product among items of the same spike finds the most: 30.0%" in said
    assert "(cosine 10.0%, dot product 20.0%, popularity alone 25.0%)" in said
