"""What the three sentences of a page say of matrices by hand."""

import pytest

from reports.advice import what_to_do
from reports.answers import answers, explained, headline, spiky


@pytest.mark.parametrize(
    ("peaks", "nulls", "more", "lead", "text"),
    [
        (
            10,
            (60, 61),
            {},
            "Yes, it is spiky beyond chance.",
            "need 10 directions, 1 of them for one vector alone; the same log",
        ),
        (
            60,
            (60, 61),
            {"passing": 1},
            "No, it is no spikier than chance.",
            "needs 60 to 61: chance makes such spikes.",
        ),
        # in few dimensions random vectors crowd together: three communities at f = 3
        (
            60,
            (60, 61),
            {},
            "It has structure, but is no spikier than chance.",
            "in so few dimensions random data lie near about as few",
        ),
        (10, (60, 61), {"passing": 1}, "That is not shown.", "so there is no sign of more than one group."),
        (10, (), {"passing": None}, "Not known yet.", "not analysed yet"),
        (59, (60, 61), {}, "Yes, it is spiky beyond chance.", "needs 60 to 61."),
        (
            60,
            (60, 61),
            {"parts": 0, "spikes": [], "passing": 1},
            "No, it is no spikier than chance.",
            "Half of the vectors need 60 directions",
        ),
        (
            10,
            (60, 61),
            {"parts": 0, "spikes": []},
            "Yes, it is spiky beyond chance.",
            "It has no spike: around none of the directions found lie ten of its 70",
        ),
    ],
)
def test_whether_it_is_spiky(made, peaks, nulls, more, lead, text):
    found = spiky(made.analysis(peaks, nulls, **more))
    assert found.lead == lead and text in found.text


@pytest.mark.parametrize(
    ("parts", "inside", "said"),
    [
        (
            43,
            43,
            "43 of the 70 vectors (61%) lie within 26 degrees of one of them; the others are counted to the nearest.",
        ),
        (
            3,
            70,
            "around each of 3 directions lie at least ten vectors. All 70 vectors lie within 26 degrees of one of them.",
        ),
        (1, 12, "12 of the 70 vectors (17%) lie within 26 degrees of it; the others are counted to it too."),
        (3, None, "It has 3 spikes: around each of 3 directions lie at least ten vectors. Half of"),
    ],
)
def test_how_many_vectors_lie_within_the_cones_is_said(made, parts, inside, said):
    """All vectors are counted to a spike, but not all point in nearly its direction."""
    assert said in spiky(made.analysis(10, parts=parts, inside=inside)).text


def test_directions_of_one_vector_are_no_spikes(made):
    """So many directions may be needed that few is no word for them: their number is said, and how many stand alone."""
    alone = made.analysis(255, nulls=(300, 301), kind="embedding", parts=1)
    alone.measured["real"][0]["singletons"] = 213
    text = spiky(alone).text
    assert "need 255 directions, 213 of them for one vector alone; random vectors of the" in text
    assert "need 300 to 301" in text and "few" not in text


@pytest.mark.parametrize(
    ("many", "departing", "lead", "text"),
    [
        (40, {}, "As far as was looked, yes.", "In none of the 7 properties"),
        (
            40,
            {"norm_cv": 9, "zero_rows": 9},
            "Not the one fitted to it.",
            "its norms vary more inside a spike than a block model's and it has more empty rows: 2 of the 7 properties",
        ),
        (40, {"peaks_at_rank": -9}, "Not the one fitted to it.", "it is spikier: 1 of the 7"),
        # a departure that so few twins cannot show is not denied either
        (3, {"norm_cv": 9}, "That cannot be told.", "too few to see a departure"),
        (1, {}, "That cannot be told.", "is too few"),
        (0, {}, "Not known yet.", "not analysed yet"),
    ],
)
def test_whether_a_block_model_explains_it(made, many, departing, lead, text):
    found = explained(made.analysis(twin=made.twins(many, **departing)))
    assert found.lead == lead and text in found.text


def test_twins_without_twins_of_their_own_tell_nothing(made):
    alone = [{**one, "beside_own_twin": None} for one in made.twins(40)]
    assert explained(made.analysis(twin=alone)).lead == "That cannot be told."


@pytest.mark.parametrize(
    ("rays", "lead"),
    [
        ({"value": 0.6, "chance": [0.1, 0.2]}, "More of it than by chance."),
        ({"value": 0.15, "chance": [0.1, 0.2]}, "No more than by chance."),
        (None, "Not known."),
    ],
)
def test_vectors_alone_have_no_twins(made, rays, lead):
    found = explained(made.analysis(kind="embedding", on_rays=rays))
    assert found.lead == lead and "alone" in found.text


def test_what_to_do_is_what_was_measured_with_its_interval_and_what_the_second_best_loses(made):
    found = what_to_do(made.analysis(questions=[made.question], rank_choice=made.choice))
    assert found.lead == "Use dot product."
    said = " ".join(found.lines)
    assert (
        "Dot product serves best, with 37% (hidden items found among the first 20; 95% interval 33% to 41%)"
        in said
    )
    assert "dot product among items of the same spike, loses 5.0 points (2.0 to 8.0)" in said
    assert "f = 16 finds most hidden items (8 to 32 are not told apart from the best)" in said
    assert "confidence" not in said and "may be too high" not in found.text


def test_what_is_not_decided_is_said_to_be_so(made):
    loose = {"within": {"loss": 0.05, "low": -0.02, "high": 0.08}}
    question = {**made.question, "decided": False, "beside_best": loose, "seen": True}
    found = what_to_do(made.analysis(questions=[question]))
    assert found.lead == "No similarity is shown to serve best."
    # the same ranking is best of the other question, for sure
    assert what_to_do(made.analysis(questions=[question, made.question])).lead == "Use dot product."
    within = {
        "within": {"loss": 0.1, "low": -0.05, "high": 0.2},
        "dot": {"loss": 0.1, "low": 0.05, "high": 0.2},
    }
    other = {**question, "best": "cosine", "beside_best": within}
    assert what_to_do(made.analysis(questions=[other, made.question])).lead == "It depends on the question."
    (line,) = found.lines
    assert "Dot product found most, 37%" in line and "best" not in line
    assert (
        "Not told apart from it: dot product among items of the same spike, which loses 5.0 points (-2.0 to 8.0)."
        in line
    )
    assert "may be too high" in found.text


@pytest.mark.parametrize(
    ("low", "said"),
    [
        (0.01, "; popularity alone loses 5.0 points (1.0 to 9.0)."),
        (-0.03, "; popularity alone is not told apart from it: it"),
    ],
)
def test_without_communities_a_ranking_stands_beside_popularity(made, low, said):
    recall = {**made.question["recall"], "popularity": {"value": 0.32, "low": 0.3, "high": 0.34}}
    losses = {**made.question["beside_best"], "popularity": {"loss": 0.05, "low": low, "high": 0.09}}
    question = {**made.question, "recall": recall, "beside_best": losses}
    (line,) = what_to_do(made.analysis(60, passing=1, questions=[question])).lines
    assert "dot product finds most, 37%" in line and said in line


def test_a_choice_of_f_that_popularity_alone_may_match_is_said_to_be_so(made):
    for low, said in ((-0.01, True), (0.02, False)):
        choice = {
            **made.choice,
            "popularity": {"recall": 0.3, "loss": 0.04, "loss_low": low, "loss_high": 0.1},
        }
        (line,) = what_to_do(made.analysis(questions=[made.question], rank_choice=choice)).lines[1:]
        assert ("Popularity alone may find as many." in line) == said


def test_a_ranking_that_may_serve_as_well_is_named_though_the_second_best_loses_for_sure(made):
    losses = {
        "cosine": {"loss": 0.04, "low": -0.01, "high": 0.1},
        "within": {"loss": 0.03, "low": 0.01, "high": 0.05},
    }
    (line,) = what_to_do(
        made.analysis(questions=[{**made.question, "decided": False, "beside_best": losses}])
    ).lines
    assert "Not told apart from it: cosine, which loses 4.0 points (-1.0 to 10.0)." in line


@pytest.mark.parametrize("more", [{}, {"questions": None, "rank_choice": None}])
def test_without_communities_there_is_no_advice_that_assumes_them(made, more):
    found = what_to_do(made.analysis(60, passing=1, **more))
    assert (
        found.lead == "Do not rely on the spikes."
        and "they show no communities" in found.text
        and not found.lines
    )


def test_without_communities_the_ranking_within_spikes_is_not_advised_even_where_it_found_most(made):
    recall = {**made.question["recall"], "within": {"value": 0.4, "low": 0.36, "high": 0.44}}
    question = {**made.question, "best": "within", "recall": recall}
    (line,) = what_to_do(made.analysis(60, passing=1, questions=[question])).lines
    assert line.startswith(
        f"{question['question']} Of the similarities that assume no communities, dot product finds most"
    )


def test_where_nothing_was_measured_that_is_said(made):
    assert "was not measured" in what_to_do(made.analysis()).text
    assert what_to_do(made.analysis(nulls=(), passing=None)).lead == "Not known yet."


def test_a_first_look_says_what_is_not_known_yet(made):
    first = made.analysis(nulls=(), passing=None, truncation={}, agreement=[], trust=None)
    assert [one.lead for one in answers(first)] == ["Not known yet."] * 3
    assert headline(first) == "m: not yet compared with chance; not yet compared with a block model"


def test_degree_and_popularity_are_one_property_of_a_graph(made):
    twins = made.twins(40, norm_degree=9, norm_popularity=9)
    assert "2 of the 7 properties" in explained(made.analysis(twin=twins)).text
    text = explained(made.analysis(twin=twins, kind="graph")).text
    assert "1 of the 6 properties" in text and "popularity" not in text


def test_vectors_that_need_fewer_peaks_by_less_than_chance_varies_are_no_spikier(made):
    found = spiky(made.analysis(59, nulls=(60, 61, 66), kind="embedding", passing=None))
    assert (
        found.lead == "No, it is no spikier than chance."
        and "not by more than random vectors vary" in found.text
    )
    assert spiky(made.analysis(9, nulls=(60, 61, 66), kind="embedding", passing=None)).lead.startswith("Yes")


def test_structure_may_come_from_faults_that_were_found(made):
    copies = {**made.checks[0], "check": "duplicates", "title": "near-duplicates"}
    assert (
        "communities, or the near-duplicates that were found"
        in spiky(made.analysis(60, checks=[copies])).text
    )
    assert "structure: communities, for example" in spiky(made.analysis(60, checks=made.checks)).text


@pytest.mark.parametrize(
    ("value", "chance", "said"),
    [
        (
            0.1893,
            [0.1811, 0.1887],
            "explains 18.93% of the dot products of the vectors (of their sum of squares), and 18.11% to",
        ),
        (0.9, [0.914, 0.914], "and 91% of those of random vectors: less than chance gives."),
        (0.9, [0.85, 0.95], "and 85% to 95% of those of random vectors: as much as chance gives."),
        (
            0.99996,
            [-0.1, 0.2],
            "99.996% of the dot products of the vectors (of their sum of squares), and 0% to 20%",
        ),
    ],
)
def test_shares_have_the_digits_that_tell_them_apart(made, value, chance, said):
    assert said in explained(made.analysis(kind="embedding", on_rays={"value": value, "chance": chance})).text
