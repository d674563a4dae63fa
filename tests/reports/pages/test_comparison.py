"""The page of a comparison, from the store alone: escaping, policy, tables, partial and empty stores."""

import base64
import importlib.util
import json
import re
from pathlib import Path

import numpy as np
import pytest

from experiments.real.comparison import compare
from reports.pages.comparison import SCRIPTS, page_of, write_comparison

HERE = Path(__file__).parent
SPEC = importlib.util.spec_from_file_location("hostile", HERE / "hostile.py")
hostile = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(hostile)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    base = tmp_path_factory.mktemp("compare")
    log = hostile.write_hostile(base / "log.csv")
    compare([str(log), "davis"], twins=2, out=base / "out")
    write_comparison(base / "out")
    return base / "out"


def test_nothing_of_the_data_can_run_or_leave_its_place(folder):
    page = (folder / "compare.html").read_text("utf-8")
    assert hostile.SCRIPT not in page
    assert page.count("<script>") == len(SCRIPTS)  # ours, allowed by their hashes
    assert not re.search(r"<[^>]* (style|on[a-z]+)=", page)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page).group(1)
    assert "default-src &#39;none&#39;" in policy and "unsafe" not in policy and "http" not in policy
    for text in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, flags=re.S):
        points = json.loads(text)["points"]
        assert len(points["names"]) == len(points["spike"]) == len(points["norms"])
        rows = np.frombuffer(base64.b64decode(points["directions"]), dtype="<i2").reshape(-1, points["rank"])
        np.testing.assert_allclose(np.linalg.norm(rows / 32767, axis=1), 1, atol=1e-3)
        assert "<" not in text
    assert not re.search(r'(?:src|href)="(?!data:|#)', page)


def test_a_name_with_nul_is_shown_with_a_mark(tmp_path):
    import pandas as pd

    rng = np.random.default_rng(0)
    items = [f"it\0em {k}" for k in range(20)]
    rows = [(f"c{c}", items[i]) for c in range(60) for i in rng.choice(20, 5, replace=False)]
    pd.DataFrame(rows, columns=["context", "item"]).to_parquet(tmp_path / "log.parquet")
    compare([str(tmp_path / "log.parquet")], twins=1, out=tmp_path / "out")
    page = write_comparison(tmp_path / "out").read_text("utf-8")
    assert "\0" not in page and "it\\ufffdem 3" in page


def test_tables_come_as_csv_too(folder):
    page = (folder / "compare.html").read_text("utf-8")
    links = re.findall(r'download="[^"]+\.csv" href="data:text/csv;base64,([^"]+)"', page)
    assert len(links) >= 8
    assert base64.b64decode(links[0]).decode().startswith("statistic,matrix") or any(
        base64.b64decode(link).decode().startswith("matrix,items,contexts") for link in links
    )


def test_the_same_bytes_again_from_the_store_alone(folder):
    before = (folder / "compare.html").read_bytes()
    (folder / "compare.html").unlink()
    write_comparison(folder)
    assert (folder / "compare.html").read_bytes() == before


def test_a_store_without_twins_is_drawn_too(folder, tmp_path):
    from experiments.real.compared import VERSION, comparison
    from experiments.running.runner import run_all

    run_all(comparison({"davis": 4}, "spikes", 1)[:1], store=tmp_path)
    manifest = {"matrices": ["davis", "gone"], "blocks": "spikes", "twins": 1, "seed": 0, "binary": False}
    manifest |= {"ranks": {"davis": 4, "gone": 4}, "rank": "given", "version": VERSION}
    (tmp_path / "compare.json").write_text(json.dumps(manifest))
    assert "davis" in write_comparison(tmp_path).read_text("utf-8")


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"no compare\.json"):
        write_comparison(tmp_path)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"matrices": "davis"}, "'matrices' is 'davis'"),
        ({"binary": None}, "'binary' is None"),
        ({"ranks": {}}, "'ranks' has none for "),
        ({"vectors": "davis"}, "'vectors' is 'davis'"),
        ({"pairs": [["davis"]]}, r"'pairs' holds \['davis'\]"),
        ({"operator": ["random-walk"]}, r"'operator' is \['random-walk'\]"),
    ],
)
def test_a_manifest_that_was_changed_is_refused(folder, tmp_path, changed, said):
    manifest = json.loads((folder / "compare.json").read_text())
    (tmp_path / "compare.json").write_text(json.dumps({**manifest, **changed}))
    with pytest.raises(ValueError, match=f"must be as `spikeproof compare` wrote it; {said}"):
        write_comparison(tmp_path)


def test_a_comparison_of_another_version_is_refused_with_what_to_do(folder, tmp_path):
    manifest = json.loads((folder / "compare.json").read_text())
    (tmp_path / "compare.json").write_text(json.dumps({**manifest, "version": 3}))
    with pytest.raises(ValueError, match="another version of spikeproof; run `spikeproof compare` again"):
        write_comparison(tmp_path)


MANIFEST = {"twins": 40, "blocks": "spikes", "seed": 0, "rank": "given"}


def test_the_answers_come_first_then_spikes_checks_trust_similarity_and_rank(made):
    page = page_of(
        [
            made.analysis(
                questions=[made.question], rank_choice=made.choice, checks=made.checks, twin=made.twins(40)
            )
        ],
        MANIFEST,
    )
    order = [
        "Is it spiky beyond chance?",
        "Does a block model explain it?",
        "What to do?",
        "<canvas",
        "Look up an item",
        "The spikes at f = 4",
        "What is wrong with these vectors",
        "A common mean vector",
        "1 looked at and not found, 2 not looked at",
        "Which lists of neighbours can be trusted",
        "Which similarity",
        "Which number of dimensions f",
        "What other f cost",
        "All that was measured",
        "Beside twins and nulls",
    ]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert "confidence" not in page


@pytest.mark.parametrize(
    "missing",
    [
        {"questions": None, "rank_choice": None, "checks": None, "trust": None, "spikes": [], "parts": 0},
        {"nulls": (), "passing": None, "truncation": {}, "agreement": None, "stage": "first", "trust": None},
        {"kind": "embedding", "contexts": None, "pairs": None, "on_rays": None, "shape": None},
        {"kind": "graph", "contexts": None},
    ],
)
def test_what_is_missing_is_left_out(made, missing):
    page = page_of([made.analysis(**missing)], MANIFEST)
    assert "What to do?" in page and "None" not in re.sub(r"<script.*?</script>", "", page, flags=re.S)


def test_without_a_script_the_first_fifty_spikes_are_a_plain_table(made):
    drawn = made.points(rows=600, spikes=60, rank=60)
    page = page_of([made.analysis(points=drawn)], MANIFEST)
    table = page[page.index('class="spikes"') : page.index("The 50 largest of 60.")]
    assert table.count("<tr>") == 51


def test_a_name_of_a_spike_or_check_is_text(made):
    check = {**made.checks[0], "sentence": hostile.SCRIPT, "title": hostile.SCRIPT, "rows": hostile.NAMES}
    trust = {"share": 0.2, "k": 5, "how": hostile.SCRIPT, "items": 3, "not_shown": 0, "by_norm": None}
    analysis = made.analysis(name=hostile.SCRIPT, checks=[check], trust=trust, notes=hostile.NAMES)
    page = page_of([analysis, analysis], MANIFEST)
    assert hostile.SCRIPT not in page and page.count("&lt;script&gt;document") >= 8


def test_several_inputs_of_the_same_items_stand_beside_each_other(made):
    pair = {
        "first": hostile.SCRIPT,
        "second": "b",
        "shared": 60,
        "items": [70, 70],
        "k": 20,
        "overlap": {"cosine": {"value": 0.5, "low": 0.4, "high": 0.6}, "dot": None},
        "chance": 20 / 59,
        "agreement": None,
        "drift": None,
        "questions": [],
    }
    page = page_of([made.analysis(name="a"), made.analysis(name="b")], MANIFEST, pairs=[pair])
    assert page.index('href="#beside"') < page.index("Is it spiky beyond chance?") < page.index('id="beside"')
    assert "share 60 items" in page and "neighbours in common, cosine" in page and hostile.SCRIPT not in page


def test_one_p_value_of_each_statistic_is_shown_the_adjusted_and_none_without_twins(made):
    page = page_of([made.analysis(twin=made.twins(40, norm_cv=9))], MANIFEST)
    assert "p, adjusted for all (0.024 at least)" in page and page.count("at least)</th>") == 1
    assert "can show 0.024 at least" in page  # among the words
    assert "p, adjusted" not in page_of([made.analysis()], MANIFEST)


def test_of_vectors_no_column_row_or_word_is_about_twins(made):
    """What they have no value for is left out: columns of dashes say nothing, and spectra of PPMI are beside none of theirs."""
    vectors = made.analysis(kind="embedding", passing=None, contexts=None, pairs=None)
    for one in (*vectors.measured["real"], *vectors.measured["null"]):
        one |= {"norm_degree": None, "estimated_degree": None}
    page = page_of([vectors], MANIFEST)
    assert "Beside nulls" in page and "the same, as its norms are" in page
    for word in ("twin", "and degree", "published", "parallel analysis"):
        assert word not in re.sub(r"<(script|style).*?</\1>", "", page, flags=re.S), word


@pytest.mark.parametrize(
    ("kind", "ids", "said"),
    [
        ("embedding", ["zero-rows", "hubs"], "no log was given with the vectors (compare --log)"),
        ("graph", ["zero-rows", "hubs"], "a graph tells no popularity of its nodes beside their degree"),
        (
            "interactions",
            ["zero-rows", "hubs", "popularity"],
            "<strong>Drift of the basis.</strong> Not looked at",
        ),
        (
            "embedding",
            ["zero-rows", "dimensions"],
            "<strong>All others.</strong> Not looked at: no row has a direction.",
        ),
    ],
)
def test_which_checks_were_not_made_is_said_with_the_reason(made, kind, ids, said):
    checks = [{**made.checks[1], "check": name} for name in ids]
    assert said in page_of([made.analysis(kind=kind, checks=checks)], MANIFEST)


def test_a_long_norm_is_written_out(made):
    points = made.points()
    points["norms"][0] = 1234.0
    assert '<td class="short">1,230</td>' in page_of([made.analysis(points=points)], MANIFEST)


def test_a_check_that_the_vectors_do_not_allow_is_not_counted_as_not_found(made):
    few = {**made.checks[1], "check": "hubs", "title": "hubs", "sentence": "Not looked at: it needs 50 rows."}
    page = page_of([made.analysis(checks=[*made.checks, few])], MANIFEST)
    assert "1 looked at and not found, 3 not looked at" in page and page.count("it needs 50 rows") == 1


def test_popularity_of_a_graph_is_no_row_beside_its_degree(made):
    rows = {kind: page_of([made.analysis(kind=kind)], MANIFEST) for kind in ("graph", "interactions")}
    assert "rank correlation of norm and degree" in rows["graph"]
    assert ["norm and popularity" in rows[kind] for kind in rows] == [False, True]
